use super::*;
use crate::cost::DERIVED;
use crate::{PublicKey, SigningKey};

const STUDY: &str = "ST.HCC";
const DEVICE: &str = "S01-k7f2m3pq";
const PASSWORD: &str = "grey heron by the weir";
const OTHER: &str = "another long password";

/// The vault's keys, and an attacker's own.
fn keys(number: u8) -> VaultKeys {
    VaultKeys { db_key: Zeroizing::new([number; 32]), device: device(number) }
}

fn device(number: u8) -> PublicKey {
    SigningKey::from_seed(&[number; 32]).public()
}

fn new<'a>(user: &'a str, password: &'a str) -> NewSlot<'a> {
    NewSlot { user, password, cost: Cost::floor() }
}

fn codes() -> RecoveryCodes {
    let text = "outpost-recovery-codes 1\ndevice S01-k7f2m3pq\nset 2\n1 7K2M-01AB-CDEF-GHJK-MNPQ\n2 0000-1111-2222-3333-4444\n";
    RecoveryCodes::parse(text).expect("a set")
}

/// Two people and two codes, and the wrap secrets.
fn slots() -> (KeySlots, Vec<Wrap>) {
    let mut slots = KeySlots::new(STUDY, DEVICE);
    let mut wraps = vec![
        slots.put(&new("nurse1", PASSWORD), &[1; 32], &keys(7)).expect("there are random numbers"),
        slots.put(&new("inv1", OTHER), &[2; 32], &keys(7)).expect("there are random numbers"),
    ];
    wraps.extend(slots.put_codes(&codes(), &keys(7)).expect("there are random numbers"));
    slots.write(&[7; 32]);
    (slots, wraps)
}

fn secret_of(wraps: &[Wrap]) -> impl Fn(&[u8; 32]) -> Option<Zeroizing<[u8; 32]>> {
    |slot| wraps.iter().find(|wrap| wrap.slot == *slot).map(|wrap| wrap.secret.clone())
}

fn again(slots: &KeySlots) -> KeySlots {
    KeySlots::read(&slots.0.written()).expect("it was written just now")
}

/// The file as somebody changes it who then writes it under a key that he knows.
fn changed(slots: &KeySlots, key: &[u8; 32], change: impl FnOnce(&mut File)) -> KeySlots {
    let mut changed = slots.clone();
    change(&mut changed.0);
    changed.write(key);
    again(&changed)
}

fn error(slots: &KeySlots) -> Option<SealError> {
    slots.unlock("nurse1", PASSWORD).err()
}

#[test]
fn rfc_8439_known_answer() {
    // RFC 8439, section 2.8.2.
    let key: [u8; 32] = std::array::from_fn(|at| 0x80 + at as u8);
    let nonce = [0x07, 0, 0, 0, 0x40, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47];
    let aad = hex::decode_vec("50515253c0c1c2c3c4c5c6c7").unwrap_or_default();
    let mut text = b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.".to_vec();
    aead_key(&key)
        .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(aad), &mut text)
        .expect("short enough");
    assert_eq!(hex::encode(&text[..16]), "d31a8d34648e60db7b86afbc53ef7ec2");
    assert_eq!(hex::encode(&text[114..]), "1ae10b594f09e26a7e902ecbd0600691");
}

#[test]
fn each_password_opens_its_own_slot() {
    let slots = again(&slots().0);
    let nurse = slots.unlock("nurse1", PASSWORD).expect("opens");
    assert_eq!((*nurse.db_key, *nurse.signing_seed), ([7; 32], [1; 32]));
    assert_eq!(nurse.bond.map(|bond| bond.device), Some(device(7)));
    assert_eq!(slots.unlock("nurse1", OTHER).err(), Some(SealError::WrongPassword));
    assert_eq!(slots.unlock("nobody", PASSWORD).err(), Some(SealError::UnknownUser));
    assert_eq!((slots.study(), slots.device(), slots.revision()), (STUDY, DEVICE, 1));
    assert_eq!(slots.users().collect::<Vec<_>>(), ["nurse1", "inv1"]);
    assert_eq!((slots.cost("inv1"), slots.cost("nobody")), (Some(Cost::floor()), None));
}

