//! The trial's state as rows, and back.

use super::facts::{Account, Device, Keys, LogState, Receipt, Transfer, TransferKind, Version};
use super::{Spot, TrialState, range_line};
use crate::act::{LogRange, Role, StudyPublished};
use crate::book::Redaction;
use crate::ids::EntryId;
use crate::row::{Eye, Names, Pen, RowChange, RowError, RowKey, RowKind};

/// A role's number in a row is its place here: append only.
const ROLES: [Role; 6] =
    [Role::Administrator, Role::Nurse, Role::Investigator, Role::Monitor, Role::DataManager, Role::Assessor];

impl TrialState {
    /// Every row, in no particular order.
    pub fn rows(&self) -> Vec<(RowKey, Vec<u8>)> {
        let mut spots: Vec<Spot> = self.devices.keys().cloned().map(Spot::Device).collect();
        spots.extend(self.accounts.keys().map(|(log, user)| Spot::Account(log.clone(), user.clone())));
        spots.extend(self.versions.keys().cloned().map(Spot::Version));
        spots.extend(self.transfers.keys().map(|(log, seq)| Spot::Transfer(log.clone(), *seq)));
        spots.extend(self.receipts.keys().cloned().map(Spot::Receipt));
        spots.extend(self.logs.keys().cloned().map(Spot::Log));
        spots.extend(self.redacted.keys().map(|(text, id)| Spot::Redaction(*text, *id)));
        spots.extend(self.ranges.keys().copied().map(Spot::Range));
        spots.iter().filter_map(|spot| Some((key_of(spot), self.bytes_of(spot)?))).collect()
    }

    /// The rows that changed since the last call.
    pub fn take_changed_rows(&mut self) -> Vec<RowChange> {
        let dirty = std::mem::take(&mut self.dirty);
        dirty.into_iter().map(|spot| (key_of(&spot), self.bytes_of(&spot))).collect()
    }

    /// The trial's state that these rows were written from.
    ///
    /// # Errors
    /// When a row is not what this version writes.
    pub fn from_rows<'a>(rows: impl IntoIterator<Item = (RowKind, &'a str, &'a [u8])>) -> Result<TrialState, RowError> {
        let mut trial_state = TrialState::new();
        let mut names = Names::default();
        for (kind, place, bytes) in rows {
            let mut eye = Eye { rest: bytes, names: &mut names };
            trial_state.read_row(kind, place, &mut eye)?;
            eye.end()?;
        }
        Ok(trial_state)
    }

    fn read_row(&mut self, kind: RowKind, place: &str, eye: &mut Eye<'_>) -> Result<(), RowError> {
        match kind {
            RowKind::Device => drop(self.devices.insert(place.into(), read_device(eye)?)),
            RowKind::User => {
                let (log, user) = place.split_once('/').ok_or(RowError)?;
                self.accounts.insert((log.into(), user.into()), read_account(eye)?);
            }
            RowKind::Version => drop(self.versions.insert(place.into(), read_version(eye)?)),
            RowKind::Transfer => {
                let transfer = read_transfer(eye)?;
                self.transfers.insert((transfer.origin.log.clone(), transfer.origin.seq), transfer);
            }
            RowKind::Receipt => drop(self.receipts.insert(place.into(), read_receipt(eye)?)),
            RowKind::Log => drop(self.logs.insert(place.into(), read_log(eye)?)),
            RowKind::Redaction => {
                let text = place.split_once('/').ok_or(RowError)?.0.parse().map_err(|_| RowError)?;
                let id = eye.id()?;
                self.redacted.insert((text, id), Redaction { origin: eye.origin()?, reason: eye.words()? });
            }
            RowKind::Range => {
                let id = place.parse().map_err(|_| RowError)?;
                self.ranges.insert(id, range_line::read(eye)?);
            }
            _ => return Err(RowError),
        }
        Ok(())
    }

    fn bytes_of(&self, spot: &Spot) -> Option<Vec<u8>> {
        let mut pen = Pen::default();
        match spot {
            Spot::Device(device) => write_device(&mut pen, self.devices.get(device)?),
            Spot::Account(log, user) => write_account(&mut pen, self.account(log, user)?),
            Spot::Version(version) => write_version(&mut pen, self.versions.get(version)?),
            Spot::Transfer(log, seq) => write_transfer(&mut pen, self.transfers.get(&(log.clone(), *seq))?),
            Spot::Receipt(log) => write_receipt(&mut pen, self.receipts.get(log)?),
            Spot::Log(log) => write_log(&mut pen, self.logs.get(log)?),
            Spot::Range(id) => range_line::write(&mut pen, self.ranges.get(id)?),
            Spot::Redaction(text, id) => {
                let redaction = self.redacted.get(&(*text, *id))?;
                pen.id(id);
                pen.origin(&redaction.origin);
                pen.words(&redaction.reason);
            }
        }
        Some(pen.0)
    }
}

fn key_of(spot: &Spot) -> RowKey {
    let (kind, place) = match spot {
        Spot::Device(device) => (RowKind::Device, device.to_string()),
        Spot::Account(log, user) => (RowKind::User, format!("{log}/{user}")),
        Spot::Version(version) => (RowKind::Version, version.to_string()),
        Spot::Transfer(log, seq) => (RowKind::Transfer, format!("{log}/{seq}")),
        Spot::Receipt(log) => (RowKind::Receipt, log.to_string()),
        Spot::Log(log) => (RowKind::Log, log.to_string()),
        Spot::Range(id) => (RowKind::Range, id.to_string()),
        Spot::Redaction(text, id) => (RowKind::Redaction, format!("{text}/{id}")),
    };
    RowKey { kind, place }
}

