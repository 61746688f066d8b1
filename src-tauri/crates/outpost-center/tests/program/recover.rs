//! A recovery code read out, and a site's data in a kit, as a data manager does it.

use crate::cli::{good, made, path, run};
use crate::device::{Desk, Device, stamp};
use casebook::act::{RecoverySealed, RecoveryUsed};
use seal::recovery::RecoveryCodes;
use std::fs;
use std::io::Write;
use std::path::Path;
use study::Oid;

/// A center with a device that has deposited two codes.
fn deposited() -> (Desk, String, Device, RecoveryCodes) {
    let (desk, dir) = made();
    desk.center.add_site(&stamp(1), "S01", "Sample hospital").expect("a site");
    let mut device = Device::new(&desk, "S01-k7f2m3pq");
    desk.admit(&mut device);
    let codes = RecoveryCodes::make(&device.log, 1, 2).expect("random numbers");
    let mut writer = seal::encrypt(std::slice::from_ref(&device.recovery), Vec::new()).expect("it encrypts");
    writer.write_all(codes.to_text().as_bytes()).expect("written");
    let sealed = seal::hex::encode(&writer.finish().expect("finished"));
    device.write_with(RecoverySealed { set: 1, codes: 2, sealed }, |entry| entry.by = Oid::from("system"));
    device.register(1);
    assert_eq!(desk.says(&device.export(2)), "accepted 2 entries");
    (desk, dir, device, codes)
}

/// What the program says to a wish for a code.
fn recover(dir: &str, key: &str, who: &[&str]) -> (i32, String, String) {
    run(&[&["recover", "--dir", dir, "--key", key, "--reason", "x (sample)"], who].concat())
}

/// S8: the status names the account that a code was used for, and shouts where it is another one than it was read out for.
#[test]
fn s8_the_status_names_whose_password_a_code_set() {
    let (desk, dir, mut device, _) = deposited();
    let key = path(Path::new(&dir), "recovery.agekey");
    for _ in 1..=2 {
        assert_eq!(recover(&dir, &key, &["--device", "S01-k7f2m3pq", "--user", "nurse1"]).0, 0);
    }
    let from = device.lines.len() as u64 + 1;
    for (code, user) in [(1, "nurse1"), (2, "admin1")] {
        device.write_with(RecoveryUsed { set: 1, code, user: Oid::from(user) }, |entry| entry.by = Oid::from(user));
    }
    desk.says(&device.export(from));
    let (_, out, _) = run(&["status", "--dir", &dir]);
    for words in [
        "    code 1 of set 1 set the password of nurse1, for whom it was read out\n",
        "    code 2 of set 1 was read out for nurse1 and SET THE PASSWORD OF admin1\n",
        ": recovery account: a code that was read out for one account set the password of another",
    ] {
        assert!(out.contains(words), "{out}");
    }
}

/// H6: the code stands on a line of its own, and what it is for before it.
#[test]
fn h6_a_code_is_read_out_on_a_line_of_its_own() {
    let (desk, dir, _, codes) = deposited();
    let key = path(Path::new(&dir), "recovery.agekey");
    let of = |key: &str, reason: &str| {
        let who = ["--device", "S01-k7f2m3pq", "--user", "nurse1"];
        run(&[&["recover", "--dir", &dir, "--key", key, "--reason", reason], &who[..]].concat())
    };
    for number in 1..=2 {
        let (code, out, errors) = of(&key, "password lost, called back (sample)");
        assert_eq!((code, errors.as_str()), (0, ""));
        let lines: Vec<&str> = out.lines().collect();
        assert_eq!(lines[0], "device S01-k7f2m3pq, site S01");
        assert!(lines[1].starts_with("words of its key: "), "{}", lines[1]);
        assert_eq!(lines[2], "for account nurse1 alone");
        assert_eq!(lines[3], format!("code {number} of set 1; {} are left:", 2 - number));
        assert!(lines.len() == 5 && lines[4] == *codes.code(number).expect("a code").spelled());
    }
    let none = "no code: every code of the set was read out or used; the device seals a new set when somebody signs in there\n";
    assert_eq!(of(&key, "again (sample)"), (1, none.to_owned(), String::new()));
    assert_eq!(of(&key, "  "), (1, "no code: it must be said why\n".to_owned(), String::new()));
    let other = path(Path::new(&dir), "center.agekey");
    assert_eq!(of(&other, "x").1, "no code: this is not the center's recovery key\n");
    let (no_key, gone) = (path(desk.folder.path(), "study.xml"), path(desk.folder.path(), "gone"));
    for (key, words) in [(&no_key, "this file holds no secret age key\n"), (&gone, "gone: ")] {
        let (code, out, errors) = of(key, "x");
        assert!(code == 2 && out.is_empty() && errors.contains(words), "{errors}");
    }
    let other_set = recover(&dir, &key, &["--device", "S01-k7f2m3pq", "--user", "nurse1", "--set", "2"]);
    assert_eq!(other_set.1, "no code: no bundle has brought set 2 of this device's codes\n");
    let (code, _, errors) = recover(&dir, &key, &["--device", "S01-none", "--user", "nurse1"]);
    assert!(code == 2 && errors.contains("there is no device S01-none"), "{errors}");
    assert!(good(&["status", "--dir", &dir]).contains(", recovery codes: 0 left, 2 read out, 0 used\n"));
}

/// Issue 9, part B: a kit with data says how much it carries; approval says whether a device came by a kit.
#[test]
fn a_site_that_is_there_gets_a_kit_with_its_data() {
    let (desk, dir, ..) = deposited();
    let (kit, passphrase) = (path(desk.folder.path(), "S01.kit"), path(desk.folder.path(), "passphrase"));
    fs::write(&passphrase, "correct horse battery\n").expect("written");
    let add = ["site", "add", "--dir", &dir, "--site", "S01", "--out", &kit, "--passphrase-file", &passphrase];
    let out = good(&[&add[..], &["--with-data"]].concat());
    // The device's three, and the center's own: study published, device approved, two bundles imported; and where this computer's
    // clock, by which the center was made, stands after the test's invented time, that the clock went backwards then.
    let entries = desk.center.status().expect("a status").own_entries + 3;
    assert!([7, 8].contains(&entries), "{entries}");
    assert!(out.contains(&format!("kit: {kit}\nit carries {entries} entries\nwords of the center's key: ")), "{out}");
    let reply = path(desk.folder.path(), "reply.bundle");
    good(&["reply", "--dir", &dir, "--site", "S01", "--whole", "--out", &reply]);
    let report = bundle::verify(fs::File::open(&reply).expect("there"), None, None).expect("good");
    assert_eq!(report.envelope.entries, entries, "its own three, too");

    let mut device = Device::new(&desk, "S01-zzzzzzzz");
    device.enrol();
    desk.send(&device.export(1));
    let list = good(&["device", "list", "--dir", &dir]);
    assert!(list.ends_with("\tshows no kit of this site\n"), "{list}");
    let out = good(&["device", "approve", "--dir", &dir]);
    assert!(out.starts_with("approved S01-zzzzzzzz: it shows no kit of this site\n"), "{out}");
}
