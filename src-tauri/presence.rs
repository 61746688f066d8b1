//! Whether somebody is there, as far as a program can know: what the vault's own lock waits for. Pure: the time is given, of
//! a clock that nobody can set.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long before locking the window is warned.
const WARNING: Duration = Duration::from_secs(60);
/// So long one piece of work counts as somebody being there. One that takes longer hangs, or nobody waits for it.
const LONGEST_WORK: Duration = Duration::from_secs(30 * 60);
/// A look that comes this much late means that the machine slept.
const SLEPT: Duration = Duration::from_secs(30);

/// When somebody was last noticed, and which work is under way.
#[derive(Default)]
pub struct Presence {
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    /// Idle time after which the vault locks; none while it is locked.
    lock_after: Option<Duration>,
    touched: Duration,
    /// When each piece of long work began.
    works: BTreeMap<u64, Duration>,
    begun: u64,
}

/// One piece of long work.
#[derive(Debug, PartialEq, Eq)]
pub struct WorkId(u64);

/// How long nobody has been noticed, against the time after which the vault locks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Idle {
    /// The vault is locked.
    Locked,
    /// Not long enough to speak of.
    Here,
    /// So long that the vault will lock in so many seconds.
    Leaving { seconds_left: u64 },
    /// The vault must lock.
    Gone,
}

impl Presence {
    /// Notes that a person is there.
    pub fn touch(&self, at: Duration) {
        self.known().touched = at;
    }

    /// Notes that long work begins.
    pub fn begin(&self, at: Duration) -> WorkId {
        let mut known = self.known();
        known.begun += 1;
        let id = known.begun;
        known.works.insert(id, at);
        WorkId(id)
    }

    /// Notes that it is over. Whoever waited for it is there now.
    pub fn end(&self, work: &WorkId, at: Duration) {
        let mut known = self.known();
        known.works.remove(&work.0);
        known.touched = at;
    }

    /// Notes after how many idle minutes the open vault locks, or that none is open. One that was just opened was opened by
    /// somebody.
    pub fn set_open(&self, lock_after_minutes: Option<u32>, at: Duration) {
        let mut known = self.known();
        let lock_after = lock_after_minutes.map(|minutes| Duration::from_secs(u64::from(minutes.max(1)) * 60));
        if lock_after.is_some() && known.lock_after.is_none() {
            known.touched = at;
        }
        known.lock_after = lock_after;
    }

    /// How things stand.
    pub fn idle(&self, at: Duration) -> Idle {
        let known = self.known();
        let Some(lock_after) = known.lock_after else { return Idle::Locked };
        let working = known.works.values().map(|began| at.min(*began + LONGEST_WORK));
        let noticed = working.fold(known.touched, Duration::max);
        let left = lock_after.saturating_sub(at.saturating_sub(noticed));
        match left {
            Duration::ZERO => Idle::Gone,
            left if left <= WARNING => {
                let begun = u64::from(left.subsec_nanos() > 0);
                Idle::Leaving { seconds_left: left.as_secs() + begun }
            }
            _ => Idle::Here,
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        // Times and numbers: whoever panicked left none of them half written.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether the machine slept between two looks that are a second apart.
pub fn has_slept(before: Duration, now: Duration) -> bool {
    now.saturating_sub(before) > SLEPT
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(seconds: u64) -> Duration {
        // A machine that has run for a while.
        Duration::from_secs(1_000_000 + seconds)
    }

    fn opened() -> Presence {
        let presence = Presence::default();
        presence.set_open(Some(10), at(0));
        presence
    }

    /// security.md, M7: the lock runs on a clock that nobody sets. The wall clock has no way in here: it may be set back or
    /// forward by hours, and ten idle minutes stay ten.
    #[test]
    fn m7_an_idle_vault_locks_after_its_minutes_and_not_before() {
        let presence = opened();
        assert_eq!(presence.idle(at(539)), Idle::Here);
        assert_eq!(presence.idle(at(540)), Idle::Leaving { seconds_left: 60 });
        assert_eq!(presence.idle(at(599)), Idle::Leaving { seconds_left: 1 });
        assert_eq!(presence.idle(at(600)), Idle::Gone);
        assert_eq!(presence.idle(at(5 * 3600)), Idle::Gone);
        presence.touch(at(599));
        assert_eq!(presence.idle(at(600)), Idle::Here);
        assert_eq!(presence.idle(at(1_199)), Idle::Gone);
    }

    #[test]
    fn time_asleep_is_idle_time_and_a_long_sleep_is_one() {
        let presence = opened();
        presence.touch(at(100));
        // The clock counts the sleep: the next look is as late as the sleep was long.
        assert_eq!(presence.idle(at(100 + 8 * 3600)), Idle::Gone);
        assert!(has_slept(at(100), at(131)));
        assert!(!has_slept(at(100), at(130)), "a slow machine does not sleep");
        assert!(!has_slept(at(100), at(99)));
    }

    #[test]
    fn a_locked_vault_is_not_idle_and_an_opened_one_begins_anew() {
        let presence = Presence::default();
        assert_eq!(presence.idle(at(9_999)), Idle::Locked);
        presence.set_open(Some(1), at(10_000));
        assert_eq!(presence.idle(at(10_000)), Idle::Leaving { seconds_left: 60 });
        // Said again after each act, which by itself is nobody: the window asks much on its own.
        presence.set_open(Some(1), at(10_059));
        assert_eq!(presence.idle(at(10_060)), Idle::Gone);
        presence.set_open(None, at(10_061));
        assert_eq!(presence.idle(at(20_000)), Idle::Locked);
    }

    /// security.md, M7's sibling: with two works under way the end of the first one counted for both.
    #[test]
    fn m7_work_keeps_a_vault_open_until_the_last_one_ends() {
        let presence = opened();
        let (export, import) = (presence.begin(at(0)), presence.begin(at(1)));
        presence.end(&export, at(10));
        assert_eq!(presence.idle(at(1_000)), Idle::Here);
        presence.end(&import, at(1_000));
        assert_eq!(presence.idle(at(1_001)), Idle::Here);
        assert_eq!(presence.idle(at(1_600)), Idle::Gone);
    }

    /// The same: work that hangs kept the vault open for ever.
    #[test]
    fn work_that_never_ends_keeps_no_vault_open_for_ever() {
        let presence = opened();
        let hung = presence.begin(at(0));
        let bound = LONGEST_WORK.as_secs();
        assert_eq!(presence.idle(at(bound)), Idle::Here);
        assert_eq!(presence.idle(at(bound + 599)), Idle::Leaving { seconds_left: 1 }, "with a warning");
        assert_eq!(presence.idle(at(bound + 600)), Idle::Gone);
        presence.touch(at(bound + 600));
        assert_eq!(presence.idle(at(bound + 601)), Idle::Here);
        presence.end(&hung, at(bound + 700));
        assert_eq!(presence.idle(at(bound + 1_299)), Idle::Leaving { seconds_left: 1 });
    }
}
