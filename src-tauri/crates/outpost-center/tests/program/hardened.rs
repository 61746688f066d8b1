//! Files that somebody else laid down, names that a terminal would obey, and who may read what the program makes.

use crate::cli::{good, made, path, run};
use crate::device::{Desk, Device, stamp};
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Output};

/// A center with an approved device, a bundle of it that has not come, and a folder to send it in.
fn stage() -> (Desk, String, Device, String) {
    let (desk, dir) = made();
    desk.center.add_site(&stamp(1), "S01", "Sample hospital").expect("a good name");
    let mut device = Device::new(&desk, "S01-k7f2m3pq");
    desk.admit(&mut device);
    device.register(1);
    let inbox = path(desk.folder.path(), "inbox");
    fs::create_dir(&inbox).expect("made");
    fs::write(Path::new(&inbox).join("m.bundle"), device.export(2).bytes).expect("written");
    (desk, dir, device, inbox)
}

/// Runs the program, but not for ever.
fn patiently(arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut timeout = Command::new("timeout");
    let Output { status, stdout, stderr } =
        timeout.args(["60", env!("CARGO_BIN_EXE_outpost-center")]).args(arguments).output().expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (status.code(), text(stdout), text(stderr))
}

/// A low finding: a link to nothing ended the run, a pipe stopped it for ever.
#[test]
fn what_can_not_be_read_is_named_and_the_others_are_taken_in() {
    let (_desk, dir, _, inbox) = stage();
    let inside = Path::new(&inbox);
    symlink("/nowhere/at/all", inside.join("a.bundle")).expect("a link");
    fs::create_dir(inside.join("b.bundle")).expect("a folder");
    assert!(Command::new("mkfifo").arg(inside.join("c.bundle")).status().expect("mkfifo").success());
    symlink(inside.join("c.bundle"), inside.join("d.bundle")).expect("a link");
    symlink("/dev/zero", inside.join("e.bundle")).expect("a link");
    symlink(inside.join("m.bundle"), inside.join("z.bundle")).expect("a link to a good one");
    let (code, out, errors) = patiently(&["ingest", "--dir", &dir, &path(inside, "a.bundle"), &inbox]);
    let lines: Vec<&str> = out.lines().filter(|line| !line.starts_with("  receipt")).collect();
    assert_eq!(code, Some(1), "{out}{errors}");
    for (line, name) in lines.iter().zip(["a", "a", "b", "c", "d", "e"]) {
        assert!(line.starts_with(&format!("{name}.bundle: not read: ")), "{out}");
    }
    assert_eq!(lines[6..], ["m.bundle: accepted 1 entries", "z.bundle: already held"], "{out}");
    let (code, out, errors) = patiently(&["ingest", "--dir", &dir, &inbox, "/nowhere.bundle"]);
    assert_eq!((code, &*out), (Some(2), ""), "what is not there is asked for by mistake: {errors}");
    let (code, out, _) = patiently(&["ingest", "--json", "--dir", &dir, &inbox]);
    let read = |line: &str| serde_json::from_str::<serde_json::Value>(line).expect("JSON")["outcome"].clone();
    let outcomes: Vec<_> = out.lines().map(read).collect();
    assert_eq!((code, outcomes.len()), (Some(1), 7));
    assert_eq!((&outcomes[0], &outcomes[5]), (&"not_read".into(), &"already_held".into()));
    for name in ["b.bundle", "c.bundle", "d.bundle", "e.bundle"] {
        let (code, out, _) = patiently(&["verify", &path(inside, name)]);
        assert!(code == Some(1) && out.starts_with("refused: ") && out.contains(name), "{name}: {code:?} {out}");
    }
}

/// A low finding: names of files reached the terminal as they were.
#[test]
fn a_terminal_obeys_no_name() {
    let (_desk, dir, _, inbox) = stage();
    let name = "x\u{1b}[2J\u{9b}31m\u{202e}\nx.bundle: accepted 9 entries\r.bundle";
    fs::write(Path::new(&inbox).join(name), "no bundle (sample)").expect("written");
    let (_, out, errors) = run(&["ingest", "--dir", &dir, &inbox]);
    let (_, json, _) = run(&["ingest", "--json", "--dir", &dir, &inbox]);
    let (_, missing, no_file) = run(&["verify", &format!("{inbox}/no{name}")]);
    let shown = [out.clone(), errors, json.clone(), missing, no_file, good(&["status", "--dir", &dir])];
    for text in &shown {
        assert!(!text.contains(['\u{1b}', '\u{9b}', '\u{202e}', '\r']), "{text:?}");
        assert!(!text.contains("\nx.bundle: accepted"), "{text:?}");
    }
    assert!(
        out.contains("x\\u001b[2J\\u009b31m\\u202e\\u000ax.bundle: accepted 9 entries\\u000d.bundle: refused: "),
        "{out}"
    );
    let files: Vec<serde_json::Value> = json.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert!(files.iter().any(|file| file["file"] == name), "{json}");
    good(&["site", "add", "--dir", &dir, "--site", "S02", "--name", "Clinic\u{1b}[2J\tof\nS03"]);
    for list in [good(&["site", "list", "--dir", &dir]), good(&["status", "--dir", &dir])] {
        assert!(list.contains("Clinic\\u001b[2J\\u0009of\\u000aS03"), "{list}");
    }
}

