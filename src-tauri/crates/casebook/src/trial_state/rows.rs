//! The trial's state as rows, and back.

use super::facts::{Account, Device, Keys, LogState, Receipt, Transfer, TransferKind, Version};
use super::{TrialRow, TrialState, range_line, recovery_row};
use crate::act::{LogRange, Role, StudyPublished};
use crate::book::Redaction;
use crate::ids::EntryId;
use crate::row::{Names, RowChange, RowError, RowKey, RowKind, RowReader, RowWriter};

/// A role's number in a row is its place here: append only.
const ROLES: [Role; 6] =
    [Role::Administrator, Role::Nurse, Role::Investigator, Role::Monitor, Role::DataManager, Role::Assessor];

impl TrialState {
    /// Every row, in no particular order.
    pub fn rows(&self) -> Vec<(RowKey, Vec<u8>)> {
        let mut spots: Vec<TrialRow> = self.devices.keys().cloned().map(TrialRow::Device).collect();
        spots.extend(self.accounts.keys().map(|(log, user)| TrialRow::Account(log.clone(), user.clone())));
        spots.extend(self.versions.keys().cloned().map(TrialRow::Version));
        spots.extend(self.transfers.keys().map(|(log, seq)| TrialRow::Transfer(log.clone(), *seq)));
        spots.extend(self.receipts.keys().cloned().map(TrialRow::Receipt));
        spots.extend(self.logs.keys().cloned().map(TrialRow::Log));
        spots.extend(self.redacted.keys().map(|(text, id)| TrialRow::Redaction(*text, *id)));
        spots.extend(self.ranges.keys().copied().map(TrialRow::Range));
        spots.extend(self.recoveries.keys().cloned().map(TrialRow::Recovery));
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
            let mut reader = RowReader { rest: bytes, names: &mut names };
            trial_state.read_row(kind, place, &mut reader)?;
            reader.end()?;
        }
        Ok(trial_state)
    }

    fn read_row(&mut self, kind: RowKind, place: &str, reader: &mut RowReader<'_>) -> Result<(), RowError> {
        match kind {
            RowKind::Device => drop(self.devices.insert(place.into(), read_device(reader)?)),
            RowKind::User => {
                let (log, user) = place.split_once('/').ok_or(RowError)?;
                self.accounts.insert((log.into(), user.into()), read_account(reader)?);
            }
            RowKind::Version => drop(self.versions.insert(place.into(), read_version(reader)?)),
            RowKind::Transfer => {
                let transfer = read_transfer(reader)?;
                self.transfers.insert((transfer.origin.log.clone(), transfer.origin.seq), transfer);
            }
            RowKind::Receipt => drop(self.receipts.insert(place.into(), read_receipt(reader)?)),
            RowKind::Log => drop(self.logs.insert(place.into(), read_log(reader)?)),
            RowKind::Recovery => drop(self.recoveries.insert(place.into(), recovery_row::read(reader)?)),
            RowKind::Redaction => {
                let text = place.split_once('/').ok_or(RowError)?.0.parse().map_err(|_| RowError)?;
                let id = reader.id()?;
                self.redacted.insert((text, id), Redaction { origin: reader.origin()?, reason: reader.words()? });
            }
            RowKind::Range => {
                let id = place.parse().map_err(|_| RowError)?;
                self.ranges.insert(id, range_line::read(reader)?);
            }
            _ => return Err(RowError),
        }
        Ok(())
    }

    fn bytes_of(&self, spot: &TrialRow) -> Option<Vec<u8>> {
        let mut writer = RowWriter::default();
        match spot {
            TrialRow::Device(device) => write_device(&mut writer, self.devices.get(device)?),
            TrialRow::Account(log, user) => write_account(&mut writer, self.account(log, user)?),
            TrialRow::Version(version) => write_version(&mut writer, self.versions.get(version)?),
            TrialRow::Transfer(log, seq) => write_transfer(&mut writer, self.transfers.get(&(log.clone(), *seq))?),
            TrialRow::Receipt(log) => write_receipt(&mut writer, self.receipts.get(log)?),
            TrialRow::Log(log) => write_log(&mut writer, self.logs.get(log)?),
            TrialRow::Range(id) => range_line::write(&mut writer, self.ranges.get(id)?),
            TrialRow::Recovery(device) => recovery_row::write(&mut writer, self.recovery(device)?),
            TrialRow::Redaction(text, id) => {
                let redaction = self.redacted.get(&(*text, *id))?;
                writer.id(id);
                writer.origin(&redaction.origin);
                writer.words(&redaction.reason);
            }
        }
        Some(writer.0)
    }
}

fn key_of(spot: &TrialRow) -> RowKey {
    let (kind, place) = match spot {
        TrialRow::Device(device) => (RowKind::Device, device.to_string()),
        TrialRow::Account(log, user) => (RowKind::User, format!("{log}/{user}")),
        TrialRow::Version(version) => (RowKind::Version, version.to_string()),
        TrialRow::Transfer(log, seq) => (RowKind::Transfer, format!("{log}/{seq}")),
        TrialRow::Receipt(log) => (RowKind::Receipt, log.to_string()),
        TrialRow::Log(log) => (RowKind::Log, log.to_string()),
        TrialRow::Range(id) => (RowKind::Range, id.to_string()),
        TrialRow::Recovery(device) => (RowKind::Recovery, device.to_string()),
        TrialRow::Redaction(text, id) => (RowKind::Redaction, format!("{text}/{id}")),
    };
    RowKey { kind, place }
}

