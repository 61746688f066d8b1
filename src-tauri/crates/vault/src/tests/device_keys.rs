//! The device's keys, once somebody who may have kept a copy of the vault has left.

use casebook::Act;
use casebook::act::DeviceEnrolled;

use super::accounts::{OTHER, add_second, change, close, try_other};
use super::*;
use crate::device_keys::signing_keys;
use crate::keys;

/// What the device's own log tells of its keys, oldest first: key, recipient, and by whom.
fn told(open: &Open) -> Vec<(String, String, String)> {
    let of = |seq| {
        let line = open.line(DEVICE, seq).expect("reads").expect("there");
        let by = line.entry().by.to_string();
        match &line.entry().act {
            Act::DeviceEnrolled(DeviceEnrolled { key, recipient, .. }) => Some((key.clone(), recipient.clone(), by)),
            _ => None,
        }
    };
    (1..=open.logs()[0].seq).filter_map(of).collect()
}

fn present(open: &Open, by: &str) -> (String, String, String) {
    let recipient = open.device_identity().expect("there").recipient().to_string();
    (open.device_key().public().to_string(), recipient, by.to_owned())
}

/// H4: closing an account draws the device new keys; who left with an old copy of the folder and an own password has the former
/// ones, and those alone.
#[test]
fn h4_who_left_keeps_former_keys_alone() {
    let site = Site::new();
    let mut open = site.found();
    add_second(&mut open);
    let (copy, old_key) = (site.twin(), open.key.clone());
    let (former, opened_by) = (open.device_key().public(), open.device_identity().expect("there").recipient());
    close(&mut open, 800).expect("closed");
    // Told at once, and signed by at once.
    assert_ne!(open.device_key().public(), former);
    assert_eq!(told(&open)[1..], [present(&open, "nurse1")]);
    let checkpoint = fs::read(site.place().checkpoint).expect("reads");
    let checkpoint: crate::SignedCheckpoint = serde_json::from_slice(&checkpoint).expect("a checkpoint");
    assert!(checkpoint.is_signed_by(&open.device_key().public()) && !checkpoint.is_signed_by(&former));
    // Replies that were made before are opened.
    let identities = open.device_identities().expect("reads");
    assert_eq!(
        identities.iter().map(seal::Identity::recipient).skip(1).collect::<Vec<_>>(),
        std::slice::from_ref(&opened_by)
    );
    for secret in [keys::DEVICE_SEED, keys::DEVICE_IDENTITY, keys::DEVICE_FORMER] {
        assert_eq!(open.setting(secret).expect("reads"), None, "{secret} leaves the room");
    }
    // What the old key opens never held the new ones.
    let with_the_old_key = |name: &str| crate::connection::open_reader(&site.folder().join(name), &old_key);
    let replaced = with_the_old_key("vault.db.old").expect("opens");
    assert_eq!(signing_keys(&replaced).expect("reads"), [former]);
    assert!(with_the_old_key("vault.db").is_err());
    drop(replaced);
    let now = present(&open, "nurse1");
    open.lock(&at(900)).expect("locks");
    let open = site.unlock(1000);
    assert_eq!((open.alarms(), verified(&open), present(&open, "nurse1")), ([].as_slice(), vec![], now.clone()));
    assert_eq!(told(&open).len(), 2, "once");
    // The old copy: its own password, the former keys.
    let old = try_other(&copy, "inv1", OTHER, 1100).expect("opens");
    assert_eq!((old.device_key().public(), old.device_identity().expect("there").recipient()), (former, opened_by));
}

/// H4: closings one after another; all former identities stay, each once.
#[test]
fn h4_each_closing_draws_other_keys() {
    let site = Site::new();
    let mut open = site.found();
    let mut all = vec![open.device_key().public()];
    for (n, user) in ["inv1", "inv2", "inv3"].into_iter().enumerate() {
        let ms = 1000 * (i64::try_from(n).expect("few") + 1);
        let new = NewUser { user, password: OTHER, cost: Cost::floor() };
        open.add_user(&new, &at(ms), |tx, key| tx.write(account(user, Some(key.to_string()))).map(drop))
            .expect("added");
        let closed = casebook::act::UserClosed { user: user.into(), reason: None };
        open.close_user(&at(ms + 1), |tx| tx.write(closed).map(drop)).expect("closed");
        all.insert(0, open.device_key().public());
        // Until then what was replaced lies there.
        open.lock(&at(ms + 2)).expect("locks");
        open = site.unlock(ms + 3);
        assert_eq!(open.alarms(), []);
    }
    assert_eq!(signing_keys(&open.sql).expect("reads"), all);
    assert_eq!(open.device_identities().expect("reads").len(), 4);
    assert_eq!((told(&open).len(), told(&open).last().cloned()), (4, Some(present(&open, "nurse1"))));
    assert_eq!(verified(&open), []);
}

