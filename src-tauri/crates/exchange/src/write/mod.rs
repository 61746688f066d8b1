//! Writers of formats: each takes [`crate::tables::Tables`].

mod cell;
mod csv;

pub use csv::{CsvExport, CsvTable};
