//! `verify`.

use crate::done::{CommandError, Done, GOOD, say};
use crate::source::{MOST_OF_A_LIST, MOST_OF_A_SECRET, open_file, read_file};
use bundle::{BundleError, Key, Receipt, SignedReceipt, Signers};
use casebook::{CENTER, Offset};
use center::Printable;
use clap::Args;
use seal::{AllowedSigners, Identity, Zeroizing};
use std::ffi::{OsStr, OsString};
use std::fmt::Display;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Args)]
pub struct Verify {
    /// The bundle.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Whose signatures count; without it, only that somebody signed is known.
    ///
    /// A key that its device has replaced since counts only with --receipt or --at: whoever kept it could sign at any time.
    #[arg(long, value_name = "FILE")]
    allowed_signers: Option<PathBuf>,
    /// The center's receipt for the bundle, as it lies in its folder receipts, with its signature FILE.sig beside it: it says when
    /// the center took the bundle in.
    #[arg(long, value_name = "FILE", requires = "allowed_signers")]
    receipt: Option<PathBuf>,
    /// The day on which the bundle was there at the latest, where something else than a receipt shows that.
    #[arg(long, value_name = "YYYYMMDD", requires = "allowed_signers", conflicts_with = "receipt", value_parser = day)]
    at: Option<String>,
    /// The age identity that opens it; without it, entries are not checked.
    #[arg(long, value_name = "KEY")]
    identity: Option<PathBuf>,
}

impl Verify {
    pub fn run(&self) -> Done {
        let signers = self.signers(bundle::NAMESPACE)?;
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
        let receipt = match self.read_receipt()? {
            Some(Err(why)) => return refused(&format!("the receipt: {why}")),
            Some(Ok(receipt)) => Some(receipt),
            None => None,
        };
        let day = receipt.as_ref().map(day_of).or_else(|| self.at.clone());
        let signers = signers.as_ref().map(|list| Signers { list, day: day.as_deref() });
        let report = match bundle::verify(file, signers, key.as_ref()) {
            Ok(report) => report,
            Err(refusal) => return refused(&refusal),
        };
        if receipt.is_some_and(|receipt| receipt.bundle != report.id) {
            return refused(&"the receipt is for another bundle");
        }
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

    /// The list of signers, as far as it is about a namespace.
    fn signers(&self, namespace: &str) -> Result<Option<AllowedSigners>, CommandError> {
        let Some(path) = &self.allowed_signers else { return Ok(None) };
        let text = text_of(path, read_file(path, MOST_OF_A_LIST)?)?;
        let read = AllowedSigners::read(&text, namespace).map_err(|error| CommandError::Said(error.to_string()))?;
        Ok(Some(read))
    }

    /// The receipt that is asked for, where the center on the list of signers has signed it.
    fn read_receipt(&self) -> Result<Option<Result<Receipt, BundleError>>, CommandError> {
        let (Some(path), Some(signers)) = (&self.receipt, self.signers(Receipt::NAMESPACE)?) else { return Ok(None) };
        let bytes = read_file(path, MOST_OF_A_SECRET)?;
        let beside = PathBuf::from([path.as_os_str(), OsStr::new(".sig")].into_iter().collect::<OsString>());
        let signature = text_of(&beside, read_file(&beside, MOST_OF_A_SECRET)?)?;
        let signed = SignedReceipt { bytes, signature };
        let centers = signers.iter().filter(|signer| signer.principal == CENTER && signer.until.is_none());
        let tried = centers.map(|signer| signed.verify(&signer.key));
        let none = Err(BundleError::Signature(seal::SealError::OtherKey));
        Ok(Some(tried.fold(none, |found, next| if found.is_ok() { found } else { next })))
    }
}

/// Says why, and that not all holds that was asked.
fn refused(why: &dyn Display) -> Done {
    say!("refused: {}", Printable(why));
    Ok(ExitCode::FAILURE)
}

/// The day of a receipt in UTC, as the list of signers has days.
fn day_of(receipt: &Receipt) -> String {
    let local = receipt.at.local(Offset::from_minutes(0));
    local.chars().take(10).filter(char::is_ascii_digit).collect()
}

/// A day as it is typed.
fn day(typed: &str) -> Result<String, String> {
    let is_day = typed.len() == 8 && typed.bytes().all(|digit| digit.is_ascii_digit());
    if is_day { Ok(typed.to_owned()) } else { Err("a day is eight digits, such as 20261130".to_owned()) }
}

/// What a file holds as text.
fn text_of(path: &Path, bytes: Vec<u8>) -> Result<String, CommandError> {
    let none = |bytes: Vec<u8>| {
        drop(Zeroizing::new(bytes));
        CommandError::Said(format!("{}: this file is no text in UTF-8", Printable(path.display())))
    };
    String::from_utf8(bytes).map_err(|error| none(error.into_bytes()))
}
