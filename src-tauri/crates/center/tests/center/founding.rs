//! The folder that is a center: how it is made, and what is said of one that is none, or no whole one.

use crate::device::{STUDY, stamp};
use casebook::act::AllocationReleased;
use center::{Center, CenterError, Founding};
use std::fs;
use std::path::Path;
use study::{Functions, Oid};
use tempfile::TempDir;

fn founding(study: &str) -> Founding<'_> {
    static FUNCTIONS: std::sync::LazyLock<Functions> = std::sync::LazyLock::new(Functions::default);
    Founding { study_name: "study.xml", study: study.as_bytes(), functions: &FUNCTIONS, practice: false }
}

fn open(folder: &Path) -> Result<Center, CenterError> {
    Center::open(folder, &Functions::default())
}

fn says(folder: &Path) -> String {
    open(folder).err().expect("refused").to_string()
}

fn made() -> TempDir {
    let folder = TempDir::new().expect("a temporary folder");
    Center::init(folder.path(), &founding(STUDY), &stamp(0)).expect("made");
    folder
}

#[test]
fn a_center_is_made_in_an_empty_folder_and_of_a_good_study() {
    let folder = TempDir::new().expect("a temporary folder");
    let (faulty, lacking) = (STUDY.replace("\"IG.DM\"", "\"IG.XX\""), STUDY.replace("StudyName", "NoName"));
    for study in [faulty.as_str(), lacking.as_str(), "<ODM/>", ""] {
        let inside = folder.path().join("center");
        let refused = Center::init(&inside, &founding(study), &stamp(0)).err().expect("refused");
        assert!(matches!(&refused, CenterError::Study(faults) if !faults.is_empty()), "{refused}");
        assert!(!inside.exists(), "nothing is made of a study with faults");
    }
    fs::write(folder.path().join("letter.txt"), "mine (sample)").expect("written");
    let refused = Center::init(folder.path(), &founding(STUDY), &stamp(0)).err().expect("refused");
    assert!(matches!(refused, CenterError::NotEmpty));
    assert_eq!(fs::read_dir(folder.path()).expect("the folder").count(), 1, "what lay there lies there alone");
    let file = folder.path().join("letter.txt");
    let refused = Center::init(&file, &founding(STUDY), &stamp(0)).err().expect("refused").to_string();
    assert!(refused.contains("letter.txt"), "{refused}");
    let twice = made();
    let again = Center::init(twice.path(), &founding(STUDY), &stamp(0));
    assert!(matches!(again, Err(CenterError::NotEmpty)));
    open(twice.path()).expect("it is as it was").check().expect("sound");
}

/// The card comes last, so a folder that a broken attempt left behind is no center, whatever else lies in it.
#[test]
fn an_attempt_that_broke_off_is_no_center() {
    let folder = made();
    let card = fs::read_to_string(folder.path().join("center.json")).expect("the card");
    fs::remove_file(folder.path().join("center.json")).expect("removed");
    assert!(matches!(open(folder.path()), Err(CenterError::NotACenter)));
    for (from, to, said) in [
        ("\"version\": 1", "\"version\": 2", "a newer version of Outpost made this center"),
        ("outpost-center", "outpost-vault", "there is no center in this folder"),
        ("\"practice\"", "\"exercise\"", "center.json is damaged"),
        ("{", "{\"extra\": 1,", "center.json is damaged"),
        ("}", "", "center.json is damaged"),
        ("ST.GOOD", "ST.GOOD\u{0}", "center.json is damaged"),
    ] {
        fs::write(folder.path().join("center.json"), card.replacen(from, to, 1)).expect("written");
        let refused = says(folder.path());
        assert!(refused.starts_with(said), "{to}: {refused}");
    }
    fs::write(folder.path().join("center.json"), &card).expect("written");
    open(folder.path()).expect("whole again");
}

/// A low finding: an attempt that broke off was in the way of every later one.
#[test]
fn an_attempt_that_broke_off_is_cleared_by_the_next() {
    // Killed before the card: all else may be there.
    let folder = made();
    fs::remove_file(folder.path().join("center.json")).expect("removed");
    let key = fs::read(folder.path().join("center.key")).expect("a key");
    let again = Center::init(folder.path(), &founding(STUDY), &stamp(1));
    assert!(
        matches!(again, Err(CenterError::NotEmpty)),
        "who made it is not known: it may be a center without its card"
    );
    assert!(fs::read(folder.path().join("center.key")).expect("a key") == key);
    fs::write(folder.path().join("center.begun"), "").expect("marked");
    fs::write(folder.path().join(".tmpAbCdEf"), "{").expect("a card half written");
    let center = Center::init(folder.path(), &founding(STUDY), &stamp(1)).expect("made");
    center.check().expect("sound");
    assert!(fs::read(folder.path().join("center.key")).expect("a key") != key);
    assert!(!folder.path().join("center.begun").exists());
    assert_eq!(open(folder.path()).expect("it opens").public_key(), center.public_key());
    // What somebody else put there is not removed, nor is a center that is whole.
    fs::write(folder.path().join("center.begun"), "").expect("marked");
    assert!(matches!(Center::init(folder.path(), &founding(STUDY), &stamp(2)), Err(CenterError::NotEmpty)));
    open(folder.path()).expect("it opens").check().expect("sound");
    let mine = TempDir::new().expect("a folder");
    for name in ["center.begun", "letter.txt"] {
        fs::write(mine.path().join(name), "mine (sample)").expect("written");
    }
    assert!(matches!(Center::init(mine.path(), &founding(STUDY), &stamp(2)), Err(CenterError::NotEmpty)));
    assert!(mine.path().join("letter.txt").exists());
}

