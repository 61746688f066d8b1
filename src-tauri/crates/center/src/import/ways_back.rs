//! What a device's entries tell of its ways back in: recovery codes that were used, a vault put back from a copy, and what the
//! site's computer noticed of an older copy by itself.

use crate::AlarmKind;
use crate::codes::{CodeUse, SaidOfCodes};
use crate::store::{StoreError, Tx};
use casebook::trial_state::RecoveryCode;
use casebook::{Act, Entry, EntryId, LogEnd};
use std::collections::{BTreeMap, HashMap};

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
            let first = self.first_uses(&said);
            for (at, used) in self.used.iter().enumerate() {
                let is_again = first.get(&used.code).is_some_and(|first| *first < Some(at));
                let kinds = [whose(&said, log, used), is_again.then_some(AlarmKind::RecoveryAgain)];
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

    /// Where each code was used first, in whichever branch: by which of the uses of this bundle, or none for one that was held before. Looked
    /// up once for all of them: a device may send very many, and nobody else can write meanwhile.
    fn first_uses(&self, said: &SaidOfCodes) -> BTreeMap<RecoveryCode, Option<usize>> {
        let own: HashMap<EntryId, usize> = self.used.iter().enumerate().map(|(at, used)| (used.id, at)).collect();
        let mut first = BTreeMap::new();
        for used in &said.uses {
            let at = own.get(&used.id).copied();
            first.entry(used.code).and_modify(|known: &mut Option<usize>| *known = at.min(*known)).or_insert(at);
        }
        first
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
