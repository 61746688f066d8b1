//! Devices: approved after their words were compared by telephone, revoked when they are lost.

use crate::journal::keep_text;
use crate::proof::{KitProof, kit_proof};
use crate::store::{BundleRow, BundleState, Device, DeviceState, RefusedFile, Tx};
use crate::{Center, CenterError, Stamp};
use bundle::BundleError;
use casebook::act::{DeviceApproved, DeviceRevoked};
use casebook::{EntryId, Instant};
use std::fs;
use study::Oid;

impl Center {
    /// Every device that was ever heard of.
    ///
    /// # Errors
    /// When the database fails.
    pub fn devices(&self) -> Result<Vec<Device>, CenterError> {
        Ok(self.store.read(|tx| tx.devices())?)
    }

    /// Imports a device's bundles from now on. What it sent before waits in the center and is to be imported with
    /// [`Center::import_waiting`].
    ///
    /// # Errors
    /// When there is no such device, it was revoked, or several keys wait for its log.
    pub fn approve(&self, stamp: &Stamp, log: &str) -> Result<(), CenterError> {
        self.approve_key(stamp, log, None).map(drop)
    }

    /// The same of the key with these words, where several wait for one log; the others are forgotten, with what they sent. Where the
    /// device has an approved key, this one takes its place, what the former signed is refused from now on, and other keys wait on:
    /// one of them may be newer.
    ///
    /// # Errors
    /// As [`Self::approve`]; [`CenterError::NewKey`] where a device has an approved key, another waits, and no words say which is
    /// meant; [`CenterError::Replaced`] for a former key.
    pub fn approve_key(&self, stamp: &Stamp, log: &str, words: Option<&str>) -> Result<Approval, CenterError> {
        let (approval, dropped) = self.store.transact(|tx| {
            let present = tx.device(log)?;
            match &present {
                Some(device) if device.state != DeviceState::Approved => {
                    return Err(CenterError::Revoked(log.to_owned()));
                }
                Some(device) if !is_another_meant(tx, device, words)? => {
                    self.write_signers(tx)?;
                    return Ok((Approval { kit: kit_proof(tx, device)?, refused: Vec::new() }, Vec::new()));
                }
                _ => {}
            }
            let waiting = the_one_waiting(tx, log, words)?;
            let mut approval = Approval { kit: kit_proof(tx, &waiting)?, refused: Vec::new() };
            let mut device = Device { state: DeviceState::Approved, ..waiting };
            let mut dropped = Vec::new();
            if let Some(former) = present {
                // The device came by its kit with the former key.
                (device.kit, device.first_seen) = (former.kit, former.first_seen);
                approval.refused = replace(tx, Device { last_seen: stamp.at, ..former })?;
            } else {
                for other in of_log(tx, log)?.iter().filter(|other| other.key != device.key) {
                    dropped.extend(tx.drop_waiting(log, other.key)?);
                }
            }
            tx.put_device(&device)?;
            self.write(tx, stamp, approved(&device))?;
            self.write_signers(tx)?;
            Ok((approval, dropped))
        })?;
        self.remove_files(&dropped)?;
        Ok(approval)
    }

    /// Refuses a device's bundles from now on; what was imported stays. One that only waits is rejected: the same log may be
    /// another device's, so nothing is said of it but in the center's own list of what was refused.
    ///
    /// # Errors
    /// When there is no such device, or several keys wait for its log; [`CenterError::NewKey`] while another key of an approved
    /// device waits: then words must say which is meant ([`Self::revoke_key`]).
    pub fn revoke(&self, stamp: &Stamp, log: &str, reason: &str) -> Result<Revocation, CenterError> {
        self.revoke_as(stamp, &RevokeWish { log, words: None, reason, and_waiting: false })
    }

    /// The same by the words of the key that is meant: the device's own, or one that waits, which is rejected then.
    ///
    /// # Errors
    /// When no key of this log has these words; [`CenterError::KeyWaits`] while another key of the device waits.
    pub fn revoke_key(&self, stamp: &Stamp, log: &str, words: &str, reason: &str) -> Result<Revocation, CenterError> {
        self.revoke_as(stamp, &RevokeWish { log, words: Some(words), reason, and_waiting: false })
    }