fn write_keys(pen: &mut Pen, keys: &Keys) {
    pen.id(&keys.id);
    pen.origin(&keys.origin);
    pen.text(&keys.site);
    pen.text(&keys.key);
    pen.text(&keys.recipient);
}

fn read_keys(eye: &mut Eye<'_>) -> Result<Keys, RowError> {
    Ok(Keys { id: eye.id()?, origin: eye.origin()?, site: eye.oid()?, key: eye.string()?, recipient: eye.string()? })
}

fn write_device(pen: &mut Pen, device: &Device) {
    pen.each(device.enrolled.iter(), write_keys);
    pen.each(device.approved.iter(), write_keys);
    pen.each(device.revoked.iter(), |pen, (id, (origin, reason))| {
        pen.id(id);
        pen.origin(origin);
        pen.words(reason);
    });
    pen.flag(device.practice);
}

fn read_device(eye: &mut Eye<'_>) -> Result<Device, RowError> {
    Ok(Device {
        enrolled: eye.each(read_keys)?,
        approved: eye.each(read_keys)?,
        revoked: eye.each(|eye| Ok((eye.id()?, (eye.origin()?, eye.words()?))))?.into_iter().collect(),
        practice: eye.flag()?,
    })
}

fn write_account(pen: &mut Pen, account: &Account) {
    pen.text(&account.name);
    pen.byte(ROLES.iter().position(|role| *role == account.role).unwrap_or(0) as u8);
    pen.perhaps(account.key.as_deref(), Pen::text);
    pen.flag(account.closed);
    pen.origin(&account.changed);
}

fn read_account(eye: &mut Eye<'_>) -> Result<Account, RowError> {
    Ok(Account {
        name: eye.string()?,
        role: *ROLES.get(usize::from(eye.byte()?)).ok_or(RowError)?,
        key: eye.perhaps(Eye::string)?,
        closed: eye.flag()?,
        changed: eye.origin()?,
    })
}

fn write_version(pen: &mut Pen, version: &Version) {
    pen.each(version.published.iter(), |pen, (id, (origin, act))| {
        pen.id(id);
        pen.origin(origin);
        for text in [act.version.as_str(), &act.file, &act.effective, &act.approval] {
            pen.text(text);
        }
        pen.each(act.sites.iter(), |pen, site| pen.text(site));
    });
    pen.each(version.activated.iter(), |pen, (log, (origin, file))| {
        pen.text(log);
        pen.origin(origin);
        pen.text(file);
    });
}

fn read_version(eye: &mut Eye<'_>) -> Result<Version, RowError> {
    let published = eye.each(|eye| {
        let id: EntryId = eye.id()?;
        let origin = eye.origin()?;
        let act = StudyPublished {
            version: eye.oid()?,
            file: eye.string()?,
            effective: eye.string()?,
            approval: eye.string()?,
            sites: eye.each(Eye::oid)?,
        };
        Ok((id, (origin, act)))
    })?;
    let activated = eye.each(|eye| Ok((eye.oid()?, (eye.origin()?, eye.string()?))))?;
    Ok(Version { published: published.into_iter().collect(), activated: activated.into_iter().collect() })
}

fn write_transfer(pen: &mut Pen, transfer: &Transfer) {
    pen.flag(transfer.kind == TransferKind::Exported);
    pen.origin(&transfer.origin);
    pen.id(&transfer.bundle);
    pen.text(&transfer.label);
    pen.each(transfer.logs.iter(), |pen, range| {
        pen.text(&range.log);
        pen.int(range.first);
        pen.int(range.last);
    });
    pen.int(transfer.entries);
}

fn read_transfer(eye: &mut Eye<'_>) -> Result<Transfer, RowError> {
    Ok(Transfer {
        kind: if eye.flag()? { TransferKind::Exported } else { TransferKind::Imported },
        origin: eye.origin()?,
        bundle: eye.id()?,
        label: eye.string()?,
        logs: eye.each(|eye| Ok(LogRange { log: eye.oid()?, first: eye.int()?, last: eye.int()? }))?,
        entries: eye.int()?,
    })
}

fn write_receipt(pen: &mut Pen, receipt: &Receipt) {
    pen.int(receipt.seq);
    pen.id(&receipt.head);
    pen.id(&receipt.bundle);
    pen.int(receipt.center_at.ms().unsigned_abs());
    pen.origin(&receipt.origin);
}

fn read_receipt(eye: &mut Eye<'_>) -> Result<Receipt, RowError> {
    Ok(Receipt {
        seq: eye.int()?,
        head: eye.id()?,
        bundle: eye.id()?,
        center_at: eye.instant()?,
        origin: eye.origin()?,
    })
}

fn write_log(pen: &mut Pen, log: &LogState) {
    pen.int(log.heard);
    pen.perhaps(log.opened.as_ref(), Pen::origin);
    for n in [log.refusals, log.refused, log.clock_faults, log.exports] {
        pen.int(n);
    }
}

fn read_log(eye: &mut Eye<'_>) -> Result<LogState, RowError> {
    Ok(LogState {
        heard: eye.int()?,
        opened: eye.perhaps(Eye::origin)?,
        refusals: eye.int()?,
        refused: eye.int()?,
        clock_faults: eye.int()?,
        exports: eye.int()?,
    })
}
