//! One entry into the book.

use super::form::{CellPlace, Declared, Form, Row, RowFact, RowPlace};
use super::query::{QueryStatus, QueryStep, Raised};
use super::{Allocation, Asked, Book, BookRow, Edition, Given, Move, Redaction, Registration, Told};
use crate::act::{Act, FindingConfirmed, ItemsSet, QueryRaised, RowAdded, RowRemoved, SubjectRegistered};
use crate::book::cell::Confirmation;
use crate::book::event::EventFact;
use crate::entry::Entry;
use crate::ids::EntryId;
use crate::row::Origin;
use crate::text::FreeTextId;
use study::{CellKey, EventKey, FormKey, Oid};

/// Why an entry is not taken into a book.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ApplyError {
    /// It concerns another subject, or none.
    #[error("the entry does not concern this subject")]
    OtherSubject,
}

impl Book {
    /// Takes one entry into account. Entries of one log come in their order; an entry that was taken already is passed
    /// over. What the rules make of it is computed by [`Book::recompute`].
    ///
    /// # Errors
    /// When the entry concerns another subject.
    pub fn apply(&mut self, id: EntryId, entry: &Entry) -> Result<(), ApplyError> {
        let subject = entry.act.subject().ok_or(ApplyError::OtherSubject)?;
        if self.subject.get_or_insert_with(|| subject.clone()) != subject {
            return Err(ApplyError::OtherSubject);
        }
        let heard = self.heard.entry(entry.log.clone()).or_default();
        if entry.seq <= *heard {
            return Ok(());
        }
        *heard = entry.seq;
        self.edition = Edition::default();
        let origin = Origin::of(entry);
        let order = |origin: &Origin| (origin.tick, origin.log.clone(), origin.seq);
        if self.last.as_ref().is_none_or(|last| order(last) < order(&origin)) {
            self.last = Some(origin.clone());
        }
        self.take(id, entry, origin);
        Ok(())
    }

    fn take(&mut self, id: EntryId, entry: &Entry, origin: Origin) {
        match &entry.act {
            Act::SubjectRegistered(act) => self.register(id, origin, entry, act),
            Act::EventAdded(act) => {
                self.touch_event(&act.event).added = true;
            }
            Act::EventDated(act) => {
                let fact = act.date.clone().map_or(EventFact::Withdrawn, EventFact::Dated);
                self.touch_event(&act.event).facts.apply(id, (origin, fact), &act.bases);
            }
            Act::EventMissed(act) => {
                let fact = EventFact::Missed(act.reason);
                self.touch_event(&act.event).facts.apply(id, (origin, fact), &act.bases);
            }
            Act::ItemsSet(act) => self.set_items(id, origin, entry, act),
            Act::RowAdded(act) => self.add_row(id, origin, act),
            Act::RowRemoved(act) => self.remove_row(id, origin, act),
            Act::FormCompleted(act) => self.declare(id, origin, &act.form, Declared::Complete, &act.bases),
            Act::FormReopened(act) => self.declare(id, origin, &act.form, Declared::Reopened(act.reason), &act.bases),
            Act::FormNotDone(act) => self.declare(id, origin, &act.form, Declared::NotDone(act.reason), &act.bases),
            Act::FindingConfirmed(act) => self.confirm(id, origin, act),
            Act::QueryRaised(act) => self.raise(id, origin, act),
            Act::QueryAnswered(act) => {
                self.step(id, act.query, origin, QueryStatus::Answered, Some(act.answer), &act.bases)
            }
            Act::QueryClosed(act) => self.step(id, act.query, origin, QueryStatus::Closed, act.comment, &act.bases),
            Act::QueryReopened(act) => {
                self.step(id, act.query, origin, QueryStatus::Open, Some(act.reason), &act.bases)
            }
            Act::TextRedacted(act) => {
                self.redacted.insert((act.text, id), Redaction { origin, reason: act.reason });
                self.dirty.insert(BookRow::Redaction(act.text, id));
            }
            Act::SubjectMigrated(act) => {
                let (from, to, reason) = (act.from.clone(), act.to.clone(), act.reason);
                self.moves.apply(id, Move { origin, from, to, reason }, &act.bases);
            }
            Act::AllocationRequested(act) => {
                self.allocation(id).asked =
                    Some(Asked { origin, stratum: act.stratum, number: act.number, root: act.root });
            }
            Act::AllocationRevealed(act) => {
                let told = Told { id, origin, stratum: act.stratum, slot: act.slot, arm: act.arm.clone() };
                self.allocation(act.request).tell(told);
            }
            // The rest concerns no subject and was refused above.
            _ => {}
        }
    }

    fn register(&mut self, id: EntryId, origin: Origin, entry: &Entry, act: &SubjectRegistered) {
        let version = entry.metadata_version.clone().unwrap_or_else(|| Oid::from(""));
        let one = Registration { id, origin, site: act.site.clone(), version };
        if let Err(at) = self.registered.binary_search_by_key(&id, |one| one.id) {
            self.registered.insert(at, one);
        }
    }

