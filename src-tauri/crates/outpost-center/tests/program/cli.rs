//! The command line through its own door.

use crate::device::{Desk, Device, STUDY, stamp};
use center::store::{BundleRow, BundleState, Embedded, Storage};
use seal::Identity;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

pub fn run(arguments: &[&str]) -> (i32, String, String) {
    let Output { status, stdout, stderr } =
        Command::new(env!("CARGO_BIN_EXE_outpost-center")).args(arguments).output().expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (status.code().expect("an exit code"), text(stdout), text(stderr))
}

pub fn good(arguments: &[&str]) -> String {
    let (code, out, errors) = run(arguments);
    assert_eq!(code, 0, "{arguments:?}: {out}{errors}");
    out
}

pub fn path(folder: &Path, name: &str) -> String {
    folder.join(name).display().to_string()
}

/// A center made through the command line, as the other tests' desk.
pub fn made() -> (Desk, String) {
    let folder = TempDir::new().expect("a temporary folder");
    let study = path(folder.path(), "study.xml");
    fs::write(&study, STUDY).expect("written");
    let dir = path(folder.path(), "center");
    let out = good(&["init", "--dir", &dir, "--study", &study]);
    assert!(out.starts_with("center for Good (ST.GOOD), version MDV.1\nkey: ssh-ed25519 "), "{out}");
    assert_eq!(out.contains("is closed to other accounts"), cfg!(windows), "{out}");
    let center = center::Center::open(Path::new(&dir), &study::Functions::default()).expect("a center");
    (Desk { center, folder }, dir)
}

#[test]
fn a_site_from_kit_to_table() {
    let (desk, dir) = made();
    let folder = desk.folder.path();
    let (passphrase, kit) = (path(folder, "passphrase"), path(folder, "S01.kit"));
    fs::write(&passphrase, "correct horse battery\n").expect("written");
    let out = good(&[
        "site",
        "add",
        "--dir",
        &dir,
        "--site",
        "S01",
        "--name",
        "Sample hospital",
        "--out",
        &kit,
        "--passphrase-file",
        &passphrase,
    ]);
    assert!(out.contains("kit: ") && out.contains("words of the center's key: "), "{out}");
    assert_eq!(good(&["site", "list", "--dir", &dir]), "S01\tSample hospital\n");

    let identity = fs::read_to_string(Path::new(&dir).join("center.agekey")).expect("its key");
    let mut device = Device::new(&desk_at(&dir), "S01-k7f2m3pq");
    device.to = Identity::from_file(&identity).expect("its key").recipient();
    device.enrol();
    let subject = device.register(1);
    device.set(&subject, "IT.VS.SYSBP", "120");
    let file = path(folder, "a.bundle");
    fs::write(&file, device.export(1).bytes).expect("written");

    let (code, out, _) = run(&["ingest", "--dir", &dir, &file]);
    assert_eq!(code, 1, "somebody has to compare words");
    assert_eq!(out, format!("a.bundle: waiting for approval: S01-k7f2m3pq, {}\n", device.key.public().words()));
    assert!(good(&["device", "list", "--dir", &dir]).starts_with("S01-k7f2m3pq\twaiting\theld 0\t"));
    let out = good(&["device", "approve", "--dir", &dir]);
    assert!(
        out.starts_with("approved S01-k7f2m3pq: it shows no kit of this site\n")
            && out.ends_with("accepted 3 entries\n"),
        "{out}"
    );
    let out = good(&["ingest", "--dir", &dir, &path(folder, "")]);
    assert!(out.starts_with("a.bundle: already held\n  receipt: "), "{out}");

    let signers = path(Path::new(&dir), "allowed_signers");
    let key = path(Path::new(&dir), "center.agekey");
    let out = good(&["verify", &file, "--allowed-signers", &signers, "--identity", &key]);
    assert_eq!(out, format!("OK {} from S01-k7f2m3pq: 3 entries, head {}\n", device_id(&file), device.head()));
    let reply = path(folder, "reply.bundle");
    assert_eq!(good(&["reply", "--dir", &dir, "--site", "S01", "--out", &reply]), format!("reply: {reply}\n"));
    assert!(good(&["verify", &reply, "--allowed-signers", &signers]).starts_with("OK "));
    assert!(good(&["status", "--dir", &dir]).contains("1 sites, 1 subjects\n"));
    let json = good(&["status", "--dir", &dir, "--json"]);
    assert!(json.contains("\"held\": 3"), "{json}");

    let (first, second) = (path(folder, "csv1"), path(folder, "csv2"));
    let files = good(&["export", "csv", "--dir", &dir, "--out", &first]);
    good(&["export", "csv", "--dir", &dir, "--out", &second]);
    assert!(files.lines().count() >= 4, "{files}");
    let mut found = false;
    for file in files.lines() {
        let name = Path::new(file).file_name().expect("a name");
        let (one, two) = (fs::read(file).expect("a table"), fs::read(Path::new(&second).join(name)).expect("a table"));
        assert!(one == two, "{file}");
        found |= String::from_utf8_lossy(&one).contains("120");
    }
    assert!(found, "the value stands in a table");
}

