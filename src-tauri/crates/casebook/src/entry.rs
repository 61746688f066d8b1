//! An entry: one immutable line of the journal.
//!
//! **Frozen format: do not modify.** The bytes of a line are stored, hashed and shipped as written. A line is read only
//! if writing what was understood gives the same bytes again, so nothing can hide in what a reader would skip.

use crate::act::{Act, check_name};
use crate::clock::{Instant, Offset, Tick};
use crate::ids::EntryId;
use serde::de::{Error as _, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use std::borrow::Cow;
use std::fmt;
use study::Oid;

/// Longest line in bytes, newline included.
pub const MAX_LINE: usize = 1 << 20;

/// The version of the format that this program writes.
pub const VERSION: u32 = 1;

/// Why a line is not an entry. Holds nothing of the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    /// Longer than 1 MiB.
    #[error("the line is longer than 1 MiB")]
    TooLong,
    /// Not one JSON object of the known shape on one line.
    #[error("the line is not a journal entry")]
    Malformed,
    /// Valid JSON, but not the bytes that this format has for it.
    #[error("the line is not written the way entries are written")]
    NotCanonical,
    /// Written by a newer version of Outpost.
    #[error("the entry needs a newer version of Outpost")]
    NewerVersion,
    /// Contradicts itself.
    #[error("the entry contradicts itself: {0}")]
    Invalid(&'static str),
}

/// One entry. The order of the fields is the order of the keys on the line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Version of the format.
    pub v: u32,
    /// Study OID.
    pub study: Oid,
    /// The log that it belongs to.
    pub log: Oid,
    /// Its place in the log: 1, 2, 3 … without gaps.
    pub seq: u64,
    /// Id of the previous entry of the log; zeros at `seq` 1.
    pub prev: EntryId,
    /// Wall clock.
    pub at: Instant,
    /// Local offset then in force.
    pub tz: Offset,
    /// Hybrid logical clock.
    pub tick: Tick,
    /// User id, or `system`.
    pub by: Oid,
    /// Metadata version in force for the subject, where one is concerned.
    #[serde(rename = "mdv", skip_serializing_if = "Option::is_none")]
    pub metadata_version: Option<Oid>,
    /// What happened.
    #[serde(flatten)]
    pub act: Act,
}

impl Entry {
    fn check(&self) -> Result<(), EntryError> {
        if self.v != VERSION {
            return Err(EntryError::NewerVersion);
        }
        let mut names = [&self.study, &self.log, &self.by].into_iter().chain(&self.metadata_version);
        names.try_for_each(|name| check_name(name)).map_err(EntryError::Invalid)?;
        if self.seq == 0 || (self.seq == 1) != (self.prev == EntryId::ZERO) {
            return Err(EntryError::Invalid("seq and prev"));
        }
        if self.act.subject().is_some() != self.metadata_version.is_some() {
            return Err(EntryError::Invalid("metadata version"));
        }
        self.act.check().map_err(EntryError::Invalid)
    }
}

impl<'de> Deserialize<'de> for Entry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(InOrder)
    }
}

/// Reads the keys in their one order and hands the rest to the act, without buffering.
struct InOrder;

fn key<'de, A: MapAccess<'de>, T: Deserialize<'de>>(map: &mut A, name: &'static str) -> Result<T, A::Error> {
    match map.next_key::<&'de str>()? {
        Some(found) if found == name => map.next_value(),
        _ => Err(A::Error::missing_field(name)),
    }
}

impl<'de> Visitor<'de> for InOrder {
    type Value = Entry;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a journal entry")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entry, A::Error> {
        let v = key(&mut map, "v")?;
        let study = key(&mut map, "study")?;
        let log = key(&mut map, "log")?;
        let seq = key(&mut map, "seq")?;
        let prev = key(&mut map, "prev")?;
        let at = key(&mut map, "at")?;
        let tz = key(&mut map, "tz")?;
        let tick = key(&mut map, "tick")?;
        let by = key(&mut map, "by")?;
        let mut metadata_version = None;
        let mut next: &'de str = map.next_key()?.ok_or_else(|| A::Error::missing_field("act"))?;
        if next == "mdv" {
            metadata_version = Some(map.next_value()?);
            next = map.next_key()?.ok_or_else(|| A::Error::missing_field("act"))?;
        }
        if next != "act" {
            return Err(A::Error::missing_field("act"));
        }
        let name: &'de str = map.next_value()?;
        let act = Act::read(name, map)?;
        Ok(Entry { v, study, log, seq, prev, at, tz, tick, by, metadata_version, act })
    }
}

