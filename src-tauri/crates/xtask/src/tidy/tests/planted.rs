//! A small workspace on the disk: tidy as it is, and untidy by one rule after each offence that is planted.

use std::collections::BTreeSet;
use std::path::Path;

use super::reading::{laid_out, lay};
use crate::tidy::house::House;
use crate::tidy::{RULES, report, report_proportions};

const ROOT: &str = "[package]\nname = \"outpost\"\n\n[dependencies]\nsite.workspace = true\n\n\
    [workspace.dependencies]\nsite = { path = \"src-tauri/crates/site\" }\nserde = \"1\" # values\n";
const MAP: &str = "`outpost` `outpost-tests` `site` `study`\n\nsee `study/src/rules.rs`\n";

/// A workspace that breaks no rule.
fn tidy_house() -> tempfile::TempDir {
    laid_out(&[
        ("Cargo.toml", ROOT),
        ("tests/Cargo.toml", "[package]\nname = \"outpost-tests\"\n"),
        ("tests/journeys.rs", "#[test]\nfn a_day() {}\n"),
        ("src-tauri/lib.rs", "pub fn run() { site::save() }\n"),
        ("src-tauri/crates/README.md", MAP),
        ("src-tauri/crates/site/Cargo.toml", "[package]\nname = \"site\"\n[dependencies]\nstudy.workspace = true\n"),
        ("src-tauri/crates/site/src/lib.rs", "mod writing;\npub use writing::save;\n"),
        ("src-tauri/crates/site/src/writing.rs", "pub fn save() { book.permits(act); open.transact(act) }\n"),
        ("src-tauri/crates/site/tests/a.rs", "fn a() {}\nfn b() {}\n"),
        ("src-tauri/crates/study/Cargo.toml", "[package]\nname = \"study\"\n"),
        ("src-tauri/crates/study/src/lib.rs", "mod rules;\npub use rules::judge;\n"),
        ("src-tauri/crates/study/src/rules.rs", "pub fn judge() {}\n#[cfg(test)]\nmod tests {}\n"),
        ("ui/src/shell/Shell.svelte", "import { call } from \"../ipc/door\";\n"),
        ("ui/src/shell/shell.test.ts", "import \"./Shell.svelte\";\n"),
        ("ui/src/ipc/door.ts", "import { invoke } from \"@tauri-apps/api/core\";\n"),
        ("ui/src/ipc/door.test.ts", "import \"./door\";\n"),
    ])
}

/// The rules that a workspace breaks, each with the files.
fn broken(folder: &Path) -> Vec<(&'static str, Vec<String>)> {
    let house = House::read(folder).expect("a workspace");
    let paths = |rule: &crate::tidy::Rule| rule.offences(&house).into_iter().map(|offence| offence.path).collect();
    RULES
        .iter()
        .map(|rule| (rule.name, paths(rule)))
        .filter(|(_, paths): &(_, Vec<String>)| !paths.is_empty())
        .collect()
}

/// What is planted: the rule, a file, and what it says then.
fn offences() -> Vec<(&'static str, &'static str, String)> {
    let study = "[package]\nname = \"study\"\n[dependencies]\n";
    vec![
        ("arrows between rooms", "src-tauri/crates/study/Cargo.toml", format!("{study}site.workspace = true\n")),
        ("libraries of rooms", "src-tauri/crates/study/Cargo.toml", format!("{study}rusqlite.workspace = true\n")),
        ("words of rooms", "src-tauri/crates/study/src/clock.rs", "use std::{fmt, time};\n".into()),
        ("the map", "src-tauri/crates/README.md", MAP.replace("rules.rs", "laws.rs")),
        ("why of dependencies", "Cargo.toml", format!("{ROOT}rand = \"0.9\"\n")),
        ("acts past the gate", "src-tauri/crates/site/src/entering.rs", "fn save() { open.transact(act) }\n".into()),
        ("doors of the UI", "ui/src/shell/Bar.svelte", "import { invoke } from \"@tauri-apps/api/core\";\n".into()),
        (
            "circles of files",
            "src-tauri/crates/study/src/rules.rs",
            "pub fn judge() { crate::deep() }\n#[cfg(test)]\nmod tests {}\n".into(),
        ),
        ("lines of files", "src-tauri/crates/study/tests/long.rs", "//\n".repeat(601)),
        ("lines of functions", "src-tauri/long.rs", format!("fn long() {{\n{}}}\n", "f();\n".repeat(60))),
        ("parameters", "src-tauri/wide.rs", "fn f(a: A, b: B, c: C, d: D, e: E, f: F, g: G) {}\n".into()),
        ("tuple parameters", "src-tauri/pair.rs", "fn f(at: (u8, u8)) {}\n".into()),
        ("names of errors", "src-tauri/refusal.rs", "#[derive(Debug, thiserror::Error)]\nenum Refusal {}\n".into()),
    ]
}

#[test]
fn a_tidy_house_is_told_so() {
    let folder = tidy_house();
    assert_eq!(broken(folder.path()), []);
    assert!(report(folder.path(), None).expect("a workspace"));
    assert!(report_proportions(folder.path()).expect("a workspace"));
}

#[test]
fn each_rule_finds_what_is_planted_and_no_other_does() {
    let known: BTreeSet<&str> = RULES.iter().map(|rule| rule.name).collect();
    let planted: BTreeSet<&str> = offences().iter().map(|(rule, ..)| *rule).collect();
    assert_eq!(known, planted, "each rule has its offence here");
    for (rule, path, text) in offences() {
        let folder = tidy_house();
        let lib = "src-tauri/crates/study/src/lib.rs";
        if rule == "circles of files" {
            lay(folder.path(), lib, "mod rules;\npub fn deep() { rules::judge() }\n");
        }
        lay(folder.path(), path, &text);
        let found = broken(folder.path());
        assert_eq!(found.iter().map(|(name, _)| *name).collect::<Vec<_>>(), [rule], "{found:?}");
        assert!(found[0].1.iter().any(|at| at == path), "{rule}: {found:?}");
    }
}

#[test]
fn one_room_or_all_an_offence_fails_the_report() {
    let folder = tidy_house();
    lay(folder.path(), "src-tauri/wide.rs", "fn f(a: A, b: B, c: C, d: D, e: E, f: F, g: G) {}\n");
    for room in [None, Some("outpost"), Some("study")] {
        assert!(!report(folder.path(), room).expect("a workspace"), "{room:?}");
    }
}

#[test]
fn a_room_without_tests_fails_the_proportions() {
    let folder = tidy_house();
    lay(folder.path(), "src-tauri/crates/study/src/more.rs", &"//\n".repeat(9));
    assert!(!report_proportions(folder.path()).expect("a workspace"));
    lay(folder.path(), "src-tauri/crates/study/tests/more.rs", &"//\n".repeat(9));
    assert!(report_proportions(folder.path()).expect("a workspace"));
    lay(folder.path(), "ui/src/ipc/calls.ts", "call\n\n\n\n");
    assert!(!report_proportions(folder.path()).expect("a workspace"), "a folder of the UI, too");
}
