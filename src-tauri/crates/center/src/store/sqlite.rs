//! The embedded storage: one SQLite database, synced at every commit.

use super::rows::{Alarm, BundleRow, BundleState, Device, DeviceState, LogState, Mark, Refused, Site};
use super::{Kept, Storage, StoreError, Visit};
use crate::AlarmKind;
use bundle::SignedReceipt;
use casebook::{EntryId, Instant, TextCommit, TextRow};
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::cell::RefCell;
use std::collections::HashMap;
use std::path::Path;
use std::time::Duration;

const SCHEMA: &str = include_str!("schema.sql");
const VERSION: i64 = 1;

/// An open database.
pub struct Embedded {
    connection: Connection,
    /// Numbers of logs and subjects, so that an ingest looks each up once. Emptied by a rollback.
    logs: RefCell<HashMap<String, i64>>,
    subjects: RefCell<HashMap<String, i64>>,
}

type Stored<T> = Result<T, StoreError>;

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error.to_string())
    }
}

impl Embedded {
    /// Opens the database in `file`, and makes it where there is none.
    ///
    /// # Errors
    /// When it cannot be opened, or a newer version made it.
    pub fn open(file: &Path) -> Stored<Self> {
        let connection = Connection::open(file)?;
        connection.busy_timeout(Duration::from_secs(60))?;
        connection.execute_batch(
            "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
             PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32768;",
        )?;
        connection.set_prepared_statement_cache_capacity(64);
        let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        match version {
            0 => connection
                .execute_batch(&format!("BEGIN IMMEDIATE; {SCHEMA} PRAGMA user_version = {VERSION}; COMMIT;"))?,
            VERSION => {}
            _ => return Err(StoreError::NewerVersion),
        }
        Ok(Self { connection, logs: RefCell::default(), subjects: RefCell::default() })
    }

    fn all<T>(&self, sql: &str, with: impl rusqlite::Params, read: impl Fn(&Row<'_>) -> Stored<T>) -> Stored<Vec<T>> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(with)?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(read(row)?);
        }
        Ok(found)
    }

    fn run(&self, sql: &str, with: impl rusqlite::Params) -> Stored<usize> {
        Ok(self.connection.prepare_cached(sql)?.execute(with)?)
    }

    /// The number of a named row, made where there is none.
    fn number(&self, table: &str, column: &str, known: &RefCell<HashMap<String, i64>>, name: &str) -> Stored<i64> {
        if let Some(&number) = known.borrow().get(name) {
            return Ok(number);
        }
        self.run(&format!("INSERT INTO {table} ({column}) VALUES (?1) ON CONFLICT DO NOTHING"), [name])?;
        let sql = format!("SELECT number FROM {table} WHERE {column} = ?1");
        let number = self.connection.prepare_cached(&sql)?.query_row([name], |row| row.get(0))?;
        known.borrow_mut().insert(name.to_owned(), number);
        Ok(number)
    }

    fn log_number(&self, log: &str) -> Stored<i64> {
        self.number("log", "name", &self.logs, log)
    }

    /// The number of a log that reading must not make; 0, which is no log's, where there is none.
    fn known_log(&self, log: &str) -> Stored<i64> {
        if let Some(&number) = self.logs.borrow().get(log) {
            return Ok(number);
        }
        let mut statement = self.connection.prepare_cached("SELECT number FROM log WHERE name = ?1")?;
        Ok(statement.query_row([log], |row| row.get(0)).optional()?.unwrap_or(0))
    }

    fn visit(&self, sql: &str, with: impl rusqlite::Params, visit: Visit<'_>) -> Stored<()> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(with)?;
        while let Some(row) = rows.next()? {
            let text = |error: rusqlite::types::FromSqlError| StoreError::Database(error.to_string());
            let log = row.get_ref(0)?.as_str().map_err(text)?;
            let line = row.get_ref(3)?.as_blob().map_err(text)?;
            visit(log, number(row, 1)?, id(row, 2)?, line)?;
        }
        Ok(())
    }
}

