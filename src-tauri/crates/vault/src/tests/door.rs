//! The write door, drafts, reads, rebuilding, snapshots, backups.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use casebook::act::SubjectRegistered;
use casebook::{Instant, Private, Stored, TextRow};
use study::Oid;

use super::*;

#[test]
fn what_was_written_is_there_after_a_lock_and_all_is_well() {
    let site = Site::new();
    let mut open = site.found();
    register(&mut open, "S01-001", 10);
    set(&mut open, "S01-001", "IT.SYSBP", "120", 20);
    set(&mut open, "S01-001", "IT.SYSBP", "130", 30);
    assert_eq!(open.outbox().changes, 3);
    assert_eq!(open.outbox().oldest, Some(at(10).at));
    open.lock(&at(40)).expect("locks");
    let mut open = site.unlock(50);
    assert_eq!(open.alarms(), []);
    assert_eq!(value(&mut open, "S01-001", "IT.SYSBP").as_deref(), Some("130"));
    assert_eq!(open.lines("S01-001").expect("lines").len(), 3);
    assert_eq!(open.summaries().expect("summaries").len(), 1);
    assert_eq!(open.outbox().changes, 3);
    assert_eq!(verified(&open), []);
    let again = crate::Locked::find(&site.place(), &study::Functions::default()).expect("found").unlock(
        "nurse1",
        PASSWORD,
        &at(60),
    );
    assert!(matches!(again, Err(VaultError::InUse)));
}

/// A program that is being started holds a copy of the lock for a moment after it was given back.
#[test]
fn a_lock_that_is_held_for_a_moment_longer_keeps_nobody_out() {
    let site = Site::new();
    drop(site.found());
    let copy = std::fs::File::options().write(true).open(site.folder().join("vault.lock")).expect("opens");
    copy.lock().expect("locks");
    let held = std::thread::spawn(move || {
        std::thread::sleep(std::time::Duration::from_millis(80));
        drop(copy);
    });
    drop(site.unlock(1000));
    held.join().expect("let go");
}

#[test]
fn a_crash_loses_nothing_that_was_acknowledged() {
    let site = Site::new();
    let mut open = site.found();
    register(&mut open, "S01-001", 10);
    set(&mut open, "S01-001", "IT.SYSBP", "120", 20);
    // As the power goes: the files as they are, the write-ahead log among them.
    let copy = site.copy_to("after-the-crash");
    drop(open);
    site.put_back(&copy);
    let mut open = site.unlock(50);
    assert_eq!(open.alarms(), []);
    assert_eq!(value(&mut open, "S01-001", "IT.SYSBP").as_deref(), Some("120"));
    assert_eq!(verified(&open), []);
}

#[test]
fn an_error_in_the_middle_leaves_nothing_behind() {
    let site = Site::new();
    let mut open = site.found();
    register(&mut open, "S01-001", 10);
    let before = open.logs();
    let refused: Result<(), VaultError> = open.transact(&at(20), |tx| {
        write_answer(tx, "S01-001", "IT.SYSBP", "120")?;
        tx.write(SubjectRegistered { subject: Oid::from("S01-002"), site: Oid::from("S01") })?;
        tx.set("a.setting", b"1")?;
        Err(VaultError::Cancelled)
    });
    assert!(matches!(refused, Err(VaultError::Cancelled)));
    assert_eq!(open.logs(), before);
    assert_eq!(value(&mut open, "S01-001", "IT.SYSBP"), None);
    assert_eq!(open.subjects().collect::<Vec<_>>(), ["S01-001"]);
    assert_eq!(open.setting("a.setting").expect("reads"), None);
    set(&mut open, "S01-001", "IT.SYSBP", "121", 30);
    assert_eq!(verified(&open), []);
}

#[test]
fn drafts_last_and_end_with_the_answer() {
    let site = Site::new();
    let mut open = site.found();
    register(&mut open, "S01-001", 10);
    open.save_draft("S01-001", &cell("IT.SYSBP"), "12", &at(20)).expect("draft");
    open.save_draft("S01-001", &cell("IT.DIABP"), "8", &at(21)).expect("draft");
    drop(open);
    let mut open = site.unlock(30);
    let drafts = open.drafts("S01-001", &form()).expect("drafts");
    assert_eq!(drafts.len(), 2);
    assert_eq!(drafts[1].words.as_str(), "12");
    set(&mut open, "S01-001", "IT.SYSBP", "120", 40);
    assert_eq!(open.drafts("S01-001", &form()).expect("drafts").len(), 1);
    open.save_draft("S01-001", &cell("IT.DIABP"), "", &at(50)).expect("draft");
    assert_eq!(open.all_drafts("S01-001").expect("drafts"), []);
    assert_eq!(verified(&open), []);
}

