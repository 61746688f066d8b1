//! What can go wrong in this room. Nothing here names a participant or repeats a value.

use casebook::RowError;
use rusqlite::ErrorCode;
use rusqlite::types::FromSqlError;

/// Why the database refused, in its own words; which database it is stays inside this room.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct DatabaseError(rusqlite::Error);

/// Why the vault refused or failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VaultError {
    /// Another process has this vault open.
    #[error("the vault is in use by another process")]
    InUse,
    /// The folder holds no vault.
    #[error("the folder holds no vault")]
    NotAVault,
    /// The folder holds no backup.
    #[error("the folder holds no backup")]
    NotABackup,
    /// The vault is a copy of what was there once and waits for the center: it can be read and not written.
    #[error("the vault is a copy of what was there once, and waits for the center's reply")]
    AwaitsCenter,
    /// The checkpoint kept elsewhere could not be read, and may be the only witness of what was lost: the vault can be read and not
    /// written until it was, or a person lets the log go on without it.
    #[error("the checkpoint could not be read")]
    CheckpointUnread,
    /// The password or code by which this person signed in to a copy opens nothing any more, by the entries that came back:
    /// another password was set in its place since, or the code was used before.
    #[error("what opened this account in the copy was taken away meanwhile")]
    Revoked,
    /// A reply of the center that was made before the copy was, or before another one that was read: it says nothing of what
    /// came since.
    #[error("the reply is older than the copy, or than another one that was read")]
    OldReply,
    /// The center answers to keys that the device has drawn after this copy was made.
    #[error("the device has other keys since")]
    KeysReplaced,
    /// The center holds more of this device's log than is here.
    #[error("the center holds more of this device's log")]
    Behind,
    /// The account was closed, as the entries say that came back to a restored vault.
    #[error("the account was closed meanwhile")]
    AccountClosed,
    /// The folder into which a vault, backup or copy was to be written exists and is not empty.
    #[error("the place is already taken")]
    Taken,
    /// The database was written by a newer version.
    #[error("the vault has schema {found}, this version knows {known}")]
    Newer {
        /// Schema of the file.
        found: u32,
        /// Newest schema known here.
        known: u32,
    },
    /// User name and password do not fit together; deliberately does not say which is wrong.
    #[error("user name or password is wrong")]
    WrongPassword,
    /// No recovery code that is left opens the vault for this account; deliberately does not say what is wrong.
    #[error("the recovery code is wrong")]
    WrongCode,
    /// The password or code fits, and the key or the vault beside it is not the one that it was made for: somebody put it
    /// there. Nothing may be entered.
    #[error("the vault was exchanged for another one")]
    Exchanged,
    /// That is done to somebody else's account, not to one's own.
    #[error("this is one's own account")]
    OwnAccount,
    /// Too many failures: try again later.
    #[error("too many failed attempts: wait {seconds} s")]
    Wait {
        /// Seconds to wait.
        seconds: u32,
    },
    /// A password that the policy refuses, or another precondition of key slots that a person can mend.
    #[error("key slots: {0}")]
    Slots(seal::SealError),
    /// The database, slot file or checkpoint can't be read as what it should be.
    #[error("the vault is damaged: {what}")]
    Damaged {
        /// Which part, in the program's own terms.
        what: String,
    },
    /// The disk is full. Nothing was written; what was acknowledged before stands.
    #[error("the disk is full")]
    Full,
    /// The operating system refused reading or writing.
    #[error("reading or writing failed: {0}")]
    Io(#[from] std::io::Error),
    /// The database refused for another reason.
    #[error("database: {0}")]
    Database(#[from] DatabaseError),
    /// An entry that can't be an entry.
    #[error("entry: {0}")]
    Entry(#[from] casebook::EntryError),
    /// A text that is too long to be sent.
    #[error("{0}")]
    Text(#[from] casebook::TextLengthError),
    /// No such thing, such as an unknown log or setting.
    #[error("not found: {0}")]
    Missing(&'static str),
    /// A receipt that does not fit this device's log: the center holds another history.
    #[error("the receipt names another entry at {seq}")]
    ForeignReceipt {
        /// Sequence number that it names.
        seq: u64,
    },
    /// The study definition in the vault can't be read by this version.
    #[error("the study definition has {faults} faults")]
    Study {
        /// How many.
        faults: usize,
    },
    /// A study definition that can't be a version of this vault's study.
    #[error("the study definition is another study's, or another file of a version that is held")]
    OtherStudy,
    /// A backup or copy did not read back as it was written.
    #[error("the copy did not verify: {0}")]
    BadCopy(&'static str),
    /// The computer does not let a backup that somebody chose be read.
    #[error("the backup may not be read")]
    Unreadable,
    /// The vault was written anew under other keys while a backup of it was made.
    #[error("the vault was written anew meanwhile")]
    Overtaken,
    /// The key slot is one of the first form, which does not say which vault it was made for.
    #[error("the key slot does not say which vault it was made for")]
    SlotUnbound,
    /// Stopped because the caller asked for it.
    #[error("cancelled")]
    Cancelled,
}

/// What is wrong with a database of which the key opens not even the first page.
const NO_KEY: &str = "the database file is not readable with its key";

impl VaultError {
    /// Shorthand for a damaged part.
    pub(crate) fn damaged(what: impl Into<String>) -> Self {
        Self::Damaged { what: what.into() }
    }

    /// That a file is no database that the key opens.
    pub(crate) fn no_key_of_it() -> Self {
        Self::damaged(NO_KEY)
    }

    /// Whether a key is not that of a database, as far as can be seen: its first page may be damaged as well.
    pub(crate) fn is_no_key_of_it(&self) -> bool {
        matches!(self, Self::Damaged { what } if what == NO_KEY)
    }

    /// Whether the connection can no longer be trusted to know what is on the disk.
    pub(crate) fn breaks_connection(&self) -> bool {
        matches!(self, Self::Database(DatabaseError(error)) if error.sqlite_error_code() == Some(ErrorCode::SystemIoFailure))
    }

    /// Whether the disk is the reason and not what lies on it: full, read-only, or it failed.
    pub(crate) fn is_of_the_disk(&self) -> bool {
        let is_of_the_disk = |code| {
            matches!(
                code,
                ErrorCode::SystemIoFailure
                    | ErrorCode::ReadOnly
                    | ErrorCode::CannotOpen
                    | ErrorCode::PermissionDenied
                    | ErrorCode::DiskFull
            )
        };
        match self {
            Self::Full | Self::Io(_) => true,
            Self::Database(DatabaseError(error)) => error.sqlite_error_code().is_some_and(is_of_the_disk),
            _ => false,
        }
    }

    /// Whether what lies on the disk is the reason: it would not be there at another try, either.
    pub(crate) fn is_of_the_bytes(&self) -> bool {
        match self {
            Self::Damaged { .. } | Self::BadCopy(_) => true,
            // A page that can't be authenticated is an error without a name to SQLite.
            Self::Database(DatabaseError(error)) => {
                matches!(error.sqlite_error_code(), None | Some(ErrorCode::Unknown))
            }
            _ => false,
        }
    }

    /// Whether a cancelled statement was stopped.
    pub(crate) fn is_interrupted(&self) -> bool {
        matches!(self, Self::Database(DatabaseError(error)) if error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted))
    }
}

impl From<seal::SealError> for VaultError {
    fn from(error: seal::SealError) -> Self {
        match error {
            seal::SealError::KeyExchanged => Self::Exchanged,
            other => Self::Slots(other),
        }
    }
}

impl From<rusqlite::Error> for VaultError {
    fn from(error: rusqlite::Error) -> Self {
        match &error {
            rusqlite::Error::SqliteFailure(e, _) => match e.code {
                ErrorCode::DiskFull => Self::Full,
                ErrorCode::ReadOnly => Self::Io(std::io::ErrorKind::ReadOnlyFilesystem.into()),
                ErrorCode::NotADatabase => Self::no_key_of_it(),
                ErrorCode::DatabaseCorrupt => Self::damaged("the database file is corrupt"),
                _ => Self::Database(DatabaseError(error)),
            },
            rusqlite::Error::FromSqlConversionFailure(..) | rusqlite::Error::InvalidColumnType(..) => {
                Self::damaged("a row has another shape than written")
            }
            _ => Self::Database(DatabaseError(error)),
        }
    }
}

impl From<FromSqlError> for VaultError {
    fn from(_: FromSqlError) -> Self {
        Self::damaged("a row has another shape than written")
    }
}

impl From<RowError> for VaultError {
    fn from(_: RowError) -> Self {
        Self::damaged("folded rows")
    }
}
