//! Devices: approved after their words were compared by telephone, revoked when they are lost.

use crate::journal::keep_text;
use crate::store::{Device, DeviceState, Tx};
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
    /// When there is no such device, or it was revoked.
    pub fn approve(&self, stamp: &Stamp, log: &str) -> Result<(), CenterError> {
        self.store.transact(|tx| {
            let mut device = device(tx, log)?;
            match device.state {
                DeviceState::Approved => return self.write_signers(tx),
                DeviceState::Revoked => return Err(CenterError::Revoked(log.to_owned())),
                DeviceState::Waiting => device.state = DeviceState::Approved,
            }
            tx.put_device(&device)?;
            let act = DeviceApproved {
                site: Oid::from(device.site.as_str()),
                device: Oid::from(log),
                key: device.key.to_string(),
                recipient: device.age.to_string(),
            };
            self.write(tx, stamp, act)?;
            self.write_signers(tx)
        })
    }

    /// Refuses a device's bundles from now on; what was imported stays.
    ///
    /// # Errors
    /// When there is no such device.
    pub fn revoke(&self, stamp: &Stamp, log: &str, reason: &str) -> Result<(), CenterError> {
        self.store.transact(|tx| {
            let mut device = device(tx, log)?;
            if device.state == DeviceState::Revoked {
                return self.write_signers(tx);
            }
            device.state = DeviceState::Revoked;
            tx.put_device(&device)?;
            let act = DeviceRevoked { device: Oid::from(log), reason: keep_text(tx, reason)? };
            self.write(tx, stamp, act)?;
            self.write_signers(tx)
        })
    }
}

fn device(tx: &dyn Tx, log: &str) -> Result<Device, CenterError> {
    tx.device(log)?.ok_or_else(|| CenterError::UnknownDevice(log.to_owned()))
}
