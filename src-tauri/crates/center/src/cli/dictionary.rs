//! `study dictionary`.

use super::study::refused;
use super::{Done, Failure, GOOD};
use crate::folder::functions;
use calamine::{Data, Reader, Xlsx};
use clap::Args;
use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use study::Document;
use study::dictionary::load::{Loading, Names, merge, tabbed, terms};

/// Load NCI's spreadsheet of the CTCAE into a study definition: terms, organ classes, the grades that exist with their
/// words, definitions and notes. The study says where with `<ExternalCodeList Dictionary="CTCAE" Version="5.0"/>` in a code
/// list; terms that were loaded earlier are replaced. The result is one ODM file, and the dictionary travels with it.
///
///   outpost-center study dictionary --ctcae CTCAE_v5.0.xlsx --names zh.csv study.xml --out study-with-terms.xml
///
/// MedDRA's codes in the spreadsheet's first column are licensed: they are left out unless you say whose licence it is.
#[derive(Args)]
pub struct Dictionary {
    /// NCI's spreadsheet (.xlsx), or the same table as text with cells parted by tabulators (.tsv).
    #[arg(long, value_name = "FILE")]
    ctcae: PathBuf,
    /// Translations and synonyms: a CSV (or .tsv) with the columns term, language, name, synonyms. Synonyms are parted by
    /// semicolons; a row may also name an organ class.
    #[arg(long, value_name = "FILE")]
    names: Option<PathBuf>,
    /// Keep MedDRA's codes, too. WHO attests that the trial's users hold a licence of MedDRA; it is written into the study.
    #[arg(long, value_name = "WHO")]
    keep_meddra_codes_licensed_by: Option<String>,
    /// The study definition, an ODM 1.3 file.
    #[arg(value_name = "STUDY")]
    study: PathBuf,
    /// Where to write the study with its dictionary.
    #[arg(long, value_name = "OUT")]
    out: PathBuf,
}

type Rows = Vec<Vec<String>>;

impl Dictionary {
    pub fn run(&self) -> Done {
        let said = |path: &Path| {
            let name = path.display().to_string();
            move |fault: study::dictionary::load::LoadFault| Failure::Said(format!("{name}: {fault}"))
        };
        let table = fs::read(&self.ctcae).map_err(Failure::file(&self.ctcae))?;
        let terms = terms(&rows(&self.ctcae, &table)?).map_err(said(&self.ctcae))?;
        let names = match &self.names {
            None => Names::default(),
            Some(path) => {
                let bytes = fs::read(path).map_err(Failure::file(path))?;
                Names::read(&rows(path, &bytes)?, &terms).map_err(said(path))?
            }
        };
        let file = self.ctcae.file_name().unwrap_or_default().to_string_lossy();
        let source = format!("{file}, sha256 {}", seal::hex::encode(&seal::sha256(&table)));
        let bytes = fs::read(&self.study).map_err(Failure::file(&self.study))?;
        let shown = self.study.display().to_string();
        let document = match Document::parse(&shown, &bytes) {
            Ok(document) => document,
            Err(faults) => return Ok(refused(&faults)),
        };
        let licence = self.keep_meddra_codes_licensed_by.as_deref();
        let loading = Loading { terms: &terms, names: &names, source: &source, meddra_licence: licence };
        let merged = merge(&document, &loading).map_err(said(&self.study))?;
        // A study that could not be read with its dictionary must not be written in the first place.
        if let Err(faults) = study::Study::read(&shown, merged.as_bytes(), &functions()) {
            return Ok(refused(&faults));
        }
        fs::write(&self.out, merged).map_err(Failure::file(&self.out))?;
        let classes: std::collections::BTreeSet<&str> = terms.iter().map(|term| term.soc.as_str()).collect();
        println!("{} terms in {} organ classes, from {source}", terms.len(), classes.len());
        GOOD
    }
}

/// The rows of a table, by the ending of its file's name.
fn rows(path: &Path, bytes: &[u8]) -> Result<Rows, Failure> {
    let failed = |why: String| Failure::Said(format!("{}: {why}", path.display()));
    let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    match ending.as_str() {
        "xlsx" => sheet(bytes).map_err(failed),
        "csv" => {
            let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
            let row = |record: Result<csv::StringRecord, csv::Error>| Ok(record?.iter().map(str::to_owned).collect());
            reader.records().map(row).collect::<Result<Rows, csv::Error>>().map_err(|error| failed(error.to_string()))
        }
        _ => Ok(tabbed(std::str::from_utf8(bytes).map_err(|error| failed(error.to_string()))?)),
    }
}

/// The rows of a spreadsheet's first sheet.
fn sheet(bytes: &[u8]) -> Result<Rows, String> {
    let mut book: Xlsx<_> =
        calamine::open_workbook_from_rs(Cursor::new(bytes)).map_err(|error: calamine::XlsxError| error.to_string())?;
    let sheet = book.worksheet_range_at(0).ok_or("the workbook has no sheet")?.map_err(|error| error.to_string())?;
    let text = |cell: &Data| if let Data::Empty = cell { String::new() } else { cell.to_string() };
    Ok(sheet.rows().map(|row| row.iter().map(text).collect()).collect())
}
