//! What a device's entries tell of its ways back in: recovery codes that were used, a vault put back from a copy, and what the
//! site's computer noticed of an older copy by itself.

use crate::codes::{read_out_for, recovery_state};
use crate::store::Tx;
use crate::{AlarmKind, CenterError};
use casebook::{Act, Entry, LogEnd};
use study::Oid;

/// Entries of a bundle that tell so, kept while it is imported.
#[derive(Default)]
pub(super) struct WaysBack {
    used: Vec<UsedCode>,
    /// The places that say that the vault was put back from a copy.
    restored: Vec<u64>,
    /// What the site's computer noticed of its vault, each with its place.
    told: Vec<(AlarmKind, u64)>,
}

/// A recovery code that opened the vault.
struct UsedCode {
    seq: u64,
    set: u64,
    code: u32,
    /// The account that got a password by it.
    user: Oid,
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
    pub(super) fn look(&mut self, entry: &Entry) {
        match &entry.act {
            Act::RecoveryUsed(act) => {
                let user = act.user.clone();
                self.used.push(UsedCode { seq: entry.seq, set: act.set, code: act.code, user });
            }
            Act::VaultRestored(_) => self.restored.push(entry.seq),
            Act::AlarmRaised(act) => self.told.extend(AlarmKind::told(&act.code).map(|kind| (kind, entry.seq))),
            _ => {}
        }
    }

    /// What they give away of a log that was held until `held`.
    pub(super) fn judge(&self, tx: &dyn Tx, log: &str, held: LogEnd) -> Result<Vec<Notice>, CenterError> {
        let mut found = Vec::new();
        if !self.used.is_empty() {
            let (state, meant) = (recovery_state(tx, log)?, read_out_for(tx, log)?);
            let kind = |used: &UsedCode| {
                let code = (used.set, used.code);
                if !state.recovery(log).is_some_and(|recovery| recovery.released.contains_key(&code)) {
                    return Some(AlarmKind::RecoveryCode);
                }
                meant.get(&code).filter(|meant| **meant != used.user).map(|_| AlarmKind::RecoveryAccount)
            };
            let told =
                self.used.iter().filter_map(|used| Some(Notice { kind: kind(used)?, seq: used.seq, last: None }));
            found.extend(told);
        }
        // The entry follows all that the vault had then. What is held from its own place on was written by the vault that was
        // lost, and the one that was put back does not have it.
        let lacks = |seq: u64| (held.seq >= seq).then_some(held.seq);
        let restored = self.restored.iter();
        found.extend(restored.map(|&seq| Notice { kind: AlarmKind::Restored, seq, last: lacks(seq) }));
        found.extend(self.told.iter().map(|&(kind, seq)| Notice { kind, seq, last: None }));
        Ok(found)
    }
}
