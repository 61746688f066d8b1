//! The fold of everything that concerns no subject: devices, accounts, sessions, study versions, transport.
//!
//! Accounts belong to the device that keeps them: two devices may each have a `nurse1`.

mod facts;
mod range_line;
mod ranges;
mod recovery_row;
mod rows;

pub use facts::{Account, Device, Keys, LogState, Receipt, Recovery, RecoveryCode, Transfer, TransferKind, Version};
pub use ranges::RangeQuestion;

use crate::act::{Act, PasswordChange};
use crate::entry::Entry;
use crate::ids::{EntryId, TextCommit};
use crate::row::Origin;
use range_line::RangeLine;
use std::collections::{BTreeMap, BTreeSet};
use study::Oid;

/// Everything that concerns no subject, as it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrialState {
    pub(crate) devices: BTreeMap<Oid, Device>,
    /// By log and user id.
    pub(crate) accounts: BTreeMap<(Oid, Oid), Account>,
    pub(crate) versions: BTreeMap<Oid, Version>,
    /// By log and `seq` of the entry.
    pub(crate) transfers: BTreeMap<(Oid, u64), Transfer>,
    /// By the log that is confirmed.
    pub(crate) receipts: BTreeMap<Oid, Receipt>,
    pub(crate) logs: BTreeMap<Oid, LogState>,
    pub(crate) redacted: BTreeMap<(TextCommit, EntryId), crate::book::Redaction>,
    /// By device.
    pub(crate) recoveries: BTreeMap<Oid, Recovery>,
    /// The register of laboratory limits, by entry.
    pub(crate) ranges: BTreeMap<EntryId, RangeLine>,
    pub(crate) dirty: BTreeSet<TrialRow>,
}

/// Something that has a row of its own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum TrialRow {
    Device(Oid),
    Account(Oid, Oid),
    Version(Oid),
    Transfer(Oid, u64),
    Receipt(Oid),
    Log(Oid),
    Redaction(TextCommit, EntryId),
    Range(EntryId),
    Recovery(Oid),
}

impl TrialState {
    /// An empty state.
    pub fn new() -> TrialState {
        TrialState::default()
    }

    /// Takes one entry into account; entries about subjects are none of its business and change nothing. Entries of one
    /// log come in their order; one that was taken already is passed over.
    pub fn apply(&mut self, id: EntryId, entry: &Entry) {
        if entry.act.subject().is_some() {
            return;
        }
        let log = self.logs.entry(entry.log.clone()).or_default();
        if entry.seq <= log.heard {
            return;
        }
        log.heard = entry.seq;
        self.dirty.insert(TrialRow::Log(entry.log.clone()));
        self.take(id, entry, Origin::of(entry));
    }

    fn take(&mut self, id: EntryId, entry: &Entry, origin: Origin) {
        match &entry.act {
            Act::DeviceEnrolled(act) => {
                let keys =
                    Keys { id, origin, site: act.site.clone(), key: act.key.clone(), recipient: act.recipient.clone() };
                let device = self.device(&act.device);
                device.practice |= act.practice;
                facts::keep(&mut device.enrolled, keys);
            }
            Act::DeviceApproved(act) => {
                let keys =
                    Keys { id, origin, site: act.site.clone(), key: act.key.clone(), recipient: act.recipient.clone() };
                facts::keep(&mut self.device(&act.device).approved, keys);
            }
            Act::DeviceRevoked(act) => {
                self.device(&act.device).revoked.insert(id, (origin, act.reason));
            }
            Act::StudyPublished(act) => {
                self.version(&act.version).published.insert(id, (origin, act.clone()));
            }
            Act::StudyActivated(act) => {
                self.version(&act.version).activated.insert(entry.log.clone(), (origin, act.file.clone()));
            }
            Act::BundleExported(act) => {
                self.transfer(&origin, Transfer::exported(origin.clone(), act));
            }
            Act::BundleImported(act) => {
                self.transfer(&origin, Transfer::imported(origin.clone(), act));
            }
            Act::ReceiptAccepted(act) => {
                let receipt = Receipt { seq: act.seq, head: act.head, bundle: act.bundle, center_at: act.at, origin };
                let known = self.receipts.entry(act.log.clone()).or_insert_with(|| receipt.clone());
                if known.order() < receipt.order() {
                    *known = receipt;
                }
                self.dirty.insert(TrialRow::Receipt(act.log.clone()));
            }
            Act::TextRedacted(act) => {
                self.redacted.insert((act.text, id), crate::book::Redaction { origin, reason: act.reason });
                self.dirty.insert(TrialRow::Redaction(act.text, id));
            }
            Act::LabRangeSet(act) => self.take_range(id, origin, act),
            Act::RecoverySealed(_) | Act::RecoveryReleased(_) | Act::RecoveryUsed(_) => {
                self.take_recovery(&entry.act, origin);
            }
            _ => self.take_people(entry, origin),
        }
    }

