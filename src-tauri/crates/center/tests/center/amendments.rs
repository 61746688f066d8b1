//! Metadata versions: what may be published, what is refused and leaves nothing, and whom a version reaches.

use crate::device::{Desk, STUDY, stamp};
use crate::folding::export;
use crate::replies::open;
use bundle::{Key, Kind, Kit};
use casebook::Stamp;
use center::{Amendment, Center, CenterError};
use std::fs;
use study::{Functions, Oid};

const PASSPHRASE: &str = "correct horse battery";

/// The study as the version with this number, changed as said.
fn version(number: u32, from: &str, to: &str) -> String {
    let file = STUDY.replace("OID=\"MDV.1\"", &format!("OID=\"MDV.{number}\""));
    let changed = file.replace(from, to);
    assert!(from.is_empty() || changed != file, "{from} stands in the study");
    if from.is_empty() { file } else { changed }
}

/// The same with the two checks of the systolic pressure in the other order.
fn swapped(file: &str) -> String {
    let checks: Vec<&str> = file.lines().filter(|line| line.contains("<RangeCheck")).collect();
    let together = checks.join("\n");
    assert!(checks.len() == 2 && file.contains(&together));
    file.replace(&together, &format!("{}\n{}", checks[1], checks[0]))
}

fn of(file: &str) -> Amendment<'_> {
    Amendment {
        name: "next.xml",
        file: file.as_bytes(),
        effective: "2026-11-01",
        approval: " EC 2026/7 (sample) ",
        sites: &[],
    }
}

