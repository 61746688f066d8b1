//! Tests through the room's doors, and through the file itself where somebody else's hand is played.

mod accounts;
mod backups;
mod detection;
mod device_keys;
mod door;
mod exchange;
mod failing;
mod full_disk;
mod in_place;
mod kill;
mod opening;
mod optional;
mod receiving;
mod recovery;
mod restoring;
mod revoked;
mod schema;
#[cfg(unix)]
mod unread;

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use casebook::act::{DeviceEnrolled, ItemSet, ItemsSet, SubjectRegistered, UserAdded};
use casebook::{Book, EntryId, FreeTextId, Private, Role, Stored};
use rusqlite::Connection;
use seal::{Cost, Identity, SigningKey};
use study::{CellKey, EventKey, FormKey, Oid};
use tempfile::TempDir;

use crate::connection::DbKey;
use crate::open::Secrets;
use crate::{Alarm, Founding, Locked, NewUser, Open, Stamp, Tx, VaultError, VaultPlace};

pub(crate) const STUDY: &[u8] = include_bytes!("study.xml");
pub(crate) const DEVICE: &str = "S01-abcdefgh";
pub(crate) const PASSWORD: &str = "tide-lamp-orbit-57";
/// 2026-11-23T08:00:00Z.
const START: i64 = 1_795_420_800_000;

/// A vault in a temporary folder.
pub(crate) struct Site {
    pub(crate) temp: TempDir,
}

/// Milliseconds after the start of the tests' day.
pub(crate) fn at(ms: i64) -> Stamp {
    Stamp::new(START + ms, 480, "nurse1")
}

impl Site {
    pub(crate) fn new() -> Self {
        Self { temp: tempfile::tempdir().expect("temp") }
    }

    pub(crate) fn place(&self) -> VaultPlace {
        VaultPlace { folder: self.folder(), checkpoint: self.temp.path().join("config/checkpoint.json") }
    }

    pub(crate) fn folder(&self) -> PathBuf {
        self.temp.path().join("vault")
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.folder().join("vault.db")
    }

    pub(crate) fn found(&self) -> Open {
        let signing = SigningKey::make().expect("key");
        let identity = Identity::make();
        let (key, recipient) = (signing.public().to_string(), identity.recipient().to_string());
        let founding = Founding {
            study_xml: STUDY.to_vec(),
            functions: study::Functions::default(),
            site: "S01".into(),
            device: DEVICE.into(),
            signing,
            identity,
            settings: vec![("center.key".into(), b"a key".to_vec())],
        };
        let first = NewUser { user: "nurse1", password: PASSWORD, cost: Cost::floor() };
        Open::found(&self.place(), &founding, &first, &at(0), |tx, user_key| {
            let (site, device) = (Oid::from("S01"), Oid::from(DEVICE));
            tx.write(DeviceEnrolled { site, device, key, recipient, program: "0.1.0".into(), practice: true })?;
            tx.write(account("nurse1", Some(user_key.to_string())))?;
            Ok::<_, VaultError>(())
        })
        .expect("founded")
    }

    pub(crate) fn try_unlock(&self, password: &str, ms: i64) -> Result<Open, VaultError> {
        Locked::find(&self.place(), &study::Functions::default())?.unlock("nurse1", password, &at(ms))
    }

    pub(crate) fn unlock(&self, ms: i64) -> Open {
        self.try_unlock(PASSWORD, ms).expect("unlocks")
    }

    /// A vault with subjects and answers, locked; gives the key for the hand that holds it.
    pub(crate) fn with_answers(&self, subjects: u32, answers: u32) -> DbKey {
        let mut open = self.found();
        for n in 1..=subjects {
            register(&mut open, &subject(n), i64::from(n));
            for value in 0..answers {
                set(&mut open, &subject(n), "IT.SYSBP", &(100 + value).to_string(), 1000 + i64::from(value));
            }
        }
        let key = open.key.clone();
        open.lock(&at(100_000)).expect("locks");
        key
    }

    /// The database key, from the password.
    pub(crate) fn key(&self) -> DbKey {
        let bytes = fs::read(self.folder().join("keyslots.json")).expect("reads");
        seal::KeySlots::read(&bytes).expect("slots").unlock("nurse1", PASSWORD).expect("opens").db_key
    }

    /// The raw database with the key in hand, as an intruder who has it would open it.
    pub(crate) fn raw(&self, key: &DbKey) -> Connection {
        let sql = Connection::open(self.database()).expect("opens");
        sql.pragma_update(None, "key", crate::connection::raw_key(key).as_str()).expect("key");
        sql
    }

    /// The vault as it stands on the disk, on a computer of its own.
    pub(crate) fn twin(&self) -> Self {
        let twin = Self::new();
        for folder in ["vault", "config"] {
            let to = twin.temp.path().join(folder);
            fs::create_dir_all(&to).expect("folder");
            for file in fs::read_dir(self.temp.path().join(folder)).expect("folder") {
                let file = file.expect("file");
                fs::copy(file.path(), to.join(file.file_name())).expect("copy");
            }
        }
        twin
    }

