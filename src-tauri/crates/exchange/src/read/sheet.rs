//! Tables of terms as they are published: NCI's spreadsheet of the CTCAE, translations as CSV.

use std::collections::BTreeMap;
use std::io::{self, Cursor, Read};
use std::panic::catch_unwind;

use calamine::{Data, DataRef, Reader, Xlsx, XlsxError};
use study::dictionary::load::tabbed;
use zip::ZipArchive;

use super::table::{Records, TableError};
use super::text::decode;

/// Most rows and columns of a spreadsheet. NCI's has 840 rows of eleven; a cell far away costs all that lie before it.
const MOST_ROWS: u32 = 20_000;
const MOST_COLUMNS: u32 = 100;
/// Most bytes that all parts of a spreadsheet unpack to. NCI's unpacks to two million.
const MOST_UNPACKED: u64 = 64 << 20;
/// Most bytes of one cell, and of all that are kept: many cells may share one text. NCI's longest has four thousand.
const MOST_OF_A_CELL: usize = 64 << 10;
const MOST_KEPT: usize = 16 << 20;

/// Rows of cells.
pub type Rows = Vec<Vec<String>>;

/// Why a table of terms is not read.
#[derive(Debug, thiserror::Error)]
pub enum SheetError {
    /// Not a spreadsheet.
    #[error("{0}")]
    Workbook(#[from] XlsxError),
    /// Not an archive, as every spreadsheet is one.
    #[error("{0}")]
    Archive(#[from] zip::result::ZipError),
    /// A part of the archive cannot be unpacked.
    #[error("the spreadsheet is damaged: {0}")]
    Damaged(#[from] io::Error),
    /// Its reader broke off at something that no program writes.
    #[error("the spreadsheet is damaged: a part of it makes no sense")]
    Senseless,
    /// A spreadsheet without a sheet.
    #[error("the workbook has no sheet")]
    NoSheet,
    /// More rows, columns or bytes than any table of terms has.
    #[error("the spreadsheet is larger than any table of terms")]
    TooLarge,
    /// Not a table as text, or a row of it that is none.
    #[error("{0}")]
    Text(#[from] TableError),
}

/// The rows of a table; `ending` is that of its file's name: `xlsx`, `csv`, or else cells parted by tabulators.
///
/// # Errors
/// [`SheetError`], in the words of whatever could not read it.
pub fn table(ending: &str, bytes: &[u8]) -> Result<Rows, SheetError> {
    match ending {
        // The library counts rows and columns without asking whether they can be counted.
        "xlsx" => catch_unwind(|| first_sheet(bytes)).unwrap_or(Err(SheetError::Senseless)),
        "csv" => parted(bytes),
        _ => by_tabulators(bytes),
    }
}

/// The rows of a CSV, each in the place of its line.
fn parted(bytes: &[u8]) -> Result<Rows, SheetError> {
    let table = Records::read(bytes)?;
    let head = std::iter::once((table.line, Ok(table.head)));
    let mut rows = Rows::new();
    for (line, row) in head.chain(table.rows) {
        rows.resize(line - 1, Vec::new());
        rows.push(row?);
    }
    Ok(rows)
}

/// The rows of a text whose cells are parted by tabulators, each in the place of its line: one that is cut off is refused.
fn by_tabulators(bytes: &[u8]) -> Result<Rows, SheetError> {
    let text = decode(bytes).map_err(TableError::NoText)?.text;
    let rows = tabbed(&text);
    let filled = || rows.iter().enumerate().filter(|(_, row)| row.iter().any(|cell| !cell.trim().is_empty()));
    let width = filled().next().map_or(0, |(_, head)| head.len());
    match filled().find(|(_, row)| row.len() != width) {
        Some((place, _)) => Err(TableError::Columns(place + 1).into()),
        None => Ok(rows),
    }
}

/// The rows of a spreadsheet's first sheet, each in its place, from the first column that holds something.
fn first_sheet(bytes: &[u8]) -> Result<Rows, SheetError> {
    unpacks_to_little(bytes)?;
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes))?;
    let name = book.sheet_names().first().cloned().ok_or(SheetError::NoSheet)?;
    let mut reader = book.worksheet_cells_reader(&name)?;
    let mut cells = BTreeMap::new();
    let mut left = MOST_KEPT;
    while let Some(cell) = reader.next_cell()? {
        let (row, column) = cell.get_position();
        if row >= MOST_ROWS || column >= MOST_COLUMNS {
            return Err(SheetError::TooLarge);
        }
        if matches!(cell.get_value(), DataRef::Empty) {
            continue;
        }
        if matches!(cell.get_value(), DataRef::SharedString(text) if text.len() > MOST_OF_A_CELL) {
            return Err(SheetError::TooLarge);
        }
        let text = Data::from(cell.get_value().clone()).to_string();
        if text.len() > MOST_OF_A_CELL {
            return Err(SheetError::TooLarge);
        }
        left = left.checked_sub(text.len()).ok_or(SheetError::TooLarge)?;
        cells.insert((row, column), text);
    }
    Ok(rows_of(cells))
}

/// The smallest table that holds all cells and begins with the first row: a row keeps its number.
fn rows_of(cells: BTreeMap<(u32, u32), String>) -> Rows {
    let Some((&(bottom, _), _)) = cells.last_key_value() else { return Rows::new() };
    let columns = || cells.keys().map(|(_, column)| *column);
    let (left, right) = (columns().min().unwrap_or(0), columns().max().unwrap_or(0));
    let columns = (right - left) as usize + 1;
    let mut rows = vec![Vec::new(); bottom as usize + 1];
    for ((row, column), text) in cells {
        let row = &mut rows[row as usize];
        if row.is_empty() {
            row.resize(columns, String::new());
        }
        row[(column - left) as usize] = text;
    }
    rows
}

/// Unpacks every part once and keeps nothing: what an archive says of its sizes may be a lie, and whatever reads it later
/// holds its parts in memory.
fn unpacks_to_little(bytes: &[u8]) -> Result<(), SheetError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes))?;
    let mut left = MOST_UNPACKED;
    for number in 0..archive.len() {
        let part = archive.by_index(number)?;
        let read = io::copy(&mut part.take(left + 1), &mut io::sink())?;
        left = left.checked_sub(read).ok_or(SheetError::TooLarge)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A small workbook and one whose last cell is XFD1048576; also seeds of the fuzz target.
    const SMALL: &[u8] = include_bytes!("../../../../../tests/fuzz/seeds/dictionary/ctcae.xlsx");
    const FAR: &[u8] = include_bytes!("../../../../../tests/fuzz/seeds/dictionary/far-cell.xlsx");
    const TEXT: &[u8] = include_bytes!("../../../../../tests/fuzz/seeds/dictionary/ctcae.tsv");

    #[test]
    fn a_spreadsheet_and_its_text_are_the_same_table() {
        let (sheet, text) = (table("xlsx", SMALL).expect("a sheet"), table("tsv", TEXT).expect("a text"));
        assert!(sheet.len() > 2 && sheet[0].len() > 5, "{sheet:?}");
        let filled = |rows: &Rows| -> Vec<Vec<String>> {
            let row = |row: &Vec<String>| row.iter().filter(|cell| !cell.is_empty()).cloned().collect();
            rows.iter()
                .map(row)
                .filter(|row: &Vec<String>| row.first().is_some_and(|first| !first.starts_with('#')))
                .collect()
        };
        assert_eq!(filled(&sheet), filled(&text));
    }

    /// W16: a table that was cut off is refused at the line where it ends, and read in whatever encoding it was saved.
    #[test]
    fn w16_a_table_that_was_cut_off_is_refused() {
        let head = std::str::from_utf8(TEXT).expect("UTF-8").trim_end();
        let text = format!("{head}\nCardiac disorders\tAsystole\t-\t-\t-\tLife-threatening\t-\tA disorder\t-");
        let whole = table("tsv", text.as_bytes()).expect("a text");
        let marked = table("tsv", format!("\u{feff}{text}").as_bytes()).expect("with a mark");
        let wide: Vec<u8> = format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!((marked == whole, table("tsv", &wide).expect("UTF-16") == whole), (true, true));
        let (last, (cut, _)) = (text.lines().count(), text.rsplit_once('\t').expect("cells"));
        assert!(
            matches!(table("tsv", cut.as_bytes()), Err(SheetError::Text(TableError::Columns(line))) if line == last)
        );
        let names = table("csv", b"\xef\xbb\xbfterm,name\r\n\r\nAnemia,x\r\n").expect("a CSV");
        assert_eq!(
            names,
            [vec!["term".to_owned(), "name".to_owned()], vec![], vec!["Anemia".to_owned(), "x".to_owned()]]
        );
        assert!(matches!(table("csv", b"term,name\nAnemia\n"), Err(SheetError::Text(TableError::Columns(2)))));
    }

    #[test]
    fn a_cell_at_the_far_corner_is_refused_before_its_rows_are_made() {
        assert!(matches!(table("xlsx", FAR), Err(SheetError::TooLarge)));
    }

    /// A workbook with one shared text and these rows.
    fn workbook(shared: &str, rows: &str) -> Vec<u8> {
        const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        const KINDS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        const LINKS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
        let link =
            |id: &str, kind: &str, to: &str| format!("<Relationship Id='{id}' Type='{KINDS}/{kind}' Target='{to}'/>");
        let links = |inside: String| format!("<Relationships xmlns='{LINKS}'>{inside}</Relationships>");
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in [
            ("_rels/.rels", links(link("r1", "officeDocument", "xl/workbook.xml"))),
            (
                "xl/workbook.xml",
                format!(
                    "<workbook xmlns='{MAIN}' xmlns:r='{KINDS}'><sheets><sheet name='s' sheetId='1' r:id='r1'/></sheets></workbook>"
                ),
            ),
            (
                "xl/_rels/workbook.xml.rels",
                links(
                    link("r1", "worksheet", "worksheets/sheet1.xml")
                        + &link("r2", "sharedStrings", "sharedStrings.xml"),
                ),
            ),
            (
                "xl/worksheets/sheet1.xml",
                format!("<worksheet xmlns='{MAIN}'><sheetData>{rows}</sheetData></worksheet>"),
            ),
            ("xl/sharedStrings.xml", format!("<sst xmlns='{MAIN}'><si><t>{shared}</t></si></sst>")),
        ] {
            archive.start_file(name, zip::write::SimpleFileOptions::default()).expect("a part");
            io::Write::write_all(&mut archive, text.as_bytes()).expect("written");
        }
        archive.finish().expect("an archive").into_inner()
    }

    fn cell(at: &str) -> String {
        format!("<c r='{at}' t='s'><v>0</v></c>")
    }

    /// A7: 22 kB that ended the program, for each cell took a copy of one text.
    #[test]
    fn a_text_that_many_cells_share_is_counted_for_each() {
        let rows = |many: u32| {
            let row =
                |row: u32| format!("<row r='{row}'>{}{}</row>", cell(&format!("A{row}")), cell(&format!("B{row}")));
            (1..=many).map(row).collect::<String>()
        };
        let read = |length: usize, many: u32| table("xlsx", &workbook(&"x".repeat(length), &rows(many)));
        assert_eq!(read(3, 2).expect("a table"), [["xxx", "xxx"], ["xxx", "xxx"]]);
        assert!(matches!(read(1 << 20, 1), Err(SheetError::TooLarge)), "no cell has so much");
        assert!(matches!(read(MOST_OF_A_CELL, 200), Err(SheetError::TooLarge)), "nor have all of them");
        assert!(read(MOST_OF_A_CELL, 100).is_ok());
    }

    /// A16: a row keeps the number that it has in its file.
    #[test]
    fn a_table_that_begins_further_down_keeps_its_rows_numbers() {
        let rows = format!("<row r='3'>{}</row>", cell("B3"));
        assert_eq!(table("xlsx", &workbook("x", &rows)).expect("a table"), [vec![], vec![], vec!["x".to_owned()]]);
    }

    /// A19: a column that can't be counted ended the program.
    #[test]
    fn a_cell_of_no_possible_place_is_refused() {
        for place in ["ZZZZZZZZ1", "ZZZZZZZZZZZZZZZZZZZZ1", "A99999999999999999999", "1A", "é1"] {
            let rows = format!("<row r='1'>{}</row>", cell(place));
            assert!(table("xlsx", &workbook("x", &rows)).is_err(), "{place}");
        }
    }

    #[test]
    fn what_unpacks_to_too_much_is_refused() {
        let zeros = vec![b' '; 1 << 20];
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for number in 0..65 {
            archive.start_file(format!("{number}"), zip::write::SimpleFileOptions::default()).expect("a part");
            io::Write::write_all(&mut archive, &zeros).expect("written");
        }
        let bytes = archive.finish().expect("an archive").into_inner();
        assert!(bytes.len() < 1 << 20, "{}", bytes.len());
        assert!(matches!(table("xlsx", &bytes), Err(SheetError::TooLarge)));
    }
}
