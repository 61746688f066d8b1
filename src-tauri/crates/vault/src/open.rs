//! An open vault: the one writer connection, the keys, and what is known of the state in memory.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use casebook::fold::BookCache;
use rusqlite::Connection;
use seal::{SigningKey, Zeroizing};
use study::{Functions, Oid, Study};

use crate::attempts::RefusedLogin;
use crate::checkpoint::{self, SignedCheckpoint};
use crate::connection::{DbKey, open_writer};
use crate::folder::Folder;
use crate::state::State;
use crate::studies::Studies;
use crate::untold::Recovered;
use crate::waiting::Waiting;
use crate::{Alarm, Stamp, VaultError, device_keys, keys, records};

/// How far connection and memory are known to be what the disk holds. Nothing is written on any but firm ground.
#[derive(Clone)]
pub(crate) enum Footing {
    /// They are.
    Firm,
    /// A transaction is under way or did not end well: both are read anew.
    Unread,
    /// The name of the database is new and may not last a power cut: it is synced.
    Unnamed,
    /// The database is being replaced and may lie under another name, and under this key: it is looked for.
    Between(DbKey),
    /// The disk took in nothing at the unlock: a connection that writes is tried for.
    ReadOnly,
}

/// What the journal does not say yet, because the disk did not take it in.
#[derive(Default)]
pub(crate) struct Unsaid {
    /// What was noticed.
    pub(crate) alarms: Vec<Alarm>,
    /// Failed sign-ins before this session.
    pub(crate) refused: Vec<RefusedLogin>,
    /// Whether the session's own beginning is missing: then it comes before any other entry.
    pub(crate) session: bool,
    /// What the session's user did before it, and a power cut kept out of the journal.
    pub(crate) missed: Vec<Recovered>,
    /// Whether the session's beginning is kept, as the last one of those that are to be told.
    pub(crate) kept: bool,
}

/// An open vault. Dropping it is as safe as a power cut; [`Open::lock`] is the orderly way.
pub struct Open {
    pub(crate) sql: Connection,
    pub(crate) state: State,
    pub(crate) cache: BookCache,
    pub(crate) studies: Studies,
    pub(crate) alarms: Vec<Alarm>,
    pub(crate) unsaid: Unsaid,
    pub(crate) footing: Footing,
    /// Why the log waits, where the disk did not take that in yet.
    pub(crate) unkept_wait: Option<Waiting>,
    /// Whether the checkpoint could not be read: nothing is written until it was, or a person lets the log go on without it.
    pub(crate) unread: bool,
    pub(crate) user: Oid,
    pub(crate) folder: Folder,
    pub(crate) checkpoint_file: PathBuf,
    pub(crate) key: DbKey,
    pub(crate) user_seed: Zeroizing<[u8; 32]>,
    pub(crate) device: SigningKey,
    /// Held until the vault is dropped; last, so that the connection closes before.
    pub(crate) _lock: File,
}

/// The secrets of an open vault.
pub(crate) struct Secrets {
    /// The database's key.
    pub(crate) db_key: DbKey,
    /// The seed of the signing key of whoever is signed in.
    pub(crate) signing_seed: Zeroizing<[u8; 32]>,
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
    /// Whether it writes.
    pub footing: Footing,
    /// Head and counters, as the database holds them.
    pub state: State,
    /// The functions that the study's rules may call.
    pub functions: Functions,
}

impl Open {
    pub(crate) fn assemble(parts: Parts, secrets: Secrets) -> Result<Self, VaultError> {
        let Parts { folder, checkpoint_file, lock, sql, footing, state, functions } = parts;
        let device = device_keys::signing_key(&sql)?;
        let studies = Studies::read(&sql, functions)?;
        Ok(Self {
            sql,
            state,
            cache: BookCache::default(),
            studies,
            alarms: Vec::new(),
            unsaid: Unsaid::default(),
            footing,
            unkept_wait: None,
            unread: false,
            user: "".into(),
            folder,
            checkpoint_file,
            key: secrets.db_key,
            user_seed: secrets.signing_seed,
            device,
            _lock: lock,
        })
    }

    /// What was noticed on unlock, and what could not be done since that is tried again.
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

