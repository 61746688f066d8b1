//! The world's formats.
//!
//! [`CsvExport`] writes casebooks as tidy tables. The same casebooks in the same order give the same bytes. Every CSV goes
//! through [`CsvTable`], which marks what a spreadsheet would take for a formula.
//! [`pdf`] prints a [`screens::paper::Paper`]: the same paper gives the same bytes.
//!
//! [`read`] makes rows of text of what others wrote:
//!
//! ```
//! let rows = exchange::read::table("tsv", b"Code\tTerm\nT1\tDiarrhea\n")?;
//! assert_eq!(rows, [["Code", "Term"], ["T1", "Diarrhea"]]);
//! # Ok::<(), exchange::read::SheetError>(())
//! ```

pub mod print;
pub mod read;
mod tables;
mod write;

pub use print::pdf;
pub use tables::{Schema, Tables, Texts};
pub use write::{CsvExport, CsvTable};

/// Why an export failed. Holds nothing of any participant.
#[derive(Debug, thiserror::Error)]
pub enum ExchangeError {
    /// A table could not be written.
    #[error("the table could not be written")]
    Write(#[from] csv::Error),
    /// A table could not be opened; on Windows because another program has it open.
    #[error("{table} could not be opened: {error}; close it in other programs and export again")]
    Open {
        /// Name of its file.
        table: String,
        /// What the system says.
        error: std::io::Error,
    },
    /// A table could not be flushed.
    #[error("the table could not be flushed")]
    Io(#[from] std::io::Error),
    /// The font that the program carries could not be read.
    #[error("the program's font could not be read")]
    Font,
    /// A document could not be written as PDF/A.
    #[error("the document could not be written")]
    Pdf,
}

#[cfg(test)]
mod tests;
