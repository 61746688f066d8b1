//! What must come before an act about a subject. Each rule looks at the one event, form, row or cell that the act names.

use super::{Author, DeniedError, Thing};
use crate::act::{
    Act, AllocationRevealed, EventDated, FindingConfirmed, FormCompleted, FormNotDone, FormReopened, ItemSet, ItemsSet,
    RowAdded, RowRemoved, SubjectMigrated,
};
use crate::book::{Book, Cell, CellState, Form, FormStatus, Query, QueryStatus, is_allocated};
use crate::ids::EntryId;
use study::{CellDef, CellKey, EventDef, EventKey, FormDef, FormKey, GroupDef, Oid, Severity, Study};

/// Whether the gate asks what the rules made of the book: [`Book::recompute`] comes before these acts.
pub fn needs_recomputed(act: &Act) -> bool {
    matches!(act, Act::FormCompleted(_) | Act::FindingConfirmed(_))
}

impl Book {
    /// Whether an act about this subject may be done now. `study` is the version that the subject is under, and study
    /// and book are what the author's role may see.
    ///
    /// # Errors
    /// Who could do it, or what must come first; [`Thing::Subject`] for an act about another subject, or about none.
    pub fn permits(&self, study: &Study, author: &Author<'_>, act: &Act) -> Result<(), DeniedError> {
        let subject = act.subject().ok_or(DeniedError::NoSuch(Thing::Subject))?;
        author.may(act)?;
        if let Act::SubjectRegistered(_) = act {
            let known = !self.registrations().is_empty();
            return if known { Err(DeniedError::Already(Thing::Subject)) } else { Ok(()) };
        }
        if self.registrations().is_empty() || self.subject() != Some(subject) {
            return Err(DeniedError::NoSuch(Thing::Subject));
        }
        Judge { book: self, study, author }.act(act)
    }

    /// Whether a person may answer in a cell now, whatever the answer: asked before something is typed or kept as a draft.
    ///
    /// # Errors
    /// As [`Self::permits`] for an answer in that cell.
    pub fn takes_answer(&self, study: &Study, author: &Author<'_>, cell: &CellKey) -> Result<(), DeniedError> {
        let judge = Judge { book: self, study, author };
        judge.answerable(cell)?;
        if is_allocated(study, &cell.item) { Err(DeniedError::Allocated) } else { Ok(()) }
    }
}

/// One author before one subject's book.
struct Judge<'a> {
    book: &'a Book,
    study: &'a Study,
    author: &'a Author<'a>,
}

impl<'a> Judge<'a> {
    /// An act that has no rule here is denied.
    fn act(&self, act: &Act) -> Result<(), DeniedError> {
        match act {
            Act::EventDated(act) => self.event_dated(act),
            Act::EventAdded(act) => self.event_added(&act.event),
            Act::EventMissed(act) => self.event(&act.event).map(drop),
            Act::ItemsSet(act) => self.items_set(act),
            Act::RowAdded(act) => self.row_added(act),
            Act::RowRemoved(act) => self.row_removed(act),
            Act::FormCompleted(act) => self.form_completed(act),
            Act::FormReopened(act) => self.form_reopened(act),
            Act::FormNotDone(act) => self.form_not_done(act),
            Act::FindingConfirmed(act) => self.finding_confirmed(act),
            Act::QueryRaised(act) => self.cell(&act.form.cell(&act.group, &act.repeat, &act.item)).map(drop),
            Act::QueryAnswered(act) => {
                let query = self.query(&act.query, |status| status == QueryStatus::Open)?;
                query.raised().map_or(Ok(()), |raised| self.cell(&raised.cell).map(drop))
            }
            Act::QueryClosed(act) => self.query(&act.query, |status| status != QueryStatus::Closed).map(drop),
            Act::QueryReopened(act) => self.query(&act.query, |status| status != QueryStatus::Open).map(drop),
            Act::SubjectMigrated(act) => self.migrated(act),
            Act::AllocationRequested(_) if self.book.allocations().next().is_some() => Err(DeniedError::Conflict),
            Act::AllocationRequested(_) | Act::TextRedacted(_) => Ok(()),
            Act::AllocationRevealed(act) => self.revealed(act),
            _ => Err(DeniedError::NoSuch(Thing::Subject)),
        }
    }

