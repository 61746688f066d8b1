//! H6: whoever forgot a password comes in by a code that the center reads out, once.

use std::io::Read;
use std::time::Duration;

use casebook::Act;
use casebook::act::{PasswordChange, RecoveryUsed, UserPasswordChanged};
use seal::Identity;
use seal::recovery::RecoveryCodes;

use super::accounts::{OTHER, add_second, close, try_other};
use super::*;
use crate::NewPassword;
use crate::attempts::waiting::pass;
use crate::faults::plan::{crashing, every, under};

pub(super) const NEW: &str = "meadow-copper-lark-8";

pub(super) fn recover(site: &Site, user: &str, code: &str, ms: i64) -> Result<Open, VaultError> {
    let new = NewPassword { password: NEW, cost: Cost::floor() };
    Locked::find(&site.place(), &study::Functions::default())?.recover(user, code, &new, &at(ms))
}

/// Makes a set and gives what the center reads of it in the journal.
pub(super) fn renew(open: &mut Open, ms: i64) -> RecoveryCodes {
    let center = Identity::make();
    open.renew_recovery(&center.recipient(), &at(ms)).expect("renewed");
    let sealed = open.trial_state().expect("reads").recovery(DEVICE).expect("there").sealed.clone();
    let sealed = seal::hex::decode_vec(&sealed).expect("hexadecimal");
    let mut text = String::new();
    seal::decrypt(&center, sealed.as_slice()).expect("for the center").read_to_string(&mut text).expect("text");
    RecoveryCodes::parse(&text).expect("a set")
}

pub(super) fn code(codes: &RecoveryCodes, number: u32) -> String {
    codes.code(number).expect("a code").spelled().to_string()
}

/// A vault with a nurse, an investigator, an answer and ten codes.
pub(super) fn with_codes() -> (Site, RecoveryCodes) {
    let site = Site::new();
    let mut open = site.found();
    add_second(&mut open);
    let codes = renew(&mut open, 550);
    register(&mut open, "S01-001", 600);
    set(&mut open, "S01-001", "IT.SYSBP", "120", 700);
    open.lock(&at(800)).expect("locks");
    (site, codes)
}

/// Every act of this device's own log of which `of` makes something, with who did it.
pub(super) fn told<T>(open: &Open, of: impl Fn(Act) -> Option<T>) -> Vec<(String, T)> {
    let lines =
        (1..=open.logs()[0].seq).map(|seq| open.line(DEVICE, seq).expect("reads").expect("there").into_parts().2);
    lines.filter_map(|entry| Some((entry.by.to_string(), of(entry.act)?))).collect()
}

pub(super) fn used(open: &Open) -> Vec<(String, RecoveryUsed)> {
    told(open, |act| if let Act::RecoveryUsed(used) = act { Some(used) } else { None })
}

pub(super) fn changed(open: &Open) -> Vec<(String, UserPasswordChanged)> {
    told(open, |act| if let Act::UserPasswordChanged(changed) = act { Some(changed) } else { None })
}

/// H6: password lost, code by telephone, new password, all data there; told in the journal; the old password opens nothing.
#[test]
fn h6_a_code_gives_a_new_password_once() {
    let (site, codes) = with_codes();
    assert_eq!((codes.device(), codes.set(), codes.count()), (DEVICE, 1, 10));
    // As it is typed, and whatever the clock says.
    let typed = code(&codes, 3).to_lowercase().replace('-', " ");
    let mut open = recover(&site, "nurse1", &typed, -900_000_000_000).expect("recovers");
    assert_eq!(
        (open.user(), open.alarms(), open.recovery_left().expect("reads")),
        ("nurse1", [Alarm::ClockSuspect].as_slice(), 9)
    );
    assert_eq!(value(&mut open, "S01-001", "IT.SYSBP").as_deref(), Some("120"));
    let key = open.user_key().public().to_string();
    let by = |act| vec![("nurse1".to_owned(), act)];
    assert_eq!(used(&open), by(RecoveryUsed { set: 1, code: 3, user: "nurse1".into() }));
    let expected = UserPasswordChanged { user: "nurse1".into(), how: PasswordChange::Recovery, key: Some(key.clone()) };
    assert_eq!(format!("{:?}", changed(&open)), format!("{:?}", vec![("nurse1".to_owned(), expected)]));
    assert_eq!(open.account("nurse1").expect("reads").and_then(|account| account.key.clone()), Some(key));
    let last = open.line(DEVICE, open.logs()[0].seq).expect("reads").expect("there").into_parts().2.act;
    assert_eq!(last.name(), "user.password_changed", "after the session's beginning");
    set(&mut open, "S01-001", "IT.SYSBP", "121", 1000);
    open.lock(&at(1100)).expect("locks");
    assert!(matches!(site.try_unlock(PASSWORD, 1200), Err(VaultError::WrongPassword)));
    let open = site.try_unlock(NEW, 1300).expect("opens");
    assert_eq!((open.alarms(), verified(&open), used(&open).len()), ([].as_slice(), vec![], 1));
    drop(open);
    assert!(matches!(recover(&site, "nurse1", &typed, 1400), Err(VaultError::WrongCode)));
    assert!(try_other(&site, "inv1", OTHER, 1500).is_ok(), "nobody else needs another password");
}

