//! `ingest`.

use crate::at::At;
use crate::done::{CommandError, Done, complain, say};
use crate::source::open_file;
use center::{ImportedBundle, Printable};
use clap::Args;
use serde::Serialize;
use std::fs;
use std::io::{self, Read};
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
        let mut failed = None;
        for found in self.files()? {
            let Found { path, error } = found;
            let opened = error.map_or_else(|| open_file(&path), Err);
            let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
            let file = match opened {
                Ok(file) => file,
                // One file that can't be read keeps no other one from being taken in.
                Err(error) => {
                    good = false;
                    self.say_unread(&name, &error)?;
                    continue;
                }
            };
            match center.import(&self.at.stamp()?, &name, file) {
                Ok(bundles) => good &= self.say_imported(&bundles)?,
                Err(error) if error.is_of_database() => return Err(error.into()),
                Err(error) => {
                    complain!("{}: not taken in: {error}", Printable(&name));
                    failed = failed.or(Some(error));
                }
            }
        }
        // Also where there was nothing to take in: another run may have brought what was waited for.
        good &= self.say_imported(&center.import_parked(&self.at.stamp()?)?)?;
        match failed {
            Some(error) => Err(error.into()),
            None => Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }),
        }
    }

    /// Says what became of bundles; true where nothing has to be done by people.
    fn say_imported(&self, bundles: &[ImportedBundle]) -> Result<bool, CommandError> {
        for bundle in bundles {
            if self.json {
                say_json(bundle)?;
            } else {
                say!("{bundle}");
                bundle.receipt.iter().for_each(|receipt| say!("  receipt: {}", Printable(receipt.display())));
            }
        }
        Ok(bundles.iter().all(ImportedBundle::is_good))
    }

    fn say_unread(&self, name: &str, error: &io::Error) -> Result<(), CommandError> {
        if self.json {
            let words = error.to_string();
            return say_json(&Unread { file: name, outcome: "not_read", words: &words });
        }
        say!("{}: not read: {error}", Printable(name));
        Ok(())
    }

    /// The files that are asked for, in the order of the command line, those of a folder by name. What is not there at all is
    /// asked for by mistake: then nothing is taken in.
    fn files(&self) -> Result<Vec<Found>, CommandError> {
        let mut files = Vec::new();
        let mut deeper = Vec::new();
        for path in &self.paths {
            fs::symlink_metadata(path).map_err(CommandError::file(path))?;
            if !path.is_dir() {
                files.push(Found { path: path.clone(), error: None });
                continue;
            }
            match bundles_in(path) {
                Ok(found) => {
                    if found.is_empty() {
                        complain!("outpost-center: {}: no file here ends in .bundle", Printable(path.display()));
                        deeper.extend(folders_with_bundles(path));
                    }
                    files.extend(found.into_iter().map(|path| Found { path, error: None }));
                }
                Err(error) => files.push(Found { path: path.clone(), error: Some(error) }),
            }
        }
        // Not those that are asked for themselves.
        deeper.retain(|below| !self.paths.iter().any(|path| is_same(path, below)));
        let unasked = |path| Found { path, error: Some(io::Error::other("bundles lie in this folder: name it")) };
        files.extend(deeper.into_iter().map(unasked));
        Ok(files)
    }
}

fn is_same(one: &Path, other: &Path) -> bool {
    matches!((fs::canonicalize(one), fs::canonicalize(other)), (Ok(one), Ok(other)) if one == other)
}

/// A file, or a folder that can't be read.
struct Found {
    path: PathBuf,
    error: Option<io::Error>,
}

/// A file that could not be read, for programs.
#[derive(Serialize)]
struct Unread<'a> {
    file: &'a str,
    outcome: &'static str,
    words: &'a str,
}

fn say_json<T: Serialize>(value: &T) -> Result<(), CommandError> {
    let line = serde_json::to_string(value).map_err(|error| CommandError::Said(error.to_string()))?;
    say!("{line}");
    Ok(())
}

fn bundles_in(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if is_bundle(&path) && !is_apples(&path) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn is_bundle(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("bundle"))
}

/// Whether a file is what macOS lays beside one on a stick, to keep what the stick's file system can't (AppleDouble).
fn is_apples(path: &Path) -> bool {
    const BEGINS: [u8; 4] = [0x00, 0x05, 0x16, 0x07];
    let is_named_so = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("._"));
    let mut begins = [0; 4];
    is_named_so && open_file(path).and_then(|mut file| file.read_exact(&mut begins)).is_ok() && begins == BEGINS
}

/// The folders right in a folder that hold bundles; those that can't be read hold none that are known.
fn folders_with_bundles(folder: &Path) -> Vec<PathBuf> {
    let inside = fs::read_dir(folder).into_iter().flatten().flatten();
    let folders = inside.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir())).map(|entry| entry.path());
    // Such a folder is named by itself.
    let mut found: Vec<_> = folders.filter(|path| !is_bundle(path)).collect();
    found.retain(|path| bundles_in(path).is_ok_and(|bundles| bundles.iter().any(|bundle| bundle.is_file())));
    found.sort();
    found
}
