//! What is asked wrongly, or cannot be done: said on standard error in words, with exit 2, and nothing is changed by it.

use crate::cli::{good, made, path, run};
use crate::device::{Device, STUDY, stamp};
use std::fs;
use std::path::Path;

/// A center with a site and a device that waits, and files to name.
struct Stage {
    desk: crate::device::Desk,
    dir: String,
    folder: String,
}

impl Stage {
    fn new() -> Self {
        let (desk, dir) = made();
        desk.center.add_site(&stamp(1), "S01", "Sample hospital").expect("a good name");
        fs::copy(Path::new(&dir).join("center.agekey"), desk.folder.path().join("center.agekey")).expect("copied");
        for log in ["S01-aaaaaaaa", "S01-bbbbbbbb"] {
            let mut device = Device::new(&desk, log);
            device.enrol();
            desk.send(&device.export(1));
        }
        let folder = desk.folder.path().display().to_string();
        for (name, text) in [
            ("short", "seven"),
            ("letter", "Dear colleague (sample)"),
            ("second.xml", &STUDY.replace("OID=\"MDV.1\"", "OID=\"MDV.2\"")),
        ] {
            fs::write(Path::new(&folder).join(name), text).expect("written");
        }
        fs::write(Path::new(&folder).join("binary"), [0xFF, 0x00, 0xD8]).expect("written");
        Self { desk, dir, folder }
    }

    /// A command line; `DIR` stands for the center, `~/` for the folder of files.
    fn run(&self, line: &str) -> (i32, String, String) {
        let words: Vec<String> = line
            .split(' ')
            .map(|word| word.replace("DIR", &self.dir).replace("~/", &format!("{}/", self.folder)))
            .collect();
        run(&words.iter().map(String::as_str).collect::<Vec<_>>())
    }

    fn status(&self) -> String {
        good(&["status", "--dir", &self.dir, "--check", "--json"])
    }
}

#[test]
fn what_cannot_be_done_says_why_and_changes_nothing() {
    let stage = Stage::new();
    let before = stage.status();
    for (line, words) in [
        ("site add --dir DIR --site S02 --name X --out ~/k --passphrase-file ~/short", "shorter than 12 characters"),
        ("site add --dir DIR --site S01 --out ~/k --passphrase-file ~/binary", "binary: no text in UTF-8 or UTF-16"),
        ("site add --dir DIR --site S01 --out ~/k --passphrase-file ~/none", "none: "),
        ("site add --dir DIR --site S01 --out ~/k", "a kit needs --passphrase-file"),
        ("site add --dir DIR --site S01 --name Other", "the site S01 exists already under another name"),
        ("device approve --dir DIR", "more than one device waits: name the one that is meant"),
        ("device approve --dir DIR S01-cccccccc", "there is no device S01-cccccccc"),
        ("device revoke --dir DIR S01-cccccccc --reason lost", "there is no device S01-cccccccc"),
        ("ingest --dir DIR ~/none.bundle", "none.bundle: "),
        ("ingest --dir ~/ ~/letter", "there is no center in this folder"),
        ("reply --dir DIR --site S01 --out ~/r", "the site S01 has no approved device"),
        ("reply --dir DIR --site S09 --out ~/r", "there is no site S09"),
        ("allocation make --dir DIR", "it allocates nothing here"),
        ("allocation make --dir DIR --seed 7", "only a practice center takes one"),
        ("allocation verify --dir DIR", "no slots were dealt yet"),
        ("allocation simulate --study ~/second.xml --seed 1", "it allocates nothing here"),
        ("release --dir DIR 0000-0000", "the code is not right"),
        ("export csv --dir DIR --out ~/letter", "letter: "),
        ("study publish --dir DIR ~/second.xml --effective soon --approval EC", "\"soon\" is no day"),
        (
            "study publish --dir DIR ~/second.xml --effective 2026-12-01 --approval ",
            "needs the reference of its approval",
        ),
        (
            "study publish --dir DIR ~/second.xml --effective 2026-12-01 --approval EC --site S09",
            "there is no site S09",
        ),
        ("study diff --dir DIR ~/none.xml", "none.xml: "),
        ("study check ~/none.xml", "none.xml: "),
        ("constants --study ~/none.xml", "none.xml: "),
        ("verify ~/letter --allowed-signers ~/none", "none: "),
        ("verify ~/letter --identity ~/letter", "letter: "),
        ("init --dir ~/new --study ~/none.xml", "none.xml: "),
        ("init --dir ~/new --practice --keys ~/none --study ~/second.xml", "center.key: "),
    ] {
        let (code, out, errors) = stage.run(line);
        assert!(
            code == 2 && errors.starts_with("outpost-center: ") && errors.contains(words),
            "{line}: {code} {out}{errors}"
        );
        assert_eq!(errors.lines().count(), 1, "one line: {errors}");
    }
    // A site whose kit could not be made is there all the same: it was named first, and its kit can be made again.
    let sites = good(&["site", "list", "--dir", &stage.dir]);
    assert_eq!(sites, "S01\tSample hospital\nS02\tX\n");
    let without_s02 = |status: &str| {
        let mut status: serde_json::Value = serde_json::from_str(status).expect("JSON");
        status["sites"].as_array_mut().expect("sites").retain(|site| site["site"] != "S02");
        status
    };
    assert_eq!(without_s02(&stage.status()), without_s02(&before));
    assert!(!Path::new(&stage.folder).join("k").exists() && !Path::new(&stage.folder).join("r").exists());
}

