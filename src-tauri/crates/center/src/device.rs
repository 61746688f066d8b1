//! Devices: approved after their words were compared by telephone, revoked when they are lost.

use crate::journal::keep_text;
use crate::proof::{KitProof, kit_proof};
use crate::store::{BundleRow, BundleState, Device, DeviceState, Tx};
use crate::{Center, CenterError, Stamp};
use casebook::act::{DeviceApproved, DeviceRevoked};
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

    /// The same of the key with these words, where several wait for one log; the others are forgotten. Where the device has an
    /// approved key, this one takes its place, and what the former signed is refused from now on. Gives whether the device came by
    /// a kit of its site.
    ///
    /// # Errors
    /// As [`Self::approve`]; [`CenterError::NewKey`] where a device has an approved key, another waits, and no words say which is
    /// meant; [`CenterError::Replaced`] for a former key.
    pub fn approve_key(&self, stamp: &Stamp, log: &str, words: Option<&str>) -> Result<KitProof, CenterError> {
        self.store.transact(|tx| {
            let present = tx.device(log)?;
            match &present {
                Some(device) if device.state != DeviceState::Approved => {
                    return Err(CenterError::Revoked(log.to_owned()));
                }
                Some(device) if !is_another_meant(tx, device, words)? => {
                    self.write_signers(tx)?;
                    return Ok(kit_proof(tx, device)?);
                }
                _ => {}
            }
            let waiting = the_one_waiting(tx, log, words)?;
            let proof = kit_proof(tx, &waiting)?;
            let mut device = Device { state: DeviceState::Approved, ..waiting };
            if let Some(former) = present {
                // The device came by its kit with the former key.
                (device.kit, device.first_seen) = (former.kit, former.first_seen);
                replace(tx, Device { last_seen: stamp.at, ..former })?;
            }
            tx.put_device(&device)?;
            for other in of_log(tx, log)?.iter().filter(|other| other.key != device.key) {
                tx.drop_waiting(log, other.key)?;
            }
            let act = DeviceApproved {
                site: Oid::from(device.site.as_str()),
                device: Oid::from(log),
                key: device.key.to_string(),
                recipient: device.age.to_string(),
            };
            self.write(tx, stamp, act)?;
            self.write_signers(tx)?;
            Ok(proof)
        })
    }

    /// Refuses a device's bundles from now on; what was imported stays. One that only waits is rejected: the same log may be
    /// another device's, so nothing is said of it.
    ///
    /// # Errors
    /// When there is no such device, or several keys wait for its log; [`CenterError::NewKey`] while another key of an approved
    /// device waits: then words must say which is meant ([`Self::revoke_key`]).
    pub fn revoke(&self, stamp: &Stamp, log: &str, reason: &str) -> Result<(), CenterError> {
        self.store.transact(|tx| {
            let Some(device) = tx.device(log)? else {
                // Rejected before: that stays so.
                let is_rejected = of_log(tx, log)?.iter().any(|device| device.state == DeviceState::Rejected);
                return match reject(tx, log, None) {
                    Err(CenterError::UnknownDevice(_)) if is_rejected => Ok(()),
                    rejected => rejected,
                };
            };
            if device.state == DeviceState::Approved {
                is_another_meant(tx, &device, None)?;
            }
            self.revoke_device(tx, stamp, device, reason)
        })
    }

    /// The same by the words of the key that is meant: the device's own, or one that waits, which is rejected then. Gives whether
    /// the device itself was revoked.
    ///
    /// # Errors
    /// When no key of this log has these words.
    pub fn revoke_key(&self, stamp: &Stamp, log: &str, words: &str, reason: &str) -> Result<bool, CenterError> {
        self.store.transact(|tx| match tx.device(log)?.filter(|device| is_called(device, words)) {
            Some(device) => self.revoke_device(tx, stamp, device, reason).map(|()| true),
            None => reject(tx, log, Some(words)).map(|()| false),
        })
    }

    fn revoke_device(&self, tx: &mut dyn Tx, stamp: &Stamp, device: Device, reason: &str) -> Result<(), CenterError> {
        if device.state == DeviceState::Revoked {
            return self.write_signers(tx);
        }
        let act = DeviceRevoked { device: Oid::from(device.log.as_str()), reason: keep_text(tx, reason)? };
        tx.put_device(&Device { state: DeviceState::Revoked, ..device })?;
        self.write(tx, stamp, act)?;
        self.write_signers(tx)
    }
}

fn reject(tx: &mut dyn Tx, log: &str, words: Option<&str>) -> Result<(), CenterError> {
    let device = the_one_waiting(tx, log, words)?;
    tx.drop_waiting(log, device.key)?;
    Ok(tx.put_device(&Device { state: DeviceState::Rejected, ..device })?)
}

/// Whether the words name another key than the approved one. Without words nobody replaces one.
fn is_another_meant(tx: &dyn Tx, device: &Device, words: Option<&str>) -> Result<bool, CenterError> {
    if let Some(words) = words {
        return Ok(!is_called(device, words));
    }
    let another_waits = of_log(tx, &device.log)?.iter().any(|other| other.state == DeviceState::Waiting);
    if another_waits { Err(CenterError::NewKey(device.log.clone())) } else { Ok(false) }
}

/// A key that was approved counts no more. What it signed and still waits for its turn is not taken in either: whoever left may
/// have sent it, and the device sends what is its own again.
fn replace(tx: &mut dyn Tx, former: Device) -> Result<(), CenterError> {
    for parked in tx.bundles(&former.log, BundleState::Parked)? {
        tx.put_bundle(&BundleRow { state: BundleState::Refused, ..parked })?;
    }
    Ok(tx.put_device(&Device { state: DeviceState::Replaced, ..former })?)
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
