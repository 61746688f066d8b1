//! Nothing readable rests: words typed into every kind of field are looked for, byte by byte, in everything that the
//! program and its web view left on the disk.

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

#[test]
fn nothing_typed_rests_in_the_clear() {
    let folder = tempfile::tempdir().expect("a folder");
    let home = folder.path().join("home");
    xtask::practice::make(&home, 1, 1).expect("a practice site");
    // Everything that a desktop program may write lies in folders of this test's own.
    let places = ["tmp", "cache", "data", "state", "config"].map(|name| folder.path().join(name));
    places.iter().for_each(|place| fs::create_dir_all(place).expect("a folder"));
    session(&home, &places).expect("a session");
    let scanned = scan(folder.path());
    assert!(scanned > 20, "only {scanned} files were looked at: the scan looks in the wrong place");
}

fn session(home: &Path, places: &[PathBuf; 5]) -> Result<(), Trouble> {
    let names = ["TMPDIR", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"];
    let environment =
        names.iter().zip(places).map(|(name, place)| ((*name).to_owned(), place.display().to_string())).collect();
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
    window.close()
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
