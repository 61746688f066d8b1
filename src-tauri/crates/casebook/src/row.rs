//! Folded rows: what a vault or the center stores of a fold, and compares with a fresh one.
//!
//! Rows are internal: they can always be rebuilt from the journal. Their bytes are a function of the set of entries.

use crate::clock::{Instant, Offset, Tick};
use crate::entry::Entry;
use crate::ids::{EntryId, TextCommit};
use crate::multi_value_register::MultiValueRegister;
use crate::text::{FreeTextId, Private};
use std::collections::HashSet;
use study::{CellKey, FormKey, Oid, Repeat};

/// The layout of the rows, and what the fold writes in them: raised with either. A store that holds another one rebuilds its rows
/// from the journal.
pub const ROW_FORMAT: u32 = 4;

/// A stored row is not what this version writes; the rows are to be rebuilt from the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a folded row is damaged")]
pub struct RowError;

/// What a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum RowKind {
    /// A subject as lists show it.
    Summary = 1,
    /// An event of a subject.
    Event = 2,
    /// A form.
    Form = 3,
    /// A row of a repeating group.
    Row = 4,
    /// A cell.
    Cell = 5,
    /// A query.
    Query = 6,
    /// A text that was redacted.
    Redaction = 7,
    /// A request for an allocation, and what became of it.
    Allocation = 8,
    /// A device.
    Device = 16,
    /// An account.
    User = 17,
    /// A metadata version.
    Version = 18,
    /// A bundle that was written or read.
    Transfer = 19,
    /// What the center confirmed of a log.
    Receipt = 20,
    /// A log's wall clock and other housekeeping.
    Log = 21,
    /// A line of the register of laboratory limits.
    Range = 22,
    /// A device's recovery codes.
    Recovery = 23,
}

impl RowKind {
    /// The kind with this number.
    pub fn from_code(code: u8) -> Option<RowKind> {
        use RowKind::*;
        [
            Summary, Event, Form, Row, Cell, Query, Redaction, Allocation, Device, User, Version, Transfer, Receipt,
            Log, Range, Recovery,
        ]
        .into_iter()
        .find(|kind| *kind as u8 == code)
    }

    /// Its number.
    pub fn code(self) -> u8 {
        self as u8
    }
}

/// Names a row among those of one subject (or among those that concern no subject).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RowKey {
    /// What it is about.
    pub kind: RowKind,
    /// Which one: a place, an id, or nothing.
    pub place: String,
}

/// A row that changed; without bytes it is gone.
pub type RowChange = (RowKey, Option<Vec<u8>>);

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Log.
    pub log: Oid,
    /// Place in the log.
    pub seq: u64,
    /// Who.
    pub by: Oid,
    /// Wall clock.
    pub at: Instant,
    /// Local offset.
    pub tz: Offset,
    /// For ordering displays.
    pub tick: Tick,
}

impl Origin {
    /// Where an entry's values come from.
    pub fn of(entry: &Entry) -> Origin {
        Origin {
            log: entry.log.clone(),
            seq: entry.seq,
            by: entry.by.clone(),
            at: entry.at,
            tz: entry.tz,
            tick: entry.tick,
        }
    }
}

/// Writes a row.
#[derive(Default)]
pub(crate) struct RowWriter(pub(crate) Vec<u8>);

impl RowWriter {
    pub(crate) fn byte(&mut self, byte: u8) {
        self.0.push(byte);
    }

    pub(crate) fn flag(&mut self, flag: bool) {
        self.0.push(u8::from(flag));
    }

    pub(crate) fn int(&mut self, mut n: u64) {
        while n >= 0x80 {
            self.0.push(n as u8 | 0x80);
            n >>= 7;
        }
        self.0.push(n as u8);
    }

    pub(crate) fn text(&mut self, text: &str) {
        self.int(text.len() as u64);
        self.0.extend_from_slice(text.as_bytes());
    }

    pub(crate) fn id(&mut self, id: &EntryId) {
        self.0.extend_from_slice(&id.0);
    }

    pub(crate) fn words(&mut self, words: &FreeTextId) {
        self.0.extend_from_slice(&words.text.0);
    }

