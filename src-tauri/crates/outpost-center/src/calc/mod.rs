//! Calculators that need no center: grades, responses, and the sheet of constants.

pub mod constants;
pub mod grade;
pub mod recist;

use crate::done::CommandError;
use crate::source::{MOST_OF_A_TABLE, read_file};
use exchange::read::Records;
use rust_decimal::Decimal;
use std::path::Path;

/// A number as people write it, full-width or not. The library would also read `1_30`, a slip for 1.30 as likely as for 130.
fn number(text: &str) -> Option<Decimal> {
    if text.contains('_') { None } else { study::value::fold_width(text).parse().ok() }
}

/// The table in a file, with the names of its columns in small letters; each of `needed` is one of them.
fn records(path: &Path, needed: &[&str]) -> Result<Records, CommandError> {
    let said = |why: String| CommandError::Said(format!("{}: {why}", path.display()));
    let bytes = read_file(path, MOST_OF_A_TABLE)?;
    let mut table = Records::read(&bytes).map_err(|error| said(error.to_string()))?;
    table.head.iter_mut().for_each(|name| *name = study::value::fold_width(name).to_lowercase());
    let lacks = needed.iter().find(|needed| !table.head.iter().any(|head| head == *needed));
    match lacks {
        None => Ok(table),
        Some(name) => {
            Err(said(format!("there is no column {name:?}, where the fields are parted by {:?}", table.delimiter)))
        }
    }
}

/// Why a table could not be written to standard output.
pub fn unwritten(error: exchange::ExchangeError) -> crate::done::CommandError {
    let why = std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string);
    crate::done::CommandError::Said(format!("standard output: {why}"))
}
