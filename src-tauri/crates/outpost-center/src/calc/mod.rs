//! Calculators that need no center: grades, responses, and the sheet of constants.

pub mod constants;
pub mod grade;
pub mod recist;

/// A number as people write it. The library would also read `1_30`, a slip for 1.30 as likely as for 130.
fn number(text: &str) -> Option<rust_decimal::Decimal> {
    if text.contains('_') { None } else { text.parse().ok() }
}

/// Why a table could not be written to standard output.
pub fn unwritten(error: exchange::ExchangeError) -> crate::done::CommandError {
    let why = std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string);
    crate::done::CommandError::Said(format!("standard output: {why}"))
}
