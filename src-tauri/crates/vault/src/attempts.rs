//! Failed unlocks: remembered beside the database (which can't be opened then), slowed down, and journaled at the
//! next unlock. Who steals the folder can delete this file; against them stands the cost of Argon2id.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use crate::VaultError;
use crate::folder::{self, Folder};

/// Failures that cost nothing: a nurse with gloves mistypes.
const FREE: usize = 3;
/// Seconds after the first failure that costs; doubles with each further one.
const FIRST_DELAY: u32 = 5;
/// Longest delay in seconds.
const LONGEST_DELAY: u32 = 15 * 60;
/// Failures kept for the journal; more are counted only.
const KEPT: usize = 200;

/// One failed unlock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedLogin {
    /// The account, if there is one of that name. What else was typed is not kept: it may have been a password.
    pub user: Option<String>,
    /// Wall clock, milliseconds since 1970.
    pub at_ms: i64,
    /// Local offset, minutes east of UTC.
    pub tz: i32,
}

/// The failures since the last unlock.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Attempts {
    pub(crate) refused: Vec<RefusedLogin>,
    count: usize,
}

impl Attempts {
    /// Reads them; an unreadable file counts as none. Those that could not be written are remembered beside it.
    pub(crate) fn read(folder: &Folder) -> Self {
        if let Some(unkept) = unkept().get(&folder.root) {
            return unkept.clone();
        }
        let bytes = folder::read_small(&folder.attempts()).ok().flatten().unwrap_or_default();
        serde_json::from_slice(&bytes).unwrap_or_default()
    }

    /// Whether some of them could not be written.
    pub(crate) fn are_unkept(folder: &Folder) -> bool {
        unkept().contains_key(&folder.root)
    }

    /// Seconds to wait at `now_ms`.
    pub(crate) fn wait(&self, now_ms: i64) -> u32 {
        let Some(last) = self.refused.last() else { return 0 };
        let Some(costly) = self.count.checked_sub(FREE) else { return 0 };
        let doublings = u32::try_from(costly).unwrap_or(u32::MAX).min(16);
        let delay = FIRST_DELAY.saturating_mul(1 << doublings).min(LONGEST_DELAY);
        // A clock set back must neither lock out for years nor shorten the delay.
        let passed = now_ms.saturating_sub(last.at_ms).clamp(0, i64::from(delay) * 1000);
        delay - u32::try_from(passed / 1000).unwrap_or(delay).min(delay)
    }

    /// Notes a failure: lastingly, or for as long as the program runs where the disk takes in nothing. A guess is answered as
    /// one either way, and slows the next one down.
    pub(crate) fn note(&mut self, folder: &Folder, refusal: RefusedLogin) {
        self.count += 1;
        if self.refused.len() == KEPT {
            self.refused.remove(KEPT / 2);
        }
        self.refused.push(refusal);
        let bytes = serde_json::to_vec(self).unwrap_or_default();
        if folder::replace(&folder.attempts(), &bytes).is_ok() {
            unkept().remove(&folder.root);
        } else {
            unkept().insert(folder.root.clone(), self.clone());
        }
    }

    /// Forgets them, once they are in the journal.
    ///
    /// # Errors
    /// What the disk says: then they are journaled once more after the next unlock.
    pub(crate) fn forget(folder: &Folder) -> Result<(), VaultError> {
        unkept().remove(&folder.root);
        folder::remove(&folder.attempts())
    }
}

/// Failures that could not be written, by the vault's folder.
fn unkept() -> MutexGuard<'static, BTreeMap<PathBuf, Attempts>> {
    static UNKEPT: Mutex<BTreeMap<PathBuf, Attempts>> = Mutex::new(BTreeMap::new());
    UNKEPT.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(times: usize) -> Attempts {
        let refusal = RefusedLogin { user: None, at_ms: 1_000_000, tz: 0 };
        Attempts { refused: vec![refusal; times.min(KEPT)], count: times }
    }

    #[test]
    fn delays_escalate_and_end() {
        assert_eq!(failed(0).wait(1_000_000), 0);
        assert_eq!(failed(2).wait(1_000_000), 0);
        assert_eq!(failed(3).wait(1_000_000), 5);
        assert_eq!(failed(4).wait(1_000_000), 10);
        assert_eq!(failed(4).wait(1_004_000), 6);
        assert_eq!(failed(5).wait(1_000_000), 20);
        assert_eq!(failed(40).wait(1_000_000), LONGEST_DELAY);
        assert_eq!(failed(40).wait(1_000_000 + 901_000), 0);
    }

    #[test]
    fn a_clock_set_back_neither_helps_nor_locks_out() {
        assert_eq!(failed(4).wait(0), 10);
        assert_eq!(failed(4).wait(i64::MIN), 10);
    }

    #[test]
    fn they_last_and_are_forgotten() {
        let temp = tempfile::tempdir().expect("temp");
        let folder = Folder::new(temp.path());
        for n in 0..(KEPT + 5) {
            let mut attempts = Attempts::read(&folder);
            assert_eq!(attempts.count, n);
            attempts.note(&folder, RefusedLogin { user: Some("nurse1".into()), at_ms: 7, tz: 480 });
        }
        assert_eq!(Attempts::read(&folder).refused.len(), KEPT);
        Attempts::forget(&folder).expect("forget");
        assert_eq!(Attempts::read(&folder).count, 0);
        std::fs::write(folder.attempts(), "{").expect("write");
        assert_eq!(Attempts::read(&folder).count, 0);
    }
}
