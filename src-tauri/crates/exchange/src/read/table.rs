//! Other people's tables as rows of text: encoding and delimiter found, what is no row refused with its line.

use std::collections::HashMap;

use super::lines::Lines;
use super::text::{Decoded, decode};

/// Largest file.
pub const MOST_BYTES: usize = 16 * 1024 * 1024;
/// Most rows.
const MOST_ROWS: usize = 50_000;
/// Most columns.
const MOST_COLUMNS: usize = 200;
/// Longest field, in bytes.
const MOST_FIELD: usize = 4096;
/// Lines by which the delimiter is found.
const LOOKED_AT: usize = 20;

/// Why a file is not read. Names the line, never its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// It is larger than it may be.
    #[error("the file is too large")]
    TooLarge,
    /// It is no text, or in an encoding that is not known.
    #[error("line {0} is no text in UTF-8, UTF-16, GB18030 or Windows-1252: save the file as UTF-8")]
    NoText(usize),
    /// There is no table in it.
    #[error("there is no table: a head and rows, parted by commas, semicolons, tabulators or |")]
    NoTable,
    /// A row has more or fewer fields than the head.
    #[error("line {0}: another number of columns than in the head")]
    Columns(usize),
    /// Two columns of the head have the same name; which two, from 1.
    #[error("columns {0} and {1} of the head have the same name")]
    Doubled(usize, usize),
    /// A field is longer than it may be, or a quotation mark is never closed.
    #[error("line {0}: a field is too long, or a quotation mark is never closed")]
    Field(usize),
}

impl TableError {
    /// The stable code on which the window branches.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooLarge => "too_large",
            Self::NoText(_) => "lab_file_text",
            Self::NoTable => "lab_file_table",
            Self::Columns(_) => "lab_file_columns",
            Self::Doubled(..) => "lab_file_doubled",
            Self::Field(_) => "lab_file_field",
        }
    }

    /// The line, where one is to blame.
    pub fn line(self) -> Option<usize> {
        match self {
            Self::NoText(line) | Self::Columns(line) | Self::Field(line) => Some(line),
            Self::TooLarge | Self::NoTable | Self::Doubled(..) => None,
        }
    }
}

/// The head of a table, and its rows as they came, each with its line in the file.
pub struct Records {
    /// Name of the encoding.
    pub encoding: &'static str,
    /// The sign between fields.
    pub delimiter: char,
    /// The line of the head.
    pub line: usize,
    /// Names of the columns: of two that are not empty none is the other, whatever the case of letters.
    pub head: Vec<String>,
    /// Each row's line and fields, as many as the head has; or why it is none. Rows without any text are left out.
    pub rows: Vec<(usize, Result<Vec<String>, TableError>)>,
}

impl Records {
    /// Reads a table of any length; a row that is none keeps no other one from being read.
    ///
    /// # Errors
    /// [`TableError`] where the file is no text, or its head is none.
    pub fn read(bytes: &[u8]) -> Result<Self, TableError> {
        let Decoded { text, encoding } = decode(bytes).map_err(TableError::NoText)?;
        let (delimiter, from) = match told_delimiter(&text) {
            Some((sign, from)) => (sign, from),
            None => (delimiter(&text).ok_or(TableError::NoTable)?, 0),
        };
        let sign = u8::try_from(delimiter).map_err(|_| TableError::NoTable)?;
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(sign)
            .from_reader(&text.as_bytes()[from..]);
        let mut lines = Lines::new(text.as_bytes());
        let (mut head, mut rows) = (None, Vec::new());
        for record in reader.records() {
            let record = record.map_err(|_| TableError::NoTable)?;
            let begins = record.position().map_or(0, |at| usize::try_from(at.byte()).unwrap_or(usize::MAX));
            let line = lines.of(from.saturating_add(begins));
            if record.iter().all(|field| field.trim().is_empty()) {
                continue;
            }
            match &head {
                None => head = Some((line, head_of(&record, line)?)),
                Some((_, head)) => rows.push((line, row_of(&record, line, head))),
            }
        }
        let (line, head) = head.ok_or(TableError::NoTable)?;
        Ok(Self { encoding, delimiter, line, head, rows })
    }
}

fn head_of(record: &csv::StringRecord, line: usize) -> Result<Vec<String>, TableError> {
    if record.len() > MOST_COLUMNS {
        return Err(TableError::Columns(line));
    }
    let head = fields_of(record, line)?;
    let mut known: HashMap<String, usize> = HashMap::new();
    for (place, name) in head.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
        if let Some(first) = known.insert(name.to_lowercase(), place) {
            return Err(TableError::Doubled(first + 1, place + 1));
        }
    }
    Ok(head)
}

