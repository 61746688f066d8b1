//! `study dictionary`.

use crate::done::{CommandError, Done, GOOD, refused, say};
use crate::source::{MOST_OF_A_TABLE, read_file};
use center::NewFile;
use clap::Args;
use clinical::functions;
use std::path::{Path, PathBuf};
use study::Document;
use study::dictionary::load::{Loading, Names, merge, terms};

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
    /// Where to write the study with its dictionary: a new file, so that no study is lost to a slip.
    #[arg(long, value_name = "OUT")]
    out: PathBuf,
}

type Rows = exchange::read::Rows;

impl Dictionary {
    pub fn run(&self) -> Done {
        let said = |path: &Path| {
            let name = path.display().to_string();
            move |fault: study::dictionary::load::DictionaryError| CommandError::Said(format!("{name}: {fault}"))
        };
        let table = read_file(&self.ctcae, MOST_OF_A_TABLE)?;
        let terms = terms(&rows(&self.ctcae, &table)?).map_err(said(&self.ctcae))?;
        let names = match &self.names {
            None => Names::default(),
            Some(path) => {
                let bytes = read_file(path, MOST_OF_A_TABLE)?;
                Names::read(&rows(path, &bytes)?, &terms).map_err(said(path))?
            }
        };
        let file = self.ctcae.file_name().unwrap_or_default().to_string_lossy();
        let source = format!("{file}, sha256 {}", seal::hex::encode(&seal::sha256(&table)));
        let bytes = read_file(&self.study, MOST_OF_A_TABLE)?;
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
        center::write_new(&[NewFile { path: &self.out, bytes: merged.as_bytes() }])?;
        let classes: std::collections::BTreeSet<&str> = terms.iter().map(|term| term.soc.as_str()).collect();
        say!("{} terms in {} organ classes, from {source}", terms.len(), classes.len());
        GOOD
    }
}

/// The rows of a table, by the ending of its file's name.
fn rows(path: &Path, bytes: &[u8]) -> Result<Rows, CommandError> {
    let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    exchange::read::table(&ending, bytes).map_err(|fault| CommandError::Said(format!("{}: {fault}", path.display())))
}
