//! `study`.

use super::{Done, Failure, GOOD};
use crate::folder::functions;
use clap::{Args, Subcommand};
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;
use study::Document;

#[derive(Subcommand)]
pub enum Study {
    /// Check a study definition and list all its faults: file, line, OID, reason.
    Check(Check),
}

#[derive(Args)]
pub struct Check {
    /// The study definition, an ODM 1.3 file.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Also write it as this program writes XML.
    #[arg(long, value_name = "OUT")]
    write: Option<PathBuf>,
}

impl Study {
    pub fn run(&self) -> Done {
        match self {
            Self::Check(check) => check.run(),
        }
    }
}

impl Check {
    fn run(&self) -> Done {
        let bytes = fs::read(&self.file).map_err(Failure::file(&self.file))?;
        let name = self.file.display().to_string();
        let read = Document::parse(&name, &bytes).and_then(|document| {
            let study = study::Study::from_document(&document, &functions())?;
            Ok((document, study))
        });
        let (document, study) = match read {
            Ok(read) => read,
            Err(faults) => {
                faults.iter().for_each(|fault| println!("{fault}"));
                println!("{} faults", faults.len());
                return Ok(ExitCode::FAILURE);
            }
        };
        study.notes.iter().for_each(|note| println!("note: {note}"));
        study.lacks.iter().for_each(|lack| println!("lacks: {lack}"));
        if let Some(out) = &self.write {
            fs::write(out, document.to_xml()).map_err(Failure::file(out))?;
        }
        println!(
            "{} ({}), version {}: {} events, {} forms, {} items, {} code lists, languages {}",
            study.name,
            study.oid,
            study.mdv,
            study.events.len(),
            study.forms.len(),
            study.items.len(),
            study.codelists.len(),
            study.languages.join(", ")
        );
        if study.lacks.is_empty() { GOOD } else { Ok(ExitCode::FAILURE) }
    }
}
