//! What every storage must do. A storage passes when each check holds for a fresh one that `make` gives; a further storage
//! is one more line in [`storages!`].

mod forks;

use bundle::SignedReceipt;
use casebook::{EntryId, Instant, LogEnd, RowChange, RowKey, RowKind, TextCommit, TextRow};
use center::store::{
    Alarm, BundleRow, BundleState, Device, DeviceState, Embedded, FoldState, KnownCheckpoint, LogState, RefusedFile,
    SettledCount, Site, Storage, StoreError, StoredEntry, Tx,
};
use center::{AlarmKind, Center};
use forks::{a_fork_hides_nothing, a_fork_is_settled, texts_are_found_by_what_they_quote};
use seal::{Identity, SigningKey, sha256};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Barrier, mpsc};
use std::thread;
use tempfile::TempDir;

/// A storage, and how to open the same one again as another process would.
struct Made {
    store: Box<dyn Storage>,
    again: Box<dyn Fn() -> Box<dyn Storage>>,
    /// Where it lies, until it is dropped.
    _folder: TempDir,
}

fn embedded() -> Made {
    let folder = TempDir::new().expect("a temporary folder");
    let file = folder.path().join("center.sqlite");
    drop(Embedded::make(&file).expect("made"));
    let open = move || -> Box<dyn Storage> { Box::new(Embedded::open(&file).expect("it opens")) };
    Made { store: open(), again: Box::new(open), _folder: folder }
}

