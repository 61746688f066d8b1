//! What is kept is what was read: bundles, receipts, exports, and whose eyes they are for. Findings M10 and low ones.

use crate::device::{Desk, Device, stamp};
use bundle::Packed;
use center::{AlarmKind, Center, CenterError, ImportedBundle, NewFile, write_new};
use std::fs;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;
use study::Functions;

/// No folder into which tables were put back.
const NOWHERE: [PathBuf; 0] = [];

/// A stick that gives other bytes once it has been read so often from its beginning.
struct Turning {
    good: Cursor<Vec<u8>>,
    bad: Cursor<Vec<u8>>,
    left: usize,
}

impl Turning {
    /// Good as long as the bundle is inspected, which begins twice.
    fn new(packed: &Packed) -> Self {
        let mut bad = packed.bytes.clone();
        let in_payload = bad.len() - 1700;
        bad[in_payload] ^= 1;
        Self { good: Cursor::new(packed.bytes.clone()), bad: Cursor::new(bad), left: 2 }
    }
}

impl Read for Turning {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.good.read(buffer)
    }
}

impl Seek for Turning {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        if to == SeekFrom::Start(0) {
            match self.left {
                0 => self.good = self.bad.clone(),
                _ => self.left -= 1,
            }
        }
        self.good.seek(to)
    }
}

fn kept(desk: &Desk, packed: &Packed) -> PathBuf {
    desk.folder.path().join(format!("bundles/{}.bundle", packed.id))
}

fn aside(file: &Path, ending: &str) -> Vec<u8> {
    let name = format!("{}.{ending}", file.display());
    fs::read(name).expect("put aside")
}

/// Finding M10: the third reading was kept unlooked at.
#[test]
fn m10_what_changes_while_it_is_read_is_not_kept() {
    let (desk, mut device) = Desk::with_device();
    (1..=3).for_each(|number| drop(device.register(number)));
    let mut stranger = Device::new(&desk, "S01-zzzzzzzz");
    stranger.enrol();
    let ways = [
        (device.part(2, 2), "accepted 1 entries"),
        (device.part(4, 4), "parked, expects seq 3"),
        (stranger.export(1), "waiting for approval"),
    ];
    for (packed, way) in ways {
        let turning = Turning::new(&packed);
        let said = desk.center.import(&stamp(9), "a.bundle", turning).expect("the center works").remove(0);
        assert_eq!(said.outcome.to_string(), "refused: the file is damaged or altered: it changed while it was read");
        assert!(!kept(&desk, &packed).exists(), "{way}");
        let again = desk.send(&packed).remove(0);
        assert!(again.outcome.to_string().starts_with(way), "nothing of it was taken in: {}", again.outcome);
        assert!(fs::read(kept(&desk, &packed)).expect("kept") == packed.bytes);
    }
}

/// Finding M10: a file was trusted by its name.
#[test]
fn m10_what_lies_in_the_place_of_a_bundle_is_read_and_put_aside_where_it_is_another() {
    let (desk, mut device) = Desk::with_device();
    device.register(1);
    let packed = device.export(2);
    let file = kept(&desk, &packed);
    let good = |said: &[ImportedBundle], alarms: &[AlarmKind]| {
        assert_eq!(said[0].alarms, alarms);
        assert!(said[0].outcome.is_good() && fs::read(&file).expect("kept") == packed.bytes);
    };
    fs::write(&file, &packed.bytes[..packed.bytes.len() / 2]).expect("the end is missing");
    good(&desk.send(&packed), &[AlarmKind::Evidence]);
    assert!(aside(&file, "damaged").len() == packed.bytes.len() / 2);
    good(&desk.send(&packed), &[]);
    // Also of one that was taken in long ago.
    fs::write(&file, device.export(1).bytes).expect("another bundle");
    good(&desk.send(&packed), &[AlarmKind::Evidence]);
    assert!(!aside(&file, "damaged-2").is_empty());
    fs::remove_file(&file).expect("lost");
    good(&desk.send(&packed), &[]);
    fs::remove_file(&file).expect("lost");
    fs::create_dir(&file).expect("a folder in its place");
    good(&desk.send(&packed), &[AlarmKind::Evidence]);
    let alarms = desk.center.status().expect("a status").alarms;
    assert!(alarms.iter().any(|alarm| alarm.kind == "evidence"), "{alarms:?}");
}

