//! The schema's versions: data of every released one is opened, half a migration never happens, a newer file is refused.

use super::*;
use crate::connection::{open_reader, open_writer};
use crate::migrations::{MIGRATIONS, Migration, migrate, pending, version};

/// A vault's tables as schema 1 had them, with entries, texts, settings, a receipt, a draft and parked lines. Frozen.
const FROZEN_1: &str = include_str!("frozen_1.sql");
/// Key slots of version 1 for it, made by other programs (Python, age) from `seal/FORMAT.md`: `nurse1` and `inv1`. Frozen.
pub(crate) const FROZEN_SLOTS_1: &[u8] = include_bytes!("frozen_slots_1.json");
/// The key under which the frozen vault is laid out.
pub(crate) const FROZEN_KEY: [u8; 32] = [7; 32];

fn later() -> Vec<Migration> {
    let mut steps: Vec<Migration> = MIGRATIONS.iter().map(|step| Migration { sql: step.sql }).collect();
    steps.push(Migration { sql: "CREATE TABLE later (n INTEGER PRIMARY KEY) STRICT; INSERT INTO later VALUES (1)" });
    steps
}

#[test]
fn steps_append_once() {
    let temp = tempfile::tempdir().expect("temp");
    let key = DbKey::new([1; 32]);
    let mut sql = open_writer(&temp.path().join("a.db"), &key, true).expect("opens");
    assert_eq!(version(&sql).expect("reads"), 0);
    migrate(&mut sql, MIGRATIONS).expect("migrates");
    migrate(&mut sql, MIGRATIONS).expect("nothing to do");
    migrate(&mut sql, &later()).expect("migrates");
    assert_eq!(version(&sql).expect("reads") as usize, MIGRATIONS.len() + 1);
    assert!(!pending(&sql, &later()).expect("reads"));
}

#[test]
fn half_a_migration_never_happens() {
    let temp = tempfile::tempdir().expect("temp");
    let mut sql = open_writer(&temp.path().join("a.db"), &DbKey::new([1; 32]), true).expect("opens");
    migrate(&mut sql, MIGRATIONS).expect("migrates");
    let mut broken = later();
    broken.push(Migration { sql: "CREATE TABLE even_later (n INTEGER) STRICT; INSERT INTO nowhere VALUES (1)" });
    assert!(migrate(&mut sql, &broken).is_err());
    assert_eq!(version(&sql).expect("reads") as usize, MIGRATIONS.len());
    let tables: i64 = sql
        .query_row("SELECT count(*) FROM sqlite_schema WHERE name IN ('later', 'even_later')", [], |row| row.get(0))
        .expect("reads");
    assert_eq!(tables, 0);
}

#[test]
fn a_newer_file_is_refused_and_left_alone() {
    let site = Site::new();
    let key = site.with_answers(1, 1);
    migrate(&mut site.raw(&key), &later()).expect("migrates");
    assert!(matches!(site.try_unlock(PASSWORD, 200_000), Err(VaultError::Newer { found: 3, known: 2 })));
}

#[test]
fn a_file_whose_steps_are_not_ours_is_refused() {
    let site = Site::new();
    let key = site.with_answers(1, 1);
    site.raw(&key).execute("UPDATE migration SET sum = 'other'", []).expect("edited");
    assert!(matches!(site.try_unlock(PASSWORD, 200_000), Err(VaultError::Damaged { .. })));
}

#[test]
fn the_released_steps_have_not_changed() {
    let sums: Vec<String> =
        MIGRATIONS.iter().map(|step| seal::hex::encode(&seal::sha256(step.sql.as_bytes()))[..16].to_owned()).collect();
    assert_eq!(sums, FROZEN_SUMS);
}

/// Beginnings of the SHA-256 of every released step.
const FROZEN_SUMS: [&str; 2] = ["db172799667298e0", "585fea02c7ed7f5f"];