/// The files that were published, by their names.
fn files(desk: &Desk) -> Vec<String> {
    let listed = fs::read_dir(desk.folder.path().join("studies")).expect("the folder");
    let mut names: Vec<String> =
        listed.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

fn refused(desk: &Desk, amendment: &Amendment<'_>) -> CenterError {
    let before = (files(desk), desk.center.status().expect("a status").own_entries);
    let refused = desk.center.publish(&stamp(5), amendment).expect_err("refused");
    let listed = desk.center.publications().expect("listed");
    assert_eq!((files(desk), desk.center.status().expect("a status").own_entries), before, "{refused}");
    assert_eq!(listed.len(), 1, "{refused}");
    refused
}

#[test]
fn a_version_that_cannot_follow_is_refused_with_every_reason() {
    let desk = Desk::new();
    for (file, reasons) in [
        (STUDY.to_owned() + "<!-- the same version in another file -->", vec!["MDV.1: is a metadata version that"]),
        (version(2, "OID=\"ST.GOOD\"", "OID=\"ST.OTHER\""), vec!["is another study than ST.GOOD"]),
        (
            version(2, "Name=\"Birth date\" DataType=\"partialDate\"", "Name=\"Birth date\" DataType=\"date\""),
            vec!["IT.DM.BRTHDAT: the data type was partialDate and is date"],
        ),
        (
            version(2, "Name=\"Adverse event\" Repeating=\"Yes\"", "Name=\"Adverse event\" Repeating=\"No\""),
            vec!["IG.AE: Repeating is changed"],
        ),
        (version(2, "ItemGroupOID=\"IG.DM\"", "ItemGroupOID=\"IG.XX\""), vec!["the item group IG.XX"]),
        (
            swapped(&version(2, "Repeating=\"Yes\" Domain=\"AE\"", "Repeating=\"No\" Domain=\"AE\"")),
            vec!["IG.AE: Repeating", "IT.VS.SYSBP: check 1 is now check 2", "IT.VS.SYSBP: check 2 is now check 1"],
        ),
        ("<ODM/>".to_owned(), vec!["<ODM> is not an ODM 1.3 file"]),
        (String::new(), vec![""]),
    ] {
        let CenterError::Study(faults) = refused(&desk, &of(&file)) else { panic!("faults of the study: {reasons:?}") };
        let said: Vec<String> = faults.iter().map(ToString::to_string).collect();
        for reason in reasons {
            assert!(said.iter().any(|fault| fault.contains(reason)), "{reason}: {said:?}");
        }
        assert!(matches!(desk.center.amendment("next.xml", file.as_bytes()), Err(CenterError::Study(_))));
    }
}

#[test]
fn a_version_without_day_approval_or_known_sites_is_refused() {
    let desk = Desk::new();
    let file = version(2, "", "");
    for effective in ["", "2026-12", "2026", "2026-02-30", "1.12.2026", "2026-12-01T00:00", "soon", "99999-01-01"] {
        let said = refused(&desk, &Amendment { effective, ..of(&file) }).to_string();
        assert_eq!(said, format!("{effective:?} is no day: --effective takes YYYY-MM-DD"));
    }
    for approval in ["", " ", "\t\n"] {
        assert!(matches!(refused(&desk, &Amendment { approval, ..of(&file) }), CenterError::Approval));
    }
    let sites = ["S01".to_owned(), "S09".to_owned()];
    let said = refused(&desk, &Amendment { sites: &sites, ..of(&file) });
    assert!(matches!(&said, CenterError::UnknownSite(site) if site == "S09"), "{said}");
}

/// The study file and version that a new device of a site would begin with.
fn begins_with(desk: &Desk, stamp: &Stamp, site: &str) -> String {
    let kit = desk.center.make_kit(stamp, site, PASSPHRASE).expect("a kit");
    let read = open(desk, &kit.bytes, Kind::Kit, &Key::Passphrase(PASSPHRASE));
    let (study, kit) = (&read.blobs[1].1, Kit::read(&read.blobs[0].1).expect("a kit"));
    assert_eq!(kit.study_sha256.0, seal::sha256(study), "the kit names the file that lies in it");
    let study = study::Study::read("kit", study, &Functions::default()).expect("a study");
    study.metadata_version.to_string()
}

#[test]
fn a_new_device_begins_with_what_is_for_its_site_and_in_force() {
    let desk = Desk::new();
    desk.center.add_site(&stamp(1), "S02", "Second hospital (sample)").expect("a good name");
    // The stamps of these tests are of 23 November 2026.
    let (now, later) = (stamp(5), stamp(5 + 10 * 1440));
    assert_eq!([begins_with(&desk, &now, "S01"), begins_with(&desk, &now, "S02")], ["MDV.1", "MDV.1"]);
    let (second, third) = (version(2, "", ""), version(3, "What happened?", "What happened, in which words?"));
    let one = ["S02".to_owned()];
    let (said, differences) =
        desk.center.publish(&now, &Amendment { sites: &one, ..of(&second) }).expect("published for one site");
    assert_eq!((said, differences.len()), (Oid::from("MDV.2"), 0));
    assert_eq!([begins_with(&desk, &now, "S01"), begins_with(&desk, &now, "S02")], ["MDV.1", "MDV.2"]);
    let (_, differences) =
        desk.center.publish(&now, &Amendment { effective: "2026-12-01", ..of(&third) }).expect("published");
    assert!(!differences.is_empty());
    assert_eq!([begins_with(&desk, &now, "S01"), begins_with(&desk, &now, "S02")], ["MDV.1", "MDV.2"], "not yet");
    assert_eq!([begins_with(&desk, &later, "S01"), begins_with(&desk, &later, "S02")], ["MDV.3", "MDV.3"]);
    // For a further site the same file is published again; nothing is compared anew.
    let other = ["S01".to_owned()];
    let again = desk.center.publish(&now, &Amendment { sites: &other, ..of(&second) }).expect("published again");
    assert_eq!((again.0, again.1.len()), (Oid::from("MDV.2"), 0));
    assert_eq!(begins_with(&desk, &now, "S01"), "MDV.2");
    assert_eq!(files(&desk).len(), 3, "a file once, however often it is published");
    let listed = desk.center.publications().expect("listed");
    assert_eq!(listed.iter().map(|one| &*one.act.version).collect::<Vec<_>>(), ["MDV.1", "MDV.2", "MDV.3", "MDV.2"]);
    assert_eq!(listed[1].act.approval, "EC 2026/7 (sample)", "without the blanks around it");
    let known = Center::open(desk.folder.path(), &Functions::default()).expect("it opens").publications();
    assert_eq!(known.expect("listed").len(), 4);
}

#[test]
fn a_study_file_that_was_altered_or_is_gone_is_named() {
    let (desk, mut device) = Desk::with_device();
    let subject = device.register(1);
    device.set(&subject, "IT.VS.SYSBP", "120");
    desk.send(&device.export(2));
    let before = export(&desk, "before");
    desk.center.publish(&stamp(5), &of(&version(2, "", ""))).expect("published");
    let first = files(&desk);
    let newest = desk.center.publications().expect("listed")[1].act.file.clone();
    assert!(first.contains(&format!("{newest}.xml")), "named by its digest");
    let path = desk.folder.path().join("studies").join(format!("{newest}.xml"));
    let good = fs::read(&path).expect("the file");
    let open = || Center::open(desk.folder.path(), &Functions::default()).expect("the first version is whole");
    fs::write(&path, version(2, "250 | Protocol 1.0", "950 | Protocol 1.0")).expect("altered");
    assert_eq!(open().book(&subject).expect_err("altered").to_string(), "a study file is damaged");
    assert!(open().reply(&stamp(6), "S01").is_err() || open().status().is_err());
    fs::remove_file(&path).expect("removed");
    let said = open().status().expect_err("gone").to_string();
    assert!(said.contains(&newest), "{said}");
    fs::write(&path, good).expect("given back");
    let again = Desk { center: open(), folder: desk.folder };
    again.center.check().expect("sound");
    let cells = |tables: Vec<(String, Vec<u8>)>| tables.into_iter().find(|(name, _)| name == "cells.csv");
    assert!(cells(export(&again, "after")) == cells(before), "the answers are what they were");
}
