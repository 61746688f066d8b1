//! The sheet that a clinician signs leaves nothing out.

use oncology::constants::all;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Every source file of the room, tests left out.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the sources").flatten().map(|entry| entry.path()) {
        let is_test = entry.file_stem().is_some_and(|name| name == "tests");
        if entry.is_dir() && !is_test {
            sources(&entry, found);
        } else if !is_test && entry.extension().is_some_and(|ending| ending == "rs") {
            found.push(entry);
        }
    }
}

/// Constants that say nothing clinical: lists of an enumeration's members, the zero of a measure.
const PLAIN: &[&str] = &["ALL", "ZERO"];

#[test]
fn every_public_constant_is_in_the_sheet_with_its_source() {
    let names: Vec<String> = all().into_iter().map(|constant| constant.name).collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    let mut missing = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a source");
        let inside = file.strip_prefix(&root).expect("below the sources").with_extension("");
        let module = inside.iter().next().expect("a module").to_string_lossy().into_owned();
        for line in text.lines().filter_map(|line| line.trim_start().strip_prefix("pub const ")) {
            let name: String =
                line.chars().take_while(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || *c == '_').collect();
            let wanted = format!("{module}::{name}");
            let is_there = names.iter().any(|known| *known == wanted || known.starts_with(&format!("{wanted}.")));
            if !name.is_empty() && !PLAIN.contains(&name.as_str()) && !is_there {
                missing.push(wanted);
            }
        }
    }
    assert!(missing.is_empty(), "not in the sheet: {missing:?}");
}

#[test]
fn every_line_of_the_sheet_says_what_and_whence() {
    let mut seen = BTreeSet::new();
    for line in all() {
        assert!(!line.value.is_empty() && !line.meaning.is_empty(), "{}", line.name);
        assert!(line.source.len() > 10, "{}: {}", line.name, line.source);
        assert!(seen.insert(line.name.clone()), "{} stands twice", line.name);
    }
    assert!(seen.len() > 150, "{}", seen.len());
}

/// RECIST's limits and choices are fields of two structs, each of which has its line.
#[test]
fn every_limit_and_choice_of_recist_is_in_the_sheet() {
    let names: BTreeSet<String> = all().into_iter().map(|constant| constant.name).collect();
    let text = include_str!("../../src/recist/settings.rs");
    let mut owner = "";
    let mut fields = 0;
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("pub struct ") {
            owner = name.trim_end_matches(" {");
        } else if let Some((field, _)) = line.strip_prefix("    pub ").and_then(|line| line.split_once(':')) {
            let name = format!("recist::{owner}.{field}");
            assert!(names.contains(&name) || name == "recist::Settings.limits", "{name}");
            fields += 1;
        }
    }
    assert!(fields > 15, "{fields}");
}

#[test]
fn every_rule_of_the_ctcae_is_in_the_sheet() {
    let names: BTreeSet<String> = all().into_iter().map(|constant| constant.name).collect();
    for rule in oncology::ctcae::rules() {
        for grade in rule.grades {
            let name = format!("ctcae::RULES.{}.{}", rule.key(), grade.grade);
            assert!(names.contains(&name), "{name}");
        }
    }
}
