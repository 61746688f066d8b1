//! Kits and replies, as a device reads them.

use crate::device::{Desk, Device, STUDY, stamp};
use crate::folding::database;
use bundle::{Admission, BlobNote, BundleError, HeldLog, Key, Kind, Kit, Sealed, SenderTrust, SignedReceipt, Sink};
use casebook::{CENTER, Line, TextRow};
use center::CenterError;
use seal::Identity;
use std::io::Cursor;

#[derive(Default)]
pub struct Read {
    pub lines: Vec<Line>,
    pub texts: Vec<TextRow>,
    pub blobs: Vec<(String, Vec<u8>)>,
}

impl Sink for Read {
    type Error = BundleError;

    fn line(&mut self, line: Line) -> Result<(), BundleError> {
        self.lines.push(line);
        Ok(())
    }

    fn text(&mut self, row: TextRow) -> Result<(), BundleError> {
        self.texts.push(row);
        Ok(())
    }

    fn blob(&mut self, note: &BlobNote, bytes: Vec<u8>) -> Result<(), BundleError> {
        self.blobs.push((note.name.clone(), bytes));
        Ok(())
    }
}

pub fn open(desk: &Desk, bytes: &[u8], kind: Kind, key: &Key<'_>) -> Read {
    let sealed = Sealed::inspect(Cursor::new(bytes.to_vec())).expect("whole");
    let sender = SenderTrust::Known(desk.center.public_key());
    let admission = Admission { study: Some("ST.GOOD"), site: None, kind, practice: false, sender };
    let mut read = Read::default();
    sealed.admit(&admission).expect("meant for us").open(key, &mut read).expect("good");
    read
}

#[test]
fn a_kit_holds_all_that_a_device_needs() {
    let desk = Desk::new();
    let packed = desk.center.make_kit(&stamp(2), "S01", "correct horse battery").expect("a kit");
    let read = open(&desk, &packed.bytes, Kind::Kit, &Key::Passphrase("correct horse battery"));
    let kit = Kit::read(&read.blobs[0].1).expect("a kit");
    assert_eq!((kit.site.as_str(), kit.site_name.as_str(), kit.study.as_str()), ("S01", "Sample hospital", "ST.GOOD"));
    assert_eq!(kit.center_key, desk.center.public_key());
    assert_eq!(kit.center_age.to_string(), desk.recipient().to_string());
    assert!(read.blobs[1].0 == Kit::STUDY_NAME && read.blobs[1].1 == STUDY.as_bytes());
    assert!(matches!(desk.center.make_kit(&stamp(3), "S01", "short"), Err(CenterError::ShortPassphrase)));
    assert!(matches!(
        desk.center.make_kit(&stamp(3), "S07", "correct horse battery"),
        Err(CenterError::UnknownSite(_))
    ));
}

#[test]
fn a_reply_confirms_and_brings_what_the_others_wrote() {
    let (desk, mut device) = Desk::with_device();
    let identity = Identity::make();
    let mut other = Device::new(&desk, "S01-zzzzzzzz");
    other.age = identity.recipient();
    other.enrol();
    desk.send(&other.export(1));
    desk.center.approve(&stamp(4), &other.log).expect("it waits");
    desk.center.import_waiting(&stamp(5), &other.log).expect("taken in");
    let subject = device.register(1);
    device.say(&subject, "fell on the stairs");
    desk.send(&device.export(1));

    let replies = desk.center.reply(&stamp(6), "S01").expect("a reply").packed;
    assert_eq!(replies.len(), 1);
    let read = open(&desk, &replies[0].bytes, Kind::Reply, &Key::Identity(&identity));
    let of = |log: &str| read.lines.iter().filter(|line| *line.entry().log == *log).count();
    assert_eq!((of(&device.log), of(&other.log)), (3, 1));
    let own = desk.center.status().expect("status").own_entries;
    assert_eq!(of(CENTER) as u64, own);
    assert!(read.texts.iter().any(|row| row.text.as_str() == "fell on the stairs"));
    let has: Vec<_> = replies[0].envelope.has.iter().map(|has| (has.log.as_str(), has.seq)).collect();
    assert_eq!(has, [(CENTER, own), (device.log.as_str(), 3), (other.log.as_str(), 1)]);
    let receipts: Vec<_> = read.blobs.iter().filter(|(name, _)| name.starts_with("receipt-")).collect();
    let signature = String::from_utf8(receipts[1].1.clone()).expect("armour");
    let receipt = SignedReceipt { bytes: receipts[0].1.clone(), signature }
        .verify(&desk.center.public_key())
        .expect("the center's");
    assert_eq!((receipt.log.as_str(), receipt.seq, receipt.head), (device.log.as_str(), 3, device.head()));
    assert!(read.blobs.iter().any(|(name, bytes)| name == Kit::STUDY_NAME && bytes == STUDY.as_bytes()));
}

