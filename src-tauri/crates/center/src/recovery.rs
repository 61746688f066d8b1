//! Ways back into a device's vault: one-time codes, which wait at the center sealed to its offline recovery key and are read
//! out by telephone.
//!
//! Each code is journaled before anybody sees it, and is in no log and no error.

use crate::codes::{RecoveryError, SaidOfCodes};
use crate::journal::keep_text;
use crate::store::{Device, DeviceState};
use crate::{Center, CenterError, Stamp};
use casebook::act::RecoveryReleased;
use casebook::trial_state::Recovery;
use seal::recovery::{RecoveryCode, RecoveryCodes};
use seal::{Identity, SealError, Zeroizing};
use std::io::Read;
use study::Oid;

/// Who calls, and for what.
#[derive(Clone, Copy)]
pub struct Caller<'a> {
    /// The device whose vault is to be opened.
    pub device: &'a str,
    /// User id of the account whose password is to be set, as the caller types it.
    pub user: &'a str,
    /// Of which set of the device's codes; of the newest one where nothing is said. A backup has the set that was in force when
    /// it was made.
    pub set: Option<u64>,
    /// Why, and how it was made sure who calls.
    pub reason: &'a str,
}

/// Whether a code may be read out although entries that may tell of codes can't be read any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Damage {
    Stops,
    /// For each such entry one code is passed over for good.
    CostsCodes,
}

/// A code that is to be read out.
pub struct ReadOut {
    /// The device whose vault it opens.
    pub device: String,
    /// The device's site.
    pub site: String,
    /// User id of the account whose password alone it is to set.
    pub user: String,
    /// Fingerprint of the device's key as words: what its people can read to whoever has the code.
    pub words: String,
    /// The words of keys that ask to take its place and show its kit: after an account was closed a device shows those of its new key, and
    /// nobody has compared these yet. A key that shows no kit may be anybody's, whose words are read to nobody as the device's.
    pub asking: Vec<String>,
    /// The set that the code is of.
    pub set: u64,
    /// The code's number in the set.
    pub number: u32,
    /// The code.
    pub code: Zeroizing<String>,
    /// Codes of the set that are left after it.
    pub left: u32,
}

impl Center {
    /// Reads out the next code for an account of a device's vault. `key` is the offline recovery key. That the code was read out,
    /// for whom, and why, goes into the center's log first.
    ///
    /// A vault can't ask for whom it was: it hears nothing of the center, and a code opens it whoever types it. That another account
    /// got a password by it is an alarm here.
    ///
    /// # Errors
    /// [`CenterError::NotReadOut`] with the reason; [`CenterError::UnreadCode`] where an entry about codes can't be read; when there is no
    /// such device, or the database fails.
    pub fn read_out_code(&self, stamp: &Stamp, caller: Caller<'_>, key: &Identity) -> Result<ReadOut, CenterError> {
        self.read_out(stamp, caller, key, Damage::Stops)
    }

    /// The same although entries about codes can't be read: for each one code is passed over, which it may tell of, so that none is read
    /// out twice. A site that is shut out loses more than a few codes.
    ///
    /// # Errors
    /// As [`Self::read_out_code`], but for damaged entries.
    pub fn read_out_despite_damage(
        &self,
        stamp: &Stamp,
        caller: Caller<'_>,
        key: &Identity,
    ) -> Result<ReadOut, CenterError> {
        self.read_out(stamp, caller, key, Damage::CostsCodes)
    }

    fn read_out(
        &self,
        stamp: &Stamp,
        caller: Caller<'_>,
        key: &Identity,
        damage: Damage,
    ) -> Result<ReadOut, CenterError> {
        let Caller { device, set, .. } = caller;
        let (reason, user) = (caller.reason.trim(), caller.user.trim().to_lowercase());
        if reason.is_empty() {
            return Err(RecoveryError::Reason.into());
        }
        if !study::is_name(&user) {
            return Err(RecoveryError::Account.into());
        }
        if key.recipient() != self.card.recovery {
            return Err(RecoveryError::OtherKey.into());
        }
        self.store.transact(|tx| {
            let known = tx.device(device)?.ok_or_else(|| CenterError::UnknownDevice(device.to_owned()))?;
            if known.state == DeviceState::Revoked {
                return Err(RecoveryError::Revoked.into());
            }
            let said = SaidOfCodes::read_at(tx, device, set.unwrap_or(u64::MAX))?;
            let passed_over = said.passed_over(damage == Damage::CostsCodes)?;
            let sealed = said.state.recovery(device).filter(|recovery| recovery.origin.is_some());
            let recovery = sealed.ok_or(set.map_or(RecoveryError::Nothing, RecoveryError::NoSuchSet))?;
            if set.is_some_and(|set| set != recovery.set) {
                return Err(RecoveryError::NoSuchSet(set.unwrap_or_default()).into());
            }
            let number = recovery.left().nth(passed_over).ok_or(RecoveryError::NoneLeft)?;
            let code = open_code(recovery, device, number, key)?;
            let is_its_own = |other: &Device| other.asks_for(&known.log) && other.kit.is_some();
            let asking = tx.devices()?.into_iter().filter(is_its_own).map(|other| other.key.words()).collect();
            let (set, reason) = (recovery.set, keep_text(tx, reason)?);
            let left = u32::try_from(recovery.left().count().saturating_sub(passed_over + 1)).unwrap_or(u32::MAX);
            let (log, for_whom) = (Oid::from(device), Some(Oid::from(user.as_str())));
            self.write(tx, stamp, RecoveryReleased { device: log, set, code: number, reason, user: for_whom })?;
            Ok(ReadOut {
                device: device.to_owned(),
                site: known.site,
                user,
                words: known.key.words(),
                asking,
                set,
                number,
                code,
                left,
            })
        })
    }
}

/// Opens the code of a number.
fn open_code(
    recovery: &Recovery,
    device: &str,
    number: u32,
    key: &Identity,
) -> Result<Zeroizing<String>, RecoveryError> {
    let sealed = seal::hex::decode_vec(&recovery.sealed).map_err(|_| RecoveryError::Damaged)?;
    let mut opened = seal::decrypt(key, sealed.as_slice()).map_err(|error| match error {
        SealError::NotForUs => RecoveryError::SealedOtherwise,
        _ => RecoveryError::Damaged,
    })?;
    // What comes out is no longer than what went in: the text never moves and leaves no copy behind.
    let mut text = Zeroizing::new(String::with_capacity(sealed.len()));
    opened.read_to_string(&mut text).map_err(|_| RecoveryError::Damaged)?;
    let codes = RecoveryCodes::parse(&text).map_err(|_| RecoveryError::Damaged)?;
    if codes.device() != device || codes.set() != recovery.set {
        return Err(RecoveryError::Damaged);
    }
    codes.code(number).map(RecoveryCode::spelled).ok_or(RecoveryError::Damaged)
}