/// security.md, "Unknown user answers without Argon2id": the time told who has an account.
#[test]
fn an_unknown_user_costs_one_derivation_like_a_known_one() {
    let derivations = |user: &str, password: &str, slots: &KeySlots| {
        let before = DERIVED.get();
        let refused = slots.unlock_unverified(user, password).err();
        (DERIVED.get() - before, refused)
    };
    let slots = slots().0;
    assert_eq!(derivations("nurse1", PASSWORD, &slots), (1, None));
    assert_eq!(derivations("nurse1", OTHER, &slots), (1, Some(SealError::WrongPassword)));
    assert_eq!(derivations("nobody", OTHER, &slots), (1, Some(SealError::UnknownUser)));
    assert_eq!(derivations("nobody", OTHER, &KeySlots::new(STUDY, DEVICE)), (1, Some(SealError::UnknownUser)));
}

#[test]
fn slots_are_replaced_and_removed() {
    let (mut slots, _) = slots();
    slots.put(&new("inv1", "a new long password"), &[2; 32], &keys(7)).expect("there are random numbers");
    slots.remove("nurse1").expect("there is such a slot");
    assert_eq!(slots.remove("nurse1").err(), Some(SealError::UnknownUser));
    let slots = KeySlots::read(&slots.write(&[7; 32])).expect("it was written just now");
    assert_eq!(slots.revision(), 2);
    assert!(slots.unlock("inv1", "a new long password").is_ok());
    assert_eq!(slots.unlock("inv1", OTHER).err(), Some(SealError::WrongPassword));
}

#[test]
fn an_edited_file_is_noticed() {
    let (slots, _) = slots();
    let text = String::from_utf8(slots.0.written()).unwrap_or_default();
    let unlock = |text: &str| KeySlots::read(text.as_bytes()).and_then(|slots| slots.unlock("nurse1", PASSWORD)).err();
    assert_eq!(unlock(&text), None);
    // Another slot's user renamed, or the revision set back: only the MAC knows.
    assert_eq!(unlock(&text.replace("\"inv1\"", "\"inv2\"")), Some(SealError::SlotsAltered));
    assert_eq!(unlock(&text.replace("\"revision\": 1", "\"revision\": 0")), Some(SealError::SlotsAltered));
    // What a slot is bound to.
    assert_eq!(unlock(&text.replace(DEVICE, "S01-aaaaaaaa")), Some(SealError::WrongPassword));
    assert_eq!(unlock(&text.replace(STUDY, "ST.ABC")), Some(SealError::WrongPassword));
    assert_eq!(unlock(&text.replace("\"passes\": 3", "\"passes\": 4")), Some(SealError::WrongPassword));
    let swapped = text.replace("\"nurse1\"", "\"x\"").replace("\"inv1\"", "\"nurse1\"").replace("\"x\"", "\"inv1\"");
    assert_eq!(unlock(&swapped), Some(SealError::WrongPassword));
    // A MAC under another key.
    assert_eq!(error(&changed(&slots, &[8; 32], |_| {})), Some(SealError::SlotsAltered));
}

