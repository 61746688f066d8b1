//! Issue 9, item 10: a vault that was put back from a backup goes on without a fork, or says why it can't.

use casebook::act::{SessionOpened, VaultRestored};
use casebook::{Act, Line, LogEnd};

use super::backups::{back_up, names, restore, restore_unbound, with_stick};
use super::recovery::{NEW, changed, code, recover, renew, used};
use super::*;
use crate::faults::plan::{every, under};
use crate::{BroughtBack, CenterWord};

/// A vault that a backup was made of, what it then went on to, and the same vault put back on another computer.
pub(super) struct Lost {
    /// The lost computer's log, whole.
    lines: Vec<Line>,
    /// Where the backup ends.
    copy: LogEnd,
    pub(super) backup: PathBuf,
    _site: Site,
}

impl Lost {
    pub(super) fn new() -> Self {
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
    pub(super) fn restored(&self) -> Site {
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

pub(super) fn end(open: &Open) -> LogEnd {
    open.state.head.log.end
}

pub(super) fn own(open: &Open) -> Vec<Line> {
    (1..=end(open).seq).map(|seq| open.line(DEVICE, seq).expect("reads").expect("held")).collect()
}

/// What a reply that nobody has read says.
fn word(own: Option<LogEnd>) -> CenterWord {
    CenterWord { reply: EntryId([9; 32]), own, center: None, other_keys: false }
}

/// A reply is read that names where the center's copy of the log ends, or a second part of the same.
pub(super) fn bring(open: &mut Open, center: Option<LogEnd>, lines: &[Line]) -> Result<BroughtBack, VaultError> {
    if center.is_some() {
        open.hear(&word(center), &at(20_000))?;
    }
    open.bring_back(&at(20_000), |back| lines.iter().try_for_each(|line| back.line(line)))
}

fn acts_after(open: &Open, seq: u64) -> Vec<Act> {
    own(open).into_iter().filter(|line| line.entry().seq > seq).map(|line| line.entry().act.clone()).collect()
}

/// That the vault was put back; by whose word its log goes on, where no reply said so.
fn put_back(LogEnd { seq, head }: LogEnd, said_by: Option<&str>) -> Act {
    VaultRestored { seq, head, said_by: said_by.map(Oid::from) }.into()
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
    assert_eq!(acts_after(&open, lost.end().seq), [put_back(lost.copy, None), session()]);
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
    assert_eq!(acts_after(&open, lost.copy.seq), [put_back(lost.copy, Some("nurse1")), session()]);
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
    assert_eq!(acts_after(&open, lost.end().seq), [put_back(lost.copy, None), session()]);
    assert_eq!(verified(&open), []);
}

/// H3: where the center holds another history nothing is linked, and nothing is written that would fork.
#[test]
fn h3_another_history_is_not_brought_back() {
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

/// H3: what a reply brings may be another branch than the one whose end it named: the vault waits on.
#[test]
fn h3_what_does_not_end_where_the_center_said_goes_not_on() {
    let lost = Lost::new();
    let site = lost.restored();
    let mut open = site.unlock(10_000);
    let elsewhere = LogEnd { head: EntryId([7; 32]), ..lost.end() };
    let brought = bring(&mut open, Some(elsewhere), lost.after_copy());
    assert!(matches!(brought, Err(VaultError::ForeignReceipt { .. })), "{brought:?}");
    assert!(open.awaits_center());
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

/// Attack 2, S2: a reply that can be shown to be old lets no restored vault go on: it was read before, says less than the center
/// confirmed or said before, or holds less of the center's own log.
#[test]
fn s2_an_old_reply_is_refused() {
    let lost = Lost::new();
    let site = lost.restored();
    let mut open = site.unlock(10_000);
    let refused = |open: &mut Open, word: CenterWord| {
        assert!(matches!(open.hear(&word, &at(11_000)), Err(VaultError::OldReply)), "{word:?}");
        assert!(open.awaits_center());
    };
    let before = |seq: u64| LogEnd { seq, head: lost.lines[usize::try_from(seq).expect("small") - 1].id() };
    open.hear(&word(Some(before(2))), &at(10_500)).expect("as far as is known");
    refused(&mut open, word(Some(before(1))));
    refused(&mut open, word(None));
    open.hear(&word(Some(lost.end())), &at(10_600)).expect("newer");
    refused(&mut open, word(Some(lost.copy)));
    open.lock(&at(12_000)).expect("locks");
    let mut open = site.unlock(13_000);
    refused(&mut open, word(Some(lost.copy)));
    // Nothing but that it was read, or what it holds of the center's own log, shows that this one is old.
    let read = CenterWord { reply: EntryId([8; 32]), ..word(Some(lost.end())) };
    let (id, at_now) = (read.reply, at(4000).at);
    let (file, by) = ("a.bundle".to_owned(), "nurse1".to_owned());
    let record =
        crate::BundleRecord { id, at: at_now, way: crate::Way::Received, file, by, first: 0, last: 0, entries: 0 };
    open.all_or_nothing(&at(13_100), |tx| tx.record_bundle(&record)).expect("recorded");
    refused(&mut open, read);
    let center = crate::state::OtherLog { no: 1, end: LogEnd { seq: 5, head: EntryId([5; 32]) } };
    open.state.logs.insert(casebook::CENTER.into(), center);
    refused(&mut open, CenterWord { center: Some(4), ..word(Some(lost.end())) });
    // Third attack, S8: also where it names another history, which is no news then.
    let elsewhere = LogEnd { seq: 2, head: EntryId([7; 32]) };
    refused(&mut open, CenterWord { center: Some(4), ..word(Some(elsewhere)) });
    assert!(matches!(open.go_on(&at(13_100)), Err(VaultError::Behind)), "nothing bars it");
    open.hear(&CenterWord { center: Some(5), ..word(Some(lost.end())) }, &at(13_200)).expect("as much");
    assert!(matches!(open.go_on(&at(13_500)), Err(VaultError::Behind)));
    // Fourth attack, T5: one that does not say how far the center's own log went can't be shown to be newer.
    refused(&mut open, word(Some(lost.end())));
    assert!(bring(&mut open, None, &lost.lines).expect("brought back").goes_on);
}

/// Attack 2, S7: that the center holds another history, or answers to other keys, is remembered although its reply was refused:
/// nobody's word lets the log go on any more, also after another sign-in; a newer reply that agrees does.
#[test]
fn s7_what_the_center_said_is_remembered() {
    let lost = Lost::new();
    for other_keys in [false, true] {
        let site = lost.restored();
        let mut open = site.unlock(10_000);
        if other_keys {
            let word = CenterWord { other_keys, ..word(Some(lost.end())) };
            open.hear(&word, &at(10_500)).expect("heard");
        } else {
            let elsewhere = LogEnd { seq: 2, head: EntryId([7; 32]) };
            let heard = open.hear(&word(Some(elsewhere)), &at(10_500));
            assert!(matches!(heard, Err(VaultError::ForeignReceipt { seq: 2 })), "{heard:?}");
        }
        for ms in [11_000, 12_000] {
            match open.go_on(&at(ms)) {
                Err(VaultError::KeysReplaced) if other_keys => {}
                Err(VaultError::ForeignReceipt { seq: 2 }) if !other_keys => {}
                other => panic!("{other:?}"),
            }
            open.lock(&at(ms + 100)).expect("locks");
            open = site.unlock(ms + 200);
            assert!(open.awaits_center());
        }
        assert!(bring(&mut open, Some(lost.end()), &lost.lines).expect("the center has settled").goes_on);
    }
}

/// Fourth attack, T5: what the center's newest word bars, an older reply does not let go on, also one that was never read and says
/// nothing against the copy; nor after another sign-in.
#[test]
fn a4_t5_an_older_reply_takes_no_bar_away() {
    let lost = Lost::new();
    for other_keys in [false, true] {
        let site = lost.restored();
        let mut open = site.unlock(10_000);
        let elsewhere = LogEnd { seq: 2, head: EntryId([7; 32]) };
        let own = Some(if other_keys { lost.copy } else { elsewhere });
        let heard = open.hear(&CenterWord { center: Some(30), other_keys, ..word(own) }, &at(10_100));
        assert_eq!(heard.is_err(), !other_keys);
        for again in 0..2 {
            for center in [Some(20), None] {
                let older = CenterWord { reply: EntryId([8; 32]), center, ..word(Some(lost.copy)) };
                let refused = open.hear(&older, &at(10_200));
                assert!(matches!(refused, Err(VaultError::OldReply)), "{refused:?}");
            }
            let barred = open.go_on(&at(10_300));
            assert!(matches!(barred, Err(VaultError::ForeignReceipt { .. } | VaultError::KeysReplaced)), "{barred:?}");
            open.lock(&at(10_400)).expect("locks");
            open = site.unlock(11_000 + again);
        }
        open.hear(&CenterWord { center: Some(31), ..word(Some(lost.copy)) }, &at(12_000)).expect("it has settled");
        open.go_on(&at(12_100)).expect("goes on");
    }
}

/// Attack 2, S11: several people come in by codes while a vault waits: the journal tells each of them, whoever lets it go on.
#[test]
fn s11_each_code_is_told_of_whoever_used_it() {
    let (_lost, mut open, stick) = with_stick();
    super::accounts::add_second(&mut open);
    let codes = renew(&mut open, 4000);
    let backup = back_up(&mut open, &stick).expect("backed up").keep();
    let site = Site::new();
    fs::create_dir_all(site.temp.path().join("config")).expect("made");
    restore(&backup, site.temp.path()).expect("restored").name(&site.place()).expect("named");
    let mut key = String::new();
    for (n, user) in [(3, "nurse1"), (5, "inv1")] {
        let open = recover(&site, user, &code(&codes, n), 10_000).expect("recovers");
        key = open.user_key().public().to_string();
        open.lock(&at(10_100)).expect("locks");
    }
    let mut open = site.try_unlock(NEW, 11_000).expect("opens");
    open.go_on(&at(11_500)).expect("goes on");
    let told: Vec<(String, u32, String)> =
        used(&open).into_iter().map(|(by, act)| (by, act.code, act.user.to_string())).collect();
    assert_eq!(told, [("nurse1".into(), 3, "nurse1".into()), ("inv1".into(), 5, "inv1".into())]);
    let by: Vec<String> = changed(&open).into_iter().map(|(by, _)| by).collect();
    assert_eq!(by, ["nurse1", "inv1"]);
    assert_eq!(open.account("inv1").expect("reads").and_then(|account| account.key.clone()), Some(key));
    assert_eq!(verified(&open), []);
}

/// Attack 2, S24: what was noticed at a sign-in to a vault that waits, and put right at once, is in the journal once it goes on.
#[test]
fn s24_what_was_put_right_while_it_waited_is_told() {
    let (_lost, mut open, stick) = with_stick();
    super::accounts::add_second(&mut open);
    let codes = renew(&mut open, 4000);
    let backup = back_up(&mut open, &stick).expect("backed up").keep();
    let copy = end(&open);
    let site = Site::new();
    fs::create_dir_all(site.temp.path().join("config")).expect("made");
    restore(&backup, site.temp.path()).expect("restored").name(&site.place()).expect("named");
    let slots = site.folder().join("keyslots.json");
    let older = fs::read(&slots).expect("reads");
    recover(&site, "inv1", &code(&codes, 5), 10_000).expect("recovers").lock(&at(10_100)).expect("locks");
    fs::write(&slots, &older).expect("put back");
    let open = site.unlock(11_000);
    assert_eq!(open.alarms(), [Alarm::SlotsStale]);
    open.lock(&at(11_100)).expect("locks");
    let mut open = site.unlock(12_000);
    assert_eq!(open.alarms(), [], "it is put right");
    open.go_on(&at(12_500)).expect("goes on");
    let told: Vec<&str> = acts_after(&open, copy.seq).iter().map(Act::name).collect();
    let all = ["vault.restored", "alarm.raised", "recovery.used", "user.password_changed", "session.opened"];
    assert_eq!(told, all);
}

fn known_key(open: &mut Open) -> Option<String> {
    open.account("nurse1").expect("reads").and_then(|account| account.key.clone())
}

/// Attack 2, S10: a password that its user gave up after the backup is in force again; it asks for another one once the journal is
/// back, and that one comes with another signing key, as the journal knows one.
#[test]
fn s10_a_former_password_is_to_be_changed() {
    let (lost, mut open, stick) = with_stick();
    super::accounts::add_second(&mut open);
    let codes = renew(&mut open, 4000);
    let backup = back_up(&mut open, &stick).expect("backed up").keep();
    open.lock(&at(5500)).expect("locks");
    let mut open = recover(&lost, "nurse1", &code(&codes, 3), 6000).expect("recovers");
    let (lines, center) = (own(&open), end(&open));
    let given_up = known_key(&mut open);
    let site = Site::new();
    fs::create_dir_all(site.temp.path().join("config")).expect("made");
    restore(&backup, site.temp.path()).expect("restored").name(&site.place()).expect("named");
    let mut open = site.unlock(10_000);
    assert!(open.copy_held().expect("reads").is_some_and(|copy| copy.is_backup));
    assert!(bring(&mut open, Some(center), &lines).expect("brought back").goes_on);
    let asks =
        |open: &mut Open, user: &str| open.account(user).expect("reads").is_some_and(|account| account.must_change);
    assert!(asks(&mut open, "nurse1") && asks(&mut open, "inv1"), "nobody knows what was never sent");
    super::accounts::change(&mut open, PASSWORD, "a third one of tides", 21_000).expect("changed");
    assert!(!asks(&mut open, "nurse1"));
    let key = Some(open.user_key().public().to_string());
    assert!(known_key(&mut open) == key && key != given_up);
    open.lock(&at(22_000)).expect("locks");
    let open = site.try_unlock("a third one of tides", 23_000).expect("opens");
    assert_eq!((Some(open.user_key().public().to_string()), verified(&open)), (key, vec![]));
}

/// Attack 2, S3: the version that was put into force after the backup is in force as soon as its file is there.
#[test]
fn s3_the_version_in_force_comes_back_with_its_file() {
    let (_lost, mut open, stick) = with_stick();
    let second = second_version();
    let version = Oid::from("MDV.2");
    let backup = back_up(&mut open, &stick).expect("backed up").keep();
    open.transact(&at(7000), |tx| {
        tx.hold_version(&version, &second)?;
        tx.activate_version(&version).map(drop)
    })
    .expect("in force");
    let (lines, center) = (own(&open), end(&open));
    let site = Site::new();
    fs::create_dir_all(site.temp.path().join("config")).expect("made");
    restore(&backup, site.temp.path()).expect("restored").name(&site.place()).expect("named");
    let mut open = site.unlock(10_000);
    assert!(bring(&mut open, Some(center), &lines).expect("brought back").goes_on);
    assert_ne!(open.study().metadata_version, version, "its file is not there");
    open.transact(&at(21_000), |tx| tx.hold_version(&version, &second).map(drop)).expect("held");
    assert_eq!((open.study().metadata_version.clone(), verified(&open)), (version.clone(), vec![]));
    // What another version wrote is named, and put right with the tables.
    let key = site.key();
    open.lock(&at(22_000)).expect("locks");
    let mut open = site.enter(&key, &key);
    open.all_or_nothing(&at(23_000), |tx| tx.set("study.in_force", b"MDV.1")).expect("set");
    drop(open);
    let mut open = site.enter(&key, &key);
    assert_eq!(verified(&open), [Alarm::RecordsStale]);
    open.rebuild(&at(24_000)).expect("rebuilt");
    assert_eq!((open.study().metadata_version.clone(), verified(&open)), (version, vec![]));
}

/// The tests' study under another version.
fn second_version() -> Vec<u8> {
    let text = String::from_utf8(STUDY.to_vec()).expect("text");
    text.replace("MDV.1", "MDV.2").into_bytes()
}

/// Attack 2, S20: a backup with a slot of the first form is put back where a checkpoint of the device's newer keys lies: it waits for
/// the center as any other, and the checkpoint lies beside.
#[test]
fn s20_a_slot_of_the_first_form_beside_a_newer_checkpoint() {
    let site = super::schema::vault_of_schema_1();
    let stick = site.temp.path().join("stick");
    fs::create_dir(&stick).expect("made");
    let mut open = super::accounts::try_other(&site, "inv1", super::accounts::OTHER, 5_000_000).expect("opens");
    let backup = back_up(&mut open, &stick).expect("backed up").keep();
    open.lock(&at(5_000_100)).expect("locks");
    let mut open = site.unlock(5_000_200);
    super::accounts::close(&mut open, 5_000_300).expect("closed");
    open.lock(&at(5_000_400)).expect("locks");
    let checkpoint = site.place().checkpoint;
    let newer = fs::read(&checkpoint).expect("reads");
    fs::rename(site.folder(), site.temp.path().join("aside")).expect("aside");
    restore_unbound(&backup, site.temp.path()).expect("restored").name(&site.place()).expect("named");
    let open = site.try_unlock(PASSWORD, 5_000_500).expect("opens");
    assert_eq!((open.alarms(), open.awaits_center()), ([Alarm::SlotUnbound].as_slice(), true));
    assert_eq!(fs::read(checkpoint.with_extension("json.former")).expect("kept"), newer);
    assert!(!checkpoint.exists());
}
