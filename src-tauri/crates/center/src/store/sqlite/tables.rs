//! The tables of the embedded storage.

use super::numbers::{LOG, Numbers, SUBJECT, known, number_of};
use super::read::{Stored, bundle, device, id, instant, int, number, perhaps, site};
use crate::AlarmKind;
use crate::store::{
    Alarm, BundleRow, BundleState, Device, EachEntry, EachSubjectRow, FoldState, KnownCheckpoint, KnownKit, LogState,
    RefusedFile, SettledCount, Site, StoreError, StoredEntry, Tx,
};
use casebook::fold::EachRow;
use casebook::{EntryId, Instant, LogEnd, ROW_FORMAT, RowChange, RowKind, TextCommit, TextRow};
use rusqlite::types::FromSqlError;
use rusqlite::{Connection, OptionalExtension, Row, params};
use seal::{PublicKey, Zeroizing};
use std::collections::BTreeSet;

/// One transaction of one connection.
pub(super) struct SqliteTx<'a> {
    pub(super) sql: &'a Connection,
    pub(super) numbers: &'a mut Numbers,
    /// Subjects to which entries were added.
    pub(super) touched: BTreeSet<i64>,
}

impl SqliteTx<'_> {
    /// What is written once at the end: the folded rows of the subjects that got entries are behind.
    pub(super) fn finish(&mut self) -> Stored<()> {
        for subject in std::mem::take(&mut self.touched) {
            self.run("UPDATE folded SET behind = 1 WHERE subject = ?1", [subject])?;
        }
        Ok(())
    }

    fn all<T>(&self, sql: &str, with: impl rusqlite::Params, read: impl Fn(&Row<'_>) -> Stored<T>) -> Stored<Vec<T>> {
        let mut statement = self.sql.prepare_cached(sql)?;
        let mut rows = statement.query(with)?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(read(row)?);
        }
        Ok(found)
    }

    fn run(&self, sql: &str, with: impl rusqlite::Params) -> Stored<usize> {
        Ok(self.sql.prepare_cached(sql)?.execute(with)?)
    }

    /// The number of a log, made where there is none.
    fn log_number(&mut self, log: &str) -> Stored<i64> {
        number_of(self.sql, &mut self.numbers.logs, &LOG, log)
    }

    /// The number of a log that reading must not make; 0, which is no log's, where there is none.
    fn known_log(&self, log: &str) -> Stored<i64> {
        known(self.sql, &self.numbers.logs, &LOG, log)
    }

    /// The number of a subject; 0, which is no subject's, where there is none.
    fn known_subject(&self, subject: &str) -> Stored<i64> {
        known(self.sql, &self.numbers.subjects, &SUBJECT, subject)
    }

    fn visit(&self, sql: &str, with: impl rusqlite::Params, each: EachEntry<'_>) -> Stored<()> {
        let mut statement = self.sql.prepare_cached(sql)?;
        let mut rows = statement.query(with)?;
        while let Some(row) = rows.next()? {
            each(row.get_ref(0)?.as_str()?, number(row, 1)?, id(row, 2)?, row.get_ref(3)?.as_blob()?)?;
        }
        Ok(())
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::Error::{FromSqlConversionFailure, IntegralValueOutOfRange, InvalidColumnType};
        match error {
            // The database works; this one row was altered.
            FromSqlConversionFailure(..) | IntegralValueOutOfRange(..) | InvalidColumnType(..) => {
                Self::Damaged(OTHER_SHAPE)
            }
            other => Self::Database(other.to_string()),
        }
    }
}

impl From<FromSqlError> for StoreError {
    fn from(_: FromSqlError) -> Self {
        Self::Damaged(OTHER_SHAPE)
    }
}

const OTHER_SHAPE: &str = "a row has another shape than written";
const DEVICE: &str = "log, site, key, age, state, first_seen, last_seen, kit";
const BUNDLE: &str = "id, log, first, last, received, state, entries, receipt, signature";

