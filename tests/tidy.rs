//! The house keeps its own rules: arrows between rooms, and what each room may touch.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use study::Study;

/// The arrows of `src-tauri/crates/README.md`. A room may also use what its neighbours stand on.
const ARROWS: &[(&str, &[&str])] = &[
    ("outpost", &["site", "practice"]),
    ("practice", &["site", "center", "studies"]),
    ("site", &["vault", "bundle", "allocation", "exchange", "screens"]),
    ("screens", &["clinical"]),
    ("outpost-center", &["center", "clinical"]),
    ("center", &["bundle", "allocation", "exchange"]),
    ("vault", &["casebook", "seal"]),
    ("bundle", &["casebook", "seal"]),
    ("allocation", &["casebook", "seal"]),
    ("exchange", &["casebook"]),
    ("clinical", &["casebook", "oncology"]),
    ("casebook", &["study"]),
    ("study", &[]),
    ("oncology", &[]),
    ("seal", &[]),
    ("studies", &[]),
];

/// Libraries that belong to certain rooms alone.
const OWNED: &[(&str, &[&str])] = &[
    ("ring", &["seal"]),
    ("argon2", &["seal"]),
    ("age", &["seal"]),
    ("ssh-key", &["seal"]),
    ("rusqlite", &["vault", "center"]),
    ("tauri", &["outpost"]),
    ("tauri-plugin-dialog", &["outpost"]),
    ("cel", &["study"]),
    ("calamine", &["exchange"]),
    ("clap", &["outpost-center"]),
    ("krilla", &["exchange"]),
    ("ts-rs", &["screens"]),
    ("tar", &["bundle"]),
    ("zstd", &["bundle"]),
];

/// Source text that a room may not hold, outside its tests.
const UNSPOKEN: &[(&str, &[&str])] = &[
    ("study", &["std::fs", "std::net", "std::time", "std::process", "std::env"]),
    ("casebook", &["std::fs", "std::net", "std::time", "std::process", "std::env"]),
    ("clinical", &["std::fs", "std::net", "std::time", "std::process", "std::env"]),
    ("allocation", &["std::fs", "std::net", "std::time", "std::process", "std::env"]),
    ("screens", &["std::fs", "std::net", "std::time", "std::process", "std::env"]),
    ("oncology", &["std::fs", "std::net", "std::time", "std::process", "std::env"]),
    ("seal", &["std::fs", "std::net"]),
    ("bundle", &["std::fs", "std::net", "std::path"]),
    ("vault", &["SystemTime", "std::net"]),
    ("site", &["SystemTime", "std::net", "tauri::"]),
];

#[test]
fn rooms_use_only_the_rooms_that_the_arrows_allow() {
    let rooms: BTreeMap<&str, &[&str]> = ARROWS.iter().copied().collect();
    for (room, uses) in dependencies() {
        let Some(_) = rooms.get(room.as_str()) else { continue };
        let allowed = reachable(&rooms, &room);
        for used in uses.iter().filter(|used| rooms.contains_key(used.as_str())) {
            assert!(
                allowed.contains(used.as_str()),
                "no arrow leads from {room} to {used}; see src-tauri/crates/README.md"
            );
        }
    }
}

#[test]
fn every_room_stands_on_the_map() {
    let map = fs::read_to_string(root().join("src-tauri/crates/README.md")).expect("the map");
    for (room, _) in dependencies() {
        assert!(map.contains(&format!("`{room}`")), "{room} is not on the map");
    }
}

#[test]
fn every_place_on_the_map_is_there() {
    let rooms = root().join("src-tauri/crates");
    let map = fs::read_to_string(rooms.join("README.md")).expect("the map");
    let quoted = map.split('`').skip(1).step_by(2);
    let places: Vec<&str> = quoted.filter(|place| place.contains("/src/") || place.starts_with("tests/")).collect();
    assert!(places.len() > 20, "{places:?}");
    for place in places {
        let is_there = rooms.join(place).exists() || root().join(place).exists();
        assert!(is_there, "the map names {place}, which is not there");
    }
}

#[test]
fn libraries_stay_in_their_rooms() {
    for (room, uses) in dependencies() {
        if matches!(room.as_str(), "xtask" | "outpost-tests") {
            continue;
        }
        for (library, owners) in OWNED {
            assert!(
                !uses.contains(*library) || owners.contains(&room.as_str()),
                "{room} uses {library}, which belongs to {owners:?}"
            );
        }
    }
}

#[test]
fn rooms_do_not_touch_what_is_not_theirs() {
    for (room, words) in UNSPOKEN {
        let sources = files(&root().join("src-tauri/crates").join(room).join("src"), &["rs"]);
        for file in sources.into_iter().filter(|file| !is_test(file)) {
            let text = fs::read_to_string(&file).expect("source");
            let before_tests = text.split("#[cfg(test)]").next().unwrap_or_default();
            let code = before_tests.lines().filter(|line| !line.trim_start().starts_with("//"));
            for (number, line) in code.enumerate() {
                for word in *words {
                    assert!(
                        !line.contains(word),
                        "{room} may not touch {word}: {} near line {}",
                        file.display(),
                        number + 1
                    );
                }
            }
        }
    }
}

