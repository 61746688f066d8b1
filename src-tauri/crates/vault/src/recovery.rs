//! Recovery codes of this vault: made, sealed to the center, used by whoever forgot a password.

use std::io::Write;

use casebook::act::RecoverySealed;
use seal::recovery::RecoveryCodes;
use seal::{KeySlots, Recipient, SigningKey, VaultKeys};

use crate::open::Unsaid;
use crate::slots::{CodeNumber, Decides};
use crate::untold::{Recovered, Untold};
use crate::{NewPassword, Open, Stamp, Tx, VaultError, attempts, wraps};

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
        let set = self.last_set()? + 1;
        let codes = RecoveryCodes::make(self.device(), set, CODES)?;
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

    /// Whether the set is one to rely on. It is not where the journal tells of another one, or of the use of a code that is left;
    /// nor where it is older than the copy that this vault is, as the lost computer may have used codes of it and told nobody; nor
    /// where somebody who has left knew what keeps other people's keys out of the codes' slots. A new set makes good for that.
    ///
    /// # Errors
    /// When the slots or the journal can't be read.
    pub fn recovery_stands(&mut self) -> Result<bool, VaultError> {
        let slots = self.slots()?;
        let Some((set, left)) = slots.codes_left() else { return Ok(true) };
        let device = self.state.card.device.clone();
        let is_told = self.trial_state()?.recovery(&device).filter(|told| told.set == set).is_some_and(|told| {
            told.origin.is_some() && left.iter().all(|code| !told.used.contains_key(&(set, *code)))
        });
        Ok(is_told && !self.is_of_before(set)? && !self.knew_codes(&slots)?)
    }

    /// Whether somebody who has left knew the wrap secret of a code.
    fn knew_codes(&self, slots: &KeySlots) -> Result<bool, VaultError> {
        for slot in slots.wrapped_codes() {
            if wraps::known(&self.sql, &slot)? != wraps::Known::Here {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The greatest number that a set had, by the slots and by the journal.
    fn last_set(&mut self) -> Result<u64, VaultError> {
        let device = self.state.card.device.clone();
        let told = self.trial_state()?.recovery(&device).map_or(0, |recovery| recovery.set);
        Ok(self.slots()?.codes_left().map_or(told, |(set, _)| set.max(told)))
    }

    /// Begins the session of whoever came in by a code: the code's slot goes, the user gets another, and the journal tells it,
    /// all or nothing. While the log may not be written it is kept in the same transaction, and told as soon as it may be.
    ///
    /// # Errors
    /// [`VaultError::WrongPassword`] for a code of whose use the journal tells, as where a backup brought its slot back; and, once
    /// the log of a copy has gone on, for any of a set that was made before.
    pub(crate) fn set_by_code(
        &mut self,
        user: &str,
        burnt: CodeNumber,
        new: &NewPassword<'_>,
        stamp: &Stamp,
    ) -> Result<(), VaultError> {
        if self.is_used(burnt)? || !self.awaits_center() && self.is_of_before(burnt.set)? {
            return Err(VaultError::WrongPassword);
        }
        self.user = user.into();
        let stamp = Stamp { by: self.user.clone(), ..stamp.clone() };
        let seed = self.user_seed.clone();
        let alarms = std::mem::take(&mut self.unsaid.alarms);
        let missed = vec![self.recovered(burnt.set, vec![burnt.code])];
        let begun = Unsaid { alarms, refused: attempts::unjournaled(&self.folder), session: true, missed, kept: false };
        let holds_back = self.holds_back();
        let yet_to_tell = self.yet_to_tell(&begun);
        let slots = |file: &mut KeySlots, keys: &VaultKeys| {
            file.burn(burnt.code);
            Ok(vec![file.put(&new.slot(user), &seed, keys)?])
        };
        let tell = |tx: &mut Tx<'_>| {
            if holds_back { tx.keep_untold(&yet_to_tell) } else { tx.write_unsaid(&begun) }
        };
        self.replace_slots(Decides::File, &stamp, slots, tell)?;
        if holds_back {
            self.admitted(0);
            let kept = !yet_to_tell.sessions.is_empty();
            self.unsaid = Unsaid { alarms: Vec::new(), missed: Vec::new(), kept, ..begun };
        } else {
            self.admitted(begun.refused.len());
        }
        self.settle_in(&stamp);
        Ok(())
    }

    /// Whether the journal tells of a code's use.
    pub(crate) fn is_used(&mut self, CodeNumber { set, code }: CodeNumber) -> Result<bool, VaultError> {
        let device = self.state.card.device.clone();
        Ok(self.trial_state()?.recovery(&device).is_some_and(|told| told.used.contains_key(&(set, code))))
    }

    /// Whether a set was made before the log of a copy went on: the lost computer may have used codes of it and told nobody.
    fn is_of_before(&mut self, set: u64) -> Result<bool, VaultError> {
        let device = self.state.card.device.clone();
        let people = self.trial_state()?;
        let restored = people.log(&device).map_or(0, |log| log.restored);
        let told = people.recovery(&device).filter(|told| told.set == set);
        let sealed = told.and_then(|told| told.origin.as_ref()).map_or(0, |origin| origin.seq);
        Ok(sealed < restored)
    }

    /// What a power cut kept out of the journal: a code of the set in force is gone of which nobody told, and this user's
    /// signing key is another one than is known. It is told at the session's beginning.
    pub(crate) fn find_missed(&mut self, user: &str) -> Result<(), VaultError> {
        let Some((set, left)) = self.slots()?.codes_left() else { return Ok(()) };
        let (device, untold) = (self.state.card.device.clone(), Untold::read(&self.sql)?);
        let key = self.user_key().public().to_string();
        let kept = untold.recovered.iter().rev().find(|one| *one.user == *user).map(|one| one.key.clone());
        let known = kept.or(self.account(user)?.and_then(|account| account.key.clone()));
        let people = self.trial_state()?;
        let Some(told) = people.recovery(&device).filter(|told| told.set == set) else { return Ok(()) };
        let is_told = |code: &u32| told.used.contains_key(&(set, *code)) || untold.tells_of(set, *code);
        let gone: Vec<u32> = (1..=told.codes).filter(|code| !left.contains(code) && !is_told(code)).collect();
        if gone.is_empty() || known.is_none_or(|known| known == key) {
            return Ok(());
        }
        self.user = user.into();
        self.unsaid.missed = vec![self.recovered(set, gone)];
        Ok(())
    }

    /// That the user of this session came in by these codes, and has another password and key.
    fn recovered(&self, set: u64, codes: Vec<u32>) -> Recovered {
        let key = SigningKey::from_seed(&self.user_seed).public().to_string();
        Recovered { set, codes, user: self.user.clone(), key }
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
