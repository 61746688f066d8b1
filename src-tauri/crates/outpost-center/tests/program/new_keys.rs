//! A device that drew a new key because somebody left, as a data manager meets it.

use crate::cli::{good, made, path, run};
use crate::device::{Desk, Device, stamp};
use bundle::Packed;
use center::store::{Embedded, Storage, StoreError};
use seal::{Identity, SigningKey};
use std::fs;
use std::path::Path;
use std::process::Command;

/// A center with a device, and that device with a new key and a bundle in a file.
fn renewed() -> (Desk, String, Device, Device, String) {
    let (desk, dir) = made();
    desk.center.add_site(&stamp(1), "S01", "Sample hospital").expect("a site");
    desk.center.make_kit(&stamp(1), "S01", "correct horse battery").expect("a kit");
    let store: Box<dyn Storage> =
        Box::new(Embedded::open(&desk.folder.path().join("center/center.sqlite")).expect("it opens"));
    let kit = store.read(|tx| -> Result<_, StoreError> { tx.kits("S01") }).expect("read").remove(0);
    let mut left = Device { activation: Some(kit.code.to_string()), ..Device::new(&desk, "S01-k7f2m3pq") };
    desk.admit(&mut left);
    let mut device = left.clone();
    (device.key, device.age) = (SigningKey::from_seed(&[9; 32]), Identity::make().recipient());
    device.enrol();
    let file = path(desk.folder.path(), "new.bundle");
    fs::write(&file, device.export(2).bytes).expect("written");
    (desk, dir, left, device, file)
}

/// H4: a new key is an alarm, is listed beside the approved one, and is approved by its words alone; then the former one is refused.
#[test]
fn h4_a_new_key_is_approved_by_its_words() {
    let (desk, dir, mut left, device, file) = renewed();
    let (old, new) = (left.key.public().words(), device.key.public().words());
    let (code, out, _) = run(&["ingest", "--dir", &dir, &file]);
    assert!(code == 1 && out.contains(&format!("waiting for approval: S01-k7f2m3pq, {new}; ALARM new key: ")), "{out}");
    let list = good(&["device", "list", "--dir", &dir]);
    let line = format!("S01-k7f2m3pq\twaiting\theld 1\t{new}\tis a new key of a known device, and shows its kit\n");
    assert!(list.contains(&line) && list.contains(&format!("S01-k7f2m3pq\tapproved\theld 1\t{old}\t")), "{list}");
    let (code, status, _) = run(&["status", "--dir", &dir]);
    assert!(code == 1 && status.contains("left out: S01-k7f2m3pq: 1 of its bundles wait"), "{status}");
    assert!(
        status.contains(&format!("1 bundles wait, is a new key of a known device, and shows its kit; words: {new}")),
        "{status}"
    );
    assert!(status.contains("ALARM "), "{status}");
    for named in [&["device", "approve", "--dir", &dir][..], &["device", "approve", "--dir", &dir, "S01-k7f2m3pq"]] {
        let (code, _, errors) = run(named);
        assert!(
            code != 0 && errors.contains("another key of the device S01-k7f2m3pq waits: compare its words"),
            "{errors}"
        );
    }
    // Nor is a reply written that the former key opens.
    let reply = path(desk.folder.path(), "reply.bundle");
    let asked = ["reply", "--dir", &dir, "--site", "S01", "--out", &reply];
    let (code, out, _) = run(&asked);
    assert!(code == 1 && out.starts_with("no reply: another key of the device S01-k7f2m3pq waits"), "{out}");
    assert!(!Path::new(&reply).exists());
    let (code, out, _) = run(&[&asked[..], &["--to-former-key"]].concat());
    assert!(code == 1 && out.starts_with("reply: ") && out.contains("left out: S01-k7f2m3pq"), "{out}");
    let approve = ["device", "approve", "--dir", &dir, "S01-k7f2m3pq", "--words", &new];
    let out = good(&approve);
    assert!(out.starts_with("approved S01-k7f2m3pq: it is a new key of a known device, and shows its kit\n"), "{out}");
    assert!(out.contains("accepted 1 entries"), "{out}");
    assert!(good(&approve).starts_with("approved S01-k7f2m3pq: it came by the kit of "), "again");
    left.register(1);
    fs::write(&file, left.export(2).bytes).expect("written");
    let (code, out, _) = run(&["ingest", "--dir", &dir, &file]);
    assert!(code == 1 && out.contains("refused: replaced sender: S01-k7f2m3pq has another key since"), "{out}");
    let list = good(&["device", "list", "--dir", &dir]);
    assert!(list.contains(&format!("S01-k7f2m3pq\treplaced\theld 2\t{old}\t")), "{list}");
    let (code, _, errors) = run(&["device", "approve", "--dir", &dir, "S01-k7f2m3pq", "--words", &old]);
    assert!(code != 0 && errors.contains("was replaced by another; it cannot be approved again"), "{errors}");
    drop(desk);
}

