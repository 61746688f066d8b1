//! What branches say that were put aside for good: all of it, thing by thing, with the words as they are held now. So what was redacted
//! since is not shown, and what was cut short in a question is whole.

use super::kept::{reread, settled_by};
use super::said::Said;
use crate::store::{StoreError, Tx};
use crate::{Center, CenterError};
use casebook::act::{Branch, LogSettled};
use casebook::{CENTER, EntryId, Line, Private};
use serde::Serialize;

/// A fork that was settled, and what the branches say that were put aside.
#[derive(Clone, Debug, Serialize)]
pub struct SettledRest {
    /// The place in the center's log at which it was settled.
    pub entry: u64,
    /// How it was settled; none where that entry can't be read any more.
    #[serde(flatten)]
    pub settled: Option<SettledBy>,
    /// What was put aside says, in its order. Signing in, sending and the like is nobody's work and left out.
    pub said: Vec<PutAside>,
    /// Its entries that can't be read any more.
    pub unreadable: Vec<u64>,
    /// Bundles that were put aside with it unread.
    pub bundles: Vec<UnreadBundle>,
    /// The ids of those.
    #[serde(skip)]
    pub(super) unread: Vec<EntryId>,
}

/// How a fork was settled.
#[derive(Clone, Debug, Serialize)]
pub struct SettledBy {
    /// The first sequence number that had two entries.
    pub seq: u64,
    /// The branch that goes on.
    pub kept: Branch,
    /// When it was settled, local time.
    pub at: String,
    /// Who settled it.
    pub by: String,
    /// Why; none where those words were redacted.
    pub reason: Option<Private>,
}

impl SettledRest {
    /// Whether something of it can't be read any more.
    #[must_use]
    pub fn is_damaged(&self) -> bool {
        self.settled.is_none() || !self.unreadable.is_empty() || self.bundles.iter().any(|bundle| bundle.damaged)
    }
}

/// One thing that a branch says that was put aside.
#[derive(Clone, Debug, Serialize)]
pub struct PutAside {
    /// The entry's sequence number in that branch.
    pub seq: u64,
    /// When it was written, local time by the device's clock.
    pub at: String,
    /// By whom.
    pub by: String,
    /// The act's name.
    pub act: &'static str,
    /// The subject, and the place in its book; or the account.
    pub place: String,
    /// What it says: values and words.
    pub words: Private,
}

/// A bundle that was put aside unread.
#[derive(Clone, Debug, Serialize)]
pub struct UnreadBundle {
    /// The first entry in it.
    pub first: u64,
    /// The last entry in it.
    pub last: u64,
    /// What it says that is in no log. Free texts of it are not held, so their words are not shown.
    pub said: Vec<PutAside>,
    /// Whether its file can't be read any more, so that nothing is known of what it says.
    pub damaged: bool,
}

impl PutAside {
    /// All that an entry says.
    pub(super) fn all_of(tx: &dyn Tx, line: &Line) -> Result<Vec<Self>, StoreError> {
        let entry = line.entry();
        let said = Said::all_of(entry).into_iter().map(|one| {
            Ok(Self {
                seq: entry.seq,
                at: entry.at.local(entry.tz),
                by: entry.by.to_string(),
                act: entry.act.name(),
                place: one.place(),
                words: one.whole_words(tx)?.into(),
            })
        });
        said.collect()
    }
}

impl Center {
    /// What the branches of a device's log say that were put aside, settlement by settlement; nothing where none was.
    ///
    /// # Errors
    /// When there is no such device, or the database fails.
    pub fn rest(&self, device: &str) -> Result<Vec<SettledRest>, CenterError> {
        self.store.read(|tx| {
            tx.device(device)?.ok_or_else(|| CenterError::UnknownDevice(device.to_owned()))?;
            let settled = tx.settled(device)?;
            let rests = settled.iter().map(|count| rest_of(tx, device, count.by));
            let mut rests = rests.collect::<Result<Vec<_>, _>>()?;
            self.add_unread(tx, device, &mut rests)?;
            Ok(rests)
        })
    }
}

/// What was put aside by one entry of the center's log. Where that entry was damaged, what it put aside is read all the same.
fn rest_of(tx: &dyn Tx, log: &str, by: u64) -> Result<SettledRest, CenterError> {
    let (settled, unread) = match settled_by(tx, by) {
        Err(StoreError::Damaged(_)) => (None, Vec::new()),
        read => {
            let (LogSettled { seq, kept, reason, unread, .. }, line) = read?;
            let (entry, reason) = (line.entry(), tx.text(reason.text, CENTER)?.map(|row| row.text));
            let (at, by) = (entry.at.local(entry.tz), entry.by.to_string());
            (Some(SettledBy { seq, kept, at, by, reason }), unread)
        }
    };
    let (mut said, mut unreadable) = (Vec::new(), Vec::new());
    tx.put_aside(log, by, &mut |_, seq, id, bytes| {
        match reread(bytes, id) {
            Some(line) => said.extend(PutAside::all_of(tx, &line)?),
            None => unreadable.push(seq),
        }
        Ok(())
    })?;
    Ok(SettledRest { entry: by, settled, said, unreadable, bundles: Vec::new(), unread })
}
