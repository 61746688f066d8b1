//! Queries about cells.
//!
//! **Frozen format: do not modify.** Names, keys and their order are hashed and signed; later versions may only add acts.

use crate::ids::EntryId;
use crate::text::FreeTextId;
use serde::{Deserialize, Serialize};
use study::{FormKey, Oid, Repeat};

/// A query was raised. Its id is the id of this entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueryRaised {
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
    /// The question.
    pub question: FreeTextId,
}

/// A query was answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueryAnswered {
    /// Subject key, `S01-003`.
    pub subject: Oid,
    /// Which query.
    pub query: EntryId,
    /// The answer.
    pub answer: FreeTextId,
    /// Heads of the query that this replaces. Ascending.
    pub bases: Vec<EntryId>,
}

/// A query was closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueryClosed {
    /// Subject key, `S01-003`.
    pub subject: Oid,
    /// Which query.
    pub query: EntryId,
    /// Why, or what was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<FreeTextId>,
    /// Heads of the query that this replaces. Ascending.
    pub bases: Vec<EntryId>,
}

/// A query was opened again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueryReopened {
    /// Subject key, `S01-003`.
    pub subject: Oid,
    /// Which query.
    pub query: EntryId,
    /// The reason, as a free text.
    pub reason: FreeTextId,
    /// Heads of the query that this replaces. Ascending.
    pub bases: Vec<EntryId>,
}
