//! A bundle's content on its way into the storage.

use super::error::ImportError;
use crate::randomisation::Watched;
use crate::site::is_of_site;
use crate::store::{LogState, StoredEntry, Tx};
use bundle::{BlobNote, BundleError, Envelope, Sink};
use casebook::gate::roles;
use casebook::{Act, EntryError, EntryId, Line, Link, LogEnd, Role, TextRow, Tick};
use seal::sha256;

/// What was imported.
pub(super) struct Summary {
    /// Entries that were new.
    pub new: u64,
    /// Entries that were kept aside.
    pub quarantined: u64,
    /// First sequence number at which this bundle contradicts what is held.
    pub fork: Option<u64>,
    /// Where the sender's log ends now.
    pub end: LogEnd,
    /// Greatest tick that came.
    pub tick: Tick,
    /// New entries about allocation.
    pub watched: Watched,
}

/// Checks what only the center knows of an entry.
pub(super) struct ContentCheck<'a> {
    site: &'a str,
    line: u64,
}

impl<'a> ContentCheck<'a> {
    pub(super) fn new(envelope: &'a Envelope) -> Self {
        Self { site: &envelope.sender.site, line: 0 }
    }

    /// A device must not speak for the center, nor for another site or about its subjects.
    fn check(&mut self, line: &Line) -> Result<(), BundleError> {
        self.line += 1;
        let act = &line.entry().act;
        if *roles(act) == [Role::DataManager] {
            let why = EntryError::Invalid("an act of the center's in a device's log");
            return Err(BundleError::Entry { line: self.line, why });
        }
        let named = match act {
            Act::SubjectRegistered(act) => Some(&act.site),
            Act::DeviceEnrolled(act) => Some(&act.site),
            _ => None,
        };
        let is_own = named.is_none_or(|site| **site == *self.site);
        let about_own = act.subject().is_none_or(|subject| is_of_site(subject, self.site));
        if is_own && about_own { Ok(()) } else { Err(BundleError::OtherSite) }
    }
}

/// Checks everything and stores nothing.
impl Sink for ContentCheck<'_> {
    type Error = ImportError;

    fn line(&mut self, line: Line) -> Result<(), ImportError> {
        Ok(self.check(&line)?)
    }

    fn text(&mut self, _: TextRow) -> Result<(), ImportError> {
        Ok(())
    }

    fn blob(&mut self, note: &BlobNote, bytes: Vec<u8>) -> Result<(), ImportError> {
        Ok(check_blob(note, &bytes)?)
    }
}

/// Stores content, each entry by how it links to what is held.
pub(super) struct EntryImport<'a> {
    tx: &'a mut dyn Tx,
    content: ContentCheck<'a>,
    bundle: EntryId,
    /// Whether the log had two branches before: then nothing is appended any more.
    was_forked: bool,
    summary: Summary,
}

impl<'a> EntryImport<'a> {
    pub(super) fn new(
        tx: &'a mut dyn Tx,
        envelope: &'a Envelope,
        bundle: EntryId,
        held: LogState,
        watched: Watched,
    ) -> Self {
        let summary = Summary { new: 0, quarantined: 0, fork: None, end: held.end, tick: Tick::default(), watched };
        Self { tx, content: ContentCheck::new(envelope), bundle, was_forked: held.forked_at.is_some(), summary }
    }

    pub(super) fn into_summary(self) -> Summary {
        self.summary
    }
}

impl Sink for EntryImport<'_> {
    type Error = ImportError;

    fn line(&mut self, line: Line) -> Result<(), ImportError> {
        self.content.check(&line)?;
        let Self { tx, summary, .. } = self;
        let entry = line.entry();
        summary.tick = summary.tick.max(entry.tick);
        let is_disputed = self.was_forked || summary.fork.is_some();
        match summary.end.judge(&line, |seq| tx.id_at(&entry.log, seq))? {
            Link::Known => return Ok(()),
            Link::Fork { at } => summary.fork = summary.fork.or(Some(at)),
            Link::Gap { expects: seq } if !is_disputed => {
                return Err(BundleError::Chain { log: entry.log.to_string(), seq }.into());
            }
            Link::Follows | Link::Gap { .. } => {}
        }
        summary.watched.look(line.id(), entry);
        if self.was_forked || summary.fork.is_some() {
            tx.quarantine(&StoredEntry::from(&line), self.bundle)?;
            summary.quarantined += 1;
        } else {
            tx.append(&StoredEntry::from(&line))?;
            summary.end = LogEnd::of(&line);
            summary.new += 1;
        }
        Ok(())
    }

    fn text(&mut self, row: TextRow) -> Result<(), ImportError> {
        Ok(self.tx.put_text(&row)?)
    }

    fn blob(&mut self, note: &BlobNote, bytes: Vec<u8>) -> Result<(), ImportError> {
        Ok(check_blob(note, &bytes)?)
    }
}

/// Blobs stay in the bundle, which is kept; here they must only be what they are announced as.
fn check_blob(note: &BlobNote, bytes: &[u8]) -> Result<(), BundleError> {
    if sha256(bytes) == note.sha256.0 { Ok(()) } else { Err(BundleError::Damaged("blobs")) }
}
