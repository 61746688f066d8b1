//! H2: whoever has the computer for an hour, and no password, puts a vault of his own in the place of somebody's, or his key
//! into somebody's slot. Her password must not open it.

use seal::{KeySlots, VaultKeys};

use super::accounts::{OTHER, add_second, change, close, try_other};
use super::schema::{FROZEN_KEY, FROZEN_SLOTS_1, vault_of_schema_1};
use super::*;
use crate::{slots, wraps};

/// What the attacker's own vault has: its keys, and a secret that he thinks of.
struct Attacker {
    site: Site,
    keys: VaultKeys,
}

impl Attacker {
    fn new() -> Self {
        let site = Site::new();
        let mut open = site.found();
        add_second(&mut open);
        register(&mut open, "S01-666", 600);
        let keys = open.vault_keys();
        open.lock(&at(700)).expect("locks");
        Self { site, keys }
    }

    /// Somebody's slots with his key in them.
    fn rekeyed(&self, slots: &[u8]) -> Vec<u8> {
        let mut file = KeySlots::read(slots).expect("slots");
        file.rekey(&self.keys, |_| Some(DbKey::new([6; 32]))).expect("rekeyed");
        file.write(&self.keys.db_key)
    }

    /// His vault in the place of somebody's, with these slots, also in its database.
    fn put_in_place(&self, of: &Site, slots: &[u8]) {
        slots::set_current(&self.site.raw(&self.keys.db_key), slots).expect("set");
        let copy = self.site.copy_to("copy");
        fs::write(copy.join("keyslots.json"), slots).expect("written");
        fs::remove_dir_all(of.folder()).expect("removed");
        fs::rename(copy, of.folder()).expect("renamed");
    }

    /// His checkpoint in the place of somebody's.
    fn put_checkpoint(&self, of: &Site) {
        fs::copy(self.site.place().checkpoint, of.place().checkpoint).expect("copied");
    }
}

fn slots_of(site: &Site) -> Vec<u8> {
    fs::read(site.folder().join("keyslots.json")).expect("reads")
}

fn put_slots(site: &Site, slots: &[u8]) {
    fs::write(site.folder().join("keyslots.json"), slots).expect("written");
}

/// Refused as exchanged, and nothing was written into what lay there.
fn assert_exchanged(site: &Site, told: &str) {
    let before = fs::read(site.database()).expect("reads");
    for (user, password) in [("nurse1", PASSWORD), ("inv1", OTHER)] {
        let refused = try_other(site, user, password, 5000).map(drop);
        assert!(matches!(refused, Err(VaultError::Exchanged)), "{told}: {refused:?}");
    }
    assert!(fs::read(site.database()).expect("reads") == before, "{told}");
    assert!(!site.folder().join("attempts.json").exists(), "{told}: the password was right");
}

fn two_people() -> Site {
    let site = Site::new();
    let mut open = site.found();
    add_second(&mut open);
    open.lock(&at(700)).expect("locks");
    site
}

/// H2, security.md: the victim's slots rekeyed to the attacker's vault; alone, with the vault, and with its checkpoint.
#[test]
fn h2_the_password_opens_only_its_own_vault() {
    let attacker = Attacker::new();
    let site = two_people();
    let slots = attacker.rekeyed(&slots_of(&site));
    put_slots(&site, &slots);
    assert_exchanged(&site, "the slots");
    let site = two_people();
    let slots = attacker.rekeyed(&slots_of(&site));
    attacker.put_in_place(&site, &slots);
    assert_exchanged(&site, "slots and vault");
    attacker.put_checkpoint(&site);
    assert_exchanged(&site, "slots, vault and checkpoint");
    fs::remove_file(site.place().checkpoint).expect("removed");
    assert_exchanged(&site, "slots and vault, without a checkpoint");
}

