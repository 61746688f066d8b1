//! What a hostile reviewer found: slips of the hand and files of others that cost a center, a file or an answer.

use crate::cli::{good, made, path, run};
use crate::device::{Desk, Device, STUDY, stamp};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// A center with a site and an approved device, whose next bundle has not come.
fn stage() -> (Desk, String, Device) {
    let (desk, dir) = made();
    desk.center.add_site(&stamp(1), "S01", "Sample hospital").expect("a good name");
    let mut device = Device::new(&desk, "S01-k7f2m3pq");
    desk.admit(&mut device);
    device.register(1);
    (desk, dir, device)
}

/// A3: an output's name mistyped wrote over the center's key, with exit 0.
#[test]
fn a_study_is_written_into_a_new_file_alone() {
    let (desk, dir, _) = stage();
    let folder = desk.folder.path();
    let study = path(folder, "study.xml");
    let terms = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../studies/ctcae-v5.0.tsv").display().to_string();
    let place = r#"<CodeList OID="CL.CTCAE" Name="CTCAE" DataType="text"><ExternalCodeList Dictionary="CTCAE" Version="5.0"/></CodeList></MetaDataVersion>"#;
    let asking = path(folder, "asking.xml");
    fs::write(&asking, STUDY.replace("</MetaDataVersion>", place)).expect("written");
    let key = path(Path::new(&dir), "center.key");
    for out in [&key, &study, &asking] {
        let before = fs::read(out).expect("there");
        for arguments in [
            vec!["study", "check", &study, "--write", out],
            vec!["study", "dictionary", "--ctcae", &terms, &asking, "--out", out],
        ] {
            let (code, _, errors) = run(&arguments);
            assert!(
                code == 2 && errors.contains("is there already: nothing is written over"),
                "{arguments:?}: {errors}"
            );
            assert!(fs::read(out).expect("there") == before, "{arguments:?}");
        }
    }
    let new = path(folder, "new.xml");
    good(&["study", "dictionary", "--ctcae", &terms, &asking, "--out", &new]);
    assert!(fs::read_to_string(&new).expect("there").contains("Nausea"));
}

/// A4: a name that the journal refuses was found out by `init`, after the study was called good.
#[test]
fn what_the_journal_refuses_the_check_of_a_study_refuses() {
    let folder = TempDir::new().expect("a folder");
    let study = path(folder.path(), "study.xml");
    fs::write(&study, STUDY.replace("OID=\"MDV.1\"", &format!("OID=\"MDV.{}\"", "x".repeat(130)))).expect("written");
    let (code, out, _) = run(&["study", "check", &study]);
    assert!(code == 1 && out.contains("is longer than 128 bytes or holds control characters"), "{out}");
}

/// A13, A21: files that macOS lays down stop nobody, and bundles in a folder below are not passed over in silence.
#[test]
fn a_stick_is_taken_in_as_people_left_it() {
    let (desk, dir, device) = stage();
    let stick = desk.folder.path().join("stick");
    let below = stick.join("S01");
    fs::create_dir_all(&below).expect("made");
    fs::write(below.join("a.bundle"), device.export(2).bytes).expect("written");
    let apples = [&[0x00, 0x05, 0x16, 0x07, 0x00, 0x02, 0x00, 0x00][..], b"Mac OS X        "].concat();
    for folder in [&stick, &below] {
        fs::write(folder.join("._a.bundle"), &apples).expect("written");
    }
    let ingest = |folders: &[&Path]| {
        let folders: Vec<String> = folders.iter().map(|folder| folder.display().to_string()).collect();
        let mut arguments = vec!["ingest", "--dir", &dir];
        arguments.extend(folders.iter().map(String::as_str));
        run(&arguments)
    };
    let (code, out, errors) = ingest(&[&stick]);
    assert!(code == 1 && out.starts_with("S01: not read: bundles lie in this folder: name it"), "{out}{errors}");
    let (code, out, errors) = ingest(&[&stick, &below]);
    assert!(code == 0 && out.starts_with("a.bundle: accepted 1 entries\n"), "{out}{errors}");
    // What only has such a name is somebody's.
    fs::write(below.join("._b.bundle"), device.export(1).bytes).expect("written");
    let (code, out, errors) = ingest(&[&below]);
    assert!(code == 0 && out.contains("._b.bundle: already held"), "{out}{errors}");
}