#[test]
fn what_is_refused_by_judgement_exits_with_one() {
    let stage = Stage::new();
    fs::write(
        Path::new(&stage.folder).join("fault.xml"),
        STUDY.replace("ItemGroupOID=\"IG.DM\"", "ItemGroupOID=\"IG.XX\""),
    )
    .expect("written");
    fs::write(Path::new(&stage.folder).join("first.xml"), STUDY.replace("Name=\"Term\"", "Name=\"Word\""))
        .expect("written");
    for (line, words) in [
        ("ingest --dir DIR ~/letter", "letter: refused: this file is not an Outpost bundle"),
        ("verify ~/letter", "refused: this file is not an Outpost bundle"),
        ("study check ~/fault.xml", "the item group IG.XX"),
        ("study diff --dir DIR ~/fault.xml", "the item group IG.XX"),
        ("study diff --dir DIR ~/first.xml", "MDV.1: is a metadata version that is published already"),
        ("study publish --dir DIR ~/first.xml --effective 2026-12-01 --approval EC", "published already"),
        ("constants --study ~/fault.xml", "the item group IG.XX"),
    ] {
        let (code, out, errors) = stage.run(line);
        assert!(code == 1 && out.contains(words) && errors.is_empty(), "{line}: {code} {out}{errors}");
    }
    let refused = stage.desk.center.status().expect("a status").refused;
    assert_eq!(
        refused.iter().map(|file| &*file.file).collect::<Vec<_>>(),
        ["letter"],
        "verify needs and tells no center"
    );
}

#[test]
fn a_folder_without_bundles_is_named() {
    let stage = Stage::new();
    fs::create_dir(Path::new(&stage.folder).join("stick")).expect("made");
    let (code, out, errors) = stage.run("ingest --dir DIR ~/stick");
    assert!(code == 0 && out.is_empty() && errors.contains("stick: no file here ends in .bundle"), "{code} {errors}");
}

#[test]
fn a_command_line_that_means_nothing_is_explained() {
    for (line, words) in [
        ("", "Usage: outpost-center <COMMAND>"),
        ("dance", "unrecognized subcommand 'dance'"),
        ("status", "--dir <DIR>"),
        ("ingest --dir x", "<FILE|FOLDER>..."),
        ("release --dir x", "<CODE>"),
        ("release --dir x 0000 --request 0000", "cannot be used with"),
        ("init --dir x --study y --keys z", "--practice"),
        ("site add --dir x --site S01 --passphrase-file y", "--out <FILE>"),
        ("allocation make --dir x --seed many", "invalid value 'many' for '--seed <SEED>'"),
        ("recist x --pr sometimes", "[possible values: persists, strict]"),
        ("device revoke --dir x S01-aaaaaaaa", "--reason <REASON>"),
        ("status --dir x --json=yes", "unexpected value 'yes' for '--json'"),
    ] {
        let words_of = line.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>();
        let (code, out, errors) = run(&words_of);
        assert!(code == 2 && out.is_empty() && errors.contains(words), "{line}: {code} {errors}");
    }
    for line in ["--help", "--version", "recist --help", "site add --help"] {
        let (code, out, errors) = run(&line.split(' ').collect::<Vec<_>>());
        assert!(code == 0 && !out.is_empty() && errors.is_empty(), "{line}");
    }
}

