//! The whole proof, in the background after each unlock and before each export: pages, chains, texts, a fresh fold of
//! every subject, and the records. On a second, read-only connection; streaming; can be cancelled.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use casebook::fold::{BookCache, Refold, Rows, is_stored};
use casebook::{EntryId, Line, LogEnd};
use rusqlite::Connection;
use seal::SetHash;
use study::{Functions, Oid};

use crate::connection::{DbKey, open_reader};
use crate::entries::{self, OWN_LOG, Place};
use crate::fold::{FoldTables, element};
use crate::head::Card;
use crate::state::{OtherLog, State};
use crate::studies::Studies;
use crate::versions::put_into_force_by;
use crate::{Alarm, Open, VaultError, drafts, records};

/// Whether whoever asked for long work wishes it to stop.
pub type Stop = Arc<dyn Fn() -> bool + Send + Sync>;

/// Entries between two reports of progress.
const STEP: u64 = 2_000;

/// How far a verification is. Every entry is looked at twice: in its chain and in its subject's fold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Entries looked at so far.
    pub done: u64,
    /// In all.
    pub total: u64,
}

/// What a verification found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Entries verified.
    pub entries: u64,
    /// What is wrong, each named; empty when all is well.
    pub alarms: Vec<Alarm>,
}

/// A verification about to run; can be sent to another thread.
pub struct Verifier {
    file: PathBuf,
    key: DbKey,
    functions: Functions,
}

impl Open {
    /// Prepares the verification of what stands on the disk when it is run.
    pub fn verifier(&self) -> Verifier {
        Verifier { file: self.folder.database(), key: self.key.clone(), functions: self.studies.functions().clone() }
    }
}

impl Verifier {
    /// Runs it. Setting `cancel` stops it soon with [`VaultError::Cancelled`].
    ///
    /// # Errors
    /// When it was cancelled, or the file can't be opened at all.
    pub fn run(self, cancel: &Arc<AtomicBool>, progress: impl FnMut(Progress)) -> Result<Report, VaultError> {
        let flag = Arc::clone(cancel);
        let stop: Stop = Arc::new(move || flag.load(Ordering::Relaxed));
        run(open_reader(&self.file, &self.key)?, &self.functions, &stop, progress)
    }
}

/// Verifies everything that a connection shows.
pub(crate) fn run(
    mut sql: Connection,
    functions: &Functions,
    stop: &Stop,
    progress: impl FnMut(Progress),
) -> Result<Report, VaultError> {
    let wish = Arc::clone(stop);
    // Also within the database's own check, which is one long statement.
    sql.progress_handler(10_000, Some(move || wish()))?;
    let mut work = Work { sql: &sql, functions, stop, progress, done: 0, total: 0, report: Report::default() };
    match work.all() {
        Ok(()) => {}
        Err(error) if error.is_interrupted() => return Err(VaultError::Cancelled),
        Err(VaultError::Cancelled) => return Err(VaultError::Cancelled),
        Err(VaultError::Damaged { what }) => work.report.alarms.push(Alarm::Damaged { what }),
        Err(other) => return Err(other),
    }
    work.report.alarms.sort();
    work.report.alarms.dedup();
    Ok(work.report)
}

struct Work<'a, P: FnMut(Progress)> {
    sql: &'a Connection,
    functions: &'a Functions,
    stop: &'a Stop,
    progress: P,
    done: u64,
    total: u64,
    report: Report,
}

