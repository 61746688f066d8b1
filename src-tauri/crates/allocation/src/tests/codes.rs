use casebook::EntryId;
use seal::Zeroizing;

use crate::*;

fn key(n: u8) -> SlotKey {
    Zeroizing::new([n; 16])
}

fn list() -> SlotList {
    let secret = |arm: &str, n| Secret { arm: arm.to_owned(), key: key(n) };
    let secrets = [vec![secret("A", 1), secret("LONGER-ARM", 2)], vec![secret("A", 3), secret("A", 4)]];
    SlotList::seal("ST.X", &["LOW".to_owned(), "HIGH".to_owned()], &secrets).expect("a list")
}

#[test]
fn each_slot_opens_with_its_own_key_in_its_own_place_only() {
    let list = list();
    assert_eq!(list.open(0, 1, &key(1)), Ok("A".to_owned()));
    assert_eq!(list.open(0, 2, &key(2)), Ok("LONGER-ARM".to_owned()));
    for (stratum, slot) in [(0, 2), (1, 1), (1, 2)] {
        assert_eq!(list.open(stratum, slot, &key(1)), Err(SlotError::Key));
    }
    assert_eq!(list.open(2, 1, &key(1)), Err(SlotError::NoSuch));
    assert_eq!(list.open(0, 0, &key(1)), Err(SlotError::NoSuch));
}

#[test]
fn size_says_nothing_of_the_arm() {
    let text = String::from_utf8(list().bytes().to_vec()).expect("text");
    let lengths: std::collections::BTreeSet<usize> = text.lines().skip(1).map(str::len).collect();
    assert_eq!(lengths.len(), 1, "{text}");
    assert!(!text.contains("LONGER"));
}

#[test]
fn equal_arms_look_different() {
    let text = String::from_utf8(list().bytes().to_vec()).expect("text");
    let sealed: std::collections::BTreeSet<&str> =
        text.lines().skip(1).filter_map(|line| line.split("\"sealed\":").nth(1)).collect();
    assert_eq!(sealed.len(), 4);
}

#[test]
fn a_slot_moved_to_another_place_does_not_open_there() {
    let text = String::from_utf8(list().bytes().to_vec()).expect("text");
    let mut lines: Vec<String> = text.lines().map(|line| format!("{line}\n")).collect();
    let tail = |line: &str| line.split_once("\"key\"").expect("a slot").1.to_owned();
    let (first, third) = (tail(&lines[1]), tail(&lines[3]));
    lines[1] = lines[1].replace(&first, &third);
    lines[3] = lines[3].replace(&third, &first);
    let moved = SlotList::read(lines.concat().as_bytes()).expect("well formed");
    assert_ne!(moved.root(), list().root());
    assert_eq!(moved.open(0, 1, &key(3)), Err(SlotError::Damaged), "bound to its stratum and number");
}

#[test]
fn reads_what_it_writes_only() {
    let list = list();
    assert!(SlotList::read(list.bytes()).is_ok_and(|read| read == list));
    assert!(SlotList::read(&list.bytes()[..list.bytes().len() - 1]).is_err());
    let text = String::from_utf8(list.bytes().to_vec()).expect("text");
    let without_last: String = text.split_inclusive('\n').take(4).collect();
    assert!(SlotList::read(without_last.as_bytes()).is_err_and(|why| why == SlotError::Damaged));
    let newer = text.replacen("\"version\":1", "\"version\":2", 1);
    assert!(SlotList::read(newer.as_bytes()).is_err_and(|why| why == SlotError::Newer));
}

#[test]
fn the_list_is_frozen() {
    assert_eq!(list().root().hex(), FROZEN_ROOT);
}

const FROZEN_ROOT: &str = "8eeb3ea4639fbe955a64ac16218d20919d2b1ab4d9479c00107460352bf0bec8";

fn request() -> RequestCode {
    RequestCode::new("S01-k7f2m3pq", 3, 2, 1, EntryId([0xab; 32])).expect("within bounds")
}

#[test]
fn a_request_is_twenty_characters_in_groups_and_is_frozen() {
    let text = request().to_string();
    assert_eq!(text, FROZEN_REQUEST);
    assert_eq!(text.chars().filter(char::is_ascii_alphanumeric).count(), 20);
    assert_eq!(text.parse(), Ok(request()));
    assert_eq!(text.to_lowercase().replace('-', " ").parse(), Ok(request()));
    assert!(request().is_of("S01-k7f2m3pq") && !request().is_of("S01-k7f2m3pr"));
    assert!(request().names(&EntryId([0xab; 32])) && !request().names(&EntryId([0xac; 32])));
}

const FROZEN_REQUEST: &str = "1RAK-T00C-1006-NTQA-XB3A";

#[test]
fn a_request_says_no_more_than_it_can() {
    let most = RequestCode::new("S01-x", 16_383, 255, 4_095, EntryId([0xff; 32])).expect("within bounds");
    assert_eq!(most.to_string().parse(), Ok(most));
    assert_eq!(RequestCode::new("S01-x", 16_384, 0, 1, EntryId::ZERO), None);
    assert_eq!(RequestCode::new("S01-x", 1, 256, 1, EntryId::ZERO), None);
    assert_eq!(RequestCode::new("S01-x", 1, 0, 4_096, EntryId::ZERO), None);
}

#[test]
fn a_release_fits_its_request_only() {
    let key: SlotKey = Zeroizing::new(std::array::from_fn(|at| at as u8 * 13));
    let release = ReleaseCode::new(&request(), 7, &key).expect("within bounds");
    let spoken = release.spoken();
    assert_eq!(*spoken, FROZEN_RELEASE);
    assert_eq!(spoken.chars().filter(char::is_ascii_alphanumeric).count(), 30);
    let read = ReleaseCode::read(&spoken).expect("a code");
    assert_eq!((read.slot(), read.key(&request())), (7, key.clone()));
    let other = RequestCode::new("S01-k7f2m3pq", 4, 2, 2, EntryId([0xab; 32])).expect("within bounds");
    assert_ne!(read.key(&other), key);
    assert!(!format!("{read:?}").contains(&*spoken));
    assert_eq!(ReleaseCode::new(&request(), 4_096, &key), None);
}

const FROZEN_RELEASE: &str = "01X12-5APTT-WZEBJ-Z24Q1-SYZ14-R2XQC";

#[test]
fn codes_of_one_kind_are_not_taken_for_the_other() {
    assert!(request().to_string().parse::<RequestCode>().is_ok());
    assert_eq!(ReleaseCode::read(&request().to_string()), Err(CodeError::Length(30)));
}