    /// The vault opened as the nurse without the time that a password takes.
    pub(crate) fn enter(&self, key: &DbKey, seed: &DbKey) -> Open {
        let secrets = Secrets { db_key: key.clone(), signing_seed: seed.clone() };
        let mut open = Open::enter_new(&self.place(), secrets, study::Functions::default()).expect("opens");
        open.user = "nurse1".into();
        open
    }

    /// Files of the vault's folder whose names go on after those of its standing files.
    pub(crate) fn leftovers(&self) -> Vec<String> {
        let names = fs::read_dir(self.folder()).expect("folder").map(|file| file.expect("file").file_name());
        let mut names: Vec<String> = names.map(|name| name.to_string_lossy().into_owned()).collect();
        names.retain(|name| {
            let standing = ["vault.db", "vault.db-wal", "vault.db-shm", "vault.lock", "keyslots.json"];
            !standing.contains(&name.as_str())
        });
        names.sort();
        names
    }

    /// Copies the vault's folder.
    pub(crate) fn copy_to(&self, name: &str) -> PathBuf {
        let to = self.temp.path().join(name);
        fs::create_dir_all(&to).expect("folder");
        for file in fs::read_dir(self.folder()).expect("folder") {
            let file = file.expect("file");
            fs::copy(file.path(), to.join(file.file_name())).expect("copy");
        }
        to
    }

    /// Puts a copied folder in the vault's place.
    pub(crate) fn put_back(&self, copy: &PathBuf) {
        fs::remove_dir_all(self.folder()).expect("removed");
        fs::rename(copy, self.folder()).expect("renamed");
    }
}

pub(crate) fn account(user: &str, key: Option<String>) -> UserAdded {
    UserAdded { user: Oid::from(user), name: "Nurse (sample)".into(), role: Role::Nurse, key, must_change: false }
}

pub(crate) fn subject(n: u32) -> String {
    format!("S01-{n:03}")
}

pub(crate) fn form() -> FormKey {
    EventKey::new("SE.V", "1").form("F.VS", "1")
}

pub(crate) fn cell(item: &str) -> CellKey {
    form().cell("IG.VS", "1", item)
}

pub(crate) fn register(open: &mut Open, subject: &str, ms: i64) -> EntryId {
    let act = SubjectRegistered { subject: Oid::from(subject), site: Oid::from("S01") };
    open.transact(&at(ms), |tx| tx.write(act)).expect("registered")
}

/// One answer that replaces what stands.
pub(crate) fn answer(book: &Book, subject: &str, item: &str, value: Stored) -> ItemsSet {
    let item = ItemSet {
        group: Oid::from("IG.VS"),
        repeat: "1".into(),
        item: Oid::from(item),
        value: Some(value),
        missing: None,
        unit: None,
        raw: None,
        bases: book.cell_bases(&cell(item)),
        reason: None,
    };
    ItemsSet { subject: Oid::from(subject), form: form(), items: vec![item] }
}

pub(crate) fn write_answer(tx: &mut Tx<'_>, subject: &str, item: &str, value: &str) -> Result<EntryId, VaultError> {
    let act = answer(tx.book(subject)?, subject, item, Stored::Plain(Private::from(value)));
    tx.write(act)
}

/// A free text as the answer to the note.
pub(crate) fn write_note(tx: &mut Tx<'_>, subject: &str, words: &str) -> Result<FreeTextId, VaultError> {
    let words = tx.text(words)?;
    let act = answer(tx.book(subject)?, subject, "IT.NOTE", Stored::Text(words));
    tx.write(act)?;
    Ok(words)
}

pub(crate) fn set(open: &mut Open, subject: &str, item: &str, value: &str, ms: i64) -> EntryId {
    open.transact(&at(ms), |tx| write_answer(tx, subject, item, value)).expect("set")
}

pub(crate) fn value(open: &mut Open, subject: &str, item: &str) -> Option<String> {
    let book = open.book(subject).expect("book");
    let (_, given) = book.cell(&cell(item))?.heads().next()?;
    match &given.value {
        Some(Stored::Plain(value)) => Some(value.as_str().to_owned()),
        _ => None,
    }
}

/// What the background verification names.
pub(crate) fn verified(open: &Open) -> Vec<Alarm> {
    open.verifier().run(&Arc::new(AtomicBool::new(false)), |_| {}).expect("verifies").alarms
}

/// What is named on unlock or by the verification right after.
pub(crate) fn named(site: &Site, ms: i64) -> Vec<Alarm> {
    let open = site.unlock(ms);
    let mut alarms = open.alarms().to_vec();
    alarms.extend(verified(&open));
    alarms
}
