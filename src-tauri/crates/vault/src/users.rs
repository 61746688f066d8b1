//! Accounts: adding, passwords, closing. Closing writes the whole database anew under a new key, and gives the device new keys of
//! its own, so that who left with a copy of the vault can read nothing that is written afterwards, and sign nothing.

use casebook::act::SessionRefused;
use casebook::trial_state::Account;
use seal::{Cost, KeySlots, NewSlot, PublicKey, SealError, SigningKey, VaultKeys, Zeroizing};
use study::Oid;

use crate::attempts::{self, Asked, RefusedLogin, Turn};
use crate::device_keys::DeviceKeys;
use crate::replacement::NextVault;
use crate::slots::{By, Decides, Login, Opened, open_slot};
use crate::{Alarm, Open, Stamp, Tx, VaultError, replacement, wraps};

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

impl<'a> NewUser<'a> {
    pub(crate) fn slot(&self) -> NewSlot<'a> {
        NewSlot { user: self.user, password: self.password, cost: self.cost }
    }
}

/// A password to be.
#[derive(Clone, Copy)]
pub struct NewPassword<'a> {
    /// As typed; its policy is checked by [`seal::password`] before.
    pub password: &'a str,
    /// What hashing it costs.
    pub cost: Cost,
}

impl<'a> NewPassword<'a> {
    pub(crate) fn slot(&self, user: &'a str) -> NewSlot<'a> {
        NewSlot { user, password: self.password, cost: self.cost }
    }
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
        self.put_slot(new.slot(), stamp, acts)
    }

