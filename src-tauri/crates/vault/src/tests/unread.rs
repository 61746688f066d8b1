//! What a checkpoint that can't be read stops, and how it ends.

use casebook::Act;
use casebook::act::{AlarmRaised, RecoveryUsed};

use super::accounts::try_other;
use super::detection::turned_back;
use super::recovery::{NEW, changed, code, recover, told, used, with_codes};
use super::restoring::end;
use super::*;
use crate::CenterWord;
use crate::untold::Untold;

/// Makes a file or folder one that nobody can follow.
fn hide(path: &std::path::Path) {
    fs::rename(path, path.with_file_name("aside")).expect("aside");
    std::os::unix::fs::symlink(path, path).expect("what nobody can follow");
}

fn show(path: &std::path::Path) {
    fs::remove_file(path).expect("removed");
    fs::rename(path.with_file_name("aside"), path).expect("back");
}

fn sessions(open: &Open) -> Vec<String> {
    told(open, |act| matches!(act, Act::SessionOpened(_)).then_some(())).into_iter().map(|(by, ())| by).collect()
}

fn refused_to_write(open: &mut Open, ms: i64) {
    let refused = open.transact(&at(ms), |tx| write_answer(tx, "S01-001", "IT.SYSBP", "150"));
    assert!(matches!(refused, Err(VaultError::CheckpointUnread)), "{refused:?}");
}

fn acts(open: &Open) -> Vec<&'static str> {
    told(open, |act| Some(act.name())).into_iter().map(|(_, name)| name).collect()
}

/// Fourth attack, T1: a code that was used, and sessions that began, while the checkpoint could not be read are in the journal as
/// soon as it may be written, whoever signs in then and however the session before ended.
#[test]
fn a4_t1_what_was_done_while_the_checkpoint_could_not_be_read_is_told() {
    for (is_killed, next) in [(false, "inv1"), (true, "nurse1")] {
        let (site, codes) = with_codes();
        let checkpoint = site.place().checkpoint;
        hide(&checkpoint);
        let open = recover(&site, "inv1", &code(&codes, 3), 2000).expect("recovers");
        assert!(open.is_unread() && !open.awaits_center());
        assert!(used(&open).is_empty() && sessions(&open) == ["nurse1"]);
        let key = open.user_key().public().to_string();
        if is_killed {
            drop(open);
        } else {
            open.lock(&at(2100)).expect("locks");
        }
        let reads = site.unlock(2200);
        assert!(reads.is_unread());
        reads.lock(&at(2300)).expect("locks");
        show(&checkpoint);
        let password = if next == "inv1" { NEW } else { PASSWORD };
        let mut open = try_other(&site, next, password, 3000).expect("opens");
        assert!(!open.holds_back());
        assert_eq!(used(&open), [("inv1".to_owned(), RecoveryUsed { set: 1, code: 3, user: "inv1".into() })]);
        assert_eq!(changed(&open).len(), 1);
        assert_eq!(open.account("inv1").expect("reads").and_then(|account| account.key.clone()), Some(key));
        assert_eq!(sessions(&open), ["nurse1", "inv1", "nurse1", next]);
        assert_eq!(Untold::read(&open.sql).expect("reads"), Untold::default());
        assert_eq!((open.state.head.epoch, verified(&open)), (4, vec![]));
        open.lock(&at(3100)).expect("locks");
        let open = site.unlock(3200);
        assert_eq!((open.alarms(), used(&open).len(), sessions(&open).len()), ([].as_slice(), 1, 5));
    }
}

/// Fourth attack, T1: also where the session itself goes on: its own beginning is told once.
#[test]
fn a4_t1_a_session_that_goes_on_is_told_once() {
    let (site, codes) = with_codes();
    let checkpoint = site.place().checkpoint;
    hide(&checkpoint);
    let mut open = recover(&site, "inv1", &code(&codes, 3), 2000).expect("recovers");
    show(&checkpoint);
    open.go_on(&at(2100)).expect("goes on");
    assert_eq!((used(&open).len(), sessions(&open)), (1, vec!["nurse1".to_owned(), "inv1".to_owned()]));
    set(&mut open, "S01-001", "IT.SYSBP", "121", 2200);
    assert_eq!((open.alarms(), verified(&open)), ([].as_slice(), vec![]));
}

