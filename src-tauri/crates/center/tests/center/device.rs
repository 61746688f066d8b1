//! An invented device with its log, and a center to send to.

use bundle::{Activation, HeldLog, Kind, PackOptions, Packed, Packer, Recipients};
use casebook::act::{DeviceEnrolled, ItemSet, ItemsSet, SubjectRegistered};
use casebook::{
    Act, Checkpoint, Entry, EntryId, FreeTextId, Instant, Line, Offset, Stored, TextCommit, TextRow, Tick, VERSION,
};
use center::{Center, Founding, ImportedBundle, Stamp};
use seal::{Identity, Recipient, SigningKey, sha256};
use std::io::Cursor;
use study::{FormKey, Oid};
use tempfile::TempDir;

pub const STUDY: &str = include_str!("study.xml");
const NOON: i64 = 1_795_421_702_113;

/// A center with a device of which it has the first entry; the device has registered a subject since and taken its pressure, and sent
/// nothing of that.
pub struct Begun {
    pub desk: Desk,
    /// Opens the replies to the device.
    pub identity: Identity,
    pub device: Device,
    /// `S01-001`.
    pub subject: Oid,
}

impl Begun {
    pub fn new() -> Self {
        let desk = Desk::new();
        let identity = Identity::make();
        let mut device = Device { age: identity.recipient(), ..Device::new(&desk, "S01-k7f2m3pq") };
        desk.admit(&mut device);
        let subject = device.register(1);
        device.set(&subject, "IT.VS.SYSBP", "120");
        Self { desk, identity, device, subject }
    }
}

/// A center in a temporary folder.
pub struct Desk {
    pub center: Center,
    pub folder: TempDir,
}

impl Desk {
    pub fn new() -> Self {
        Self::of(false)
    }

    pub fn of(practice: bool) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let founding = Founding {
            study_name: "study.xml",
            study: STUDY.as_bytes(),
            functions: &study::Functions::default(),
            practice,
        };
        let center = Center::init(folder.path(), &founding, &stamp(0)).expect("a good study");
        center.add_site(&stamp(1), "S01", "Sample hospital").expect("a good name");
        Self { center, folder }
    }

    /// A device whose first bundle was approved and taken in.
    pub fn with_device() -> (Self, Device) {
        let desk = Self::new();
        let mut device = Device::new(&desk, "S01-k7f2m3pq");
        desk.admit(&mut device);
        (desk, device)
    }

    /// Enrols a device, approves it and takes its first bundle in.
    pub fn admit(&self, device: &mut Device) {
        device.enrol();
        self.send(&device.export(1));
        self.center.approve(&stamp(2), &device.log).expect("it waits");
        let taken = self.center.import_waiting(&stamp(3), &device.log).expect("a good bundle");
        assert_eq!(taken[0].outcome.to_string(), "accepted 1 entries");
    }

    pub fn send(&self, packed: &Packed) -> Vec<ImportedBundle> {
        self.send_bytes(&packed.bytes)
    }

    pub fn send_bytes(&self, bytes: &[u8]) -> Vec<ImportedBundle> {
        self.center.import(&stamp(100), "a.bundle", Cursor::new(bytes.to_vec())).expect("the center works")
    }

    /// Sends a bundle and gives what the center says.
    pub fn says(&self, packed: &Packed) -> String {
        self.send(packed)[0].outcome.to_string()
    }

    pub fn recipient(&self) -> Recipient {
        self.key("center.agekey")
    }

    /// The public half of a key that lies in the folder, or in the center's folder within.
    pub fn key(&self, name: &str) -> Recipient {
        let folder = self.folder.path();
        let file = [folder.join(name), folder.join("center").join(name)].into_iter().find(|file| file.exists());
        let file = std::fs::read_to_string(file.expect(name)).expect("its key");
        Identity::from_file(&file).expect("its key").recipient()
    }
}

/// A minute of the test.
pub fn stamp(minute: i64) -> Stamp {
    Stamp { at: Instant::from_ms(NOON + minute * 60_000), tz: Offset::from_minutes(480), by: Oid::from("datamanager") }
}

/// A device with everything that it has written. A clone is a copy of its vault.
#[derive(Clone)]
pub struct Device {
    pub log: String,
    pub site: String,
    pub practice: bool,
    pub study: String,
    pub key: SigningKey,
    pub age: Recipient,
    pub to: Recipient,
    pub recovery: Recipient,
    pub lines: Vec<Line>,
    pub texts: Vec<(u64, TextRow)>,
    pub epoch: u64,
    pub has: Vec<HeldLog>,
    /// The activation code of the kit that it was founded by, where it shows it.
    pub activation: Option<String>,
    /// The name of a blob that its bundles carry.
    pub blob: Option<String>,
    /// The metadata version that it writes under.
    pub version: Oid,
}

impl Device {
    pub fn new(desk: &Desk, log: &str) -> Self {
        let seed = sha256(log.as_bytes());
        Self {
            log: log.to_owned(),
            site: log.split_once('-').map_or("S01", |(site, _)| site).to_owned(),
            practice: false,
            study: "ST.GOOD".to_owned(),
            key: SigningKey::from_seed(&seed),
            age: Identity::make().recipient(),
            to: desk.recipient(),
            recovery: desk.key("recovery.agekey"),
            lines: Vec::new(),
            texts: Vec::new(),
            epoch: 1,
            has: Vec::new(),
            activation: None,
            blob: None,
            version: Oid::from("MDV.1"),
        }
    }

