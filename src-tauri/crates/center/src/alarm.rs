//! What people must be told of a log.

use serde::Serialize;
use std::fmt;

/// What a device's checkpoint or entries give away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AlarmKind {
    /// The log was longer before.
    Truncation,
    /// Another entry stands where one was known.
    Edit,
    /// An older copy of the vault went on being used.
    Rollback,
    /// One number was given to two entries.
    Clone,
    /// A request for an allocation is not the one that was answered.
    Request,
    /// An allocation was revealed that the center did not release so.
    Unreleased,
    /// An arm was entered that is not the one allocated.
    Arm,
    /// A kept bundle or receipt was not what it was written as.
    Evidence,
    /// A checkpoint that no vault can have made.
    Epoch,
    /// A bundle that the recovery key does not open. Raised by earlier versions only; now such a bundle is refused.
    Recovery,
    /// A recovery code that the center read out to nobody opened the vault.
    RecoveryCode,
    /// A recovery code set another account's password than it was read out for.
    RecoveryAccount,
    /// The vault was put back from a copy.
    Restored,
    /// A device holds another state of the center's own log than is held here.
    Center,
    /// Somebody signs for a device with a key that nobody has approved.
    NewKey,
}

impl AlarmKind {
    /// Every kind.
    pub const ALL: [Self; 15] = [
        Self::Truncation,
        Self::Edit,
        Self::Rollback,
        Self::Clone,
        Self::Request,
        Self::Unreleased,
        Self::Arm,
        Self::Evidence,
        Self::Epoch,
        Self::Recovery,
        Self::RecoveryCode,
        Self::RecoveryAccount,
        Self::Restored,
        Self::Center,
        Self::NewKey,
    ];

    /// The name in the database and in JSON.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Truncation => "truncation",
            Self::Edit => "edit",
            Self::Rollback => "rollback",
            Self::Clone => "clone",
            Self::Request => "allocation_request",
            Self::Unreleased => "allocation_unreleased",
            Self::Arm => "allocation_arm",
            Self::Evidence => "evidence",
            Self::Epoch => "epoch",
            Self::Recovery => "recovery",
            Self::RecoveryCode => "recovery_code",
            Self::RecoveryAccount => "recovery_account",
            Self::Restored => "restored",
            Self::Center => "center",
            Self::NewKey => "new_key",
        }
    }

    /// The kind with this name.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// The alarm in words; `last` is the last place that it is about, where it is about several from `seq` on.
    #[must_use]
    pub fn over(self, seq: u64, last: Option<u64>) -> String {
        match (self, last) {
            (Self::Restored, Some(last)) => format!("{self}; it lacks seq {seq} to {last}, which are held here"),
            _ => self.to_string(),
        }
    }
}

impl fmt::Display for AlarmKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Truncation => "truncation: the log was longer before",
            Self::Edit => "edit: another entry stands where one was known",
            Self::Rollback => "rollback: an older copy of the vault is in use",
            Self::Clone => "clone: one number was given to two entries",
            Self::Request => "allocation: a request is not the one that was answered",
            Self::Unreleased => "allocation: a slot was revealed that was not released so",
            Self::Arm => "allocation: an arm was entered that was not allocated",
            Self::Evidence => "evidence: a kept file was not what it was written as; it was put aside as .damaged",
            Self::Epoch => "epoch: the checkpoint counts more sign-ins than there are entries; it is not remembered",
            Self::Recovery => "recovery: the bundle is not encrypted to the center's recovery key",
            Self::RecoveryCode => "recovery code: the vault was opened by a code that the center read out to nobody",
            Self::RecoveryAccount => {
                "recovery account: a code that was read out for one account set the password of another: status names both; \
                 ask by telephone who typed it, and have an administrator there close what was taken over"
            }
            Self::Restored => "restored: the vault was put back from a copy; what it had not sent since is lost",
            Self::Center => {
                "center: the device holds entries of the center's own log that are not here; the center was put back from an older \
                 copy, or a second one works with its keys"
            }
            Self::NewKey => {
                "new key: the device signs with a key that nobody has approved, as after an account was closed there; whoever has an \
                 old copy of its vault could do that, too: compare the words by telephone, then approve or revoke the key by them"
            }
        })
    }
}