    fn allocation(&mut self, request: EntryId) -> &mut Allocation {
        self.dirty.insert(BookRow::Allocation(request));
        self.allocations.entry(request).or_default()
    }

    fn touch_event(&mut self, key: &EventKey) -> &mut super::Event {
        self.dirty.insert(BookRow::Event(key.clone()));
        self.changed.events.insert(key.clone());
        self.events.entry(key.clone()).or_default()
    }

    fn touch_form(&mut self, origin: &Origin, key: &FormKey) -> &mut Form {
        self.dirty.insert(BookRow::Form(key.clone()));
        self.changed.forms.insert(key.clone());
        let form = self.form_entry(key);
        form.touched.insert(origin.log.clone(), origin.seq);
        form
    }

    fn touch_cell(&mut self, origin: &Origin, key: &CellKey) -> &mut super::Cell {
        let place = CellPlace { group: key.group.clone(), repeat: key.group_repeat.clone(), item: key.item.clone() };
        self.dirty.insert(BookRow::Cell(key.form.clone(), place.clone()));
        self.changed.cells.insert(key.clone());
        self.touch_form(origin, &key.form).cells.entry(place).or_default()
    }

    fn set_items(&mut self, id: EntryId, origin: Origin, entry: &Entry, act: &ItemsSet) {
        for item in &act.items {
            let row = RowPlace { group: item.group.clone(), repeat: item.repeat.clone() };
            let owes = item.reason.is_none()
                && self.forms.get(&act.form).is_some_and(|form| form.owes_reason(&origin.log, &row));
            let key = act.form.cell(&item.group, &item.repeat, &item.item);
            let given = Given::of(entry, item, owes);
            self.touch_cell(&origin, &key).answer.apply(id, given, &item.bases);
            self.touch_row_of(&act.form, &row);
        }
    }

    /// A cell that was not seen by a removal of its row brings the row back.
    fn touch_row_of(&mut self, form: &FormKey, place: &RowPlace) {
        let row = self.forms.get(form).and_then(|form| form.rows.get(place));
        if row.is_some_and(Row::is_removed_by_someone) {
            self.changed.rows.insert((form.clone(), place.clone()));
        }
    }

    fn touch_row(&mut self, origin: &Origin, form: &FormKey, place: RowPlace) -> &mut Row {
        self.dirty.insert(BookRow::Row(form.clone(), place.clone()));
        self.changed.rows.insert((form.clone(), place.clone()));
        self.touch_form(origin, form).rows.entry(place).or_default()
    }

    fn add_row(&mut self, id: EntryId, origin: Origin, act: &RowAdded) {
        let place = RowPlace { group: act.group.clone(), repeat: act.repeat.clone() };
        let row = self.touch_row(&origin, &act.form, place);
        row.born = row.born.min(origin.tick);
        row.added_at.insert(origin.log.clone(), origin.seq);
        row.facts.apply(id, (origin, RowFact::Added), &act.bases);
    }

    fn remove_row(&mut self, id: EntryId, origin: Origin, act: &RowRemoved) {
        let place = RowPlace { group: act.group.clone(), repeat: act.repeat.clone() };
        let fact = RowFact::Removed { reason: act.reason, saw: act.cells.clone() };
        self.touch_row(&origin, &act.form, place).facts.apply(id, (origin, fact), &act.bases);
    }

    fn declare(&mut self, id: EntryId, origin: Origin, form: &FormKey, what: Declared, bases: &[EntryId]) {
        let form = self.touch_form(&origin, form);
        form.declared_at.insert(origin.log.clone(), origin.seq);
        form.declared.apply(id, (origin, what), bases);
    }

    fn confirm(&mut self, id: EntryId, origin: Origin, act: &FindingConfirmed) {
        let key = act.form.cell(&act.group, &act.repeat, &act.item);
        let word = Confirmation {
            id,
            origin: origin.clone(),
            rule: act.rule.clone(),
            comment: act.comment,
            operands: act.operands.clone(),
        };
        let words = &mut self.touch_cell(&origin, &key).confirmations;
        if let Err(at) = words.binary_search_by_key(&id, |one| one.id) {
            words.insert(at, word);
        }
    }

    fn raise(&mut self, id: EntryId, origin: Origin, act: &QueryRaised) {
        let cell = act.form.cell(&act.group, &act.repeat, &act.item);
        self.touch_form(&origin, &act.form);
        let query = self.queries.entry(id).or_default();
        query.raised = Some(Raised { origin, cell, question: act.question });
        self.dirty.insert(BookRow::Query(id));
    }

    fn step(
        &mut self,
        id: EntryId,
        query: EntryId,
        origin: Origin,
        status: QueryStatus,
        words: Option<FreeTextId>,
        bases: &[EntryId],
    ) {
        let known = self.queries.entry(query).or_default();
        known.step(id, QueryStep { origin, status, words }, bases);
        self.dirty.insert(BookRow::Query(query));
        if let Some(form) = known.raised.as_ref().map(|raised| raised.cell.form.clone()) {
            self.changed.forms.insert(form);
        }
    }
}
