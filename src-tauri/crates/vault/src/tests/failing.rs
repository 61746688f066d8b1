//! Each of this room's own calls on files fails, once and for ever, and a crash comes at each: what was acknowledged stands,
//! and the right password opens.

use casebook::act::UserClosed;

use super::accounts::{OTHER, add_second, change, close, try_other, users};
use super::*;
use crate::device_keys::DeviceKeys;
use crate::faults::Call;
use crate::faults::plan::{Fault, Made, crashing, every, under};
use crate::replacement::{self, NextVault};

/// A vault with two accounts and an answer, locked, and what opens it without a password.
struct Template {
    site: Site,
    key: DbKey,
    seed: DbKey,
}

impl Template {
    fn new() -> Self {
        let site = Site::new();
        let mut open = site.found();
        add_second(&mut open);
        register(&mut open, "S01-001", 600);
        set(&mut open, "S01-001", "IT.SYSBP", "100", 700);
        let (key, seed) = (open.key.clone(), open.user_seed.clone());
        open.lock(&at(800)).expect("locks");
        Self { site, key, seed }
    }

    fn open(&self) -> (Site, Open) {
        let site = self.site.twin();
        let open = site.enter(&self.key, &self.seed);
        (site, open)
    }
}

/// Answers one after another; gives the last one that was acknowledged.
fn save_some(open: &mut Open, from: i64) -> Option<String> {
    let mut last = None;
    for value in from..from + 3 {
        let value = value.to_string();
        let stamp = at(1000 + 10 * from);
        if open.transact(&stamp, |tx| write_answer(tx, "S01-001", "IT.SYSBP", &value)).is_ok() {
            last = Some(value);
        }
    }
    last
}

/// What a session with a closing came to.
struct Session {
    /// The last answer that was acknowledged.
    last: String,
    closed: bool,
    made: Vec<Made>,
}

/// Closes the second account, and saves before and after, under faults; then saves without them.
fn close_and_save(open: &mut Open, faults: &[Fault]) -> Session {
    let ((last, closed), made) = under(faults, || {
        let before = save_some(open, 200);
        let closed = close(open, 3500).is_ok();
        (save_some(open, 300).or(before), closed)
    });
    let last = save_some(open, 400).or(last).unwrap_or_else(|| "100".to_owned());
    Session { last, closed, made }
}

/// The next unlock finds what was acknowledged, and nothing wrong; the one after it has cleared everything away.
fn assert_all_is_there(site: &Site, last: &str, told: &str) {
    let mut open = site.try_unlock(PASSWORD, 10_000).unwrap_or_else(|error| panic!("{told}: {error}"));
    assert_eq!((open.alarms(), verified(&open)), ([].as_slice(), vec![]), "{told}");
    assert_eq!(value(&mut open, "S01-001", "IT.SYSBP").as_deref(), Some(last), "{told}");
    set(&mut open, "S01-001", "IT.SYSBP", "99", 11_000);
    open.lock(&at(12_000)).unwrap_or_else(|error| panic!("{told}: {error}"));
    let mut open = site.try_unlock(PASSWORD, 20_000).unwrap_or_else(|error| panic!("{told}: {error}"));
    assert_eq!((open.alarms(), verified(&open)), ([].as_slice(), vec![]), "{told}");
    assert_eq!(value(&mut open, "S01-001", "IT.SYSBP").as_deref(), Some("99"), "{told}");
}

fn no_save_is_lost_by_a_closing(ever: bool) {
    let template = Template::new();
    let (_site, mut open) = template.open();
    let Session { made, .. } = close_and_save(&mut open, &[]);
    let mut tried = 0;
    for fault in every(&made).into_iter().filter(|fault| fault.ever == ever) {
        let (site, mut open) = template.open();
        let Session { last, closed, .. } = close_and_save(&mut open, &[fault]);
        let told = format!("{fault:?}");
        if tried % 2 == 0 {
            open.lock(&at(6000)).unwrap_or_else(|error| panic!("{told}: {error}"));
        } else {
            drop(open);
        }
        assert_all_is_there(&site, &last, &told);
        let left: &[&str] = if closed { &["nurse1"] } else { &["nurse1", "inv1"] };
        assert_eq!(
            (users(&site), site.leftovers()),
            (left.iter().map(ToString::to_string).collect(), vec![]),
            "{told}"
        );
        tried += 1;
    }
    assert!(tried > 20, "{tried} calls");
    println!("{tried} faults");
}

/// C2: whichever call of a closing fails once, no save is acknowledged into a file that is replaced.
#[test]
fn c2_no_save_is_lost_by_a_closing_of_which_a_call_fails_once() {
    no_save_is_lost_by_a_closing(false);
}