    pub fn head(&self) -> EntryId {
        self.lines.last().map_or(EntryId::ZERO, Line::id)
    }

    pub fn write(&mut self, act: impl Into<Act>) -> EntryId {
        self.write_with(act, |_| {})
    }

    /// Writes an act under a head that `change` may say otherwise.
    pub fn write_with(&mut self, act: impl Into<Act>, change: impl FnOnce(&mut Entry)) -> EntryId {
        let act = act.into();
        let seq = self.lines.len() as u64 + 1;
        let at = Instant::from_ms(NOON + seq as i64 * 1000);
        let mut entry = Entry {
            v: VERSION,
            study: Oid::from(self.study.as_str()),
            log: Oid::from(self.log.as_str()),
            seq,
            prev: self.head(),
            at,
            tz: Offset::from_minutes(480),
            tick: self.lines.last().map_or(Tick::default(), |line| line.entry().tick).next(at),
            by: Oid::from("nurse1"),
            metadata_version: act.subject().map(|_| self.version.clone()),
            act,
        };
        change(&mut entry);
        let line = Line::write(entry, sha256).expect("a coherent entry");
        let id = line.id();
        self.lines.push(line);
        id
    }

    pub fn enrol(&mut self) {
        self.write(DeviceEnrolled {
            site: Oid::from(self.site.as_str()),
            device: Oid::from(self.log.as_str()),
            key: self.key.public().to_string(),
            recipient: self.age.to_string(),
            program: "0.1.0".to_owned(),
            practice: self.practice,
        });
    }

    pub fn register(&mut self, number: u32) -> Oid {
        let subject = Oid::from(format!("{}-{number:03}", self.site));
        self.write(SubjectRegistered { subject: subject.clone(), site: Oid::from(self.site.as_str()) });
        subject
    }

    pub fn set(&mut self, subject: &Oid, item: &str, value: &str) -> EntryId {
        self.put(subject, "SE.SCR[1]/F.VS[1]", "IG.VS", item, Stored::Plain(value.into()))
    }

    pub fn say(&mut self, subject: &Oid, words: &str) -> EntryId {
        // Not by the house's own door, which keeps to a length that another program may not know.
        let salt = [self.lines.len() as u8; 16];
        let commit = TextCommit(sha256(&[&salt, words.as_bytes()].concat()));
        let row = TextRow { commit, salt: seal::hex::encode(&salt), text: words.into() };
        let id =
            self.put(subject, "SE.AE[1]/F.AE[1]", "IG.AE", "IT.AE.TERM", Stored::Text(FreeTextId { text: row.commit }));
        self.texts.push((self.lines.len() as u64, row));
        id
    }

    pub fn put(&mut self, subject: &Oid, form: &str, group: &str, item: &str, value: Stored) -> EntryId {
        let form: FormKey = form.parse().expect("a place");
        let set = ItemSet {
            group: Oid::from(group),
            repeat: study::Repeat::first(),
            item: Oid::from(item),
            value: Some(value),
            missing: None,
            unit: None,
            raw: None,
            bases: Vec::new(),
            reason: None,
        };
        self.write(ItemsSet { subject: subject.clone(), form, items: vec![set] })
    }

    pub fn terms(&self) -> PackOptions {
        let checkpoint = Checkpoint {
            log: self.log.clone(),
            epoch: self.epoch,
            seq: self.lines.len() as u64,
            head: self.head(),
            state: EntryId([0; 32]),
            receipt: None,
        };
        PackOptions {
            kind: Kind::Data,
            practice: self.practice,
            study: self.study.clone(),
            site: self.site.clone(),
            log: self.log.clone(),
            age: self.age.clone(),
            to: Recipients::Keys(vec![
                ("center".to_owned(), self.to.clone()),
                ("recovery".to_owned(), self.recovery.clone()),
            ]),
            at: Instant::from_ms(NOON),
            checkpoint: Some(checkpoint),
            has: self.has.clone(),
            split: bundle::limits::USUAL_SPLIT,
        }
    }

    /// Everything from an entry on.
    pub fn export(&self, from: u64) -> Packed {
        self.part(from, u64::MAX)
    }

    /// The entries from one to another.
    pub fn part(&self, from: u64, till: u64) -> Packed {
        let mut packer = Packer::begin(self.terms(), &self.key).expect("coherent terms");
        let own = Activation { study: &self.study, site: &self.site, device: &self.log, key: self.key.public() };
        let shown = self.activation.as_ref().map(|code| own.blob_name(code).expect("a long code"));
        for name in shown.iter().chain(&self.blob) {
            packer.blob(name, Activation::CONTENT).expect("a blob");
        }
        for line in &self.lines {
            let seq = line.entry().seq;
            if (from..=till).contains(&seq) {
                packer.entry(&self.log, seq, line.id(), line.bytes()).expect("a chained log");
                self.texts.iter().filter(|(at, _)| *at == seq).for_each(|(_, text)| packer.text(text).expect("short"));
            }
        }
        packer.finish().expect("a bundle").pop().expect("one bundle")
    }
}
