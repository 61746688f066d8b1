//! A bundle's content on its way into the storage.

use super::error::ImportError;
use super::ways_back::WaysBack;
use crate::codes::note_recovery;
use crate::randomisation::Watched;
use crate::store::{LogState, StoreError, StoredEntry, Tx};
use bundle::{BlobNote, BundleError, Envelope, Sink};
use casebook::{
    Act, EntryError, EntryId, Line, Link, LogEnd, ScopeError, Speaker, SpeakerKeys, TextCommit, TextRow, Tick, speaks,
};
use seal::sha256;

/// What was imported.
pub(super) struct Summary {
    /// Entries that were new.
    pub new: u64,
    /// First sequence number at which this bundle contradicts what is held.
    pub fork: Option<u64>,
    /// Where the sender's log ends now.
    pub end: LogEnd,
    /// Greatest tick that came.
    pub tick: Tick,
    /// New entries about allocation.
    pub watched: Watched,
    /// New entries about ways back into the vault.
    pub ways_back: WaysBack,
    /// The first new entry that names a text of others.
    pub others_words: Option<u64>,
}

/// Checks what only the center knows of an entry: who wrote it, at which site, with which keys.
pub(super) struct ContentCheck<'a> {
    envelope: &'a Envelope,
    /// The sender's key as an OpenSSH line, and its recipient.
    key: String,
    recipient: String,
    line: u64,
    /// The line that names other keys of the sender than those that it has, until one comes that names these.
    former: Option<u64>,
}

impl<'a> ContentCheck<'a> {
    pub(super) fn new(envelope: &'a Envelope) -> Self {
        let (key, recipient) = (envelope.sender.key.to_string(), envelope.sender.age.to_string());
        Self { envelope, key, recipient, line: 0, former: None }
    }

    /// A device must not speak for the center, nor for another site or device, nor about their subjects.
    fn check(&mut self, line: &Line) -> Result<(), BundleError> {
        let entry = line.entry();
        let mut keys =
            SpeakerKeys { key: &self.key, recipient: &self.recipient, practice: self.envelope.is_practice() };
        if let Act::DeviceEnrolled(act) = &entry.act {
            // The keys that a device had before stand in its log, too; the last ones must be those that it has.
            let is_former = (act.key.as_str(), act.recipient.as_str()) != (keys.key, keys.recipient);
            self.former = is_former.then_some(self.line);
            (keys.key, keys.recipient) = (&act.key, &act.recipient);
        }
        let site = Some(self.envelope.sender.site.as_str());
        let speaker = Speaker { log: &entry.log, site, by: &entry.by, keys: Some(keys) };
        speaks(&entry.act, &speaker).map_err(|why| match why {
            ScopeError::OtherSite => BundleError::OtherSite,
            other => self.refused(self.line, other),
        })
    }

    /// At the end: the keys that the log named last are the sender's. Where the log goes on after this part of an export, a later
    /// part may name them.
    pub(super) fn finish(&self) -> Result<(), BundleError> {
        let last = self.envelope.logs.last().map_or(0, |run| run.last);
        let goes_on = self.envelope.checkpoint.as_ref().is_some_and(|checkpoint| checkpoint.seq > last);
        match self.former {
            Some(line) if !goes_on => Err(self.refused(line, ScopeError::OtherDevice)),
            _ => Ok(()),
        }
    }

    fn refused(&self, line: u64, why: ScopeError) -> BundleError {
        BundleError::Entry { line, why: EntryError::Invalid(why.words()) }
    }
}

/// Checks everything and stores nothing.
impl Sink for ContentCheck<'_> {
    type Error = ImportError;

    fn line(&mut self, line: Line) -> Result<(), ImportError> {
        self.line += 1;
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
    summary: Summary,
    /// The texts that new entries name and that others brought before, each with the number of its entry.
    of_others: Vec<(u64, TextCommit)>,
}

impl<'a> EntryImport<'a> {
    pub(super) fn new(
        tx: &'a mut dyn Tx,
        envelope: &'a Envelope,
        bundle: EntryId,
        held: LogState,
        watched: Watched,
    ) -> Self {
        let (tick, ways_back) = (Tick::default(), WaysBack::default());
        let summary = Summary { new: 0, fork: None, end: held.end, tick, watched, ways_back, others_words: None };
        Self { tx, content: ContentCheck::new(envelope), bundle, summary, of_others: Vec::new() }
    }