impl<P: FnMut(Progress)> Work<'_, P> {
    fn all(&mut self) -> Result<(), VaultError> {
        self.sql.execute_batch("BEGIN")?;
        let mut state = State::read(self.sql)?;
        let entries: u64 = self.sql.query_row("SELECT count(*) FROM entry", [], |row| row.get(0))?;
        self.total = entries * 2;
        self.pages()?;
        let mut missing = 0;
        let mut others: Vec<(&str, OtherLog)> = state.logs.iter().map(|(id, log)| (&**id, *log)).collect();
        others.sort_by_key(|(_, log)| log.no);
        let own = OtherLog { no: OWN_LOG, end: state.head.log.end };
        for (id, log) in std::iter::once((state.card.device.as_str(), own)).chain(others) {
            self.log(&state.card, id, log, &mut missing)?;
        }
        self.report.entries = self.done;
        if missing > 0 {
            self.report.alarms.push(Alarm::TextsDamaged { count: missing });
        }
        self.folds(&mut state)?;
        self.side(&state)
    }

    /// The database's own check authenticates every page and walks every tree.
    fn pages(&mut self) -> Result<(), VaultError> {
        let mut read = self.sql.prepare("PRAGMA quick_check(3)")?;
        let mut rows = read.query([])?;
        while let Some(row) = rows.next()? {
            self.pause(0)?;
            let what: String = row.get(0)?;
            if what != "ok" {
                self.report.alarms.push(Alarm::Damaged { what });
            }
        }
        Ok(())
    }

    /// One log: no gaps, each line naming the one before it, the last being the head.
    fn log(
        &mut self,
        card: &Card,
        log: &str,
        OtherLog { no, end: LogEnd { seq: last, head } }: OtherLog,
        missing: &mut u64,
    ) -> Result<(), VaultError> {
        let sql = self.sql;
        let mut read = sql.prepare("SELECT place, line FROM entry WHERE place BETWEEN ?1 AND ?2 ORDER BY place")?;
        let mut rows = read.query((Place::new(no, 0).0, Place::new(no, entries::GREATEST_SEQ).0))?;
        let mut previous = (0, EntryId::ZERO);
        while let Some(row) = rows.next()? {
            self.pause(1)?;
            let (place, bytes) = (Place(row.get(0)?), row.get_ref(1)?.as_blob()?);
            let seq = place.seq();
            if seq != previous.0 + 1 {
                self.missing(log, previous.0 + 1, seq - 1);
            } else if !bytes.starts_with(beginning(&card.study, log, seq, previous.1).as_bytes()) {
                // Either the one before was changed or this one's own word on it.
                self.edited(log, previous.0.max(1));
            }
            let id = EntryId(seal::sha256(bytes));
            let absent = self.texts(bytes, missing)?;
            if absent > 0 && is_due(bytes, id, &card.site) {
                *missing += absent;
            }
            previous = (seq, id);
        }
        if previous.0 < last {
            self.missing(log, previous.0 + 1, last);
        } else if previous.0 > last {
            let (log, seq) = (log.to_owned(), last);
            self.report.alarms.push(Alarm::RolledBack { log, seq, known: previous.0 });
        } else if previous.1 != head {
            self.edited(log, last);
        }
        Ok(())
    }

    /// Every text that a line commits to is there and fits, unless it was redacted. Gives how many are not there.
    fn texts(&mut self, line: &[u8], unfit: &mut u64) -> Result<u64, VaultError> {
        let mut read = self.sql.prepare_cached("SELECT words IS NULL FROM text WHERE id = ?1")?;
        let mut absent = 0;
        for id in entries::commitments(line) {
            match entries::text(self.sql, &id)? {
                Some(text) => *unfit += u64::from(!text.holds(seal::sha256)),
                None => absent += u64::from(read.query([id.0])?.next()?.is_none()),
            }
        }
        Ok(absent)
    }

    fn edited(&mut self, log: &str, seq: u64) {
        let first = !self
            .report
            .alarms
            .iter()
            .any(|alarm| matches!(alarm, Alarm::EntryEdited { log: known, .. } if known == log));
        if first {
            self.report.alarms.push(Alarm::EntryEdited { log: log.to_owned(), seq });
        }
    }

    fn missing(&mut self, log: &str, first: u64, last: u64) {
        self.report.alarms.push(Alarm::EntriesMissing { log: log.to_owned(), first, last });
    }

    /// What the journal folds to, against what is stored and against the digest.
    fn folds(&mut self, state: &mut State) -> Result<(), VaultError> {
        let studies = Studies::read(self.sql, self.functions.clone())?;
        let tables = FoldTables { sql: self.sql, state, studies: &studies };
        let mut digest = SetHash::new();
        let mut stale: Vec<&str> = Vec::new();
        let mut count = 0;
        for subject in &tables.state.keys {
            let same = match fold_subject(&tables, subject) {
                Ok(Fresh { rows, entries }) => {
                    count += entries;
                    self.pause(entries)?;
                    rows.iter()
                        .for_each(|(key, value)| digest.add(&element(subject, key.kind.code(), &key.place, value)));
                    is_stored(&tables, subject, rows)?
                }
                // An entry that can't be read was named in its chain already.
                Err(VaultError::Entry(_) | VaultError::Damaged { .. }) => false,
                Err(other) => return Err(other),
            };
            if !same {
                stale.push(subject);
            }
        }
        let all_filed = count == self.report.entries;
        if !stale.is_empty() || digest != tables.state.head.digest || !all_filed {
            let first = stale.first().copied().unwrap_or_default().to_owned();
            let subjects = u32::try_from(stale.len()).unwrap_or(u32::MAX);
            self.report.alarms.push(Alarm::TablesStale { subjects, first });
        }
        self.in_force(&tables)
    }

    /// Whether the version in force is the one that this device's own log put into force last, where that one is held.
    fn in_force(&mut self, tables: &FoldTables<'_>) -> Result<(), VaultError> {
        let (mut cache, device) = (BookCache::default(), Oid::from(tables.state.card.device.as_str()));
        let people = match cache.trial_state(tables) {
            // Named already.
            Err(VaultError::Damaged { .. }) => return Ok(()),
            people => people?,
        };
        let is_other = |said: &Oid| tables.studies.holds(said) && tables.studies.current().metadata_version != *said;
        if put_into_force_by(people, &device).is_some_and(is_other) {
            self.report.alarms.push(Alarm::RecordsStale);
        }
        Ok(())
    }

    fn side(&mut self, state: &State) -> Result<(), VaultError> {
        if records::fold(self.sql)? != state.card.side || drafts::digest(self.sql)? != state.head.drafts {
            self.report.alarms.push(Alarm::RecordsStale);
        }
        Ok(())
    }

    fn pause(&mut self, entries: u64) -> Result<(), VaultError> {
        if (self.stop)() {
            return Err(VaultError::Cancelled);
        }
        let before = self.done / STEP;
        self.done += entries;
        if self.done / STEP != before || self.done == self.total {
            (self.progress)(Progress { done: self.done, total: self.total });
        }
        Ok(())
    }
}