/// Finding M10, of receipts.
#[test]
fn m10_what_lies_in_the_place_of_a_receipt_is_read_and_put_aside_where_it_is_another() {
    let (desk, mut device) = Desk::with_device();
    device.register(1);
    let packed = device.export(2);
    let receipt = desk.send(&packed).remove(0).receipt.expect("a receipt");
    for file in [receipt.clone(), receipt.with_extension("json.sig")] {
        let before = fs::read(&file).expect("there");
        fs::write(&file, "held 9 999 999 (sample)").expect("written");
        let again = desk.send(&packed).remove(0);
        assert_eq!((again.alarms, again.receipt.as_ref()), (vec![AlarmKind::Evidence], Some(&receipt)));
        assert_eq!(
            (fs::read(&file).expect("there"), aside(&file, "damaged")),
            (before, b"held 9 999 999 (sample)".to_vec())
        );
        assert_eq!(desk.send(&packed)[0].alarms, []);
    }
}

fn tables(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found: Vec<_> = fs::read_dir(folder)
        .expect("the folder")
        .map(|entry| entry.expect("an entry"))
        .map(|entry| (entry.file_name().to_string_lossy().into_owned(), fs::read(entry.path()).expect("a table")))
        .collect();
    found.sort();
    found
}

/// A low finding: tables were written one by one over those of the last export.
#[test]
fn an_export_takes_its_place_whole_or_the_earlier_one_stays() {
    let (desk, mut device) = Desk::with_device();
    let subject = device.register(1);
    device.set(&subject, "IT.VS.SYSBP", "120");
    desk.send(&device.export(2));
    let (parent, out) = (desk.folder.path().join("out"), desk.folder.path().join("out/tables"));
    desk.center.export_csv(&stamp(209), &out).expect("exported");
    let before = tables(&out);
    fs::remove_file(out.join(&before[1].0)).expect("of a version that asked less");
    device.set(&subject, "IT.VS.DIABP", "80");
    desk.send(&device.export(4));
    let held = tables(&out);
    let own = || desk.center.status().expect("a status").own_entries;
    let noted = own();
    let database = crate::folding::database(&desk);
    let never = "CREATE TRIGGER never BEFORE INSERT ON entry BEGIN SELECT RAISE(ABORT, 'no room (sample)'); END";
    database.execute_batch(never).expect("a trigger");
    desk.center.export_csv(&stamp(210), &out).expect_err("it cannot be noted");
    assert_eq!(tables(&out), held, "it stays as it was");
    database.execute_batch("DROP TRIGGER never").expect("dropped");
    assert_eq!(own(), noted);
    let files = desk.center.export_csv(&stamp(211), &out).expect("exported").files;
    assert!(files.iter().all(|file| file.exists()) && files.len() == before.len());
    let after = tables(&out);
    assert_eq!(after.len(), before.len(), "nothing of the earlier one is left among the new tables");
    assert_ne!(after, before);
    // What is no export is never touched.
    for mine in ["analysis.R", "cells-cleaned.csv"] {
        fs::write(out.join(mine), "mine (sample)").expect("written");
        let refused = desk.center.export_csv(&stamp(212), &out).expect_err("no export's");
        assert!(matches!(&refused, CenterError::NotAnExport(what) if what.ends_with(mine)), "{refused}");
        assert_eq!((tables(&out).len(), own()), (before.len() + 1, noted + 1));
        fs::remove_file(out.join(mine)).expect("still there");
    }
    assert_eq!(fs::read_dir(&parent).expect("the folder").count(), 1, "nothing is left beside it");
}

