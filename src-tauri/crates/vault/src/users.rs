//! Accounts: adding, changing a password, closing. Closing writes the whole database anew under a new key, so that who
//! left with a copy of the old key can read nothing that is written afterwards.

use casebook::trial_state::Account;
use seal::{Cost, KeySlots, PublicKey, SealError, SigningKey, Unlocked};
use study::Oid;

use crate::connection::DbKey;
use crate::slots::Decides;
use crate::{Alarm, Open, Stamp, Tx, VaultError, replacement};

/// An account to be.
#[derive(Clone, Copy)]
pub struct NewUser<'a> {
    /// User id.
    pub user: &'a str,
    /// Password; its policy is checked by [`seal::password`] before.
    pub password: &'a str,
    /// What hashing it costs.
    pub cost: Cost,
}

impl Open {
    /// Adds an account. `acts` writes the entry that says so; it is given the account's public key.
    ///
    /// # Errors
    /// [`SealError::UserExists`] when the id is or was in use.
    pub fn add_user<E: From<VaultError>>(
        &mut self,
        new: &NewUser<'_>,
        stamp: &Stamp,
        acts: impl FnOnce(&mut Tx<'_>, &PublicKey) -> Result<(), E>,
    ) -> Result<(), E> {
        self.be_sure()?;
        if self.account(new.user)?.is_some() {
            return Err(VaultError::from(SealError::UserExists).into());
        }
        let signing_seed = seal::random().map_err(VaultError::from)?;
        let public = SigningKey::from_seed(&signing_seed).public();
        let slot = |file: &mut KeySlots, key: &DbKey| {
            let secrets = Unlocked { db_key: key.clone(), signing_seed };
            file.add(new.user, new.password, &new.cost, &secrets).map_err(VaultError::from)
        };
        self.replace_slots(Decides::Entry, stamp, slot, |tx| acts(tx, &public))
    }

    /// Changes the signed-in user's password. After an error the old one is in force.
    ///
    /// # Errors
    /// [`VaultError::WrongPassword`] when the old one does not fit.
    pub fn change_password(&mut self, old: &str, new: &str, cost: &Cost, stamp: &Stamp) -> Result<(), VaultError> {
        let user = self.user.clone();
        let slot = |file: &mut KeySlots, _: &DbKey| {
            let secrets = file.unlock(&user, old).map_err(|error| match error {
                SealError::WrongPassword => VaultError::WrongPassword,
                other => other.into(),
            })?;
            file.replace(&user, new, cost, &secrets).map_err(VaultError::from)
        };
        self.replace_slots(Decides::File, stamp, slot, |_| Ok(()))
    }

    /// Whether this is the signed-in user's password: asked again before signing.
    ///
    /// # Errors
    /// When the slots can't be read.
    pub fn is_password(&self, password: &str) -> Result<bool, VaultError> {
        match self.slots()?.unlock(&self.user, password) {
            Ok(_) => Ok(true),
            Err(SealError::WrongPassword) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Closes an account for good. `acts` writes the entry that says so. The database is then written anew under a new
    /// key; if that can't be done now, while an export or verification still reads the old file for example, it is an
    /// alarm and done later.
    ///
    /// # Errors
    /// Those of `acts` and of the write: the account is open then.
    pub fn close_user<E: From<VaultError>>(
        &mut self,
        stamp: &Stamp,
        acts: impl FnOnce(&mut Tx<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.transact(stamp, acts)?;
        self.try_closing(stamp);
        Ok(())
    }

    /// An account of this device.
    pub(crate) fn account(&mut self, user: &str) -> Result<Option<&Account>, VaultError> {
        let device = Oid::from(self.state.card.device.as_str());
        Ok(self.trial_state()?.account(&device, &Oid::from(user)))
    }

    /// Takes the slots of closed accounts away, under a new key. Where that can't be done now it is an alarm, and tried again
    /// at locking and unlocking: the account stays shut meanwhile.
    pub(crate) fn try_closing(&mut self, stamp: &Stamp) {
        match self.finish_closing() {
            Ok(false) => {}
            Ok(true) => {
                self.forget(&Alarm::ClosingPending);
                self.keep_checkpoint(stamp);
            }
            Err(_) => self.note(Alarm::ClosingPending),
        }
    }

    /// Whether there was anything to be done.
    fn finish_closing(&mut self) -> Result<bool, VaultError> {
        let mut file = self.slots()?;
        let mut closed: Vec<String> = Vec::new();
        for user in file.users() {
            if self.account(user)?.is_some_and(|account| account.closed) {
                closed.push(user.to_owned());
            }
        }
        if closed.is_empty() {
            return Ok(false);
        }
        self.regain()?;
        self.settle_slots()?;
        closed.iter().try_for_each(|user| file.remove(user))?;
        let key = seal::random()?;
        file.rekey(&key)?;
        let bytes = file.write(&key);
        replacement::replace_database(self, &key, &bytes)?;
        Ok(true)
    }
}