fn row_of(record: &csv::StringRecord, line: usize, head: &[String]) -> Result<Vec<String>, TableError> {
    if record.len() == head.len() { fields_of(record, line) } else { Err(TableError::Columns(line)) }
}

fn fields_of(record: &csv::StringRecord, line: usize) -> Result<Vec<String>, TableError> {
    if record.iter().any(|field| field.len() > MOST_FIELD) {
        return Err(TableError::Field(line));
    }
    Ok(record.iter().map(|field| field.trim().to_owned()).collect())
}

/// A table of a laboratory, every row of it whole.
pub struct Table {
    /// Name of the encoding.
    pub encoding: &'static str,
    /// The sign between fields.
    pub delimiter: char,
    /// Names of the columns.
    pub head: Vec<String>,
    /// Rows with their lines in the file; one at least.
    pub rows: Vec<(usize, Vec<String>)>,
}

impl Table {
    /// Reads a file.
    ///
    /// # Errors
    /// [`TableError`], with the line that is to blame.
    pub fn read(bytes: &[u8]) -> Result<Self, TableError> {
        if bytes.len() > MOST_BYTES {
            return Err(TableError::TooLarge);
        }
        let Records { encoding, delimiter, head, rows, .. } = Records::read(bytes)?;
        let rows = rows.into_iter().map(|(line, row)| Ok((line, row?))).collect::<Result<Vec<_>, TableError>>()?;
        match rows.len() {
            0 => Err(TableError::NoTable),
            many if many > MOST_ROWS => Err(TableError::TooLarge),
            _ => Ok(Self { encoding, delimiter, head, rows }),
        }
    }

    /// The column of that name.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.head.iter().position(|known| known == name).filter(|_| !name.is_empty())
    }
}

/// The delimiter that a file names in its first line, as Excel has it (`sep=;`), and where the table begins then.
fn told_delimiter(text: &str) -> Option<(char, usize)> {
    let first = text.split(['\n', '\r']).next()?;
    let sign = first.trim_end().strip_prefix("sep=")?;
    let mut signs = sign.chars();
    let (sign, None) = (signs.next()?, signs.next()) else { return None };
    Some((sign, first.len()))
}

