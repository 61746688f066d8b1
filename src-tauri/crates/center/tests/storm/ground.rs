//! A center with three sites: one whose device means harm, and two that work. Every batch of bundles falls on a copy of it.

use std::fs;
use std::io::Cursor;
use std::path::Path;

use casebook::{EntryId, LogEnd, RowKey};
use center::store::{Embedded, Storage, StoreError};
use center::{Amendment, Center, ImportedBundle};
use study::{Functions, Oid};
use tempfile::TempDir;

use crate::device::{Desk, Device, STUDY, stamp};

/// The device that means harm.
pub const HOSTILE: &str = "S01-zzzzzzzz";
/// Those that work.
pub const HONEST: [&str; 2] = ["S02-bbbbbbbb", "S03-cccccccc"];
/// Their subjects.
pub const OTHERS: [&str; 2] = ["S02-001", "S03-001"];

/// What was held and shown of the others' subjects before anything hostile came.
#[derive(PartialEq, Eq)]
struct Others {
    rows: Vec<Vec<(RowKey, Vec<u8>)>>,
    lines: Vec<String>,
}

/// The center as it was.
pub struct Base {
    folder: TempDir,
    others: Others,
    honest: [Device; 2],
    pub hostile: Device,
}

impl Base {
    pub fn new() -> Self {
        let desk = Desk::new();
        for (site, name) in [("S02", "Second hospital (sample)"), ("S03", "Third hospital (sample)")] {
            desk.center.add_site(&stamp(1), site, name).expect("a good name");
        }
        let file = STUDY.replace("OID=\"MDV.1\"", "OID=\"MDV.2\"");
        let (effective, approval) = ("2026-11-01", "EC 2026/7 (sample)");
        let amendment = Amendment { name: "second.xml", file: file.as_bytes(), effective, approval, sites: &[] };
        desk.center.publish(&stamp(2), &amendment).expect("an amendment");
        let mut honest = HONEST.map(|log| Device::new(&desk, log));
        honest.iter_mut().for_each(|device| at_work(&desk, device));
        let mut hostile = Device::new(&desk, HOSTILE);
        at_work(&desk, &mut hostile);
        let others = Others::of(&desk.center).expect("shown");
        let Desk { center, folder } = desk;
        drop(center);
        Self { folder, others, honest, hostile }
    }

    /// A copy, and a center that works on it.
    pub fn lay(&self) -> Ground<'_> {
        let folder = TempDir::new().expect("a folder");
        copy(self.folder.path(), folder.path());
        let center = Center::open(folder.path(), &Functions::default()).expect("it opens");
        let storage = Box::new(Embedded::open(&folder.path().join("center.sqlite")).expect("it opens"));
        Ground { base: self, center, storage, folder }
    }
}

/// A device that has sent what it has written: a subject with answers, words and a form that is complete.
fn at_work(desk: &Desk, device: &mut Device) {
    desk.admit(device);
    let subject = device.register(1);
    device.set(&subject, "IT.VS.SYSBP", "120");
    device.say(&subject, "fell on the stairs (sample)");
    let form = "SE.SCR[1]/F.VS[1]".parse().expect("a form");
    device.write(casebook::act::FormCompleted { subject, form, bases: Vec::new() });
    assert_eq!(desk.says(&device.export(2)), "accepted 4 entries");
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).expect("a folder").map(|entry| entry.expect("an entry")) {
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            fs::create_dir(&to).expect("made");
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).expect("copied");
        }
    }
}

