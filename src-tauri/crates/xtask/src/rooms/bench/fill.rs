//! A vault with very many entries, written through the one write door in large transactions.

use std::path::Path;

use casebook::act::{Act, ItemSet, ItemsSet, SubjectRegistered};
use study::{CellKey, FormKey, Oid};
use vault::{Locked, Stamp, Tx, VaultError};
use xtask::practice;

use crate::steps::Outcome;

/// Entries of one subject: 3,000 answers are planned for, and some are changed.
const PER_SUBJECT: u64 = 2_500;

/// Fills until the journal holds about `entries`; gives the subjects' keys.
pub fn fill(folder: &Path, entries: u64) -> Outcome<Vec<String>> {
    let (user, password) = practice::account(folder)?;
    let stamp = practice::now().stamp(&user);
    let mut open = Locked::find(&practice::place(folder))?.unlock(&user, &password, &stamp)?;
    let items = numbers(open.study());
    let subjects: Vec<String> = (0..entries.div_ceil(PER_SUBJECT)).map(|number| format!("S01-{:04}", 1000 + number)).collect();
    for subject in &subjects {
        open.transact(&stamp, |tx| one_subject(tx, subject, &items))?;
    }
    open.rest()?;
    open.lock(&stamp)?;
    Ok(subjects)
}
