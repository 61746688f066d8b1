//! What becomes of a command whose computer fails it: a disk that is full at any byte, a program that is killed at any write, an output
//! that nobody can take.

use crate::cli::{good, made, path};
use crate::device::{Desk, Device, stamp};
use std::fs::{self, OpenOptions};
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// A center with an approved device, and a bundle of it that has not come.
fn stage() -> (Desk, String, String) {
    let (desk, dir) = made();
    desk.center.add_site(&stamp(1), "S01", "Sample hospital").expect("a good name");
    fs::copy(Path::new(&dir).join("center.agekey"), desk.folder.path().join("center.agekey")).expect("copied");
    let mut device = Device::new(&desk, "S01-k7f2m3pq");
    desk.admit(&mut device);
    for number in 1..=40 {
        let subject = device.register(number);
        device.set(&subject, "IT.VS.SYSBP", "120");
        device.say(&subject, &"fell on the stairs (sample) ".repeat(20));
    }
    let file = path(desk.folder.path(), "a.bundle");
    fs::write(&file, device.export(2).bytes).expect("written");
    (desk, dir, file)
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("the folder") {
        let (path, name) = entry.map(|entry| (entry.path(), entry.file_name())).expect("an entry");
        if path.is_dir() {
            copy(&path, &to.join(name));
        } else {
            fs::copy(&path, to.join(name)).expect("copied");
        }
    }
}

fn status(dir: &str) -> serde_json::Value {
    serde_json::from_str(&good(&["status", "--dir", dir, "--check", "--json"])).expect("JSON")
}

/// Takes the bundle in where no file may grow beyond so many blocks of 512 bytes. `trap` as a shell has it: ignored, the
/// write fails as on a full disk; else the program is killed in the middle of it.
fn ingest_within(blocks: u32, trap: &str, dir: &str, file: &str) -> Output {
    let script = format!("{trap} ulimit -f {blocks}; exec \"$0\" \"$@\"");
    let mut shell = Command::new("sh");
    shell.args(["-c", &script, env!("CARGO_BIN_EXE_outpost-center"), "ingest", "--dir", dir, file]);
    shell.output().expect("a shell")
}

/// Wherever the disk is full or the program dies, the center is as it was or has the bundle whole; it works on either way.
#[test]
fn a_full_disk_or_a_death_at_any_write_leaves_a_center_that_works_on() {
    let (desk, dir, file) = stage();
    drop(desk.center);
    let before = status(&dir);
    let whole = good(&["ingest", "--dir", &dir, &file]);
    assert!(whole.starts_with("a.bundle: accepted 120 entries"), "{whole}");
    let after = status(&dir);
    // Made once more as it was, by the same steps, for each limit.
    let (desk, dir, file) = stage();
    drop(desk.center);
    let (mut failed, mut taken) = (0, 0);
    for trap in ["trap '' XFSZ;", ""] {
        for blocks in [0, 1, 8, 16, 32, 48, 64, 96, 128, 192, 256, 384, 512, 1024, 4096] {
            let own = path(desk.folder.path(), &format!("center-{}-{blocks}", trap.len()));
            copy(Path::new(&dir), Path::new(&own));
            let output = ingest_within(blocks, trap, &own, &file);
            let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
            let now = status(&own);
            let subjects = |status: &serde_json::Value| status["subjects"].as_u64().expect("a number");
            assert!([subjects(&before), subjects(&after)].contains(&subjects(&now)), "{blocks}: neither: {said}");
            if output.status.success() {
                taken += 1;
                assert_eq!(subjects(&now), subjects(&after), "{blocks}: {said}");
            } else {
                failed += 1;
                assert!(output.status.code().is_none_or(|code| code == 2), "{blocks}: {:?} {said}", output.status);
                assert!(!said.contains("panicked"), "{blocks}: {said}");
                assert_eq!(now["refused"], serde_json::json!([]), "{blocks}: the bundle is not to blame: {said}");
            }
            let again = good(&["ingest", "--dir", &own, &file]);
            let expected = if subjects(&now) == subjects(&before) { "accepted 120 entries" } else { "already held" };
            assert!(again.starts_with(&format!("a.bundle: {expected}\n  receipt: ")), "{blocks}: {again}");
            assert_eq!(subjects(&status(&own)), subjects(&after), "{blocks}");
            fs::remove_dir_all(&own).expect("removed");
        }
    }
    assert!(failed >= 10 && taken >= 2, "both were tried: {failed} failed, {taken} were taken in");
}

/// An answer that cannot be written is a failure and is said; what was asked is done all the same.
#[test]
fn an_output_that_takes_nothing_is_said_and_the_act_is_done() {
    let (desk, dir, file) = stage();
    drop(desk.center);
    let full = || OpenOptions::new().write(true).open("/dev/full").expect("a device that is always full");
    let run = |arguments: &[&str], output: Stdio| {
        let mut run = Command::new(env!("CARGO_BIN_EXE_outpost-center"));
        let output = run.args(arguments).stdout(output).output().expect("it runs");
        (output.status.code(), String::from_utf8(output.stderr).expect("text"))
    };
    let labs = path(desk.folder.path(), "labs.csv");
    fs::write(&labs, "analyte,value,uln\nALT,130,40\n").expect("written");
    for arguments in [
        &["status", "--dir", &dir][..],
        &["status", "--dir", &dir, "--json"],
        &["site", "list", "--dir", &dir],
        &["constants"],
        &["constants", "--csv"],
        &["grade", &labs],
        &["ingest", "--dir", &dir, &file, &labs],
    ] {
        let (code, errors) = run(arguments, full().into());
        assert_eq!(code, Some(2), "{arguments:?}: {errors}");
        let said = errors.lines().filter(|line| line.starts_with("outpost-center: ")).count();
        assert!(said == 1 && !errors.contains("panicked"), "{arguments:?}: {errors}");
    }
    let now = status(&dir);
    assert_eq!(
        (&now["subjects"], now["refused"].as_array().map(Vec::len)),
        (&40.into(), Some(1)),
        "both files were taken"
    );
    // A reader that has seen enough, as `head` has.
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let (_, errors) = run(&["status", "--dir", &dir], writer.into());
    assert!(!errors.contains("panicked"), "{errors}");
}