/// H4: whose words are not the device's is refused, and the device goes on with the key that it has.
#[test]
fn h4_a_thiefs_key_is_revoked_by_its_words() {
    let (desk, dir, mut left, thief, file) = renewed();
    run(&["ingest", "--dir", &dir, &file]);
    let words = thief.key.public().words();
    let revoke = ["device", "revoke", "--dir", &dir, "S01-k7f2m3pq", "--reason", "not its words (sample)"];
    let out = good(&[&revoke[..], &["--words", &words]].concat());
    assert_eq!(out, "rejected a key that waited for S01-k7f2m3pq; the device itself stays as it is\n");
    let (_, out, _) = run(&["ingest", "--dir", &dir, &file]);
    assert!(out.contains("refused: revoked sender: S01-k7f2m3pq"), "{out}");
    left.register(1);
    assert_eq!(desk.says(&left.export(2)), "accepted 1 entries");
}

/// K4, K9: where strangers' keys fill the places of a device, all of them are rejected at once, which is said to be that.
#[test]
fn k4_keys_that_wait_are_rejected_at_once() {
    let (_desk, dir, _, _, file) = renewed();
    run(&["ingest", "--dir", &dir, &file]);
    let revoke = ["device", "revoke", "--dir", &dir, "S01-k7f2m3pq", "--reason", "nobody's (sample)", "--waiting"];
    let out = good(&revoke);
    assert_eq!(out, "rejected 1 keys that waited for S01-k7f2m3pq; what is approved stays as it is\n");
    assert_eq!(run(&revoke).0, 2, "none waits any more");
    let status = good(&["status", "--dir", &dir]);
    assert!(
        status.contains("  S01-k7f2m3pq: the key ") && status.contains(" was rejected: nobody's (sample)"),
        "{status}"
    );
    assert!(!status.contains("ALARM "), "{status}");
}

/// B6: who approves a new key is told what the former one had parked.
#[test]
fn b6_what_is_refused_by_an_approval_is_said() {
    let (desk, dir, mut left, device, file) = renewed();
    (1..=3).for_each(|number| drop(left.register(number)));
    let parked = left.part(4, 4);
    assert!(desk.says(&parked).starts_with("parked"));
    run(&["ingest", "--dir", &dir, &file]);
    let words = device.key.public().words();
    let (code, out, _) = run(&["device", "approve", "--dir", &dir, "S01-k7f2m3pq", "--words", &words]);
    let said = format!("{}.bundle: refused: the former key signed it, and it waited", parked.id);
    assert!(code == 1 && out.contains(&said) && out.contains("accepted 1 entries"), "{out}");
}

/// A center where a key was replaced, with what that key signed before and afterwards, and what the new one signed.
struct Replaced {
    desk: Desk,
    taken: Packed,
    taken_file: String,
    forged: Packed,
    forged_file: String,
    new_file: String,
    signers: String,
    key: String,
    receipt: String,
}

fn replaced() -> Replaced {
    let (desk, dir, mut left, device, _) = renewed();
    left.register(1);
    let taken = left.part(2, 2);
    assert_eq!(desk.says(&taken), "accepted 1 entries");
    let mut new = Device { lines: left.lines.clone(), ..device };
    new.enrol();
    let waits = new.export(3);
    desk.says(&waits);
    desk.center.approve_key(&stamp(5), &left.log, Some(&new.key.public().words())).expect("approved");
    left.register(66);
    let forged = left.export(2);
    let write = |name: &str, packed: &Packed| {
        let file = path(desk.folder.path(), name);
        fs::write(&file, &packed.bytes).expect("written");
        file
    };
    let at = |name: &str| path(Path::new(&dir), name);
    Replaced {
        taken_file: write("taken.bundle", &taken),
        forged_file: write("forged.bundle", &forged),
        new_file: write("waits.bundle", &waits),
        signers: at("allowed_signers"),
        key: at("center.agekey"),
        receipt: at(&format!("receipts/{}.json", taken.id)),
        desk,
        taken,
        forged,
    }
}

