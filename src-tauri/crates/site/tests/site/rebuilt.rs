//! A site that is rebuilt on a new computer by a kit that carries its data, and how a device shows which kit it came by.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use bundle::{Activation, Sealed};
use seal::sha256;
use site::{NewAccount, SiteComputer};

use crate::stage::{Content, PASSPHRASE, PASSWORD, Stage, code, home, vs};

/// A code as a center draws it.
const CODE: &str = "abcdefghijklmnopqrstuvwxyz";

/// An empty computer.
fn empty() -> (tempfile::TempDir, SiteComputer) {
    let folder = tempfile::tempdir().expect("a folder");
    let computer = SiteComputer::new(home(folder.path()), Arc::new(|_| {}), Arc::new(AtomicBool::new(false)));
    (folder, computer)
}

fn administrator() -> NewAccount {
    NewAccount::new("admin2", "Administrator (sample)", PASSWORD.to_owned())
}

/// A site with a patient and words about her, and what its device sent.
fn lost() -> (Stage, String, Content) {
    let mut stage = Stage::new();
    let subject = stage.subject();
    stage.vital_signs(&subject);
    stage.session().raise_query(&subject, &vs("SYSBP"), "sitting or standing? (sample)").expect("raised");
    let files = stage.export();
    let content = stage.carried(&files[0]);
    (stage, subject, content)
}

/// Issue 9, part B: a lost computer's site is there at once, with every word, under a device of its own.
#[test]
fn a_kit_with_data_shows_every_subject_at_once() {
    let (stage, subject, content) = lost();
    let kit = stage.kit_carrying(&content, |_, _| {});
    let (_folder, mut computer) = empty();
    assert_eq!(computer.kit_look(&kit, PASSPHRASE).expect("a kit").site, "S01");
    computer.kit_found_as("second", &kit, PASSPHRASE, &administrator(), stage.now).expect("founded");
    let mut session = computer.session(stage.now).expect("signed in");
    session
        .add(
            &NewAccount::new("nurse2", "Nurse (sample)", PASSWORD.to_owned()),
            screens::messages::Role::Nurse,
            seal::Cost::floor(),
        )
        .expect("added");
    computer.lock(stage.now).expect("locked");
    computer.unlock("second", "nurse2", PASSWORD, stage.now.later(1_000)).expect("signed in");
    let mut session = computer.session(stage.now.later(2_000)).expect("signed in");
    let rows = session.subjects().expect("subjects");
    assert_eq!(rows.iter().map(|row| row.subject.as_str()).collect::<Vec<_>>(), [subject.as_str()]);
    let state = session.form_state(&subject, &vs("SYSBP").form).expect("a form");
    let cell = state.rows.iter().flat_map(|row| &row.cells).find(|cell| cell.key == vs("SYSBP").to_string());
    assert_eq!(cell.map(|cell| (cell.typed.as_str(), cell.queries)), Some(("120", 1)));
    assert_ne!(session.subject_register().expect("the next one"), subject, "numbers go on");
    let view = session.sync_view().expect("a view");
    assert!(view.unsent > 0 && view.history.iter().any(|one| one.entries as usize == content.lines.len()));
}

/// All of it or nothing: a vault without the data would pass for the whole site.
#[test]
fn a_kit_whose_data_do_not_fit_together_founds_nothing() {
    let (stage, _, content) = lost();
    let gap = Content { lines: content.lines[2..].to_vec(), ..Content::default() };
    let kit = stage.kit_carrying(&gap, |_, _| {});
    let (folder, mut computer) = empty();
    assert_eq!(code(computer.kit_found(&kit, PASSPHRASE, &administrator(), stage.now)), "damaged");
    let vaults = fs::read_dir(home(folder.path()).vaults());
    assert_eq!(vaults.map_or(0, Iterator::count), 0);
    assert_eq!(computer.start_view().expect("a view").vaults.len(), 0);
}

/// M3: the device shows the kit that it came by until the center has confirmed something, and no longer. K4: also for a new key, which
/// has to be approved again; else strangers' keys keep it out.
#[test]
fn m3_a_device_shows_its_kit_until_it_is_confirmed() {
    let stage = Stage::new();
    let kit = stage.kit_with(|kit, _| kit.activation = CODE.to_owned());
    let (folder, mut computer) = empty();
    computer.kit_found_as("vault", &kit, PASSPHRASE, &administrator(), stage.now).expect("founded");
    let shown = |computer: &mut SiteComputer, later: u64| {
        let mut session = computer.session(stage.now.later(later)).expect("signed in");
        let report = session.export_bundle(folder.path()).expect("exported");
        let file = std::path::PathBuf::from(&report.files[0]);
        let sealed = Sealed::inspect(fs::File::open(&file).expect("the bundle")).expect("a sound bundle");
        let envelope = sealed.envelope();
        (Activation::of(envelope).is_shown(envelope, CODE), envelope.blobs.len(), file)
    };
    assert_eq!(shown(&mut computer, 1_000).1, 1);
    let (is_shown, _, file) = shown(&mut computer, 2_000);
    assert!(is_shown, "every time");
    let content = stage.carried(&file);
    assert_eq!(content.blobs.len(), 1);
    assert!(sha256(&content.blobs[0].1) == sha256(Activation::CONTENT));
    let reply = stage.reply(&file);
    computer.session(stage.now.later(3_000)).expect("signed in").import_bundle(&reply).expect("imported");
    assert_eq!(shown(&mut computer, 4_000).1, 0);
    let mut session = computer.session(stage.now.later(5_000)).expect("signed in");
    let nurse = NewAccount::new("nurse2", "Nurse (sample)", PASSWORD.to_owned());
    session.user_add(&nurse, screens::messages::Role::Nurse).expect("added");
    session.user_close("nurse2").expect("closed, and new keys drawn");
    let (is_shown, _, file) = shown(&mut computer, 6_000);
    assert!(is_shown, "under the new key");
    let reply = stage.reply(&file);
    computer.session(stage.now.later(7_000)).expect("signed in").import_bundle(&reply).expect("imported");
    assert_eq!(shown(&mut computer, 8_000).1, 0);
}