/// Everything in a folder that others could read.
fn open_to_others(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder") {
        let path = entry.expect("an entry").path();
        let rights = fs::symlink_metadata(&path).expect("there").permissions().mode() & 0o777;
        if rights & 0o077 != 0 {
            found.push(format!("{} {rights:o}", path.display()));
        }
        if path.is_dir() {
            found.extend(open_to_others(&path));
        }
    }
    found
}

/// A low finding: database, bundles and receipts had the rights that the umask left them, exports always 644.
#[test]
fn what_the_program_makes_is_private_whatever_the_umask() {
    let (_desk, _, device, _) = stage();
    let home = tempfile::TempDir::new().expect("a folder");
    let [dir, study, words, kit, reply, tables] =
        ["made/center", "study.xml", "words", "S01.kit", "reply.bundle", "out/tables"]
            .map(|name| path(home.path(), name));
    fs::write(&study, crate::device::STUDY).expect("written");
    fs::write(&words, "correct horse battery\n").expect("written");
    let exits = |code: i32, arguments: &[&str]| {
        let mut shell = Command::new("sh");
        shell.args(["-c", "umask 0; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_outpost-center")]).args(arguments);
        let output = shell.output().expect("a shell");
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    };
    let openly = |arguments: &[&str]| exits(0, arguments);
    openly(&["init", "--dir", &dir, "--study", &study]);
    let site = ["--site", "S01", "--name", "Sample hospital"];
    openly(&[&["site", "add", "--dir", &dir, "--out", &kit, "--passphrase-file", &words][..], &site].concat());
    let own =
        Desk { center: center::Center::open(Path::new(&dir), &study::Functions::default()).expect("it"), folder: home };
    let keys = own.folder.path().join("made");
    let [to, recovery] = ["center.agekey", "recovery.agekey"].map(|name| {
        let file = fs::read_to_string(keys.join("center").join(name)).expect("its key");
        seal::Identity::from_file(&file).expect("its key").recipient()
    });
    let device = Device { to, recovery, ..device };
    let bundle = path(own.folder.path(), "a.bundle");
    fs::write(&bundle, device.export(1).bytes).expect("written");
    // It waits for somebody.
    exits(1, &["ingest", "--dir", &dir, &bundle]);
    openly(&["device", "approve", "--dir", &dir]);
    openly(&["reply", "--dir", &dir, "--site", "S01", "--out", &reply]);
    openly(&["export", "csv", "--dir", &dir, "--out", &tables]);
    for file in [&study, &words, &bundle] {
        fs::remove_file(file).expect("the test's own");
    }
    let made = fs::read_dir(Path::new(&dir)).expect("the center").count();
    assert!(made >= 8 && Path::new(&dir).join("receipts").exists());
    assert_eq!(open_to_others(own.folder.path()), [""; 0]);
}

/// A low finding: a kit and a reply were written over whatever had their name.
#[test]
fn a_kit_and_a_reply_are_new_files() {
    let (desk, dir, _, _) = stage();
    let words = path(desk.folder.path(), "words");
    fs::write(&words, "correct horse battery\n").expect("written");
    let mine = path(desk.folder.path(), "mine.bundle");
    let kit = ["site", "add", "--dir", &dir, "--site", "S01", "--passphrase-file", &words, "--out", &mine];
    let reply = ["reply", "--dir", &dir, "--site", "S01", "--out", &mine];
    for command in [&kit[..], &reply] {
        fs::write(&mine, "mine (sample)").expect("written");
        let (code, _, errors) = run(command);
        assert!(code == 2 && errors.contains("mine.bundle is there already"), "{code}: {errors}");
        assert_eq!(fs::read_to_string(&mine).expect("there"), "mine (sample)");
        fs::remove_file(&mine).expect("removed");
        good(command);
        assert!(fs::metadata(&mine).expect("there").len() > 1000);
    }
}