/// H2: a box that lies in somebody else's slot, with what authenticates it there.
#[test]
fn h2_another_persons_box_is_refused() {
    let site = two_people();
    let text = String::from_utf8(slots_of(&site)).expect("text");
    let lines: Vec<&str> = text.lines().collect();
    let of = |key: &str| {
        lines
            .iter()
            .enumerate()
            .filter(|(_, line)| line.trim_start().starts_with(key))
            .map(|(at, _)| at)
            .collect::<Vec<_>>()
    };
    let mut swapped = lines.clone();
    for key in ["\"key\":", "\"tag\":"] {
        let at = of(key);
        swapped.swap(at[0], at[1]);
    }
    put_slots(&site, format!("{}\n", swapped.join("\n")).as_bytes());
    assert_exchanged(&site, "boxes swapped");
}

/// H2: who knows the database's key, but not the device's, lays out a vault of his own under that key.
#[test]
fn h2_a_vault_of_another_device_under_the_same_key_is_refused() {
    let site = two_people();
    let key = site.key();
    let other = seal::SigningKey::make().expect("key");
    site.raw(&key)
        .execute("UPDATE setting SET value = ?1 WHERE key = 'device.seed'", [other.seed().as_slice()])
        .expect("set");
    assert_exchanged(&site, "another device");
}

/// H2: a slot of the first form opens once, is told, and is of the second form from then on; work goes on.
#[test]
fn h2_a_slot_of_the_first_form_becomes_one_of_the_second() {
    let site = vault_of_schema_1();
    let open = site.unlock(5_000_000);
    assert_eq!(open.alarms(), [Alarm::SlotUnbound, Alarm::CheckpointMissing]);
    let told: Vec<String> = (1..=open.logs()[0].seq)
        .filter_map(|seq| match open.line(DEVICE, seq).expect("reads").expect("there").into_parts().2.act {
            casebook::Act::AlarmRaised(alarm) => Some(alarm.code),
            _ => None,
        })
        .collect();
    assert_eq!(told, ["slot_unbound", "checkpoint_missing"]);
    open.lock(&at(5_000_100)).expect("locks");
    let slots = KeySlots::read(&slots_of(&site)).expect("slots");
    assert_eq!((slots.wrapped().count(), slots.users().count()), (1, 2), "both forms lie in one file");
    let mut open = site.unlock(5_000_200);
    assert_eq!((open.alarms(), verified(&open)), ([].as_slice(), vec![]));
    set(&mut open, "S01-001", "IT.SYSBP", "131", 5_000_300);
    open.lock(&at(5_000_400)).expect("locks");
    assert_eq!(try_other(&site, "inv1", OTHER, 5_000_500).expect("opens").alarms(), [Alarm::SlotUnbound]);
    assert_eq!(try_other(&site, "inv1", OTHER, 5_000_600).expect("opens").alarms(), []);
    assert_eq!(KeySlots::read(&slots_of(&site)).expect("slots").wrapped().count(), 2);
    assert!(matches!(site.try_unlock(OTHER, 5_000_700), Err(VaultError::WrongPassword)));
}

/// H2: the file from before is put back. The database knows better, and its slot opens in the second form; with another vault
/// it is refused by the checkpoint, and where that was exchanged, too, it is told at each sign-in.
#[test]
fn h2_the_first_form_put_back_never_opens_unnoticed() {
    let site = vault_of_schema_1();
    drop(site.unlock(5_000_000));
    drop(try_other(&site, "inv1", OTHER, 5_000_100).expect("opens"));
    let second = slots_of(&site);
    put_slots(&site, FROZEN_SLOTS_1);
    let open = site.unlock(5_000_200);
    assert_eq!(open.alarms(), [Alarm::SlotUnbound, Alarm::SlotsStale]);
    assert_eq!(open.key, DbKey::new(FROZEN_KEY));
    drop(open);
    assert!(slots_of(&site) == second, "put right");
    // With another password set since, the old one does not open the old file.
    let mut open = site.unlock(5_000_300);
    change(&mut open, PASSWORD, "meadow-copper-lark-8", 5_000_310).expect("changed");
    drop(open);
    put_slots(&site, FROZEN_SLOTS_1);
    assert!(matches!(site.try_unlock(PASSWORD, 5_000_400), Err(VaultError::WrongPassword)));

    let site = vault_of_schema_1();
    drop(site.unlock(5_000_000));
    let attacker = Attacker::new();
    let rekeyed = attacker.rekeyed(FROZEN_SLOTS_1);
    put_slots(&site, &rekeyed);
    assert!(matches!(site.try_unlock(PASSWORD, 5_000_100), Err(VaultError::Damaged { .. })), "his key opens nothing");
    attacker.put_in_place(&site, &rekeyed);
    assert_exchanged(&site, "the first form, with his vault");
    attacker.put_checkpoint(&site);
    for ms in [5_000_200, 5_000_300] {
        put_slots(&site, &rekeyed);
        assert!(site.unlock(ms).alarms().contains(&Alarm::SlotUnbound));
    }
}