macro_rules! storages {
    ($($make:ident: $($check:ident)*;)*) => {$(
        mod $make {
            $(#[test] fn $check() { super::$check(&super::$make()); })*
        }
    )*};
}

storages! {
    embedded:
        sites_and_devices_are_kept
        each_key_waits_by_itself
        logs_grow_at_their_end
        a_fork_hides_nothing
        a_fork_is_settled
        texts_are_found_by_what_they_quote
        entries_are_found_by_subject
        texts_and_checkpoints_are_kept_once
        redacted_words_do_not_come_back
        bundles_are_listed_by_state
        alarms_and_refusals_are_kept
        ways_back_are_kept
        folded_rows_are_kept_and_marked
        a_failed_transaction_leaves_nothing
        a_panic_leaves_nothing
        a_view_does_not_change
        writers_wait_for_each_other
        another_process_sees_what_was_committed;
}

pub(crate) fn at(ms: i64) -> Instant {
    Instant::from_ms(1_795_421_702_113 + ms)
}

pub(crate) fn id(n: u8) -> EntryId {
    EntryId([n; 32])
}

fn read<T>(made: &Made, work: impl FnOnce(&dyn Tx) -> Result<T, StoreError>) -> T {
    made.store.read(work).expect("read")
}

fn write<T>(made: &Made, work: impl FnOnce(&mut dyn Tx) -> Result<T, StoreError>) -> T {
    made.store.transact(work).expect("written")
}

pub(crate) fn device(log: &str) -> Device {
    Device {
        log: log.to_owned(),
        site: "S01".to_owned(),
        key: SigningKey::from_seed(&sha256(log.as_bytes())).public(),
        age: Identity::make().recipient(),
        state: DeviceState::Waiting,
        first_seen: at(1),
        last_seen: at(5),
        kit: None,
    }
}

fn site() -> Site {
    Site { id: "S01".to_owned(), name: "Sample hospital".to_owned(), added: at(0) }
}

/// Appends an entry whose id and bytes are its number.
fn append(tx: &mut dyn Tx, log: &str, seq: u64, subject: Option<&str>) -> Result<(), StoreError> {
    let line = format!("{log} {seq}\n");
    tx.append(&StoredEntry { log, seq, id: id(seq as u8), line: line.as_bytes(), subject })
}

fn lines(tx: &dyn Tx, log: &str, from: u64) -> Result<Vec<String>, StoreError> {
    let mut found = Vec::new();
    tx.lines(log, from, &mut |of, seq, entry, bytes| {
        assert_eq!((of, entry), (log, id(seq as u8)));
        found.push(String::from_utf8_lossy(bytes).trim().to_owned());
        Ok(())
    })?;
    Ok(found)
}

fn lines_of(tx: &dyn Tx, subject: &str, heard: &dyn Fn(&str) -> u64) -> Result<Vec<String>, StoreError> {
    let mut found = Vec::new();
    tx.lines_of(subject, heard, &mut |_, _, _, bytes| {
        found.push(String::from_utf8_lossy(bytes).trim().to_owned());
        Ok(())
    })?;
    Ok(found)
}

fn sites_and_devices_are_kept(made: &Made) {
    let (site, mut first) = (site(), device("S01-aaaaaaaa"));
    write(made, |tx| {
        tx.put_site(&site)?;
        tx.put_device(&device("S01-bbbbbbbb"))?;
        tx.put_device(&first)
    });
    assert!(made.store.transact(|tx| tx.put_site(&site)).is_err(), "its identifier is taken");
    first.state = DeviceState::Approved;
    write(made, |tx| {
        tx.put_device(&first)?;
        tx.touch_device(&first.log, at(3))
    });
    let held = read(made, |tx| {
        assert_eq!((tx.site("S01")?, tx.site("S02")?, tx.sites()?), (Some(site.clone()), None, vec![site]));
        assert!(tx.device("S01-cccccccc")?.is_none());
        let logs: Vec<String> = tx.devices()?.into_iter().map(|device| device.log).collect();
        assert_eq!(logs, ["S01-aaaaaaaa", "S01-bbbbbbbb"]);
        Ok(tx.device(&first.log)?.expect("there"))
    });
    assert_eq!((held.state, held.key, held.last_seen), (DeviceState::Approved, first.key, at(5)), "never earlier");
    assert_eq!(held.age.to_string(), first.age.to_string());
    write(made, |tx| tx.touch_device(&first.log, at(9)));
    assert_eq!(read(made, |tx| tx.device(&first.log)).expect("there").last_seen, at(9));
}

/// Finding M3.
fn each_key_waits_by_itself(made: &Made) {
    let key = |n: u8| SigningKey::from_seed(&[n; 32]).public();
    let waits = |n: u8| Device { key: key(n), first_seen: at(n.into()), ..device("S01-aaaaaaaa") };
    let row = |n: u8| BundleRow {
        id: id(n),
        log: "S01-aaaaaaaa".to_owned(),
        first: 1,
        last: 1,
        received: at(n.into()),
        state: BundleState::Waiting,
        entries: 0,
        receipt: None,
    };
    write(made, |tx| {
        tx.put_site(&site())?;
        [2, 1].into_iter().try_for_each(|n| {
            tx.put_device(&waits(n))?;
            tx.put_bundle(&row(n))?;
            tx.put_signer(id(n), key(n))
        })
    });
    read(made, |tx| {
        assert!(tx.device("S01-aaaaaaaa")?.is_none(), "nobody has compared words");
        assert_eq!(tx.devices()?.iter().map(|device| device.key).collect::<Vec<_>>(), [key(1), key(2)]);
        assert_eq!(tx.waiting_bundles("S01-aaaaaaaa", key(2))?.iter().map(|row| row.id).collect::<Vec<_>>(), [id(2)]);
        Ok(())
    });
    write(made, |tx| {
        tx.put_device(&Device { state: DeviceState::Approved, ..waits(2) })?;
        let left = tx.approved_waiting()?.into_iter().map(|row| row.id).collect::<Vec<_>>();
        assert_eq!(left, [id(2)], "its key is approved");
        assert_eq!(tx.drop_waiting("S01-aaaaaaaa", key(1))?, [id(1)]);
        tx.drop_waiting("S01-aaaaaaaa", key(2))
    });
    read(made, |tx| {
        assert_eq!(tx.device("S01-aaaaaaaa")?.map(|device| device.key), Some(key(2)), "it waits no more");
        assert_eq!((tx.devices()?.len(), tx.bundle(id(1))?.is_none()), (1, true));
        Ok(())
    });
}

fn logs_grow_at_their_end(made: &Made) {
    let empty = LogState { end: LogEnd::EMPTY, forked_at: None, restored_at: None };
    assert_eq!(read(made, |tx| tx.log_state("S01-a")), empty);
    assert_eq!(read(made, |tx| tx.logs()), [""; 0], "asking makes none");
    write(made, |tx| {
        (1..=3).try_for_each(|seq| append(tx, "S01-b", seq, None))?;
        assert_eq!(tx.log_state("S01-b")?.end, LogEnd { seq: 3, head: id(3) }, "within the transaction, too");
        append(tx, "S01-a", 1, None)
    });
    read(made, |tx| {
        assert_eq!(tx.log_state("S01-b")?, LogState { end: LogEnd { seq: 3, head: id(3) }, ..empty });
        assert_eq!(tx.logs()?, ["S01-a", "S01-b"]);
        assert_eq!((tx.id_at("S01-b", 2)?, tx.id_at("S01-b", 4)?, tx.id_at("S01-c", 1)?), (Some(id(2)), None, None));
        assert_eq!(lines(tx, "S01-b", 2)?, ["S01-b 2", "S01-b 3"]);
        assert_eq!(lines(tx, "S01-c", 1)?, [""; 0]);
        Ok(())
    });
    assert!(made.store.transact(|tx| append(tx, "S01-b", 3, None)).is_err(), "a place has one entry");
}

fn entries_are_found_by_subject(made: &Made) {
    write(made, |tx| {
        append(tx, "S01-b", 1, Some("S01-002"))?;
        append(tx, "S01-b", 2, Some("S01-001"))?;
        append(tx, "S01-a", 1, None)?;
        append(tx, "S01-a", 2, Some("S01-001"))?;
        append(tx, "S01-a", 3, Some("S01-001"))
    });
    read(made, |tx| {
        assert_eq!(tx.subjects()?, ["S01-001", "S01-002"]);
        assert_eq!(lines_of(tx, "S01-001", &|_| 0)?, ["S01-a 2", "S01-a 3", "S01-b 2"]);
        let heard = |log: &str| if log == "S01-a" { 2 } else { 0 };
        assert_eq!(lines_of(tx, "S01-001", &heard)?, ["S01-a 3", "S01-b 2"], "only what is new");
        assert_eq!(lines_of(tx, "S01-001", &|_| u64::MAX)?, [""; 0]);
        assert_eq!(lines_of(tx, "S09-009", &|_| 0)?, [""; 0]);
        Ok(())
    });
}

fn texts_and_checkpoints_are_kept_once(made: &Made) {
    let row = TextRow::new(&[1; 16], "fell on the stairs", sha256).expect("short");
    let seen = KnownCheckpoint { epoch: 2, end: LogEnd { seq: 9, head: id(9) } };
    write(made, |tx| {
        tx.put_text(&row, "S01")?;
        tx.put_text(&row, "S01")?;
        tx.share_text(row.commit, "S02")?;
        tx.share_text(TextCommit([0; 32]), "S02")?;
        tx.put_checkpoint("S01-a", seen)?;
        tx.put_checkpoint("S01-a", seen)?;
        tx.put_heard("S01-a", "center", LogEnd { seq: 3, head: id(3) })?;
        tx.put_heard("S01-a", "center", LogEnd { seq: 4, head: id(4) })
    });
    read(made, |tx| {
        let held = |of: &str| tx.text(row.commit, of);
        assert_eq!((held("S01")?, held("S02")?, held("S03")?), (Some(row.clone()), Some(row.clone()), None));
        let other = TextCommit([0; 32]);
        assert_eq!((tx.text(other, "S02")?, tx.text_of(other)?, tx.text_of(row.commit)?.len()), (None, vec![], 2));
        assert_eq!((tx.checkpoints("S01-a")?, tx.checkpoints("S01-b")?), (vec![seen], vec![]));
        assert_eq!(tx.heard("S01-a", "center")?, Some(LogEnd { seq: 4, head: id(4) }), "the latest word");
        assert_eq!(tx.heard("center", "S01-a")?, None);
        Ok(())
    });
}

/// Finding M4.
fn redacted_words_do_not_come_back(made: &Made) {
    let row = |n: u8| TextRow::new(&[n; 16], "fell on the stairs", sha256).expect("short");
    write(made, |tx| {
        tx.put_text(&row(1), "S01")?;
        tx.put_text(&row(2), "S01")?;
        // One that has come, and one that has not.
        [1, 3, 3].into_iter().try_for_each(|n| tx.redact(row(n).commit))
    });
    write(made, |tx| (1..=4).try_for_each(|n| tx.put_text(&row(n), "S01")));
    made.store.wipe().expect("wiped");
    let kept = |store: &(dyn Storage + 'static)| {
        [1, 2, 3, 4].map(|n| store.read(|tx| tx.text(row(n).commit, "S01")).expect("read").is_some())
    };
    assert_eq!((kept(&*made.store), kept(&*(made.again)())), ([false, true, false, true], [false, true, false, true]));
}

fn bundles_are_listed_by_state(made: &Made) {
    let row = |n: u8, first, state| BundleRow {
        id: id(n),
        log: "S01-a".to_owned(),
        first,
        last: first + 2,
        received: at(n.into()),
        state,
        entries: 3,
        receipt: None,
    };
    let receipt = SignedReceipt { bytes: b"said".to_vec(), signature: "signed".to_owned() };
    write(made, |tx| {
        tx.put_bundle(&row(1, 7, BundleState::Parked))?;
        tx.put_bundle(&row(2, 4, BundleState::Parked))?;
        tx.put_bundle(&row(3, 1, BundleState::Waiting))?;
        tx.put_bundle(&BundleRow { receipt: Some(receipt.clone()), ..row(3, 1, BundleState::Accepted) })
    });
    read(made, |tx| {
        let listed =
            |state| Ok::<_, StoreError>(tx.bundles("S01-a", state)?.into_iter().map(|row| row.id).collect::<Vec<_>>());
        assert_eq!(listed(BundleState::Parked)?, [id(2), id(1)], "by the first entry");
        assert_eq!((listed(BundleState::Accepted)?, listed(BundleState::Waiting)?), (vec![id(3)], vec![]), "replaced");
        let parked: Vec<EntryId> = tx.parked()?.into_iter().map(|row| row.id).collect();
        assert_eq!(parked, [id(2), id(1)], "of all logs");
        assert!(tx.bundles("S01-b", BundleState::Parked)?.is_empty() && tx.bundle(id(9))?.is_none());
        let held = tx.bundle(id(3))?.expect("there");
        assert_eq!((held.receipt, held.last, held.received), (Some(receipt), 3, at(3)));
        Ok(())
    });
}

fn alarms_and_refusals_are_kept(made: &Made) {
    let alarm = |kind, ms| Alarm { at: at(ms), kind, log: "S01-a".to_owned(), seq: 4, last: Some(9), bundle: id(1) };
    let refused = |n: i64| RefusedFile {
        at: at(n),
        file: format!("{n}.bundle"),
        code: "damaged".to_owned(),
        words: "the file is damaged".to_owned(),
    };
    write(made, |tx| {
        for (ms, kind) in (0..).zip(AlarmKind::ALL) {
            tx.put_alarm(&alarm(kind, ms))?;
            tx.put_alarm(&alarm(kind, ms + 100))?;
        }
        (1..=5).try_for_each(|n| tx.put_refused_file(&refused(n)))
    });
    read(made, |tx| {
        let kinds: Vec<AlarmKind> = tx.alarms()?.into_iter().map(|alarm| alarm.kind).collect();
        assert_eq!(kinds, AlarmKind::ALL, "each once, oldest first");
        assert_eq!(tx.refused_files(2)?, [refused(5), refused(4)]);
        Ok(())
    });
}

fn ways_back_are_kept(made: &Made) {
    write(made, |tx| {
        tx.put_site(&site())?;
        tx.put_site(&Site { id: "S02".to_owned(), ..site() })?;
        tx.put_kit("S01", at(1), "first")?;
        tx.put_kit("S02", at(2), "elsewhere")?;
        tx.put_kit("S01", at(3), "second")?;
        tx.put_device(&Device { kit: Some(3), ..device("S01-a") })?;
        (1..=4).try_for_each(|seq| append(tx, "S01-a", seq, None))?;
        append(tx, "S01-b", 1, None)?;
        [3, 1, 3].into_iter().try_for_each(|seq| tx.note_recovery("S01-a", seq))?;
        tx.note_recovery("S01-b", 1)?;
        tx.set_restored("S01-a", 2)?;
        tx.set_restored("S01-a", 4)
    });
    read(made, |tx| {
        let kits = tx.kits("S01")?;
        let codes: Vec<_> = kits.iter().map(|kit| (kit.code.as_str(), kit.made)).collect();
        assert_eq!(codes, [("second", at(3)), ("first", at(1))]);
        assert_eq!(tx.devices()?.first().and_then(|device| device.kit), Some(kits[0].number));
        let mut noted = Vec::new();
        tx.recovery_lines("S01-a", &mut |_, seq, entry, _| {
            noted.push((seq, entry));
            Ok(())
        })?;
        assert_eq!(noted, [(1, id(1)), (3, id(3))]);
        tx.recovery_lines("S01-none", &mut |_, _, _, _| Err(StoreError::Damaged("there is none")))?;
        assert_eq!((tx.log_state("S01-a")?.restored_at, tx.log_state("S01-b")?.restored_at), (Some(4), None));
        Ok(())
    });
}

fn change(kind: RowKind, place: &str, value: Option<&[u8]>) -> RowChange {
    (RowKey { kind, place: place.to_owned() }, value.map(<[u8]>::to_vec))
}

fn rows(tx: &dyn Tx, subject: &str) -> Result<Vec<(RowKind, String, Vec<u8>)>, StoreError> {
    let mut found = Vec::new();
    tx.each_row(subject, &mut |kind, place, value| found.push((kind, place.to_owned(), value.to_vec())))?;
    found.sort();
    Ok(found)
}

fn folded_rows_are_kept_and_marked(made: &Made) {
    write(made, |tx| {
        ["S01-002", "S01-001"].iter().zip(1..).try_for_each(|(key, seq)| append(tx, "S01-a", seq, Some(key)))
    });
    assert_eq!(read(made, |tx| tx.unfolded("", 9)), ["S01-001", "S01-002"]);
    assert_eq!(read(made, |tx| tx.unfolded("", 1)), ["S01-001"]);
    assert_eq!(read(made, |tx| tx.unfolded("S01-001", 9)), ["S01-002"]);
    assert_eq!(read(made, |tx| tx.fold_state("S09-009")), FoldState::Absent);
    write(made, |tx| {
        let changes = [
            change(RowKind::Summary, "", Some(b"s")),
            change(RowKind::Cell, "a/b", Some(b"1")),
            change(RowKind::Cell, "a/c", Some(b"2")),
            change(RowKind::Query, "q", None),
        ];
        tx.write_rows("S01-001", &changes)?;
        tx.write_rows("S01-001", &[change(RowKind::Cell, "a/b", Some(b"3")), change(RowKind::Cell, "a/c", None)])?;
        tx.write_rows("S01-002", &[change(RowKind::Summary, "", Some(b"t"))])?;
        tx.set_folded("S01-001")?;
        tx.set_folded("S09-009")
    });
    read(made, |tx| {
        let expected =
            [(RowKind::Summary, String::new(), b"s".to_vec()), (RowKind::Cell, "a/b".to_owned(), b"3".to_vec())];
        assert_eq!(rows(tx, "S01-001")?, expected);
        assert_eq!(rows(tx, "S09-009")?, []);
        assert_eq!((tx.fold_state("S01-001")?, tx.fold_state("S01-002")?), (FoldState::Current, FoldState::Absent));
        assert_eq!(tx.unfolded("", 9)?, ["S01-002"]);
        let mut summaries = Vec::new();
        tx.rows_of_kind(RowKind::Summary, &mut |subject, place, value| {
            summaries.push((subject.to_owned(), place.to_owned(), value.to_vec()));
            Ok(())
        })?;
        summaries.sort();
        let summary = |subject: &str, value: &[u8]| (subject.to_owned(), String::new(), value.to_vec());
        assert_eq!(summaries, [summary("S01-001", b"s"), summary("S01-002", b"t")]);
        Ok(())
    });
    write(made, |tx| append(tx, "S01-a", 3, Some("S01-001")));
    assert_eq!(read(made, |tx| tx.fold_state("S01-001")), FoldState::Behind, "an entry came");
    assert_eq!(read(made, |tx| tx.unfolded("", 9)), ["S01-001", "S01-002"]);
    write(made, |tx| tx.set_folded("S01-001"));
    write(made, |tx| append(tx, "S01-a", 4, None));
    assert_eq!(read(made, |tx| tx.fold_state("S01-001")), FoldState::Current, "it was about nobody");
    write(made, |tx| tx.discard_rows("S01-001"));
    read(made, |tx| {
        assert_eq!((rows(tx, "S01-001")?.len(), tx.fold_state("S01-001")?), (0, FoldState::Absent));
        assert_eq!(rows(tx, "S01-002")?.len(), 1);
        Ok(())
    });
    let of_nobody = made.store.transact(|tx| tx.write_rows("S09-009", &[change(RowKind::Query, "q", Some(b"1"))]));
    assert!(of_nobody.is_err());
}

fn a_failed_transaction_leaves_nothing(made: &Made) {
    write(made, |tx| append(tx, "S01-a", 1, Some("S01-001")));
    let failed = made.store.transact(|tx| {
        append(tx, "S01-a", 2, Some("S01-002"))?;
        append(tx, "S01-new", 1, Some("S01-003"))?;
        tx.put_site(&site())?;
        Err::<(), _>(StoreError::Damaged("a test's own"))
    });
    assert_eq!(failed.expect_err("its own").to_string(), "the center's database is damaged: a test's own");
    read(made, |tx| {
        assert_eq!((tx.log_state("S01-a")?.end.seq, tx.logs()?.len(), tx.sites()?.len()), (1, 1, 0));
        assert_eq!(tx.subjects()?, ["S01-001"]);
        Ok(())
    });
    write(made, |tx| {
        append(tx, "S01-other", 1, Some("S01-004"))?;
        append(tx, "S01-new", 1, Some("S01-003"))
    });
    read(made, |tx| {
        assert_eq!(lines(tx, "S01-new", 1)?, ["S01-new 1"], "no number of the undone transaction is remembered");
        assert_eq!(lines_of(tx, "S01-003", &|_| 0)?, ["S01-new 1"]);
        Ok(())
    });
}

fn a_panic_leaves_nothing(made: &Made) {
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        made.store.transact(|tx| {
            append(tx, "S01-a", 1, None)?;
            let first: Option<()> = tx.logs()?.is_empty().then_some(());
            first.expect("a test's own panic");
            Ok::<_, StoreError>(())
        })
    }));
    assert!(panicked.is_err());
    assert_eq!(read(made, |tx| tx.logs()), [""; 0]);
    write(made, |tx| append(tx, "S01-a", 1, None));
    assert_eq!(read(made, |tx| lines(tx, "S01-a", 1)), ["S01-a 1"]);
}