    fn take_recovery(&mut self, act: &Act, origin: Origin) {
        match act {
            Act::RecoverySealed(act) => {
                let recovery = self.recovery_mut(&origin.log);
                if recovery.set < act.set {
                    (recovery.set, recovery.codes) = (act.set, act.codes);
                    recovery.sealed.clone_from(&act.sealed);
                    recovery.origin = Some(origin);
                }
            }
            Act::RecoveryReleased(act) => {
                let released = &mut self.recovery_mut(&act.device).released;
                let code = (act.set, act.code);
                if comes_first(released.get(&code).map(|(known, _)| known), &origin) {
                    released.insert(code, (origin, act.reason));
                }
            }
            Act::RecoveryUsed(act) => {
                let used = &mut self.recovery_mut(&origin.log).used;
                let code = (act.set, act.code);
                if comes_first(used.get(&code).map(|(known, _)| known), &origin) {
                    used.insert(code, (origin, act.user.clone()));
                }
            }
            _ => {}
        }
    }

    fn take_people(&mut self, entry: &Entry, origin: Origin) {
        match &entry.act {
            Act::UserAdded(act) => {
                let account = Account {
                    name: act.name.clone(),
                    role: act.role,
                    key: act.key.clone(),
                    closed: false,
                    must_change: act.must_change,
                    changed: origin.clone(),
                };
                self.dirty.insert(TrialRow::Account(origin.log.clone(), act.user.clone()));
                // An id is never used again: a second addition changes nothing.
                self.accounts.entry((origin.log, act.user.clone())).or_insert(account);
            }
            Act::UserRoleChanged(act) => {
                if let Some(account) = self.account_mut(&origin, &act.user) {
                    (account.role, account.changed) = (act.role, origin);
                }
            }
            Act::UserClosed(act) => {
                if let Some(account) = self.account_mut(&origin, &act.user) {
                    (account.closed, account.changed) = (true, origin);
                }
            }
            Act::UserPasswordChanged(act) => {
                if let Some(account) = self.account_mut(&origin, &act.user) {
                    account.must_change = act.how == PasswordChange::Administrator;
                    account.key = act.key.clone().or(account.key.take());
                    account.changed = origin;
                }
            }
            Act::SessionOpened(_) => {
                let log = self.logs.entry(origin.log.clone()).or_default();
                log.refusals = 0;
                log.opened = Some(origin);
            }
            Act::SessionRefused(_) => {
                let log = self.logs.entry(origin.log).or_default();
                log.refusals += 1;
                log.refused += 1;
            }
            Act::ClockSuspected(_) => self.logs.entry(origin.log).or_default().clock_faults += 1,
            Act::DataExported(_) => self.logs.entry(origin.log).or_default().exports += 1,
            Act::BackupWritten(act) => {
                let log = self.logs.entry(origin.log.clone()).or_default();
                log.backed_up = Some((act.seq, origin));
            }
            Act::VaultRestored(_) => {
                self.outdate_passwords(&origin.log);
                self.logs.entry(origin.log).or_default().restored = origin.seq;
            }
            _ => {}
        }
    }

    /// A copy brings former passwords back with it, and what the lost computer never sent may have told of others: everybody
    /// who may still sign in sets another one.
    fn outdate_passwords(&mut self, log: &Oid) {
        let accounts = self.accounts.iter_mut();
        for ((of, user), account) in accounts.filter(|((of, _), account)| of == log && !account.closed) {
            account.must_change = true;
            self.dirty.insert(TrialRow::Account(of.clone(), user.clone()));
        }
    }

