//! Devices: approved after their words were compared by telephone, revoked when they are lost.

use crate::store::{Device, DeviceState};
use crate::{Center, CenterError, Stamp};
use casebook::act::{DeviceApproved, DeviceRevoked};
use study::Oid;

impl Center {
    /// Every device that was ever heard of.
    ///
    /// # Errors
    /// When the database fails.
    pub fn devices(&self) -> Result<Vec<Device>, CenterError> {
        Ok(self.store.devices()?)
    }

    /// Accepts a device's bundles from now on. What it sent before waits in the center and is to be taken in with
    /// [`Center::ingest_waiting`].
    ///
    /// # Errors
    /// When there is no such device, or it was revoked.
    pub fn approve(&self, stamp: &Stamp, log: &str) -> Result<(), CenterError> {
        self.transact(|store| {
            let mut device = self.device(log)?;
            match device.state {
                DeviceState::Approved => return Ok(()),
                DeviceState::Revoked => return Err(CenterError::Revoked(log.to_owned())),
                DeviceState::Waiting => device.state = DeviceState::Approved,
            }
            store.put_device(&device)?;
            let act = DeviceApproved {
                site: Oid::from(device.site.as_str()),
                device: Oid::from(log),
                key: device.key.to_string(),
                recipient: device.age.to_string(),
            };
            self.write(stamp, act).map(drop)
        })?;
        self.write_signers()
    }

    /// Refuses a device's bundles from now on; what was taken in stays.
    ///
    /// # Errors
    /// When there is no such device.
    pub fn revoke(&self, stamp: &Stamp, log: &str, reason: &str) -> Result<(), CenterError> {
        self.transact(|store| {
            let mut device = self.device(log)?;
            if device.state == DeviceState::Revoked {
                return Ok(());
            }
            device.state = DeviceState::Revoked;
            store.put_device(&device)?;
            let act = DeviceRevoked { device: Oid::from(log), reason: self.words(reason)? };
            self.write(stamp, act).map(drop)
        })?;
        self.write_signers()
    }

    fn device(&self, log: &str) -> Result<Device, CenterError> {
        self.store.device(log)?.ok_or_else(|| CenterError::UnknownDevice(log.to_owned()))
    }
}
