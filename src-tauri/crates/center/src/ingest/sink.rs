//! A bundle's content on its way into the storage.

use super::Trouble;
use crate::randomisation::Watched;
use crate::store::{Kept, LogState, Storage};
use bundle::{BlobNote, BundleError, Envelope, LogRun, Sink};
use casebook::{Act, EntryError, EntryId, Line, TextRow, Tick};
use seal::sha256;

/// What was taken in.
pub(crate) struct Summary {
    /// Entries that were new.
    pub new: u64,
    /// Entries that were kept aside.
    pub quarantined: u64,
    /// First place at which this bundle contradicts what is held.
    pub fork: Option<u64>,
    /// Last place held without a gap.
    pub held: u64,
    /// Id of the entry there.
    pub head: EntryId,
    /// Greatest tick that came.
    pub tick: Option<Tick>,
    /// New entries about allocation.
    pub watched: Watched,
}

/// Checks what only the center knows of an entry.
pub(crate) struct Content<'a> {
    site: &'a str,
    line: u64,
}

impl<'a> Content<'a> {
    pub(crate) fn new(envelope: &'a Envelope) -> Self {
        Self { site: &envelope.sender.site, line: 0 }
    }

    /// A device must not speak for the center, nor register for another site.
    fn check(&mut self, line: &Line) -> Result<(), BundleError> {
        self.line += 1;
        match &line.entry().act {
            Act::DeviceApproved(_)
            | Act::DeviceRevoked(_)
            | Act::StudyPublished(_)
            | Act::AllocationPublished(_)
            | Act::AllocationReleased(_)
            | Act::AllocationRefused(_) => Err(BundleError::Entry {
                line: self.line,
                why: EntryError::Invalid("an act of the center's in a device's log"),
            }),
            Act::SubjectRegistered(act) if *act.site != *self.site => Err(BundleError::OtherSite),
            Act::DeviceEnrolled(act) if *act.site != *self.site => Err(BundleError::OtherSite),
            _ => Ok(()),
        }
    }
}

impl Sink for Content<'_> {
    type Error = Trouble;

    fn line(&mut self, line: Line) -> Result<(), Trouble> {
        Ok(self.check(&line)?)
    }

    fn text(&mut self, _: TextRow) -> Result<(), Trouble> {
        Ok(())
    }

    fn blob(&mut self, note: &BlobNote, bytes: Vec<u8>) -> Result<(), Trouble> {
        Ok(check_blob(note, &bytes)?)
    }
}

/// Takes content into the storage, within an open transaction.
pub(crate) struct Intaking<'a> {
    store: &'a dyn Storage,
    content: Content<'a>,
    bundle: EntryId,
    /// Whether the log had two branches before: then nothing is appended any more.
    was_forked: bool,
    summary: Summary,
}

impl<'a> Intaking<'a> {
    pub(crate) fn new(
        store: &'a dyn Storage,
        envelope: &'a Envelope,
        bundle: EntryId,
        held: LogState,
        watched: Watched,
    ) -> Self {
        let summary =
            Summary { new: 0, quarantined: 0, fork: None, held: held.seq, head: held.head, tick: None, watched };
        Self { store, content: Content::new(envelope), bundle, was_forked: held.forked_at.is_some(), summary }
    }

    /// Checks that the run goes on from what is held: the entry before its first may be another than ours.
    pub(crate) fn join(&mut self, run: Option<&LogRun>) -> Result<(), Trouble> {
        let Some(run) = run.filter(|run| run.first > 1) else { return Ok(()) };
        if self.store.id_at(&run.log, run.first - 1)?.is_some_and(|id| id != run.prev) {
            self.summary.fork = Some(run.first - 1);
        }
        Ok(())
    }

    pub(crate) fn into_content(self) -> Summary {
        self.summary
    }
}

impl Sink for Intaking<'_> {
    type Error = Trouble;

    fn line(&mut self, line: Line) -> Result<(), Trouble> {
        self.content.check(&line)?;
        let entry = line.entry();
        let (log, seq, id) = (entry.log.as_str(), entry.seq, line.id());
        self.summary.seen(entry.tick);
        let kept =
            Kept { log, seq, id, line: line.bytes(), subject: entry.act.subject().map(|subject| subject.as_str()) };
        if seq <= self.summary.held && self.store.id_at(log, seq)? == Some(id) {
            return Ok(());
        }
        self.summary.watched.look(id, entry);
        if seq <= self.summary.held && self.summary.fork.is_none() {
            self.summary.fork = Some(seq);
        }
        if self.was_forked || self.summary.fork.is_some() {
            self.store.quarantine(&kept, self.bundle)?;
            self.summary.quarantined += 1;
        } else {
            self.store.append(&kept)?;
            (self.summary.held, self.summary.head) = (seq, id);
            self.summary.new += 1;
        }
        Ok(())
    }

    fn text(&mut self, row: TextRow) -> Result<(), Trouble> {
        Ok(self.store.put_text(&row)?)
    }

    fn blob(&mut self, note: &BlobNote, bytes: Vec<u8>) -> Result<(), Trouble> {
        Ok(check_blob(note, &bytes)?)
    }
}

/// Blobs stay in the bundle, which is kept; here they must only be what they are announced as.
fn check_blob(note: &BlobNote, bytes: &[u8]) -> Result<(), BundleError> {
    if sha256(bytes) == note.sha256.0 { Ok(()) } else { Err(BundleError::Damaged("blobs")) }
}