/// The frozen vault, with key slots of the first form.
pub(crate) fn vault_of_schema_1() -> Site {
    let site = Site::new();
    let folder = site.folder();
    fs::create_dir_all(&folder).expect("folder");
    let key = DbKey::new(FROZEN_KEY);
    let sql = open_writer(&site.database(), &key, true).expect("opens");
    sql.execute_batch(FROZEN_1).expect("laid out");
    // The frozen vault's own slots belong to another password; these were made for this key.
    sql.execute("UPDATE slots SET current = ?1", [FROZEN_SLOTS_1]).expect("set");
    drop(sql);
    fs::write(folder.join("keyslots.json"), FROZEN_SLOTS_1).expect("written");
    site
}

#[test]
fn a_vault_of_schema_1_opens() {
    let (site, key) = (vault_of_schema_1(), DbKey::new(FROZEN_KEY));
    let mut open = site.unlock(5_000_000);
    assert_eq!(open.alarms(), [Alarm::SlotUnbound, Alarm::CheckpointMissing]);
    assert_eq!(verified(&open), []);
    assert_eq!(value(&mut open, "S01-001", "IT.SYSBP").as_deref(), Some("130"));
    assert_eq!(open.all_drafts("S01-001").expect("drafts").len(), 1);
    assert_eq!(open.outbox().changes, 1);
    assert_eq!(open.setting("center.key").expect("reads").as_deref(), Some(b"a key".as_slice()));
    let note =
        open.lines("S01-001").expect("lines").iter().flat_map(|line| line.entry().act.texts()).next().expect("a text");
    assert_eq!(open.text(&note).expect("reads").expect("there").text.as_str(), "frozen words");
    assert_eq!(
        open_reader(&site.database(), &key).and_then(|sql| version(&sql)).expect("reads") as usize,
        MIGRATIONS.len()
    );
}

/// How `frozen_1.sql` was made: `FREEZE=FILE cargo test -p vault freeze`. Only for a new version's own file.
#[test]
fn freeze() {
    let Some(to) = std::env::var_os("FREEZE") else { return };
    let site = Site::new();
    let mut open = site.found();
    register(&mut open, "S01-001", 10);
    set(&mut open, "S01-001", "IT.SYSBP", "120", 20);
    open.transact(&at(25), |tx| write_note(tx, "S01-001", "frozen words")).expect("written");
    let end = open.logs()[0].clone();
    let (bundle, bytes) = (EntryId([3; 32]), b"receipt".to_vec());
    let receipt = crate::VerifiedReceipt { bundle, seq: end.seq, head: end.head, at: at(28).at, bytes };
    open.transact(&at(28), |tx| tx.accept_receipt(&receipt)).expect("taken");
    set(&mut open, "S01-001", "IT.SYSBP", "130", 30);
    open.save_draft("S01-001", &cell("IT.DIABP"), "8", &at(40)).expect("draft");
    // Folded rows are left out: their layout is not part of the schema, and they are folded anew.
    let mut dump = MIGRATIONS[0].sql.to_owned();
    dump.push_str("CREATE TABLE migration (version INTEGER PRIMARY KEY, sum TEXT NOT NULL) STRICT;\n");
    for table in [
        "migration",
        "head",
        "card",
        "slots",
        "entry",
        "log",
        "subject",
        "about",
        "text",
        "draft",
        "parked",
        "quarantine",
        "bundle",
        "receipt",
        "blob",
        "setting",
    ] {
        let columns: Vec<String> = open
            .sql
            .prepare(&format!("SELECT name FROM pragma_table_info('{table}')"))
            .and_then(|mut read| read.query_map([], |row| row.get(0))?.collect())
            .expect("columns");
        let values: Vec<String> = columns.iter().map(|name| format!("quote({name})")).collect();
        let mut read = open.sql.prepare(&format!("SELECT {} FROM {table}", values.join(" || ',' || "))).expect("reads");
        for row in read.query_map([], |row| row.get::<_, String>(0)).expect("reads") {
            dump.push_str(&format!("INSERT INTO {table} VALUES ({});\n", row.expect("row")));
        }
    }
    dump.push_str("UPDATE card SET rows = 0;\n");
    fs::write(to, dump).expect("written");
}