impl Tx for SqliteTx<'_> {
    fn sites(&self) -> Stored<Vec<Site>> {
        self.all("SELECT id, name, added FROM site ORDER BY id", [], site)
    }

    fn site(&self, id: &str) -> Stored<Option<Site>> {
        Ok(self.all("SELECT id, name, added FROM site WHERE id = ?1", [id], site)?.pop())
    }

    fn put_site(&mut self, site: &Site) -> Stored<()> {
        self.run(
            "INSERT INTO site (id, name, added) VALUES (?1, ?2, ?3)",
            params![site.id, site.name, site.added.ms()],
        )?;
        Ok(())
    }

    fn devices(&self) -> Stored<Vec<Device>> {
        self.all(&format!("SELECT {DEVICE} FROM device ORDER BY log, first_seen, key"), [], device)
    }

    fn device(&self, log: &str) -> Stored<Option<Device>> {
        let sql = format!("SELECT {DEVICE} FROM device WHERE log = ?1 AND state IN ('approved', 'revoked')");
        Ok(self.all(&sql, [log], device)?.pop())
    }

    fn put_device(&mut self, device: &Device) -> Stored<()> {
        let Device { log, site, key, age, state, first_seen, last_seen, kit } = device;
        let (key, age, kit) = (key.to_string(), age.to_string(), kit.map(int));
        self.run(
            &format!("INSERT OR REPLACE INTO device ({DEVICE}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"),
            params![log, site, key, age, state.code(), first_seen.ms(), last_seen.ms(), kit],
        )?;
        Ok(())
    }

    fn put_kit(&mut self, site: &str, made: Instant, code: &str) -> Stored<()> {
        self.run("INSERT INTO kit (site, made, code) VALUES (?1, ?2, ?3)", params![site, made.ms(), code])?;
        Ok(())
    }

    fn kits(&self, site: &str) -> Stored<Vec<KnownKit>> {
        self.all("SELECT number, made, code FROM kit WHERE site = ?1 ORDER BY number DESC", [site], |row| {
            Ok(KnownKit { number: number(row, 0)?, made: instant(row, 1)?, code: Zeroizing::new(row.get(2)?) })
        })
    }

    fn drop_waiting(&mut self, log: &str, key: PublicKey) -> Stored<Vec<EntryId>> {
        let dropped: Vec<EntryId> = self.waiting_bundles(log, key)?.into_iter().map(|row| row.id).collect();
        for bundle in &dropped {
            self.run("DELETE FROM bundle WHERE id = ?1", [bundle.bytes()])?;
            let told = AlarmKind::NewKey.code();
            self.run(
                "DELETE FROM alarm WHERE bundle = ?1 AND log = ?2 AND kind = ?3",
                params![bundle.bytes(), log, told],
            )?;
        }
        self.run("DELETE FROM waiting_bundle WHERE bundle NOT IN (SELECT id FROM bundle)", [])?;
        let sql = "DELETE FROM device WHERE log = ?1 AND key = ?2 AND state IN ('waiting', 'rejected')";
        self.run(sql, [log, &key.to_string()])?;
        Ok(dropped)
    }

    fn log_state(&self, log: &str) -> Stored<LogState> {
        let number = self.known_log(log)?;
        let sql = "SELECT forked_at, restored_at FROM log WHERE number = ?1";
        let marks = self.all(sql, [number], |row| Ok([perhaps(row, 0)?, perhaps(row, 1)?]))?.pop();
        let [forked_at, restored_at] = marks.unwrap_or_default();
        let sql = "SELECT seq, id FROM entry WHERE log = ?1 ORDER BY seq DESC LIMIT 1";
        let last = self.all(sql, [number], |row| Ok(LogEnd { seq: self::number(row, 0)?, head: id(row, 1)? }))?;
        let end = last.first().copied().unwrap_or(LogEnd::EMPTY);
        Ok(LogState { end, forked_at, restored_at })
    }

    fn set_restored(&mut self, log: &str, at: u64) -> Stored<()> {
        let number = self.log_number(log)?;
        self.run("UPDATE log SET restored_at = ?2 WHERE number = ?1", params![number, int(at)])?;
        Ok(())
    }

    fn note_recovery(&mut self, log: &str, seq: u64) -> Stored<()> {
        let number = self.log_number(log)?;
        self.run("INSERT OR IGNORE INTO recovery_entry (log, seq) VALUES (?1, ?2)", params![number, int(seq)])?;
        Ok(())
    }

    fn recovery_lines(&self, log: &str, each: EachEntry<'_>) -> Stored<()> {
        let number = self.known_log(log)?;
        let sql =
            "SELECT ?1, seq, id, line FROM recovery_entry JOIN entry USING (log, seq) WHERE log = ?2 ORDER BY seq";
        self.visit(sql, params![log, number], each)
    }

    fn set_fork(&mut self, log: &str, at: u64) -> Stored<()> {
        let number = self.log_number(log)?;
        let sql = "UPDATE log SET forked_at = ?2 WHERE number = ?1 AND (forked_at IS NULL OR forked_at > ?2)";
        self.run(sql, params![number, int(at)])?;
        Ok(())
    }

    fn append(&mut self, entry: &StoredEntry<'_>) -> Stored<()> {
        let log = self.log_number(entry.log)?;
        let seq = int(entry.seq);
        let sql = "INSERT INTO entry (log, seq, id, line) VALUES (?1, ?2, ?3, ?4)";
        self.run(sql, params![log, seq, entry.id.bytes(), entry.line])?;
        if let Some(subject) = entry.subject {
            let subject = number_of(self.sql, &mut self.numbers.subjects, &SUBJECT, subject)?;
            self.run("INSERT INTO subject_entry (subject, log, seq) VALUES (?1, ?2, ?3)", [subject, log, seq])?;
            self.touched.insert(subject);
        }
        Ok(())
    }

    fn quarantine(&mut self, entry: &StoredEntry<'_>, bundle: EntryId) -> Stored<()> {
        let log = self.log_number(entry.log)?;
        let sql = "INSERT OR IGNORE INTO quarantine (log, seq, id, line, bundle) VALUES (?1, ?2, ?3, ?4, ?5)";
        self.run(sql, params![log, int(entry.seq), entry.id.bytes(), entry.line, bundle.bytes()])?;
        Ok(())
    }

    fn quarantined(&self, log: &str) -> Stored<u64> {
        let log = self.known_log(log)?;
        let sql = "SELECT count(*) FROM quarantine WHERE log = ?1 AND settled IS NULL";
        Ok(self.all(sql, [log], |row| number(row, 0))?.pop().unwrap_or(0))
    }

    fn aside(&self, log: &str, each: EachEntry<'_>) -> Stored<()> {
        let number = self.known_log(log)?;
        let sql = "SELECT ?1, seq, id, line FROM quarantine WHERE log = ?2 AND settled IS NULL ORDER BY seq, id";
        self.visit(sql, params![log, number], each)
    }

    fn aside_at(&self, log: &str, seq: u64) -> Stored<Vec<EntryId>> {
        let log = self.known_log(log)?;
        let sql = "SELECT id FROM quarantine WHERE log = ?1 AND seq = ?2 AND settled IS NULL ORDER BY id";
        self.all(sql, params![log, int(seq)], |row| id(row, 0))
    }

    fn brought_aside(&self, log: &str, entry: EntryId) -> Stored<Option<EntryId>> {
        let log = self.known_log(log)?;
        let sql = "SELECT bundle FROM quarantine WHERE log = ?1 AND id = ?2 AND settled IS NULL";
        Ok(self.all(sql, params![log, entry.bytes()], |row| id(row, 0))?.pop())
    }

    fn put_aside(&self, log: &str, by: u64, each: EachEntry<'_>) -> Stored<()> {
        let number = self.known_log(log)?;
        let sql = "SELECT ?1, seq, id, line FROM quarantine WHERE log = ?2 AND settled = ?3 ORDER BY seq, id";
        self.visit(sql, params![log, number, int(by)], each)
    }

    fn mend_aside(&mut self, log: &str, id: EntryId, line: &[u8]) -> Stored<()> {
        let log = self.known_log(log)?;
        self.run("UPDATE quarantine SET line = ?3 WHERE log = ?1 AND id = ?2", params![log, id.bytes(), line])?;
        Ok(())
    }

    fn release_aside(&mut self, log: &str) -> Stored<()> {
        let log = self.known_log(log)?;
        self.run("DELETE FROM quarantine WHERE log = ?1 AND settled IS NULL", [log])?;
        Ok(())
    }

    fn take_out(&mut self, log: &str, from: u64) -> Stored<()> {
        let at = [self.known_log(log)?, int(from)];
        let theirs = "SELECT subject FROM subject_entry WHERE log = ?1 AND seq >= ?2";
        self.run(&format!("DELETE FROM fold WHERE subject IN ({theirs})"), at)?;
        self.run(&format!("DELETE FROM folded WHERE subject IN ({theirs})"), at)?;
        for table in ["subject_entry", "recovery_entry", "entry"] {
            self.run(&format!("DELETE FROM {table} WHERE log = ?1 AND seq >= ?2"), at)?;
        }
        self.run("UPDATE log SET restored_at = NULL WHERE number = ?1 AND restored_at >= ?2", at)?;
        Ok(())
    }

    fn settle(&mut self, log: &str, by: u64) -> Stored<()> {
        let at = [self.known_log(log)?, int(by)];
        self.run("UPDATE quarantine SET settled = ?2 WHERE log = ?1 AND settled IS NULL", at)?;
        self.run("UPDATE log SET forked_at = NULL WHERE number = ?1", [at[0]])?;
        Ok(())
    }

    fn is_settled(&self, log: &str, seq: u64, id: EntryId) -> Stored<bool> {
        let log = self.known_log(log)?;
        let sql = "SELECT 1 FROM quarantine WHERE log = ?1 AND seq = ?2 AND id = ?3 AND settled IS NOT NULL";
        Ok(!self.all(sql, params![log, int(seq), id.bytes()], |_| Ok(()))?.is_empty())
    }

    fn settled(&self, log: &str) -> Stored<Vec<SettledCount>> {
        let log = self.known_log(log)?;
        let sql = "SELECT settled, count(*) FROM quarantine WHERE log = ?1 AND settled IS NOT NULL
                   GROUP BY settled ORDER BY settled";
        self.all(sql, [log], |row| Ok(SettledCount { by: number(row, 0)?, entries: number(row, 1)? }))
    }

    fn given(&self, log: &str) -> Stored<u64> {
        let given = self.all("SELECT given FROM log WHERE name = ?1", [log], |row| perhaps(row, 0))?.pop();
        Ok(given.flatten().unwrap_or(0))
    }

    fn put_given(&mut self, log: &str, seq: u64) -> Stored<()> {
        let sql = "UPDATE log SET given = ?2 WHERE name = ?1 AND (given IS NULL OR given < ?2)";
        self.run(sql, params![log, int(seq)])?;
        Ok(())
    }

    fn id_at(&self, log: &str, seq: u64) -> Stored<Option<EntryId>> {
        let log = self.known_log(log)?;
        let mut statement = self.sql.prepare_cached("SELECT id FROM entry WHERE log = ?1 AND seq = ?2")?;
        Ok(statement.query_row([log, int(seq)], |row| row.get(0)).optional()?.map(EntryId))
    }

    fn line_at(&self, log: &str, seq: u64) -> Stored<Option<Vec<u8>>> {
        let log = self.known_log(log)?;
        let mut statement = self.sql.prepare_cached("SELECT line FROM entry WHERE log = ?1 AND seq = ?2")?;
        Ok(statement.query_row([log, int(seq)], |row| row.get(0)).optional()?)
    }

    fn lines(&self, log: &str, from: u64, each: EachEntry<'_>) -> Stored<()> {
        let number = self.known_log(log)?;
        let sql = "SELECT ?1, seq, id, line FROM entry WHERE log = ?2 AND seq >= ?3 ORDER BY seq";
        self.visit(sql, params![log, number, int(from)], each)
    }

    fn lines_of(&self, subject: &str, heard: &dyn Fn(&str) -> u64, each: EachEntry<'_>) -> Stored<()> {
        let subject = self.known_subject(subject)?;
        let sql = "SELECT DISTINCT name, number
                   FROM subject_entry JOIN log ON number = log WHERE subject = ?1 ORDER BY name";
        let logs = self.all(sql, [subject], |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?)))?;
        let sql = "SELECT ?4, seq, id, line FROM subject_entry CROSS JOIN entry USING (log, seq)
                   WHERE subject = ?1 AND log = ?2 AND seq > ?3 ORDER BY seq";
        for (name, log) in logs {
            self.visit(sql, params![subject, log, int(heard(&name)), name], &mut *each)?;
        }
        Ok(())
    }

    fn subjects(&self) -> Stored<Vec<String>> {
        // One whose entries were all taken out keeps its number: another process may know it by heart.
        let sql = "SELECT key FROM subject
                   WHERE EXISTS (SELECT 1 FROM subject_entry WHERE subject = number) ORDER BY key";
        self.all(sql, [], |row| Ok(row.get(0)?))
    }

    fn put_text(&mut self, text: &TextRow, of: &str) -> Stored<()> {
        let sql = "INSERT OR IGNORE INTO words (digest, salt, words)
                   SELECT ?1, ?2, ?3 WHERE NOT EXISTS (SELECT 1 FROM redacted WHERE digest = ?1)";
        self.run(sql, params![text.commit.0, text.salt, text.text.as_str()])?;
        self.share_text(text.commit, of)
    }

    fn share_text(&mut self, commit: TextCommit, with: &str) -> Stored<()> {
        let sql = "INSERT OR IGNORE INTO words_of (digest, site) SELECT digest, ?2 FROM words WHERE digest = ?1";
        self.run(sql, params![commit.0, with])?;
        Ok(())
    }

    fn redact(&mut self, commit: TextCommit) -> Stored<()> {
        self.run("INSERT OR IGNORE INTO redacted (digest) VALUES (?1)", [commit.0])?;
        self.run("DELETE FROM words WHERE digest = ?1", [commit.0])?;
        Ok(())
    }

    fn put_quote(&mut self, commit: TextCommit, copy: TextCommit) -> Stored<()> {
        self.run("INSERT OR IGNORE INTO quote (digest, copy) VALUES (?1, ?2)", [commit.0, copy.0])?;
        Ok(())
    }

    fn quotes(&self, commit: TextCommit) -> Stored<Vec<TextCommit>> {
        self.all("SELECT copy FROM quote WHERE digest = ?1 ORDER BY copy", [commit.0], |row| {
            Ok(TextCommit(row.get(0)?))
        })
    }

    fn text(&self, commit: TextCommit, of: &str) -> Stored<Option<TextRow>> {
        let sql = "SELECT salt, words FROM words JOIN words_of USING (digest) WHERE digest = ?1 AND site = ?2";
        let mut statement = self.sql.prepare_cached(sql)?;
        let row = statement.query_row(params![commit.0, of], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)));
        Ok(row.optional()?.map(|(salt, text)| TextRow { commit, salt, text: text.into() }))
    }

    fn text_of(&self, commit: TextCommit) -> Stored<Vec<String>> {
        self.all("SELECT site FROM words_of WHERE digest = ?1 ORDER BY site", [commit.0], |row| Ok(row.get(0)?))
    }

    fn fold_state(&self, subject: &str) -> Stored<FoldState> {
        let subject = self.known_subject(subject)?;
        let sql = "SELECT behind FROM folded WHERE subject = ?1 AND layout = ?2";
        let behind = self.all(sql, params![subject, ROW_FORMAT], |row| Ok(row.get::<_, bool>(0)?))?;
        Ok(match behind.first() {
            None => FoldState::Absent,
            Some(true) => FoldState::Behind,
            Some(false) => FoldState::Current,
        })
    }

    fn unfolded(&self, after: &str, most: usize) -> Stored<Vec<String>> {
        let sql = "SELECT key FROM subject
                   WHERE key > ?3 AND number NOT IN (SELECT subject FROM folded WHERE layout = ?1 AND NOT behind)
                   AND EXISTS (SELECT 1 FROM subject_entry WHERE subject = number)
                   ORDER BY key LIMIT ?2";
        self.all(sql, params![ROW_FORMAT, int(most as u64), after], |row| Ok(row.get(0)?))
    }

    fn each_row(&self, subject: &str, each: EachRow<'_>) -> Stored<()> {
        let subject = self.known_subject(subject)?;
        let mut statement = self.sql.prepare_cached("SELECT kind, place, value FROM fold WHERE subject = ?1")?;
        let mut rows = statement.query([subject])?;
        while let Some(row) = rows.next()? {
            let kind = RowKind::from_code(row.get(0)?).ok_or(StoreError::Damaged("folded rows"))?;
            each(kind, row.get_ref(1)?.as_str()?, row.get_ref(2)?.as_blob()?);
        }
        Ok(())
    }

    fn rows_of_kind(&self, kind: RowKind, each: EachSubjectRow<'_>) -> Stored<()> {
        let sql = "SELECT key, place, value FROM subject CROSS JOIN fold ON fold.subject = subject.number AND kind = ?1
                   ORDER BY subject.number, place";
        let mut statement = self.sql.prepare_cached(sql)?;
        let mut rows = statement.query([kind.code()])?;
        while let Some(row) = rows.next()? {
            each(row.get_ref(0)?.as_str()?, row.get_ref(1)?.as_str()?, row.get_ref(2)?.as_blob()?)?;
        }
        Ok(())
    }

    fn write_rows(&mut self, subject: &str, changes: &[RowChange]) -> Stored<()> {
        let subject = match self.known_subject(subject)? {
            0 => return Err(StoreError::Damaged("folded rows of a subject without entries")),
            number => number,
        };
        for (key, value) in changes {
            let (kind, place) = (key.kind.code(), &key.place);
            match value {
                Some(value) => self.run(
                    "INSERT INTO fold (subject, kind, place, value) VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT (subject, kind, place) DO UPDATE SET value = ?4",
                    params![subject, kind, place, value],
                )?,
                None => self.run(
                    "DELETE FROM fold WHERE subject = ?1 AND kind = ?2 AND place = ?3",
                    params![subject, kind, place],
                )?,
            };
        }
        Ok(())
    }

    fn set_folded(&mut self, subject: &str) -> Stored<()> {
        let sql =
            "INSERT OR REPLACE INTO folded (subject, layout, behind) SELECT number, ?2, 0 FROM subject WHERE key = ?1";
        self.run(sql, params![subject, ROW_FORMAT])?;
        Ok(())
    }

    fn discard_rows(&mut self, subject: &str) -> Stored<()> {
        let subject = self.known_subject(subject)?;
        self.run("DELETE FROM fold WHERE subject = ?1", [subject])?;
        self.run("DELETE FROM folded WHERE subject = ?1", [subject])?;
        Ok(())
    }

    fn checkpoints(&self, log: &str) -> Stored<Vec<KnownCheckpoint>> {
        self.all("SELECT epoch, seq, head FROM mark WHERE log = ?1", [log], |row| {
            let end = LogEnd { seq: number(row, 1)?, head: id(row, 2)? };
            Ok(KnownCheckpoint { epoch: number(row, 0)?, end })
        })
    }

    fn put_checkpoint(&mut self, log: &str, KnownCheckpoint { epoch, end }: KnownCheckpoint) -> Stored<()> {
        let sql = "INSERT OR IGNORE INTO mark (log, epoch, seq, head) VALUES (?1, ?2, ?3, ?4)";
        self.run(sql, params![log, int(epoch), int(end.seq), end.head.bytes()])?;
        Ok(())
    }

    fn drop_checkpoints(&mut self, log: &str, from: u64) -> Stored<()> {
        let number = self.known_log(log)?;
        let sql = "DELETE FROM mark WHERE log = ?1 AND seq >= ?2 AND NOT EXISTS (
                       SELECT 1 FROM entry WHERE entry.log = ?3 AND entry.seq = mark.seq AND entry.id = mark.head)";
        self.run(sql, params![log, int(from), number])?;
        Ok(())
    }

    fn heard(&self, device: &str, log: &str) -> Stored<Option<LogEnd>> {
        let sql = "SELECT seq, head FROM heard WHERE device = ?1 AND log = ?2";
        Ok(self.all(sql, [device, log], |row| Ok(LogEnd { seq: number(row, 0)?, head: id(row, 1)? }))?.pop())
    }

    fn put_heard(&mut self, device: &str, log: &str, end: LogEnd) -> Stored<()> {
        let sql = "INSERT OR REPLACE INTO heard (device, log, seq, head) VALUES (?1, ?2, ?3, ?4)";
        self.run(sql, params![device, log, int(end.seq), end.head.bytes()])?;
        Ok(())
    }

    fn logs(&self) -> Stored<Vec<String>> {
        self.all("SELECT name FROM log ORDER BY name", [], |row| Ok(row.get(0)?))
    }

    fn bundle(&self, id: EntryId) -> Stored<Option<BundleRow>> {
        Ok(self.all(&format!("SELECT {BUNDLE} FROM bundle WHERE id = ?1"), [id.bytes()], bundle)?.pop())
    }

    fn put_bundle(&mut self, row: &BundleRow) -> Stored<()> {
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

    fn put_signer(&mut self, bundle: EntryId, key: PublicKey) -> Stored<()> {
        let sql = "INSERT OR REPLACE INTO waiting_bundle (bundle, key) VALUES (?1, ?2)";
        self.run(sql, params![bundle.bytes(), key.to_string()])?;
        Ok(())
    }

    fn waiting_bundles(&self, log: &str, key: PublicKey) -> Stored<Vec<BundleRow>> {
        let sql = format!(
            "SELECT {BUNDLE} FROM bundle JOIN waiting_bundle ON bundle = id
             WHERE log = ?1 AND state = 'waiting' AND key = ?2 ORDER BY first, last, id"
        );
        self.all(&sql, [log, &key.to_string()], bundle)
    }

    fn approved_waiting(&self) -> Stored<Vec<BundleRow>> {
        let sql = format!(
            "SELECT {BUNDLE} FROM bundle WHERE id IN (
                 SELECT kept.id FROM device CROSS JOIN bundle AS kept ON kept.log = device.log AND kept.state = 'waiting'
                 JOIN waiting_bundle AS signed ON signed.bundle = kept.id AND signed.key = device.key
                 WHERE device.state = 'approved'
             ) ORDER BY log, first, last, id"
        );
        self.all(&sql, [], bundle)
    }

    fn bundles(&self, log: &str, state: BundleState) -> Stored<Vec<BundleRow>> {
        let sql = format!("SELECT {BUNDLE} FROM bundle WHERE log = ?1 AND state = ?2 ORDER BY first, last, id");
        self.all(&sql, [log, state.code()], bundle)
    }

    fn parked(&self) -> Stored<Vec<BundleRow>> {
        let sql = format!("SELECT {BUNDLE} FROM bundle WHERE state = 'parked' ORDER BY log, first, last, id");
        self.all(&sql, [], bundle)
    }

    fn alarms(&self) -> Stored<Vec<Alarm>> {
        self.all("SELECT at, kind, log, seq, bundle, last FROM alarm ORDER BY at, log, seq, kind", [], |row| {
            let kind = AlarmKind::from_code(&row.get::<_, String>(1)?).ok_or(StoreError::Damaged("an alarm's kind"))?;
            let (at, log, seq, bundle) = (instant(row, 0)?, row.get(2)?, number(row, 3)?, id(row, 4)?);
            Ok(Alarm { at, kind, log, seq, last: perhaps(row, 5)?, bundle })
        })
    }

    fn put_alarm(&mut self, alarm: &Alarm) -> Stored<()> {
        let Alarm { at, kind, log, seq, last, bundle } = alarm;
        let sql = "INSERT OR IGNORE INTO alarm (at, kind, log, seq, bundle, last) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        self.run(sql, params![at.ms(), kind.code(), log, int(*seq), bundle.bytes(), last.map(int)])?;
        Ok(())
    }

    fn refused_files(&self, most: u32) -> Stored<Vec<RefusedFile>> {
        self.all("SELECT at, file, code, words FROM refusal ORDER BY number DESC LIMIT ?1", [most], |row| {
            Ok(RefusedFile { at: instant(row, 0)?, file: row.get(1)?, code: row.get(2)?, words: row.get(3)? })
        })
    }

    fn put_refused_file(&mut self, refused: &RefusedFile) -> Stored<()> {
        let sql = "INSERT INTO refusal (at, file, code, words) VALUES (?1, ?2, ?3, ?4)";
        self.run(sql, params![refused.at.ms(), refused.file, refused.code, refused.words])?;
        Ok(())
    }

    fn touch_device(&mut self, log: &str, at: Instant) -> Stored<()> {
        let sql = "UPDATE device SET last_seen = max(last_seen, ?2)
                   WHERE log = ?1 AND state IN ('approved', 'revoked')";
        self.run(sql, params![log, at.ms()])?;
        Ok(())
    }

    fn check(&self) -> Stored<()> {
        let verdict: String = self.sql.query_row("PRAGMA quick_check", [], |row| row.get(0))?;
        if verdict == "ok" { Ok(()) } else { Err(StoreError::Damaged("quick_check")) }
    }
}
