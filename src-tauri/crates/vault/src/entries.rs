//! The journal's table: entries by log and sequence number, the entries of a subject, and the texts beside them.

use casebook::{EntryId, Line, TextCommit, TextRow};
use rusqlite::{Connection, OptionalExtension, Row};

use crate::VaultError;

/// Number of this device's own log: the greatest, so that its entries append at the end of the table.
pub(crate) const OWN_LOG: i64 = 1 << 20;

/// Bits of a place that hold the sequence number.
const SEQ_BITS: u32 = 40;
const SEQ_MASK: i64 = (1 << SEQ_BITS) - 1;

/// Where an entry lies: its log's number and its sequence number in one integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place(pub(crate) i64);

impl Place {
    pub(crate) fn new(log: i64, seq: u64) -> Self {
        // 2^40 entries of one log do not fit on any disk of a site; an entry's seq is checked when it is received.
        Self(log << SEQ_BITS | (i64::try_from(seq).unwrap_or(SEQ_MASK) & SEQ_MASK))
    }

    pub(crate) fn log(self) -> i64 {
        self.0 >> SEQ_BITS
    }

    pub(crate) fn seq(self) -> u64 {
        (self.0 & SEQ_MASK).unsigned_abs()
    }
}

/// Greatest sequence number that a place can hold.
pub(crate) const GREATEST_SEQ: u64 = SEQ_MASK as u64;

/// Adds an entry; `subject` is 0 where none is concerned.
pub(crate) fn insert(sql: &Connection, place: Place, subject: i64, line: &[u8]) -> Result<(), VaultError> {
    sql.prepare_cached("INSERT INTO entry (place, line) VALUES (?1, ?2)")?.execute((place.0, line))?;
    sql.prepare_cached("INSERT INTO about (subject, place) VALUES (?1, ?2)")?.execute((subject, place.0))?;
    Ok(())
}

/// The bytes of one entry.
pub(crate) fn bytes(sql: &Connection, place: Place) -> Result<Option<Vec<u8>>, VaultError> {
    Ok(sql
        .prepare_cached("SELECT line FROM entry WHERE place = ?1")?
        .query_row([place.0], |row| row.get(0))
        .optional()?)
}

/// The last sequence number of a log; 0 when it has none.
pub(crate) fn last_seq(sql: &Connection, log: i64) -> Result<u64, VaultError> {
    let place: Option<i64> = sql
        .prepare_cached("SELECT max(place) FROM entry WHERE place BETWEEN ?1 AND ?2")?
        .query_row((Place::new(log, 0).0, Place::new(log, GREATEST_SEQ).0), |row| row.get(0))?;
    Ok(place.map_or(0, |place| Place(place).seq()))
}

/// Reads a stored line, computing its id from its bytes.
pub(crate) fn line(bytes: Vec<u8>) -> Result<Line, VaultError> {
    let id = EntryId(seal::sha256(&bytes));
    Ok(Line::reread(bytes, id)?)
}

/// Hands every entry of a subject to `each`, in the order of place; streaming.
pub(crate) fn of_subject(
    sql: &Connection,
    subject: i64,
    mut each: impl FnMut(Place, Line) -> Result<(), VaultError>,
) -> Result<(), VaultError> {
    let mut read = sql.prepare_cached(
        "SELECT about.place, entry.line FROM about JOIN entry ON entry.place = about.place WHERE about.subject = ?1 ORDER BY about.place",
    )?;
    let mut rows = read.query([subject])?;
    while let Some(row) = rows.next()? {
        each(Place(row.get(0)?), line(row.get(1)?)?)?;
    }
    Ok(())
}