/// Whether the texts of a line belong in a vault of this site: the center sends words only to the site that they concern. Of
/// what is no line they do.
fn is_due(line: &[u8], id: EntryId, site: &str) -> bool {
    Line::reread(line.to_vec(), id).map_or(true, |line| line.entry().act.texts_are_for(&line.entry().log, site))
}

/// How the entry at `seq` must begin when it follows `prev`. Entries have one way of being written, so comparing bytes is
/// enough and spares reading a million lines as JSON once more.
fn beginning(study: &str, log: &str, seq: u64, prev: EntryId) -> String {
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    format!("{{\"v\":1,\"study\":{},\"log\":{},\"seq\":{seq},\"prev\":\"{prev}\",", quoted(study), quoted(log))
}

/// What the journal says of one subject.
pub(crate) struct Fresh {
    pub(crate) rows: Rows,
    pub(crate) entries: u64,
}

/// Folds one subject from the journal alone; the empty key gives what concerns none.
pub(crate) fn fold_subject(tables: &FoldTables<'_>, subject: &str) -> Result<Fresh, VaultError> {
    let (mut fold, mut entries) = (Refold::new(subject), 0);
    let no = tables.state.subject_no(subject).ok_or(VaultError::Missing("subject"))?;
    entries::of_subject(tables.sql, no, |_, line| {
        entries += 1;
        fold.apply(&line).map_err(|_| VaultError::damaged("an entry is filed under another subject"))
    })?;
    Ok(Fresh { rows: fold.into_rows(tables)?, entries })
}
