//! The folder that is a center: how it is made, and what is said of one that is none, or no whole one.

use crate::device::{STUDY, stamp};
use casebook::act::AllocationReleased;
use center::{Amendment, Center, CenterError, Founding};
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
    // Good enough to be read, not to run a trial with: its item is asked as text.
    let without_codes =
        STUDY.replace("<CodeListRef CodeListOID=\"CL.SEX\"/>", "<CodeListRef CodeListOID=\"CL.ABSENT\"/>");
    for study in [faulty.as_str(), lacking.as_str(), without_codes.as_str(), "<ODM/>", ""] {
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

fn remove_database(folder: &Path) {
    for ending in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(folder.join(format!("center.sqlite{ending}")));
    }
}

/// A1: a center whose database was lost, emptied or exchanged was opened as an empty one, and all was said to be well.
#[test]
fn a_center_without_its_database_is_none_that_is_empty() {
    let folder = made();
    let database = folder.path().join("center.sqlite");
    let good = fs::read(&database).expect("the database");
    remove_database(folder.path());
    let gone = "the center's database is gone or empty";
    for _ in 0..2 {
        assert!(says(folder.path()).starts_with(gone), "{}", says(folder.path()));
        assert!(!database.exists(), "nothing is made in its place");
    }
    fs::write(&database, "").expect("emptied");
    assert!(says(folder.path()).starts_with(gone));
    // A database without a table, as SQLite makes one.
    remove_database(folder.path());
    let empty = rusqlite::Connection::open(&database).expect("made");
    empty.execute_batch("PRAGMA journal_mode = WAL; PRAGMA application_id = 1;").expect("made");
    drop(empty);
    assert!(says(folder.path()).starts_with(gone));
    // Tables without an entry.
    remove_database(folder.path());
    drop(center::store::Embedded::make(&database).expect("made"));
    assert!(says(folder.path()).starts_with(gone), "{}", says(folder.path()));
    // Another center's.
    let other = TempDir::new().expect("a folder");
    let study = STUDY.replace("StudyName>", "StudyName>X ").replace("</StudyName>X ", "</StudyName>");
    drop(Center::init(other.path(), &founding(&study), &stamp(0)).expect("made"));
    remove_database(folder.path());
    fs::copy(other.path().join("center.sqlite"), &database).expect("copied");
    assert_eq!(says(folder.path()), "the center's log is damaged");
    remove_database(folder.path());
    fs::write(&database, good).expect("put back");
    open(folder.path()).expect("whole again").check().expect("sound");
}

/// A6: a mark that was left beside a center let the next `init` delete it, once its card was lost.
#[test]
fn a_mark_that_was_left_never_ends_a_living_center() {
    let init = |folder: &Path| Center::init(folder, &founding(STUDY), &stamp(5));
    let begun = |folder: &Path| fs::write(folder.join("center.begun"), "").expect("marked");
    let lose_card = |folder: &Path| fs::remove_file(folder.join("center.json")).expect("removed");
    // Whoever opens a center removes the mark.
    let folder = made();
    begun(folder.path());
    open(folder.path()).expect("a center");
    assert!(!folder.path().join("center.begun").exists());
    // A bundle was kept.
    begun(folder.path());
    fs::write(folder.path().join("bundles/a.bundle"), "a bundle (sample)").expect("kept");
    lose_card(folder.path());
    assert!(matches!(init(folder.path()), Err(CenterError::NotEmpty)));
    assert!(folder.path().join("bundles/a.bundle").exists() && folder.path().join("center.key").exists());
    // Something was done: here a version was published.
    let folder = made();
    let second = STUDY.replace("OID=\"MDV.1\"", "OID=\"MDV.2\"");
    let (file, sites) = (second.as_bytes(), &[][..]);
    let amendment = Amendment { name: "second.xml", file, effective: "2026-11-01", approval: "EC (sample)", sites };
    open(folder.path()).expect("a center").publish(&stamp(1), &amendment).expect("published");
    begun(folder.path());
    lose_card(folder.path());
    let key = fs::read(folder.path().join("center.key")).expect("a key");
    assert!(matches!(init(folder.path()), Err(CenterError::NotEmpty)));
    assert!(fs::read(folder.path().join("center.key")).expect("a key") == key);
    // What is no attempt's lies there: nothing of the attempt is removed either.
    let folder = made();
    begun(folder.path());
    lose_card(folder.path());
    fs::write(folder.path().join("letter.txt"), "mine (sample)").expect("written");
    assert!(matches!(init(folder.path()), Err(CenterError::NotEmpty)));
    assert!(folder.path().join("center.key").exists() && folder.path().join("center.sqlite").exists());
    fs::remove_file(folder.path().join("letter.txt")).expect("removed");
    init(folder.path()).expect("made").check().expect("sound");
}

/// A10: whatever kept the card from being read was taken for its absence.
#[test]
fn only_where_nothing_lies_there_is_no_center() {
    let folder = made();
    let card = folder.path().join("center.json");
    fs::remove_file(&card).expect("removed");
    fs::create_dir(&card).expect("a folder in its place");
    let said = says(folder.path());
    assert!(said.starts_with(&card.display().to_string()), "{said}");
    fs::remove_dir(&card).expect("removed");
    assert!(matches!(open(folder.path()), Err(CenterError::NotACenter)));
}

/// A21: sites that file systems can't tell apart, or can't hold; names without an end; acts of nobody.
#[test]
fn names_that_lists_files_and_logs_can_not_bear_are_refused() {
    let folder = made();
    let center = open(folder.path()).expect("a center");
    for id in ["CON", "con", "Nul", "COM1", "lpt9", "AUX", "PRN"] {
        assert!(matches!(center.add_site(&stamp(1), id, "Hospital (sample)"), Err(CenterError::SiteName(_))), "{id}");
    }
    for id in ["COM", "COM10", "CONS"] {
        center.add_site(&stamp(1), id, "Hospital (sample)").expect(id);
    }
    center.add_site(&stamp(1), "S01", "Hospital (sample)").expect("added");
    let alike = center.add_site(&stamp(1), "s01", "Clinic (sample)").expect_err("refused").to_string();
    assert_eq!(alike, "the site S01 exists already: \"s01\" is the same but for capitals");
    let (fits, long) = ("电".repeat(200), "x".repeat(201));
    center.add_site(&stamp(1), "S02", &fits).expect("it fits");
    assert!(matches!(center.add_site(&stamp(1), "S03", &long), Err(CenterError::LongSiteName(200))));
    let second = STUDY.replace("OID=\"MDV.1\"", "OID=\"MDV.2\"");
    let (file, sites) = (second.as_bytes(), &[][..]);
    let amendment = Amendment { name: "second.xml", file, effective: "2026-11-01", approval: "EC (sample)", sites };
    let own = || center.status().expect("a status").own_entries;
    let before = own();
    for by in ["system", "SYSTEM", "center", "Center", "", " ", " anna", "an\tna", &"x".repeat(129)] {
        let by = center::Stamp { by: Oid::from(by), ..stamp(1) };
        assert!(matches!(center.publish(&by, &amendment), Err(CenterError::Person(_))), "{by:?}");
    }
    assert_eq!(own(), before, "nothing is in the log");
    center.publish(&stamp(1), &amendment).expect("published");
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
