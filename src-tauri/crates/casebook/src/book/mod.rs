//! The fold of one subject.
//!
//! Two steps, both functions of the set of entries alone: [`Book::apply`] takes entries into account (each log in order,
//! logs in any order), [`Book::recompute`] computes what the study's rules make of them. Entries themselves are not kept.

mod allocation;
mod answers;
mod apply;
mod cell;
mod event;
mod form;
mod mask;
mod migration;
mod overview;
mod query;
mod recompute;
mod rows;
mod state;
mod tally;
mod version;

pub use allocation::{ALLOCATION_BLOCKS, Allocation, Asked, Told, is_allocated};
pub use apply::ApplyError;
pub use cell::{Cell, CellState, Confirmation, Derived, Finding, Given};
pub use event::{Event, EventFact};
pub use form::{CellPlace, Declared, Form, FormStatus, Row, RowFact, RowPlace, Tally};
pub(crate) use form::{read_seqs, write_seqs};
pub use migration::{Move, Registration};
pub(crate) use migration::{differ, in_force};
pub use query::{Query, QueryStatus, QueryStep, Raised};
pub use state::{Block, Blocker, CellView, FormState, RowState};

use crate::ids::{EntryId, TextCommit};
use crate::multi_value_register::MultiValueRegister;
use crate::row::Origin;
use crate::summary::{Overview, Summary};
use crate::text::FreeTextId;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use study::{CellKey, EventKey, FormKey, Oid, Renamed, Repeat};

/// A text that was redacted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redaction {
    /// Who, where, when.
    pub origin: Origin,
    /// Why.
    pub reason: FreeTextId,
}

/// Everything about one subject as it stands.
#[derive(Clone, Debug, Default)]
pub struct Book {
    pub(crate) subject: Option<Oid>,
    /// Ascending by id. More than one means that two devices gave out the same key.
    pub(crate) registered: Vec<Registration>,
    /// For each log the `seq` of its last entry in this book.
    pub(crate) heard: BTreeMap<Oid, u64>,
    /// The entry with the greatest tick, ties broken by log and seq.
    pub(crate) last: Option<Origin>,
    pub(crate) events: BTreeMap<EventKey, Event>,
    pub(crate) forms: BTreeMap<FormKey, Form>,
    /// Where each form stands, by FormDef.
    pub(crate) by_form: HashMap<Oid, BTreeSet<FormKey>>,
    pub(crate) queries: BTreeMap<EntryId, Query>,
    pub(crate) redacted: BTreeMap<(TextCommit, EntryId), Redaction>,
    /// By the id of the request.
    pub(crate) allocations: BTreeMap<EntryId, Allocation>,
    pub(crate) overview: Overview,
    /// What was said of the metadata version that the subject is under.
    pub(crate) moves: MultiValueRegister<Move>,
    /// The metadata version that the rules were last asked of.
    pub(crate) computed_under: Option<Oid>,
    /// Codes of earlier versions and what they are called in the one that is read now.
    pub(crate) renamed: Arc<Renamed>,
    pub(crate) dirty: BTreeSet<BookRow>,
    pub(crate) changed: Changed,
    pub(crate) edition: Edition,
}

/// Which state of which book this is, within this process: what was computed from a book holds while its edition does.
/// It is in no row and decides nothing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Edition(pub(crate) u64);

impl Default for Edition {
    fn default() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

/// Something that has a row of its own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum BookRow {
    Event(EventKey),
    Form(FormKey),
    Row(FormKey, RowPlace),
    Cell(FormKey, CellPlace),
    Query(EntryId),
    Redaction(TextCommit, EntryId),
    Allocation(EntryId),
}

/// What changed since the rules were last asked.
#[derive(Clone, Debug, Default)]
pub(crate) struct Changed {
    pub(crate) events: BTreeSet<EventKey>,
    pub(crate) forms: BTreeSet<FormKey>,
    pub(crate) cells: BTreeSet<CellKey>,
    /// Rows that came, went, or hold a value that a removal had not seen.
    pub(crate) rows: BTreeSet<(FormKey, RowPlace)>,
}

impl Book {
    /// A book in which nothing stands.
    pub fn new() -> Book {
        Book::default()
    }

    /// Whose it is; nothing while it is empty.
    pub fn subject(&self) -> Option<&Oid> {
        self.subject.as_ref()
    }

    /// How the subject was registered. More than one registration means that two devices gave out the same key.
    pub fn registrations(&self) -> &[Registration] {
        &self.registered
    }

    /// The latest entry, for display.
    pub fn last(&self) -> Option<&Origin> {
        self.last.as_ref()
    }

    /// For each log the `seq` of its last entry in this book.
    pub fn heard(&self) -> impl Iterator<Item = (&Oid, u64)> {
        self.heard.iter().map(|(log, seq)| (log, *seq))
    }

    /// The subject as lists show it.
    pub fn summary(&self) -> Summary {
        Summary {
            subject: self.subject.as_ref().map(|subject| subject.to_string()).unwrap_or_default(),
            registrations: self.registered.clone(),
            heard: self.heard.clone(),
            last: self.last.clone(),
            overview: self.overview.clone(),
            moves: self.moves.clone(),
            computed_under: self.computed_under.clone(),
        }
    }

    /// What the rules and the schedule made of the subject when it was last recomputed.
    pub fn overview(&self) -> &Overview {
        &self.overview
    }

    /// One event, where anything was said of it.
    pub fn event(&self, key: &EventKey) -> Option<&Event> {
        self.events.get(key)
    }

    /// Every event of which anything was said.
    pub fn events(&self) -> impl Iterator<Item = (&EventKey, &Event)> {
        self.events.iter()
    }