/// The entries of a log that tell an act of this name, in order.
pub(crate) fn of_act(sql: &Connection, log: i64, act: &str) -> Result<Vec<Line>, VaultError> {
    let mut read = sql.prepare_cached(
        "SELECT line FROM entry WHERE place BETWEEN ?1 AND ?2 AND instr(line, ?3) > 0 ORDER BY place",
    )?;
    // Looking for the name is much faster than reading every line.
    let named = format!("\"act\":\"{act}\"").into_bytes();
    let mut rows = read.query((Place::new(log, 0).0, Place::new(log, GREATEST_SEQ).0, named))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(line(row.get(0)?)?);
    }
    found.retain(|line: &Line| line.entry().act.name() == act);
    Ok(found)
}

/// Keeps a text, once.
pub(crate) fn keep_text(sql: &Connection, text: &TextRow) -> Result<(), VaultError> {
    sql.prepare_cached("INSERT OR IGNORE INTO text (id, salt, words) VALUES (?1, ?2, ?3)")?.execute((
        text.commit.0,
        &text.salt,
        text.text.as_str(),
    ))?;
    Ok(())
}

/// A text; `None` when it was redacted or never came.
pub(crate) fn text(sql: &Connection, id: &TextCommit) -> Result<Option<TextRow>, VaultError> {
    let found = sql
        .prepare_cached("SELECT salt, words FROM text WHERE id = ?1 AND words IS NOT NULL")?
        .query_row([id.0], |row| text_row(*id, row))
        .optional()?;
    Ok(found)
}

fn text_row(commit: TextCommit, row: &Row<'_>) -> rusqlite::Result<TextRow> {
    Ok(TextRow { commit, salt: row.get(0)?, text: row.get::<_, String>(1)?.into() })
}

/// Empties a text for good; its commitment stays, so every chain still verifies.
pub(crate) fn redact(sql: &Connection, id: &TextCommit) -> Result<(), VaultError> {
    sql.prepare_cached(
        "INSERT INTO text (id, salt, words) VALUES (?1, NULL, NULL) ON CONFLICT (id) DO UPDATE SET salt = NULL, words = NULL",
    )?
    .execute([id.0])?;
    Ok(())
}

/// The commitments that a line's bytes hold, without reading the line as JSON.
///
/// Sound because lines are canonical: inside a JSON string every quotation mark is escaped, so these bytes can only
/// stand where an object with the single key `text` begins.
pub(crate) fn commitments(line: &[u8]) -> impl Iterator<Item = TextCommit> + '_ {
    const MARK: &[u8] = b"{\"text\":\"";
    let mut rest = line;
    std::iter::from_fn(move || {
        loop {
            let at = find(rest, MARK)?;
            rest = &rest[at + MARK.len()..];
            let found = rest.get(..64).and_then(|hex| std::str::from_utf8(hex).ok()).and_then(|hex| hex.parse().ok());
            if found.is_some() {
                return found;
            }
        }
    })
}

/// First place of `needle`; the leading `{` is rare enough in a line that searching for it alone is fast.
fn find(hay: &[u8], needle: &[u8]) -> Option<usize> {
    let mut from = 0;
    loop {
        let at = from + hay[from..].iter().position(|&byte| byte == needle[0])?;
        if hay[at..].starts_with(needle) {
            return Some(at);
        }
        from = at + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_keep_log_and_seq_apart() {
        let place = Place::new(OWN_LOG, 1_000_000);
        assert_eq!((place.log(), place.seq()), (OWN_LOG, 1_000_000));
        assert!(Place::new(1, GREATEST_SEQ) < Place::new(2, 0));
        assert!(Place::new(OWN_LOG, GREATEST_SEQ).0 > 0);
    }

    #[test]
    fn commitments_are_found_and_nothing_else() {
        let (a, b) = ("ab".repeat(32), "01".repeat(32));
        let line =
            format!(r#"{{"x":{{"text":"{a}"}},"raw":"{{\"text\":\"{b}\"}}","y":[{{"text":"{b}"}}],"text":"{a}"}}"#);
        let found: Vec<String> = commitments(line.as_bytes()).map(|id| id.hex()).collect();
        assert_eq!(found, [a, b]);
        assert_eq!(commitments(b"{\"text\":\"short").count(), 0);
    }
}