impl Replaced {
    fn verify(&self, file: &str, more: &[&str]) -> (i32, String) {
        let (code, out, _) = run(&[&["verify", file, "--allowed-signers", &self.signers][..], more].concat());
        (code, out)
    }
}

/// K10: what a key signed after it was replaced was called good. Without the center's receipt nothing that it signed counts.
#[test]
fn k10_what_a_replaced_key_signs_afterwards_does_not_count() {
    let stage = replaced();
    let Replaced { taken_file, forged_file, receipt, .. } = &stage;
    // The test's day is the 23rd of November 2026; the list gives a key until the second day after.
    for file in [taken_file, forged_file] {
        let (code, out) = stage.verify(file, &[]);
        assert!(code == 1 && out.starts_with("refused: replaced sender: S01-k7f2m3pq has another key; "), "{out}");
        assert!(out.contains("before 20261125"), "{out}");
        assert_eq!(stage.verify(file, &["--at", "20261125"]).0, 1);
    }
    let (code, out) = stage.verify(taken_file, &["--receipt", receipt]);
    assert!(code == 0 && out.starts_with("OK "), "{out}");
    assert_eq!(stage.verify(taken_file, &["--at", "20261123"]).0, 0);
    let other = (1, "refused: the receipt is for another bundle\n".to_owned());
    assert_eq!(stage.verify(forged_file, &["--receipt", receipt]), other);
    let said = fs::read_to_string(receipt).expect("the receipt").replace(&stage.taken.id.hex(), &stage.forged.id.hex());
    let own = path(stage.desk.folder.path(), "own.json");
    fs::write(&own, said).expect("written");
    fs::copy(format!("{receipt}.sig"), format!("{own}.sig")).expect("copied");
    let (code, out) = stage.verify(forged_file, &["--receipt", &own]);
    assert!(code == 1 && out.starts_with("refused: the receipt: "), "{out}");
    // Of a key that counts nothing more is asked.
    assert_eq!(stage.verify(&stage.new_file, &[]).0, 0);
    assert_eq!(run(&["verify", taken_file, "--allowed-signers", &stage.signers, "--at", "today"]).0, 2);
}

/// K10: the auditor's public programs say the same.
#[test]
fn k10_the_auditor_s_programs_agree() {
    let stage = replaced();
    if !["bash", "tar", "age", "zstd", "jq", "ssh-keygen", "python3"].iter().all(|name| is_installed(name)) {
        println!("skipped: the auditor's programs are not installed");
        return;
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/audit/open-bundle.sh");
    let audit = |file: &str, day: &[&str]| {
        let mut bash = Command::new("bash");
        bash.arg(&script).args([file, &stage.key, &stage.signers, "S01-k7f2m3pq"]).args(day);
        let output = bash.output().expect("bash");
        (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    for file in [&stage.taken_file, &stage.forged_file] {
        let (good, errors) = audit(file, &[]);
        assert!(!good && errors.contains("signature: "), "{errors}");
        assert!(!audit(file, &["20261125"]).0);
    }
    assert_eq!(audit(&stage.taken_file, &["20261123"]), (true, String::new()));
    assert_eq!(audit(&stage.taken_file, &["20261124"]), (true, String::new()));
    assert_eq!(audit(&stage.new_file, &[]), (true, String::new()));
    // Also on the days until which the list gives the former key.
    let list = fs::read_to_string(&stage.signers).expect("the list").replace("20261125", "20991231");
    fs::write(&stage.signers, list).expect("written");
    let (good, errors) = audit(&stage.forged_file, &[]);
    assert!(!good && errors.contains("a key that its device has replaced since"), "{errors}");
    assert_eq!(stage.verify(&stage.forged_file, &[]).0, 1);
}

fn is_installed(program: &str) -> bool {
    std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(program).is_file()))
}
