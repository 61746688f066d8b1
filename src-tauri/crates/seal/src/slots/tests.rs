use super::*;

const STUDY: &str = "ST.HCC";
const DEVICE: &str = "S01-k7f2m3pq";
const PASSWORD: &str = "grey heron by the weir";

fn secrets(number: u8) -> Unlocked {
    Unlocked { db_key: Zeroizing::new([7; 32]), signing_seed: Zeroizing::new([number; 32]) }
}

fn slots() -> (KeySlots, Vec<u8>) {
    let mut slots = KeySlots::new(STUDY, DEVICE);
    slots.add("nurse1", PASSWORD, &Cost::floor(), &secrets(1)).expect("there are random numbers");
    slots.add("inv1", "another long password", &Cost::floor(), &secrets(2)).expect("there are random numbers");
    let bytes = slots.write(&[7; 32]);
    (slots, bytes)
}

#[test]
fn rfc_9106_known_answer() {
    // RFC 9106, section 5.3, uses a secret and associated data, which a password slot has not: the library is held to it.
    let params = argon2::ParamsBuilder::new()
        .m_cost(32)
        .t_cost(3)
        .p_cost(4)
        .data(argon2::AssociatedData::new(&[4; 12]).expect("twelve bytes are within bounds"))
        .output_len(32)
        .build()
        .expect("the RFC's parameters are within bounds");
    let argon = Argon2::new_with_secret(&[3; 8], Algorithm::Argon2id, Version::V0x13, params).expect("eight bytes fit");
    let mut tag = [0; 32];
    argon.hash_password_into(&[1; 32], &[2; 16], &mut tag).expect("the RFC's parameters are within bounds");
    assert_eq!(hex::encode(&tag), "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659");
}

#[test]
fn argon2id_as_others_compute_it() {
    // The same by OpenSSL's ARGON2ID. The result must never change, or no slot opens any more.
    let key = derive(b"password", b"saltsaltsaltsalt", &Cost::floor()).expect("the floor is within bounds");
    assert_eq!(hex::encode(&*key), "0da38a14b42c0a97db18714d0011c5c63cec962e19202b7cdfe8ead145435e54");
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
    let (_, bytes) = slots();
    let slots = KeySlots::read(&bytes).expect("it was written just now");
    let nurse = slots.unlock("nurse1", PASSWORD).ok();
    assert_eq!(nurse.as_ref().map(|unlocked| *unlocked.db_key), Some([7; 32]));
    assert_eq!(nurse.as_ref().map(|unlocked| *unlocked.signing_seed), Some([1; 32]));
    assert_eq!(slots.unlock("nurse1", "another long password").err(), Some(SealError::WrongPassword));
    assert_eq!(slots.unlock("nobody", PASSWORD).err(), Some(SealError::UnknownUser));
    assert_eq!((slots.study(), slots.device(), slots.revision()), (STUDY, DEVICE, 1));
    assert_eq!(slots.users().collect::<Vec<_>>(), ["nurse1", "inv1"]);
}

#[test]
fn slots_are_added_replaced_and_removed() {
    let (mut slots, _) = slots();
    assert_eq!(slots.add("inv1", PASSWORD, &Cost::floor(), &secrets(2)).err(), Some(SealError::UserExists));
    slots.replace("inv1", "a new long password", &Cost::floor(), &secrets(2)).expect("there is such a slot");
    slots.remove("nurse1").expect("there is such a slot");
    assert_eq!(slots.remove("nurse1").err(), Some(SealError::UnknownUser));
    let slots = KeySlots::read(&slots.write(&[7; 32])).expect("it was written just now");
    assert_eq!(slots.revision(), 2);
    assert!(slots.unlock("inv1", "a new long password").is_ok());
    assert_eq!(slots.unlock("inv1", "another long password").err(), Some(SealError::WrongPassword));
}

#[test]
fn an_edited_file_is_noticed() {
    let (_, bytes) = slots();
    let text = String::from_utf8(bytes.clone()).unwrap_or_default();
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
    let mut forged = KeySlots::read(&bytes).expect("it is good");
    let forged = String::from_utf8(forged.write(&[8; 32])).unwrap_or_default();
    assert_eq!(unlock(&forged), Some(SealError::SlotsAltered));
}

#[test]
fn weak_greedy_and_strange_files_are_refused() {
    let (_, bytes) = slots();
    let text = String::from_utf8(bytes).unwrap_or_default();
    let read = |text: &str| KeySlots::read(text.as_bytes()).err();
    for (from, to) in [
        ("65536", "1024"),
        ("65536", "4000000000"),
        ("\"passes\": 3", "\"passes\": 1"),
        ("\"lanes\": 1", "\"lanes\": 99"),
    ] {
        assert_eq!(read(&text.replace(from, to)), Some(SealError::CostOutOfBounds), "{to}");
    }
    assert_eq!(read(&text.replace("\"version\": 1", "\"version\": 2")), Some(SealError::NewerSlots));
    for strange in
        [text.trim_end().to_owned(), text.replace(": ", ":"), text.replacen('{', "{ \"more\": 1,", 1), String::new()]
    {
        assert_eq!(read(&strange), Some(SealError::MalformedSlots));
    }
    let cheap = Cost { memory_kib: 1024, ..Cost::floor() };
    let refused = KeySlots::new(STUDY, DEVICE).add("nurse1", PASSWORD, &cheap, &secrets(1));
    assert_eq!(refused.err(), Some(SealError::CostOutOfBounds));
}

#[test]
fn calibration_never_goes_under_the_floor() {
    let quick = Cost::calibrate(Duration::from_millis(1)).expect("64 MiB are there");
    assert_eq!(quick, Cost::floor());
    let slow = Cost::calibrate(Duration::from_secs(2)).expect("64 MiB are there");
    assert!(slow.passes >= 3 && slow.memory_kib == Cost::floor().memory_kib);
}

#[test]
fn a_frozen_file_still_opens() {
    let slots = KeySlots::read(include_bytes!("frozen-v1.json")).expect("version 1 is frozen");
    let unlocked = slots.unlock("nurse1", PASSWORD).ok();
    assert_eq!(unlocked.map(|unlocked| (*unlocked.db_key, *unlocked.signing_seed)), Some(([7; 32], [1; 32])));
}