    fn device(&mut self, device: &Oid) -> &mut Device {
        self.dirty.insert(TrialRow::Device(device.clone()));
        self.devices.entry(device.clone()).or_default()
    }

    fn recovery_mut(&mut self, device: &Oid) -> &mut Recovery {
        self.dirty.insert(TrialRow::Recovery(device.clone()));
        self.recoveries.entry(device.clone()).or_default()
    }

    fn version(&mut self, version: &Oid) -> &mut Version {
        self.dirty.insert(TrialRow::Version(version.clone()));
        self.versions.entry(version.clone()).or_default()
    }

    fn transfer(&mut self, origin: &Origin, transfer: Transfer) {
        self.dirty.insert(TrialRow::Transfer(origin.log.clone(), origin.seq));
        self.transfers.insert((origin.log.clone(), origin.seq), transfer);
    }

    fn account_mut(&mut self, origin: &Origin, user: &Oid) -> Option<&mut Account> {
        let account = self.accounts.get_mut(&(origin.log.clone(), user.clone()))?;
        self.dirty.insert(TrialRow::Account(origin.log.clone(), user.clone()));
        Some(account)
    }

    /// One device.
    pub fn device_of(&self, device: &str) -> Option<&Device> {
        self.devices.get(device)
    }

    /// Every device.
    pub fn devices(&self) -> impl Iterator<Item = (&Oid, &Device)> {
        self.devices.iter()
    }

    /// An account that a device keeps.
    pub fn account(&self, log: &Oid, user: &Oid) -> Option<&Account> {
        self.accounts.get(&(log.clone(), user.clone()))
    }

    /// The accounts that a device keeps, by user id.
    pub fn accounts_of<'a>(&'a self, log: &'a Oid) -> impl Iterator<Item = (&'a Oid, &'a Account)> {
        self.accounts.iter().filter(move |((kept_by, _), _)| kept_by == log).map(|((_, user), account)| (user, account))
    }

    /// The name of whoever acted under `by` in `log`; the id itself where the account has not arrived.
    pub fn name_of<'a>(&'a self, log: &Oid, by: &'a Oid) -> &'a str {
        self.account(log, by).map_or(by.as_str(), |account| account.name.as_str())
    }

    /// A device's recovery codes.
    pub fn recovery(&self, device: &str) -> Option<&Recovery> {
        self.recoveries.get(device)
    }

    /// Every metadata version.
    pub fn versions(&self) -> impl Iterator<Item = (&Oid, &Version)> {
        self.versions.iter()
    }

    /// Bundles written and read, latest tick first.
    pub fn transfers(&self) -> Vec<&Transfer> {
        let mut transfers: Vec<&Transfer> = self.transfers.values().collect();
        transfers.sort_by(|a, b| {
            (b.origin.tick, &b.origin.log, b.origin.seq).cmp(&(a.origin.tick, &a.origin.log, a.origin.seq))
        });
        transfers
    }

    /// What the center confirmed of a log.
    pub fn receipt(&self, log: &str) -> Option<&Receipt> {
        self.receipts.get(log)
    }

    /// The last `seq` of a log that the center confirmed; 0 for none.
    pub fn confirmed(&self, log: &str) -> u64 {
        self.receipt(log).map_or(0, |receipt| receipt.seq)
    }

    /// Sessions, refusals and clock faults of one log.
    pub fn log(&self, log: &str) -> Option<&LogState> {
        self.logs.get(log)
    }

    /// How a text that concerns no subject was redacted.
    pub fn redaction(&self, text: &TextCommit) -> Option<&crate::book::Redaction> {
        let from = (*text, EntryId::ZERO);
        self.redacted.range(from..).next().filter(|((redacted, _), _)| redacted == text).map(|(_, how)| how)
    }
}

/// Whether what is told here comes before what is known: the first word of a code counts, in whatever order they arrive.
fn comes_first(known: Option<&Origin>, origin: &Origin) -> bool {
    let order = |origin: &Origin| (origin.tick, origin.log.clone(), origin.seq);
    known.is_none_or(|known| order(known) > order(origin))
}

#[cfg(test)]
mod tests;