fn desk_at(dir: &str) -> Desk {
    let folder = TempDir::new().expect("a temporary folder");
    for name in ["center.agekey", "recovery.agekey"] {
        fs::copy(Path::new(dir).join(name), folder.path().join(name)).expect("copied");
    }
    Desk { center: center::Center::open(Path::new(dir), &study::Functions::default()).expect("a center"), folder }
}

fn device_id(file: &str) -> String {
    let report = bundle::verify(fs::File::open(file).expect("there"), None, None).expect("good");
    report.id.to_string()
}

#[test]
fn verify_names_what_is_wrong() {
    let (desk, device) = Desk::with_device();
    let file = path(desk.folder.path(), "a.bundle");
    let mut bytes = device.export(1).bytes;
    let signers = path(desk.folder.path(), "none");
    fs::write(&signers, "").expect("written");
    fs::write(&file, &bytes).expect("written");
    let (code, out, _) = run(&["verify", &file, "--allowed-signers", &signers]);
    assert!(code == 1 && out.starts_with("refused: unknown sender: S01-k7f2m3pq"), "{out}");
    let in_payload = bytes.len() - 1700;
    bytes[in_payload] ^= 1;
    fs::write(&file, &bytes).expect("written");
    let (code, out, _) = run(&["verify", &file]);
    assert!(code == 1 && out.starts_with("refused: the file is damaged or altered: "), "{out}");
    assert_eq!(run(&["verify", &path(desk.folder.path(), "absent")]).0, 2);
}

#[test]
fn study_check_lists_every_fault_and_writes_the_same() {
    let folder = TempDir::new().expect("a temporary folder");
    let (file, out) = (path(folder.path(), "study.xml"), path(folder.path(), "out.xml"));
    fs::write(&file, STUDY).expect("written");
    let said = good(&["study", "check", &file, "--write", &out]);
    assert_eq!(said, "Good (ST.GOOD), version MDV.1: 4 events, 3 forms, 9 items, 1 code lists, languages en, zh-CN\n");
    let canonical =
        |name: &str| study::Document::parse(name, &fs::read(name).expect("there")).expect("well-formed").canonical();
    assert!(canonical(&file) == canonical(&out));
    fs::write(
        &file,
        STUDY.replace("ItemGroupOID=\"IG.DM\"", "ItemGroupOID=\"IG.XX\"").replace("MU.MGDL=17.1", "MU.MGDL=x"),
    )
    .expect("written");
    let (code, said, _) = run(&["study", "check", &file]);
    assert_eq!(code, 1);
    assert!(said.contains("study.xml:44: F.DM: refers to the item group IG.XX, which is not defined\n"), "{said}");
    assert!(said.contains("IT.LB.BILI: \"MU.MGDL=x\" is not \"unit=factor\"\n"), "{said}");
    let (code, _, errors) = run(&["init", "--dir", &path(folder.path(), "c"), "--study", &file]);
    assert!(code == 2 && errors.contains("IG.XX"), "{errors}");
    assert!(!folder.path().join("c/center.json").exists());
}

#[test]
fn what_cannot_be_done_is_said() {
    let (desk, dir) = made();
    let study = path(desk.folder.path(), "study.xml");
    for (arguments, words) in [
        (vec!["init", "--dir", &dir, "--study", &study], "not empty"),
        (vec!["status", "--dir", "/nowhere/at/all"], "no center"),
        (vec!["site", "add", "--dir", &dir, "--site", "S 1", "--name", "x"], "no site identifier"),
        (vec!["site", "add", "--dir", &dir, "--site", "S01"], "--name"),
        (vec!["device", "approve", "--dir", &dir, "S01-x"], "no device"),
        (vec!["device", "approve", "--dir", &dir], "no device waits"),
        (vec!["reply", "--dir", &dir, "--site", "S01", "--out", "x"], "no site S01"),
    ] {
        let (code, _, errors) = run(&arguments);
        assert!(code == 2 && errors.contains(words), "{arguments:?}: {errors}");
    }
}