/// A low finding: a kit or a reply was written over what lay there.
#[test]
fn nothing_is_written_over_and_of_several_files_all_or_none_are_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let [one, two, three] = ["1", "2", "3"].map(|name| folder.path().join(name));
    fs::write(&two, "mine (sample)").expect("written");
    let file = |path| NewFile { path, bytes: b"new" };
    let refused = write_new(&[file(&one), file(&two), file(&three)]).expect_err("taken");
    assert!(matches!(&refused, CenterError::Taken(name) if name.ends_with('2')), "{refused}");
    assert_eq!(tables(folder.path()), [("2".to_owned(), b"mine (sample)".to_vec())]);
    write_new(&[file(&one), file(&three)]).expect("new");
    assert_eq!((fs::read(&one).expect("there"), fs::read(&three).expect("there")), (b"new".to_vec(), b"new".to_vec()));
}

/// A5: a program that died in the middle left readable tables in a folder that nobody looks at, or the earlier ones in none.
#[test]
fn an_export_that_broke_off_is_undone_by_the_next() {
    let (desk, mut device) = Desk::with_device();
    device.register(1);
    desk.send(&device.export(2));
    let parent = desk.folder.path().join("out");
    let (out, other) = (parent.join("tables"), parent.join("others"));
    let export = |out: &Path, minute| desk.center.export_csv(&stamp(minute), out).expect("exported");
    let alone = |names: &[&str]| {
        let mut found: Vec<_> =
            fs::read_dir(&parent).expect("the folder").map(|entry| entry.expect("it").file_name()).collect();
        found.sort();
        assert_eq!(found, names, "nothing is left beside it");
    };
    assert_eq!(export(&out, 209).put_back, NOWHERE);
    let before = tables(&out);
    // Killed while the tables are written, for these tables and for others.
    for work in [".tables.outpost-export", ".others.outpost-export"] {
        fs::create_dir_all(parent.join(work).join("new")).expect("made");
        fs::write(parent.join(work).join("new/cells.csv"), "SUBJECT\nS01-001 (sample)\n").expect("written");
        fs::write(parent.join(work).join("lock"), "").expect("written");
    }
    assert_eq!(export(&out, 210).put_back, NOWHERE);
    alone(&["tables"]);
    // Killed between the two renames, again of both: the tables of the earlier export are put back.
    export(&other, 211);
    for (tables, work) in [(&out, ".tables.outpost-export"), (&other, ".others.outpost-export")] {
        fs::create_dir_all(parent.join(work).join("new")).expect("made");
        fs::rename(tables, parent.join(work).join("earlier")).expect("moved");
    }
    let mut put_back = export(&out, 212).put_back;
    put_back.sort();
    let canonical = fs::canonicalize(&parent).expect("there");
    assert_eq!(put_back, ["others", "tables"].map(|name| canonical.join(name)));
    alone(&["others", "tables"]);
    assert_eq!((tables(&out), tables(&other)), (before.clone(), before.clone()));
    // Killed before the earlier ones were removed.
    fs::create_dir_all(parent.join(".tables.outpost-export/earlier")).expect("made");
    fs::write(parent.join(".tables.outpost-export/earlier/cells.csv"), "SUBJECT\n").expect("written");
    assert_eq!(export(&out, 213).put_back, NOWHERE);
    alone(&["others", "tables"]);
    // Somebody is at it just now.
    let work = parent.join(".tables.outpost-export");
    fs::create_dir(&work).expect("made");
    let lock = fs::File::create(work.join("lock")).expect("made");
    lock.lock().expect("locked");
    let refused = desk.center.export_csv(&stamp(214), &out).expect_err("under way");
    assert!(matches!(refused, CenterError::ExportUnderWay(_)), "{refused}");
    drop(lock);
    export(&out, 215);
    alone(&["others", "tables"]);
    // What is no table is nobody's to remove.
    fs::create_dir_all(work.join("new")).expect("made");
    fs::write(work.join("new/analysis.R"), "mine (sample)").expect("written");
    desk.center.export_csv(&stamp(216), &out).expect_err("in the way");
    assert!(work.join("new/analysis.R").exists());
    assert_eq!(tables(&out), before);
}