    fn event_dated(&self, act: &EventDated) -> Result<(), DeniedError> {
        self.event(&act.event)?;
        let complete = |form: &FormKey| self.status(form) == FormStatus::Complete;
        let owed = !self.book.event_bases(&act.event).is_empty() && self.book.forms_of(&act.event).any(complete);
        if owed && act.reason.is_none() { Err(DeniedError::ReasonNeeded) } else { Ok(()) }
    }

    fn event_added(&self, event: &EventKey) -> Result<(), DeniedError> {
        self.event(event)?;
        if self.book.event(event).is_some() { Err(DeniedError::Already(Thing::Event)) } else { Ok(()) }
    }

    fn items_set(&self, act: &ItemsSet) -> Result<(), DeniedError> {
        let cell = |item: &ItemSet| act.form.cell(&item.group, &item.repeat, &item.item);
        act.items.iter().try_for_each(|item| self.item_set(&cell(item), item))
    }

    fn item_set(&self, key: &CellKey, item: &ItemSet) -> Result<(), DeniedError> {
        let def = self.answerable(key)?;
        let conflict = self.book.cell(key).filter(|cell| cell.state() == CellState::Conflict);
        let allocated = is_allocated(self.study, &key.item);
        let filled_in = allocated && self.follows_reveal(&key.form);
        if allocated && !filled_in && !conflict.is_some_and(|cell| is_one_of(cell, item)) {
            return Err(DeniedError::Allocated);
        }
        if let Some(cell) = conflict
            && (item.bases != cell.bases() || (item.reason.is_none() && !filled_in))
        {
            return Err(DeniedError::Conflict);
        }
        if item.missing.is_some_and(|missing| !def.item.missing_allowed.contains(&missing)) {
            return Err(DeniedError::NoSuch(Thing::Reason));
        }
        let owed = item.reason.is_none() && self.book.needs_reason(self.author.log, key);
        if owed { Err(DeniedError::ReasonNeeded) } else { Ok(()) }
    }

    /// Whether nothing but the date of the visit was written between this log's reveal and now: what the reveal itself
    /// fills in.
    fn follows_reveal(&self, form: &FormKey) -> bool {
        let log = self.author.log;
        let last = self.book.heard.get(log).copied().unwrap_or_default();
        let touched = self.book.form(form).and_then(|form| form.touched.get(log)).copied().unwrap_or_default();
        let told = self.book.allocations().flat_map(|(_, allocation)| &allocation.told);
        let mut own = told.filter(|told| told.origin.log == *log).map(|told| told.origin.seq);
        own.any(|seq| touched < seq && last <= seq + 1)
    }

    fn row_added(&self, act: &RowAdded) -> Result<(), DeniedError> {
        self.rows(&act.form, &act.group)?;
        let known = self.book.form(&act.form).and_then(|form| form.row(&act.group, &act.repeat));
        let taken = |row: &crate::book::Row| {
            self.book.is_live_row(&act.form, &act.group, &act.repeat) || act.bases != row.bases()
        };
        if known.is_some_and(taken) { Err(DeniedError::Already(Thing::Row)) } else { Ok(()) }
    }

    fn row_removed(&self, act: &RowRemoved) -> Result<(), DeniedError> {
        self.rows(&act.form, &act.group)?;
        let lives = self.book.is_live_row(&act.form, &act.group, &act.repeat);
        if lives { Ok(()) } else { Err(DeniedError::NoSuch(Thing::Row)) }
    }

    fn form_completed(&self, act: &FormCompleted) -> Result<(), DeniedError> {
        self.form(&act.form)?;
        if !self.book.form_state(self.study, &act.form).blockers.is_empty() {
            return Err(DeniedError::Blocked);
        }
        let agreed = self.book.form(&act.form).is_some_and(|form| !form.is_conflict());
        let complete = agreed && self.status(&act.form) == FormStatus::Complete;
        if complete { Err(DeniedError::Already(Thing::Declaration)) } else { Ok(()) }
    }

    fn form_reopened(&self, act: &FormReopened) -> Result<(), DeniedError> {
        self.form(&act.form)?;
        match self.status(&act.form) {
            FormStatus::Complete | FormStatus::NotDone => Ok(()),
            FormStatus::Empty | FormStatus::Started => Err(DeniedError::NoSuch(Thing::Declaration)),
        }
    }