    /// The vault's folder.
    pub fn folder(&self) -> &Path {
        &self.folder.root
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

    /// The signed-in user's own signing key.
    pub fn user_key(&self) -> SigningKey {
        SigningKey::from_seed(&self.user_seed)
    }

    /// Signs where the device's log stands now.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn checkpoint(&mut self, stamp: &Stamp) -> Result<SignedCheckpoint, VaultError> {
        self.be_sure()?;
        SignedCheckpoint::make(&self.state, checkpoint::last_receipt(&self.sql)?, stamp.at, &self.device)
    }

    /// Signs it and replaces the copy outside the folder, after what it must tell of and at least daily; unlocking and locking
    /// do it by themselves. What it tells of is done: that it can't be written is an alarm, and the next one makes good for it.
    /// While the log may not be written the copy stays as it is: it knows of what was lost.
    pub fn keep_checkpoint(&mut self, stamp: &Stamp) {
        if self.write_checkpoint(stamp).is_err() {
            self.note(Alarm::CheckpointUnkept);
        }
    }

    fn write_checkpoint(&mut self, stamp: &Stamp) -> Result<(), VaultError> {
        if self.holds_back() {
            return Ok(());
        }
        if matches!(self.footing, Footing::Unnamed) {
            // After a power cut the key that signs it must be there, too.
            self.regain()?;
        }
        self.checkpoint(stamp)?.write(&self.checkpoint_file)?;
        self.forget(&Alarm::CheckpointUnkept);
        self.forget_answered(stamp)
    }

    /// The checkpoint in spite of which the log went on has gone: from here on it would say something. A disk that takes nothing in
    /// leaves that to the next one.
    fn forget_answered(&mut self, stamp: &Stamp) -> Result<(), VaultError> {
        let known = records::setting(&self.sql, keys::ANSWERED)?.unwrap_or_default();
        let still = checkpoint::still_answered(&known, &self.checkpoint_file, &self.state.card);
        if still != known && self.regain().is_ok() {
            let _ = self.all_or_nothing(stamp, |tx| tx.set(keys::ANSWERED, &still));
        }
        Ok(())
    }

    /// Locks: what could not be done before is tried again, the checkpoint is written, the write-ahead log folded back, the
    /// connection closed, the keys wiped.
    ///
    /// # Errors
    /// When the checkpoint could not be written; the vault is locked all the same.
    pub fn lock(mut self, stamp: &Stamp) -> Result<(), VaultError> {
        self.catch_up(stamp);
        let written = self.write_checkpoint(stamp);
        let folded = match self.footing {
            Footing::ReadOnly => Ok(()),
            _ => self.sql.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())),
        };
        let Self { sql, _lock, .. } = self;
        let closed = sql.close().map_err(|(_, error)| error);
        drop(_lock);
        written?;
        folded?;
        closed?;
        Ok(())
    }

    /// Tries again what an alarm says could not be done. What fails now is tried by the next unlock.
    fn catch_up(&mut self, stamp: &Stamp) {
        if self.alarms.contains(&Alarm::SlotsPending) && self.regain().is_ok() {
            let _ = self.settle_slots();
        }
        if self.alarms.contains(&Alarm::ClosingPending) {
            // Nobody waits at a screen that should be locked for whoever still reads.
            let _ = self.sql.busy_timeout(Duration::ZERO);
            self.try_closing(stamp);
        }
        let _ = self.say(stamp);
    }

    /// Notes an alarm, once.
    pub(crate) fn note(&mut self, alarm: Alarm) {
        if !self.alarms.contains(&alarm) {
            self.unsaid.alarms.push(alarm.clone());
            self.alarms.push(alarm);
        }
    }

    /// What an alarm tells of is done after all.
    pub(crate) fn forget(&mut self, alarm: &Alarm) {
        self.alarms.retain(|noted| noted != alarm);
    }

    /// Opens the connection anew, after an error that leaves in doubt what is on the disk.
    pub(crate) fn reconnect(&mut self) -> Result<(), VaultError> {
        self.sql = open_writer(&self.folder.database(), &self.key, false)?;
        Ok(())
    }
}