/// A5: a program that died left an empty file that took the name for ever, and half a bundle beside it.
#[test]
fn what_a_death_left_of_a_new_file_takes_no_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let [kit, part, mine] = ["S01.kit", ".outpost-part-AbCdEf", ".tmpAbCdEf"].map(|name| folder.path().join(name));
    fs::write(&kit, "").expect("reserved");
    fs::write(&part, "half a kit (sample)").expect("written");
    fs::write(&mine, "mine (sample)").expect("written");
    let file = [NewFile { path: &kit, bytes: b"new" }];
    let busy = fs::File::options().write(true).open(&kit).expect("opened");
    busy.lock().expect("locked");
    assert!(matches!(write_new(&file), Err(CenterError::Taken(_))), "somebody is about to fill it");
    drop(busy);
    write_new(&file).expect("its name is free");
    assert_eq!(fs::read(&kit).expect("there"), b"new");
    assert!(!part.exists() && mine.exists(), "what may be another program's stays");
    assert!(matches!(write_new(&file), Err(CenterError::Taken(_))));
}

/// A5: half a bundle that a program left lay among the bundles for ever.
#[test]
fn what_a_death_left_among_the_bundles_is_removed() {
    let (desk, _) = Desk::with_device();
    let left = desk.folder.path().join("bundles/.tmpAbCdEf");
    fs::write(&left, "half a bundle (sample)").expect("written");
    Center::open(desk.folder.path(), &Functions::default()).expect("it opens");
    assert!(!left.exists());
}

/// A8: a bundle was said not to be taken in, although it was, where its receipt could not be written.
#[test]
fn a_receipt_that_can_not_be_written_hides_not_what_became_of_the_bundle() {
    let (desk, mut device) = Desk::with_device();
    device.register(1);
    let receipts = desk.folder.path().join("receipts");
    fs::remove_dir_all(&receipts).expect("removed");
    fs::write(&receipts, "").expect("a file in its place");
    let said = desk.send(&device.export(2)).remove(0);
    assert!(!said.is_good() && said.receipt.is_none());
    let words = said.to_string();
    assert!(
        words.starts_with("a.bundle: accepted 1 entries; take it in once more, for its receipt could not be written: ")
    );
    assert_eq!(desk.center.status().expect("a status").sites[0].devices[0].held, 2);
    fs::remove_file(&receipts).expect("removed");
    let again = desk.send(&device.export(2)).remove(0);
    assert!(again.is_good() && again.receipt.is_some_and(|receipt| receipt.exists()));
}

/// A11: a check looked at the database alone.
#[test]
fn a_check_reads_every_bundle_and_receipt() {
    let (desk, mut device) = Desk::with_device();
    (1..=4).for_each(|number| drop(device.register(number)));
    let mut stranger = Device::new(&desk, "S01-zzzzzzzz");
    stranger.enrol();
    let sent = [device.part(2, 2), device.part(4, 5), stranger.export(1)];
    let receipt = sent.each_ref().map(|packed| desk.send(packed).remove(0).receipt).into_iter().flatten().next();
    desk.center.check().expect("sound");
    for packed in &sent {
        let file = kept(&desk, packed);
        let good = fs::read(&file).expect("kept");
        let mut altered = good.clone();
        let in_payload = altered.len() - 1700;
        altered[in_payload] ^= 1;
        let says = || desk.center.check().expect_err("found").to_string();
        let said = format!("1 of the bundles that are kept are gone or altered, the first is {}", packed.id);
        fs::write(&file, altered).expect("altered");
        assert_eq!(says(), said);
        fs::remove_file(&file).expect("removed");
        assert_eq!(says(), said);
        fs::write(&file, good).expect("put back");
        desk.center.check().expect("sound");
    }
    let receipt = receipt.expect("a receipt");
    for file in [receipt.clone(), receipt.with_extension("json.sig")] {
        let good = fs::read(&file).expect("there");
        fs::write(&file, "held 9 999 999 (sample)").expect("altered");
        let found = desk.center.check().expect_err("found");
        assert!(matches!(&found, CenterError::Evidence { what: "the receipts", files: 1, .. }), "{found}");
        desk.center.check().expect("it was written anew");
        assert!(fs::read(&file).expect("there") == good && !aside(&file, "damaged").is_empty());
        fs::remove_file(&file).expect("removed");
        assert!(desk.center.check().is_err());
        desk.center.check().expect("it was written anew");
    }
}

