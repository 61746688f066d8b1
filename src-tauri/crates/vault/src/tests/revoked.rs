//! What was taken away after a backup was made is no way in once the vault that was put back goes on.

use casebook::act::{PasswordChange, UserPasswordChanged, UserRoleChanged};
use seal::recovery::RecoveryCodes;

use super::accounts::{OTHER, add_second, change, try_other, users};
use super::backups::{back_up, restore, with_stick};
use super::recovery::{NEW, changed, code, recover, renew, used};
use super::restoring::{bring, end, own};
use super::*;
use crate::NewPassword;

const THIRD: &str = "a third one of tides";

/// A vault with two accounts and codes, of which a backup was made.
struct Lost {
    site: Site,
    backup: PathBuf,
    codes: RecoveryCodes,
}

impl Lost {
    fn new(administrator: Option<&str>) -> Self {
        let (site, mut open, stick) = with_stick();
        add_second(&mut open);
        if let Some(user) = administrator {
            let act = UserRoleChanged { user: user.into(), role: Role::Administrator };
            open.transact(&at(3900), |tx| tx.write(act).map(drop)).expect("changed");
        }
        let codes = renew(&mut open, 4000);
        let backup = back_up(&mut open, &stick).expect("backed up").keep();
        open.lock(&at(5500)).expect("locks");
        Self { site, backup, codes }
    }

    fn code(&self, number: u32) -> String {
        code(&self.codes, number)
    }

    fn restored(&self) -> Site {
        let site = Site::new();
        fs::create_dir_all(site.temp.path().join("config")).expect("made");
        restore(&self.backup, site.temp.path()).expect("restored").name(&site.place()).expect("named");
        site
    }
}

/// A reply brings back all that the lost computer told.
fn bring_all(open: &mut Open, lost: &Open) -> Result<bool, VaultError> {
    bring(open, Some(end(lost)), &own(lost)).map(|brought| brought.goes_on)
}

fn is_shut_out(site: &Site, user: &str, password: &str, ms: i64) {
    let refused = try_other(site, user, password, ms).map(drop);
    assert!(matches!(refused, Err(VaultError::WrongPassword)), "{user}: {refused:?}");
}

/// What an administrator does for somebody else.
fn reset(open: &mut Open, user: &str, password: &str, ms: i64) {
    let new = NewPassword { password, cost: Cost::floor() };
    open.reset_password(user, &new, &at(ms), |tx, key| {
        let (user, key) = (user.into(), Some(key.to_string()));
        tx.write(UserPasswordChanged { user, how: PasswordChange::Administrator, key }).map(drop)
    })
    .expect("reset");
}

/// Fourth attack, T2: a code that was used before the computer was lost opens the copy while it waits; whoever came in by it is out
/// once the reply tells of its use, lets nothing go on by that way, and the center learns that it was used again.
#[test]
fn a4_t2_a_used_code_is_no_way_in_once_the_journal_is_back() {
    let lost = Lost::new(None);
    let gone = recover(&lost.site, "nurse1", &lost.code(3), 6000).expect("recovers");
    let site = lost.restored();
    let mut thief = recover(&site, "inv1", &lost.code(3), 10_000).expect("nobody knows better yet");
    let copy = end(&thief);
    let refused = bring_all(&mut thief, &gone);
    assert!(matches!(refused, Err(VaultError::Revoked)), "{refused:?}");
    assert_eq!((thief.awaits_center(), end(&thief)), (true, copy));
    let came: Vec<(String, u32)> =
        thief.came_by_codes().expect("reads").into_iter().map(|used| (used.user.to_string(), used.code)).collect();
    assert_eq!(came, [("inv1".to_owned(), 3)], "to be compared with whom it was read out for");
    thief.lock(&at(10_100)).expect("locks");
    let mut open = site.unlock(11_000);
    assert!(bring_all(&mut open, &gone).expect("brought back"));
    open.lock(&at(21_000)).expect("locks");
    is_shut_out(&site, "inv1", NEW, 22_000);
    is_shut_out(&site, "inv1", OTHER, 22_100);
    let open = site.unlock(23_000);
    let told: Vec<(String, u32)> = used(&open).into_iter().map(|(by, used)| (by, used.code)).collect();
    assert_eq!(told, [("nurse1".to_owned(), 3), ("inv1".to_owned(), 3)]);
    let by: Vec<String> = changed(&open).into_iter().map(|(by, _)| by).collect();
    assert_eq!((by, verified(&open)), (vec!["nurse1".to_owned()], vec![]));
}

