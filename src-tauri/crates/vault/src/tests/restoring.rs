//! Issue 9, item 10: a vault that was put back from a backup goes on without a fork, or says why it can't.

use casebook::act::{SessionOpened, VaultRestored};
use casebook::{Act, Line, LogEnd};

use super::backups::{back_up, names, restore, with_stick};
use super::recovery::{NEW, changed, code, recover, renew, used};
use super::*;
use crate::BroughtBack;
use crate::faults::plan::{every, under};

/// A vault that a backup was made of, what it then went on to, and the same vault put back on another computer.
struct Lost {
    /// The lost computer's log, whole.
    lines: Vec<Line>,
    /// Where the backup ends.
    copy: LogEnd,
    backup: PathBuf,
    _site: Site,
}

impl Lost {
    fn new() -> Self {
        let (site, mut open, stick) = with_stick();
        let backup = back_up(&mut open, &stick).expect("backed up").keep();
        let copy = end(&open);
        set(&mut open, "S01-001", "IT.SYSBP", "140", 7000);
        open.lock(&at(7500)).expect("locks");
        let mut open = site.unlock(8000);
        set(&mut open, "S01-001", "IT.DIABP", "90", 8100);
        let lines = own(&open);
        Self { lines, copy, backup, _site: site }
    }

    /// Put back on another computer, locked.
    fn restored(&self) -> Site {
        let site = Site::new();
        fs::create_dir_all(site.temp.path().join("config")).expect("made");
        let content = restore(&self.backup, site.temp.path()).expect("restored").name(&site.place()).expect("named");
        assert_eq!((content.note.end(), content.alarms), (self.copy, vec![]));
        site
    }

    fn end(&self) -> LogEnd {
        LogEnd::of(self.lines.last().expect("lines"))
    }

    fn after_copy(&self) -> &[Line] {
        &self.lines[usize::try_from(self.copy.seq).expect("small")..]
    }
}

fn end(open: &Open) -> LogEnd {
    open.state.head.log.end
}

fn own(open: &Open) -> Vec<Line> {
    (1..=end(open).seq).map(|seq| open.line(DEVICE, seq).expect("reads").expect("held")).collect()
}

fn bring(open: &mut Open, center: Option<LogEnd>, lines: &[Line]) -> Result<BroughtBack, VaultError> {
    open.bring_back(center, &at(20_000), |back| lines.iter().try_for_each(|line| back.line(line)))
}

fn acts_after(open: &Open, seq: u64) -> Vec<Act> {
    own(open).into_iter().filter(|line| line.entry().seq > seq).map(|line| line.entry().act.clone()).collect()
}

fn put_back(LogEnd { seq, head }: LogEnd) -> Act {
    VaultRestored { seq, head }.into()
}

fn session() -> Act {
    SessionOpened { user: Oid::from("nurse1") }.into()
}

#[test]
fn a_restored_vault_is_read_and_not_written_until_it_is_known_that_its_log_goes_on() {
    let lost = Lost::new();
    let site = lost.restored();
    for again in 0..2 {
        let mut open = site.try_unlock(PASSWORD, 10_000 + again).expect("opens");
        assert!(open.awaits_center());
        assert_eq!(open.alarms(), [], "that it is older than a checkpoint is meant");
        assert_eq!(value(&mut open, "S01-001", "IT.SYSBP").as_deref(), Some("120"));
        let refused = open.transact(&at(10_100), |tx| write_answer(tx, "S01-001", "IT.SYSBP", "99"));
        assert!(matches!(refused, Err(VaultError::AwaitsCenter)), "{refused:?}");
        assert!(open.save_draft("S01-001", &cell("IT.DIABP"), "9", &at(10_200)).is_err());
        assert!(open.journal_alarms(&[Alarm::RecordsStale], &at(10_300)).is_err());
        let refused = super::accounts::change(&mut open, PASSWORD, NEW, 10_350);
        assert!(matches!(refused, Err(VaultError::AwaitsCenter)), "{refused:?}");
        open.lock(&at(10_400)).expect("locks");
        let open = site.enter(&site.key(), &site.key());
        assert_eq!((end(&open), verified(&open)), (lost.copy, vec![]));
    }
}

