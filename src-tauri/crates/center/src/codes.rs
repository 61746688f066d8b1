//! What the logs say of recovery codes, and why one is not read out.

use crate::settle::each_aside;
use crate::store::{StoreError, Tx};
use casebook::trial_state::{Recovery, RecoveryCode};
use casebook::{Act, CENTER, Entry, EntryId, Line, TrialState};
use serde::Serialize;
use std::collections::BTreeMap;
use study::Oid;

/// How the act that tells of a code's use begins in an entry.
const USED: &[u8] = b"\"act\":\"recovery.used\"";

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

/// What the logs of a device and of the center say of its recovery codes, as far as that can be read.
pub(crate) struct SaidOfCodes {
    /// Sets, codes that were read out, and who used which first; nothing else.
    pub(crate) state: TrialState,
    /// For whom codes were read out, where that was said.
    pub(crate) read_out_for: BTreeMap<RecoveryCode, Oid>,
    /// Every use, also by a branch that is kept aside.
    pub(crate) uses: Vec<CodeUse>,
    /// The entries that can't be read any more. They stop nobody else's work, and are to be named.
    pub(crate) unread: Vec<UnreadEntryError>,
}

/// One use of a code, where a log tells it.
pub(crate) struct CodeUse {
    pub(crate) code: RecoveryCode,
    pub(crate) id: EntryId,
    pub(crate) seq: u64,
    /// The account that got a password by it.
    pub(crate) user: Oid,
}

/// An entry that was damaged since it was taken in.
pub(crate) struct UnreadEntryError {
    pub(crate) log: String,
    pub(crate) seq: u64,
}

impl CodeUse {
    /// The use that an entry tells.
    pub(crate) fn of(id: EntryId, entry: &Entry) -> Option<Self> {
        match &entry.act {
            Act::RecoveryUsed(act) => {
                Some(Self { code: (act.set, act.code), id, seq: entry.seq, user: act.user.clone() })
            }
            _ => None,
        }
    }
}

impl SaidOfCodes {
    /// Reads it.
    pub(crate) fn read(tx: &dyn Tx, device: &str) -> Result<Self, StoreError> {
        Self::read_at(tx, device, u64::MAX)
    }

    /// The same as if no later set had come than this one, which is in force then: a backup that was made meanwhile has its codes.
    pub(crate) fn read_at(tx: &dyn Tx, device: &str, set: u64) -> Result<Self, StoreError> {
        let (read_out_for, uses, unread) = (BTreeMap::new(), Vec::new(), Vec::new());
        let mut said = Self { state: TrialState::new(), read_out_for, uses, unread };
        for log in [CENTER, device] {
            tx.recovery_lines(log, &mut |log, seq, id, bytes| {
                match Line::reread(bytes.to_vec(), id) {
                    Ok(line) => said.take(&line, device, set),
                    Err(_) => said.unread.push(UnreadEntryError { log: log.to_owned(), seq }),
                }
                Ok(())
            })?;
        }
        each_aside(tx, device, &mut |_, _, id, bytes| {
            // One that was damaged there is named by a check.
            if bytes.windows(USED.len()).any(|part| part == USED)
                && let Ok(line) = Line::reread(bytes.to_vec(), id)
            {
                said.uses.extend(CodeUse::of(id, line.entry()));
            }
            Ok(())
        })?;
        Ok(said)
    }

    /// How many codes must be passed over so that none is read out twice: an entry that can't be read may say of one code that it was
    /// read out or used, and codes are read out in their order.
    ///
    /// # Errors
    /// An entry that can't be read, unless codes may be passed over for them.
    pub(crate) fn passed_over(&self, despite_damage: bool) -> Result<usize, UnreadEntryError> {
        match self.unread.last() {
            Some(UnreadEntryError { log, seq }) if !despite_damage => {
                Err(UnreadEntryError { log: log.clone(), seq: *seq })
            }
            _ => Ok(self.unread.len()),
        }
    }

    fn take(&mut self, line: &Line, device: &str, set: u64) {
        let entry = line.entry();
        match &entry.act {
            Act::RecoverySealed(act) if act.set > set => return,
            Act::RecoveryReleased(act) if *act.device == *device => {
                if let Some(user) = &act.user {
                    self.read_out_for.entry((act.set, act.code)).or_insert_with(|| user.clone());
                }
            }
            _ => {}
        }
        self.state.apply(line.id(), entry);
        self.uses.extend(CodeUse::of(line.id(), entry));
    }

    /// Every use, code by code, each with its account.
    pub(crate) fn used(&self) -> Vec<CodeUsed> {
        let mut uses: Vec<&CodeUse> = self.uses.iter().collect();
        uses.sort_by_key(|one| (one.code, one.seq));
        let used = uses.into_iter().map(|one| CodeUsed {
            set: one.code.0,
            code: one.code.1,
            user: one.user.to_string(),
            read_out_for: self.read_out_for.get(&one.code).map(Oid::to_string),
        });
        used.collect()
    }
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
    RecoveryStatus {
        set: recovery.set,
        left: count(recovery.left().count()),
        released: count(recovery.released.keys().filter(of_set).count()),
        used: count(recovery.used.keys().filter(of_set).count()),
    }
}
