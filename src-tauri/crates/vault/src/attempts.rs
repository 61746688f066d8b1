//! Refused passwords and recovery codes: counted for each account, slowed down, and journaled.
//!
//! They are remembered beside the database, which can't be opened while nobody is let in. Who steals the folder can delete
//! that file; against them stands the cost of Argon2id. The delay runs on a clock that nobody can set for as long as the
//! program runs; of failures that another run of it counted, the wall clock says how long they are past.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use seal::KeySlots;
use serde::{Deserialize, Serialize};

use crate::folder::{self, Folder};
use crate::{Stamp, VaultError};

/// The version of the file that is written.
const VERSION: u32 = 2;
/// Failures that cost nothing: a nurse with gloves mistypes.
const FREE: u32 = 3;
/// Seconds after the first failure that costs; doubles with each further one.
const FIRST_DELAY: u32 = 5;
/// Longest delay in seconds.
const LONGEST_DELAY: u32 = 15 * 60;
/// Refusals kept for the journal; more are counted only.
const KEPT: usize = 200;
/// Under which all names are counted that no account has.
const NOBODY: &str = "";

/// Asks for a password or code of the vault in `folder`, or of a copy of one, as a sign-in does: it waits after too many
/// failures, a refusal is counted, and told in the journal at the vault's next sign-in (or by [`crate::Open::journal_refusals`]).
/// Where a copy's password is asked on a computer that has the vault, that vault's folder is the one to name; its failures go with
/// nothing but a sign-in there: anybody can make a folder that says it is a copy, and knows a password of it.
///
/// # Errors
/// [`VaultError::Wait`], and those of `ask`, of which [`VaultError::WrongPassword`] and [`VaultError::WrongCode`] count.
pub fn guarded<T>(
    folder: &Path,
    user: &str,
    stamp: &Stamp,
    ask: impl FnOnce() -> Result<T, VaultError>,
) -> Result<T, VaultError> {
    // One after another: guesses side by side would all be made before the first of them counts.
    static ONE: Mutex<()> = Mutex::new(());
    let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = Folder::new(folder);
    let slots = folder::read_small(&folder.slots()).ok().flatten();
    let has_vault = slots.is_some();
    let is_known = slots
        .and_then(|bytes| KeySlots::read(&bytes).ok())
        .is_some_and(|slots| slots.users().any(|known| known == user));
    let asked = Asked { folder: &folder, account: is_known.then_some(user) };
    let _turn = Turn::take(&folder)?;
    asked.wait(stamp)?;
    let answer = ask();
    asked.note(stamp, &answer);
    if answer.is_ok() && !has_vault {
        // What can't be forgotten now slows down this account's next failure.
        let _ = asked.journaled(0);
    }
    answer
}

/// Gives what was counted in a folder of its own, while a device's vault was not there or could not be known as its, to the vault in
/// `vault`. What can't be given now keeps nobody out and no vault from being put back: it stays where it is.
pub fn move_refusals(from: &Path, vault: &Path) {
    let from = Folder::new(from);
    let _turn = Turn::take(&from);
    if hand_over(&from, &Folder::new(vault)).is_ok_and(|given| given) {
        let _ = Attempts::default().write_without(0, &from);
    }
}

/// Counts in the vault in `vault` what was counted in another folder of its device, which keeps it, too; gives whether there was
/// anything. What an account has failed there it has failed here; a name that no account has here is nobody's.
///
/// # Errors
/// What the disk says.
pub(crate) fn hand_over(from: &Folder, vault: &Folder) -> Result<bool, VaultError> {
    let given = Attempts::read(from);
    if from.root == vault.root || given.refused.is_empty() && given.failures.is_empty() {
        return Ok(false);
    }
    let slots = folder::read_small(&vault.slots())?.and_then(|bytes| KeySlots::read(&bytes).ok());
    let is_known = |name: &str| slots.as_ref().is_some_and(|slots| slots.users().any(|known| known == name));
    let _turn = Turn::take(vault);
    let mut held = Attempts::read(vault);
    for refusal in given.refused {
        let user = refusal.user.filter(|user| is_known(user));
        held.keep(RefusedLogin { user, ..refusal });
    }
    for (name, failures) in given.failures.into_iter().filter(|(name, _)| name == NOBODY || is_known(name)) {
        let here = held.failures.entry(name).or_insert(failures);
        *here = if here.count < failures.count { failures } else { *here };
    }
    held.write_without(0, vault)?;
    Ok(true)
}