/// H6: one answer, whatever is wrong; and a guess costs what a guess at a password costs, and is journaled.
#[test]
fn h6_wrong_codes_wait_and_are_journaled() {
    let (site, codes) = with_codes();
    let good = code(&codes, 1);
    let wrong = if good.starts_with('0') { good.replacen('0', "1", 1) } else { format!("0{}", &good[1..]) };
    for (user, typed) in [("nurse1", wrong.as_str()), ("nurse1", "no code"), ("nobody", &good)] {
        let refused = recover(&site, user, typed, 900).map(drop);
        assert!(matches!(refused, Err(VaultError::WrongCode)), "{user}: {refused:?}");
    }
    assert!(matches!(site.try_unlock("wrong-password", 900), Err(VaultError::WrongPassword)));
    assert!(matches!(recover(&site, "nurse1", &good, 900), Err(VaultError::Wait { seconds: 5 })));
    pass(Duration::from_secs(5));
    let open = recover(&site, "nurse1", &good, 900).expect("recovers");
    let refused = told(&open, |act| if let Act::SessionRefused(refused) = act { refused.user } else { None });
    assert_eq!(refused.len(), 3);
    assert_eq!(open.recovery_left().expect("reads"), 9);
}

/// H6: a closed account is no way in.
#[test]
fn h6_a_closed_account_comes_in_by_no_code() {
    let (site, codes) = with_codes();
    let mut open = site.unlock(900);
    assert!(open.recovery_stands().expect("reads"));
    close(&mut open, 1000).expect("closed");
    assert!(!open.recovery_stands().expect("reads"), "who has left knew what authenticates their boxes");
    open.lock(&at(1100)).expect("locks");
    assert!(matches!(recover(&site, "inv1", &code(&codes, 1), 1200), Err(VaultError::WrongCode)));
    // The codes go on with the new key.
    let open = recover(&site, "nurse1", &code(&codes, 1), 1300).expect("recovers");
    assert_eq!((open.alarms(), verified(&open), open.recovery_left().expect("reads")), ([].as_slice(), vec![], 9));
}

/// H6: another set takes the place of the one before.
#[test]
fn h6_a_new_set_ends_the_one_before() {
    let (site, codes) = with_codes();
    let mut open = site.unlock(900);
    let again = renew(&mut open, 1000);
    assert_eq!((again.set(), open.recovery_left().expect("reads")), (2, 10));
    open.lock(&at(1100)).expect("locks");
    assert!(matches!(recover(&site, "nurse1", &code(&codes, 1), 1200), Err(VaultError::WrongCode)));
    let open = recover(&site, "nurse1", &code(&again, 1), 1300).expect("recovers");
    assert_eq!(used(&open)[0].1.set, 2);
}

/// H6: a burnt code stays burnt although the file from before is put back; so does the password of that time.
#[test]
fn h6_an_older_file_does_not_bring_a_code_back() {
    let (site, codes) = with_codes();
    let old = fs::read(site.folder().join("keyslots.json")).expect("reads");
    drop(recover(&site, "nurse1", &code(&codes, 1), 900).expect("recovers"));
    fs::write(site.folder().join("keyslots.json"), &old).expect("put back");
    assert!(matches!(recover(&site, "nurse1", &code(&codes, 1), 1000), Err(VaultError::WrongCode)));
    fs::write(site.folder().join("keyslots.json"), &old).expect("put back");
    assert!(matches!(site.try_unlock(PASSWORD, 1100), Err(VaultError::WrongPassword)));
    fs::write(site.folder().join("keyslots.json"), &old).expect("put back");
    let open = recover(&site, "nurse1", &code(&codes, 2), 1200).expect("recovers");
    assert_eq!((open.alarms(), open.recovery_left().expect("reads")), ([Alarm::SlotsStale].as_slice(), 8));
}

/// What a call that failed left: all of it or nothing.
fn assert_all_or_nothing(site: &Site, code: &str, done: bool, why: &str) {
    let (good, bad) = if done { (NEW, PASSWORD) } else { (PASSWORD, NEW) };
    assert!(matches!(site.twin().try_unlock(bad, 3000), Err(VaultError::WrongPassword)), "{why}");
    let mut open = site.try_unlock(good, 3000).unwrap_or_else(|error| panic!("{why}: {error}"));
    assert_eq!(open.alarms(), [], "{why}");
    assert_eq!((used(&open).len(), changed(&open).len()), (usize::from(done), usize::from(done)), "{why}");
    assert_eq!(value(&mut open, "S01-001", "IT.SYSBP").as_deref(), Some("120"), "{why}");
    open.lock(&at(3100)).expect("locks");
    let again = recover(site, "nurse1", code, 3200).map(drop);
    assert_eq!(again.is_ok(), !done, "{why}: {again:?}");
}

/// H6: whichever call fails, once or for ever, the code is used up and the new password opens, or neither.
#[test]
fn h6_recovering_is_all_or_nothing_when_calls_fail() {
    let (template, codes) = with_codes();
    let code = code(&codes, 4);
    let twin = template.twin();
    let (opened, made) = under(&[], || recover(&twin, "nurse1", &code, 2000));
    drop(opened.expect("recovers"));
    for fault in every(&made) {
        let site = template.twin();
        let (opened, _) = under(&[fault], || recover(&site, "nurse1", &code, 2000).map(drop));
        assert_all_or_nothing(&site, &code, opened.is_ok(), &format!("{fault:?}: {opened:?}"));
    }
    assert!(made.len() > 15, "{made:?}");
}

/// H6: a power cut at each call. What stands is told in the journal at the next sign-in at the latest.
#[test]
fn h6_recovering_may_break_off_at_each_call() {
    let (template, codes) = with_codes();
    let code = code(&codes, 4);
    let twin = template.twin();
    let (opened, made) = under(&[], || recover(&twin, "nurse1", &code, 2000));
    drop(opened.expect("recovers"));
    for nth in 0..made.len() {
        let site = template.twin();
        // What it answers nobody hears.
        crashing(nth, || drop(recover(&site, "nurse1", &code, 2000)));
        let done = site.twin().try_unlock(NEW, 2500).is_ok();
        assert_all_or_nothing(&site, &code, done, &format!("crash at {nth} of {made:?}"));
    }
}
