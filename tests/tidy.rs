//! The rule of the house that needs a study to be read. The others are `cargo xtask tidy`, and `cargo test -p xtask`.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use study::Study;
use xtask::tidy::house::{self, House, Room};

/// A study is data: the program knows no object, arm or drug of the first trial by its name.
#[test]
fn nothing_of_the_first_trial_is_in_the_program() {
    let names = names_of_the_trial();
    assert!(names.contains("IT.AE.AETERM") && names.contains("SBRT") && names.len() > 500, "{} names", names.len());
    let mut found = Vec::new();
    let mut search = |path: &str, line: &str| {
        let words = line.split(|c: char| !c.is_ascii_alphanumeric() && !"._-".contains(c));
        let named = words.map(|word| word.trim_matches('.')).filter(|word| names.contains(*word));
        found.extend(named.map(|word| format!("{path} names {word}")));
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests' folder lies in the root");
    let house = House::read(root).expect("the workspace");
    // A bench may name what it measures; the product may not.
    let rooms = house.rooms.iter().filter(|room| !matches!(room.name.as_str(), "xtask" | "outpost-tests"));
    for file in rooms.flat_map(Room::product).filter(|file| !file.path.contains("/examples/")) {
        file.product_lines().for_each(|(_, line)| search(&file.path, line));
    }
    for file in house::found(&root.join("ui/src"), &["ts", "svelte"]) {
        let path = house::relative(root, &file);
        let text = fs::read_to_string(&file).expect("source");
        let is_comment = |line: &&str| ["//", "/*", "*"].iter().any(|mark| line.trim_start().starts_with(mark));
        if !path.ends_with(".test.ts") {
            text.lines().filter(|line| !is_comment(line)).for_each(|line| search(&path, line));
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
