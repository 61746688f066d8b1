//! The world's formats.
//!
//! [`CsvExport`] writes casebooks as tidy tables. The same casebooks in the same order give the same bytes.

mod columns;
mod csv_export;

pub use csv_export::{CsvExport, Texts};

/// Why an export failed. Holds nothing of any participant.
#[derive(Debug, thiserror::Error)]
pub enum ExchangeError {
    /// A table could not be written.
    #[error("the table could not be written")]
    Write(#[from] csv::Error),
    /// A table could not be opened or flushed.
    #[error("the table could not be opened or flushed")]
    Io(#[from] std::io::Error),
}

#[cfg(test)]
mod tests;