/// H4: a closing that had to wait draws the keys when it is done, by whoever signs in then.
#[test]
fn h4_a_closing_that_waited_is_told_by_who_signs_in() {
    let site = Site::new();
    let mut open = site.found();
    add_second(&mut open);
    let former = open.device_key().public();
    let reader = open.snapshot().expect("snapshot");
    close(&mut open, 800).expect("closed");
    assert_eq!((open.alarms(), open.device_key().public()), ([Alarm::ClosingPending].as_slice(), former));
    assert_eq!(told(&open).len(), 1);
    drop(open);
    drop(reader);
    let open = site.unlock(900);
    assert_eq!((open.alarms(), verified(&open)), ([].as_slice(), vec![]));
    assert_ne!(open.device_key().public(), former);
    assert_eq!(told(&open)[1..], [present(&open, "nurse1")]);
}

/// H4: a checkpoint that the former key signed is this device's own; one by a key that it never had is not.
#[test]
fn h4_a_checkpoint_of_a_former_key_is_no_forgery() {
    let site = Site::new();
    let mut open = site.found();
    add_second(&mut open);
    let before = fs::read(site.place().checkpoint).expect("reads");
    close(&mut open, 800).expect("closed");
    open.lock(&at(900)).expect("locks");
    // As when the power goes before the next one is written.
    fs::write(site.place().checkpoint, &before).expect("put back");
    assert_eq!(site.unlock(1000).alarms(), []);
    let stranger = Site::new();
    drop(stranger.found());
    fs::copy(stranger.place().checkpoint, site.place().checkpoint).expect("put there");
    assert_eq!(site.unlock(2000).alarms(), [Alarm::CheckpointForged]);
}

/// H4: where the new keys can't be told, the act that follows is done all the same, and they are told with the next one.
#[test]
fn h4_keys_that_could_not_be_told_are_told_later() {
    use crate::faults::Call;
    use crate::faults::plan::{Fault, every, under};
    let site = Site::new();
    let mut open = site.found();
    add_second(&mut open);
    register(&mut open, "S01-001", 600);
    open.lock(&at(700)).expect("locks");
    let whole = site.twin();
    let mut open = whole.unlock(800);
    let (_, made) = under(&[], || close(&mut open, 900));
    drop(open);
    let commits = every(&made).into_iter().filter(|fault| fault.call == Call::Commit).map(|fault| fault.nth).max();
    let last = commits.expect("commits");
    let mut open = site.unlock(800);
    let (closed, _) = under(&[Fault { call: Call::Commit, nth: last, ever: false }], || close(&mut open, 900));
    closed.expect("closed");
    assert_eq!(told(&open).len(), 1, "it was the last commit");
    assert_ne!(told(&open)[0].0, open.device_key().public().to_string());
    set(&mut open, "S01-001", "IT.SYSBP", "120", 1000);
    assert_eq!(told(&open)[1..], [present(&open, "nurse1")]);
    assert_eq!((told(&open).len(), verified(&open)), (2, vec![]));
}

/// H4: a vault of a version before this one has no former keys, and gets them like any other.
#[test]
fn h4_a_vault_without_former_keys_is_one_that_had_none() {
    let site = Site::new();
    let mut open = site.found();
    add_second(&mut open);
    for setting in [keys::DEVICE_FORMER, keys::DEVICE_UNTOLD] {
        assert_eq!(crate::records::setting(&open.sql, setting).expect("reads"), None);
    }
    let former = open.device_key().public();
    change(&mut open, PASSWORD, "meadow-copper-lark-8", 700).expect("changed");
    assert_eq!(signing_keys(&open.sql).expect("reads"), [former]);
    close(&mut open, 800).expect("closed");
    assert_eq!(signing_keys(&open.sql).expect("reads"), [open.device_key().public(), former]);
}