/// A device that has read more of the center's log than there is, or another one, tells that the center was put back from an old copy.
#[test]
fn a_center_that_was_put_back_is_told_by_its_devices() {
    for (others, alarms) in [((0, 0), vec![]), ((3, 9), vec![AlarmKind::Center]), ((90, 1), vec![AlarmKind::Center])] {
        let (desk, mut device) = Desk::with_device();
        let status = desk.center.status().expect("a status");
        let head = crate::folding::storage(&desk).read(|tx| tx.id_at("center", 2)).expect("read").expect("held");
        assert!(status.own_entries > 2);
        device.register(1);
        let (seq, byte) = others;
        let head = if seq == 0 { head } else { casebook::EntryId([byte; 32]) };
        device.has = vec![bundle::HeldLog { log: "center".to_owned(), seq: seq.max(2), head }];
        let said = desk.send(&device.export(2)).remove(0);
        assert_eq!((said.outcome.to_string(), said.alarms), ("accepted 1 entries".to_owned(), alarms), "{others:?}");
    }
}

/// A stick that stops in the middle of what it is read for the second time, until somebody lets it go on.
struct Slow {
    stick: Cursor<Vec<u8>>,
    /// Bytes that are read before it stops.
    left: usize,
    stopped: mpsc::Sender<()>,
    go_on: mpsc::Receiver<()>,
}

impl Read for Slow {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.stick.read(buffer)?;
        if self.left < read && self.left > 0 {
            self.stopped.send(()).expect("somebody waits");
            // Whoever waits for this stick has to wait no longer than that.
            let is_late = self.go_on.recv_timeout(Duration::from_secs(20)).is_err();
            if is_late {
                return Err(io::ErrorKind::TimedOut.into());
            }
        }
        self.left = self.left.saturating_sub(read);
        Ok(read)
    }
}

impl Seek for Slow {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.stick.seek(to)
    }
}

/// K12: while a stick was read, however slow it was, nobody else could write.
#[test]
fn k12_nobody_waits_for_a_slow_stick() {
    let (desk, mut device) = Desk::with_device();
    let mut other = Device::new(&desk, "S01-bbbbbbbb");
    desk.admit(&mut other);
    device.register(1);
    other.register(2);
    let (packed, second) = (device.export(2), other.export(2));
    let ((stopped, stops), (lets, go_on)) = (mpsc::channel(), mpsc::channel());
    let slow = Slow { left: packed.bytes.len() + 900, stick: Cursor::new(packed.bytes.clone()), stopped, go_on };
    let beside = Center::open(desk.folder.path(), &Functions::default()).expect("it opens");
    std::thread::scope(|scope| {
        let first = scope.spawn(|| desk.center.import(&stamp(9), "slow.bundle", slow).expect("the center works"));
        stops.recv_timeout(Duration::from_secs(20)).expect("the stick is read twice");
        let said = beside.import(&stamp(9), "b.bundle", Cursor::new(second.bytes.clone())).expect("its turn");
        assert_eq!(said[0].outcome.to_string(), "accepted 1 entries");
        lets.send(()).expect("it waits");
        assert_eq!(first.join().expect("no panic")[0].outcome.to_string(), "accepted 1 entries");
    });
    assert!(fs::read(kept(&desk, &packed)).expect("kept") == packed.bytes);
}
