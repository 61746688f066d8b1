//! Readers of the world's formats: bytes in, rows of text out.

mod lab;
mod sheet;

pub use lab::{LabFileError, MOST_BYTES as MOST_LAB_BYTES, Table};
pub use sheet::{Rows, SheetError, table};
