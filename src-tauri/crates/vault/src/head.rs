//! The one row that every save changes, and the card that hardly ever changes.

use casebook::{Entry, EntryId, Instant, LogEnd, LogHead, Tick};
use rusqlite::Connection;
use seal::SetHash;

use crate::VaultError;

/// Where this device's log stands, and the set hash over all folded rows.
#[derive(Clone)]
pub(crate) struct Head {
    pub(crate) epoch: u64,
    /// The end of this device's log.
    pub(crate) log: LogHead,
    /// Last seq that the center confirmed.
    pub(crate) acknowledged: u64,
    /// Changes to subjects after it.
    pub(crate) pending: u64,
    /// Wall clock of the oldest of them; meaningless when there are none.
    pub(crate) pending_at: Instant,
    /// SHA-256 over the drafts.
    pub(crate) drafts: [u8; 32],
    pub(crate) digest: SetHash,
}

impl Head {
    /// Counts an entry of this device's log that the center has not confirmed.
    pub(crate) fn count_pending(&mut self, entry: &Entry) {
        if entry.act.is_change() {
            if self.pending == 0 {
                self.pending_at = entry.at;
            }
            self.pending += 1;
        }
    }

    /// Before the first entry.
    pub(crate) fn zero() -> Self {
        Self {
            epoch: 0,
            log: LogHead::empty(),
            acknowledged: 0,
            pending: 0,
            pending_at: Instant::from_ms(0),
            drafts: seal::sha256(b""),
            digest: SetHash::new(),
        }
    }

    pub(crate) fn read(sql: &Connection) -> Result<Self, VaultError> {
        let row = sql.query_row("SELECT epoch, seq, head, at_ms, tick_ms, tick_count, acknowledged, pending, pending_at_ms, drafts, digest FROM head", [], |row| {
            Ok(Self {
                epoch: row.get(0)?,
                log: LogHead {
                    end: LogEnd { seq: row.get(1)?, head: EntryId(row.get(2)?) },
                    at: Instant::from_ms(row.get(3)?),
                    tick: Tick { ms: row.get(4)?, counter: row.get(5)? },
                },
                acknowledged: row.get(6)?,
                pending: row.get(7)?,
                pending_at: Instant::from_ms(row.get(8)?),
                drafts: row.get(9)?,
                digest: set_hash(row.get(10)?)?,
            })
        });
        row.map_err(|error| match error {
            rusqlite::Error::QueryReturnedNoRows => VaultError::damaged("the head row is gone"),
            other => other.into(),
        })
    }

    pub(crate) fn insert(&self, sql: &Connection) -> Result<(), VaultError> {
        sql.execute(
            "INSERT INTO head (one, epoch, seq, head, at_ms, tick_ms, tick_count, acknowledged, pending, pending_at_ms, drafts, digest)
             VALUES (1, 0, 0, zeroblob(32), 0, 0, 0, 0, 0, 0, zeroblob(32), zeroblob(0))",
            [],
        )?;
        self.write(sql)
    }

    pub(crate) fn write(&self, sql: &Connection) -> Result<(), VaultError> {
        let mut write = sql.prepare_cached(
            "UPDATE head SET epoch = ?1, seq = ?2, head = ?3, at_ms = ?4, tick_ms = ?5, tick_count = ?6,
             acknowledged = ?7, pending = ?8, pending_at_ms = ?9, drafts = ?10, digest = ?11",
        )?;
        let changed = write.execute(rusqlite::params![
            self.epoch,
            self.log.end.seq,
            self.log.end.head.0,
            self.log.at.ms(),
            self.log.tick.ms,
            self.log.tick.counter,
            self.acknowledged,
            self.pending,
            self.pending_at.ms(),
            self.drafts,
            self.digest.bytes(),
        ])?;
        if changed == 1 { Ok(()) } else { Err(VaultError::damaged("the head row is gone")) }
    }
}

/// What names this vault.
#[derive(Clone)]
pub(crate) struct Card {
    pub(crate) study: String,
    pub(crate) site: String,
    pub(crate) device: String,
    /// Layout of the folded rows.
    pub(crate) rows: u32,
    /// Set hash over settings, stored files, bundle history and receipts.
    pub(crate) side: SetHash,
}

impl Card {
    pub(crate) fn read(sql: &Connection) -> Result<Self, VaultError> {
        let row = sql.query_row("SELECT study, site, device, rows, side FROM card", [], |row| {
            let (study, site, device) = (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok(Self { study, site, device, rows: row.get(3)?, side: set_hash(row.get(4)?)? })
        });
        row.map_err(|error| match error {
            rusqlite::Error::QueryReturnedNoRows => VaultError::damaged("the card row is gone"),
            other => other.into(),
        })
    }

    pub(crate) fn write(&self, sql: &Connection) -> Result<(), VaultError> {
        sql.prepare_cached(
            "INSERT INTO card (one, study, site, device, rows, side) VALUES (1, ?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (one) DO UPDATE SET rows = ?4, side = ?5",
        )?
        .execute((&self.study, &self.site, &self.device, self.rows, self.side.bytes()))?;
        Ok(())
    }
}

fn set_hash(bytes: Vec<u8>) -> rusqlite::Result<SetHash> {
    SetHash::from_bytes(&bytes)
        .map_err(|_| rusqlite::Error::InvalidColumnType(0, "digest".into(), rusqlite::types::Type::Blob))
}