#[cfg(unix)]
#[test]
fn an_unknown_time_zone_is_said_and_nothing_is_written() {
    let folder = TempDir::new().expect("a temporary folder");
    let study = path(folder.path(), "study.xml");
    fs::write(&study, STUDY).expect("written");
    let dir = path(folder.path(), "center");
    let mut init = Command::new(env!("CARGO_BIN_EXE_outpost-center"));
    let output =
        init.args(["init", "--dir", &dir, "--study", &study]).env("TZ", "Nowhere/Here").output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("the time zone \"Nowhere/Here\" of the variable TZ is not known"), "{said}");
    assert!(!Path::new(&dir).exists());
}

/// H3: whatever is left out is said, and the exit tells a script.
#[test]
fn h3_what_is_left_out_is_said_and_the_exit_tells() {
    let (desk, dir) = made();
    desk.center.add_site(&stamp(1), "S01", "Sample hospital").expect("a good name");
    fs::copy(Path::new(&dir).join("center.agekey"), desk.folder.path().join("center.agekey")).expect("copied");
    let mut device = Device::new(&desk, "S01-k7f2m3pq");
    desk.admit(&mut device);
    device.register(1);
    let mut copy = device.clone();
    device.register(2);
    desk.send(&device.export(2));
    let folder = desk.folder.path();
    let commands = |dir: &str| {
        let (out, reply) = (path(folder, "csv"), path(folder, "reply.bundle"));
        // Replies are never written over.
        let _ = fs::remove_file(&reply);
        [
            vec!["export", "csv", "--dir", dir, "--out", &out],
            vec!["reply", "--dir", dir, "--site", "S01", "--out", &reply],
            vec!["status", "--dir", dir],
            vec!["status", "--dir", dir, "--check", "--json"],
        ]
        .map(|command| run(&command))
    };
    for (code, out, errors) in commands(&dir) {
        assert_eq!((code, out.contains("left out")), (0, false), "{out}{errors}");
    }
    copy.register(3);
    copy.register(4);
    let file = path(folder, "a.bundle");
    fs::write(&file, copy.export(3).bytes).expect("written");
    assert_eq!(run(&["ingest", "--dir", &dir, &file]).0, 1);
    let said =
        "left out: S01-k7f2m3pq has two branches from seq 3 on: 2 entries of the one that came later are kept aside";
    let [export, reply, status, json] = commands(&dir);
    for (code, out, _) in [&export, &reply, &status] {
        assert_eq!((*code, out.lines().last()), (1, Some(said)), "{out}");
    }
    let json_of = |out: &str| serde_json::from_str::<serde_json::Value>(out).expect("JSON")["omitted"][0].clone();
    let told = serde_json::json!({"why": "branch", "log": "S01-k7f2m3pq", "seq": 3, "entries": 2});
    assert_eq!((json.0, json_of(&json.1)), (1, told));
}

/// M1: a run that brings nothing new still looks at what is parked.
#[test]
fn m1_a_run_without_a_bundle_looks_at_what_is_parked() {
    let (desk, dir) = made();
    desk.center.add_site(&stamp(1), "S01", "Sample hospital").expect("a good name");
    fs::copy(Path::new(&dir).join("center.agekey"), desk.folder.path().join("center.agekey")).expect("copied");
    let mut device = Device::new(&desk, "S01-k7f2m3pq");
    desk.admit(&mut device);
    (1..=4).for_each(|number| drop(device.register(number)));
    desk.send(&device.part(4, 5));
    // What a race leaves behind: put away while what it waits for comes, and given back.
    let store: Box<dyn Storage> = Box::new(Embedded::open(&Path::new(&dir).join("center.sqlite")).expect("it opens"));
    let row = store.read(|tx| tx.parked()).expect("read").remove(0);
    store.transact(|tx| tx.put_bundle(&BundleRow { state: BundleState::Fork, ..row.clone() })).expect("put away");
    desk.send(&device.part(2, 3));
    store.transact(|tx| tx.put_bundle(&row)).expect("given back");
    let empty = path(desk.folder.path(), "empty");
    fs::create_dir(&empty).expect("a folder");
    let out = good(&["ingest", "--dir", &dir, &empty]);
    assert!(out.contains("accepted 2 entries"), "{out}");
}
