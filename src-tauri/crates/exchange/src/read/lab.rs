//! A laboratory's file as rows of text: encoding and delimiter found, hostile files refused with their line.

use encoding_rs::{GB18030, UTF_8};

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
pub enum LabFileError {
    /// It is larger than it may be.
    #[error("the file is too large")]
    TooLarge,
    /// It is no text, or in an encoding that is not known.
    #[error("line {0} is no text")]
    NoText(usize),
    /// There is no table in it.
    #[error("there is no table")]
    NoTable,
    /// A row has more or fewer fields than the head.
    #[error("line {0} has another number of columns")]
    Columns(usize),
    /// A field is longer than it may be, or a quotation mark is never closed.
    #[error("line {0} has a field that is too long")]
    Field(usize),
}

impl LabFileError {
    /// The stable code on which the window branches.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooLarge => "too_large",
            Self::NoText(_) => "lab_file_text",
            Self::NoTable => "lab_file_table",
            Self::Columns(_) => "lab_file_columns",
            Self::Field(_) => "lab_file_field",
        }
    }

    /// The line, where one is to blame.
    pub fn line(self) -> Option<usize> {
        match self {
            Self::NoText(line) | Self::Columns(line) | Self::Field(line) => Some(line),
            Self::TooLarge | Self::NoTable => None,
        }
    }
}

/// A table with a head.
pub struct Table {
    /// Name of the encoding.
    pub encoding: &'static str,
    /// The sign between fields.
    pub delimiter: char,
    /// Names of the columns.
    pub head: Vec<String>,
    /// Rows with their lines in the file.
    pub rows: Vec<(usize, Vec<String>)>,
}

impl Table {
    /// Reads a file.
    ///
    /// # Errors
    /// [`LabFileError`], with the line that is to blame.
    pub fn read(bytes: &[u8]) -> Result<Self, LabFileError> {
        if bytes.len() > MOST_BYTES {
            return Err(LabFileError::TooLarge);
        }
        let (text, encoding) = decode(bytes)?;
        let delimiter = delimiter(&text).ok_or(LabFileError::NoTable)?;
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter as u8)
            .from_reader(text.as_bytes());
        let mut rows: Vec<(usize, Vec<String>)> = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|_| LabFileError::NoTable)?;
            let line = record.position().map_or(0, |at| usize::try_from(at.line()).unwrap_or(0));
            if record.iter().any(|field| field.len() > MOST_FIELD) {
                return Err(LabFileError::Field(line));
            }
            let fields: Vec<String> = record.iter().map(|field| field.trim().to_owned()).collect();
            if fields.iter().all(String::is_empty) {
                continue;
            }
            if fields.len() > MOST_COLUMNS || rows.first().is_some_and(|(_, head)| head.len() != fields.len()) {
                return Err(LabFileError::Columns(line));
            }
            if rows.len() > MOST_ROWS {
                return Err(LabFileError::TooLarge);
            }
            rows.push((line, fields));
        }
        if rows.len() < 2 {
            return Err(LabFileError::NoTable);
        }
        let (_, head) = rows.remove(0);
        Ok(Self { encoding, delimiter, head, rows })
    }

    /// The column of that name.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.head.iter().position(|known| known == name).filter(|_| !name.is_empty())
    }
}

/// UTF-8, or else GB18030, which Chinese laboratories write; nothing is replaced in silence.
fn decode(bytes: &[u8]) -> Result<(String, &'static str), LabFileError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if let Some(at) = bytes.iter().position(|byte| *byte == 0) {
        return Err(LabFileError::NoText(line_of(bytes, at)));
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok((text.to_owned(), UTF_8.name()));
    }
    match GB18030.decode_without_bom_handling_and_without_replacement(bytes) {
        Some(text) => Ok((text.into_owned(), GB18030.name())),
        None => {
            let whole = std::str::from_utf8(bytes).err().map_or(0, |fault| fault.valid_up_to());
            Err(LabFileError::NoText(line_of(bytes, whole)))
        }
    }
}

fn line_of(bytes: &[u8], at: usize) -> usize {
    1 + bytes[..at].iter().filter(|byte| **byte == b'\n').count()
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
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).take(LOOKED_AT).collect();
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
        assert_eq!(fault(b""), LabFileError::NoTable);
        assert_eq!(fault(b"one line"), LabFileError::NoTable);
        assert_eq!(fault(b"a,b\n"), LabFileError::NoTable);
        assert_eq!(fault(b"a,b\n1,2\n1,2,3\n"), LabFileError::Columns(3));
        assert_eq!(fault(b"PK\x03\x04\x00\x00,\n"), LabFileError::NoText(1));
        assert_eq!(fault(b"a,b\n1,\xff\xff\n"), LabFileError::NoText(2));
        assert_eq!(fault(&vec![b'x'; MOST_BYTES + 1]), LabFileError::TooLarge);
        let open = format!("a,b\n1,\"{}\n", "x,y\n".repeat(5000));
        assert_eq!(fault(open.as_bytes()), LabFileError::Field(2), "a quotation mark that is never closed");
        assert_eq!(fault(format!("{}\n{}\n", "a,".repeat(300), "1,".repeat(300)).as_bytes()), LabFileError::Columns(1));
        assert_eq!(fault("a,b\n".repeat(MOST_ROWS + 3).as_bytes()), LabFileError::TooLarge);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            if let Ok(table) = Table::read(&bytes) {
                prop_assert!(table.rows.iter().all(|(_, row)| row.len() == table.head.len()));
            }
        }
    }
}