    /// One form, where anything was said of it.
    pub fn form(&self, key: &FormKey) -> Option<&Form> {
        self.forms.get(key)
    }

    pub(crate) fn form_entry(&mut self, key: &FormKey) -> &mut Form {
        if !self.forms.contains_key(key) {
            self.by_form.entry(key.form.clone()).or_default().insert(key.clone());
        }
        self.forms.entry(key.clone()).or_default()
    }

    /// Every form of which anything was said.
    pub fn forms(&self) -> impl Iterator<Item = (&FormKey, &Form)> {
        self.forms.iter()
    }

    /// One cell, where it holds anything.
    pub fn cell(&self, key: &CellKey) -> Option<&Cell> {
        self.forms.get(&key.form)?.cell(&key.group, &key.group_repeat, &key.item)
    }

    /// The rows of a repeating group in the order in which they were added, removed ones left out.
    pub fn live_rows(&self, form: &FormKey, group: &Oid) -> Vec<Repeat> {
        self.forms.get(form).map(|form| form.live_rows(group)).unwrap_or_default()
    }

    /// Whether a row of a repeating group stands: it was added, or holds a value that its removal had not seen.
    pub fn is_live_row(&self, form: &FormKey, group: &Oid, repeat: &Repeat) -> bool {
        self.forms.get(form).is_some_and(|form| form.is_live_row(group, repeat))
    }

    /// One query.
    pub fn query(&self, id: &EntryId) -> Option<&Query> {
        self.queries.get(id)
    }

    /// Every query that was raised, ascending by id.
    pub fn queries(&self) -> impl Iterator<Item = (EntryId, &Query)> {
        self.queries.iter().filter(|(_, query)| query.raised.is_some()).map(|(id, query)| (*id, query))
    }

    /// The queries about one cell. A conflict's own query is the cell's state.
    pub fn queries_of<'a>(&'a self, cell: &'a CellKey) -> impl Iterator<Item = (EntryId, &'a Query)> {
        self.queries().filter(move |(_, query)| query.raised.as_ref().is_some_and(|raised| raised.cell == *cell))
    }

    /// Every request of this subject, ascending by id, with what became of it. More than one is a deviation.
    pub fn allocations(&self) -> impl Iterator<Item = (EntryId, &Allocation)> {
        self.allocations.iter().map(|(request, allocation)| (*request, allocation))
    }

    /// The requests that this log wrote.
    pub fn requests_of<'a>(&'a self, log: &'a str) -> impl Iterator<Item = (EntryId, &'a Asked)> {
        let asked = self.allocations().filter_map(|(id, allocation)| Some((id, allocation.asked.as_ref()?)));
        asked.filter(move |(_, asked)| *asked.origin.log == *log)
    }

    /// The reveal that was written first, by its tick: what was known first cannot be unlearnt.
    pub fn revealed(&self) -> Option<&Told> {
        let order = |told: &&Told| (told.origin.tick, told.origin.log.clone(), told.origin.seq, told.id);
        self.allocations.values().flat_map(|allocation| &allocation.told).min_by_key(order)
    }

    /// How a text was redacted.
    pub fn redaction(&self, text: &TextCommit) -> Option<&Redaction> {
        let from = (*text, EntryId::ZERO);
        self.redacted.range(from..).next().filter(|((redacted, _), _)| redacted == text).map(|(_, how)| how)
    }

    /// Whether a text was redacted.
    pub fn is_redacted(&self, text: &TextCommit) -> bool {
        self.redaction(text).is_some()
    }

    /// What the next answer in a cell names as its bases.
    pub fn cell_bases(&self, key: &CellKey) -> Vec<EntryId> {
        self.cell(key).map(Cell::bases).unwrap_or_default()
    }

    /// What the next declaration about a form names as its bases.
    pub fn form_bases(&self, key: &FormKey) -> Vec<EntryId> {
        self.forms.get(key).map(Form::bases).unwrap_or_default()
    }

    /// What the next word on an event's date names as its bases.
    pub fn event_bases(&self, key: &EventKey) -> Vec<EntryId> {
        self.events.get(key).map(Event::bases).unwrap_or_default()
    }

    /// What the next act on a row names as its bases.
    pub fn row_bases(&self, form: &FormKey, group: &Oid, repeat: &Repeat) -> Vec<EntryId> {
        self.forms.get(form).and_then(|form| form.row(group, repeat)).map(Row::bases).unwrap_or_default()
    }

    /// The heads of a row's cells, which the removal of the row must have seen.
    pub fn row_cells(&self, form: &FormKey, group: &Oid, repeat: &Repeat) -> Vec<EntryId> {
        let place = RowPlace { group: group.clone(), repeat: repeat.clone() };
        let Some(form) = self.forms.get(form) else { return Vec::new() };
        crate::act::bases(form.cells_of(&place).flat_map(|(_, cell)| cell.bases()))
    }

    /// What the next step of a query names as its bases.
    pub fn query_bases(&self, query: &EntryId) -> Vec<EntryId> {
        self.queries.get(query).map(Query::bases).unwrap_or_default()
    }

    /// Whether a change to this cell made by `log` needs a reason: once its form was declared complete or not done by
    /// anybody, except in rows that `log` itself added after its own last declaration.
    pub fn needs_reason(&self, log: &Oid, key: &CellKey) -> bool {
        let Some(form) = self.forms.get(&key.form) else { return false };
        let row = RowPlace { group: key.group.clone(), repeat: key.group_repeat.clone() };
        if form.declared_at.contains_key(log) {
            return form.owes_reason(log, &row);
        }
        !form.declared_at.is_empty()
    }
}

#[cfg(test)]
pub(crate) mod tests;