/// An entry with the bytes that it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    bytes: Vec<u8>,
    id: EntryId,
    entry: Entry,
}

impl Line {
    /// Writes an entry, and reads it back as every reader will; `digest` is SHA-256.
    ///
    /// # Errors
    /// When the entry could not be read back: too long, contradicting itself, or of a place or time that has no spelling.
    pub fn write(entry: Entry, digest: impl FnOnce(&[u8]) -> [u8; 32]) -> Result<Line, EntryError> {
        let bytes = to_bytes(&entry)?;
        let id = EntryId(digest(&bytes));
        // A line that was written and can't be read would block its log for ever: nothing after it could be delivered.
        let line = Line::read(&bytes, id)?;
        if line.entry == entry { Ok(line) } else { Err(EntryError::Invalid("it would be read as another")) }
    }

    /// Reads one line with its newline. `id` is the SHA-256 of the bytes.
    ///
    /// # Errors
    /// When it is not exactly what this format writes.
    pub fn read(bytes: &[u8], id: EntryId) -> Result<Line, EntryError> {
        if bytes.len() > MAX_LINE {
            return Err(EntryError::TooLong);
        }
        let body = bytes.strip_suffix(b"\n").ok_or(EntryError::Malformed)?;
        let entry: Entry = serde_json::from_slice(body).map_err(|_| why_not(body))?;
        entry.check()?;
        if to_bytes(&entry)? != bytes {
            return Err(EntryError::NotCanonical);
        }
        Ok(Line { bytes: bytes.to_vec(), id, entry })
    }

    /// Reads a line that was read before and has been kept under a verified digest: the costly comparison is left out.
    ///
    /// # Errors
    /// When it is not an entry.
    pub fn reread(bytes: Vec<u8>, id: EntryId) -> Result<Line, EntryError> {
        let body = bytes.strip_suffix(b"\n").ok_or(EntryError::Malformed)?;
        let entry = serde_json::from_slice(body).map_err(|_| why_not(body))?;
        Ok(Line { bytes, id, entry })
    }

    /// The bytes, newline included.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Its id.
    pub fn id(&self) -> EntryId {
        self.id
    }

    /// What it says.
    pub fn entry(&self) -> &Entry {
        &self.entry
    }

    /// Its bytes, id and entry, taken apart.
    pub fn into_parts(self) -> (Vec<u8>, EntryId, Entry) {
        (self.bytes, self.id, self.entry)
    }
}

fn to_bytes(entry: &Entry) -> Result<Vec<u8>, EntryError> {
    let mut bytes = Vec::with_capacity(768);
    serde_json::to_writer(&mut bytes, entry).map_err(|_| EntryError::Malformed)?;
    bytes.push(b'\n');
    if bytes.len() > MAX_LINE { Err(EntryError::TooLong) } else { Ok(bytes) }
}

/// Tells a newer version's entry from a malformed one.
fn why_not(body: &[u8]) -> EntryError {
    struct Head {
        newer: bool,
    }
    impl<'de> Deserialize<'de> for Head {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            struct Keys;
            impl<'de> Visitor<'de> for Keys {
                type Value = Head;
                fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str("an object")
                }
                fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Head, A::Error> {
                    let mut newer = false;
                    while let Some(name) = map.next_key::<Cow<'de, str>>()? {
                        match &*name {
                            "v" => newer |= map.next_value::<u64>()? > u64::from(VERSION),
                            "act" => newer |= !Act::is_known(&map.next_value::<Cow<'de, str>>()?),
                            _ => drop(map.next_value::<IgnoredAny>()?),
                        }
                    }
                    Ok(Head { newer })
                }
            }
            deserializer.deserialize_map(Keys)
        }
    }
    match serde_json::from_slice::<Head>(body) {
        Ok(Head { newer: true }) => EntryError::NewerVersion,
        _ => EntryError::Malformed,
    }
}

#[cfg(test)]
pub(crate) mod tests;
