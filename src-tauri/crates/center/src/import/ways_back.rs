//! What a device's entries tell of its ways back in: recovery codes that were used, a vault put back from a copy, and what the
//! site's computer noticed of an older copy by itself.

use crate::AlarmKind;
use crate::codes::{CodeUse, SaidOfCodes};
use crate::store::{StoreError, Tx};
use casebook::{Act, Entry, EntryId, LogEnd};

/// Entries of a bundle that tell so, kept while it is imported.
#[derive(Default)]
pub(super) struct WaysBack {
    /// The recovery codes that opened the vault.
    used: Vec<CodeUse>,
    /// The places that say that the vault was put back from a copy.
    restored: Vec<u64>,
    /// What the site's computer noticed of its vault, each with its place.
    told: Vec<(AlarmKind, u64)>,
}

/// What people are to be told.
pub(super) struct Notice {
    pub(super) kind: AlarmKind,
    /// Where the log tells it.
    pub(super) seq: u64,
    /// The last of several places.
    pub(super) last: Option<u64>,
}

impl WaysBack {
    /// Looks at one entry, of whichever branch.
    pub(super) fn look(&mut self, id: EntryId, entry: &Entry) {
        self.used.extend(CodeUse::of(id, entry));
        match &entry.act {
            Act::VaultRestored(_) => self.restored.push(entry.seq),
            Act::AlarmRaised(act) => self.told.extend(AlarmKind::told(&act.code).map(|kind| (kind, entry.seq))),
            _ => {}
        }
    }

    /// What they give away of a log that was held until `held`.
    pub(super) fn judge(&self, tx: &dyn Tx, log: &str, held: LogEnd) -> Result<Vec<Notice>, StoreError> {
        let mut found = Vec::new();
        if !self.used.is_empty() {
            // What can't be read stops no bundle: a code whose release is among that is told as one that nobody was told.
            let said = SaidOfCodes::read(tx, log)?;
            for (at, used) in self.used.iter().enumerate() {
                let kinds = [whose(&said, log, used), self.is_again(&said, at).then_some(AlarmKind::RecoveryAgain)];
                let notices = kinds.into_iter().flatten().map(|kind| Notice { kind, seq: used.seq, last: None });
                found.extend(notices);
            }
        }
        // The entry follows all that the vault had then. What is held from its own place on was written by the vault that was
        // lost, and the one that was put back does not have it.
        let lacks = |seq: u64| (held.seq >= seq).then_some(held.seq);
        let restored = self.restored.iter();
        found.extend(restored.map(|&seq| Notice { kind: AlarmKind::Restored, seq, last: lacks(seq) }));
        found.extend(self.told.iter().map(|&(kind, seq)| Notice { kind, seq, last: None }));
        Ok(found)
    }

    /// Whether the code was used before, in whichever branch; of two uses in this bundle the later one is the second.
    fn is_again(&self, said: &SaidOfCodes, at: usize) -> bool {
        let used = &self.used[at];
        let comes_later = |id: EntryId| self.used[at + 1..].iter().any(|later| later.id == id);
        said.uses.iter().any(|other| other.code == used.code && other.id != used.id && !comes_later(other.id))
    }
}

/// What is wrong with whom a code was read out for.
fn whose(said: &SaidOfCodes, log: &str, used: &CodeUse) -> Option<AlarmKind> {
    if !said.state.recovery(log).is_some_and(|recovery| recovery.released.contains_key(&used.code)) {
        return Some(AlarmKind::RecoveryCode);
    }
    let is_anothers = said.read_out_for.get(&used.code).is_some_and(|meant| *meant != used.user);
    is_anothers.then_some(AlarmKind::RecoveryAccount)
}