/// Fourth attack, T2: who typed a used code comes in by another one that the center reads out.
#[test]
fn a4_t2_another_code_stands() {
    let lost = Lost::new(None);
    let gone = recover(&lost.site, "nurse1", &lost.code(3), 6000).expect("recovers");
    let site = lost.restored();
    for number in [3, 4] {
        recover(&site, "inv1", &lost.code(number), 10_000).expect("comes in").lock(&at(10_100)).expect("locks");
    }
    let mut open = try_other(&site, "inv1", NEW, 11_000).expect("opens");
    assert!(bring_all(&mut open, &gone).expect("brought back"));
    open.lock(&at(21_000)).expect("locks");
    let open = try_other(&site, "inv1", NEW, 22_000).expect("opens");
    let told: Vec<u32> = used(&open).into_iter().map(|(_, used)| used.code).collect();
    assert_eq!((told, changed(&open).len(), verified(&open)), (vec![3, 3, 4], 2, vec![]));
}

/// Fourth attack, T2: once the log has gone on no code of a set of before opens, also where no new set was made yet.
#[test]
fn a4_t2_codes_of_before_open_nothing_once_it_goes_on() {
    let lost = Lost::new(None);
    let site = lost.restored();
    let mut open = site.unlock(10_000);
    open.go_on(&at(10_100)).expect("goes on");
    drop(open);
    let refused = recover(&site, "inv1", &lost.code(3), 11_000).map(drop);
    assert!(matches!(refused, Err(VaultError::WrongCode)), "{refused:?}");
    let mut open = site.unlock(12_000);
    assert!(!open.recovery_stands().expect("reads"));
    let codes = renew(&mut open, 12_100);
    open.lock(&at(12_200)).expect("locks");
    recover(&site, "inv1", &code(&codes, 1), 13_000).expect("recovers");
}

/// Fourth attack, T3: a password that an administrator took away opens nothing once the journal is back, so that who knows it
/// chooses no other one; an administrator gives another. Who signed in by it lets nothing go on.
#[test]
fn a4_t3_a_password_that_was_taken_away_chooses_no_new_one() {
    let lost = Lost::new(Some("nurse1"));
    let mut gone = lost.site.unlock(6000);
    reset(&mut gone, "inv1", NEW, 6100);
    let site = lost.restored();
    let mut thief = try_other(&site, "inv1", OTHER, 10_000).expect("nobody knows better yet");
    let refused = bring_all(&mut thief, &gone);
    assert!(matches!(refused, Err(VaultError::Revoked)) && thief.awaits_center(), "{refused:?}");
    thief.lock(&at(10_100)).expect("locks");
    let mut open = site.unlock(11_000);
    assert!(bring_all(&mut open, &gone).expect("brought back"));
    assert_eq!(users(&site), ["nurse1"]);
    reset(&mut open, "inv1", THIRD, 21_000);
    assert_eq!(verified(&open), []);
    open.lock(&at(21_100)).expect("locks");
    is_shut_out(&site, "inv1", OTHER, 22_000);
    try_other(&site, "inv1", THIRD, 23_000).expect("opens");
}

/// Fourth attack, T3: not an own change, as nobody else had a say in it; nor where nobody would be left who gives passwords.
#[test]
fn a4_t3_whose_former_password_still_asks_for_another_one() {
    for (administrator, how) in [(Some("nurse1"), "own"), (None, "reset"), (Some("inv1"), "code")] {
        let lost = Lost::new(administrator);
        let mut gone = match how {
            "own" => try_other(&lost.site, "inv1", OTHER, 6000).expect("opens"),
            "reset" => lost.site.unlock(6000),
            _ => recover(&lost.site, "inv1", &lost.code(3), 6000).expect("recovers"),
        };
        match how {
            "own" => change(&mut gone, OTHER, NEW, 6100).expect("changed"),
            "reset" => reset(&mut gone, "inv1", NEW, 6100),
            _ => {}
        }
        let site = lost.restored();
        let mut open = try_other(&site, "inv1", OTHER, 10_000).expect("opens");
        assert!(bring_all(&mut open, &gone).expect("brought back"), "{how}");
        assert_eq!(users(&site), ["nurse1", "inv1"], "{how}");
        assert!(open.account("inv1").expect("reads").is_some_and(|account| account.must_change), "{how}");
    }
}