/// H2: whoever has the file for an hour, and no password, puts the key of a vault of his own into a slot.
#[test]
fn h2_a_key_that_somebody_else_put_there_is_refused() {
    let (slots, wraps) = slots();
    let theirs = [9; 32];
    // He encrypts his key to the recipient in the clear beside it, with whatever tag he can think of.
    let wrong_tag = changed(&slots, &theirs, |file| {
        file.slots[0].key = boxed(&file.slots[0].recipient, &keys(9)).expect("encrypted");
    });
    assert_eq!(error(&wrong_tag), Some(SealError::KeyExchanged));
    let mut own_tag = slots.clone();
    own_tag.rekey(&keys(9), |_| Some(Zeroizing::new(theirs))).expect("rekeyed");
    own_tag.write(&theirs);
    assert_eq!(error(&own_tag), Some(SealError::KeyExchanged));
    // Without the tag it is no slot of the first form.
    let no_tag = changed(&slots, &theirs, |file| {
        file.slots[0].key = boxed_first(&file.slots[0].recipient, &theirs).expect("encrypted");
        file.slots[0].tag = None;
    });
    assert_eq!(error(&no_tag), Some(SealError::WrongPassword));
    // A box of somebody else's slot, with its tag.
    let others = changed(&slots, &theirs, |file| {
        (file.slots[0].key, file.slots[0].tag) = (file.slots[1].key.clone(), file.slots[1].tag.clone());
    });
    assert_eq!(error(&others), Some(SealError::KeyExchanged));
    // A recovery code is no way round.
    let mut codes_exchanged = slots.clone();
    codes_exchanged.rekey(&keys(9), |_| Some(Zeroizing::new(theirs))).expect("rekeyed");
    let code = codes().code(1).expect("a code").clone();
    assert_eq!(codes_exchanged.recover(&code).err(), Some(SealError::KeyExchanged));
    // Who knows the wrap secrets may.
    let mut rekeyed = slots.clone();
    rekeyed.rekey(&keys(8), secret_of(&wraps)).expect("rekeyed");
    let bytes = rekeyed.write(&[8; 32]);
    let rekeyed = KeySlots::read(&bytes).expect("it was written just now");
    let opened = rekeyed.unlock("nurse1", PASSWORD).expect("opens");
    assert_eq!((*opened.db_key, opened.bond.map(|bond| bond.device)), ([8; 32], Some(device(8))));
    assert_eq!(rekeyed.recover(&code).ok().map(|opened| *opened.db_key), Some([8; 32]));
    assert_eq!(rekeyed.clone().rekey(&keys(8), |_| None).err(), Some(SealError::WrapMissing));
    let mut codeless = rekeyed.clone();
    codeless.rekey(&keys(8), secret_of(&wraps[..3])).expect("rekeyed");
    assert_eq!(codeless.codes_left(), None);
}

/// H6: each code opens the vault once, and is bound to its number and its set.
#[test]
fn h6_a_code_opens_until_it_is_burnt() {
    let (mut slots, wraps) = slots();
    let codes = codes();
    let opened = slots.recover(codes.code(2).expect("a code")).expect("opens");
    assert_eq!((opened.set, opened.code, *opened.db_key, opened.bond.device), (2, 2, [7; 32], device(7)));
    assert!(wraps.iter().any(|wrap| wrap.slot == opened.bond.wrap.slot && wrap.secret == opened.bond.wrap.secret));
    let named: Vec<[u8; 32]> = slots.wrapped().collect();
    assert_eq!(named, wraps.iter().map(|wrap| wrap.slot).collect::<Vec<_>>());
    let never = RecoveryCode::make().expect("there are random numbers");
    assert_eq!(slots.recover(&never).err(), Some(SealError::WrongPassword));
    for change in [
        (|file: &mut File| file.recovery.as_mut().expect("codes").set = 3) as fn(&mut File),
        |file| file.recovery.as_mut().expect("codes").codes[1].code = 1,
        |file| file.device = "S01-aaaaaaaa".to_owned(),
    ] {
        let other = changed(&slots, &[7; 32], change);
        assert_eq!(other.recover(codes.code(2).expect("a code")).err(), Some(SealError::WrongPassword));
    }
    slots.burn(2);
    slots.write(&[7; 32]);
    let slots = again(&slots);
    assert_eq!(slots.codes_left(), Some((2, vec![1])));
    assert_eq!(slots.recover(codes.code(2).expect("a code")).err(), Some(SealError::WrongPassword));
    assert!(slots.recover(codes.code(1).expect("a code")).is_ok());
}

