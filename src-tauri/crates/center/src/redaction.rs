//! Free texts that held what they must not: their words are deleted, here and with the next reply at the sites.
//!
//! Entries hold only commitments, so every chain still verifies. The bundles that brought the words stay as they were
//! signed, encrypted to the center's keys.

use crate::journal::keep_text;
use crate::settle::each_aside;
use crate::store::{StoreError, Tx};
use crate::{Center, CenterError, Stamp};
use casebook::act::TextRedacted;
use casebook::{Act, CENTER, Entry, EntryId, Line, Private, TextCommit};
use std::collections::{BTreeMap, BTreeSet};
use study::Oid;

/// A free text that an entry about a subject brought.
#[derive(Clone, Debug)]
pub struct KeptText {
    /// What names it.
    pub commit: TextCommit,
    /// The log of the entry.
    pub log: String,
    /// The entry's place in its log.
    pub seq: u64,
    /// The act's name.
    pub act: &'static str,
    /// The words; none where they were redacted or never came.
    pub words: Option<Private>,
}

/// Subjects, and none for what is about nobody.
type Subjects = BTreeSet<Option<Oid>>;

impl Center {
    /// The free texts about a subject, log by log; then those of entries that are kept aside.
    ///
    /// # Errors
    /// When the database fails.
    pub fn texts(&self, subject: &str) -> Result<Vec<KeptText>, CenterError> {
        self.store.read(|tx| {
            let mut found = Vec::new();
            tx.lines_of(subject, &|_| 0, &mut |_, _, id, bytes| {
                let line = Line::reread(bytes.to_vec(), id).map_err(|_| StoreError::Damaged("an entry"))?;
                note_texts(tx, line.entry(), &mut found)
            })?;
            for log in tx.logs()? {
                // One that was damaged there is named by a check.
                each_aside(tx, &log, &mut |_, _, id, bytes| match Line::reread(bytes.to_vec(), id) {
                    Ok(line) if line.entry().act.subject().is_some_and(|of| **of == *subject) => {
                        note_texts(tx, line.entry(), &mut found)
                    }
                    _ => Ok(()),
                })?;
            }
            Ok(found)
        })
    }

    /// Deletes the words of a free text for good, and of the questions that quote them when a fork is settled, and says so in the
    /// center's log: it travels with the next reply. Gives the entries, one for each text and subject that it is about.
    ///
    /// # Errors
    /// [`CenterError::UnknownText`] when nothing that is held brought such a text; when the database fails.
    pub fn redact(&self, stamp: &Stamp, text: TextCommit, reason: &str) -> Result<Vec<EntryId>, CenterError> {
        let written = self.store.transact(|tx| {
            let reason = keep_text(tx, reason)?;
            let mut written = Vec::new();
            let texts: BTreeSet<TextCommit> = std::iter::once(text).chain(tx.quotes(text)?).collect();
            for (text, subjects) in subjects_of(tx, texts)? {
                for subject in subjects {
                    written.push(self.redact_one(tx, stamp, TextRedacted { subject, text, reason })?);
                }
            }
            Ok::<_, CenterError>(written)
        })?;
        self.store.wipe()?;
        Ok(written)
    }

    fn redact_one(&self, tx: &mut dyn Tx, stamp: &Stamp, act: TextRedacted) -> Result<EntryId, CenterError> {
        let about_nobody = TextRedacted { subject: None, ..act.clone() };
        match self.write(tx, stamp, act) {
            // Of a subject that nobody registered the words go all the same.
            Err(CenterError::UnknownSubject(_)) => self.write(tx, stamp, about_nobody),
            about => about,
        }
    }
}

/// Notes the free texts of an entry.
fn note_texts(tx: &dyn Tx, entry: &Entry, found: &mut Vec<KeptText>) -> Result<(), StoreError> {
    for commit in entry.act.texts() {
        let words = tx.text(commit, owner_of(&entry.log, &entry.act))?.map(|row| row.text);
        found.push(KeptText { commit, log: entry.log.to_string(), seq: entry.seq, act: entry.act.name(), words });
    }
    Ok(())
}

/// Whose words the free texts of an act are: a site's, or the center's.
fn owner_of<'a>(log: &'a str, act: &'a Act) -> &'a str {
    act.site_of_texts(log).unwrap_or(CENTER)
}

/// Whom the entries are about that brought each of these texts; none for what is about no subject. An entry that only names another's
/// text did not bring it. All of them in one reading of the logs.
fn subjects_of(tx: &dyn Tx, texts: BTreeSet<TextCommit>) -> Result<BTreeMap<TextCommit, Subjects>, CenterError> {
    let names: BTreeSet<Vec<u8>> = texts.iter().map(|text| text.hex().into_bytes()).collect();
    let mut owners = BTreeMap::new();
    for text in &texts {
        owners.insert(*text, tx.text_of(*text)?);
    }
    let mut found: BTreeMap<TextCommit, Subjects> = texts.into_iter().map(|text| (text, Subjects::new())).collect();
    for log in tx.logs()? {
        tx.lines(&log, 1, &mut |_, _, id, bytes| {
            // Looking for the names is much faster than reading every line.
            if bytes.split(|byte| !byte.is_ascii_hexdigit()).any(|part| names.contains(part)) {
                let line = Line::reread(bytes.to_vec(), id).map_err(|_| StoreError::Damaged("an entry"))?;
                let act = &line.entry().act;
                for text in act.texts() {
                    let Some((of, subjects)) = owners.get(&text).zip(found.get_mut(&text)) else { continue };
                    // Whatever names a text that never came is all that is known of it.
                    if of.is_empty() || of.iter().any(|of| of == owner_of(&log, act)) {
                        subjects.insert(act.subject().cloned());
                    }
                }
            }
            Ok(())
        })?;
    }
    for (text, subjects) in &mut found {
        // Words of an entry that is kept aside.
        if subjects.is_empty() && owners.get(text).is_some_and(|of| !of.is_empty()) {
            subjects.insert(None);
        }
        if subjects.is_empty() {
            return Err(CenterError::UnknownText);
        }
    }
    Ok(found)
}
