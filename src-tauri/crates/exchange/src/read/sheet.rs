//! Tables of terms as they are published: NCI's spreadsheet of the CTCAE, translations as CSV.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx, XlsxError};
use study::dictionary::load::tabbed;

/// Rows of cells.
pub type Rows = Vec<Vec<String>>;

/// Why a table of terms is not read.
#[derive(Debug, thiserror::Error)]
pub enum SheetError {
    /// Not a spreadsheet.
    #[error("{0}")]
    Workbook(#[from] XlsxError),
    /// A spreadsheet without a sheet.
    #[error("the workbook has no sheet")]
    NoSheet,
    /// Not a CSV.
    #[error("{0}")]
    Csv(#[from] csv::Error),
    /// Not UTF-8.
    #[error("{0}")]
    Text(#[from] std::str::Utf8Error),
}

/// The rows of a table; `ending` is that of its file's name: `xlsx`, `csv`, or else cells parted by tabulators.
///
/// # Errors
/// [`SheetError`], in the words of whatever could not read it.
pub fn table(ending: &str, bytes: &[u8]) -> Result<Rows, SheetError> {
    match ending {
        "xlsx" => first_sheet(bytes),
        "csv" => {
            let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
            let row = |record: Result<csv::StringRecord, csv::Error>| Ok(record?.iter().map(str::to_owned).collect());
            reader.records().map(row).collect()
        }
        _ => Ok(tabbed(std::str::from_utf8(bytes)?)),
    }
}

/// The rows of a spreadsheet's first sheet.
fn first_sheet(bytes: &[u8]) -> Result<Rows, SheetError> {
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes))?;
    let sheet = book.worksheet_range_at(0).ok_or(SheetError::NoSheet)??;
    let text = |cell: &Data| if let Data::Empty = cell { String::new() } else { cell.to_string() };
    Ok(sheet.rows().map(|row| row.iter().map(text).collect()).collect())
}