/// Everything that lists says the same to a program.
#[test]
fn what_is_listed_is_listed_as_json_too() {
    let stage = Stage::new();
    let json = |line: &str| -> serde_json::Value {
        let (code, out, errors) = stage.run(line);
        assert_eq!(code, 0, "{line}: {errors}");
        serde_json::from_str(&out).unwrap_or_else(|error| panic!("{line}: {error}: {out}"))
    };
    assert_eq!(json("site list --dir DIR --json")[0]["name"], "Sample hospital");
    let devices = json("device list --dir DIR --json");
    let named =
        |n: usize| (devices[n]["device"].as_str(), devices[n]["state"].as_str(), devices[n]["waiting"].as_u64());
    assert_eq!([named(0), named(1)], ["S01-aaaaaaaa", "S01-bbbbbbbb"].map(|log| (Some(log), Some("waiting"), Some(1))));
    assert_eq!(json("study list --dir DIR --json")[0]["version"], "MDV.1");
    assert_eq!(json("study diff --dir DIR ~/second.xml --json"), serde_json::json!([]));
    let status = json("status --dir DIR --json");
    assert_eq!((&status["study"], &status["sites"][0]["devices"]), (&"ST.GOOD".into(), &devices));
    let (code, out, _) = stage.run("ingest --dir DIR --json ~/letter ~/second.xml");
    let lines: Vec<serde_json::Value> =
        out.lines().map(|line| serde_json::from_str(line).expect("an object on each line")).collect();
    assert_eq!((code, lines.len()), (1, 2));
    assert_eq!(
        (&lines[0]["file"], &lines[0]["outcome"], &lines[0]["code"]),
        (&"letter".into(), &"refused".into(), &"not_a_bundle".into())
    );
    assert_eq!(json("status --dir DIR --json")["refused"].as_array().map(Vec::len), Some(2));
}

/// Names that are no text, as other systems leave them on a stick: they work, and are shown as well as can be.
#[cfg(unix)]
#[test]
fn paths_that_are_no_text_work() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::process::Command;
    let (desk, _) = made();
    let name = |bytes: &[u8]| desk.folder.path().join(OsStr::from_bytes(bytes));
    let (dir, study, out) = (name(b"center-\xFF"), name(b"study-\xE4.xml"), name(b"out-\xC3\x28"));
    let bundle = name(b"a-\xFE.bundle");
    fs::write(&study, STUDY).expect("written");
    fs::write(&bundle, "Dear colleague (sample)").expect("written");
    let run = |command: &[&str], paths: &[(&str, &Path)]| {
        let mut run = Command::new(env!("CARGO_BIN_EXE_outpost-center"));
        run.args(command);
        for (option, path) in paths {
            if !option.is_empty() {
                run.arg(option);
            }
            run.arg(path);
        }
        let output = run.output().expect("it runs");
        (
            output.status.code(),
            String::from_utf8(output.stdout).expect("text"),
            String::from_utf8_lossy(&output.stderr).into_owned(),
        )
    };
    let (code, said, errors) = run(&["init"], &[("--dir", &dir), ("--study", &study)]);
    assert!(code == Some(0) && said.contains("center-\u{FFFD}/recovery.agekey opens every bundle"), "{said}{errors}");
    let (code, said, errors) = run(&["export", "csv"], &[("--dir", &dir), ("--out", &out)]);
    assert!(code == Some(0) && said.lines().count() >= 4 && out.join("cells.csv").exists(), "{said}{errors}");
    let (code, said, _) = run(&["ingest"], &[("--dir", &dir), ("", &bundle)]);
    assert_eq!((code, &*said), (Some(1), "a-\u{FFFD}.bundle: refused: this file is not an Outpost bundle\n"));
    let (code, said, errors) = run(&["status"], &[("--dir", &dir)]);
    assert!(code == Some(0) && said.contains("a-\u{FFFD}.bundle: "), "{said}{errors}");
    let (code, _, errors) = run(&["status"], &[("--dir", &name(b"none-\xFF"))]);
    assert!(code == Some(2) && errors.contains("no center in this folder"), "{errors}");
}

/// What people ask for is in the program's own log by its name alone.
#[test]
fn the_log_names_the_command_and_holds_no_word_of_it() {
    let stage = Stage::new();
    let reason = "secret-reason-of-the-patient";
    let logged = |level: &str| {
        let mut run = std::process::Command::new(env!("CARGO_BIN_EXE_outpost-center"));
        run.args(["device", "revoke", "--dir", &stage.dir, "S01-aaaaaaaa", "--reason", reason])
            .env("OUTPOST_LOG", level);
        let output = run.output().expect("it runs");
        assert!(output.status.success());
        String::from_utf8(output.stderr).expect("text")
    };
    let said = logged("info");
    assert!(said.contains("act=\"device\"") && said.contains(" ms=") && said.lines().count() == 1, "{said}");
    assert!(!said.contains(reason) && !said.contains("S01") && !said.contains(&stage.folder), "{said}");
    assert_eq!(logged("off"), "");
    assert_eq!(good(&["status", "--dir", &stage.dir]).lines().next(), Some("Good (ST.GOOD), version MDV.1"));
    let absent = path(Path::new(&stage.folder), "none");
    let mut failing = std::process::Command::new(env!("CARGO_BIN_EXE_outpost-center"));
    let output = failing.args(["status", "--dir", &absent]).env("OUTPOST_LOG", "warn").output().expect("it runs");
    let said = String::from_utf8(output.stderr).expect("text");
    assert!(said.contains("refused act=\"status\"") && said.contains("code=error") && !said.contains("none"), "{said}");
}
