//! Readers of the world's formats: bytes in, rows of text out.

mod lines;
mod sheet;
mod table;
mod text;

pub use sheet::{Rows, SheetError, table};
pub use table::{MOST_BYTES as MOST_LAB_BYTES, Records, Table, TableError};