    /// The same as it is wished.
    ///
    /// # Errors
    /// As [`Self::revoke`] and [`Self::revoke_key`].
    pub fn revoke_as(&self, stamp: &Stamp, wish: &RevokeWish<'_>) -> Result<Revocation, CenterError> {
        let RevokeWish { log, words, reason, .. } = *wish;
        let (revocation, dropped) = self.store.transact(|tx| {
            if let Some(device) = tx.device(log)?.filter(|device| words.is_none_or(|words| is_called(device, words))) {
                may_be_revoked(tx, &device, wish)?;
                let refused = self.revoke_device(tx, stamp, device, reason)?;
                return Ok((Revocation::Device { refused }, Vec::new()));
            }
            // Rejected before: that stays so.
            let is_rejected = of_log(tx, log)?.iter().any(|device| device.state == DeviceState::Rejected);
            match the_one_waiting(tx, log, words) {
                Err(CenterError::UnknownDevice(_)) if is_rejected && words.is_none() => {
                    Ok((Revocation::Key, Vec::new()))
                }
                waiting => Ok::<_, CenterError>((Revocation::Key, reject(tx, stamp, waiting?, reason)?)),
            }
        })?;
        self.remove_files(&dropped)?;
        Ok(revocation)
    }

    /// Rejects every key that waits for a log, whoever made it; the device itself stays as it is. Where so many wait that there is no
    /// room for the device's own new key, there is room again. Gives how many.
    ///
    /// # Errors
    /// When no key waits for it.
    pub fn reject_waiting(&self, stamp: &Stamp, log: &str, reason: &str) -> Result<usize, CenterError> {
        let (many, dropped) = self.store.transact(|tx| {
            let mut waiting = of_log(tx, log)?;
            waiting.retain(|device| device.state == DeviceState::Waiting);
            if waiting.is_empty() {
                return Err(CenterError::UnknownDevice(log.to_owned()));
            }
            let (many, mut dropped) = (waiting.len(), Vec::new());
            for device in waiting {
                dropped.extend(reject(tx, stamp, device, reason)?);
            }
            Ok((many, dropped))
        })?;
        self.remove_files(&dropped)?;
        Ok(many)
    }

    /// Gives the bundles that are refused with it: those that wait, of whichever key of the device, for no key of it is approved any
    /// more. Of one that was revoked before, nothing else is done.
    fn revoke_device(
        &self,
        tx: &mut dyn Tx,
        stamp: &Stamp,
        device: Device,
        reason: &str,
    ) -> Result<Vec<EntryId>, CenterError> {
        let why = BundleError::RevokedSender(device.log.clone());
        let mut refused = refuse_kept(tx, stamp.at, &why, &device)?;
        for other in of_log(tx, &device.log)?.into_iter().filter(|other| other.state == DeviceState::Waiting) {
            let waiting = tx.waiting_bundles(&other.log, other.key)?;
            refused.extend(refuse_all(tx, stamp.at, &why, waiting)?);
            tx.put_device(&Device { state: DeviceState::Rejected, ..other })?;
        }
        if device.state != DeviceState::Revoked {
            let act = DeviceRevoked { device: Oid::from(device.log.as_str()), reason: keep_text(tx, reason)? };
            tx.put_device(&Device { state: DeviceState::Revoked, ..device })?;
            self.write(tx, stamp, act)?;
        }
        self.write_signers(tx)?;
        Ok(refused)
    }

    /// Removes the files of bundles that were forgotten; alone among all writers, so that one that has come again meanwhile keeps its
    /// file. A file that can't be removed stays: it is in nobody's way.
    fn remove_files(&self, dropped: &[EntryId]) -> Result<(), CenterError> {
        if dropped.is_empty() {
            return Ok(());
        }
        self.store.transact(|tx| {
            for id in dropped {
                if tx.bundle(*id)?.is_none() {
                    let _ = fs::remove_file(self.bundle_file(*id));
                }
            }
            Ok(())
        })
    }
}

/// What is to be revoked.
#[derive(Clone, Copy, Debug)]
pub struct RevokeWish<'a> {
    /// The device.
    pub log: &'a str,
    /// The words of the key that is meant, where several are there.
    pub words: Option<&'a str>,
    /// Why.
    pub reason: &'a str,
    /// Also while another key of the device waits: what that sent is refused, too.
    pub and_waiting: bool,
}

/// What came of an approval.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approval {
    /// Whether the device came by a kit of its site.
    pub kit: KitProof,
    /// Bundles that the former key signed and that waited: they are not taken in. The device sends again what is its own.
    pub refused: Vec<EntryId>,
}

/// What came of a revocation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Revocation {
    /// The device itself is revoked.
    Device {
        /// Its bundles that waited, for an earlier one or for a key to be approved: they are not taken in, and stay as evidence
        /// ([`Center::refused`]).
        refused: Vec<EntryId>,
    },
    /// A key that waited for it was rejected; the device itself stays as it is.
    Key,
}

impl Revocation {
    /// Whether the device itself was revoked.
    #[must_use]
    pub fn is_device(&self) -> bool {
        matches!(self, Self::Device { .. })
    }
}

/// The act that tells of an approved device.
fn approved(device: &Device) -> DeviceApproved {
    DeviceApproved {
        site: Oid::from(device.site.as_str()),
        device: Oid::from(device.log.as_str()),
        key: device.key.to_string(),
        recipient: device.age.to_string(),
    }
}