/// The turn at what is counted in a folder, of all programs. Guesses side by side would all be made before the first of them
/// counts; and of two who write the file at once, what one of them counted would be lost.
///
/// Whoever has it can take it again.
pub(crate) struct Turn {
    root: Option<PathBuf>,
    _lock: Option<File>,
}

thread_local! {
    /// The folders at which this thread has the turn.
    static TURNS: RefCell<BTreeSet<PathBuf>> = const { RefCell::new(BTreeSet::new()) };
}

impl Turn {
    /// # Errors
    /// [`VaultError::InUse`] when it does not come.
    pub(crate) fn take(folder: &Folder) -> Result<Self, VaultError> {
        if TURNS.with_borrow(|turns| turns.contains(&folder.root)) {
            return Ok(Self { root: None, _lock: None });
        }
        let lock = folder.lock_attempts()?;
        TURNS.with_borrow_mut(|turns| turns.insert(folder.root.clone()));
        Ok(Self { root: Some(folder.root.clone()), _lock: lock })
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(root) = &self.root {
            TURNS.with_borrow_mut(|turns| turns.remove(root));
        }
    }
}

/// Who is asked for a password or code of which vault.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    /// The vault's folder.
    pub(crate) folder: &'a Folder,
    /// The account; none for a name that no account has.
    pub(crate) account: Option<&'a str>,
}

impl Asked<'_> {
    /// # Errors
    /// [`VaultError::Wait`] while a failure before this one is to be waited for.
    pub(crate) fn wait(&self, stamp: &Stamp) -> Result<(), VaultError> {
        let Some(failures) = Attempts::read(self.folder).failures.get(self.name()).copied() else { return Ok(()) };
        let mut memory = memory();
        let ends = &mut memory.entry(self.folder.root.clone()).or_default().ends;
        let end = match ends.get(self.name()) {
            Some((count, end)) if *count == failures.count => *end,
            _ => {
                let end = steady() + failures.left(stamp.at.ms());
                ends.insert(self.name().to_owned(), (failures.count, end));
                end
            }
        };
        let left = end.saturating_duration_since(steady());
        let seconds = u32::try_from(left.as_millis().div_ceil(1000)).unwrap_or(LONGEST_DELAY);
        if seconds == 0 { Ok(()) } else { Err(VaultError::Wait { seconds }) }
    }

    /// Notes a refusal: lastingly, or for as long as the program runs where the disk takes in nothing. A guess is answered as
    /// one either way, and slows the next one down.
    pub(crate) fn note<T>(&self, stamp: &Stamp, answer: &Result<T, VaultError>) {
        if !matches!(answer, Err(VaultError::WrongPassword | VaultError::WrongCode)) {
            return;
        }
        // Where it does not come, a refusal is counted all the same.
        let _turn = Turn::take(self.folder);
        let mut attempts = Attempts::read(self.folder);
        let at_ms = stamp.at.ms();
        let failures = attempts.failures.entry(self.name().to_owned()).or_insert(Failures { count: 0, at_ms });
        *failures = Failures { count: failures.count.saturating_add(1), at_ms };
        let (count, end) = (failures.count, steady() + failures.delay());
        let user = self.account.map(str::to_owned);
        attempts.keep(RefusedLogin { user, at_ms, tz: stamp.tz.minutes(), failures: count });
        let written = attempts.write(self.folder);
        let mut memory = memory();
        let known = memory.entry(self.folder.root.clone()).or_default();
        known.ends.insert(self.name().to_owned(), (count, end));
        known.unkept = written.is_err().then_some(attempts);
    }

    /// Forgets this account's failures, and the first `journaled` of the refusals, which the journal tells now.
    ///
    /// # Errors
    /// What the disk says: then they are journaled once more after the next sign-in.
    pub(crate) fn journaled(&self, journaled: usize) -> Result<(), VaultError> {
        let _turn = Turn::take(self.folder);
        let mut attempts = Attempts::read(self.folder);
        let had_failures = attempts.failures.remove(self.name()).is_some();
        if let Some(known) = memory().get_mut(&self.folder.root) {
            known.ends.remove(self.name());
        }
        if had_failures || journaled > 0 { attempts.write_without(journaled, self.folder) } else { Ok(()) }
    }

    fn name(&self) -> &str {
        self.account.unwrap_or(NOBODY)
    }
}

/// The refusals that the journal does not tell yet.
pub(crate) fn unjournaled(folder: &Folder) -> Vec<RefusedLogin> {
    Attempts::read(folder).refused
}

