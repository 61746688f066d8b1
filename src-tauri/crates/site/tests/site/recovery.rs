//! The way back for who lost a password: a code by telephone, or the site's administrator (H6).

use casebook::Act;
use casebook::act::PasswordChange::{Administrator, Own};
use screens::messages::{Role, SessionView};
use screens::permissions::Command;
use seal::Cost;
use site::{LostPassword, NewAccount, SiteError};
use vault::{Locked, NewPassword};

use crate::stage::{PASSWORD, Stage, code, vs};

/// A password as good as everybody's first.
const OTHER: &str = "willow-anchor-77";
/// What an administrator tells a nurse on the corridor.
const TOLD: &str = "meadow-copper-lark-8";

/// Somebody who lost the password calls the center, a minute later.
fn recover(stage: &mut Stage, user: &str, code: &str, password: &str) -> Result<SessionView, SiteError> {
    stage.now = stage.now.later(60_000);
    stage.computer.recover("vault", &LostPassword { user, code, password }, stage.now)
}

fn sign_in(stage: &mut Stage, user: &str, password: &str) -> Result<SessionView, SiteError> {
    stage.now = stage.now.later(1_000);
    stage.computer.unlock("vault", user, password, stage.now)
}

/// H6: the codes are made where a vault is founded, reach the center in its first bundle, and one of them opens the vault for
/// whoever lost the password: all that was entered is there, the old password is none any more, nor is the code.
#[test]
fn h6_a_lost_password_is_set_anew_by_a_code_of_the_center() {
    let mut stage = Stage::new();
    let subject = stage.subject();
    stage.types(&subject, &vs("SYSBP"), "120");
    stage.session().draft_item(&subject, &vs("DIABP"), "8").expect("kept");
    let codes = stage.codes();
    assert_eq!(codes.len(), 10);
    let now = stage.now;
    stage.computer.lock(now).expect("locked");
    // As it is typed by hand.
    let typed = format!(" {} ", codes[0].to_lowercase().replace('-', ""));
    let session = recover(&mut stage, " Nurse1 ", &typed, OTHER).expect("signed in");
    assert_eq!((session.user.as_str(), session.must_change, session.alarms.len()), ("nurse1", false, 0));
    assert_eq!(stage.cell(&subject, &vs("SYSBP")).display, "120");
    assert_eq!(stage.cell(&subject, &vs("DIABP")).draft.as_deref(), Some("8"));
    stage.types(&subject, &vs("DIABP"), "80");
    let file = stage_export(&mut stage);
    let burnt = stage.carried(&file).lines.iter().any(
        |line| matches!(&line.entry().act, Act::RecoveryUsed(act) if act.code == 1 && act.user.as_str() == "nurse1"),
    );
    assert!(burnt, "the next bundle tells the center");
    assert_eq!(code(sign_in(&mut stage, "nurse1", PASSWORD)), "wrong_password");
    sign_in(&mut stage, "nurse1", OTHER).expect("signed in");
    let now = stage.now;
    stage.computer.lock(now).expect("locked");
    assert_eq!(code(recover(&mut stage, "nurse1", &codes[0], TOLD)), "wrong_code");
    sign_in(&mut stage, "nurse1", OTHER).expect("a code that is burnt changes nothing");
}

/// The last file of an export.
fn stage_export(stage: &mut Stage) -> std::path::PathBuf {
    stage.export().pop().expect("a bundle")
}

/// H6: nothing but a code that was read out opens the vault, whoever's it may be, and guesses cost a delay.
#[test]
fn h6_a_wrong_code_has_one_answer_and_a_weak_password_burns_none() {
    let mut stage = Stage::new();
    let codes = stage.codes();
    let left = |stage: &mut Stage| stage.session().people_view().expect("a view").recovery.left;
    assert_eq!(code(recover(&mut stage, "nurse1", &codes[0], "password1234")), "weak_password");
    assert_eq!(code(recover(&mut stage, "nurse1", &codes[0], "nurse1-nurse1-1")), "weak_password");
    for (user, typed) in
        [("nurse1", "7K2M-7K2M-7K2M-7K2M-7K2M"), ("nurse1", "no code at all"), ("nobody", codes[0].as_str())]
    {
        assert_eq!(code(recover(&mut stage, user, typed, OTHER)), "wrong_code", "{user}");
        assert!(!stage.computer.is_open());
    }
    // No later than the others: what comes at once after so many must wait.
    let at_once = stage.now;
    let guess = LostPassword { user: "nurse1", code: "7K2M-7K2M-7K2M-7K2M-7K2M", password: OTHER };
    let refused = (0..4).map(|_| stage.computer.recover("vault", &guess, at_once).expect_err("refused"));
    assert!(refused.into_iter().any(|refused| refused.code() == "slow_down" && refused.wait_seconds() > Some(0)));
    stage.now = stage.now.later(3_600_000);
    sign_in(&mut stage, "doctor1", PASSWORD).expect("signed in");
    assert_eq!(left(&mut stage), 10, "none is burnt");
    assert_eq!(code(stage.computer.recover("../vault", &guess, at_once)), "no_such");
}