/// Finding M4, by command.
#[test]
fn m4_words_are_listed_and_redacted() {
    let (_desk, dir, mut device, inbox) = stage();
    device.say(&study::Oid::from("S01-001"), "Xaver Quillfeather\u{1b}[2J (sample)");
    fs::write(Path::new(&inbox).join("n.bundle"), device.export(2).bytes).expect("written");
    good(&["ingest", "--dir", &dir, &inbox]);
    let list = good(&["text", "list", "--dir", &dir, "--subject", "S01-001"]);
    assert!(list.ends_with("\tS01-k7f2m3pq seq 3\titems.set\tXaver Quillfeather\\u001b[2J (sample)\n"), "{list}");
    let text = &list[..64];
    let out = good(&["text", "redact", "--dir", &dir, text, "--reason", "a name"]);
    assert_eq!(out, format!("redacted {text}: 1 entries\n"));
    let list = good(&["text", "list", "--dir", &dir, "--subject", "S01-001"]);
    assert!(list.starts_with(&format!("{text}\tS01-k7f2m3pq seq 3\titems.set\t(redacted, or not come)\n")), "{list}");
    for (text, words) in [("no text", "64 hexadecimal digits"), (&"0".repeat(64), "no entry holds")] {
        let (code, _, errors) = run(&["text", "redact", "--dir", &dir, text, "--reason", "a name"]);
        assert!(code == 2 && errors.contains(words), "{errors}");
    }
}

/// Finding M5, of the calculators: what they copy is a formula to no spreadsheet.
#[test]
fn m5_what_is_copied_into_a_table_is_no_formula() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let labs = path(folder.path(), "labs.csv");
    fs::write(&labs, "subject,analyte,date,value,uln\n=1+1,ALT,\"x;=2\",130,40\n@A1,ALT,-1.5,-3,40\n")
        .expect("written");
    let (_, out, _) = run(&["grade", &labs]);
    assert!(out.contains("\n'=1+1,ALT,x;'=2,130,") && out.contains("\n'@A1,ALT,-1.5,-3,"), "{out}");
    let lesions = path(folder.path(), "lesions.csv");
    let rows =
        "subject,date,role,lesion,organ,mm\n+cmd|x,2026-01-01,T,T01,LIVER,20\n+cmd|x,2026-03-01,T,T01,LIVER,15\n";
    fs::write(&lesions, rows).expect("written");
    let out = good(&["recist", &lesions]);
    assert!(out.lines().skip(1).all(|line| line.starts_with("'+cmd|x,")), "{out}");
    assert!(out.contains(",-25,"), "a number stays one: {out}");
}

/// Changes a folder and all that is in it, what is inside first.
fn with_all(folder: &Path, change: &dyn Fn(&Path)) {
    if folder.is_dir() {
        fs::read_dir(folder).expect("a folder").flatten().for_each(|entry| with_all(&entry.path(), change));
    }
    change(folder);
}

/// K17: in an archive that nobody can write, whose rows had not been carried on, nothing could be looked at.
#[test]
fn k17_an_archive_with_rows_behind_is_looked_at() {
    const NOBODY: u32 = 65_534;
    let (desk, dir, _, inbox) = stage();
    good(&["ingest", "--dir", &dir, &inbox]);
    let home = desk.folder.path().to_owned();
    let Desk { center, folder: _kept } = desk;
    drop(center);
    let archive = Path::new(&dir);
    let left = fs::read_dir(archive).expect("a folder").flatten().map(|entry| entry.file_name());
    assert!(!left.into_iter().any(|name| name.to_string_lossy().ends_with("-wal")), "the last one to close empties it");
    with_all(archive, &|path| {
        let rights = if path.is_dir() { 0o555 } else { 0o444 };
        fs::set_permissions(path, fs::Permissions::from_mode(rights)).expect("set");
    });
    fs::set_permissions(&home, fs::Permissions::from_mode(0o755)).expect("set");
    let is_mighty = fs::OpenOptions::new().write(true).open(archive.join("center.sqlite")).is_ok();
    let look = |arguments: &[&str]| {
        let program = env!("CARGO_BIN_EXE_outpost-center");
        let mut command = Command::new(if is_mighty { "setpriv" } else { program });
        if is_mighty {
            // Root writes everywhere.
            command.args([&format!("--reuid={NOBODY}"), "--clear-groups", program]);
        }
        let output = command.args(arguments).args(["--dir", &dir]).output().expect("it runs");
        let words = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (output.status.code(), words(&output.stdout), words(&output.stderr))
    };
    let (code, out, errors) = look(&["status", "--check"]);
    assert!(code == Some(0) && out.contains("1 sites, 1 subjects\n"), "{code:?}: {out}{errors}");
    let (code, out, errors) = look(&["device", "list"]);
    assert!(code == Some(0) && out.starts_with("S01-k7f2m3pq\tapproved\theld 2\t"), "{code:?}: {out}{errors}");
    with_all(archive, &|path| {
        let rights = if path.is_dir() { 0o755 } else { 0o644 };
        fs::set_permissions(path, fs::Permissions::from_mode(rights)).expect("set");
    });
}