    pub(crate) fn each<T>(&mut self, list: impl ExactSizeIterator<Item = T>, mut one: impl FnMut(&mut RowWriter, T)) {
        self.int(list.len() as u64);
        list.for_each(|item| one(self, item));
    }

    pub(crate) fn perhaps<T>(&mut self, value: Option<T>, one: impl FnOnce(&mut RowWriter, T)) {
        self.flag(value.is_some());
        if let Some(value) = value {
            one(self, value);
        }
    }

    pub(crate) fn origin(&mut self, origin: &Origin) {
        self.text(&origin.log);
        self.int(origin.seq);
        self.text(&origin.by);
        self.int(origin.at.ms().unsigned_abs());
        self.int((origin.tz.minutes() + 1440).unsigned_abs().into());
        self.int(origin.tick.ms);
        self.int(origin.tick.counter.into());
    }

    pub(crate) fn form_key(&mut self, key: &FormKey) {
        for part in [key.event.as_str(), &key.event_repeat, &key.form, &key.form_repeat] {
            self.text(part);
        }
    }

    /// Part by part: what another program names in an entry need not be a place as text.
    pub(crate) fn cell_key(&mut self, key: &CellKey) {
        self.form_key(&key.form);
        for part in [key.group.as_str(), &key.group_repeat, &key.item] {
            self.text(part);
        }
    }

    pub(crate) fn register<T>(&mut self, register: &MultiValueRegister<T>, mut one: impl FnMut(&mut RowWriter, &T)) {
        self.each(register.heads.iter(), |writer, (id, value)| {
            writer.id(id);
            one(writer, value);
        });
        self.each(register.replaced.iter(), |writer, (id, count)| {
            writer.id(id);
            writer.int((*count).into());
        });
    }
}

/// Names that occur again and again, kept once.
#[derive(Default)]
pub(crate) struct Names {
    oids: HashSet<Oid>,
}

impl Names {
    pub(crate) fn oid(&mut self, text: &str) -> Oid {
        if let Some(known) = self.oids.get(text) {
            return known.clone();
        }
        let oid = Oid::from(text);
        self.oids.insert(oid.clone());
        oid
    }
}

/// Reads a row.
pub(crate) struct RowReader<'a> {
    pub(crate) rest: &'a [u8],
    pub(crate) names: &'a mut Names,
}

impl<'a> RowReader<'a> {
    pub(crate) fn byte(&mut self) -> Result<u8, RowError> {
        let (first, rest) = self.rest.split_first().ok_or(RowError)?;
        self.rest = rest;
        Ok(*first)
    }

