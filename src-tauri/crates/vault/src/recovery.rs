//! Recovery codes of this vault: made, sealed to the center, used by whoever forgot a password.

use std::io::Write;

use casebook::Act;
use casebook::act::{PasswordChange, RecoverySealed, RecoveryUsed, UserPasswordChanged};
use seal::recovery::RecoveryCodes;
use seal::{KeySlots, Recipient, SigningKey, VaultKeys};

use crate::open::Unsaid;
use crate::slots::{CodeNumber, Decides};
use crate::{NewPassword, Open, Stamp, VaultError, attempts};

/// Codes of one set.
const CODES: u32 = 10;

impl Open {
    /// Makes a new set of recovery codes, and tells it in the journal sealed to the center's recovery key. The codes of the set
    /// before open nothing any more.
    ///
    /// # Errors
    /// When the database refuses: the set before is in force.
    pub fn renew_recovery(&mut self, recipient: &Recipient, stamp: &Stamp) -> Result<(), VaultError> {
        self.be_sure()?;
        let codes = RecoveryCodes::make(self.device(), self.last_set()? + 1, CODES)?;
        let act = RecoverySealed { set: codes.set(), codes: codes.count(), sealed: sealed_to(recipient, &codes)? };
        let slots = |file: &mut KeySlots, keys: &VaultKeys| Ok(file.put_codes(&codes, keys)?);
        self.replace_slots(Decides::Entry, stamp, slots, |tx| tx.write_as_system(act).map(drop))
    }

    /// How many recovery codes were not used; 0 where none were made.
    ///
    /// # Errors
    /// When the slots can't be read.
    pub fn recovery_left(&self) -> Result<u32, VaultError> {
        let left = self.slots()?.codes_left().map_or(0, |(_, left)| left.len());
        Ok(u32::try_from(left).unwrap_or(u32::MAX))
    }

    /// The greatest number that a set had, by the slots and by the journal.
    fn last_set(&mut self) -> Result<u64, VaultError> {
        let device = self.state.card.device.clone();
        let told = self.trial_state()?.recovery(&device).map_or(0, |recovery| recovery.set);
        Ok(self.slots()?.codes_left().map_or(told, |(set, _)| set.max(told)))
    }

    /// Begins the session of whoever came in by a code: the code's slot goes, the user gets another, and the journal tells it,
    /// all or nothing.
    pub(crate) fn set_by_code(
        &mut self,
        user: &str,
        burnt: CodeNumber,
        new: &NewPassword<'_>,
        stamp: &Stamp,
    ) -> Result<(), VaultError> {
        self.user = user.into();
        let stamp = Stamp { by: self.user.clone(), ..stamp.clone() };
        let seed = self.user_seed.clone();
        let acts = self.recovered(burnt.set, &[burnt.code]);
        let alarms = std::mem::take(&mut self.unsaid.alarms);
        let noticed = Unsaid { alarms, refused: attempts::unjournaled(&self.folder), ..Unsaid::default() };
        let slots = |file: &mut KeySlots, keys: &VaultKeys| {
            file.burn(burnt.code);
            Ok(vec![file.put(&new.slot(user), &seed, keys)?])
        };
        self.replace_slots(Decides::File, &stamp, slots, |tx| {
            tx.write_noticed(&noticed)?;
            tx.begin_session(&acts)
        })?;
        self.admitted(noticed.refused.len());
        self.settle_in(&stamp);
        Ok(())
    }

    /// What a power cut kept out of the journal: a code of the set in force is gone of which nobody told, and this user's
    /// signing key is another one than is known. It is told at the session's beginning.
    pub(crate) fn find_missed(&mut self, user: &str) -> Result<(), VaultError> {
        let Some((set, left)) = self.slots()?.codes_left() else { return Ok(()) };
        let (device, key) = (self.state.card.device.clone(), self.user_key().public().to_string());
        let known = self.account(user)?.and_then(|account| account.key.clone());
        let people = self.trial_state()?;
        let Some(told) = people.recovery(&device).filter(|told| told.set == set) else { return Ok(()) };
        let is_gone = |code: &u32| !left.contains(code) && !told.used.contains_key(&(set, *code));
        let gone: Vec<u32> = (1..=told.codes).filter(is_gone).collect();
        if gone.is_empty() || known.is_none_or(|known| known == key) {
            return Ok(());
        }
        self.user = user.into();
        self.unsaid.missed = self.recovered(set, &gone);
        Ok(())
    }

    /// That the user of this session came in by these codes, and has another password and key.
    fn recovered(&self, set: u64, codes: &[u32]) -> Vec<Act> {
        let user = self.user.clone();
        let key = SigningKey::from_seed(&self.user_seed).public().to_string();
        let used = codes.iter().map(|code| RecoveryUsed { set, code: *code, user: user.clone() }.into());
        let changed = UserPasswordChanged { user: user.clone(), how: PasswordChange::Recovery, key: Some(key) };
        used.chain([changed.into()]).collect()
    }
}

/// The set's text for the center's recovery key alone, as hexadecimal digits.
fn sealed_to(recipient: &Recipient, codes: &RecoveryCodes) -> Result<String, VaultError> {
    let sealed = seal::encrypt(std::slice::from_ref(recipient), Vec::new()).and_then(|mut out| {
        out.write_all(codes.to_text().as_bytes())?;
        out.finish()
    });
    Ok(seal::hex::encode(&sealed?))
}
