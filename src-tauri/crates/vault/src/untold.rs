//! What a vault whose log may not be written can't tell its journal yet: kept in its database, and told at the first moment at
//! which the log may be written, in whichever session that is.
//!
//! Whoever signs in meanwhile need not be who lets it go on, and what was noticed at a sign-in may have been put right at once:
//! kept in memory alone it would go with the lock.

use casebook::Act;
use casebook::act::{PasswordChange, RecoveryUsed, UserPasswordChanged};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use study::Oid;

use crate::{Alarm, VaultError, keys, records};

/// What the journal does not say yet. Only ever extended by optional fields.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Untold {
    /// What was noticed.
    #[serde(default)]
    pub(crate) alarms: Vec<Alarm>,
    /// Who came in by recovery codes, in that order.
    #[serde(default)]
    pub(crate) recovered: Vec<Recovered>,
    /// Whose sessions began while the log might not be written although nobody knew it for a copy's, in that order.
    #[serde(default)]
    pub(crate) sessions: Vec<Oid>,
}

/// Somebody came in by recovery codes, and has another password and signing key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Recovered {
    /// Which set the codes were of.
    pub(crate) set: u64,
    /// Which codes of it; one as a rule.
    pub(crate) codes: Vec<u32>,
    /// User id.
    pub(crate) user: Oid,
    /// The user's new Ed25519 public key, OpenSSH line.
    pub(crate) key: String,
}

impl Recovered {
    /// The acts that tell it; they are the user's own.
    pub(crate) fn acts(&self) -> impl Iterator<Item = Act> {
        let Self { user, key, .. } = self.clone();
        let changed = UserPasswordChanged { user, how: PasswordChange::Recovery, key: Some(key) };
        self.used().chain([changed.into()])
    }

    /// The acts that tell the codes alone.
    pub(crate) fn used(&self) -> impl Iterator<Item = Act> {
        let Self { set, codes, user, .. } = self.clone();
        codes.into_iter().map(move |code| RecoveryUsed { set, code, user: user.clone() }.into())
    }
}

impl Untold {
    /// Reads it; nothing as a rule.
    pub(crate) fn read(sql: &Connection) -> Result<Self, VaultError> {
        let bytes = records::setting(sql, keys::UNTOLD)?.unwrap_or_default();
        if bytes.is_empty() {
            return Ok(Self::default());
        }
        serde_json::from_slice(&bytes).map_err(|_| VaultError::damaged("what the journal does not tell yet"))
    }

    /// As it is kept.
    pub(crate) fn bytes(&self) -> Result<Vec<u8>, VaultError> {
        serde_json::to_vec(self).map_err(|_| VaultError::damaged("what the journal does not tell yet"))
    }

    /// Whether it tells of a code.
    pub(crate) fn tells_of(&self, set: u64, code: u32) -> bool {
        self.recovered.iter().any(|one| one.set == set && one.codes.contains(&code))
    }

    /// Adds what it does not tell yet. Each session is one of its own.
    pub(crate) fn add(&mut self, more: &Self) {
        for alarm in &more.alarms {
            if !self.alarms.contains(alarm) {
                self.alarms.push(alarm.clone());
            }
        }
        for one in &more.recovered {
            if !self.recovered.contains(one) {
                self.recovered.push(one.clone());
            }
        }
        self.sessions.extend_from_slice(&more.sessions);
    }
}