#[test]
fn a_clock_set_back_is_said_once() {
    let site = Site::new();
    let mut open = site.found();
    register(&mut open, "S01-001", 10_000);
    let before = open.logs()[0].seq;
    set(&mut open, "S01-001", "IT.SYSBP", "120", 5_000);
    set(&mut open, "S01-001", "IT.SYSBP", "121", 5_001);
    let names: Vec<&str> = (before + 1..=open.logs()[0].seq)
        .map(|seq| open.line(DEVICE, seq).expect("reads").expect("there").entry().act.name())
        .collect();
    assert_eq!(names, ["clock.suspected", "items.set", "items.set"]);
    assert_eq!(verified(&open), []);
}

/// H1: words that were kept before texts had a bound stay at home; the entries that quote them travel.
#[test]
fn h1_words_from_before_the_bound_keep_nothing_from_travelling() {
    let site = Site::new();
    let mut open = site.found();
    register(&mut open, "S01-001", 10);
    let words = open.transact(&at(20), |tx| write_note(tx, "S01-001", "too long")).expect("written");
    let row = open.text(&words.text).expect("reads").expect("there");
    let long = TextRow { text: "a".repeat(casebook::MAX_LINE).into(), ..row };
    assert!(!long.fits_line());
    let kept = "UPDATE text SET words = ?1 WHERE id = ?2";
    assert_eq!(open.sql.execute(kept, (long.text.as_str(), long.commit.0)).expect("kept"), 1);
    let snapshot = open.snapshot().expect("snapshot");
    let (last, mut lines) = (open.logs()[0].seq, 0);
    let streamed = snapshot.lines::<VaultError>(DEVICE, 1, last, |_, line| {
        lines += 1;
        assert_eq!(snapshot.texts_of(line)?, []);
        Ok(())
    });
    streamed.expect("streams");
    assert_eq!(lines, last);
}

#[test]
fn free_text_lies_beside_the_journal_and_can_be_redacted() {
    let site = Site::new();
    let mut open = site.found();
    register(&mut open, "S01-001", 10);
    let words = open.transact(&at(20), |tx| write_note(tx, "S01-001", "canary in words")).expect("written");
    assert_eq!(open.text(&words.text).expect("reads").expect("there").text.as_str(), "canary in words");
    let snapshot = open.snapshot().expect("snapshot");
    let last = open.logs()[0].seq;
    let mut texts = 0;
    snapshot
        .lines::<VaultError>(DEVICE, 1, last, |_, line| {
            texts += snapshot.texts_of(line)?.len();
            Ok(())
        })
        .expect("streams");
    assert_eq!(texts, 1);
    assert!(snapshot.lines::<VaultError>(DEVICE, 1, last + 1, |_, _| Ok(())).is_err());
    drop(snapshot);
    open.transact(&at(30), |tx| {
        let reason = tx.text("held a name")?;
        tx.write(casebook::act::TextRedacted { subject: Some(Oid::from("S01-001")), text: words.text, reason })
    })
    .expect("redacted");
    assert_eq!(open.text(&words.text).expect("reads"), None);
    assert_eq!(verified(&open), []);
}

#[test]
fn rebuilding_gives_the_same_tables() {
    let site = Site::new();
    let key = site.with_answers(3, 4);
    let mut open = site.unlock(200_000);
    let digest = open.state.head.digest.digest();
    open.rebuild(&at(200_001)).expect("rebuilt");
    assert_eq!(open.state.head.digest.digest(), digest);
    assert_eq!(verified(&open), []);
    drop(open);
    site.raw(&key).execute("DELETE FROM fold", []).expect("deleted");
    let mut open = site.unlock(300_000);
    assert!(verified(&open).iter().any(|alarm| alarm.code() == "tables_stale"));
    open.rebuild(&at(300_001)).expect("rebuilt");
    assert_eq!(verified(&open), []);
    assert_eq!(value(&mut open, "S01-002", "IT.SYSBP").as_deref(), Some("103"));
}