/// C2: the same where it fails from then on for ever.
#[test]
fn c2_no_save_is_lost_by_a_closing_of_which_a_call_fails_for_ever() {
    no_save_is_lost_by_a_closing(true);
}

/// C2: nothing is acknowledged in a file whose name a power cut could take back.
#[test]
fn c2_a_new_name_is_lasting_before_anything_is_written() {
    let template = Template::new();
    let (_site, mut open) = template.open();
    let made = close_and_save(&mut open, &[]).made;
    let is_of = |call: Call| move |(made, name): &Made| *made == call && name == "vault.db";
    let renamed = made.iter().position(is_of(Call::Rename)).expect("the next database got the name");
    let after = &made[renamed..];
    let named = after.iter().position(is_of(Call::SyncName)).expect("the name became lasting");
    let written = after.iter().position(is_of(Call::Commit)).expect("answers were saved");
    assert!(named < written, "{after:?}");
}

/// C2: a crash at each call of a closing.
#[test]
fn c2_a_closing_may_break_off_at_each_call() {
    let template = Template::new();
    let (_site, mut open) = template.open();
    let (_, made) = under(&[], || close(&mut open, 2000));
    for nth in 0..made.len() {
        let (site, open) = template.open();
        crashing(nth, || {
            let mut open = open;
            // What it answers nobody hears.
            let _ = close(&mut open, 2000);
        });
        assert_all_is_there(&site, "100", &format!("crash at {nth} of {made:?}"));
        assert_eq!(site.leftovers(), [] as [String; 0], "crash at {nth}");
    }
}

/// C2, where a file system knows no second names: the database has no name for a moment, and a rename may fail for ever there.
#[test]
fn c2_no_save_is_lost_where_files_have_one_name_only() {
    let template = Template::new();
    let links = Fault { call: Call::Link, nth: 0, ever: true };
    for nth in 0..6 {
        for ever in [false, true] {
            let (site, mut open) = template.open();
            let fault = Fault { call: Call::Rename, nth, ever };
            let Session { last, .. } = close_and_save(&mut open, &[links, fault]);
            drop(open);
            assert_all_is_there(&site, &last, &format!("{fault:?}"));
        }
    }
}

/// The files in the names of a version before this one, which renamed the slot file first and kept no old slots.
#[test]
fn a_closing_that_an_earlier_version_left_half_done_is_finished() {
    let template = Template::new();
    let (site, mut open) = template.open();
    let act = UserClosed { user: Oid::from("inv1"), reason: None };
    open.transact(&at(2000), |tx| tx.write(act)).expect("closed");
    let mut slots = open.slots().expect("slots");
    let key: DbKey = seal::random().expect("a key");
    let keys = seal::VaultKeys { db_key: key.clone(), ..open.vault_keys() };
    let secrets = crate::wraps::all(&open.sql).expect("reads");
    let secret_of = |slot: &[u8; 32]| secrets.get(slot).cloned();
    slots.remove("inv1").and_then(|()| slots.rekey(&keys, secret_of)).expect("without the second account");
    // It left the device the keys that it had.
    let device = DeviceKeys::read(&open.sql).expect("reads");
    let with = NextVault { key: &key, device: &device, slots: &slots.write(&key) };
    replacement::prepare(&open, &with).expect("prepared");
    drop(open);
    let folder = site.folder();
    fs::rename(folder.join("keyslots.json.next"), folder.join("keyslots.json")).expect("renamed");
    fs::remove_file(folder.join("keyslots.json.old")).expect("removed");
    let mut open = site.unlock(10_000);
    assert_eq!((open.alarms(), verified(&open)), ([Alarm::LeftoversKept].as_slice(), vec![]));
    assert_eq!(value(&mut open, "S01-001", "IT.SYSBP").as_deref(), Some("100"));
    assert!(matches!(try_other(&site.twin(), "inv1", OTHER, 11_000), Err(VaultError::WrongPassword)));
    // Nobody has the key of what was the database: it may hold more, and stays.
    assert!(folder.join("vault.db.old").exists());
}