/// Forgets the first `journaled` of them; failures are counted on.
///
/// # Errors
/// What the disk says: then they are journaled once more after the next sign-in.
pub(crate) fn forget_journaled(folder: &Folder, journaled: usize) -> Result<(), VaultError> {
    let _turn = Turn::take(folder);
    Attempts::read(folder).write_without(journaled, folder)
}

/// Whether some of them could not be written.
pub(crate) fn are_unkept(folder: &Folder) -> bool {
    memory().get(&folder.root).is_some_and(|known| known.unkept.is_some())
}

/// One refused password or code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedLogin {
    /// The account, if there is one of that name. What else was typed is not kept: it may have been a password.
    pub user: Option<String>,
    /// Wall clock, milliseconds since 1970.
    pub at_ms: i64,
    /// Local offset, minutes east of UTC.
    pub tz: i32,
    /// Failures of this account in a row, this one included; 0 where version 1 of the file did not say.
    #[serde(default)]
    pub failures: u32,
}

/// One account's failures in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Failures {
    count: u32,
    /// Wall clock of the last one.
    at_ms: i64,
}

impl Failures {
    /// How long the last one is to be waited for.
    fn delay(&self) -> Duration {
        let Some(costly) = self.count.checked_sub(FREE) else { return Duration::ZERO };
        let seconds = FIRST_DELAY.saturating_mul(1 << costly.min(16)).min(LONGEST_DELAY);
        Duration::from_secs(seconds.into())
    }

    /// What is left of that at `now_ms`. A clock that was set back must neither lock out for years nor shorten it.
    fn left(&self, now_ms: i64) -> Duration {
        let passed = u64::try_from(now_ms.saturating_sub(self.at_ms)).unwrap_or(0);
        self.delay().saturating_sub(Duration::from_millis(passed))
    }
}

/// What the file holds.
#[derive(Clone, Default)]
struct Attempts {
    refused: Vec<RefusedLogin>,
    failures: BTreeMap<String, Failures>,
}

/// The file, in each of its versions.
#[derive(Serialize, Deserialize)]
struct Written {
    #[serde(default)]
    version: u32,
    refused: Vec<RefusedLogin>,
    #[serde(default)]
    failures: BTreeMap<String, Failures>,
    /// Of version 1, which did not name itself: all failures since the last sign-in.
    #[serde(default, skip_serializing)]
    count: u32,
}

impl Attempts {
    /// Reads them; an unreadable file counts as none. Those that could not be written are remembered beside it.
    fn read(folder: &Folder) -> Self {
        if let Some(unkept) = memory().get(&folder.root).and_then(|known| known.unkept.clone()) {
            return unkept;
        }
        let bytes = folder::read_small(&folder.attempts()).ok().flatten().unwrap_or_default();
        let Ok(Written { version, refused, failures, count }) = serde_json::from_slice(&bytes) else {
            return Self::default();
        };
        if version == 0 { Self::of_version_1(refused, count) } else { Self { refused, failures } }
    }

    /// Counts for each account what was counted for all. What was counted only is the last one's.
    fn of_version_1(mut refused: Vec<RefusedLogin>, count: u32) -> Self {
        let mut failures: BTreeMap<String, Failures> = BTreeMap::new();
        let mut uncounted = count.saturating_sub(u32::try_from(refused.len()).unwrap_or(u32::MAX));
        let last = refused.len().saturating_sub(1);
        for (place, refusal) in refused.iter_mut().enumerate() {
            let name = refusal.user.as_deref().unwrap_or(NOBODY).to_owned();
            let known = failures.entry(name).or_insert(Failures { count: 0, at_ms: refusal.at_ms });
            let more = if place == last { 1 + std::mem::take(&mut uncounted) } else { 1 };
            *known = Failures { count: known.count.saturating_add(more), at_ms: refusal.at_ms };
            refusal.failures = known.count;
        }
        Self { refused, failures }
    }

    fn keep(&mut self, refusal: RefusedLogin) {
        if self.refused.len() >= KEPT {
            self.refused.remove(KEPT / 2);
        }
        self.refused.push(refusal);
    }

    /// Writes the file without the first `journaled` refusals.
    fn write_without(mut self, journaled: usize, folder: &Folder) -> Result<(), VaultError> {
        self.refused.drain(..journaled.min(self.refused.len()));
        if let Some(known) = memory().get_mut(&folder.root) {
            known.unkept = None;
        }
        self.write(folder)
    }

