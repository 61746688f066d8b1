//! Bundles out and in.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use casebook::act::{Branch, EventAdded, ItemSet, ItemsSet, LogSettled, SubjectRegistered, TextRedacted};
use casebook::{Act, CENTER, Entry, EntryId, FreeTextId, Line, Offset, Stored, TextRow, Tick};
use screens::messages::{ImportOutcome, TransferKind, TransferState};
use seal::sha256;
use site::{SiteComputer, SiteError};

use crate::stage::{Content, Stage, VS, code, event, home, vs};

#[test]
fn the_receipt_empties_the_outbox() {
    let mut stage = Stage::new();
    let subject = stage.subject();
    stage.vital_signs(&subject);
    let before = stage.session().sync_view().expect("a view");
    assert!(before.unsent > 0);
    assert_eq!(before.oldest_days, Some(0));
    let files = stage.export();
    assert_eq!(files.len(), 1);
    assert_eq!(stage.session().sync_view().expect("a view").unsent, before.unsent, "writing a bundle confirms nothing");
    assert!(!stage.cell(&subject, &vs("SYSBP")).at_center);
    let reply = stage.reply(&files[0]);
    let report = stage.session().import_bundle(&reply).expect("imported");
    assert_eq!((report.outcome, report.confirmed, report.unsent), (ImportOutcome::Accepted, before.unsent, 0));
    assert!(stage.cell(&subject, &vs("SYSBP")).at_center);
    let view = stage.session().sync_view().expect("a view");
    assert_eq!((view.unsent, view.oldest_days), (0, None));
    let states: Vec<(TransferKind, TransferState)> = view.history.iter().map(|one| (one.kind, one.state)).collect();
    let confirmed = |kind| (kind, TransferState::Confirmed);
    assert_eq!(states, [confirmed(TransferKind::Imported), confirmed(TransferKind::Exported)]);
    let again = stage.session().import_bundle(&reply).expect("imported");
    assert_eq!((again.outcome, again.confirmed), (ImportOutcome::AlreadyHeld, 0));
}