/// A study is data: the program knows no object, arm or drug of the first trial by its name.
#[test]
fn nothing_of_the_first_trial_is_in_the_program() {
    let names = names_of_the_trial();
    assert!(names.contains("IT.AE.AETERM") && names.contains("SBRT") && names.len() > 500, "{} names", names.len());
    let mut found = Vec::new();
    let folders = [("src-tauri", &["rs"][..]), ("ui/src", &["ts", "svelte"])];
    for file in folders.iter().flat_map(|(folder, endings)| files(&root().join(folder), endings)) {
        // A bench may name what it measures; the product may not.
        let is_bench = file.components().any(|part| matches!(part.as_os_str().to_str(), Some("xtask" | "examples")));
        if is_bench || is_test(&file) {
            continue;
        }
        let text = fs::read_to_string(&file).expect("source");
        let before_tests = text.split("#[cfg(test)]").next().unwrap_or_default();
        let is_comment = |line: &str| ["//", "/*", "*"].iter().any(|mark| line.trim_start().starts_with(mark));
        for line in before_tests.lines().filter(|line| !is_comment(line)) {
            let words = line.split(|c: char| !c.is_ascii_alphanumeric() && !"._-".contains(c));
            let named = words.map(|word| word.trim_matches('.')).filter(|word| names.contains(*word));
            found.extend(named.map(|word| format!("{} names {word}", file.display())));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

fn names_of_the_trial() -> BTreeSet<String> {
    let study = Study::read("trial.xml", studies::TRIAL, &clinical::functions()).expect("the trial file");
    let mut names = BTreeSet::new();
    names.extend(study.events.iter().map(|def| def.oid.to_string()));
    names.extend(study.forms.iter().map(|def| def.oid.to_string()));
    names.extend(study.groups.iter().map(|def| def.oid.to_string()));
    names.extend(study.items.iter().map(|def| def.oid.to_string()));
    for concept in ["subject.arm", "exposure.drug", "allocation.before"] {
        let lists = study.meanings.all(concept).iter().filter_map(|item| study.codelist_of(study.items.get(item)?));
        names.extend(lists.flat_map(|list| list.choices.iter().map(|choice| choice.code.to_string())));
    }
    // Every list has it.
    names.remove("OTHER");
    names
}

#[test]
fn every_dependency_says_why() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("manifest");
    let section = manifest
        .split("[workspace.dependencies]")
        .nth(1)
        .and_then(|rest| rest.split("\n[").next())
        .expect("dependencies");
    let mut explained = false;
    for line in section.lines().map(str::trim) {
        if line.starts_with('#') {
            explained = true;
        } else if line.is_empty() {
            explained = false;
        } else if !line.contains("path = ") {
            assert!(explained || line.contains(" # "), "say why in Cargo.toml: {line}");
        }
    }
}

#[test]
fn the_window_reaches_rust_through_one_door() {
    for file in files(&root().join("ui/src"), &["ts", "svelte"]) {
        let text = fs::read_to_string(&file).expect("source");
        let inside = file.strip_prefix(root().join("ui/src")).expect("inside");
        assert!(
            inside.starts_with("ipc") || !text.contains("@tauri-apps/api"),
            "only ui/src/ipc may use @tauri-apps/api: {}",
            inside.display()
        );
        let page = inside.strip_prefix("pages").ok().and_then(|rest| rest.components().next());
        for other in
            text.lines().filter_map(|line| line.split("pages/").nth(1)).filter_map(|rest| rest.split('/').next())
        {
            let own = page.is_some_and(|page| page.as_os_str() == other);
            assert!(page.is_none() || own, "a page may not import another page: {}", inside.display());
        }
    }
}

#[test]
fn no_file_grows_past_what_its_reader_can_hold() {
    for (folder, endings, most) in
        [("src-tauri", &["rs"][..], 800), ("tests", &["rs"], 800), ("ui/src", &["ts", "svelte", "css"], 400)]
    {
        for file in files(&root().join(folder), endings) {
            let text = fs::read_to_string(&file).expect("source");
            let generated = text.lines().take(3).any(|line| line.contains("cargo xtask gen"));
            let lines = text.lines().count();
            assert!(generated || lines <= most, "{} has {lines} lines; split it", file.display());
        }
    }
}

fn reachable<'a>(rooms: &BTreeMap<&'a str, &'a [&'a str]>, from: &str) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let mut open: Vec<&str> = rooms.get(from).map(|next| next.to_vec()).unwrap_or_default();
    while let Some(room) = open.pop() {
        if found.insert(room) {
            open.extend(rooms.get(room).copied().unwrap_or_default());
        }
    }
    found
}

/// Each workspace member with its direct dependencies, those of its tests apart.
fn dependencies() -> Vec<(String, BTreeSet<String>)> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(root())
        .output()
        .expect("cargo metadata");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let members = metadata["packages"].as_array().expect("packages");
    members.iter().map(|package| (text(&package["name"]), uses(package))).collect()
}

fn uses(package: &Value) -> BTreeSet<String> {
    let all = package["dependencies"].as_array().into_iter().flatten();
    all.filter(|used| used["kind"] != "dev").map(|used| text(&used["name"])).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn files(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let skip = ["node_modules", "target", "dist"].iter().any(|name| path.ends_with(name));
        if path.is_dir() && !skip {
            found.extend(files(&path, endings));
        } else if path.extension().is_some_and(|ending| endings.iter().any(|wanted| ending == *wanted)) {
            found.push(path);
        }
    }
    found
}

/// Files and folders that hold nothing but tests.
fn is_test(file: &Path) -> bool {
    let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let folder =
        file.components().any(|part| matches!(part.as_os_str().to_str(), Some("tests" | "tests.rs" | "fixture.rs")));
    folder || name.ends_with(".test.ts")
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests' folder lies in the root").to_owned()
}
