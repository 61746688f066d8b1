//! What an amendment must not change. Values are never rewritten, so a definition under which values were recorded must
//! go on meaning what it meant; what is asked otherwise gets an OID of its own.

use super::labels::check;
use crate::{ItemDef, ItemKind, Oid, Study, StudyIssue};

/// Why `new` can't follow `old` as a version of the same study: every fault, with the line in the new file.
pub fn unfit(old: &Study, new: &Study) -> Vec<StudyIssue> {
    let mut faults = Faults { new, list: Vec::new() };
    if old.oid != new.oid {
        faults.add(0, Some(&new.oid), format!("is another study than {}", old.oid));
        return faults.list;
    }
    if old.metadata_version == new.metadata_version {
        faults.add(
            0,
            Some(&new.metadata_version),
            "is a metadata version that is published already: give the new one an OID of its own",
        );
    }
    faults.shapes(old);
    for now in &new.items {
        if let Some(was) = old.items.get(&now.oid) {
            faults.item(old, was, now);
        }
    }
    faults.list
}

struct Faults<'s> {
    new: &'s Study,
    list: Vec<StudyIssue>,
}

impl Faults<'_> {
    fn add(&mut self, line: u32, oid: Option<&Oid>, reason: impl Into<String>) {
        self.list.push(StudyIssue::new(&self.new.file, line, oid, reason));
    }

    /// What repeats must go on repeating, and rows stay rows: places name their repeats.
    fn shapes(&mut self, old: &Study) {
        let new = self.new;
        for now in &new.events {
            if old.events.get(&now.oid).is_some_and(|was| was.repeating && !now.repeating) {
                self.add(now.line, Some(&now.oid), "was Repeating and no longer is: repeats of it may be recorded");
            }
        }
        for now in &new.forms {
            if old.forms.get(&now.oid).is_some_and(|was| was.repeating && !now.repeating) {
                self.add(now.line, Some(&now.oid), "was Repeating and no longer is: repeats of it may be recorded");
            }
        }
        for now in &new.groups {
            let Some(was) = old.groups.get(&now.oid) else { continue };
            if was.repeating != now.repeating {
                self.add(now.line, Some(&now.oid), "Repeating is changed: rows and single values don't fit each other");
            }
            for at in &now.items {
                let before = was.items.iter().find(|before| before.item == at.item);
                if before.is_some_and(|before| before.method.is_none() && at.method.is_some()) {
                    let reason =
                        "was typed and is now computed: what was typed would be hidden; give the item a new OID";
                    self.add(at.line, Some(&at.item), reason);
                }
            }
        }
    }

    fn item(&mut self, old: &Study, was: &ItemDef, now: &ItemDef) {
        let oid = Some(&now.oid);
        if !reads(was.kind, now.kind) {
            let (was, kind) = (was.kind.odm_name(), now.kind.odm_name());
            let reason =
                format!("the data type was {was} and is {kind}, which can't read every {was}; give the item a new OID");
            self.add(now.line, oid, reason);
        }
        if old.is_free_text(was) != self.new.is_free_text(now) {
            let reason = "changes between free text and codes; give the item a new OID";
            self.add(now.line, oid, reason);
        }
        if was.standard_unit().is_some() && was.standard_unit() != now.standard_unit() {
            let reason =
                "the standard unit is another: values recorded without a unit are meant in it; give the item a new OID";
            self.add(now.line, oid, reason);
        }
        for (n, one) in now.checks.iter().enumerate() {
            let moved = was.checks.iter().enumerate().find(|(m, before)| *m != n && check(before) == check(one));
            let same = was.checks.get(n).is_some_and(|before| check(before) == check(one));
            if let Some((m, _)) = moved.filter(|_| !same && was.checks.get(n).is_some()) {
                let reason = format!(
                    "check {} is now check {}: people's confirmations name checks by their place; append new checks, and let \
                     one that is to fall silent be true",
                    m + 1,
                    n + 1
                );
                self.add(one.line, oid, reason);
            }
        }
    }
}

/// Whether every value of the old type is a value of the new one.
fn reads(old: ItemKind, new: ItemKind) -> bool {
    use ItemKind::*;
    let wider: &[ItemKind] = match old {
        Text | String => &[Text, String],
        Integer => &[Float, Double],
        Float | Double => &[Float, Double],
        Date => &[PartialDate, IncompleteDate],
        PartialDate => &[IncompleteDate],
        DateTime => &[PartialDateTime, IncompleteDateTime],
        PartialDateTime => &[IncompleteDateTime],
        Time => &[PartialTime, IncompleteTime],
        PartialTime => &[IncompleteTime],
        _ => &[],
    };
    old == new || wider.contains(&new)
}