/// Third attack, S6: a checkpoint that can't be read is not written over, and nothing is written to a vault that nobody compared;
/// once it is read, it says what it knows, or nothing has been. Fourth attack, T4: and it is no copy by that.
#[test]
fn a3_s6_a_checkpoint_that_cannot_be_read_stays_and_nothing_is_written() {
    let (site, ..) = turned_back();
    let unread = |site: &Site, ms| {
        let checkpoint = site.place().checkpoint;
        hide(&checkpoint);
        let mut open = site.unlock(ms);
        assert_eq!((open.alarms(), open.is_unread()), ([Alarm::CheckpointUnkept].as_slice(), true));
        assert!(!open.awaits_center() && open.copy_held().expect("reads").is_none());
        refused_to_write(&mut open, ms);
        let refused = super::accounts::change(&mut open, PASSWORD, NEW, ms);
        assert!(matches!(refused, Err(VaultError::CheckpointUnread)), "{refused:?}");
        open.lock(&at(ms + 1)).expect("locks");
        assert!(fs::symlink_metadata(&checkpoint).expect("there").is_symlink(), "nothing was written over it");
        show(&checkpoint);
    };
    unread(&site, 300_000);
    let open = site.unlock(310_000);
    assert!(open.awaits_center() && matches!(open.alarms(), [Alarm::RolledBack { .. }]), "{:?}", open.alarms());
    drop(open);
    let whole = Site::new();
    whole.with_answers(1, 1);
    unread(&whole, 300_000);
    let open = whole.unlock(310_000);
    assert_eq!((open.alarms(), open.holds_back()), ([].as_slice(), false));
}

/// Fourth attack, T4: one checkpoint that could not be read once makes no copy of a sound vault, whatever reply is read meanwhile;
/// and a person who has it looked for once more goes on as if nothing had been.
#[test]
fn a4_t4_a_checkpoint_unread_once_makes_no_copy() {
    for again in [false, true] {
        let site = Site::new();
        site.with_answers(1, 1);
        let checkpoint = site.place().checkpoint;
        hide(&checkpoint);
        let mut open = site.unlock(300_000);
        let word = CenterWord { reply: EntryId([9; 32]), own: Some(end(&open)), center: None, other_keys: false };
        open.hear(&word, &at(300_100)).expect("it is no copy's");
        assert!(open.bring_back(&at(300_200), |_| Ok::<_, VaultError>(())).expect("nothing to bring").entries == 0);
        refused_to_write(&mut open, 300_300);
        show(&checkpoint);
        if again {
            open.go_on(&at(300_400)).expect("looked for");
        } else {
            open.lock(&at(300_400)).expect("locks");
            open = site.unlock(300_500);
        }
        assert_eq!((open.alarms(), open.holds_back()), ([].as_slice(), false));
        set(&mut open, "S01-001", "IT.SYSBP", "99", 300_600);
        assert!(!acts(&open).contains(&"vault.restored"));
        assert!(open.account("nurse1").expect("reads").is_some_and(|account| !account.must_change));
    }
}

/// Fourth attack, T4: what is looked for once more may say that this is an older folder: then it waits, and nothing went on.
#[test]
fn a4_t4_what_is_read_at_last_may_say_that_it_is_a_copy() {
    let (site, copy, _) = turned_back();
    let checkpoint = site.place().checkpoint;
    hide(&checkpoint);
    let mut open = site.unlock(300_000);
    show(&checkpoint);
    open.go_on(&at(300_100)).expect("looked for");
    assert!(open.awaits_center() && !open.is_unread() && end(&open).seq == copy);
    assert!(matches!(open.alarms(), [Alarm::RolledBack { .. }]), "{:?}", open.alarms());
}

/// Fourth attack, T4: where the folder of the checkpoint can't be read for long, a person is asked once: the journal tells who said
/// so, nothing is put back and nobody's password goes.
#[test]
fn a4_t4_a_folder_that_cannot_be_read_asks_once() {
    let site = Site::new();
    site.with_answers(1, 1);
    let config = site.temp.path().join("config");
    hide(&config);
    let mut open = site.unlock(300_000);
    assert!(open.is_unread());
    open.go_on(&at(300_100)).expect("goes on without it");
    assert_eq!((open.alarms(), open.holds_back()), ([Alarm::CheckpointUnkept].as_slice(), false));
    set(&mut open, "S01-001", "IT.SYSBP", "98", 300_200);
    drop(open.lock(&at(300_300)));
    for ms in [310_000, 320_000] {
        let mut open = site.unlock(ms);
        assert_eq!((open.alarms(), open.holds_back()), ([Alarm::CheckpointUnkept].as_slice(), false));
        set(&mut open, "S01-001", "IT.SYSBP", "99", ms);
        drop(open.lock(&at(ms + 1)));
    }
    show(&config);
    let mut open = site.unlock(330_000);
    assert_eq!((open.alarms(), open.holds_back()), ([].as_slice(), false));
    let said = told(&open, |act| match act {
        Act::AlarmRaised(AlarmRaised { code, place }) if !place.is_empty() => Some((code, place)),
        _ => None,
    });
    assert_eq!(said, [("system".to_owned(), ("checkpoint_unkept".to_owned(), "nurse1".to_owned()))]);
    assert!(!acts(&open).contains(&"vault.restored"));
    assert!(open.account("nurse1").expect("reads").is_some_and(|account| !account.must_change));
    assert_eq!(verified(&open), []);
    open.lock(&at(330_100)).expect("locks");
    hide(&config);
    assert!(site.unlock(340_000).is_unread(), "another time it is asked about anew");
}