#[test]
fn what_is_missing_or_altered_in_the_folder_is_named() {
    let folder = made();
    let study = fs::read_dir(folder.path().join("studies")).expect("studies").next().expect("one").expect("it").path();
    let place = |name: &str| folder.path().join(name);
    for (path, damaged) in [
        (place("center.key"), "center.key is damaged"),
        (place("center.agekey"), "center.agekey is damaged"),
        (study.clone(), "the study file is damaged"),
        (place("center.sqlite"), "the center's database: "),
    ] {
        let good = fs::read(&path).expect("there");
        fs::write(&path, "neither key nor study (sample)").expect("altered");
        let said = says(folder.path());
        assert!(said.starts_with(damaged), "{}: {said}", path.display());
        fs::write(&path, &good).expect("restored");
        if path != place("center.sqlite") {
            fs::remove_file(&path).expect("removed");
            let said = says(folder.path());
            assert!(said.starts_with(&path.display().to_string()), "{said}");
            fs::write(&path, &good).expect("restored");
        }
        open(folder.path()).expect("whole again").check().expect("sound");
    }
}

#[test]
fn site_identifiers_can_stand_in_file_names_and_subject_keys() {
    let folder = made();
    let center = open(folder.path()).expect("a center");
    for id in ["", "S 1", "S/1", "S.1", "..", "S_1", "Sé", "center", "Center", "CENTER", "S0123456789012345"] {
        let refused = center.add_site(&stamp(1), id, "Hospital (sample)").expect_err(id);
        assert!(matches!(&refused, CenterError::SiteName(said) if said == id), "{refused}");
    }
    for id in ["S", "s01", "S-01", "0123456789012345"] {
        center.add_site(&stamp(1), id, " Hospital (sample) ").expect(id);
        center.add_site(&stamp(2), id, "Hospital (sample)").expect("the same again changes nothing");
        assert!(matches!(center.add_site(&stamp(3), id, "Clinic (sample)"), Err(CenterError::SiteTaken(_))));
    }
    let sites = center.sites().expect("listed");
    assert!(sites.iter().all(|site| site.name == "Hospital (sample)" && site.added == stamp(1).at), "{sites:?}");
    assert_eq!(sites.iter().map(|site| &*site.id).collect::<Vec<_>>(), ["0123456789012345", "S", "S-01", "s01"]);
}

/// A practice center that is founded on the keys of a practice site has that site's center's keys, slots and releases.
#[test]
fn a_practice_center_goes_on_from_a_site_s_own_keys() {
    let study = crate::randomisation::study();
    let practice = Founding { practice: true, ..founding(&study) };
    let (first, second) = (TempDir::new().expect("a folder"), TempDir::new().expect("a folder"));
    let center = Center::init(first.path(), &practice, &stamp(0)).expect("made");
    let root = center.make_allocation(&stamp(1), Some(7)).expect("dealt");
    let keys = TempDir::new().expect("a folder");
    for name in ["center.key", "center.agekey", "recovery.agekey"] {
        fs::copy(first.path().join(name), keys.path().join(name)).expect("copied");
    }
    fs::copy(first.path().join("allocation/ledger.ndjson"), keys.path().join("ledger.ndjson")).expect("copied");
    let release = AllocationReleased {
        device: Oid::from("P01-aaaaaaaa"),
        subject: Oid::from("P01-001"),
        stratum: 0,
        slot: 1,
        number: 1,
        code: "0000-0000".to_owned(),
        again: false,
        deviation: None,
    };
    let line = serde_json::to_string(&release).expect("a line");
    fs::write(keys.path().join("releases.ndjson"), format!("{line}\n")).expect("written");
    let again = Center::init_practice(second.path(), &practice, keys.path(), &stamp(2)).expect("made");
    assert_eq!(again.public_key(), center.public_key());
    let audit = again.audit_allocation().expect("an audit");
    assert!(audit.is_good() && audit.root == root && audit.released == 1, "{audit:?}");
    let status = again.status().expect("a status").allocation.expect("it deals");
    assert_eq!(status.subjects[0].state, "released, request not yet received");
    fs::write(keys.path().join("releases.ndjson"), "{}\n").expect("written");
    let third = TempDir::new().expect("a folder");
    let refused = Center::init_practice(third.path(), &practice, keys.path(), &stamp(3)).err().expect("refused");
    assert_eq!(refused.to_string(), "releases.ndjson is damaged");
    assert!(matches!(open(third.path()), Err(CenterError::NotACenter)), "slots could be released twice");
    assert_eq!(fs::read_dir(third.path()).expect("the folder").count(), 0, "nothing is in the way of another attempt");
    fs::write(keys.path().join("releases.ndjson"), format!("{line}\n")).expect("written");
    Center::init_practice(third.path(), &practice, keys.path(), &stamp(3)).expect("made");
    fs::remove_file(keys.path().join("center.agekey")).expect("removed");
    let fourth = TempDir::new().expect("a folder");
    let refused = Center::init_practice(fourth.path(), &practice, keys.path(), &stamp(3)).err().expect("refused");
    assert!(refused.to_string().contains("center.agekey"), "{refused}");
}
