//! `ingest`.

use crate::at::At;
use crate::done::{CommandError, Done, say};
use center::ImportedBundle;
use clap::Args;
use std::fs::{self, File};
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Args)]
pub struct Ingest {
    #[command(flatten)]
    at: At,
    /// Bundles, and folders whose *.bundle files are taken in by name.
    #[arg(value_name = "FILE|FOLDER", required = true)]
    paths: Vec<PathBuf>,
    /// Print JSON, one object per line.
    #[arg(long)]
    json: bool,
}

impl Ingest {
    pub fn run(&self) -> Done {
        let center = self.at.open()?;
        let mut good = true;
        for path in self.files()? {
            let file = File::open(&path).map_err(CommandError::file(&path))?;
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            for bundle in center.import(&self.at.stamp()?, &name, BufReader::with_capacity(1 << 20, file))? {
                good &= self.tell(&bundle)?;
            }
        }
        // Also where there was nothing to take in: another run may have brought what was waited for.
        for bundle in center.import_parked(&self.at.stamp()?)? {
            good &= self.tell(&bundle)?;
        }
        Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    /// Says what became of a bundle; gives whether nothing has to be done by people.
    fn tell(&self, bundle: &ImportedBundle) -> Result<bool, CommandError> {
        if self.json {
            let line = serde_json::to_string(bundle).map_err(|error| CommandError::Said(error.to_string()))?;
            say!("{line}");
        } else {
            say!("{bundle}");
            bundle.receipt.iter().for_each(|receipt| say!("  receipt: {}", receipt.display()));
        }
        Ok(bundle.outcome.is_good() && bundle.alarms.is_empty())
    }

    fn files(&self) -> Result<Vec<PathBuf>, CommandError> {
        let mut files = Vec::new();
        for path in &self.paths {
            if path.is_dir() {
                let found = bundles_in(path)?;
                if found.is_empty() {
                    eprintln!("outpost-center: {}: no file here ends in .bundle", path.display());
                }
                files.extend(found);
            } else {
                files.push(path.clone());
            }
        }
        Ok(files)
    }
}

fn bundles_in(folder: &Path) -> Result<Vec<PathBuf>, CommandError> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(CommandError::file(folder))? {
        let path = entry.map_err(CommandError::file(folder))?.path();
        if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("bundle")) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
