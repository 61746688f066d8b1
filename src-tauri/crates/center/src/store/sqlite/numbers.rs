//! Names that are kept once and told by a number: of logs and of subjects.

use super::read::Stored;
use rusqlite::{Connection, OptionalExtension};
use std::collections::HashMap;

/// Numbers of logs and subjects, so that an import looks each up once. Emptied by a rollback.
#[derive(Default)]
pub(super) struct Numbers {
    pub(super) logs: HashMap<String, i64>,
    pub(super) subjects: HashMap<String, i64>,
}

/// A table of numbered names.
pub(super) struct Named {
    insert: &'static str,
    select: &'static str,
}

pub(super) const LOG: Named = Named {
    insert: "INSERT INTO log (name) VALUES (?1) ON CONFLICT DO NOTHING",
    select: "SELECT number FROM log WHERE name = ?1",
};
pub(super) const SUBJECT: Named = Named {
    insert: "INSERT INTO subject (key) VALUES (?1) ON CONFLICT DO NOTHING",
    select: "SELECT number FROM subject WHERE key = ?1",
};

/// The number of a name, made where there is none.
pub(super) fn number_of(
    sql: &Connection,
    numbers: &mut HashMap<String, i64>,
    table: &Named,
    name: &str,
) -> Stored<i64> {
    if let Some(&number) = numbers.get(name) {
        return Ok(number);
    }
    sql.prepare_cached(table.insert)?.execute([name])?;
    let number = sql.prepare_cached(table.select)?.query_row([name], |row| row.get(0))?;
    numbers.insert(name.to_owned(), number);
    Ok(number)
}

/// The number of a name; 0, which is nobody's, where there is none.
pub(super) fn known(sql: &Connection, numbers: &HashMap<String, i64>, table: &Named, name: &str) -> Stored<i64> {
    if let Some(&number) = numbers.get(name) {
        return Ok(number);
    }
    Ok(sql.prepare_cached(table.select)?.query_row([name], |row| row.get(0)).optional()?.unwrap_or(0))
}
