//! `verify`.

use crate::done::{CommandError, Done, GOOD, say};
use crate::source::{MOST_OF_A_LIST, MOST_OF_A_SECRET, open_file, read_file};
use bundle::Key;
use center::Printable;
use clap::Args;
use seal::{AllowedSigners, Identity, Zeroizing};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Args)]
pub struct Verify {
    /// The bundle.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Whose signatures count; without it, only that somebody signed is known.
    #[arg(long, value_name = "FILE")]
    allowed_signers: Option<PathBuf>,
    /// The age identity that opens it; without it, entries are not checked.
    #[arg(long, value_name = "KEY")]
    identity: Option<PathBuf>,
}

impl Verify {
    pub fn run(&self) -> Done {
        let signers = self.allowed_signers.as_ref().map(|path| {
            let text = text_of(path, read_file(path, MOST_OF_A_LIST)?)?;
            AllowedSigners::read(&text, bundle::NAMESPACE).map_err(|error| CommandError::Said(error.to_string()))
        });
        let signers = signers.transpose()?;
        let identity = self.identity.as_ref().map(|path| {
            let text = Zeroizing::new(text_of(path, read_file(path, MOST_OF_A_SECRET)?)?);
            Identity::from_file(&text).map_err(|error| CommandError::Said(format!("{}: {error}", path.display())))
        });
        let identity = identity.transpose()?;
        // What is not there is asked for by mistake; what is there and no file is no bundle.
        let known = fs::metadata(&self.file).map_err(CommandError::file(&self.file))?;
        if !known.is_file() {
            say!("refused: {} is no file", Printable(self.file.display()));
            return Ok(ExitCode::FAILURE);
        }
        let file = open_file(&self.file).map_err(CommandError::file(&self.file))?;
        let key = identity.as_ref().map(Key::Identity);
        let report = match bundle::verify(file, signers.as_ref(), key.as_ref()) {
            Ok(report) => report,
            Err(refusal) => {
                say!("refused: {}", Printable(refusal));
                return Ok(ExitCode::FAILURE);
            }
        };
        let envelope = &report.envelope;
        let sender = Printable(&envelope.sender.log);
        say!("OK {} from {sender}: {} entries, head {}", report.id, envelope.entries, report.head);
        if !report.sender_checked {
            say!("not checked: whether the sender is known (--allowed-signers)");
        }
        if !report.content_checked {
            say!("not checked: the entries (--identity)");
        }
        GOOD
    }
}

/// What a file holds as text.
fn text_of(path: &Path, bytes: Vec<u8>) -> Result<String, CommandError> {
    let none = |bytes: Vec<u8>| {
        drop(Zeroizing::new(bytes));
        CommandError::Said(format!("{}: this file is no text in UTF-8", Printable(path.display())))
    };
    String::from_utf8(bytes).map_err(|error| none(error.into_bytes()))
}
