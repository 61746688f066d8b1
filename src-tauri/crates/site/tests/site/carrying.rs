//! What may go wrong on the way: a stick that fills, goes away or holds other files, a bundle that was changed, lines that
//! come late, twice or from a copy.

use std::cell::{Cell, RefCell};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use proptest::prelude::*;
use screens::messages::{ImportOutcome, SyncView, TransferState};
use site::SiteError;

use crate::stage::{Content, PASSWORD, Stage, code, dm, law, vs};

fn stick() -> tempfile::TempDir {
    tempfile::tempdir().expect("a stick")
}

fn names(folder: &Path) -> Vec<String> {
    let files = std::fs::read_dir(folder).expect("a folder");
    let mut names: Vec<String> =
        files.map(|file| file.expect("a file").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// What the vault says of bundles.
fn told(stage: &mut Stage) -> String {
    let view: SyncView = stage.session().sync_view().expect("a view");
    serde_json::to_string(&view).expect("JSON")
}

#[test]
fn a_stick_that_goes_away_while_a_bundle_is_written_loses_nothing() {
    let mut stage = Stage::new();
    let subject = stage.subject();
    stage.vital_signs(&subject);
    let before = told(&mut stage);
    let folder = stick();
    let job = stage.session().export_begin(folder.path()).expect("begun");
    folder.close().expect("pulled out");
    let stopped = job.run(&|_| {}, &AtomicBool::new(false)).map(drop);
    assert_eq!(code(stopped), "gone");
    assert_eq!(told(&mut stage), before, "what was not written is not said to be");
    let files = stage.export();
    assert!(stage.carried(&files[0]).lines.len() > 5, "everything is still there to be sent");
}

#[test]
fn a_file_in_the_place_of_a_folder_is_no_stick() {
    let mut stage = Stage::new();
    let file = stage.folder.path().join("stick");
    std::fs::write(&file, b"a file").expect("written");
    assert_eq!(code(stage.session().export_bundle(&file)), "gone");
    assert_eq!(std::fs::read(&file).expect("the file"), b"a file");
}

#[test]
fn no_file_of_a_stick_is_overwritten_and_a_hundredth_namesake_is_refused() {
    let mut stage = Stage::new();
    let folder = stick();
    let run = |stage: &mut Stage| {
        let job = stage.session().export_begin(folder.path()).expect("begun");
        job.run(&|_| {}, &AtomicBool::new(false))
    };
    let _first = run(&mut stage).expect("written");
    let first = names(folder.path()).remove(0);
    let stem = first.trim_end_matches(".bundle").to_owned();
    let bytes = std::fs::read(folder.path().join(&first)).expect("the bundle");
    let _second = run(&mut stage).expect("written");
    assert_eq!(names(folder.path()), [format!("{stem}-2.bundle"), first.clone()]);
    for n in 3..=99 {
        std::fs::write(folder.path().join(format!("{stem}-{n}.bundle")), b"another's").expect("written");
    }
    assert_eq!(code(run(&mut stage).map(drop)), "taken");
    assert_eq!(std::fs::read(folder.path().join(&first)).expect("the bundle"), bytes);
    assert_eq!(names(folder.path()).len(), 99, "nothing half written is left behind");
}

/// Words that do not shrink.
fn noise(seed: u64, length: usize) -> String {
    let mut state = seed.wrapping_mul(2) + 1;
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let letter = |_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(letters[usize::try_from(state >> 58).expect("six bits")])
    };
    (0..length).map(letter).collect()
}

/// An export that fills several bundles stops at whichever word of progress: all of them stand, or none.
#[test]
fn an_export_of_several_bundles_leaves_all_of_them_or_none() {
    let mut stage = Stage::new();
    let subject = stage.subject();
    for seed in 0..240 {
        stage.session().raise_query(&subject, &dm("SEX"), &noise(seed, 60_000)).expect("asked");
    }
    let run = |stage: &mut Stage, stop_at: usize| {
        let (folder, cancel, words) = (stick(), AtomicBool::new(false), Cell::new(0));
        let job = stage.session().export_begin(folder.path()).expect("begun");
        let done = job.run(
            &|_| {
                words.set(words.get() + 1);
                cancel.store(words.get() == stop_at, Ordering::Relaxed);
            },
            &cancel,
        );
        let files = names(folder.path()).len();
        (done.map(drop), files, words.get())
    };
    let (done, files, words) = run(&mut stage, usize::MAX);
    done.expect("written");
    assert!(files > 1, "one bundle proves nothing");
    for stop_at in 1..words {
        let (done, left, _) = run(&mut stage, stop_at);
        match done {
            Ok(()) => assert_eq!(left, files, "stopped at word {stop_at}"),
            Err(SiteError::Cancelled) => assert_eq!(left, 0, "stopped at word {stop_at}"),
            Err(other) => panic!("{other}"),
        }
    }
}

/// A bit turned or the end cut off, anywhere: the reply is refused, and the vault is as it was.
#[test]
fn a_reply_that_was_changed_on_the_way_changes_nothing() {
    let mut stage = Stage::new();
    let subject = stage.subject();
    stage.vital_signs(&subject);
    let files = stage.export();
    let reply = stage.reply(&files[0]);
    let good = std::fs::read(&reply).expect("the reply");
    let before = told(&mut stage);
    let stage = RefCell::new(stage);
    law(200, (0..good.len(), 0..8_u32, any::<bool>()), |(at, bit, cut)| {
        let stage = &mut *stage.borrow_mut();
        let mut bytes = good.clone();
        if cut {
            bytes.truncate(at)
        } else {
            bytes[at] ^= 1 << bit
        }
        let path = stage.folder.path().join("changed.bundle");
        std::fs::write(&path, &bytes).expect("written");
        assert!(stage.session().import_bundle(&path).is_err(), "byte {at}, bit {bit}, cut {cut}");
        assert_eq!(told(stage), before);
    });
    let report = stage.borrow_mut().session().import_bundle(&reply).expect("imported");
    assert_eq!(report.outcome, ImportOutcome::Accepted);
}

/// Two devices of one site, and what the other one wrote.
struct Pair {
    stage: Stage,
    subject: String,
    sent: Content,
}

impl Pair {
    fn new() -> Self {
        let mut stage = Stage::new();
        let mut other = Stage::beside(&stage);
        let subject = other.subject();
        other.vital_signs(&subject);
        let bundle = other.export();
        stage.export();
        let sent = stage.carried(&bundle[0]);
        Self { stage, subject, sent }
    }

    /// A reply with some of the lines; the texts are in each.
    fn part(&self, lines: std::ops::Range<usize>) -> PathBuf {
        let Content { lines: all, texts, .. } = &self.sent;
        self.stage.send(&Content { lines: all[lines].to_vec(), texts: texts.clone(), blobs: Vec::new() })
    }
}

#[test]
fn lines_that_come_before_those_they_follow_wait_for_them() {
    let mut pair = Pair::new();
    let (all, half) = (pair.sent.lines.len(), pair.sent.lines.len() / 2);
    let (early, late) = (pair.part(0..half), pair.part(half..all));
    let report = pair.stage.session().import_bundle(&late).expect("taken in");
    assert_eq!((report.outcome, report.entries), (ImportOutcome::Parked, 0));
    assert_eq!(code(pair.stage.session().cell_view(&pair.subject, &vs("SYSBP"))), "no_such");
    let report = pair.stage.session().import_bundle(&early).expect("taken in");
    let all = u64::try_from(all).expect("a count");
    assert_eq!((report.outcome, report.entries), (ImportOutcome::Accepted, all), "those that waited follow at once");
    assert_eq!(pair.stage.cell(&pair.subject, &vs("SYSBP")).display, "120");
    let report = pair.stage.session().import_bundle(&late).expect("taken in");
    assert_eq!((report.outcome, report.entries), (ImportOutcome::AlreadyHeld, 0));
}

/// Whatever parts the other device's lines come in, in whatever order and however often, the same casebook comes of it.
#[test]
fn every_way_in_which_lines_arrive_gives_the_same_casebook() {
    let mut whole = Pair::new();
    let all = whole.sent.lines.len();
    let reply = whole.part(0..all);
    whole.stage.session().import_bundle(&reply).expect("taken in");
    let shown = |stage: &mut Stage, subject: &str| {
        let form = serde_json::to_string(&stage.state(subject, &crate::stage::VS)).expect("JSON");
        let view = stage.session().subject_view(subject).expect("a subject");
        (form, serde_json::to_string(&view).expect("JSON"))
    };
    let expected = shown(&mut whole.stage, &whole.subject);
    law(4, prop::collection::vec((0..all, 0..all), 1..6), |cuts| {
        let mut stage = Stage::beside(&whole.stage);
        stage.export();
        let sent = |from: usize, to: usize| {
            stage.send(&Content {
                lines: whole.sent.lines[from..to].to_vec(),
                texts: whole.sent.texts.clone(),
                blobs: Vec::new(),
            })
        };
        let mut replies: Vec<PathBuf> = cuts.iter().map(|(a, b)| sent(*a.min(b), *a.max(b) + 1)).collect();
        replies.push(sent(0, all));
        for reply in replies {
            stage.session().import_bundle(&reply).expect("taken in");
        }
        assert_eq!(shown(&mut stage, &whole.subject), expected);
    });
}

#[test]
fn an_import_that_is_stopped_takes_in_nothing() {
    let pair = Pair::new();
    let reply = pair.part(0..pair.sent.lines.len());
    let mut stage = pair.stage;
    let now = stage.now;
    stage.computer.lock(now).expect("locked");
    let cancel = Arc::new(AtomicBool::new(false));
    let said = Arc::new(Mutex::new(Vec::new()));
    let tell = Arc::clone(&said);
    let told = Arc::new(move |step: &screens::messages::Progress| tell.lock().expect("whole").push(step.done));
    stage.computer = site::SiteComputer::new(crate::stage::home(stage.folder.path()), told, Arc::clone(&cancel));
    stage.computer.unlock("vault", "nurse1", PASSWORD, now.later(1_000)).expect("signed in");
    cancel.store(true, Ordering::Relaxed);
    assert_eq!(code(stage.session().import_bundle(&reply)), "cancelled");
    assert_eq!(code(stage.session().subject_view(&pair.subject)), "no_such");
    let folder = stick();
    assert_eq!(code(stage.session().export_bundle(folder.path())), "cancelled");
    assert_eq!(names(folder.path()), Vec::<String>::new());
    cancel.store(false, Ordering::Relaxed);
    stage.session().import_bundle(&reply).expect("taken in");
    stage.session().export_bundle(folder.path()).expect("written");
    assert_eq!(names(folder.path()).len(), 1);
    assert!(!said.lock().expect("whole").is_empty(), "whoever waits hears how far it is");
}

#[test]
fn a_receipt_confirms_up_to_its_bundle_and_no_further() {
    let mut stage = Stage::new();
    let subject = stage.subject();
    let first = stage.export();
    stage.vital_signs(&subject);
    let second = stage.export();
    let (earlier, later) = (stage.reply(&first[0]), stage.reply(&second[0]));
    let states = |stage: &mut Stage| -> Vec<TransferState> {
        let view = stage.session().sync_view().expect("a view");
        view.history.iter().map(|one| one.state).collect()
    };
    stage.session().import_bundle(&earlier).expect("imported");
    assert_eq!(stage.session().sync_view().expect("a view").unsent, 4, "what was entered since waits on");
    assert_eq!(states(&mut stage), [TransferState::Confirmed, TransferState::Waiting, TransferState::Confirmed]);
    stage.session().import_bundle(&later).expect("imported");
    assert_eq!(stage.session().sync_view().expect("a view").unsent, 0);
    assert!(states(&mut stage).iter().all(|state| *state == TransferState::Confirmed));
    let report = stage.session().import_bundle(&earlier).expect("imported");
    assert_eq!((report.outcome, report.unsent), (ImportOutcome::AlreadyHeld, 0), "an old receipt takes nothing back");
}
