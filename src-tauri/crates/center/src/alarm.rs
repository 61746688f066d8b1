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
    /// A slot was released, and its request is in force no more: it was put aside with its branch, or never came.
    LostSlot,
    /// An entry names a free text that nobody at its site brought, but others did.
    OthersWords,
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
    /// A recovery code opened the vault a second time.
    RecoveryAgain,
    /// The vault was put back from a copy.
    Restored,
    /// A device holds another state of the center's own log than is held here.
    Center,
    /// Somebody signs for a device with a key that nobody has approved.
    NewKey,
    /// The site's computer found its vault to be an older copy of itself.
    ToldRolledBack,
    /// The site's computer found another history in its vault than it had written.
    ToldOtherHistory,
    /// The site's computer found no checkpoint beside its vault, or one that is not its own: nothing there could tell of an older copy.
    ToldCheckpoint,
}

impl AlarmKind {
    /// Every kind.
    pub const ALL: [Self; 21] = [
        Self::Truncation,
        Self::Edit,
        Self::Rollback,
        Self::Clone,
        Self::Request,
        Self::Unreleased,
        Self::Arm,
        Self::LostSlot,
        Self::OthersWords,
        Self::Evidence,
        Self::Epoch,
        Self::Recovery,
        Self::RecoveryCode,
        Self::RecoveryAccount,
        Self::RecoveryAgain,
        Self::Restored,
        Self::Center,
        Self::NewKey,
        Self::ToldRolledBack,
        Self::ToldOtherHistory,
        Self::ToldCheckpoint,
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
            Self::LostSlot => "allocation_lost",
            Self::OthersWords => "others_words",
            Self::Evidence => "evidence",
            Self::Epoch => "epoch",
            Self::Recovery => "recovery",
            Self::RecoveryCode => "recovery_code",
            Self::RecoveryAccount => "recovery_account",
            Self::RecoveryAgain => "recovery_again",
            Self::Restored => "restored",
            Self::Center => "center",
            Self::NewKey => "new_key",
            Self::ToldRolledBack => "told_rolled_back",
            Self::ToldOtherHistory => "told_other_history",
            Self::ToldCheckpoint => "told_checkpoint",
        }
    }

    /// The kind with this name.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// What is made of an alarm that a site's computer raised about its own vault, by its code there; none where it concerns the
    /// site alone.
    #[must_use]
    pub fn told(code: &str) -> Option<Self> {
        match code {
            "rolled_back" => Some(Self::ToldRolledBack),
            "other_history" => Some(Self::ToldOtherHistory),
            "checkpoint_missing" | "checkpoint_forged" | "checkpoint_unkept" => Some(Self::ToldCheckpoint),
            _ => None,
        }
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
            Self::LostSlot => {
                "allocation: a slot was released for a request that was put aside or never came: whoever was randomised by it is in \
                 no log that is in force; never release it to another person"
            }
            Self::OthersWords => {
                "others' words: an entry names a text that another site or the center wrote, as no program does by itself; its site is given \
                 none of these words: ask by telephone who works on that computer"
            }
            Self::Evidence => "evidence: a kept file was not what it was written as; it was put aside as .damaged",
            Self::Epoch => "epoch: the checkpoint counts more sign-ins than there are entries; it is not remembered",
            Self::Recovery => "recovery: the bundle is not encrypted to the center's recovery key",
            Self::RecoveryCode => "recovery code: the vault was opened by a code that the center read out to nobody",
            Self::RecoveryAccount => {
                "recovery account: a code that was read out for one account set the password of another: status names both; \
                 ask by telephone who typed it, and have an administrator there close what was taken over"
            }
            Self::RecoveryAgain => {
                "recovery again: a code that had been used before set a password once more, as in a copy of the vault: status names each \
                 use; ask by telephone who typed it, and have an administrator there close what was taken over"
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
            Self::ToldRolledBack => {
                "told by the site: its computer found its vault to be an older copy; what was entered after that copy and never sent \
                 is lost, unless the newer folder is found: ask the site"
            }
            Self::ToldOtherHistory => {
                "told by the site: its computer found another history in its vault than it had written; somebody went on with a copy: \
                 ask the site"
            }
            Self::ToldCheckpoint => {
                "told by the site: the checkpoint beside its vault was missing, unreadable or not its own, so that nothing there could \
                 tell of an older copy"
            }
        })
    }
}