/// H1: words that were kept before texts had a bound stay here; the entries that quote them travel.
#[test]
fn h1_words_from_before_the_bound_stop_no_reply() {
    let (desk, mut device) = Desk::with_device();
    let identity = Identity::make();
    let mut other = Device { age: identity.recipient(), ..Device::new(&desk, "S01-zzzzzzzz") };
    desk.admit(&mut other);
    let subject = device.register(1);
    device.say(&subject, "too long");
    desk.send(&device.export(1));
    let kept = "UPDATE words SET words = ?1 WHERE words = 'too long'";
    let long = "a".repeat(casebook::MAX_LINE);
    assert_eq!(database(&desk).execute(kept, [&long]).expect("kept"), 1);
    let replies = desk.center.reply(&stamp(6), "S01").expect("a reply").packed;
    let to_other = replies.iter().find(|packed| packed.envelope.recipients.iter().any(|one| one.name == other.log));
    let read = open(&desk, &to_other.expect("one for it").bytes, Kind::Reply, &Key::Identity(&identity));
    assert_eq!(read.lines.iter().filter(|line| *line.entry().log == *device.log).count(), 3);
    assert_eq!(read.texts, []);
}

#[test]
fn a_reply_leaves_out_what_a_device_said_it_has() {
    let (desk, mut device) = Desk::with_device();
    let lines = |desk: &Desk, device: &Device| {
        let reply = desk.center.reply(&stamp(6), "S01").expect("a reply").packed.remove(0);
        let sealed = Sealed::inspect(Cursor::new(reply.bytes)).expect("whole");
        assert!(sealed.envelope().logs.iter().all(|run| run.log != device.log), "its own entries stay at home");
        sealed.envelope().logs.first().map(|run| (run.first, run.last))
    };
    let all = desk.center.status().expect("status").own_entries;
    assert_eq!(lines(&desk, &device), Some((1, all)));
    let head = desk.center.reply(&stamp(6), "S01").expect("a reply").packed[0].envelope.has[0].head;
    device.has = vec![HeldLog { log: CENTER.to_owned(), seq: all, head }];
    device.register(1);
    desk.send(&device.export(2));
    assert_eq!(lines(&desk, &device), Some((all + 1, all + 1)), "the center's own note of the import");
    device.has[0].head = device.head();
    device.register(2);
    desk.send(&device.export(3));
    assert_eq!(lines(&desk, &device), Some((1, all + 2)), "it holds another branch");
}

#[test]
fn an_altered_entry_is_found_at_its_place() {
    let (desk, mut device) = Desk::with_device();
    let subject = device.register(1);
    device.set(&subject, "IT.VS.SYSBP", "120");
    desk.send(&device.export(2));
    desk.center.check().expect("sound");
    let database = rusqlite::Connection::open(desk.folder.path().join("center.sqlite")).expect("the database");
    let altered = "UPDATE entry SET line = CAST(replace(CAST(line AS TEXT), '\"120\"', '\"130\"') AS BLOB)";
    database.execute(altered, []).expect("altered");
    let said = desk.center.check().expect_err("found").to_string();
    assert_eq!(said, "the log S01-k7f2m3pq is damaged or altered at seq 3");
}

#[test]
fn nobody_is_answered_who_cannot_read_it() {
    let desk = Desk::new();
    assert!(matches!(desk.center.reply(&stamp(1), "S01"), Err(CenterError::NoDevice(_))));
    assert!(matches!(desk.center.reply(&stamp(1), "S09"), Err(CenterError::UnknownSite(_))));
}

#[test]
fn the_center_s_own_log_is_chained() {
    let (desk, device) = Desk::with_device();
    desk.center.revoke(&stamp(7), &device.log, "stolen").expect("revoked");
    let again = center::Center::open(desk.folder.path(), &study::Functions::default()).expect("a center");
    again.check().expect("a sound database");
    // Entries: study published, device approved, bundle imported, device revoked.
    assert_eq!(again.status().expect("status").own_entries, 4);
}
