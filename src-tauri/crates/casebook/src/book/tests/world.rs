//! Devices that work apart, meet now and then, and exchange part of what they hold.

use crate::act::Act;
use crate::book::Book;
use crate::clock::{Instant, Offset, Tick};
use crate::entry::{Entry, Line};
use crate::ids::{EntryId, TextCommit};
use crate::text::FreeTextId;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::LazyLock;
use study::rules::Functions;
use study::{EventKey, FormKey, Oid, Study};

/// The small study.
pub static SMALL: LazyLock<Study> = LazyLock::new(|| {
    Study::read("small.xml", include_bytes!("small.xml"), &Functions::default())
        .unwrap_or_else(|faults| panic!("{faults:#?}"))
});

/// The small study as amended: a code renamed, a form and an item retired, an answer now needed, a limit and a window
/// changed.
pub static SECOND: LazyLock<Study> = LazyLock::new(|| {
    let mut text = include_str!("small.xml").to_owned();
    for (old, new) in [
        ("MetaDataVersion OID=\"MDV.1\"", "MetaDataVersion OID=\"MDV.2\""),
        ("<CodeListItem CodedValue=\"F\">", "<CodeListItem CodedValue=\"FEMALE\">"),
        (
            ">Female</TranslatedText></Decode>",
            ">Female</TranslatedText></Decode><Alias Context=\"urn:outpost:odm:1:was\" Name=\"F\"/>",
        ),
        ("SEX == \"F\" ||", "SEX == \"FEMALE\" ||"),
        (
            "<FormRef FormOID=\"F.PT\" OrderNumber=\"2\" Mandatory=\"No\" CollectionExceptionConditionOID=\"CO.MALE\"/>",
            "",
        ),
        ("<ItemRef ItemOID=\"IT.VS.WHY\" Mandatory=\"Yes\" CollectionExceptionConditionOID=\"CO.NORMAL\"/>", ""),
        ("IT.VS.HEIGHT\" Mandatory=\"No\"", "IT.VS.HEIGHT\" Mandatory=\"Yes\""),
        ("<CheckValue>180</CheckValue>", "<CheckValue>140</CheckValue>"),
        ("Name=\"-3 +3\"", "Name=\"-1 +1\""),
        ("GRADE &gt;= 3", "GRADE &gt;= 4"),
    ] {
        assert_eq!(text.matches(old).count(), 1, "{old}");
        text = text.replacen(old, new, 1);
    }
    Study::read("second.xml", text.as_bytes(), &Functions::default()).unwrap_or_else(|faults| panic!("{faults:#?}"))
});

/// The study that a book is under.
pub fn study_of(book: &Book) -> &'static Study {
    if book.version().is_some_and(|version| *version == "MDV.2") { &SECOND } else { &SMALL }
}

/// Asks the rules of the version that the book is under.
pub fn recompute(book: &mut Book) {
    let study = study_of(book);
    book.recompute(study);
}

/// Stands for SHA-256, which this room does not know.
pub fn digest(bytes: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    for (i, part) in out.chunks_exact_mut(8).enumerate() {
        let mut hasher = DefaultHasher::new();
        (i, bytes).hash(&mut hasher);
        part.copy_from_slice(&hasher.finish().to_le_bytes());
    }
    out
}

pub fn words(text: &str) -> FreeTextId {
    FreeTextId { text: TextCommit(digest(text.as_bytes())) }
}

pub fn subject() -> Oid {
    Oid::from("S01-001")
}

pub fn form(text: &str) -> FormKey {
    text.parse().unwrap_or_else(|_| panic!("{text}"))
}

pub fn event(text: &str) -> EventKey {
    text.parse().unwrap_or_else(|_| panic!("{text}"))
}

/// One writer with what it has seen.
pub struct Device {
    pub log: Oid,
    pub book: Book,
    /// How many entries of each log it holds.
    pub holds: BTreeMap<Oid, usize>,
    tick: Tick,
    clock: i64,
}

/// All devices and everything that any of them wrote.
#[derive(Default)]
pub struct World {
    pub devices: Vec<Device>,
    pub logs: BTreeMap<Oid, Vec<Line>>,
    rows: u32,
}