#[test]
fn what_the_center_holds_comes_back_before_anything_is_written() {
    let lost = Lost::new();
    let site = lost.restored();
    let mut open = site.unlock(10_000);
    let brought = bring(&mut open, Some(lost.end()), &lost.lines).expect("brought back");
    let missing = lost.after_copy().len() as u64;
    assert_eq!(brought, BroughtBack { entries: missing, goes_on: true });
    assert!(!open.awaits_center());
    assert_eq!(acts_after(&open, lost.end().seq), [put_back(lost.copy), session()]);
    let came_back: Vec<Line> = own(&open).into_iter().take(lost.lines.len()).collect();
    assert_eq!(came_back, lost.lines, "byte for byte");
    assert_eq!(value(&mut open, "S01-001", "IT.SYSBP").as_deref(), Some("140"));
    assert_eq!(value(&mut open, "S01-001", "IT.DIABP").as_deref(), Some("90"));
    // One session of the lost computer's first life, one after the backup, this one.
    assert_eq!(open.state.head.epoch, 3);
    set(&mut open, "S01-001", "IT.SYSBP", "141", 21_000);
    assert_eq!(verified(&open), []);
    open.lock(&at(22_000)).expect("locks");
    let mut open = site.unlock(23_000);
    assert_eq!((open.alarms(), verified(&open)), ([].as_slice(), vec![]));
    assert_eq!(value(&mut open, "S01-001", "IT.SYSBP").as_deref(), Some("141"));
}

#[test]
fn a_restored_vault_goes_on_when_a_person_says_that_there_is_nothing_newer() {
    let lost = Lost::new();
    let site = lost.restored();
    let mut open = site.unlock(10_000);
    open.go_on(&at(11_000)).expect("goes on");
    assert_eq!(acts_after(&open, lost.copy.seq), [put_back(lost.copy), session()]);
    let epochs = lost.lines.iter().take(lost.copy.seq as usize);
    let before = epochs.filter(|line| matches!(line.entry().act, Act::SessionOpened(_))).count() as u64;
    assert_eq!(open.state.head.epoch, before + 1, "one more than the copy's");
    set(&mut open, "S01-001", "IT.SYSBP", "121", 12_000);
    open.lock(&at(13_000)).expect("locks");
    assert_eq!(named(&site, 14_000), []);
}

#[test]
fn a_reply_that_does_not_bring_all_that_the_center_holds_leaves_the_vault_waiting() {
    let lost = Lost::new();
    let site = lost.restored();
    let mut open = site.unlock(10_000);
    let missing = lost.after_copy();
    // A reply may come in parts; what came stays, and nobody can say any more that there is nothing newer.
    let brought = bring(&mut open, Some(lost.end()), &missing[..1]).expect("brought back");
    assert_eq!(brought, BroughtBack { entries: 1, goes_on: false });
    assert!(matches!(open.go_on(&at(11_000)), Err(VaultError::Behind)));
    open.lock(&at(12_000)).expect("locks");
    let mut open = site.unlock(13_000);
    assert!(matches!(open.go_on(&at(13_500)), Err(VaultError::Behind)), "also after another sign-in");
    assert!(matches!(bring(&mut open, None, &missing[2..]), Err(VaultError::Behind)), "a gap");
    let brought = bring(&mut open, None, missing).expect("brought back");
    assert_eq!(brought, BroughtBack { entries: missing.len() as u64 - 1, goes_on: true });
    assert_eq!(acts_after(&open, lost.end().seq), [put_back(lost.copy), session()]);
    assert_eq!(verified(&open), []);
}

/// H3: where the center holds another history nothing is linked, and nothing is written that would fork.
#[test]
fn another_history_is_not_brought_back() {
    let lost = Lost::new();
    let site = lost.restored();
    let mut open = site.unlock(10_000);
    // A second computer went on from the same backup.
    let second = lost.restored();
    let mut other = second.unlock(10_000);
    other.go_on(&at(10_500)).expect("goes on");
    set(&mut other, "S01-001", "IT.SYSBP", "99", 10_600);
    bring(&mut open, Some(LogEnd { seq: lost.end().seq + 9, ..lost.end() }), lost.after_copy()).expect("brought back");
    let forked = bring(&mut open, None, &own(&other));
    assert!(matches!(forked, Err(VaultError::ForeignReceipt { .. })), "{forked:?}");
    let elsewhere = LogEnd { seq: lost.copy.seq, head: EntryId([7; 32]) };
    assert!(matches!(bring(&mut open, Some(elsewhere), &[]), Err(VaultError::ForeignReceipt { .. })));
    assert!(open.awaits_center());
    assert_eq!(end(&open), lost.end());
    assert_eq!(verified(&open), []);
}

#[test]
fn a_vault_is_put_back_whole_or_not_at_all() {
    let lost = Lost::new();
    let site = Site::new();
    let (made, calls) = under(&[], || restore(&lost.backup, site.temp.path()));
    drop(made.expect("restored"));
    for fault in every(&calls).into_iter().filter(|fault| !fault.ever) {
        let site = Site::new();
        let (restored, _) =
            under(&[fault], || restore(&lost.backup, site.temp.path()).and_then(|made| made.name(&site.place())));
        match restored {
            Ok(_) => assert_eq!(named(&site, 10_000), [], "{fault:?}"),
            Err(_) => assert_eq!(names(site.temp.path()), [] as [String; 0], "{fault:?}"),
        }
    }
}