    /// Writes the file; where there is nothing to be remembered, none.
    fn write(&self, folder: &Folder) -> Result<(), VaultError> {
        if self.refused.is_empty() && self.failures.is_empty() {
            return folder::remove(&folder.attempts());
        }
        let Self { refused, failures } = self.clone();
        let written = Written { version: VERSION, refused, failures, count: 0 };
        let bytes = serde_json::to_vec(&written).map_err(|_| VaultError::damaged("attempts"))?;
        folder::replace(&folder.attempts(), &bytes).map(drop)
    }
}

/// What this run of the program knows of a vault's failures.
#[derive(Default)]
struct Memory {
    /// Those that could not be written.
    unkept: Option<Attempts>,
    /// Until when an account is to wait after so many failures.
    ends: BTreeMap<String, (u32, Instant)>,
}

/// By the vault's folder.
fn memory() -> MutexGuard<'static, BTreeMap<PathBuf, Memory>> {
    static MEMORY: Mutex<BTreeMap<PathBuf, Memory>> = Mutex::new(BTreeMap::new());
    MEMORY.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A clock that nobody can set.
fn steady() -> Instant {
    #[cfg(test)]
    let now = waiting::now();
    #[cfg(not(test))]
    let now = Instant::now();
    now
}

/// Tests do not wait: no time passes but what they let pass, each on its own thread.
#[cfg(test)]
pub(crate) mod waiting {
    use std::cell::Cell;
    use std::sync::LazyLock;
    use std::time::{Duration, Instant};

    static BEGINNING: LazyLock<Instant> = LazyLock::new(Instant::now);

    thread_local! {
        static PASSED: Cell<Duration> = const { Cell::new(Duration::ZERO) };
    }

    pub(super) fn now() -> Instant {
        *BEGINNING + PASSED.get()
    }