impl World {
    pub fn new(devices: usize) -> World {
        let mut world = World::default();
        for n in 0..devices {
            let log = Oid::from(if n == 0 { "center".to_owned() } else { format!("S01-{n}") });
            world.logs.insert(log.clone(), Vec::new());
            // Clocks that disagree by hours: nothing may depend on them.
            let clock = 1_795_000_000_000 + (n as i64 * 7_919_000) % 20_000_000;
            let device = Device { log, book: Book::new(), holds: BTreeMap::new(), tick: Tick::default(), clock };
            world.devices.push(device);
        }
        world
    }

    /// A row key that only this device gives out.
    pub fn new_row(&mut self, device: usize) -> String {
        self.rows += 1;
        format!("d{device}.{}", self.rows)
    }

    /// The device writes one entry and folds it at once.
    pub fn act(&mut self, device: usize, act: impl Into<Act>) -> EntryId {
        let device = &mut self.devices[device];
        device.clock += 60_000;
        device.tick = device.tick.next(Instant::from_ms(device.clock));
        let log = self.logs.get_mut(&device.log).expect("every device has a log");
        let entry = Entry {
            v: 1,
            study: "ST.SMALL".into(),
            log: device.log.clone(),
            seq: log.len() as u64 + 1,
            prev: log.last().map_or(EntryId::ZERO, Line::id),
            at: Instant::from_ms(device.clock),
            tz: Offset::from_minutes(480),
            tick: device.tick,
            by: "nurse1".into(),
            metadata_version: Some(study_of(&device.book).metadata_version.clone()),
            act: act.into(),
        };
        let line = Line::write(entry, digest).expect("what the test writes is well-formed");
        device.book.apply(line.id(), line.entry()).expect("the one subject");
        recompute(&mut device.book);
        device.holds.insert(device.log.clone(), log.len() + 1);
        let id = line.id();
        log.push(line);
        id
    }

    /// Hands over some of what `from` holds of every log.
    pub fn meet(&mut self, from: usize, to: usize, share: usize) {
        if from == to {
            return;
        }
        let offered = self.devices[from].holds.clone();
        let device = &mut self.devices[to];
        for (log, count) in offered {
            let held = device.holds.get(&log).copied().unwrap_or(0);
            let until = held.max(count * share / 4);
            for line in &self.logs[&log][held..until] {
                device.tick = device.tick.max(line.entry().tick);
                device.book.apply(line.id(), line.entry()).expect("the one subject");
            }
            device.holds.insert(log, until);
        }
        recompute(&mut device.book);
    }

    /// The fold of a part of every log, in an order drawn from `order`: the next entry of the log whose turn it is.
    pub fn fold(&self, cut: &BTreeMap<Oid, usize>, order: &[u8], mut after: impl FnMut(usize, &mut Book)) -> Book {
        let mut book = Book::new();
        let mut left: Vec<&[Line]> =
            self.logs.iter().map(|(log, lines)| &lines[..cut.get(log).copied().unwrap_or(lines.len())]).collect();
        let mut turn = 0;
        while left.iter().any(|lines| !lines.is_empty()) {
            left.retain(|lines| !lines.is_empty());
            let choice = order.get(turn % order.len().max(1)).map_or(0, |n| usize::from(*n) % left.len());
            turn += 1;
            if let Some((line, rest)) = left[choice].split_first() {
                left[choice] = rest;
                book.apply(line.id(), line.entry()).expect("the one subject");
                after(turn, &mut book);
            }
        }
        recompute(&mut book);
        book
    }
}

/// Rows by their key.
pub type Rows = BTreeMap<crate::row::RowKey, Vec<u8>>;

/// The rows as a sorted map.
pub fn rows(book: &Book) -> Rows {
    book.rows().into_iter().collect()
}

/// The places of rows that differ.
pub fn differing(a: &Rows, b: &Rows) -> Vec<String> {
    let keys: BTreeSet<_> = a.keys().chain(b.keys()).collect();
    keys.into_iter().filter(|key| a.get(key) != b.get(key)).map(|key| format!("{:?} {}", key.kind, key.place)).collect()
}