/// The sign that parts the first lines into the same number of fields, the most of them.
fn delimiter(text: &str) -> Option<char> {
    let fields = |line: &str, sign: char| {
        let mut quoted = false;
        let parts = line.chars().filter(|&c| {
            quoted ^= c == '"';
            c == sign && !quoted
        });
        parts.count()
    };
    let lines: Vec<&str> = text.split(['\n', '\r']).filter(|line| !line.trim().is_empty()).take(LOOKED_AT).collect();
    let head = lines.first()?;
    let even = |sign: &char| {
        let wanted = fields(head, *sign);
        let agree = lines.iter().filter(|line| fields(line, *sign) == wanted).count();
        (wanted > 0).then_some((agree, wanted))
    };
    [',', ';', '\t', '|'].into_iter().filter(|sign| even(sign).is_some()).max_by_key(even)
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::GB18030;
    use proptest::prelude::*;

    #[test]
    fn encodings_and_delimiters_are_found() {
        for (text, sign) in [("a,b\n1,2\n", ','), ("a;b\n1,5;2\n", ';'), ("a\tb\r\n1\t2\r\n", '\t'), ("a|b\n1|2", '|')]
        {
            let table = Table::read(text.as_bytes()).expect("a table");
            assert_eq!((table.delimiter, table.head.len(), table.rows.len()), (sign, 2, 1), "{text:?}");
        }
        let (gb, _, _) = GB18030.encode("项目,结果\n谷丙转氨酶,45\n");
        let table = Table::read(&gb).expect("a table");
        assert_eq!(
            (table.encoding, table.head[0].as_str(), table.rows[0].1[0].as_str()),
            ("gb18030", "项目", "谷丙转氨酶")
        );
        let table = Table::read("\u{feff}a,b\n\"x, y\",\"2\n3\"\n,\n5,6\n".as_bytes()).expect("a table");
        assert_eq!(table.head, ["a", "b"]);
        assert_eq!((table.rows[0].1[0].as_str(), table.rows[1].0), ("x, y", 5), "the line in the file, not the row");
    }

    #[test]
    fn hostile_files_are_refused_with_their_line() {
        let fault = |bytes: &[u8]| Table::read(bytes).err().expect("refused");
        assert_eq!(fault(b""), TableError::NoTable);
        assert_eq!(fault(b"one line"), TableError::NoTable);
        assert_eq!(fault(b"a,b\n"), TableError::NoTable);
        assert_eq!(fault(b"a,b\n1,2\n1,2,3\n"), TableError::Columns(3));
        assert_eq!(fault(b"PK\x03\x04\x00\x00,\n"), TableError::NoText(1));
        assert_eq!(fault(b"a,b\n1,\xff\xff\n"), TableError::NoText(2));
        assert_eq!(fault(&vec![b'x'; MOST_BYTES + 1]), TableError::TooLarge);
        let open = format!("a,b\n1,\"{}\n", "x,y\n".repeat(5000));
        assert_eq!(fault(open.as_bytes()), TableError::Field(2), "a quotation mark that is never closed");
        assert_eq!(fault(format!("{}\n{}\n", "a,".repeat(300), "1,".repeat(300)).as_bytes()), TableError::Columns(1));
        assert_eq!(fault("a,b\n".repeat(MOST_ROWS + 3).as_bytes()), TableError::TooLarge);
    }

    /// W5: a line is the one that an editor shows, whatever ends the lines, and after lines without a row.
    #[test]
    fn w5_lines_are_those_of_an_editor() {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["a,b", "1,2", "", "3,4,5", "   ", "", "\"x", "y\",6", "7,8", ""].join(end);
            let rows = Records::read(text.as_bytes()).expect("a table").rows;
            let lines: Vec<usize> = rows.iter().map(|(line, _)| *line).collect();
            assert_eq!(lines, [2, 4, 7, 9], "{end:?}");
            assert_eq!(rows[1].1, Err(TableError::Columns(4)), "{end:?}");
        }
    }

    /// W10: one decoder for every table; what it was is said, and nothing is guessed that may be something else.
    #[test]
    fn w10_encodings_are_found() {
        let text = "项目,单位\n谷丙转氨酶,µmol/L\n";
        let wide = |little: bool| -> Vec<u8> {
            let units = std::iter::once(0xfeff).chain(text.encode_utf16());
            units.flat_map(|unit: u16| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
        };
        let chinese = "项目,单位\n谷丙转氨酶,U/L\n";
        for (bytes, encoding, unit) in [
            (text.as_bytes().to_vec(), "UTF-8", "µmol/L"),
            ([b"\xef\xbb\xbf", text.as_bytes()].concat(), "UTF-8", "µmol/L"),
            (wide(true), "UTF-16LE", "µmol/L"),
            (wide(false), "UTF-16BE", "µmol/L"),
            (encoding_rs::GB18030.encode(chinese).0.into_owned(), "gb18030", "U/L"),
        ] {
            let table = Table::read(&bytes).unwrap_or_else(|error| panic!("{encoding}: {error}"));
            assert_eq!((table.encoding, table.rows[0].1[0].as_str()), (encoding, "谷丙转氨酶"));
            assert_eq!(table.rows[0].1[1], unit, "{encoding}");
        }
        let western = Table::read(b"a,b\nZ\xfcrich,\xb5mol/L\n").expect("Windows-1252");
        assert_eq!((western.encoding, western.rows[0].1.join(" ").as_str()), ("windows-1252", "Zürich µmol/L"));
        assert_eq!(Table::read(b"\xef\xbb\xbfa,b\n1,\xb5\n").err(), Some(TableError::NoText(2)), "a mark binds");
    }

    /// W11: of two columns with one name none is meant more than the other; Excel's line about the delimiter is no head.
    #[test]
    fn w11_heads_are_told_apart_and_delimiters_named() {
        assert_eq!(Records::read("a,B,b\n1,2,3\n".as_bytes()).err(), Some(TableError::Doubled(2, 3)));
        assert!(Records::read(b"a,b,,\n1,2,,\n").is_ok(), "columns without a name are nobody's");
        let told = Records::read(b"sep=;\r\na;b,c\r\n1,5;2\r\n").expect("a table");
        assert_eq!((told.delimiter, told.head.len(), told.rows[0].0), (';', 2, 3));
        assert_eq!(told.rows[0].1.as_deref().expect("a row")[0], "1,5");
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            if let Ok(table) = Table::read(&bytes) {
                prop_assert!(table.rows.iter().all(|(_, row)| row.len() == table.head.len()));
            }
            if let Ok(table) = Records::read(&bytes) {
                let lines: Vec<usize> = table.rows.iter().map(|(line, _)| *line).collect();
                prop_assert!(lines.is_sorted_by(|one, next| one < next), "no two rows begin on one line: {lines:?}");
            }
        }
    }
}
