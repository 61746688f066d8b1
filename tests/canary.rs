//! Nothing readable rests: words typed into every kind of field are looked for, byte by byte, in everything that the
//! program and its web view left on the disk; and the program's own log, which is to be read, tells of acts alone.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::pages;
use crate::walk::account;
use crate::window::{Opening, Trouble, Window, key};

/// What is typed into which question: a text, numbers, dates whole and partial, a unit, and a choice is only clicked.
const CANARIES: &[(&str, &[(&str, &str)])] = &[
    ("SE.SCR[1]/F.VS[1]", &[("TEMP", "36.7351"), ("WEIGHT", "71.82934")]),
    ("SE.SCR[1]/F.DM[1]", &[("BRTHDAT", "17 feb 1961")]),
    (
        "SE.SCR[1]/F.LB[1]",
        &[
            ("LBCPERF", "1"),
            ("LBCDAT", "1 feb 1987"),
            ("BILI", "0.91731 mg/dL"),
            ("LBTPERF", "1"),
            ("LBTDAT", "1 mar 1988"),
            ("AFP", ">98765.43"),
        ],
    ),
    ("SE.LOG[1]/F.AE[1]", &[("AEYN", "1"), (pages::ADD_ROW, ""), ("AETERM", "Quokkaphobia zwitschernd")]),
];
/// What of it would betray itself on the disk, in the form in which it is stored or typed.
const TRACES: &[&str] = &[
    "36.7351",
    "71.82934",
    "1961-02-17",
    "17 feb 1961",
    "1987-02-01",
    "0.91731",
    "98765.43",
    "Quokkaphobia zwitschernd",
    DRAFT,
    WRONG_PASSWORD,
];
/// Typed and never left: lives as a draft only.
const DRAFT: &str = "draft-canary-84213";
/// A wrong password: it too must not rest anywhere.
const WRONG_PASSWORD: &str = "practice-harbour-42-not";
/// What the session does, as the log tells it.
const ACTS: &[&str] = &[
    "start_view",
    "unlock",
    "subject_register",
    "subject_view",
    "form_shape",
    "save_item",
    "row_add",
    "draft_item",
    "lock",
];

#[test]
fn nothing_typed_rests_in_the_clear() {
    let folder = tempfile::tempdir().expect("a folder");
    let home = folder.path().join("home");
    xtask::practice::make(&home, 1, 1).expect("a practice site");
    // Everything that a desktop program may write lies in folders of this test's own.
    let places = ["tmp", "cache", "data", "state", "config"].map(|name| folder.path().join(name));
    places.iter().for_each(|place| fs::create_dir_all(place).expect("a folder"));
    let subject = session(&home, &places).expect("a session");
    let (user, password) = account(&home).expect("the practice account");
    let log = log_of(&home);
    // The log lies in the clear on purpose: it may not even name whom something was done for, or who did it.
    let words = [subject.as_str(), &user, &password];
    for word in TRACES.iter().chain(&words) {
        assert!(!log.contains(word), "the log holds {word:?}:\n{log}");
    }
    let scanned = scan(folder.path());
    assert!(scanned > 20, "only {scanned} files were looked at: the scan looks in the wrong place");
}

/// A nurse's session; gives the subject that it registered.
fn session(home: &Path, places: &[PathBuf; 5]) -> Result<String, Trouble> {
    let names = ["TMPDIR", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"];
    let mut environment: Vec<(String, String)> =
        names.iter().zip(places).map(|(name, place)| ((*name).to_owned(), place.display().to_string())).collect();
    // Whatever any library would say, at its most talkative.
    environment.push(("OUTPOST_LOG".to_owned(), "trace".to_owned()));
    let window = Window::open(&Opening { environment, ..Opening::at(home) })?;
    let (user, password) = account(home)?;
    pages::try_password(&window, &user, WRONG_PASSWORD)?;
    window.wait_for(
        "a wrong password to be refused",
        "return document.querySelector('[data-refused]') !== null",
        vec![json!(null)],
    )?;
    pages::sign_in(&window, &user, &password)?;
    let subject = pages::register(&window)?;
    for (form, answers) in CANARIES {
        pages::open_subject(&window, &subject)?;
        pages::open_form(&window, form)?;
        pages::answer_in_order(&window, answers)?;
    }
    // A draft is kept within a second of being typed.
    window.keys(DRAFT)?;
    std::thread::sleep(std::time::Duration::from_millis(2_500));
    window.chord(key::CONTROL, 'l')?;
    pages::arrive(&window, "unlock")?;
    window.close()?;
    Ok(subject)
}

/// All that the program wrote into its log, in which every act of the session must be, with its outcome.
fn log_of(home: &Path) -> String {
    let files = fs::read_dir(home.join("logs")).expect("the log's folder").flatten();
    let log: String = files.map(|file| fs::read_to_string(file.path()).expect("a file of the log")).collect();
    for act in ACTS {
        assert!(log.contains(&format!("act=\"{act}\" ms=")), "the log does not tell of {act}:\n{log}");
    }
    assert!(!log.contains("act=\"integrity\""), "the log tells what the window asks by itself:\n{log}");
    let refused = log.lines().find(|line| line.contains("code=wrong_password"));
    assert!(refused.is_some_and(|line| line.contains("act=\"unlock\"")), "the log tells of no refused unlock:\n{log}");
    log
}

/// Looks at every byte of every file below; gives how many files there were.
fn scan(folder: &Path) -> usize {
    let mut scanned = 0;
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            scanned += scan(&path);
        } else if let Ok(bytes) = fs::read(&path) {
            scanned += 1;
            for trace in TRACES {
                assert!(!holds(&bytes, trace), "{} holds {trace:?} in the clear", path.display());
            }
        }
    }
    scanned
}

/// Whether the text lies in the bytes, as UTF-8 or as UTF-16 in either order.
fn holds(bytes: &[u8], text: &str) -> bool {
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    [text.as_bytes(), &little, &big].iter().any(|needle| bytes.windows(needle.len()).any(|window| window == *needle))
}

#[test]
fn the_scan_finds_what_lies_there() {
    for bytes in [b"..36.7351..".to_vec(), "x36.7351".encode_utf16().flat_map(u16::to_le_bytes).collect()] {
        assert!(holds(&bytes, "36.7351"));
    }
    assert!(!holds(b"36.735", "36.7351"));
}