    /// What was imported.
    ///
    /// # Errors
    /// What only the end of the bundle shows.
    pub(super) fn finish(self) -> Result<Summary, ImportError> {
        self.content.finish()?;
        let Self { tx, content, mut summary, of_others, .. } = self;
        // Texts come behind the entries that name them: who brings one has it.
        for (seq, text) in of_others {
            if !tx.text_of(text)?.contains(&content.envelope.sender.site) {
                summary.others_words = Some(seq);
                break;
            }
        }
        Ok(summary)
    }
}

impl Sink for EntryImport<'_> {
    type Error = ImportError;

    /// The branch that was held first goes on, whatever else came: an entry that follows its end is appended, one of
    /// another branch is kept aside.
    fn line(&mut self, line: Line) -> Result<(), ImportError> {
        let Self { tx, summary, content, of_others, .. } = self;
        content.line += 1;
        let entry = line.entry();
        summary.tick = summary.tick.max(entry.tick);
        let link = summary.end.judge(&line, |seq| tx.id_at(&entry.log, seq))?;
        // What is held was judged when it came; a table that has become stricter since takes nothing away.
        if link != Link::Known {
            content.check(&line)?;
        }
        let aside = match link {
            Link::Known => return Ok(()),
            Link::Follows => false,
            Link::Fork { at } => {
                summary.fork = summary.fork.or(Some(at));
                true
            }
            // Within one bundle a gap is what follows an entry that was kept aside.
            Link::Gap { .. } if summary.fork.is_some() => true,
            // What follows the branch that is kept aside is of it, however far the one in force is.
            Link::Gap { .. } if tx.aside_at(&entry.log, entry.seq.saturating_sub(1))?.contains(&entry.prev) => {
                summary.fork = Some(tx.log_state(&entry.log)?.forked_at.unwrap_or(entry.seq));
                true
            }
            Link::Gap { expects: seq } => return Err(BundleError::Chain { log: entry.log.to_string(), seq }.into()),
        };
        summary.watched.look(line.id(), entry);
        summary.ways_back.look(line.id(), entry);
        for text in entry.act.texts() {
            if is_of_others(&**tx, text, &content.envelope.sender.site)? {
                of_others.push((entry.seq, text));
            }
        }
        if aside {
            let before = tx.is_settled(&entry.log, entry.seq.saturating_sub(1), entry.prev)?;
            if before || tx.is_settled(&entry.log, entry.seq, line.id())? {
                return Err(BundleError::SettledBranch(entry.log.to_string()).into());
            }
            tx.quarantine(&StoredEntry::from(&line), self.bundle)?;
        } else {
            tx.append(&StoredEntry::from(&line))?;
            match entry.act {
                Act::VaultRestored(_) => tx.set_restored(&entry.log, entry.seq)?,
                _ => note_recovery(&mut **tx, entry)?,
            }
            summary.end = LogEnd::of(&line);
            summary.new += 1;
        }
        Ok(())
    }

    fn text(&mut self, row: TextRow) -> Result<(), ImportError> {
        Ok(self.tx.put_text(&row, &self.content.envelope.sender.site)?)
    }

    fn blob(&mut self, note: &BlobNote, bytes: Vec<u8>) -> Result<(), ImportError> {
        Ok(check_blob(note, &bytes)?)
    }
}

/// Whether others brought a text, and nobody at this site: every program draws a salt of its own for each text.
fn is_of_others(tx: &dyn Tx, text: TextCommit, site: &str) -> Result<bool, StoreError> {
    let of = tx.text_of(text)?;
    Ok(!of.is_empty() && of.iter().all(|of| of != site))
}

/// Blobs stay in the bundle, which is kept; here they must only be what they are announced as.
fn check_blob(note: &BlobNote, bytes: &[u8]) -> Result<(), BundleError> {
    if sha256(bytes) == note.sha256.0 { Ok(()) } else { Err(BundleError::Damaged("blobs")) }
}