#[test]
fn nothing_is_put_over_what_lies_there() {
    let lost = Lost::new();
    let site = lost.restored();
    let before = names(&site.folder());
    let again = restore(&lost.backup, site.temp.path()).expect("restored").name(&site.place());
    assert!(matches!(again, Err(VaultError::Taken)), "{again:?}");
    assert_eq!(names(&site.folder()), before);
}

/// Whatever fails while entries come back: all of it is there or nothing, and the vault still knows that it waits.
#[test]
fn bringing_back_is_all_or_nothing() {
    let lost = Lost::new();
    let site = lost.restored();
    let key = site.key();
    let at_work = |site: &Site| {
        let mut open = site.enter(&key, &key);
        open.unsaid.session = true;
        open
    };
    let calls = {
        let twin = site.twin();
        let mut open = at_work(&twin);
        under(&[], || bring(&mut open, Some(lost.end()), &lost.lines).expect("brought back")).1
    };
    for fault in every(&calls) {
        let twin = site.twin();
        let mut open = at_work(&twin);
        let (brought, _) = under(&[fault], || bring(&mut open, Some(lost.end()), &lost.lines));
        let told = format!("{fault:?}: {brought:?}");
        drop(open);
        let open = at_work(&twin);
        let ends = if brought.is_ok() { lost.end().seq + 2 } else { lost.copy.seq };
        assert_eq!((end(&open).seq, open.awaits_center()), (ends, brought.is_err()), "{told}");
        assert_eq!(verified(&open), [], "{told}");
    }
}

/// H6: the password of the backup is forgotten, too: a code opens the restored vault while it waits, once, and the journal tells
/// it when the log goes on, also where somebody signs in again or the power goes in between.
#[test]
fn h6_a_code_opens_a_restored_vault_that_waits() {
    let (_lost, mut open, stick) = with_stick();
    let codes = renew(&mut open, 4000);
    let backup = back_up(&mut open, &stick).expect("backed up").keep();
    let copy = end(&open);
    for again in [false, true] {
        let site = Site::new();
        fs::create_dir_all(site.temp.path().join("config")).expect("made");
        restore(&backup, site.temp.path()).expect("restored").name(&site.place()).expect("named");
        let mut open = recover(&site, "nurse1", &code(&codes, 3), 10_000).expect("recovers");
        assert_eq!((open.user(), open.awaits_center(), end(&open)), ("nurse1", true, copy));
        assert_eq!((open.alarms(), open.recovery_left().expect("reads")), ([].as_slice(), 9));
        if again {
            drop(open);
            assert!(matches!(site.try_unlock(PASSWORD, 10_500), Err(VaultError::WrongPassword)));
            let refused = recover(&site, "nurse1", &code(&codes, 3), 10_600).map(drop);
            assert!(matches!(refused, Err(VaultError::WrongCode)), "{refused:?}");
            open = site.try_unlock(NEW, 10_700).expect("opens");
        }
        open.go_on(&at(11_000)).expect("goes on");
        assert_eq!((used(&open).len(), changed(&open).len(), used(&open)[0].1.code), (1, 1, 3));
        let key = open.user_key().public().to_string();
        assert_eq!(open.account("nurse1").expect("reads").and_then(|account| account.key.clone()), Some(key));
        assert_eq!(verified(&open), []);
        open.lock(&at(12_000)).expect("locks");
        let open = site.try_unlock(NEW, 13_000).expect("opens");
        assert_eq!((open.alarms(), used(&open).len()), ([].as_slice(), 1));
    }
}

/// H6: a code that the lost computer burnt after the backup is there again; once the journal is back it opens nothing, and a new
/// set is asked for.
#[test]
fn h6_a_code_that_was_used_comes_back_with_no_backup() {
    let (lost, mut open, stick) = with_stick();
    let codes = renew(&mut open, 4000);
    let backup = back_up(&mut open, &stick).expect("backed up").keep();
    open.lock(&at(5500)).expect("locks");
    let open = recover(&lost, "nurse1", &code(&codes, 3), 6000).expect("recovers");
    let (lines, center) = (own(&open), end(&open));
    let site = Site::new();
    fs::create_dir_all(site.temp.path().join("config")).expect("made");
    restore(&backup, site.temp.path()).expect("restored").name(&site.place()).expect("named");
    let mut open = site.unlock(10_000);
    assert!(open.recovery_stands().expect("reads"), "nothing is known yet");
    assert!(bring(&mut open, Some(center), &lines).expect("brought back").goes_on);
    assert!(!open.recovery_stands().expect("reads"));
    open.lock(&at(21_000)).expect("locks");
    let refused = recover(&site, "nurse1", &code(&codes, 3), 22_000).map(drop);
    assert!(matches!(refused, Err(VaultError::WrongCode)), "{refused:?}");
    let mut open = site.unlock(23_000);
    let again = renew(&mut open, 24_000);
    assert_eq!((again.set(), open.recovery_stands().expect("reads")), (2, true));
}