fn write_keys(writer: &mut RowWriter, keys: &Keys) {
    writer.id(&keys.id);
    writer.origin(&keys.origin);
    writer.text(&keys.site);
    writer.text(&keys.key);
    writer.text(&keys.recipient);
}

fn read_keys(reader: &mut RowReader<'_>) -> Result<Keys, RowError> {
    Ok(Keys {
        id: reader.id()?,
        origin: reader.origin()?,
        site: reader.oid()?,
        key: reader.string()?,
        recipient: reader.string()?,
    })
}

fn write_device(writer: &mut RowWriter, device: &Device) {
    writer.each(device.enrolled.iter(), write_keys);
    writer.each(device.approved.iter(), write_keys);
    writer.each(device.revoked.iter(), |writer, (id, (origin, reason))| {
        writer.id(id);
        writer.origin(origin);
        writer.words(reason);
    });
    writer.flag(device.practice);
}

fn read_device(reader: &mut RowReader<'_>) -> Result<Device, RowError> {
    Ok(Device {
        enrolled: reader.each(read_keys)?,
        approved: reader.each(read_keys)?,
        revoked: reader.each(|reader| Ok((reader.id()?, (reader.origin()?, reader.words()?))))?.into_iter().collect(),
        practice: reader.flag()?,
    })
}

fn write_account(writer: &mut RowWriter, account: &Account) {
    writer.text(&account.name);
    writer.byte(ROLES.iter().position(|role| *role == account.role).unwrap_or(0) as u8);
    writer.perhaps(account.key.as_deref(), RowWriter::text);
    writer.flag(account.closed);
    writer.flag(account.must_change);
    writer.origin(&account.changed);
}

fn read_account(reader: &mut RowReader<'_>) -> Result<Account, RowError> {
    Ok(Account {
        name: reader.string()?,
        role: *ROLES.get(usize::from(reader.byte()?)).ok_or(RowError)?,
        key: reader.perhaps(RowReader::string)?,
        closed: reader.flag()?,
        must_change: reader.flag()?,
        changed: reader.origin()?,
    })
}

fn write_version(writer: &mut RowWriter, version: &Version) {
    writer.each(version.published.iter(), |writer, (id, (origin, act))| {
        writer.id(id);
        writer.origin(origin);
        for text in [act.version.as_str(), &act.file, &act.effective, &act.approval] {
            writer.text(text);
        }
        writer.each(act.sites.iter(), |writer, site| writer.text(site));
    });
    writer.each(version.activated.iter(), |writer, (log, (origin, file))| {
        writer.text(log);
        writer.origin(origin);
        writer.text(file);
    });
}

fn read_version(reader: &mut RowReader<'_>) -> Result<Version, RowError> {
    let published = reader.each(|reader| {
        let id: EntryId = reader.id()?;
        let origin = reader.origin()?;
        let act = StudyPublished {
            version: reader.oid()?,
            file: reader.string()?,
            effective: reader.string()?,
            approval: reader.string()?,
            sites: reader.each(RowReader::oid)?,
        };
        Ok((id, (origin, act)))
    })?;
    let activated = reader.each(|reader| Ok((reader.oid()?, (reader.origin()?, reader.string()?))))?;
    Ok(Version { published: published.into_iter().collect(), activated: activated.into_iter().collect() })
}

fn write_transfer(writer: &mut RowWriter, transfer: &Transfer) {
    writer.flag(transfer.kind == TransferKind::Exported);
    writer.origin(&transfer.origin);
    writer.id(&transfer.bundle);
    writer.text(&transfer.label);
    writer.each(transfer.logs.iter(), |writer, range| {
        writer.text(&range.log);
        writer.int(range.first);
        writer.int(range.last);
    });
    writer.int(transfer.entries);
}

fn read_transfer(reader: &mut RowReader<'_>) -> Result<Transfer, RowError> {
    Ok(Transfer {
        kind: if reader.flag()? { TransferKind::Exported } else { TransferKind::Imported },
        origin: reader.origin()?,
        bundle: reader.id()?,
        label: reader.string()?,
        logs: reader.each(|reader| Ok(LogRange { log: reader.oid()?, first: reader.int()?, last: reader.int()? }))?,
        entries: reader.int()?,
    })
}

fn write_receipt(writer: &mut RowWriter, receipt: &Receipt) {
    writer.int(receipt.seq);
    writer.id(&receipt.head);
    writer.id(&receipt.bundle);
    writer.int(receipt.center_at.ms().unsigned_abs());
    writer.origin(&receipt.origin);
}

fn read_receipt(reader: &mut RowReader<'_>) -> Result<Receipt, RowError> {
    Ok(Receipt {
        seq: reader.int()?,
        head: reader.id()?,
        bundle: reader.id()?,
        center_at: reader.instant()?,
        origin: reader.origin()?,
    })
}

fn write_log(writer: &mut RowWriter, log: &LogState) {
    writer.int(log.heard);
    writer.perhaps(log.opened.as_ref(), RowWriter::origin);
    for n in [log.refusals, log.refused, log.clock_faults, log.exports, log.restored] {
        writer.int(n);
    }
    writer.perhaps(log.backed_up.as_ref(), |writer, (seq, origin)| {
        writer.int(*seq);
        writer.origin(origin);
    });
}

fn read_log(reader: &mut RowReader<'_>) -> Result<LogState, RowError> {
    Ok(LogState {
        heard: reader.int()?,
        opened: reader.perhaps(RowReader::origin)?,
        refusals: reader.int()?,
        refused: reader.int()?,
        clock_faults: reader.int()?,
        exports: reader.int()?,
        restored: reader.int()?,
        backed_up: reader.perhaps(|reader| Ok((reader.int()?, reader.origin()?)))?,
    })
}
