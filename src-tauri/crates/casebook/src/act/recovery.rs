//! Ways back in: recovery codes, passwords set anew, copies of the vault.
//!
//! **Frozen format: do not modify.** Names, keys and their order are hashed and signed; later versions may only add acts.

use super::bounds::check_name;
use crate::ids::EntryId;
use crate::text::FreeTextId;
use serde::{Deserialize, Serialize};
use study::Oid;

/// The most codes that one set holds.
pub const MAX_CODES: u32 = 100;
/// The most characters of a sealed set: 16 KiB of ciphertext as hexadecimal digits.
pub const MAX_SEALED: usize = 32 * 1024;

/// A set of recovery codes was made, and sealed to the center's recovery key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoverySealed {
    /// Which set of this device: from 1, one more each time. It takes the place of the one before.
    pub set: u64,
    /// How many codes it holds; they are numbered from 1.
    pub codes: u32,
    /// An age file for the center's recovery recipient, as hexadecimal digits.
    pub sealed: String,
}

impl RecoverySealed {
    pub(crate) fn check(&self) -> Result<(), &'static str> {
        if self.set == 0 || self.codes == 0 || self.codes > MAX_CODES {
            return Err("a set of recovery codes has no number or no codes");
        }
        let hex = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f');
        let whole = !self.sealed.is_empty() && self.sealed.len().is_multiple_of(2) && self.sealed.len() <= MAX_SEALED;
        if whole && self.sealed.bytes().all(hex) { Ok(()) } else { Err("a sealed set is not hexadecimal") }
    }
}

/// The center read a recovery code out to somebody at a site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveryReleased {
    /// Device identifier.
    pub device: Oid,
    /// Which set.
    pub set: u64,
    /// Which code of it.
    pub code: u32,
    /// The reason, as a free text.
    pub reason: FreeTextId,
    /// User id of the one account whose password was to be set by it; centers of before did not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<Oid>,
}

impl RecoveryReleased {
    pub(crate) fn check(&self) -> Result<(), &'static str> {
        let user = self.user.as_ref().map_or(Ok(()), |user| check_name(user));
        check_name(&self.device).and(user).and(is_code(self.set, self.code))
    }
}

/// A recovery code opened the vault; it opens it no more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveryUsed {
    /// Which set.
    pub set: u64,
    /// Which code of it.
    pub code: u32,
    /// User id of the account that got a new password by it.
    pub user: Oid,
}

impl RecoveryUsed {
    pub(crate) fn check(&self) -> Result<(), &'static str> {
        check_name(&self.user).and(is_code(self.set, self.code))
    }
}

fn is_code(set: u64, code: u32) -> Result<(), &'static str> {
    if set > 0 && (1..=MAX_CODES).contains(&code) { Ok(()) } else { Err("there can't be such a recovery code") }
}

/// How a password came to be another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PasswordChange {
    /// Its user knew the old one.
    Own,
    /// An administrator set it; its user is to set another.
    Administrator,
    /// By a recovery code.
    Recovery,
}

/// An account got another password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserPasswordChanged {
    /// User id.
    pub user: Oid,
    /// How.
    pub how: PasswordChange,
    /// The user's new Ed25519 public key, OpenSSH line: whoever does not know the old password has lost the old key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

/// A copy of the vault was written and read back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupWritten {
    /// Last entry of this device's log in it.
    pub seq: u64,
    /// Id of that entry.
    pub head: EntryId,
}

/// The vault was put back from a copy, or found to be an older one, and its log goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VaultRestored {
    /// Last entry of this device's log in that copy.
    pub seq: u64,
    /// Id of that entry.
    pub head: EntryId,
    /// User id of whoever said that the center holds nothing newer; none where a reply of the center let the log go on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said_by: Option<Oid>,
}

impl VaultRestored {
    pub(crate) fn check(&self) -> Result<(), &'static str> {
        self.said_by.as_ref().map_or(Ok(()), |user| check_name(user))
    }
}
