//! What stands on the trial's state.

use crate::act::{BundleExported, BundleImported, LogRange, Role, StudyPublished};
use crate::clock::{Instant, Tick};
use crate::ids::EntryId;
use crate::row::Origin;
use crate::text::FreeTextId;
use std::collections::BTreeMap;
use study::Oid;

/// Keys of a device as somebody stated them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keys {
    /// The entry.
    pub id: EntryId,
    /// Who, where, when.
    pub origin: Origin,
    /// Site identifier.
    pub site: Oid,
    /// Ed25519 public key, OpenSSH line.
    pub key: String,
    /// age recipient.
    pub recipient: String,
}

/// Keeps statements ascending by id, each once.
pub(crate) fn keep(list: &mut Vec<Keys>, keys: Keys) {
    if let Err(at) = list.binary_search_by_key(&keys.id, |one| one.id) {
        list.insert(at, keys);
    }
}

/// A device.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Device {
    /// What it said of itself: its first keys, and others since. The newest count: [`Device::newest_keys`].
    pub enrolled: Vec<Keys>,
    /// What the center accepted: its first keys, and others since.
    pub approved: Vec<Keys>,
    /// By which entries the center ended that.
    pub revoked: BTreeMap<EntryId, (Origin, FreeTextId)>,
    /// Whether it says that it was made for practice.
    pub practice: bool,
}

impl Device {
    /// The keys that it drew last: closing an account of a device gives it others.
    pub fn newest_keys(&self) -> Option<&Keys> {
        let order = |keys: &&Keys| (keys.origin.tick, keys.origin.log.clone(), keys.origin.seq);
        self.enrolled.iter().max_by_key(order)
    }

    /// The same where they are not its first ones.
    pub fn renewed_keys(&self) -> Option<&Keys> {
        self.newest_keys().filter(|_| self.enrolled.len() > 1)
    }

    /// Whether the center accepts its bundles.
    pub fn is_trusted(&self) -> bool {
        !self.approved.is_empty() && self.revoked.is_empty()
    }
}

/// An account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Name as shown and signed.
    pub name: String,
    /// Role.
    pub role: Role,
    /// The user's Ed25519 public key, OpenSSH line.
    pub key: Option<String>,
    /// Whether it was closed for good.
    pub closed: bool,
    /// Whether its password is not its user's own: an administrator set it, or it is a former one that came back with a copy of the
    /// vault. Its user sets another.
    pub must_change: bool,
    /// Its last change.
    pub changed: Origin,
}

/// A metadata version.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Version {
    /// How it was published.
    pub published: BTreeMap<EntryId, (Origin, StudyPublished)>,
    /// For each log, when it put it into force and the SHA-256 of the file.
    pub activated: BTreeMap<Oid, (Origin, String)>,
}

/// Which way a bundle went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransferKind {
    /// Written here.
    Exported,
    /// Read here.
    Imported,
}

/// A bundle that was written or read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// Which way it went.
    pub kind: TransferKind,
    /// Who, where, when.
    pub origin: Origin,
    /// SHA-256 of its envelope.
    pub bundle: EntryId,
    /// File name of one that was written; sender of one that was read.
    pub label: String,
    /// What it carried.
    pub logs: Vec<LogRange>,
    /// Entries in it; of one that was read, those that were new.
    pub entries: u64,
}

impl Transfer {
    pub(crate) fn exported(origin: Origin, act: &BundleExported) -> Transfer {
        let (label, logs) = (act.file.clone(), act.logs.clone());
        Transfer { kind: TransferKind::Exported, origin, bundle: act.bundle, label, logs, entries: act.entries }
    }

    pub(crate) fn imported(origin: Origin, act: &BundleImported) -> Transfer {
        let (label, logs) = (act.sender.to_string(), act.logs.clone());
        Transfer { kind: TransferKind::Imported, origin, bundle: act.bundle, label, logs, entries: act.entries }
    }
}

/// What the center confirmed of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Last `seq` that it holds.
    pub seq: u64,
    /// Id of that entry.
    pub head: EntryId,
    /// The bundle that the receipt is for.
    pub bundle: EntryId,
    /// The center's time.
    pub center_at: Instant,
    /// Who took it in, where, when.
    pub origin: Origin,
}

impl Receipt {
    /// The receipt that reaches furthest holds.
    pub(crate) fn order(&self) -> (u64, Instant, Tick, &Oid, u64) {
        (self.seq, self.center_at, self.origin.tick, &self.origin.log, self.origin.seq)
    }
}

/// Housekeeping of one log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogState {
    /// `seq` of its last entry that concerns no subject.
    pub heard: u64,
    /// Its last session.
    pub opened: Option<Origin>,
    /// Refusals since then.
    pub refusals: u64,
    /// Refusals in all.
    pub refused: u64,
    /// How often its clock was found wrong.
    pub clock_faults: u64,
    /// How often data left it in the clear.
    pub exports: u64,
    /// The last copy of the vault: how far its own log reaches in it, and who made it.
    pub backed_up: Option<(u64, Origin)>,
    /// `seq` of the last entry that tells that the vault is a copy which goes on; 0 for none.
    pub restored: u64,
}

/// A recovery code: its set's number, then its own.
pub type RecoveryCode = (u64, u32);

/// A device's recovery codes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recovery {
    /// The set that holds, from 1.
    pub set: u64,
    /// How many codes are in it, numbered from 1.
    pub codes: u32,
    /// An age file for the center's recovery recipient, as hexadecimal digits.
    pub sealed: String,
    /// When it was sealed; none while the set has not come.
    pub origin: Option<Origin>,
    /// Codes of this and earlier sets that the center read out, and why.
    pub released: BTreeMap<RecoveryCode, (Origin, FreeTextId)>,
    /// Codes of this and earlier sets that opened the vault, and whose password was set.
    pub used: BTreeMap<RecoveryCode, (Origin, Oid)>,
}

impl Recovery {
    /// The codes of the set that holds which nobody was told and nobody used, in the order in which they are read out.
    pub fn left(&self) -> impl Iterator<Item = u32> + '_ {
        (1..=self.codes).filter(|code| {
            let code = (self.set, *code);
            !self.released.contains_key(&code) && !self.used.contains_key(&code)
        })
    }

    /// Codes that were used although the center read them out to nobody.
    pub fn used_unreleased(&self) -> impl Iterator<Item = &RecoveryCode> {
        self.used.keys().filter(|code| !self.released.contains_key(code))
    }
}
