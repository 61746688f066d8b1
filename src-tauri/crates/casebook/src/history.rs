//! What happened to one cell, entry by entry. Rows keep only what holds; the past is read from the journal.

use crate::act::Act;
use crate::book::Given;
use crate::entry::Entry;
use crate::ids::EntryId;
use std::collections::HashMap;
use study::CellKey;

/// One change of a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The entry.
    pub id: EntryId,
    /// The answers that it replaced: none for a first one, several where it resolved a conflict.
    pub was: Vec<Given>,
    /// The answer that it gave.
    pub became: Given,
}

/// The changes of a cell among these entries, newest tick first. Entries of one log come in their order.
pub fn history<'a>(entries: impl IntoIterator<Item = (EntryId, &'a Entry)>, cell: &CellKey) -> Vec<Change> {
    let mut given: HashMap<EntryId, Given> = HashMap::new();
    let mut named: Vec<(EntryId, Vec<EntryId>)> = Vec::new();
    for (id, entry) in entries {
        let Act::ItemsSet(act) = &entry.act else { continue };
        if act.form != cell.form {
            continue;
        }
        for item in &act.items {
            if item.item == cell.item && item.repeat == cell.group_repeat && item.group == cell.group {
                given.insert(id, Given::of(entry, item, false));
                named.push((id, item.bases.clone()));
            }
        }
    }
    let mut changes: Vec<Change> = named
        .into_iter()
        .filter_map(|(id, bases)| {
            let was = bases.iter().filter_map(|base| given.get(base).cloned()).collect();
            Some(Change { id, was, became: given.get(&id)?.clone() })
        })
        .collect();
    changes.sort_by_key(|change| std::cmp::Reverse((change.became.origin.tick, change.id)));
    changes
}
