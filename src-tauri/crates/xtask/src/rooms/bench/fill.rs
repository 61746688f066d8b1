//! A vault with very many entries, written through the one write door in large transactions.

use std::path::Path;

use casebook::act::{ItemSet, ItemsSet, Stored, SubjectRegistered};
use casebook::{EntryId, Private};
use study::{EventKey, Oid, Repeat};
use vault::{Locked, Tx, VaultError};
use xtask::practice;

use crate::steps::Outcome;

/// Entries of one subject: 3,000 answers are planned for, and some are changed.
const PER_SUBJECT: u64 = 2_500;

/// Fills until the journal holds about `entries`; gives the subjects' keys.
pub fn fill(folder: &Path, entries: u64) -> Outcome<Vec<String>> {
    let (user, password) = practice::account(folder)?;
    let stamp = site::stamp(practice::now(), &user);
    let mut open = Locked::find(&practice::place(folder), &clinical::functions())?.unlock(&user, &password, &stamp)?;
    let items = numbers(open.study());
    let subjects: Vec<String> =
        (0..entries.div_ceil(PER_SUBJECT)).map(|number| format!("S01-{:04}", 1000 + number)).collect();
    for subject in &subjects {
        open.transact(&stamp, |tx| one_subject(tx, subject, &items))?;
    }
    open.lock(&stamp)?;
    Ok(subjects)
}

/// Numeric questions of the forms that most visits have, none of them computed.
fn numbers(study: &study::Study) -> Vec<(Oid, Oid, Oid)> {
    let mut found = Vec::new();
    for form in ["F.VS", "F.LB"] {
        let Some(def) = study.forms.get(&Oid::from(form)) else { continue };
        for group in def
            .groups
            .iter()
            .filter_map(|reference| study.groups.get(&reference.group))
            .filter(|group| !group.repeating)
        {
            for item in group.items.iter().filter(|item| item.method.is_none()) {
                if study.items.get(&item.item).is_some_and(|def| def.kind.is_numeric()) {
                    found.push((def.oid.clone(), group.oid.clone(), item.item.clone()));
                }
            }
        }
    }
    found
}

/// A subject with many cycles: each answer given once and changed now and then, an entry for each.
fn one_subject(tx: &mut Tx<'_>, subject: &str, items: &[(Oid, Oid, Oid)]) -> Result<(), VaultError> {
    let subject = Oid::from(subject);
    tx.write(SubjectRegistered { subject: subject.clone(), site: Oid::from("S01") })?;
    let mut left = PER_SUBJECT - 1;
    for cycle in 1.. {
        for (form, group, item) in items {
            let form = EventKey::new("SE.CND1", cycle.to_string().as_str()).form(form.clone(), "1");
            let mut bases = Vec::new();
            for change in 0..4 {
                if left == 0 {
                    return Ok(());
                }
                left -= 1;
                let value = format!("{}.{change}", 40 + cycle);
                let set = answer(group, item, &value, bases);
                bases = vec![tx.write(ItemsSet { subject: subject.clone(), form: form.clone(), items: vec![set] })?];
            }
        }
    }
    Ok(())
}

fn answer(group: &Oid, item: &Oid, value: &str, bases: Vec<EntryId>) -> ItemSet {
    let value = Some(Stored::Plain(Private::from(value)));
    let (group, item) = (group.clone(), item.clone());
    ItemSet { group, repeat: Repeat::from("1"), item, value, missing: None, unit: None, raw: None, bases, reason: None }
}