#[test]
fn everything_unconfirmed_goes_every_time_and_nothing_is_overwritten() {
    let mut stage = Stage::new();
    let subject = stage.subject();
    let stick = stage.folder.path().join("stick");
    std::fs::create_dir(&stick).expect("a stick");
    assert_eq!(stage.session().export_folder().expect("a setting"), None);
    let first = stage.session().export_bundle(&stick).expect("exported");
    stage.types(&subject, &vs("SYSBP"), "120");
    let second = stage.session().export_bundle(&stick).expect("exported");
    assert!(second.entries > first.entries);
    assert_ne!(first.files, second.files);
    assert_eq!(stage.session().sync_view().expect("a view").suggested_folder, stick.to_string_lossy());
    assert_eq!(stage.session().export_folder().expect("a setting"), Some(stick.clone()));
    let names: Vec<String> = std::fs::read_dir(&stick)
        .expect("a folder")
        .map(|file| file.expect("a file").file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(names.len(), 2);
    assert!(names.iter().all(|name| name.ends_with(".bundle") && name.is_ascii()));
}

/// security.md, H1: what one door lets in, every later one lets through.
#[test]
fn h1_words_are_kept_only_as_long_as_they_can_be_sent() {
    let mut stage = Stage::new();
    let subject = stage.subject();
    stage.vital_signs(&subject);
    stage.session().form_complete(&subject, &VS).expect("complete");
    // JSON makes six bytes of each: the longest line that words can give.
    let longest = "\u{1}".repeat(casebook::MAX_TEXT);
    let too_long = "a".repeat(casebook::MAX_TEXT + 1);
    let session = &mut stage.session();
    assert_eq!(code(session.save_item(&subject, &vs("SYSBP"), "121", Some(&too_long))), "too_long");
    assert_eq!(code(session.save_missing(&subject, &vs("HEIGHT"), "not_done", Some(&too_long))), "too_long");
    assert_eq!(code(session.form_reopen(&subject, &VS, &too_long)), "too_long");
    assert_eq!(code(session.event_missed(&subject, &event("SE.CN[1]"), &too_long)), "too_long");
    assert_eq!(code(session.raise_query(&subject, &vs("SYSBP"), &too_long)), "too_long");
    session.save_item(&subject, &vs("SYSBP"), "121", Some(&longest)).expect("saved");
    session.form_reopen(&subject, &VS, &longest).expect("opened");
    session.raise_query(&subject, &vs("SYSBP"), &longest).expect("raised");
    session.event_missed(&subject, &event("SE.CN[1]"), &longest).expect("missed");
    let files = stage.export();
    let reply = stage.reply(&files[0]);
    assert_eq!(stage.session().import_bundle(&reply).expect("imported").unsent, 0);
}

#[test]
fn a_stick_that_is_not_there_has_its_own_word() {
    let mut stage = Stage::new();
    let gone = stage.folder.path().join("stick");
    assert_eq!(code(stage.session().export_bundle(&gone)), "gone");
    assert_eq!(code(stage.session().import_bundle(&gone.join("x.bundle"))), "gone");
}

#[test]
fn a_cancelled_export_leaves_nothing_behind() {
    let mut stage = Stage::new();
    stage.subject();
    let stick = tempfile::tempdir().expect("a stick");
    let job = stage.session().export_begin(stick.path()).expect("begun");
    let cancel = AtomicBool::new(false);
    let stopped = job.run(&|_| cancel.store(true, Ordering::Relaxed), &cancel);
    assert!(matches!(stopped, Err(SiteError::Cancelled)));
    assert_eq!(std::fs::read_dir(stick.path()).expect("a folder").count(), 0);
}

#[test]
fn people_go_on_working_while_a_bundle_is_written() {
    let mut stage = Stage::new();
    let subject = stage.subject();
    let stick = tempfile::tempdir().expect("a stick");
    let job = stage.session().export_begin(stick.path()).expect("begun");
    stage.types(&subject, &vs("SYSBP"), "120");
    let written = job.run(&|_| {}, &AtomicBool::new(false)).expect("written");
    let report = stage.session().export_finish(written).expect("noted");
    let reply = stage.reply(report.files[0].as_ref());
    // What was typed meanwhile is not confirmed by that bundle's receipt.
    assert_eq!(stage.session().import_bundle(&reply).expect("imported").unsent, 1);
}

#[test]
fn what_is_not_this_sites_is_refused_by_name() {
    let mut stage = Stage::new();
    stage.subject();
    let files = stage.export();
    assert_eq!(code(stage.session().import_bundle(&files[0])), "other_purpose");
    let text = stage.folder.path().join("x.bundle");
    std::fs::write(&text, b"not a bundle").expect("written");
    assert_eq!(code(stage.session().import_bundle(&text)), "not_a_bundle");
    let reply = stage.reply(&files[0]);
    let mut bytes = std::fs::read(&reply).expect("the reply");
    bytes.truncate(bytes.len() - 512);
    std::fs::write(&text, &bytes).expect("written");
    assert_eq!(code(stage.session().import_bundle(&text)), "truncated");
    let mut other = Stage::elsewhere();
    assert_eq!(code(other.session().import_bundle(&reply)), "unknown_sender");
    stage.center.practice = false;
    let real = stage.reply(&files[0]);
    assert_eq!(code(stage.session().import_bundle(&real)), "not_practice_data");
}

#[test]
fn a_kit_says_what_it_is_and_opens_with_its_passphrase_only() {
    let stage = Stage::new();
    let folder = tempfile::tempdir().expect("a folder");
    let mut computer = SiteComputer::new(home(folder.path()), Arc::new(|_| {}), Arc::new(AtomicBool::new(false)));
    let kit = stage.kit();
    assert_eq!(code(computer.kit_look(&kit, "something else entirely")), "wrong_passphrase");
    let view = computer.kit_look(&kit, crate::stage::PASSPHRASE).expect("a kit");
    assert_eq!((view.site.as_str(), view.site_name.as_str(), view.practice), ("S01", "Sample hospital", true));
    assert_eq!(view.center_words, stage.center.signing.public().words());
}

/// A log that never was, as somebody who holds the center's key could send it.
fn log(like: &Entry, name: &str, acts: Vec<Act>) -> Vec<Line> {
    let mut prev = EntryId::ZERO;
    let line = |(seq, act): (u64, Act)| {
        let entry = Entry {
            log: name.into(),
            seq,
            prev,
            tz: Offset::from_minutes(480),
            tick: Tick { ms: like.tick.ms, counter: 9 },
            metadata_version: act.subject().and(like.metadata_version.clone()),
            act,
            ..like.clone()
        };
        let line = Line::write(entry, sha256).expect("an entry");
        prev = line.id();
        line
    };
    (1..).zip(acts).map(line).collect()
}

/// C3: what a reply brings from a log that had no right to say it is kept apart, and told; the rest is taken in.
#[test]
fn c3_what_a_log_had_no_right_to_say_is_kept_apart() {
    let mut stage = Stage::new();
    let subject = stage.subject();
    stage.types(&subject, &vs("SYSBP"), "120");
    let files = stage.export();
    let own = stage.carried(&files[0]);
    let like = own.lines.iter().map(Line::entry).find(|entry| entry.metadata_version.is_some()).expect("an answer");
    let cell = vs("SYSBP");
    let answer = ItemSet {
        group: cell.group.clone(),
        repeat: cell.group_repeat.clone(),
        item: cell.item.clone(),
        value: Some(Stored::Plain("250".into())),
        missing: None,
        unit: None,
        raw: None,
        bases: Vec::new(),
        reason: None,
    };
    let registered =
        |subject: &str, site: &str| SubjectRegistered { subject: subject.into(), site: site.into() }.into();
    let answered = ItemsSet { subject: subject.as_str().into(), form: VS.clone(), items: vec![answer] };
    let added = EventAdded { subject: subject.as_str().into(), event: event("SE.SCR[1]") };
    let lines = [
        log(like, "S01-bbbbbbbb", vec![registered("S01-777", "S01"), registered("S02-002", "S02")]),
        log(like, "S02-cccccccc", vec![registered("S02-001", "S02"), added.into()]),
        log(like, CENTER, vec![answered.into()]),
    ];
    let reply = stage.send(&Content { lines: lines.concat(), ..Content::default() });
    let report = stage.session().import_bundle(&reply).expect("imported");
    assert_eq!((report.outcome, report.entries), (ImportOutcome::Fork, 1), "told, and one entry is taken in");
    assert_eq!(stage.cell(&subject, &vs("SYSBP")).display, "120");
    assert!(stage.session().subject_view("S01-777").is_ok());
    for foreign in ["S02-001", "S02-002"] {
        assert_eq!(code(stage.session().subject_view(foreign)), "no_such", "{foreign}");
    }
}

/// K5: what a branch said that the center put aside and that no query asks about is shown, as long as its words are held.
#[test]
fn k5_what_was_put_aside_is_shown() {
    let mut stage = Stage::new();
    let files = stage.export();
    let own = stage.carried(&files[0]);
    let like = Entry { by: "datamanager".into(), ..own.lines[0].entry().clone() };
    let text = |n: u8, words: &str| TextRow::new(&[n; 16], words, sha256).expect("short");
    let texts = vec![text(1, "a copy (sample)"), text(2, "items.set S01-009: \"111\"\nsubject.registered S01-009\n")];
    let settled = |device: &str, rest: bool| {
        let (device, head, kept) = (device.into(), EntryId([3; 32]), Branch::Held);
        let words = |row: &TextRow| FreeTextId { text: row.commit };
        let (reason, rest) = (words(&texts[0]), rest.then(|| words(&texts[1])));
        Act::from(LogSettled { device, seq: 5, kept, head, reason, rest, lost: Vec::new(), unread: Vec::new() })
    };
    let redacted = TextRedacted { subject: None, text: texts[1].commit, reason: FreeTextId { text: texts[0].commit } };
    let acts = vec![settled("S01-bbbbbbbb", false), settled("S02-cccccccc", true), settled("S01-k7f2m3pq", true)];
    let before = log(&like, CENTER, acts.clone());
    let after = log(&like, CENTER, [acts, vec![redacted.into()]].concat());
    assert!(stage.session().sync_view().expect("a view").settled.is_empty());
    let expected = ["items.set S01-009: \"111\"".to_owned(), "subject.registered S01-009".to_owned()];
    let sent = Content { lines: before, texts: texts.clone(), blobs: Vec::new() };
    for (sent, rest) in [(sent, &expected[..]), (Content { lines: after, ..Content::default() }, &expected[..0])] {
        let reply = stage.send(&sent);
        assert_eq!(stage.session().import_bundle(&reply).expect("imported").outcome, ImportOutcome::Accepted);
        let view = stage.session().sync_view().expect("a view").settled;
        let told: Vec<_> = view.iter().map(|one| (one.device.as_str(), one.reason.as_deref())).collect();
        assert_eq!(told, [("S01-k7f2m3pq", Some("a copy (sample)")), ("S01-bbbbbbbb", Some("a copy (sample)"))]);
        assert_eq!((&view[0].rest[..], view[1].rest.len()), (rest, 0));
    }
}
