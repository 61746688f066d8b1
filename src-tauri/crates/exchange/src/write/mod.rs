//! Writers of formats: each takes [`crate::tables::Tables`].

mod csv;

pub use csv::CsvExport;
