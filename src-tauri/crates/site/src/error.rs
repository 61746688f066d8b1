//! Why an act was refused or failed. Nothing here names a participant or repeats a value.

use std::io::ErrorKind;

use allocation::CodeError;
use casebook::DeniedError;
use screens::permissions::AccessError;
use screens::typed::TypedError;
use seal::password::PasswordError;
use vault::VaultError;

use crate::lab::LabLineError;
use crate::noun::{Field, Noun};

/// What a person did could not be done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SiteError {
    /// Nobody is signed in.
    #[error("nobody is signed in")]
    Locked,
    /// Another role does this.
    #[error("this role may not do that")]
    NotYourRole,
    /// The gate: who could do it, or what must come first.
    #[error("{0}")]
    Denied(#[from] DeniedError),
    /// The vault.
    #[error("{0}")]
    Vault(#[from] VaultError),
    /// The operating system refused reading or writing outside the vault.
    #[error("reading or writing failed: {0}")]
    Io(std::io::Error),
    /// The disk or stick is full.
    #[error("the disk is full")]
    Full,
    /// The folder or stick is no longer there.
    #[error("the folder is not there")]
    Gone,
    /// What was chosen is no file: a folder, a pipe, a device.
    #[error("this is no file")]
    NoFile,
    /// Something that is written as JSON could not be.
    #[error("JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// What is named is not there.
    #[error("no such {0}")]
    NoSuch(Noun),
    /// What is stated can't be used as it is.
    #[error("this {0} can't be used")]
    Invalid(Field),
    /// The person stopped it.
    #[error("cancelled")]
    Cancelled,
    /// The vault was locked between the beginning of an act and its end.
    #[error("the vault was locked meanwhile")]
    OtherSession,
    /// Something stands against asking for an allocation.
    #[error("something stands against asking for an allocation")]
    NotEligible,
    /// The vault holds no randomisation slots, or the study allocates nothing.
    #[error("there are no randomisation slots here")]
    NoSlots,
    /// A code read over the telephone is not right.
    #[error("{0}")]
    Code(allocation::CodeError),
    /// A code is well formed and belongs to another request.
    #[error("the code belongs to another request")]
    OtherCode,
    /// The version's day has not come.
    #[error("the version is not effective yet")]
    NotYet,
    /// What was typed is no value of its type.
    #[error("unreadable: {0}")]
    Unreadable(TypedError),
    /// A line of the register of laboratory limits says nothing that could hold.
    #[error("{0}")]
    Lab(LabLineError),
    /// It is there already.
    #[error("already taken")]
    Taken,
    /// This computer has a vault of that device already.
    #[error("this computer has a vault of that device already")]
    DeviceHere,
    /// The vault that was to be set aside opens, and is whole.
    #[error("the vault of that device opens and is whole")]
    VaultSound,
    /// The vault that was to be set aside is whole; only the file of its key slots was damaged, and is put right.
    #[error("the vault of that device is whole, and its key slots are put right")]
    SlotsMended,
    /// Only who can sign in to the vault that is there can tell whether it may be set aside.
    #[error("the vault of that device lies under another key than the backup")]
    VaultShut,
    /// Nobody is let into the vault that is there by the name and password that were typed for it.
    #[error("user name or password for the vault that is here is wrong")]
    WrongPasswordHere,
    /// The disk or stick did not give back what was written to it.
    #[error("the file did not read back as it was written")]
    NotAsWritten,
    /// A bundle or kit is refused.
    #[error("{0}")]
    Refused(#[from] bundle::BundleError),
    /// A reply is encrypted to newer keys of this device than this vault has: it was put back from an older copy.
    #[error("the device has newer keys than this vault: it was put back from an older copy")]
    KeysReplaced,
    /// A bundle could not be made.
    #[error("{0}")]
    Pack(bundle::PackError),
    /// The study definition has faults.
    #[error("the study definition has {0} faults")]
    Study(usize),
    /// A password is too weak.
    #[error("the password is too weak: {0}")]
    WeakPassword(#[from] PasswordError),
    /// A document could not be printed.
    #[error("{0}")]
    Print(exchange::ExchangeError),
    /// A new password is the present one.
    #[error("the new password is the present one")]
    SamePassword,
    /// Somebody else set the password: an own one comes first.
    #[error("a password of one's own comes first")]
    OwnPasswordFirst,
    /// An account's id is made of other signs, too short or too long.
    #[error("a user id has 2 to 32 letters, digits, dots or dashes")]
    BadUserId,
    /// An account's name is none.
    #[error("a name is needed")]
    BadName,
}

impl SiteError {
    /// The stable code on which the window branches.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Locked => "locked",
            Self::NotYourRole => "not_your_role",
            Self::Denied(why) => why.code(),
            Self::Vault(error) => vault_code(error),
            Self::Io(error) => io_code(error.kind()),
            Self::Full => "disk_full",
            Self::Gone => "gone",
            Self::NoFile => "unreadable",
            Self::Json(_) | Self::Print(_) => "fault",
            Self::NoSuch(_) | Self::Invalid(_) => "no_such",
            Self::Cancelled => "cancelled",
            Self::OtherSession => "other_session",
            Self::NotEligible => "not_eligible",
            Self::NoSlots => "no_slots",
            Self::Code(CodeError::Length(_)) => "code_length",
            Self::Code(CodeError::Character) => "code_character",
            Self::Code(CodeError::Check) => "code_check",
            Self::Code(CodeError::Newer) => "newer_version",
            Self::OtherCode => "code_other",
            Self::NotYet => "not_yet",
            Self::Unreadable(why) => why.code(),
            Self::Lab(fault) => fault.code(),
            Self::Taken => "taken",
            Self::DeviceHere => "device_here",
            Self::VaultSound => "vault_sound",
            Self::SlotsMended => "slots_mended",
            Self::VaultShut => "vault_shut",
            Self::WrongPasswordHere => "wrong_password_here",
            Self::NotAsWritten => "not_as_written",
            Self::Refused(bundle::BundleError::Unreadable(kind)) => io_code(*kind),
            Self::Refused(refusal) => refusal.code(),
            Self::KeysReplaced => "keys_replaced",
            Self::Pack(bundle::PackError::Failed(kind)) => io_code(*kind),
            Self::Pack(_) => "damaged",
            Self::Study(_) => "bad_study",
            Self::WeakPassword(_) => "weak_password",
            Self::SamePassword => "same_password",
            Self::OwnPasswordFirst => "own_password_first",
            Self::BadUserId => "bad_user_id",
            Self::BadName => "bad_name",
        }
    }

    /// Seconds to wait, where waiting helps.
    pub fn wait_seconds(&self) -> Option<u32> {
        match self {
            Self::Vault(VaultError::Wait { seconds }) => Some(*seconds),
            _ => None,
        }
    }
}

impl From<AccessError> for SiteError {
    fn from(refused: AccessError) -> Self {
        match refused {
            AccessError::Locked => Self::Locked,
            AccessError::NotYourRole => Self::NotYourRole,
            AccessError::OwnPasswordFirst => Self::OwnPasswordFirst,
        }
    }
}

fn vault_code(error: &VaultError) -> &'static str {
    match error {
        VaultError::InUse => "in_use",
        VaultError::NotAVault => "no_such",
        VaultError::NotABackup => "no_backup",
        VaultError::BadCopy(_) => "bad_copy",
        VaultError::Unreadable => "backup_unreadable",
        VaultError::Overtaken => "overtaken",
        VaultError::SlotUnbound => "slot_unbound",
        VaultError::AwaitsCenter => "awaits_center",
        VaultError::CheckpointUnread => "checkpoint_unread",
        VaultError::Revoked => "way_in_revoked",
        VaultError::OldReply => "old_reply",
        VaultError::KeysReplaced => "keys_replaced",
        VaultError::Behind => "behind",
        VaultError::AccountClosed => "account_closed",
        VaultError::Taken => "taken",
        VaultError::Newer { .. } => "newer_version",
        VaultError::WrongPassword => "wrong_password",
        VaultError::WrongCode => "wrong_code",
        VaultError::Exchanged => "exchanged",
        VaultError::OwnAccount => "own_account",
        VaultError::Wait { .. } => "slow_down",
        VaultError::Full => "disk_full",
        VaultError::Damaged { .. } => "damaged",
        VaultError::Cancelled => "cancelled",
        VaultError::Io(error) => io_code(error.kind()),
        VaultError::ForeignReceipt { .. } => "foreign_receipt",
        VaultError::Study { .. } | VaultError::OtherStudy => "bad_study",
        VaultError::Text(_) => "too_long",
        VaultError::Slots(seal::SealError::UserExists) => "user_exists",
        VaultError::Slots(seal::SealError::MalformedSlots | seal::SealError::SlotsAltered) => "damaged",
        VaultError::Slots(seal::SealError::NewerSlots) => "newer_version",
        _ => "fault",
    }
}

/// What a failing disk or stick means to a person.
fn io_code(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::WriteZero => "disk_full",
        ErrorKind::NotFound => "gone",
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => "not_allowed",
        _ => "io",
    }
}

/// Whether the system says that the medium itself is no longer there.
fn is_gone(error: &std::io::Error) -> bool {
    // Linux and macOS: EIO, ENXIO, ENODEV. Windows: device not connected, not ready, no media, not there.
    let gone: &[i32] = if cfg!(windows) { &[2, 3, 15, 21, 1112, 1167] } else { &[5, 6, 19] };
    error.kind() == ErrorKind::NotFound || error.raw_os_error().is_some_and(|code| gone.contains(&code))
}

impl From<std::io::Error> for SiteError {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::WriteZero => Self::Full,
            _ if is_gone(&error) => Self::Gone,
            _ => Self::Io(error),
        }
    }
}

impl From<bundle::PackError> for SiteError {
    fn from(error: bundle::PackError) -> Self {
        Self::Pack(error)
    }
}