/// H6: codes that run out are made anew at whoever's sign-in comes next, also of a masked assessor, and sealed once more.
#[test]
fn h6_where_few_codes_are_left_a_new_set_is_sealed_at_the_next_sign_in() {
    let mut stage = Stage::new();
    let codes = stage.codes();
    let now = stage.now;
    stage.computer.lock(now).expect("locked");
    let mut at = now.ms();
    let mut burn = |spent: &str| {
        at += 60_000;
        let locked = Locked::find(&stage.place(), &clinical::functions()).expect("a vault");
        let new = NewPassword { password: OTHER, cost: Cost::floor() };
        let stamp = vault::Stamp::new(at, 480, "nurse1");
        locked.recover("nurse1", spent, &new, &stamp).expect("opened").lock(&stamp).expect("locked");
    };
    codes.iter().take(7).for_each(|spent| burn(spent));
    stage.now = now.later(3_600_000);
    stage.sign_in("reader1");
    assert_eq!(stage.session().people_view().expect("a view").recovery.left, 3, "three are enough");
    let now = stage.now;
    stage.computer.lock(now).expect("locked");
    at_later(&mut stage, |stage| recover(stage, "nurse1", &codes[7], OTHER).map(drop)).expect("signed in");
    let view = stage.session().people_view().expect("a view").recovery;
    assert_eq!((view.left, view.at_center), (10, false), "a set of ten, which the center does not hold yet");
    stage.sign_in("reader1");
    assert_eq!(stage.session().people_view().expect("a view").recovery.left, 10);
    stage.sign_in("doctor1");
    let sets = stage.sealed();
    assert_eq!(sets.iter().map(|set| (set.set, set.codes)).collect::<Vec<_>>(), [(1, 10), (2, 10)]);
    let anew = stage.codes_of(&sets[1]);
    assert!(anew.iter().all(|code| !codes.contains(code)));
    let file = stage_export(&mut stage);
    let reply = stage.reply(&file);
    stage.session().import_bundle(&reply).expect("imported");
    let view = stage.session().people_view().expect("a view").recovery;
    assert!(view.at_center && view.sealed_at.is_some_and(|at| at.starts_with("2026-11-23T")));
    let now = stage.now;
    stage.computer.lock(now).expect("locked");
    recover(&mut stage, "doctor1", &anew[9], OTHER).expect("signed in");
}

/// H4: who left knew what keeps other people's keys out of the codes' slots: the codes go with the account.
#[test]
fn h4_with_a_closed_account_the_codes_become_others() {
    let mut stage = Stage::new();
    let codes = stage.codes();
    stage.sign_in("admin1");
    let view = stage.session().user_close("doctor1").expect("closed");
    assert_eq!((view.recovery.left, view.recovery.at_center), (10, false));
    stage.sign_in("nurse1");
    let sets = stage.sealed();
    assert_eq!(sets.iter().map(|set| (set.set, set.codes)).collect::<Vec<_>>(), [(1, 10), (2, 10)]);
    let anew = stage.codes_of(&sets[1]);
    let now = stage.now;
    stage.computer.lock(now).expect("locked");
    assert_eq!(code(recover(&mut stage, "nurse1", &codes[0], OTHER)), "wrong_code");
    recover(&mut stage, "nurse1", &anew[0], OTHER).expect("signed in");
}

fn at_later<T>(stage: &mut Stage, act: impl FnOnce(&mut Stage) -> T) -> T {
    stage.now = stage.now.later(3_600_000);
    act(stage)
}

