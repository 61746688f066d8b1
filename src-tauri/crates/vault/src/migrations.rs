//! The schema's versions: numbered, checksummed, all or nothing; files of a newer version are refused.

use rusqlite::{Connection, OptionalExtension};

use crate::VaultError;

/// One step of the schema. Released steps never change.
pub(crate) struct Migration {
    pub(crate) sql: &'static str,
}

/// All steps, in order; the schema's version is the number of steps applied.
pub(crate) const MIGRATIONS: &[Migration] =
    &[Migration { sql: include_str!("sql/0001_first.sql") }, Migration { sql: include_str!("sql/0002_wraps.sql") }];

/// Kept beside the schema: which steps were applied, by the SHA-256 of their text.
const LEDGER: &str = "CREATE TABLE IF NOT EXISTS migration (version INTEGER PRIMARY KEY, sum TEXT NOT NULL) STRICT";

/// The version of the file; 0 when it is empty.
pub(crate) fn version(sql: &Connection) -> Result<u32, VaultError> {
    let ledger: Option<String> = sql
        .query_row("SELECT name FROM sqlite_schema WHERE type = 'table' AND name = 'migration'", [], |row| row.get(0))
        .optional()?;
    if ledger.is_none() {
        return Ok(0);
    }
    Ok(sql.query_row("SELECT coalesce(max(version), 0) FROM migration", [], |row| row.get(0))?)
}

/// Whether steps are missing. Refuses newer files and files whose steps are not ours.
pub(crate) fn pending(sql: &Connection, steps: &[Migration]) -> Result<bool, VaultError> {
    let found = version(sql)?;
    let known = u32::try_from(steps.len()).unwrap_or(u32::MAX);
    if found > known {
        return Err(VaultError::Newer { found, known });
    }
    if found > 0 {
        let mut read = sql.prepare("SELECT version, sum FROM migration ORDER BY version")?;
        let applied = read.query_map([], |row| Ok((row.get::<_, usize>(0)?, row.get::<_, String>(1)?)))?;
        for (step, row) in steps.iter().zip(applied) {
            let (number, sum) = row?;
            if sum != checksum(step) {
                return Err(VaultError::damaged(format!("schema step {number} is not the one released")));
            }
        }
    }
    Ok(found < known)
}

/// Applies the missing steps in one transaction.
pub(crate) fn migrate(sql: &mut Connection, steps: &[Migration]) -> Result<(), VaultError> {
    if !pending(sql, steps)? {
        return Ok(());
    }
    let found = usize::try_from(version(sql)?).unwrap_or(usize::MAX);
    let all = sql.transaction()?;
    all.execute_batch(LEDGER)?;
    for (index, step) in steps.iter().enumerate().skip(found) {
        all.execute_batch(step.sql)?;
        all.execute("INSERT INTO migration (version, sum) VALUES (?1, ?2)", (index + 1, checksum(step)))?;
    }
    all.commit()?;
    Ok(())
}

fn checksum(step: &Migration) -> String {
    seal::hex::encode(&seal::sha256(step.sql.as_bytes()))
}
