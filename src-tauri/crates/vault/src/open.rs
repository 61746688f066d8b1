//! An open vault: the one writer connection, the keys, and what is known of the state in memory.

use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;

use casebook::fold::BookCache;
use rusqlite::Connection;
use seal::{Identity, SigningKey, Unlocked, Zeroizing};
use study::{Functions, Oid, Study};

use crate::checkpoint::{self, SignedCheckpoint};
use crate::connection::{DbKey, open_writer};
use crate::folder::Folder;
use crate::state::State;
use crate::studies::Studies;
use crate::{Alarm, Stamp, VaultError, keys, records};

/// An open vault. Dropping it is as safe as a power cut; [`Open::lock`] is the orderly way.
pub struct Open {
    pub(crate) sql: Connection,
    pub(crate) state: State,
    pub(crate) cache: BookCache,
    pub(crate) studies: Studies,
    pub(crate) alarms: Vec<Alarm>,
    pub(crate) user: Oid,
    pub(crate) folder: Folder,
    pub(crate) checkpoint_file: PathBuf,
    pub(crate) key: DbKey,
    pub(crate) user_seed: Zeroizing<[u8; 32]>,
    pub(crate) device: SigningKey,
    /// Held until the vault is dropped; last, so that the connection closes before.
    pub(crate) _lock: File,
}

/// What an open vault is put together from, apart from its secrets.
pub(crate) struct Parts {
    /// The vault's folder.
    pub folder: Folder,
    /// The checkpoint's file, outside the folder.
    pub checkpoint_file: PathBuf,
    /// The lock that keeps other processes out.
    pub lock: File,
    /// The one writing connection.
    pub sql: Connection,
    /// Head and counters, as the database holds them.
    pub state: State,
    /// The functions that the study's rules may call.
    pub functions: Functions,
}

impl Open {
    pub(crate) fn assemble(parts: Parts, secrets: Unlocked) -> Result<Self, VaultError> {
        let Parts { folder, checkpoint_file, lock, sql, state, functions } = parts;
        let seed = records::setting(&sql, keys::DEVICE_SEED)?.map(Zeroizing::new);
        let seed: Option<&[u8; 32]> = seed.as_ref().and_then(|seed| seed.as_slice().try_into().ok());
        let device = SigningKey::from_seed(seed.ok_or_else(|| VaultError::damaged("the device's key is gone"))?);
        let studies = Studies::read(&sql, functions)?;
        Ok(Self {
            sql,
            state,
            cache: BookCache::default(),
            studies,
            alarms: Vec::new(),
            user: "".into(),
            folder,
            checkpoint_file,
            key: secrets.db_key,
            user_seed: secrets.signing_seed,
            device,
            _lock: lock,
        })
    }

    /// What was noticed on unlock.
    pub fn alarms(&self) -> &[Alarm] {
        &self.alarms
    }

    /// Who is signed in.
    pub fn user(&self) -> &str {
        &self.user
    }

    /// The study's OID.
    pub fn study_oid(&self) -> &str {
        &self.state.card.study
    }

    /// Site identifier.
    pub fn site(&self) -> &str {
        &self.state.card.site
    }

    /// Device id, which is its log's.
    pub fn device(&self) -> &str {
        &self.state.card.device
    }

    /// The study in force for new subjects. What concerns a subject is asked of [`Open::study_of`].
    pub fn study(&self) -> &Arc<Study> {
        self.studies.current()
    }

    /// The device's signing key.
    pub fn device_key(&self) -> &SigningKey {
        &self.device
    }

    /// The device's age identity, with which it opens replies.
    ///
    /// # Errors
    /// [`VaultError::Damaged`] when it is not there.
    pub fn device_identity(&self) -> Result<Identity, VaultError> {
        let gone = || VaultError::damaged("the device's identity is gone");
        let stored = Zeroizing::new(records::setting(&self.sql, keys::DEVICE_IDENTITY)?.ok_or_else(gone)?);
        std::str::from_utf8(&stored).ok().and_then(|text| text.parse().ok()).ok_or_else(gone)
    }

    /// The signed-in user's own signing key.
    pub fn user_key(&self) -> SigningKey {
        SigningKey::from_seed(&self.user_seed)
    }

    /// Signs where the device's log stands now.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn checkpoint(&self, stamp: &Stamp) -> Result<SignedCheckpoint, VaultError> {
        SignedCheckpoint::make(&self.state, checkpoint::last_receipt(&self.sql)?, stamp.at, &self.device)
    }

    /// Signs it and replaces the copy outside the folder: on export and at least daily; unlocking and locking do it
    /// by themselves.
    ///
    /// # Errors
    /// When the file can't be written.
    pub fn write_checkpoint(&self, stamp: &Stamp) -> Result<SignedCheckpoint, VaultError> {
        let signed = self.checkpoint(stamp)?;
        signed.write(&self.checkpoint_file)?;
        Ok(signed)
    }

    /// Locks: the checkpoint is written, the write-ahead log folded back, the connection closed, the keys wiped.
    ///
    /// # Errors
    /// When the checkpoint could not be written; the vault is locked all the same.
    pub fn lock(self, stamp: &Stamp) -> Result<(), VaultError> {
        let written = self.write_checkpoint(stamp);
        let folded = self.sql.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        let Self { sql, _lock, .. } = self;
        let closed = sql.close().map_err(|(_, error)| error);
        drop(_lock);
        written?;
        folded?;
        closed?;
        Ok(())
    }

    /// Opens the connection anew, after an error that leaves in doubt what is on the disk.
    pub(crate) fn reconnect(&mut self) -> Result<(), VaultError> {
        self.sql = open_writer(&self.folder.database(), &self.key, false)?;
        Ok(())
    }
}