impl Others {
    fn of(center: &Center) -> Result<Self, String> {
        let out = TempDir::new().map_err(|error| error.to_string())?;
        let exported = center.export_csv(&stamp(100), out.path()).map_err(|error| format!("no export: {error}"))?;
        let mut lines = Vec::new();
        for file in exported.files {
            let text = String::from_utf8_lossy(&fs::read(&file).map_err(|error| error.to_string())?).into_owned();
            let about = |line: &&str| OTHERS.iter().any(|subject| line.starts_with(&format!("{subject},")));
            lines.extend(text.lines().filter(about).map(|line| format!("{:?}: {line}", file.file_name())));
        }
        let book = |subject: &str| center.book(subject).map_err(|error| format!("no book of {subject}: {error}"));
        let rows = OTHERS.map(|subject| book(subject).map(|book| sorted(book.rows())));
        Ok(Self { rows: rows.into_iter().collect::<Result<_, _>>()?, lines })
    }
}

fn sorted(mut rows: Vec<(RowKey, Vec<u8>)>) -> Vec<(RowKey, Vec<u8>)> {
    rows.sort();
    rows
}

/// A copy of the center on which bundles fall.
pub struct Ground<'b> {
    base: &'b Base,
    pub center: Center,
    storage: Box<dyn Storage>,
    folder: TempDir,
}

impl Ground<'_> {
    /// Hands a file in by the door through which all come.
    pub fn hand_in(&self, bytes: &[u8]) -> Result<Vec<ImportedBundle>, String> {
        let imported = self.center.import(&stamp(200), "a.bundle", Cursor::new(bytes));
        imported.map_err(|error| format!("the center fails: {error}"))
    }

    /// How far the hostile device's log is held.
    pub fn end(&self) -> LogEnd {
        self.storage.read(|tx| Ok::<_, StoreError>(tx.log_state(HOSTILE)?.end)).expect("read")
    }

    /// The hostile device's entry at a place.
    pub fn id_at(&self, seq: u64) -> Option<EntryId> {
        self.storage.read(|tx| tx.id_at(HOSTILE, seq)).expect("read")
    }

    /// Nothing of the others' has changed, here and as another process sees it, and they go on.
    ///
    /// # Errors
    /// What has changed, in words.
    pub fn stands_unharmed(self) -> Result<(), String> {
        let again = Center::open(self.folder.path(), &Functions::default())
            .map_err(|error| format!("it does not open any more: {error}"))?;
        for center in [&self.center, &again] {
            if Others::of(center)? != self.base.others {
                return Err("another site's subject has changed".to_owned());
            }
            center.check().map_err(|error| format!("it is not sound: {error}"))?;
            let status = center.status().map_err(|error| format!("no status: {error}"))?;
            let others = status.sites.iter().filter(|site| site.site != "S01").map(|site| site.subjects);
            if others.collect::<Vec<_>>() != [1, 1] {
                return Err("another site has other subjects".to_owned());
            }
            for site in ["S02", "S03"] {
                let reply = center.reply(&stamp(300), site).map_err(|error| format!("no reply to {site}: {error}"))?;
                if reply.packed.len() != 1 {
                    return Err(format!("{} replies to {site}", reply.packed.len()));
                }
            }
        }
        self.base.honest.iter().try_for_each(|device| self.goes_on(device.clone()))
    }

    /// An honest device's next bundle is taken in, and shows.
    fn goes_on(&self, mut device: Device) -> Result<(), String> {
        let first = device.lines.len() as u64 + 1;
        let subject = Oid::from(format!("{}-001", device.site));
        device.set(&subject, "IT.VS.DIABP", "80");
        let said = self.hand_in(&device.export(first).bytes)?.remove(0).outcome.to_string();
        if said != "accepted 1 entries" {
            return Err(format!("the bundle of {}: {said}", device.log));
        }
        let mut fresh = casebook::Book::new();
        for line in device.lines.iter().filter(|line| line.entry().act.subject() == Some(&subject)) {
            fresh.apply(line.id(), line.entry()).map_err(|error| error.to_string())?;
        }
        fresh.recompute(self.center.study());
        let book = self.center.book(&subject).map_err(|error| error.to_string())?;
        if sorted(book.rows()) == sorted(fresh.rows()) {
            Ok(())
        } else {
            Err(format!("{subject} is not what {} says of it", device.log))
        }
    }
}
