//! Forms: answers, rows, status, and confirmed findings.
//!
//! **Frozen format: do not modify.** Names, keys and their order are hashed and signed; later versions may only add acts.

use super::bounds::{check_bases, check_name};
use crate::ids::{EntryId, TextCommit};
use crate::text::{FreeTextId, Private};
use serde::{Deserialize, Serialize};
use study::{FormKey, Missing, Oid, Repeat};

/// Most answers of one act: what a person gives at once, so that looking for one given twice stays cheap.
pub const MAX_ITEMS: usize = 256;
/// Most bytes of one value.
pub const MAX_VALUE: usize = 256 * 1024;

/// Answers were given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemsSet {
    /// Subject key, `S01-003`.
    pub subject: Oid,
    /// The form at its event.
    pub form: FormKey,
    /// The answers; each cell at most once.
    pub items: Vec<ItemSet>,
}

/// One answer. With neither value nor missing code, the cell is emptied again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemSet {
    /// Group.
    pub group: Oid,
    /// Row of the group.
    pub repeat: Repeat,
    /// Item.
    pub item: Oid,
    /// The value as normalised for the item's type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Stored>,
    /// Why there is no value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<Missing>,
    /// Unit of the value, where the item has several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<Oid>,
    /// What was typed, where it differs from the value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw: Option<Private>,
    /// Heads whose values this replaces: none for a first value, several when it settles a conflict. Ascending.
    pub bases: Vec<EntryId>,
    /// Why it was changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<FreeTextId>,
}

/// A value as an entry holds it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Stored {
    /// The value itself, never empty.
    Plain(Private),
    /// Commitment to a free text.
    Text(FreeTextId),
}

/// A row was added to a repeating group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowAdded {
    /// Subject key, `S01-003`.
    pub subject: Oid,
    /// The form at its event.
    pub form: FormKey,
    /// Group.
    pub group: Oid,
    /// Its row key, `<device suffix>.<n>`.
    pub repeat: Repeat,
    /// Heads that this replaces: removals that are taken back. Ascending.
    pub bases: Vec<EntryId>,
}

/// A row was removed; its cells are kept and hidden.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowRemoved {
    /// Subject key, `S01-003`.
    pub subject: Oid,
    /// The form at its event.
    pub form: FormKey,
    /// Group.
    pub group: Oid,
    /// Row key.
    pub repeat: Repeat,
    /// The reason, as a free text.
    pub reason: FreeTextId,
    /// Heads of the row that this replaces. Ascending.
    pub bases: Vec<EntryId>,
    /// Heads of the row's cells that were seen: a value that was not seen brings the row back as a conflict. Ascending.
    pub cells: Vec<EntryId>,
}

/// A form was declared complete.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormCompleted {
    /// Subject key, `S01-003`.
    pub subject: Oid,
    /// The form at its event.
    pub form: FormKey,
    /// Heads of its status that this replaces. Ascending.
    pub bases: Vec<EntryId>,
}

/// A form was opened again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormReopened {
    /// Subject key, `S01-003`.
    pub subject: Oid,
    /// The form at its event.
    pub form: FormKey,
    /// The reason, as a free text.
    pub reason: FreeTextId,
    /// Heads of its status that this replaces. Ascending.
    pub bases: Vec<EntryId>,
}

/// A form was declared not done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormNotDone {
    /// Subject key, `S01-003`.
    pub subject: Oid,
    /// The form at its event.
    pub form: FormKey,
    /// The reason, as a free text.
    pub reason: FreeTextId,
    /// Heads of its status that this replaces. Ascending.
    pub bases: Vec<EntryId>,
}

/// A soft finding was confirmed. The confirmation lapses when an operand changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingConfirmed {
    /// Subject key, `S01-003`.
    pub subject: Oid,
    /// The form at its event.
    pub form: FormKey,
    /// Group.
    pub group: Oid,
    /// Row of the group.
    pub repeat: Repeat,
    /// Item.
    pub item: Oid,
    /// The rule that speaks.
    pub rule: Oid,
    /// What was said to it.
    pub comment: FreeTextId,
    /// Entries whose values the rule read. Ascending.
    pub operands: Vec<EntryId>,
}

impl ItemSet {
    pub(super) fn texts(&self) -> impl Iterator<Item = TextCommit> + '_ {
        let value = match &self.value {
            Some(Stored::Text(words)) => Some(words.text),
            _ => None,
        };
        value.into_iter().chain(self.reason.iter().map(|words| words.text))
    }

    fn check(&self) -> Result<(), &'static str> {
        check_name(&self.repeat)?;
        check_bases(&self.bases)?;
        if self.value.is_some() && self.missing.is_some() {
            return Err("a value and a reason why there is none");
        }
        if self.value.is_none() && (self.unit.is_some() || self.raw.is_some()) {
            return Err("a unit or typed text without a value");
        }
        if self.value.is_none() && self.missing.is_none() && self.bases.is_empty() {
            return Err("an empty cell cannot be emptied");
        }
        match &self.value {
            Some(Stored::Plain(value)) if value.as_str().is_empty() => Err("an empty value"),
            Some(Stored::Plain(value)) if value.as_str().len() > MAX_VALUE => Err("a value too long"),
            Some(Stored::Text(_)) if self.raw.is_some() => Err("a free text beside its commitment"),
            _ => Ok(()),
        }
    }
}

pub(super) fn check_items(items: &[ItemSet]) -> Result<(), &'static str> {
    if items.is_empty() {
        return Err("no answers");
    }
    if items.len() > MAX_ITEMS {
        return Err("too many answers in one act");
    }
    for (i, item) in items.iter().enumerate() {
        item.check()?;
        let twice =
            |other: &ItemSet| other.item == item.item && other.repeat == item.repeat && other.group == item.group;
        if items[..i].iter().any(twice) {
            return Err("one cell twice");
        }
    }
    Ok(())
}