    pub(crate) fn flag(&mut self) -> Result<bool, RowError> {
        match self.byte()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(RowError),
        }
    }

    pub(crate) fn int(&mut self) -> Result<u64, RowError> {
        let mut n = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            n |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(n);
            }
        }
        Err(RowError)
    }

    pub(crate) fn small(&mut self) -> Result<u32, RowError> {
        u32::try_from(self.int()?).map_err(|_| RowError)
    }

    fn slice(&mut self, len: usize) -> Result<&'a [u8], RowError> {
        let (taken, rest) = self.rest.split_at_checked(len).ok_or(RowError)?;
        self.rest = rest;
        Ok(taken)
    }

    pub(crate) fn str(&mut self) -> Result<&'a str, RowError> {
        let len = usize::try_from(self.int()?).map_err(|_| RowError)?;
        std::str::from_utf8(self.slice(len)?).map_err(|_| RowError)
    }

    pub(crate) fn string(&mut self) -> Result<String, RowError> {
        self.str().map(str::to_owned)
    }

    pub(crate) fn private(&mut self) -> Result<Private, RowError> {
        Ok(Private::from(self.str()?))
    }

    pub(crate) fn oid(&mut self) -> Result<Oid, RowError> {
        let text = self.str()?;
        Ok(self.names.oid(text))
    }

    pub(crate) fn repeat(&mut self) -> Result<Repeat, RowError> {
        let text = self.str()?;
        Ok(if text == "1" { Repeat::first() } else { Repeat::from(text) })
    }

    pub(crate) fn form_key(&mut self) -> Result<FormKey, RowError> {
        Ok(FormKey { event: self.oid()?, event_repeat: self.repeat()?, form: self.oid()?, form_repeat: self.repeat()? })
    }

    pub(crate) fn cell_key(&mut self) -> Result<CellKey, RowError> {
        let form = self.form_key()?;
        Ok(CellKey { form, group: self.oid()?, group_repeat: self.repeat()?, item: self.oid()? })
    }

    fn digest(&mut self) -> Result<[u8; 32], RowError> {
        self.slice(32)?.try_into().map_err(|_| RowError)
    }

    pub(crate) fn id(&mut self) -> Result<EntryId, RowError> {
        self.digest().map(EntryId)
    }

    pub(crate) fn words(&mut self) -> Result<FreeTextId, RowError> {
        Ok(FreeTextId { text: TextCommit(self.digest()?) })
    }

    pub(crate) fn each<T>(
        &mut self,
        mut one: impl FnMut(&mut Self) -> Result<T, RowError>,
    ) -> Result<Vec<T>, RowError> {
        let count = usize::try_from(self.int()?).map_err(|_| RowError)?;
        if count > self.rest.len() {
            return Err(RowError);
        }
        (0..count).map(|_| one(self)).collect()
    }

    pub(crate) fn perhaps<T>(
        &mut self,
        one: impl FnOnce(&mut Self) -> Result<T, RowError>,
    ) -> Result<Option<T>, RowError> {
        if self.flag()? { one(self).map(Some) } else { Ok(None) }
    }

    pub(crate) fn origin(&mut self) -> Result<Origin, RowError> {
        Ok(Origin {
            log: self.oid()?,
            seq: self.int()?,
            by: self.oid()?,
            at: self.instant()?,
            tz: Offset::from_minutes(i32::try_from(self.int()?).map_err(|_| RowError)? - 1440),
            tick: Tick { ms: self.int()?, counter: self.small()? },
        })
    }

    pub(crate) fn instant(&mut self) -> Result<Instant, RowError> {
        Ok(Instant::from_ms(i64::try_from(self.int()?).map_err(|_| RowError)?))
    }

    pub(crate) fn register<T>(
        &mut self,
        mut one: impl FnMut(&mut Self) -> Result<T, RowError>,
    ) -> Result<MultiValueRegister<T>, RowError> {
        let heads = self.each(|reader| Ok((reader.id()?, one(reader)?)))?;
        let replaced = self.each(|reader| Ok((reader.id()?, reader.small()?)))?;
        Ok(MultiValueRegister { heads, replaced })
    }

    /// Nothing may follow.
    pub(crate) fn end(&self) -> Result<(), RowError> {
        if self.rest.is_empty() { Ok(()) } else { Err(RowError) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_texts_and_lists_there_and_back() {
        let mut writer = RowWriter::default();
        for n in [0, 127, 128, u64::MAX] {
            writer.int(n);
        }
        writer.text("中");
        writer.each([1, 2].iter(), |writer, n| writer.int(*n));
        writer.perhaps(None::<u8>, RowWriter::byte);
        let mut names = Names::default();
        let mut reader = RowReader { rest: &writer.0, names: &mut names };
        for n in [0, 127, 128, u64::MAX] {
            assert_eq!(reader.int(), Ok(n));
        }
        assert_eq!(reader.str(), Ok("中"));
        assert_eq!(reader.each(RowReader::int), Ok(vec![1, 2]));
        assert_eq!(reader.perhaps(RowReader::byte), Ok(None));
        assert_eq!(reader.end(), Ok(()));
        assert_eq!(reader.byte(), Err(RowError));
    }

    #[test]
    fn a_damaged_row_is_refused_without_allocating() {
        let mut names = Names::default();
        let mut reader = RowReader { rest: &[0xff, 0xff, 0xff, 0x7f], names: &mut names };
        assert_eq!(reader.each(RowReader::byte), Err(RowError));
        let mut reader = RowReader { rest: &[0xff; 11], names: &mut names };
        assert_eq!(reader.int(), Err(RowError));
    }
}
