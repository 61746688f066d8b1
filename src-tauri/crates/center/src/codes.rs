//! What the logs say of recovery codes, and why one is not read out.

use crate::store::{StoreError, Tx};
use casebook::trial_state::Recovery;
use casebook::{Act, CENTER, Entry, Line, TrialState};
use serde::Serialize;

/// Why no code is read out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecoveryError {
    /// Nobody said why.
    #[error("it must be said why")]
    Reason,
    /// The device was revoked.
    #[error("the device was revoked")]
    Revoked,
    /// No codes of the device have come.
    #[error("no bundle has brought codes of this device")]
    Nothing,
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

/// What the logs of some devices and of the center say of recovery codes, and nothing else.
pub(crate) fn recovery_state(tx: &dyn Tx, devices: &[&str]) -> Result<TrialState, StoreError> {
    let mut state = TrialState::new();
    for log in std::iter::once(&CENTER).chain(devices) {
        tx.recovery_lines(log, &mut |_, _, id, bytes| {
            let line = Line::reread(bytes.to_vec(), id).map_err(|_| StoreError::Damaged("an entry"))?;
            state.apply(id, line.entry());
            Ok(())
        })?;
    }
    Ok(state)
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
