//! The device's keys of an open vault: what opens replies, and how new ones are told in the journal: by whoever is signed in, before
//! anything else is written. The center then asks for their words again.

use casebook::act::DeviceEnrolled;
use seal::Identity;
use study::Oid;

use crate::device_keys::{DeviceKeys, former};
use crate::{Open, Tx, VaultError, keys};

impl Open {
    /// The device's age identity, to which the center encrypts replies.
    ///
    /// # Errors
    /// [`VaultError::Damaged`] when it is not there.
    pub fn device_identity(&self) -> Result<Identity, VaultError> {
        Ok(DeviceKeys::read(&self.sql)?.identity)
    }

    /// What opens replies: the present age identity, then the former ones, newest first.
    ///
    /// # Errors
    /// [`VaultError::Damaged`] when the present one is not there, or one of them can't be read.
    pub fn device_identities(&self) -> Result<Vec<Identity>, VaultError> {
        let former = former(&self.sql)?.into_iter().map(|former| former.identity);
        Ok([self.device_identity()?].into_iter().chain(former).collect())
    }
}

impl Tx<'_> {
    /// Tells the device's keys, where the journal does not yet: by whoever is signed in, whatever the role.
    pub(crate) fn tell_keys(&mut self) -> Result<(), VaultError> {
        if !self.state.untold {
            return Ok(());
        }
        let DeviceKeys { signing, identity } = DeviceKeys::read(self.sql)?;
        let card = &self.state.card;
        let (site, device) = (Oid::from(card.site.as_str()), Oid::from(card.device.as_str()));
        let practice = self.trial_state()?.device_of(&device).is_some_and(|device| device.practice);
        self.write(DeviceEnrolled {
            site,
            device,
            key: signing.public().to_string(),
            recipient: identity.recipient().to_string(),
            program: env!("CARGO_PKG_VERSION").to_owned(),
            practice,
        })?;
        self.set(keys::DEVICE_UNTOLD, b"")?;
        self.state.untold = false;
        Ok(())
    }
}