fn a_view_does_not_change(made: &Made) {
    write(made, |tx| append(tx, "S01-a", 1, None));
    read(made, |tx| {
        assert_eq!(tx.log_state("S01-a")?.end.seq, 1);
        // A writer does not wait for readers, nor do they see what it writes meanwhile.
        write(made, |tx| append(tx, "S01-a", 2, None));
        assert_eq!(tx.log_state("S01-a")?.end.seq, 1);
        Ok(())
    });
    assert_eq!(read(made, |tx| tx.log_state("S01-a")).end.seq, 2);
}

/// What is read in a transaction that writes holds until it is done: of many who count up, nobody counts twice.
fn writers_wait_for_each_other(made: &Made) {
    const EACH: u64 = 20;
    let (one, other) = (&*made.store, (made.again)());
    let barrier = Barrier::new(4);
    let refused = AtomicU64::new(0);
    thread::scope(|scope| {
        for store in [one, &*other, one, &*other] {
            let (barrier, refused) = (&barrier, &refused);
            scope.spawn(move || {
                barrier.wait();
                for _ in 0..EACH {
                    let counted = store.transact(|tx| {
                        let next = tx.log_state("S01-a")?.end.seq + 1;
                        append(tx, "S01-a", next, None)
                    });
                    refused.fetch_add(u64::from(counted.is_err()), Ordering::Relaxed);
                }
            });
        }
    });
    assert_eq!(refused.into_inner(), 0);
    assert_eq!(read(made, |tx| tx.log_state("S01-a")).end.seq, 4 * EACH);
}

fn another_process_sees_what_was_committed(made: &Made) {
    let other = (made.again)();
    write(made, |tx| append(tx, "S01-a", 1, Some("S01-001")));
    assert_eq!(other.read(|tx| tx.subjects()).expect("read"), ["S01-001"]);
    let (seen, wait) = mpsc::channel();
    let other = &*other;
    thread::scope(|scope| {
        scope.spawn(move || {
            let _ = wait.recv();
            other.transact(|tx| append(tx, "S01-a", 2, None)).expect("its turn comes");
        });
        write(made, |tx| {
            let _ = seen.send(());
            append(tx, "S01-b", 1, None)
        });
    });
    assert_eq!(read(made, |tx| Ok((tx.log_state("S01-a")?.end.seq, tx.log_state("S01-b")?.end.seq))), (2, 1));
    made.store.read(|tx| tx.check()).expect("sound");
}

/// A center serves many callers at once.
#[test]
fn a_center_can_be_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Center>();
    shared::<Embedded>();
    shared::<Box<dyn Storage>>();
}
