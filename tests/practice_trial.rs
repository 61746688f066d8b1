//! Practice trials: the same seed gives the same answers, and what they leave behind works with the other programs.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use xtask::practice::Material;

use crate::window::center_program;

#[test]
fn the_same_seed_gives_the_same_answers() {
    let folder = tempfile::tempdir().expect("a folder");
    let [once, again, other] =
        [("once", 7), ("again", 7), ("other", 8)].map(|(name, seed)| tables(&folder.path().join(name), seed));
    assert!(once.values().map(|table| table.lines().count()).sum::<usize>() > 60, "too little was answered");
    assert_eq!(once, again);
    assert_ne!(once, other);
}

/// Another field of medicine, other visits, rules, units and languages: nothing of the first trial is in the program.
#[test]
fn another_study_is_entered_sent_and_tabulated() {
    const STUDY: &[u8] = studies::SECOND;
    const CHART: &[u8] = studies::SECOND_CHART;
    let folder = tempfile::tempdir().expect("a folder");
    let out = &folder.path().join("practice");
    let material = Material { name: "home-blood-pressure.xml", study: STUDY, chart: CHART };
    xtask::practice::make_of(out, &material, 3, 5).expect("a practice trial");
    let tables = received(out);
    // What the program computed in the form, from the readings that the center tabulates.
    let readings = columns(&tables["F.BP-IG.READ.csv"], ["SUBJECT", "EVENT", "EVENT_REPEAT", "UPPER"]);
    let means = columns(&tables["F.BP.csv"], ["SUBJECT", "EVENT", "EVENT_REPEAT", "MEANUP"]);
    assert!(means.len() >= 9 && readings.len() == 3 * means.len(), "{} means", means.len());
    for [subject, event, repeat, mean] in &means {
        let same = readings.iter().filter(|row| [&row[0], &row[1], &row[2]] == [subject, event, repeat]);
        let values: Vec<f64> = same.filter_map(|row| row[3].parse().ok()).collect();
        let expected = values.iter().sum::<f64>() / values.len() as f64;
        let computed: f64 = mean.parse().expect("a number");
        assert!((expected - computed).abs() <= 0.05 + 1e-9, "{subject} {event} {repeat}: {computed} of {values:?}");
    }
}

/// Some columns of a table whose values hold no comma.
fn columns<const N: usize>(table: &str, names: [&str; N]) -> Vec<[String; N]> {
    let mut lines = table.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let head = lines.next().expect("a head");
    let places = names.map(|name| head.iter().position(|column| *column == name).expect(name));
    lines.map(|line| places.map(|place| line[place].to_owned())).collect()
}

/// The center's tables of a practice trial, with the device's own name taken out: keys are drawn anew each time.
fn tables(out: &Path, seed: u64) -> BTreeMap<String, String> {
    xtask::practice::make(out, 2, seed).expect("a practice trial");
    received(out)
}

/// The tables of forms that the center writes after taking every bundle in twice.
pub fn received(out: &Path) -> BTreeMap<String, String> {
    let device = device(out);
    let mut bundles: Vec<_> =
        fs::read_dir(out.join("bundles")).expect("bundles").flatten().map(|file| file.path()).collect();
    // Their names carry their place in the chain: one that comes before its turn would be parked.
    bundles.sort();
    for bundle in bundles {
        let said = xtask::practice::ingest(out, &bundle).expect("an answer");
        assert!(said.starts_with("accepted "), "{said}");
        assert_eq!(xtask::practice::ingest(out, &bundle).expect("an answer"), "already held");
    }
    let export = Command::new(center_program())
        .args(["export", "csv", "--dir"])
        .arg(out.join("center"))
        .arg("--out")
        .arg(out.join("tables"))
        .output()
        .expect("outpost-center");
    assert!(export.status.success(), "{}", String::from_utf8_lossy(&export.stderr));
    let files = fs::read_dir(out.join("tables")).expect("tables").flatten();
    // `cells.csv` tells who and when, which is never the same.
    let forms = files.filter(|file| file.file_name() != "cells.csv");
    let text = |path: &Path| fs::read_to_string(path).expect("a table").replace(&device, "device");
    forms.map(|file| (file.file_name().to_string_lossy().into_owned(), text(&file.path()))).collect()
}

/// The random part of the device's id, by which it names its rows.
fn device(out: &Path) -> String {
    let signers = fs::read_to_string(out.join("allowed_signers")).expect("signers");
    let line = signers.lines().find(|line| line.starts_with("S01-")).expect("the device");
    line.trim_start_matches("S01-").split(' ').next().unwrap_or_default().to_owned()
}