    /// Sets somebody else's password, whatever it was. That takes a new signing key, for the old one lies under the old
    /// password. `acts` writes the entry that says so; it is given the account's new public key.
    ///
    /// # Errors
    /// [`VaultError::OwnAccount`] for one's own; [`VaultError::Missing`] when there is no such open account.
    pub fn reset_password<E: From<VaultError>>(
        &mut self,
        user: &str,
        new: &NewPassword<'_>,
        stamp: &Stamp,
        acts: impl FnOnce(&mut Tx<'_>, &PublicKey) -> Result<(), E>,
    ) -> Result<(), E> {
        self.be_sure()?;
        if *user == *self.user {
            return Err(VaultError::OwnAccount.into());
        }
        if self.account(user)?.is_none_or(|account| account.closed) {
            return Err(VaultError::Missing("an open account of this name").into());
        }
        let slot = NewSlot { user, password: new.password, cost: new.cost };
        self.put_slot(slot, stamp, acts)
    }

    /// A slot with a new signing key.
    fn put_slot<E: From<VaultError>>(
        &mut self,
        new: NewSlot<'_>,
        stamp: &Stamp,
        acts: impl FnOnce(&mut Tx<'_>, &PublicKey) -> Result<(), E>,
    ) -> Result<(), E> {
        let seed: Zeroizing<[u8; 32]> = seal::random().map_err(VaultError::from)?;
        let public = SigningKey::from_seed(&seed).public();
        let slot = |file: &mut KeySlots, keys: &VaultKeys| Ok(vec![file.put(&new, &seed, keys)?]);
        self.replace_slots(Decides::Entry, stamp, slot, |tx| acts(tx, &public))
    }

    /// Changes the signed-in user's password. `acts` writes the entry that says so; it is given the account's new public key, where
    /// the slot's is not the one that the journal knows, as in a vault that was put back from a backup of before. After an error the
    /// old password is in force.
    ///
    /// # Errors
    /// Those of [`Open::goes_on`]; [`VaultError::WrongPassword`] when the old one does not fit, [`VaultError::Wait`] after too many
    /// such failures.
    pub fn change_password<E: From<VaultError>>(
        &mut self,
        old: &str,
        new: &NewPassword<'_>,
        stamp: &Stamp,
        acts: impl FnOnce(&mut Tx<'_>, Option<&PublicKey>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.goes_on()?;
        let user = self.user.to_string();
        let Opened { seed: present, .. } = self.ask(old, stamp)?;
        let known = self.account(&user)?.and_then(|account| account.key.clone());
        let is_former = known.is_some_and(|known| known != SigningKey::from_seed(&present).public().to_string());
        let seed = if is_former { seal::random().map_err(VaultError::from)? } else { present };
        let public = is_former.then(|| SigningKey::from_seed(&seed).public());
        let slot = |file: &mut KeySlots, keys: &VaultKeys| Ok(vec![file.put(&new.slot(&user), &seed, keys)?]);
        self.replace_slots(Decides::File, stamp, slot, |tx| acts(tx, public.as_ref()))?;
        self.user_seed = seed;
        Ok(())
    }

    /// Asks for the signed-in user's password once more, before what must be done by nobody else.
    ///
    /// # Errors
    /// [`VaultError::WrongPassword`], [`VaultError::Wait`] after too many failures.
    pub fn check_password(&mut self, password: &str, stamp: &Stamp) -> Result<(), VaultError> {
        self.ask(password, stamp).map(drop)
    }

    /// A wrong password costs here what it costs at the door.
    fn ask(&mut self, password: &str, stamp: &Stamp) -> Result<Opened, VaultError> {
        self.be_sure()?;
        let (folder, user) = (self.folder.clone(), self.user.to_string());
        let asked = Asked { folder: &folder, account: Some(&user) };
        let _turn = Turn::take(&folder)?;
        asked.wait(stamp)?;
        let opened = open_slot(&self.slots()?, Login { user: &user, by: By::Password(password) });
        asked.note(stamp, &opened);
        match &opened {
            Ok(_) if asked.journaled(0).is_err() => self.note(Alarm::AttemptsUnkept),
            // What can't be journaled now is kept beside the database for the next sign-in.
            Err(VaultError::WrongPassword) => drop(self.journal_refusals(stamp)),
            _ => {}
        }
        opened
    }

    /// Journals refused passwords that the journal does not tell yet, such as those that were asked for beside the open vault
    /// ([`crate::guarded`]).
    ///
    /// # Errors
    /// When the database refuses: they stay noted for the next sign-in.
    pub fn journal_refusals(&mut self, stamp: &Stamp) -> Result<(), VaultError> {
        self.regain()?;
        self.say(stamp)?;
        let refused = attempts::unjournaled(&self.folder);
        if refused.is_empty() {
            return Ok(());
        }
        self.transact(stamp, |tx| tx.write_refusals(&refused))?;
        if attempts::forget_journaled(&self.folder, refused.len()).is_err() {
            self.note(Alarm::AttemptsUnkept);
        }
        Ok(())
    }

    /// Closes an account for good. `acts` writes the entry that says so. The database is then written anew under a new
    /// key, and with new keys of the device, which the journal tells; if that can't be done now, while an export or verification still reads the old file for example, it is an
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
                // What can't be told now is told before the next act.
                let _ = self.say(stamp);
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
        let device = DeviceKeys::make()?;
        let keys = VaultKeys { db_key: seal::random()?, device: device.signing.public() };
        let secrets = wraps::all(&self.sql)?;
        file.rekey(&keys, |slot| secrets.get(slot).cloned())?;
        let slots = file.write(&keys.db_key);
        replacement::replace_database(self, &NextVault { key: &keys.db_key, device: &device, slots: &slots })?;
        Ok(true)
    }
}

impl Tx<'_> {
    /// Tells refused passwords and codes.
    pub(crate) fn write_refusals(&mut self, refused: &[RefusedLogin]) -> Result<(), VaultError> {
        for RefusedLogin { user, failures, .. } in refused {
            let user = user.as_deref().map(Oid::from);
            self.write_as_system(SessionRefused { user, failures: *failures })?;
        }
        Ok(())
    }
}