/// Rejects a key that waits; gives the bundles of it that were forgotten. Which one, and why, stands in the list of what was refused.
fn reject(tx: &mut dyn Tx, stamp: &Stamp, device: Device, reason: &str) -> Result<Vec<EntryId>, CenterError> {
    let dropped = tx.drop_waiting(&device.log, device.key)?;
    tx.put_refused_file(&RefusedFile {
        at: stamp.at,
        file: device.log.clone(),
        code: DeviceState::Rejected.code().to_owned(),
        words: format!("the key {} was rejected: {reason}", device.key.words()),
    })?;
    tx.put_device(&Device { state: DeviceState::Rejected, ..device })?;
    Ok(dropped)
}

/// Whether the words name another key than the approved one. Without words nobody replaces one.
fn is_another_meant(tx: &dyn Tx, device: &Device, words: Option<&str>) -> Result<bool, CenterError> {
    if let Some(words) = words {
        return Ok(!is_called(device, words));
    }
    let another_waits = of_log(tx, &device.log)?.iter().any(|other| other.state == DeviceState::Waiting);
    if another_waits { Err(CenterError::NewKey(device.log.clone())) } else { Ok(false) }
}

/// Whether a device may be revoked now: another key of it that waits can't be approved after that, and what it sent is shut out.
fn may_be_revoked(tx: &dyn Tx, device: &Device, wish: &RevokeWish<'_>) -> Result<(), CenterError> {
    let is_last = wish.and_waiting || device.state == DeviceState::Revoked;
    let waits = |other: &Device| other.state == DeviceState::Waiting;
    match wish.words {
        _ if is_last || !of_log(tx, &device.log)?.iter().any(waits) => Ok(()),
        None => Err(CenterError::NewKey(device.log.clone())),
        Some(_) => Err(CenterError::KeyWaits(device.log.clone())),
    }
}

/// A key that was approved counts no more. What it signed and still waits for its turn is not taken in either: whoever left may
/// have sent it, and the device sends what is its own again. Gives those bundles, each of which is noted as refused.
fn replace(tx: &mut dyn Tx, former: Device) -> Result<Vec<EntryId>, CenterError> {
    let why = BundleError::ReplacedSender(former.log.clone());
    let refused = refuse_kept(tx, former.last_seen, &why, &former)?;
    tx.put_device(&Device { state: DeviceState::Replaced, ..former })?;
    Ok(refused)
}

/// Refuses what is kept of a device's key and was not taken in: what is parked, and what waits since the key was approved. Nothing waits
/// for ever for what can't come any more.
fn refuse_kept(tx: &mut dyn Tx, at: Instant, why: &BundleError, device: &Device) -> Result<Vec<EntryId>, CenterError> {
    let mut kept = tx.bundles(&device.log, BundleState::Parked)?;
    kept.extend(tx.waiting_bundles(&device.log, device.key)?);
    refuse_all(tx, at, why, kept)
}

/// Refuses bundles that are kept, and notes each; the files stay.
fn refuse_all(
    tx: &mut dyn Tx,
    at: Instant,
    why: &BundleError,
    kept: Vec<BundleRow>,
) -> Result<Vec<EntryId>, CenterError> {
    let mut refused = Vec::new();
    for row in kept {
        refused.push(row.id);
        let (file, code, words) = (format!("{}.bundle", row.id), why.code().to_owned(), why.to_string());
        tx.put_refused_file(&RefusedFile { at, file, code, words })?;
        tx.put_bundle(&BundleRow { state: BundleState::Refused, ..row })?;
    }
    Ok(refused)
}

/// Whether these are the words of a device's key.
fn is_called(device: &Device, words: &str) -> bool {
    let said = |words: &str| words.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>();
    said(words) == said(&device.key.words())
}

/// The device of this log that waits, by its words where several do. By its words also one that was rejected by mistake.
fn the_one_waiting(tx: &dyn Tx, log: &str, words: Option<&str>) -> Result<Device, CenterError> {
    let mut waiting = of_log(tx, log)?;
    let is_meant = |device: &Device| words.is_none_or(|words| is_called(device, words));
    if words.is_some() && waiting.iter().any(|device| device.state == DeviceState::Replaced && is_meant(device)) {
        return Err(CenterError::Replaced(log.to_owned()));
    }
    let is_open = |state| state == DeviceState::Waiting || (words.is_some() && state == DeviceState::Rejected);
    waiting.retain(|device| is_open(device.state) && is_meant(device));
    match waiting.len() {
        0 | 1 => waiting.pop().ok_or_else(|| CenterError::UnknownDevice(log.to_owned())),
        _ => Err(CenterError::SeveralKeys(log.to_owned())),
    }
}

fn of_log(tx: &dyn Tx, log: &str) -> Result<Vec<Device>, CenterError> {
    Ok(tx.devices()?.into_iter().filter(|device| device.log == log).collect())
}
