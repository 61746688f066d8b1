//! The encrypted database on a site's computer: the only room with site SQL.
//!
//! [`Locked`] → [`Open`] → [`Tx`]: a vault is found, opened with a password, and written through the one door
//! [`Open::transact`], which writes entries, texts, folded rows, digest and counters in one synced transaction or nothing.
//! [`Verifier`] and [`Snapshot`] read the same file on other threads. The journal is the truth; every other table but the
//! records can be rebuilt from it ([`Open::rebuild`]).
//!
//! This room has no clock and no signed-in user: both come in a [`Stamp`].
//!
//! A place without a vault says so:
//!
//! ```
//! use study::Functions;
//! use vault::{Locked, VaultError, VaultPlace};
//!
//! let place = VaultPlace { folder: "no/vault/here".into(), checkpoint: "no/checkpoint/here".into() };
//! let found = Locked::find(&place, &Functions::default());
//! assert!(matches!(found, Err(VaultError::NotAVault)));
//! ```

mod alarm;
mod attempts;
mod backup;
mod backup_note;
mod checkpoint;
mod connection;
mod create;
mod device;
mod device_keys;
mod door;
mod drafts;
mod entries;
mod error;
mod faults;
mod fold;
mod folder;
mod head;
mod in_place;
mod keys;
mod learnt;
mod locked;
mod migrations;
mod new_folder;
mod open;
mod reads;
mod rebuild;
mod receive;
mod records;
mod recovery;
mod replacement;
mod restore;
mod restored;
mod revoked;
mod set_aside;
mod slots;
mod snapshot;
mod state;
mod stream;
mod studies;
mod transport;
mod untold;
mod users;
mod verify;
mod versions;
mod waiting;
mod wraps;

pub use alarm::Alarm;
pub use attempts::{RefusedLogin, guarded, move_refusals};
pub use backup::{BACKUP_END, BackupJob, BackupStep, BackupTerms, NewBackup};
pub use backup_note::{BACKUP_NAMESPACE, BackupFile, BackupNote};
pub use checkpoint::{CHECKPOINT_NAMESPACE, SignedCheckpoint};
pub use create::Founding;
pub use door::Tx;
pub use drafts::Draft;
pub use error::{DatabaseError, VaultError};
pub use folder::{private_folder, read_small, replace_file, sync_name};
pub use in_place::{InPlace, SignsIn};
pub use locked::{Locked, VaultPlace};
pub use open::Open;
pub use reads::LogHeld;
pub use receive::Received;
pub use restore::{Backup, BackupContent, Opener, OpensBy, RestoreStep, Restoring};
pub use restored::{Bringing, BroughtBack, CenterWord, CopyHeld};
pub use set_aside::{WhyAside, give_names_back};
pub use snapshot::Snapshot;
pub use transport::{BundleRecord, Outbox, VerifiedReceipt, Way};
pub use users::{NewPassword, NewUser};
pub use verify::{Progress, Report, Stop, Verifier};

pub use casebook::Stamp;

#[cfg(test)]
mod tests;