#[test]
fn many_acts_in_one_transaction_across_more_books_than_are_kept() {
    let site = Site::new();
    let mut open = site.found();
    open.transact(&at(10), |tx| {
        for n in 1..=20 {
            tx.write(SubjectRegistered { subject: Oid::from(subject(n)), site: Oid::from("S01") })?;
        }
        for value in 100..103 {
            for n in 1..=20 {
                write_answer(tx, &subject(n), "IT.SYSBP", &value.to_string())?;
            }
        }
        Ok::<_, VaultError>(())
    })
    .expect("written");
    assert_eq!(value(&mut open, "S01-020", "IT.SYSBP").as_deref(), Some("102"));
    assert_eq!(verified(&open), []);
}

#[test]
fn a_verification_can_be_cancelled() {
    let site = Site::new();
    let open = site.found();
    assert!(matches!(open.verifier().run(&Arc::new(AtomicBool::new(true)), |_| {}), Err(VaultError::Cancelled)));
}

#[test]
fn nothing_in_the_folder_is_in_the_clear() {
    let site = Site::new();
    let mut open = site.found();
    register(&mut open, "CANARY-SUBJECT", 10);
    let canaries = ["CANARY-SUBJECT", "CANARY-TEXT", "CANARY-DRAFT", "CANARY-VALUE", "CANARY-SETTING"];
    open.transact(&at(20), |tx| {
        write_note(tx, canaries[0], canaries[1])?;
        let act = answer(tx.book(canaries[0])?, canaries[0], "IT.SYSBP", Stored::Plain(Private::from(canaries[3])));
        tx.write(act)?;
        tx.set("a.setting", canaries[4].as_bytes())
    })
    .expect("written");
    open.save_draft(canaries[0], &cell("IT.DIABP"), canaries[2], &at(30)).expect("draft");
    let scan = || {
        for file in walk(site.temp.path()) {
            let bytes = fs::read(&file).expect("reads");
            for canary in canaries {
                assert!(!bytes.windows(canary.len()).any(|window| window == canary.as_bytes()), "{canary} in {file:?}");
            }
        }
    };
    scan();
    open.lock(&at(40)).expect("locks");
    scan();
}

fn walk(folder: &std::path::Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for file in fs::read_dir(folder).expect("folder") {
        let path = file.expect("file").path();
        if path.is_dir() { found.extend(walk(&path)) } else { found.push(path) }
    }
    found
}

#[test]
fn a_receipt_empties_the_outbox_and_a_foreign_one_does_not() {
    let site = Site::new();
    let mut open = site.found();
    register(&mut open, "S01-001", 10);
    let head = set(&mut open, "S01-001", "IT.SYSBP", "120", 20);
    let seq = open.logs()[0].seq;
    set(&mut open, "S01-001", "IT.DIABP", "80", 30);
    let at_center = Instant::from_ms(START + 35);
    let receipt = |bundle: u8, seq, head| crate::VerifiedReceipt {
        bundle: EntryId([bundle; 32]),
        seq,
        head,
        at: at_center,
        bytes: vec![bundle],
    };
    let foreign = open.transact(&at(40), |tx| tx.accept_receipt(&receipt(1, seq, EntryId([9; 32]))));
    assert!(matches!(foreign, Err(VaultError::ForeignReceipt { .. })));
    assert!(open.transact(&at(40), |tx| tx.accept_receipt(&receipt(1, seq, head))).expect("taken"));
    assert_eq!((open.outbox().changes, open.outbox().oldest), (1, Some(at(30).at)));
    assert!(!open.transact(&at(41), |tx| tx.accept_receipt(&receipt(1, seq, head))).expect("known"));
    let end = open.logs()[0].clone();
    assert!(open.transact(&at(42), |tx| tx.accept_receipt(&receipt(2, end.seq, end.head))).expect("taken"));
    assert_eq!((open.outbox().changes, open.outbox().oldest), (0, None));
    assert_eq!(open.last_receipt().expect("reads").map(|found| found.1), Some(vec![2]));
    assert_eq!(verified(&open), []);
}

#[test]
fn a_panic_in_the_middle_leaves_nothing_behind() {
    let site = Site::new();
    let mut open = site.found();
    register(&mut open, "S01-001", 10);
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        open.transact(&at(20), |tx| -> Result<(), VaultError> {
            write_answer(tx, "S01-001", "IT.SYSBP", "120")?;
            panic!("as if by a fault");
        })
    }));
    assert!(panicked.is_err());
    set(&mut open, "S01-001", "IT.DIABP", "80", 30);
    assert_eq!(value(&mut open, "S01-001", "IT.SYSBP"), None);
    assert_eq!(verified(&open), []);
}