/// A18: a device without an end was read until the memory ended, and a pipe was waited for.
#[cfg(unix)]
#[test]
fn only_files_of_a_possible_size_are_read() {
    let (desk, dir, device) = stage();
    let folder = desk.folder.path();
    let (pipe, huge, bundle) = (path(folder, "pipe"), path(folder, "huge"), path(folder, "a.bundle"));
    fs::write(&bundle, device.export(2).bytes).expect("written");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo").success());
    fs::File::create(&huge).and_then(|file| file.set_len(200 << 20)).expect("a file with a hole");
    let study = path(folder, "study.xml");
    for (file, words) in
        [("/dev/zero", "this is no file"), (&*pipe, "this is no file"), (&*huge, "the file is larger than")]
    {
        for arguments in [
            vec!["study", "check", file],
            vec!["study", "diff", "--dir", &dir, file],
            vec!["study", "publish", "--dir", &dir, file, "--effective", "2026-12-01", "--approval", "EC"],
            vec!["study", "dictionary", "--ctcae", file, &study, "--out", "none.xml"],
            vec!["grade", file],
            vec!["recist", file],
            vec!["constants", "--study", file],
            vec!["allocation", "simulate", "--study", file, "--seed", "1"],
            vec!["init", "--dir", "none", "--study", file],
            vec!["verify", &bundle, "--identity", file],
            vec!["verify", &bundle, "--allowed-signers", file],
            vec!["site", "add", "--dir", &dir, "--site", "S01", "--out", "none.kit", "--passphrase-file", file],
            vec![
                "recover",
                "--dir",
                &dir,
                "--device",
                "S01-k7f2m3pq",
                "--user",
                "x",
                "--reason",
                "lost",
                "--key",
                file,
            ],
        ] {
            let mut timeout = std::process::Command::new("timeout");
            let output =
                timeout.args(["60", env!("CARGO_BIN_EXE_outpost-center")]).args(&arguments).output().expect("it runs");
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(
                output.status.code() == Some(2) && said.contains(words),
                "{arguments:?}: {:?} {said}",
                output.status
            );
        }
    }
}

/// A21: the log named people who are none.
#[test]
fn nobody_acts_as_the_system_or_the_center() {
    let (_desk, dir, _) = stage();
    for by in ["SYSTEM", "system", "center", " ", ""] {
        let (code, _, errors) = run(&["site", "add", "--dir", &dir, "--by", by, "--site", "S02", "--name", "Clinic"]);
        assert!(code == 2 && errors.contains("is nobody's user id"), "{by:?}: {errors}");
    }
    assert!(!good(&["site", "list", "--dir", &dir]).contains("S02"));
}

/// A11: the exit said that all was well with evidence gone.
#[test]
fn a_check_of_the_status_tells_of_files_that_are_gone() {
    let (desk, dir, device) = stage();
    let bundle = desk.send(&device.export(2)).remove(0).bundle.expect("an id");
    good(&["status", "--dir", &dir, "--check"]);
    fs::remove_file(Path::new(&dir).join(format!("bundles/{bundle}.bundle"))).expect("removed");
    let (code, out, errors) = run(&["status", "--dir", &dir, "--check"]);
    assert!(code == 1 && out.contains("1 sites, 1 subjects"), "{out}");
    assert!(
        errors.contains(&format!("1 of the bundles that are kept are gone or altered, the first is {bundle}")),
        "{errors}"
    );
}

/// A20: an archive that nobody can write could not be looked at. Tests may run as an account that writes everywhere: then the program
/// runs as nobody.
#[cfg(target_os = "linux")]
#[test]
fn an_archive_is_read_where_it_can_not_be_written() {
    use std::os::unix::fs::PermissionsExt;
    use std::process::Command;
    let (desk, dir, device) = stage();
    desk.send(&device.export(2));
    good(&["status", "--dir", &dir]);
    let out = TempDir::new().expect("a folder");
    let rights = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("set");
    rights(out.path(), 0o777);
    let folder = desk.folder.path().to_owned();
    rights(&folder, 0o755);
    let Desk { center, folder: _kept } = desk;
    drop(center);
    let everything = |mode: &str| Command::new("chmod").args(["-R", mode, &dir]).status().expect("chmod").success();
    assert!(everything("a+rX,a-w"));
    let program = env!("CARGO_BIN_EXE_outpost-center");
    let is_root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n");
    let run = |arguments: &[&str]| {
        let mut command = Command::new(if is_root { "setpriv" } else { program });
        if is_root {
            command.args(["--reuid=65534", "--regid=65534", "--clear-groups", program]);
        }
        let output = command.args(arguments).output().expect("it runs");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (output.status.code(), text(&output.stdout), text(&output.stderr))
    };
    let tables = path(out.path(), "tables");
    for (arguments, words) in [
        (vec!["status", "--dir", &dir, "--check"], "1 sites, 1 subjects"),
        (vec!["site", "list", "--dir", &dir], "S01"),
        (vec!["study", "list", "--dir", &dir], "MDV.1"),
        (vec!["text", "list", "--dir", &dir, "--subject", "S01-001"], ""),
        (vec!["export", "csv", "--dir", &dir, "--out", &tables], "cells.csv"),
    ] {
        let (code, said, errors) = run(&arguments);
        assert!(code == Some(0) && said.contains(words), "{arguments:?}: {said}{errors}");
        assert_eq!(errors.contains("its log does not say that these data left"), arguments[0] == "export", "{errors}");
    }
    let (code, _, errors) = run(&["site", "add", "--dir", &dir, "--site", "S02", "--name", "Clinic"]);
    assert!(code == Some(2) && errors.contains("the center's folder can't be written here"), "{errors}");
    assert!(everything("u+w"));
}