    fn form_not_done(&self, act: &FormNotDone) -> Result<(), DeniedError> {
        self.form(&act.form)?;
        let answered = |form: &Form| form.cells().any(|(_, cell)| cell.holds_data());
        if self.book.form(&act.form).is_some_and(answered) { Err(DeniedError::HasData) } else { Ok(()) }
    }

    fn finding_confirmed(&self, act: &FindingConfirmed) -> Result<(), DeniedError> {
        let key = act.form.cell(&act.group, &act.repeat, &act.item);
        self.cell(&key)?;
        let found = self.book.cell(&key).into_iter().flat_map(Cell::findings).any(|finding| {
            finding.rule == act.rule && finding.severity == Severity::Soft && finding.operands == act.operands
        });
        if found { Ok(()) } else { Err(DeniedError::NoSuch(Thing::Finding)) }
    }

    fn query(&self, id: &EntryId, fits: impl Fn(QueryStatus) -> bool) -> Result<&'a Query, DeniedError> {
        let query = self.book.query(id).filter(|query| query.raised().is_some() && fits(query.status()));
        query.ok_or(DeniedError::NoSuch(Thing::Query))
    }

    fn migrated(&self, act: &SubjectMigrated) -> Result<(), DeniedError> {
        if act.from != self.study.metadata_version {
            return Err(DeniedError::NoSuch(Thing::Version));
        }
        let moves = act.to != act.from || self.book.is_version_conflict();
        if moves { Ok(()) } else { Err(DeniedError::Already(Thing::Version)) }
    }

    fn revealed(&self, act: &AllocationRevealed) -> Result<(), DeniedError> {
        let mut own = self.book.requests_of(self.author.log);
        if !own.any(|(id, asked)| id == act.request && asked.stratum == act.stratum) {
            return Err(DeniedError::NoSuch(Thing::Request));
        }
        if self.book.revealed().is_some() { Err(DeniedError::Already(Thing::Allocation)) } else { Ok(()) }
    }

    fn status(&self, form: &FormKey) -> FormStatus {
        self.book.form(form).map_or(FormStatus::Empty, Form::status)
    }

    fn event(&self, key: &EventKey) -> Result<&'a EventDef, DeniedError> {
        self.study.event_at(key).ok_or(DeniedError::NoSuch(Thing::Event))
    }

    /// The form, unless it is closed to a masked role.
    fn form(&self, key: &FormKey) -> Result<&'a FormDef, DeniedError> {
        let open = self.author.role.masked_as().is_none_or(|role| self.study.opens_form(role, key));
        self.study.form_at(key).filter(|_| open).ok_or(DeniedError::NoSuch(Thing::Form))
    }

    /// A group that repeats, to add a row to or to take one away.
    fn rows(&self, form: &FormKey, group: &Oid) -> Result<&'a GroupDef, DeniedError> {
        self.form(form)?;
        let open = |def: &&GroupDef| def.repeating && !(def.masked && self.author.role.masked_as().is_some());
        self.study.group_at(form, group).filter(open).ok_or(DeniedError::NoSuch(Thing::Group))
    }

    /// A place of the study, whatever stands in it.
    fn cell(&self, key: &CellKey) -> Result<CellDef<'a>, DeniedError> {
        self.form(&key.form)?;
        let closed = |def: &CellDef<'_>| def.group.masked || def.item.is_masked();
        let open = |def: &CellDef<'_>| self.author.role.masked_as().is_none() || !closed(def);
        self.study.cell_at(key).filter(open).ok_or(DeniedError::NoSuch(Thing::Cell))
    }

    /// A cell that a person may answer: not computed, and in a row that was not removed.
    fn answerable(&self, key: &CellKey) -> Result<CellDef<'a>, DeniedError> {
        let def = self.cell(key)?;
        if self.study.is_computed(def.at) {
            return Err(DeniedError::Computed);
        }
        if def.group.repeating && !self.book.is_live_row(&key.form, &key.group, &key.group_repeat) {
            return Err(DeniedError::NoSuch(Thing::Row));
        }
        Ok(def)
    }
}

/// Whether an answer repeats one of those that a cell holds.
fn is_one_of(cell: &Cell, item: &ItemSet) -> bool {
    item.value.is_some() && cell.heads().any(|(_, given)| given.value == item.value)
}