/// 1.2: an undo that failed leaves nothing in memory that the disk does not hold.
#[test]
fn memory_is_never_ahead_of_the_disk() {
    for ever in [false, true] {
        let template = Template::new();
        let (site, mut open) = template.open();
        let faults = [Fault { call: Call::Commit, nth: 0, ever: false }, Fault { call: Call::Open, nth: 0, ever }];
        let ((), _) = under(&faults, || {
            let refused = open.transact(&at(2000), |tx| write_answer(tx, "S01-001", "IT.SYSBP", "150"));
            assert!(refused.is_err());
            let again = open.transact(&at(2001), |tx| write_answer(tx, "S01-001", "IT.SYSBP", "151"));
            assert_eq!(again.is_err(), ever, "nothing is written before it is known what the disk holds");
            assert_eq!(open.checkpoint(&at(2002)).is_err(), ever, "nor signed");
        });
        set(&mut open, "S01-001", "IT.SYSBP", "152", 2003);
        assert_eq!(verified(&open), []);
        assert_eq!(crate::entries::last_seq(&open.sql, crate::entries::OWN_LOG).expect("reads"), open.logs()[0].seq);
        open.lock(&at(2004)).expect("locks");
        let mut open = site.unlock(3000);
        assert_eq!(open.alarms(), []);
        assert_eq!(value(&mut open, "S01-001", "IT.SYSBP").as_deref(), Some("152"));
    }
}

const ANNA: &str = "violet-harbour-stone-3";

fn add(open: &mut Open, user: &str, ms: i64) {
    let new = NewUser { user, password: ANNA, cost: Cost::floor() };
    open.add_user(&new, &at(ms), |tx, key| tx.write(account(user, Some(key.to_string()))).map(drop)).expect("added");
}

/// M2: an account whose slot could not be written to the file yet is in every later file.
#[test]
fn m2_a_pending_account_survives_the_next_act() {
    let acts: [fn(&mut Open); 4] = [
        |open| add(open, "bert", 3000),
        |open| change(open, PASSWORD, "meadow-copper-lark-8", 3000).expect("changed"),
        |open| close(open, 3000).expect("closed"),
        |open| {
            let to = super::backups::back_up(open, &open.folder.root.with_file_name("")).expect("backed up").keep();
            fs::copy(to.join("keyslots.json"), open.folder.slots()).expect("copied");
        },
    ];
    let template = Template::new();
    for (number, held) in [(0, false), (0, true), (1, false), (2, false), (3, false)] {
        let (site, mut open) = template.open();
        under(&[Fault { call: Call::Write, nth: 0, ever: true }], || {
            add(&mut open, "anna", 2000);
            assert_eq!(open.alarms(), [Alarm::SlotsPending]);
            if held {
                acts[number](&mut open);
            }
        });
        if !held {
            acts[number](&mut open);
        }
        drop(open);
        // Whoever signs in first brings the file up to date.
        let password = if number == 1 { "meadow-copper-lark-8" } else { PASSWORD };
        drop(site.try_unlock(password, 4000).expect("opens"));
        let open = try_other(&site, "anna", ANNA, 5000).unwrap_or_else(|error| panic!("act {number}: {error}"));
        assert_eq!((open.alarms(), verified(&open)), ([].as_slice(), vec![]), "act {number}");
        drop(open);
        assert_eq!(try_other(&site, "bert", ANNA, 6000).is_ok(), number == 0, "act {number}");
    }
}

/// 1.3: after an error the old password opens and the new one does not; after none it is the other way round.
#[test]
fn a_refused_password_change_leaves_the_old_one_in_force() {
    let template = Template::new();
    let new = "meadow-copper-lark-8";
    let change = |open: &mut Open| change(open, PASSWORD, new, 2000);
    let (_site, mut open) = template.open();
    let (done, made) = under(&[], || change(&mut open));
    done.expect("changed");
    for fault in every(&made) {
        let (site, mut open) = template.open();
        let (changed, _) = under(&[fault], || change(&mut open));
        let told = format!("{fault:?}: {changed:?}");
        let (good, bad) = if changed.is_ok() { (new, PASSWORD) } else { (PASSWORD, new) };
        assert!(open.check_password(good, &at(2100)).is_ok(), "{told}");
        assert!(matches!(open.check_password(bad, &at(2101)), Err(VaultError::WrongPassword)), "{told}");
        // What was not done is not told.
        let told_of = (1..=open.logs()[0].seq).filter(|seq| {
            let line = open.line(DEVICE, *seq).expect("reads").expect("there");
            line.entry().act.name() == "user.password_changed"
        });
        assert_eq!(told_of.count(), usize::from(changed.is_ok()), "{told}");
        drop(open);
        assert!(matches!(site.try_unlock(bad, 3000), Err(VaultError::WrongPassword)), "{told}");
        let open = site.try_unlock(good, 3001).unwrap_or_else(|error| panic!("{told}: {error}"));
        assert_eq!(open.alarms(), [], "{told}");
    }
}