#[test]
fn weak_greedy_and_strange_files_are_refused() {
    let text = String::from_utf8(slots().0.0.written()).unwrap_or_default();
    let read = |text: &str| KeySlots::read(text.as_bytes()).err();
    for (from, to) in [
        ("65536", "1024"),
        ("65536", "4000000000"),
        ("\"passes\": 3", "\"passes\": 1"),
        ("\"lanes\": 1", "\"lanes\": 99"),
    ] {
        assert_eq!(read(&text.replace(from, to)), Some(SealError::CostOutOfBounds), "{to}");
    }
    assert_eq!(read(&text.replace("\"version\": 2", "\"version\": 3")), Some(SealError::NewerSlots));
    let strange = [
        text.trim_end().to_owned(),
        text.replace(": ", ":"),
        text.replacen('{', "{ \"more\": 1,", 1),
        text.replace("\"version\": 2", "\"version\": 1"),
        String::new(),
    ];
    for strange in strange {
        assert_eq!(read(&strange), Some(SealError::MalformedSlots));
    }
    let cheap = NewSlot { cost: Cost { memory_kib: 1024, ..Cost::floor() }, ..new("nurse1", PASSWORD) };
    let refused = KeySlots::new(STUDY, DEVICE).put(&cheap, &[1; 32], &keys(7));
    assert_eq!(refused.err(), Some(SealError::CostOutOfBounds));
}

/// What an earlier version wrote opens, is rekeyed in its own form, and becomes the second one slot by slot.
#[test]
fn a_frozen_file_still_opens() {
    let bytes = include_bytes!("frozen-v1.json");
    let mut slots = KeySlots::read(bytes).expect("version 1 is frozen");
    let unlocked = slots.unlock("nurse1", PASSWORD).expect("opens");
    assert_eq!((*unlocked.db_key, *unlocked.signing_seed), ([7; 32], [1; 32]));
    assert!(unlocked.bond.is_none() && slots.wrapped().next().is_none() && slots.codes_left().is_none());
    slots.rekey(&keys(8), |_| None).expect("the first form needs no secret");
    let mut slots = KeySlots::read(&slots.write(&[8; 32])).expect("it was written just now");
    assert_eq!(slots.unlock("nurse1", PASSWORD).ok().map(|unlocked| *unlocked.db_key), Some([8; 32]));
    assert_eq!(slots.0.version, 1);
    slots.put(&new("nurse1", PASSWORD), &[1; 32], &keys(8)).expect("there are random numbers");
    let slots = KeySlots::read(&slots.write(&[8; 32])).expect("both forms in one file");
    assert_eq!((slots.0.version, slots.wrapped().count()), (2, 1));
    assert!(slots.unlock("nurse1", PASSWORD).is_ok_and(|unlocked| unlocked.bond.is_some()));
}

/// Other programs (Python, age) made this file from `FORMAT.md`: one slot of each form, and two codes.
#[test]
fn a_frozen_file_of_the_second_version_opens() {
    let slots = KeySlots::read(include_bytes!("frozen-v2.json")).expect("version 2 is frozen");
    let unlocked = slots.unlock("nurse1", PASSWORD).expect("opens");
    assert_eq!((*unlocked.db_key, *unlocked.signing_seed), ([7; 32], [1; 32]));
    assert_eq!(unlocked.bond.map(|bond| bond.device), Some(device(7)));
    let recovered = slots.recover(codes().code(1).expect("a code")).expect("opens");
    assert_eq!((recovered.set, recovered.code, *recovered.db_key, recovered.bond.device), (2, 1, [7; 32], device(7)));
    let first_form = slots.unlock("inv1", OTHER).expect("opens");
    assert_eq!((*first_form.db_key, first_form.bond.is_none()), ([7; 32], true));
}
