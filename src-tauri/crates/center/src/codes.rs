//! What the logs say of recovery codes, and why one is not read out.

use crate::store::{StoreError, Tx};
use casebook::trial_state::{Recovery, RecoveryCode};
use casebook::{Act, CENTER, Entry, Line, TrialState};
use serde::Serialize;
use std::collections::BTreeMap;
use study::Oid;

/// Why no code is read out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecoveryError {
    /// Nobody said why.
    #[error("it must be said why")]
    Reason,
    /// Nobody said whose password is to be set, or what was said is no user id.
    #[error("it must be said whose password is to be set, by the user id that the caller types at the first screen")]
    Account,
    /// The device was revoked.
    #[error("the device was revoked")]
    Revoked,
    /// No codes of the device have come.
    #[error("no bundle has brought codes of this device")]
    Nothing,
    /// This set has not come.
    #[error("no bundle has brought set {0} of this device's codes")]
    NoSuchSet(u64),
    /// Every code of the set was read out or used.
    #[error("every code of the set was read out or used; the device seals a new set when somebody signs in there")]
    NoneLeft,
    /// It is another key.
    #[error("this is not the center's recovery key")]
    OtherKey,
    /// The codes are sealed to another key.
    #[error("the device sealed its codes to another key")]
    SealedOtherwise,
    /// What the device sealed are not its codes.
    #[error("what the device sealed are not its codes")]
    Damaged,
}

/// How a device's recovery codes stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RecoveryStatus {
    /// Which set of the device is in force.
    pub set: u64,
    /// Codes of it that nobody was told and nobody used.
    pub left: u32,
    /// Codes of it that were read out.
    pub released: u32,
    /// Codes of it that opened the vault.
    pub used: u32,
}

/// A recovery code that opened a vault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CodeUsed {
    /// Which set.
    pub set: u64,
    /// Which code of it.
    pub code: u32,
    /// The account that got a password by it.
    pub user: String,
    /// The account for which it was read out, where that was said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read_out_for: Option<String>,
}

impl CodeUsed {
    /// Whether it set another account's password than it was read out for.
    #[must_use]
    pub fn is_anothers(&self) -> bool {
        self.read_out_for.as_ref().is_some_and(|user| *user != self.user)
    }
}

/// What the logs of a device and of the center say of its recovery codes, and nothing else.
pub(crate) fn recovery_state(tx: &dyn Tx, device: &str) -> Result<TrialState, StoreError> {
    recovery_state_at(tx, device, u64::MAX)
}

/// The same as if no later set had come than this one, which is in force then: a backup that was made meanwhile has its codes.
pub(crate) fn recovery_state_at(tx: &dyn Tx, device: &str, set: u64) -> Result<TrialState, StoreError> {
    let mut state = TrialState::new();
    each_entry(tx, device, &mut |line| {
        let is_later = matches!(&line.entry().act, Act::RecoverySealed(act) if act.set > set);
        if !is_later {
            state.apply(line.id(), line.entry());
        }
    })?;
    Ok(state)
}

/// For whom the codes of a device were read out, where that was said.
pub(crate) fn read_out_for(tx: &dyn Tx, device: &str) -> Result<BTreeMap<RecoveryCode, Oid>, StoreError> {
    let mut found = BTreeMap::new();
    each_entry(tx, device, &mut |line| {
        if let Act::RecoveryReleased(act) = &line.entry().act
            && *act.device == *device
            && let Some(user) = &act.user
        {
            found.entry((act.set, act.code)).or_insert_with(|| user.clone());
        }
    })?;
    Ok(found)
}

/// Every entry of the center and of a device that is about recovery codes.
fn each_entry(tx: &dyn Tx, device: &str, each: &mut dyn FnMut(&Line)) -> Result<(), StoreError> {
    for log in [CENTER, device] {
        tx.recovery_lines(log, &mut |_, _, id, bytes| {
            each(&Line::reread(bytes.to_vec(), id).map_err(|_| StoreError::Damaged("an entry"))?);
            Ok(())
        })?;
    }
    Ok(())
}

/// Notes an entry that was stored, where it is about recovery codes.
pub(crate) fn note_recovery(tx: &mut dyn Tx, entry: &Entry) -> Result<(), StoreError> {
    match entry.act {
        Act::RecoverySealed(_) | Act::RecoveryReleased(_) | Act::RecoveryUsed(_) => {
            tx.note_recovery(&entry.log, entry.seq)
        }
        _ => Ok(()),
    }
}

/// The codes that opened the vault, each with its account.
pub(crate) fn used_codes(recovery: &Recovery, read_out_for: &BTreeMap<RecoveryCode, Oid>) -> Vec<CodeUsed> {
    let used = recovery.used.iter().map(|(&(set, code), (_, user))| CodeUsed {
        set,
        code,
        user: user.to_string(),
        read_out_for: read_out_for.get(&(set, code)).map(Oid::to_string),
    });
    used.collect()
}

/// How codes stand, as counts.
pub(crate) fn status_of(recovery: &Recovery) -> RecoveryStatus {
    let of_set = |(set, _): &&(u64, u32)| *set == recovery.set;
    let count = |codes: usize| u32::try_from(codes).unwrap_or(u32::MAX);
    let is_left = |code: &u32| {
        let code = (recovery.set, *code);
        !recovery.released.contains_key(&code) && !recovery.used.contains_key(&code)
    };
    RecoveryStatus {
        set: recovery.set,
        left: count((1..=recovery.codes).filter(is_left).count()),
        released: count(recovery.released.keys().filter(of_set).count()),
        used: count(recovery.used.keys().filter(of_set).count()),
    }
}