/// H6: an administrator sets a nurse's password with the own one; she sets hers before she does anything else.
#[test]
fn h6_an_administrator_resets_a_password_and_its_person_sets_an_own_one_first() {
    let mut stage = Stage::new();
    let subject = stage.subject();
    stage.types(&subject, &vs("SYSBP"), "120");
    stage.sign_in("admin1");
    let before = stage.session().people_view().expect("a view");
    assert!(before.people.iter().all(|person| !person.must_change));
    let mut reset = |user: &str, password: &str, own: &str| {
        let done = stage.session().user_reset(user, password, own);
        done.map(|view| view.people.into_iter().filter(|person| person.must_change).map(|person| person.user).collect())
    };
    for (user, password, own, why) in [
        ("nobody", TOLD, PASSWORD, "no_such"),
        ("admin1", TOLD, PASSWORD, "own_account"),
        ("nurse1", "password1234", PASSWORD, "weak_password"),
        ("nurse1", "Nurse (sample)", PASSWORD, "weak_password"),
        ("nurse1", PASSWORD, PASSWORD, "same_password"),
        ("nurse1", TOLD, "not the password", "wrong_password"),
    ] {
        assert_eq!(code(reset(user, password, own).map(|_: Vec<String>| ())), why, "{user} {password}");
    }
    let named: Vec<String> = reset("nurse1", TOLD, PASSWORD).expect("reset");
    assert_eq!(named, ["nurse1"]);
    assert_eq!(code(sign_in(&mut stage, "nurse1", PASSWORD)), "wrong_password");
    let session = sign_in(&mut stage, "nurse1", TOLD).expect("signed in");
    assert!(session.must_change);
    assert_eq!(stage.computer.unsent_news(), None, "nothing is told of the outbox, either");
    assert_eq!(code(stage.session().form_state(&subject, &vs("SYSBP").form)), "own_password_first");
    assert_eq!(code(stage.session().sync_view()), "own_password_first");
    for (old, new, why) in [
        (TOLD, TOLD, "same_password"),
        ("not the password", OTHER, "wrong_password"),
        (TOLD, "willow", "weak_password"),
    ] {
        assert_eq!(code(stage.session().change_password(old, new)), why);
        assert_eq!(code(stage.session().subjects()), "own_password_first");
    }
    assert!(sign_in(&mut stage, "nurse1", TOLD).expect("signed in").must_change, "she can't sit it out");
    assert!(!stage.session().change_password(TOLD, OTHER).expect("changed").must_change);
    assert_eq!(stage.cell(&subject, &vs("SYSBP")).display, "120");
    stage.types(&subject, &vs("DIABP"), "80");
    assert_eq!(code(sign_in(&mut stage, "nurse1", TOLD)), "wrong_password");
    assert!(!sign_in(&mut stage, "nurse1", OTHER).expect("signed in").must_change);
    let file = stage_export(&mut stage);
    let lines = stage.carried(&file).lines;
    let how = lines.iter().filter_map(|line| match &line.entry().act {
        Act::UserPasswordChanged(act) => Some((line.entry().by.to_string(), act.how, act.key.is_some())),
        _ => None,
    });
    let told: Vec<_> = how.collect();
    assert_eq!(told, [("admin1".to_owned(), Administrator, true), ("nurse1".to_owned(), Own, false)]);
}

/// S12: a new account kept the password that the administrator had typed, and could sign under.
#[test]
fn s12_a_new_accounts_person_sets_an_own_password_first() {
    let mut stage = Stage::new();
    stage.sign_in("admin1");
    let view = stage.session().user_add(&NewAccount::new("nurse2", "Nurse (sample)", TOLD.to_owned()), Role::Nurse);
    let marked = view.expect("added").people.into_iter().filter(|person| person.must_change);
    assert_eq!(marked.map(|person| person.user).collect::<Vec<_>>(), ["nurse2"]);
    assert!(sign_in(&mut stage, "nurse2", TOLD).expect("signed in").must_change);
    assert_eq!(code(stage.session().subjects()), "own_password_first");
    assert_eq!(code(stage.session().change_password(TOLD, TOLD)), "same_password");
    assert!(sign_in(&mut stage, "nurse2", TOLD).expect("signed in").must_change, "nobody sits it out");
    assert!(!stage.session().change_password(TOLD, OTHER).expect("changed").must_change);
    stage.session().subjects().expect("subjects");
    assert!(!sign_in(&mut stage, "nurse2", OTHER).expect("signed in").must_change);
    assert!(!sign_in(&mut stage, "admin1", PASSWORD).expect("signed in").must_change, "the first account is one's own");
}

/// H6: whoever lost the password that an administrator told needs no other one than the new one, once a code opened the vault.
#[test]
fn h6_a_code_stands_for_the_own_password_after_a_reset() {
    let mut stage = Stage::new();
    let codes = stage.codes();
    stage.sign_in("admin1");
    stage.session().user_reset("nurse1", TOLD, PASSWORD).expect("reset");
    let session = recover(&mut stage, "nurse1", &codes[3], OTHER).expect("signed in");
    assert!(!session.must_change);
    stage.session().subjects().expect("subjects");
    assert!(!sign_in(&mut stage, "nurse1", OTHER).expect("signed in").must_change);
}

/// M6: guesses at the administrator's own password, where somebody left the window open, cost a delay.
#[test]
fn m6_guesses_at_the_own_password_are_slowed_down_where_another_is_reset() {
    let mut stage = Stage::new();
    stage.sign_in("admin1");
    let at_once = stage.now;
    let guesses = (0..5).map(|_| {
        let mut session = stage.computer.session(at_once).expect("signed in");
        code(session.user_reset("nurse1", TOLD, "not the password"))
    });
    let guesses: Vec<_> = guesses.collect();
    assert_eq!((guesses[0], guesses[4]), ("wrong_password", "slow_down"));
    stage.now = stage.now.later(3_600_000);
    sign_in(&mut stage, "nurse1", PASSWORD).expect("her own one is in force");
}

/// H6: no other role resets anybody's password.
#[test]
fn h6_only_an_administrator_resets_a_password() {
    let mut stage = Stage::new();
    for user in ["nurse1", "doctor1", "reader1"] {
        stage.sign_in(user);
        assert_eq!(code(stage.session().user_reset("nurse1", TOLD, PASSWORD)), "not_your_role");
    }
    assert!(screens::permissions::check(Command::UserReset, Some(Role::Administrator)).is_ok());
}