    /// Lets time pass.
    pub(crate) fn pass(time: Duration) {
        PASSED.set(PASSED.get() + time);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refuse(folder: &Folder, account: Option<&str>, at_ms: i64) {
        let wrong: Result<(), _> = Err(VaultError::WrongPassword);
        Asked { folder, account }.note(&Stamp::new(at_ms, 480, "nurse1"), &wrong);
    }

    /// Seconds to wait.
    fn wait(folder: &Folder, account: Option<&str>, at_ms: i64) -> u32 {
        match (Asked { folder, account }).wait(&Stamp::new(at_ms, 480, "nurse1")) {
            Ok(()) => 0,
            Err(VaultError::Wait { seconds }) => seconds,
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn delays_escalate_and_end() {
        let delay = |count| Failures { count, at_ms: 1_000_000 }.left(1_000_000).as_secs();
        assert_eq!([0, 2, 3, 4, 5, 40].map(delay), [0, 0, 5, 10, 20, u64::from(LONGEST_DELAY)]);
        let left = |now| Failures { count: 4, at_ms: 1_000_000 }.left(now).as_secs();
        assert_eq!([1_004_000, 1_010_000, 0, i64::MIN, i64::MAX].map(left), [6, 0, 10, 10, 0]);
    }

    /// M6: within a run of the program no clock that somebody sets skips or prolongs a delay.
    #[test]
    fn m6_a_clock_set_forward_or_back_changes_no_delay() {
        let temp = tempfile::tempdir().expect("temp");
        let folder = Folder::new(temp.path());
        for at in 0..4 {
            refuse(&folder, Some("nurse1"), at);
        }
        for now in [3, 1_000_000_000, -1_000_000_000] {
            assert_eq!(wait(&folder, Some("nurse1"), now), 10);
        }
        waiting::pass(Duration::from_secs(4));
        assert_eq!(wait(&folder, Some("nurse1"), 3), 6);
        waiting::pass(Duration::from_secs(6));
        assert_eq!(wait(&folder, Some("nurse1"), -1_000_000_000), 0);
    }

    /// M6: of failures that another run counted, the wall clock says how long they are past, once.
    #[test]
    fn m6_a_delay_goes_on_in_another_run() {
        let temp = tempfile::tempdir().expect("temp");
        let folder = Folder::new(temp.path());
        for at in 0..4 {
            refuse(&folder, Some("nurse1"), at);
        }
        memory().remove(&folder.root);
        assert_eq!(wait(&folder, Some("nurse1"), 7_003), 3);
        assert_eq!(wait(&folder, Some("nurse1"), 1_000_000_000), 3);
    }

    /// M6: who has an account of his own gets no more guesses at another's by signing in to it.
    #[test]
    fn m6_an_own_success_clears_ones_own_failures_only() {
        let temp = tempfile::tempdir().expect("temp");
        let folder = Folder::new(temp.path());
        for account in [Some("nurse1"), Some("inv1"), None] {
            (0..3).for_each(|at| refuse(&folder, account, at));
        }
        Asked { folder: &folder, account: Some("inv1") }.journaled(9).expect("written");
        assert_eq!([Some("nurse1"), Some("inv1"), None].map(|account| wait(&folder, account, 2)), [5, 0, 5]);
        assert_eq!(unjournaled(&folder), []);
        for account in [Some("nurse1"), None] {
            Asked { folder: &folder, account }.journaled(0).expect("written");
        }
        assert!(!folder.attempts().exists());
    }

    /// S6: of two programs in which guesses were refused at once, one lost what it had counted. A file that is opened twice is
    /// locked twice, so that threads stand for programs here.
    #[test]
    fn s6_guesses_that_are_refused_at_once_are_all_counted() {
        let temp = tempfile::tempdir().expect("temp");
        let guess = || {
            let folder = Folder::new(temp.path());
            (0..12).for_each(|at| refuse(&folder, Some("nurse1"), at));
        };
        std::thread::scope(|threads| {
            (0..4).for_each(|_| drop(threads.spawn(guess)));
        });
        let attempts = Attempts::read(&Folder::new(temp.path()));
        let mut counted: Vec<u32> = attempts.refused.iter().map(|refusal| refusal.failures).collect();
        counted.sort_unstable();
        assert_eq!((attempts.failures["nurse1"].count, counted), (48, (1..=48).collect()));
    }

    /// S6: whoever guesses waits for the answer to a guess that is under way, and then for what it costs.
    #[test]
    fn s6_a_guess_waits_for_another_programs_guess() {
        let temp = tempfile::tempdir().expect("temp");
        let folder = Folder::new(temp.path());
        (0..3).for_each(|at| refuse(&folder, Some("nurse1"), at));
        let turn = Turn::take(&folder).expect("nobody else's");
        let other = std::thread::spawn({
            let folder = folder.clone();
            move || {
                let _turn = Turn::take(&folder).expect("it comes");
                Asked { folder: &folder, account: Some("nurse1") }.wait(&Stamp::new(3, 480, "nurse1"))
            }
        });
        std::thread::sleep(Duration::from_millis(200));
        assert!(!other.is_finished());
        refuse(&folder, Some("nurse1"), 3);
        drop(turn);
        let refused = other.join().expect("no panic");
        assert!(matches!(refused, Err(VaultError::Wait { seconds: 10 })), "{refused:?}");
    }

    #[test]
    fn they_last_and_are_forgotten() {
        let temp = tempfile::tempdir().expect("temp");
        let folder = Folder::new(temp.path());
        for at in 0..i64::try_from(KEPT + 5).expect("small") {
            refuse(&folder, Some("nurse1"), at);
        }
        let attempts = Attempts::read(&folder);
        assert_eq!((attempts.refused.len(), attempts.failures["nurse1"].count), (KEPT, 205));
        Asked { folder: &folder, account: Some("nurse1") }.journaled(KEPT).expect("forgotten");
        assert!(Attempts::read(&folder).failures.is_empty() && !folder.attempts().exists());
        std::fs::write(folder.attempts(), "{").expect("write");
        assert_eq!(wait(&folder, Some("nurse1"), 0), 0);
    }

    #[test]
    fn a_file_of_version_1_is_read() {
        let temp = tempfile::tempdir().expect("temp");
        let folder = Folder::new(temp.path());
        let file = r#"{"refused":[{"user":"nurse1","at_ms":7,"tz":480},{"user":null,"at_ms":8,"tz":480},
            {"user":"nurse1","at_ms":9,"tz":480}],"count":5}"#;
        std::fs::write(folder.attempts(), file).expect("write");
        let attempts = Attempts::read(&folder);
        assert_eq!(attempts.failures["nurse1"], Failures { count: 4, at_ms: 9 });
        assert_eq!(attempts.failures[NOBODY], Failures { count: 1, at_ms: 8 });
        let told: Vec<u32> = attempts.refused.iter().map(|refusal| refusal.failures).collect();
        assert_eq!((told, wait(&folder, Some("nurse1"), 9)), (vec![1, 1, 4], 10));
    }
}