/// Places and counts fit in 63 bits: the format's own bound is lower.
fn int(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

fn number(row: &Row<'_>, column: usize) -> Stored<u64> {
    u64::try_from(row.get::<_, i64>(column)?).map_err(|_| StoreError::Damaged("a number is negative"))
}

fn id(row: &Row<'_>, column: usize) -> Stored<EntryId> {
    Ok(EntryId(row.get::<_, [u8; 32]>(column)?))
}

fn instant(row: &Row<'_>, column: usize) -> Stored<Instant> {
    Ok(Instant::from_ms(row.get(column)?))
}

fn site(row: &Row<'_>) -> Stored<Site> {
    Ok(Site { id: row.get(0)?, name: row.get(1)?, added: instant(row, 2)? })
}

fn device(row: &Row<'_>) -> Stored<Device> {
    let text = |column| row.get::<_, String>(column);
    Ok(Device {
        log: text(0)?,
        site: text(1)?,
        key: text(2)?.parse().map_err(|_| StoreError::Damaged("a device's key"))?,
        age: text(3)?.parse().map_err(|_| StoreError::Damaged("a device's recipient"))?,
        state: DeviceState::from_code(&text(4)?).ok_or(StoreError::Damaged("a device's state"))?,
        first_seen: instant(row, 5)?,
        last_seen: instant(row, 6)?,
    })
}

fn bundle(row: &Row<'_>) -> Stored<BundleRow> {
    let receipt: Option<Vec<u8>> = row.get(7)?;
    let signature: Option<String> = row.get(8)?;
    Ok(BundleRow {
        id: id(row, 0)?,
        log: row.get(1)?,
        first: number(row, 2)?,
        last: number(row, 3)?,
        received: instant(row, 4)?,
        state: BundleState::from_code(&row.get::<_, String>(5)?).ok_or(StoreError::Damaged("a bundle's state"))?,
        entries: number(row, 6)?,
        receipt: receipt.zip(signature).map(|(bytes, signature)| SignedReceipt { bytes, signature }),
    })
}

const DEVICE: &str = "log, site, key, age, state, first_seen, last_seen";
const BUNDLE: &str = "id, log, first, last, received, state, entries, receipt, signature";

impl Storage for Embedded {
    fn begin(&self) -> Stored<()> {
        Ok(self.connection.execute_batch("BEGIN IMMEDIATE")?)
    }

    fn commit(&self) -> Stored<()> {
        Ok(self.connection.execute_batch("COMMIT")?)
    }

    fn rollback(&self) {
        self.logs.borrow_mut().clear();
        self.subjects.borrow_mut().clear();
        // Without a transaction there is nothing to undo; a database that cannot undo does so when it is opened again.
        let _ = self.connection.execute_batch("ROLLBACK");
    }

    fn sites(&self) -> Stored<Vec<Site>> {
        self.all("SELECT id, name, added FROM site ORDER BY id", [], site)
    }

    fn site(&self, id: &str) -> Stored<Option<Site>> {
        Ok(self.all("SELECT id, name, added FROM site WHERE id = ?1", [id], site)?.pop())
    }

    fn put_site(&self, site: &Site) -> Stored<()> {
        self.run(
            "INSERT INTO site (id, name, added) VALUES (?1, ?2, ?3)",
            params![site.id, site.name, site.added.ms()],
        )?;
        Ok(())
    }

    fn devices(&self) -> Stored<Vec<Device>> {
        self.all(&format!("SELECT {DEVICE} FROM device ORDER BY log"), [], device)
    }

    fn device(&self, log: &str) -> Stored<Option<Device>> {
        Ok(self.all(&format!("SELECT {DEVICE} FROM device WHERE log = ?1"), [log], device)?.pop())
    }

    fn put_device(&self, device: &Device) -> Stored<()> {
        let Device { log, site, key, age, state, first_seen, last_seen } = device;
        self.run(
            &format!("INSERT OR REPLACE INTO device ({DEVICE}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"),
            params![log, site, key.to_string(), age.to_string(), state.code(), first_seen.ms(), last_seen.ms()],
        )?;
        Ok(())
    }

    fn log_state(&self, log: &str) -> Stored<LogState> {
        let number = self.known_log(log)?;
        let mut statement = self.connection.prepare_cached("SELECT forked_at FROM log WHERE number = ?1")?;
        let forked_at: Option<i64> = statement.query_row([number], |row| row.get(0)).optional()?.flatten();
        let last = self.all("SELECT seq, id FROM entry WHERE log = ?1 ORDER BY seq DESC LIMIT 1", [number], |row| {
            Ok((self::number(row, 0)?, id(row, 1)?))
        })?;
        let (seq, head) = last.first().copied().unwrap_or((0, EntryId::ZERO));
        Ok(LogState { seq, head, forked_at: forked_at.and_then(|at| u64::try_from(at).ok()) })
    }

    fn set_fork(&self, log: &str, at: u64) -> Stored<()> {
        let sql = "UPDATE log SET forked_at = min(coalesce(forked_at, ?2), ?2) WHERE number = ?1";
        self.run(sql, params![self.log_number(log)?, int(at)])?;
        Ok(())
    }

    fn append(&self, entry: &Kept<'_>) -> Stored<()> {
        let log = self.log_number(entry.log)?;
        let seq = int(entry.seq);
        let sql = "INSERT INTO entry (log, seq, id, line) VALUES (?1, ?2, ?3, ?4)";
        self.run(sql, params![log, seq, entry.id.bytes(), entry.line])?;
        if let Some(subject) = entry.subject {
            let subject = self.number("subject", "key", &self.subjects, subject)?;
            self.run("INSERT INTO subject_entry (subject, log, seq) VALUES (?1, ?2, ?3)", [subject, log, seq])?;
        }
        Ok(())
    }

    fn quarantine(&self, entry: &Kept<'_>, bundle: EntryId) -> Stored<()> {
        let log = self.log_number(entry.log)?;
        let sql = "INSERT OR IGNORE INTO quarantine (log, seq, id, line, bundle) VALUES (?1, ?2, ?3, ?4, ?5)";
        self.run(sql, params![log, int(entry.seq), entry.id.bytes(), entry.line, bundle.bytes()])?;
        Ok(())
    }

    fn quarantined(&self, log: &str) -> Stored<u64> {
        let log = self.known_log(log)?;
        let mut counts = self.all("SELECT count(*) FROM quarantine WHERE log = ?1", [log], |row| number(row, 0))?;
        Ok(counts.pop().unwrap_or(0))
    }

    fn id_at(&self, log: &str, seq: u64) -> Stored<Option<EntryId>> {
        let log = self.known_log(log)?;
        let mut statement = self.connection.prepare_cached("SELECT id FROM entry WHERE log = ?1 AND seq = ?2")?;
        Ok(statement.query_row([log, int(seq)], |row| row.get(0)).optional()?.map(EntryId))
    }

    fn lines(&self, log: &str, from: u64, visit: Visit<'_>) -> Stored<()> {
        let number = self.known_log(log)?;
        let sql = "SELECT log.name, seq, id, line FROM entry JOIN log ON number = log WHERE log = ?1 AND seq >= ?2 ORDER BY seq";
        self.visit(sql, [number, int(from)], visit)
    }

    fn lines_of(&self, subject: &str, visit: Visit<'_>) -> Stored<()> {
        let sql = "SELECT log.name, entry.seq, id, line FROM subject
                   JOIN subject_entry ON subject_entry.subject = subject.number
                   JOIN entry ON entry.log = subject_entry.log AND entry.seq = subject_entry.seq
                   JOIN log ON log.number = entry.log
                   WHERE subject.key = ?1 AND (log.forked_at IS NULL OR entry.seq < log.forked_at)
                   ORDER BY log.name, entry.seq";
        self.visit(sql, [subject], visit)
    }

    fn subjects(&self) -> Stored<Vec<String>> {
        self.all("SELECT key FROM subject ORDER BY key", [], |row| Ok(row.get(0)?))
    }

    fn put_text(&self, text: &TextRow) -> Stored<()> {
        let sql = "INSERT OR IGNORE INTO words (digest, salt, words) VALUES (?1, ?2, ?3)";
        self.run(sql, params![text.commit.0, text.salt, text.text.as_str()])?;
        Ok(())
    }

    fn text(&self, commit: TextCommit) -> Stored<Option<TextRow>> {
        let mut statement = self.connection.prepare_cached("SELECT salt, words FROM words WHERE digest = ?1")?;
        let row = statement.query_row([commit.0], |row| Ok((row.get(0)?, row.get::<_, String>(1)?))).optional()?;
        Ok(row.map(|(salt, text)| TextRow { commit, salt, text: text.into() }))
    }

    fn marks(&self, log: &str) -> Stored<Vec<Mark>> {
        self.all("SELECT epoch, seq, head FROM mark WHERE log = ?1", [log], |row| {
            Ok(Mark { epoch: number(row, 0)?, seq: number(row, 1)?, head: id(row, 2)? })
        })
    }

    fn put_mark(&self, log: &str, mark: &Mark) -> Stored<()> {
        let sql = "INSERT OR IGNORE INTO mark (log, epoch, seq, head) VALUES (?1, ?2, ?3, ?4)";
        self.run(sql, params![log, int(mark.epoch), int(mark.seq), mark.head.bytes()])?;
        Ok(())
    }

    fn heard(&self, device: &str, log: &str) -> Stored<Option<(u64, EntryId)>> {
        let sql = "SELECT seq, head FROM heard WHERE device = ?1 AND log = ?2";
        Ok(self.all(sql, [device, log], |row| Ok((number(row, 0)?, id(row, 1)?)))?.pop())
    }

    fn put_heard(&self, device: &str, log: &str, seq: u64, head: EntryId) -> Stored<()> {
        let sql = "INSERT OR REPLACE INTO heard (device, log, seq, head) VALUES (?1, ?2, ?3, ?4)";
        self.run(sql, params![device, log, int(seq), head.bytes()])?;
        Ok(())
    }

    fn logs(&self) -> Stored<Vec<String>> {
        self.all("SELECT name FROM log ORDER BY name", [], |row| Ok(row.get(0)?))
    }

    fn bundle(&self, id: EntryId) -> Stored<Option<BundleRow>> {
        Ok(self.all(&format!("SELECT {BUNDLE} FROM bundle WHERE id = ?1"), [id.bytes()], bundle)?.pop())
    }

    fn put_bundle(&self, row: &BundleRow) -> Stored<()> {
        let receipt = row.receipt.as_ref();
        self.run(
            &format!("INSERT OR REPLACE INTO bundle ({BUNDLE}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"),
            params![
                row.id.bytes(),
                row.log,
                int(row.first),
                int(row.last),
                row.received.ms(),
                row.state.code(),
                int(row.entries),
                receipt.map(|receipt| &receipt.bytes),
                receipt.map(|receipt| &receipt.signature),
            ],
        )?;
        Ok(())
    }

    fn bundles(&self, log: &str, state: BundleState) -> Stored<Vec<BundleRow>> {
        let sql = format!("SELECT {BUNDLE} FROM bundle WHERE log = ?1 AND state = ?2 ORDER BY first, last, id");
        self.all(&sql, [log, state.code()], bundle)
    }

    fn alarms(&self) -> Stored<Vec<Alarm>> {
        self.all("SELECT at, kind, log, seq, bundle FROM alarm ORDER BY at, log, seq, kind", [], |row| {
            let kind = AlarmKind::from_code(&row.get::<_, String>(1)?).ok_or(StoreError::Damaged("an alarm's kind"))?;
            Ok(Alarm { at: instant(row, 0)?, kind, log: row.get(2)?, seq: number(row, 3)?, bundle: id(row, 4)? })
        })
    }

    fn put_alarm(&self, alarm: &Alarm) -> Stored<()> {
        let sql = "INSERT OR IGNORE INTO alarm (at, kind, log, seq, bundle) VALUES (?1, ?2, ?3, ?4, ?5)";
        self.run(sql, params![alarm.at.ms(), alarm.kind.code(), alarm.log, int(alarm.seq), alarm.bundle.bytes()])?;
        Ok(())
    }

    fn refusals(&self, most: u32) -> Stored<Vec<Refused>> {
        self.all("SELECT at, file, code, words FROM refusal ORDER BY number DESC LIMIT ?1", [most], |row| {
            Ok(Refused { at: instant(row, 0)?, file: row.get(1)?, code: row.get(2)?, words: row.get(3)? })
        })
    }

    fn put_refusal(&self, refused: &Refused) -> Stored<()> {
        let sql = "INSERT INTO refusal (at, file, code, words) VALUES (?1, ?2, ?3, ?4)";
        self.run(sql, params![refused.at.ms(), refused.file, refused.code, refused.words])?;
        Ok(())
    }

    fn touch_device(&self, log: &str, at: Instant) -> Stored<()> {
        self.run("UPDATE device SET last_seen = max(last_seen, ?2) WHERE log = ?1", params![log, at.ms()])?;
        Ok(())
    }

    fn check(&self) -> Stored<()> {
        let verdict: String = self.connection.query_row("PRAGMA quick_check", [], |row| row.get(0))?;
        if verdict == "ok" { Ok(()) } else { Err(StoreError::Damaged("quick_check")) }
    }
}