/// H2: who left knew every wrap secret. Nobody is locked out by the new key, and each sign-in takes that knowledge away.
#[test]
fn h2_each_sign_in_after_a_rekey_draws_another_secret() {
    let site = Site::new();
    let mut open = site.found();
    add_second(&mut open);
    let third = NewUser { user: "inv2", password: OTHER, cost: Cost::floor() };
    open.add_user(&third, &at(510), |tx, key| tx.write(account("inv2", Some(key.to_string()))).map(drop))
        .expect("added");
    let known = wraps::all(&open.sql).expect("reads");
    close(&mut open, 800).expect("closed");
    open.lock(&at(900)).expect("locks");
    // What he could make of it: a vault of his own with her old slot in it.
    let theirs = Attacker::new();
    let forged = |slots: &[u8]| {
        let mut file = KeySlots::read(slots).expect("slots");
        file.rekey(&theirs.keys, |slot| known.get(slot).cloned()).map(|()| file.write(&theirs.keys.db_key))
    };
    assert!(forged(&slots_of(&site)).is_ok(), "until they sign in");
    for (user, password, ms) in [("nurse1", PASSWORD, 1000), ("inv2", OTHER, 1200)] {
        let before = slots_of(&site);
        let open = try_other(&site, user, password, ms).expect("opens");
        assert_eq!((open.alarms(), verified(&open)), ([].as_slice(), vec![]));
        drop(open);
        let after = slots_of(&site);
        assert!(before != after, "{user}'s slot was sealed anew");
        assert_eq!(try_other(&site, user, password, ms + 100).expect("opens").alarms(), []);
        assert!(after == slots_of(&site), "once");
    }
    assert!(matches!(forged(&slots_of(&site)), Err(seal::SealError::WrapMissing)));
    let open = site.unlock(1400);
    let kept = wraps::all(&open.sql).expect("reads");
    assert!(kept.len() == 2 && kept.keys().all(|slot| !known.contains_key(slot)), "the old ones are forgotten");
}

/// The file is ahead of the database, which does not have its secrets: nobody is locked out by the next new key.
#[test]
fn secrets_that_the_database_lost_come_back_with_their_people() {
    let site = two_people();
    site.raw(&site.key()).execute("DELETE FROM wrap", []).expect("deleted");
    let mut open = site.unlock(800);
    close(&mut open, 900).expect("closed");
    assert_eq!(open.alarms(), [Alarm::RecordsStale], "told once, and the one who stays has signed in");
    open.lock(&at(1000)).expect("locks");
    let open = site.unlock(1100);
    assert_eq!((open.alarms(), verified(&open)), ([].as_slice(), vec![]));
}

/// Checkpoints missing are told, also where a vault says that nobody has ever opened it.
#[test]
fn h2_a_vault_that_claims_to_be_new_is_told_without_its_checkpoint() {
    let site = two_people();
    site.raw(&site.key()).execute("UPDATE head SET epoch = 0", []).expect("set back");
    fs::remove_file(site.place().checkpoint).expect("removed");
    assert!(site.unlock(800).alarms().contains(&Alarm::CheckpointMissing));
}
