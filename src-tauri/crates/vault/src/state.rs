//! What an open vault knows in memory of its own bookkeeping; read whole after a failed transaction.

use std::collections::HashMap;
use std::sync::Arc;

use casebook::{EntryId, LogEnd, LogWriter};
use rusqlite::Connection;
use study::Oid;

use crate::entries::OWN_LOG;
use crate::head::{Card, Head};
use crate::waiting::Waiting;
use crate::{VaultError, device_keys};

/// Another writer's log.
#[derive(Clone, Copy)]
pub(crate) struct OtherLog {
    pub(crate) no: i64,
    /// Last linked entry.
    pub(crate) end: LogEnd,
}

/// Head, card, logs and subjects.
pub(crate) struct State {
    pub(crate) head: Head,
    pub(crate) card: Card,
    /// Of a vault that was put back from a backup, until its log goes on.
    pub(crate) waiting: Option<Waiting>,
    /// Whether the journal does not tell of the device's keys yet.
    pub(crate) untold: bool,
    /// Other logs by id.
    pub(crate) logs: HashMap<Arc<str>, OtherLog>,
    /// Numbers of subjects by key.
    pub(crate) subjects: HashMap<Arc<str>, i64>,
    /// Keys of subjects by number; index 0 is the empty key.
    pub(crate) keys: Vec<Arc<str>>,
}

impl State {
    pub(crate) fn read(sql: &Connection) -> Result<Self, VaultError> {
        let mut logs = HashMap::new();
        let mut read = sql.prepare_cached("SELECT id, no, seq, head FROM log WHERE no <> ?1")?;
        let mut rows = read.query([OWN_LOG])?;
        while let Some(row) = rows.next()? {
            let end = LogEnd { seq: row.get(2)?, head: EntryId(row.get(3)?) };
            logs.insert(row.get::<_, String>(0)?.into(), OtherLog { no: row.get(1)?, end });
        }
        let mut subjects = HashMap::new();
        let mut keys: Vec<Arc<str>> = vec!["".into()];
        let mut read = sql.prepare_cached("SELECT no, key FROM subject ORDER BY no")?;
        let mut rows = read.query([])?;
        while let Some(row) = rows.next()? {
            let (no, key): (i64, Arc<str>) = (row.get(0)?, row.get::<_, String>(1)?.into());
            if usize::try_from(no) != Ok(keys.len()) {
                return Err(VaultError::damaged("subjects are not numbered without gaps"));
            }
            subjects.insert(Arc::clone(&key), no);
            keys.push(key);
        }
        let (head, card, waiting) = (Head::read(sql)?, Card::read(sql)?, Waiting::read(sql)?);
        let untold = device_keys::is_untold(sql)?;
        Ok(Self { head, card, waiting, untold, logs, subjects, keys })
    }

    /// A subject's number, given at its first entry.
    pub(crate) fn subject(&mut self, sql: &Connection, key: &str) -> Result<i64, VaultError> {
        if let Some(no) = self.subjects.get(key) {
            return Ok(*no);
        }
        let no = i64::try_from(self.keys.len()).unwrap_or(i64::MAX);
        sql.prepare_cached("INSERT INTO subject (no, key) VALUES (?1, ?2)")?.execute((no, key))?;
        let key: Arc<str> = key.into();
        self.subjects.insert(Arc::clone(&key), no);
        self.keys.push(key);
        Ok(no)
    }

    /// A subject's number, where it has one; 0 for the empty key, which stands for entries that concern none.
    pub(crate) fn subject_no(&self, key: &str) -> Option<i64> {
        if key.is_empty() { Some(0) } else { self.subjects.get(key).copied() }
    }

    /// The writer of this device's log.
    pub(crate) fn writer(&self) -> LogWriter {
        let (study, log) = (Oid::from(self.card.study.as_str()), Oid::from(self.card.device.as_str()));
        LogWriter { study, log, head: self.head.log }
    }

    /// A subject's key by its number.
    pub(crate) fn key(&self, no: i64) -> Arc<str> {
        usize::try_from(no).ok().and_then(|no| self.keys.get(no)).cloned().unwrap_or_default()
    }

    /// Another writer's log, numbered at its first entry.
    pub(crate) fn log(&mut self, sql: &Connection, id: &str) -> Result<OtherLog, VaultError> {
        if let Some(log) = self.logs.get(id) {
            return Ok(*log);
        }
        let no = i64::try_from(self.logs.len()).unwrap_or(OWN_LOG) + 1;
        if no >= OWN_LOG {
            return Err(VaultError::damaged("too many logs"));
        }
        let log = OtherLog { no, end: LogEnd::EMPTY };
        sql.prepare_cached("INSERT INTO log (no, id, seq, head) VALUES (?1, ?2, 0, ?3)")?.execute((
            no,
            id,
            log.end.head.0,
        ))?;
        self.logs.insert(id.into(), log);
        Ok(log)
    }

    /// Moves the end of another writer's log.
    pub(crate) fn extend_log(&mut self, sql: &Connection, id: &str, log: OtherLog) -> Result<(), VaultError> {
        sql.prepare_cached("UPDATE log SET seq = ?2, head = ?3 WHERE no = ?1")?.execute((
            log.no,
            log.end.seq,
            log.end.head.0,
        ))?;
        self.logs.insert(id.into(), log);
        Ok(())
    }
}
