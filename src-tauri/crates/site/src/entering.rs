//! Entering data: every act is one transaction that is on the disk before it answers.

use casebook::act::{
    FindingConfirmed, FormCompleted, FormNotDone, FormReopened, ItemSet, ItemsSet, QueryAnswered, QueryRaised,
    RowAdded, RowRemoved, Stored,
};
use casebook::book::{CellState, FormStatus, QueryStatus};
use casebook::{Book, DeniedError, FreeTextId};
use screens::messages::{CellView, FormState};
use screens::permissions::Command;
use screens::typed;
use study::value::Entered;
use study::{CellKey, FormKey, Missing, Oid, Repeat, Severity};

use crate::SiteError;
use crate::lab::Coming;
use crate::noun::{Field, Noun};
use crate::place::{self, FoundCell};
use crate::session::Session;

/// What a cell shall hold.
enum Answer {
    /// A value.
    Value(Entered),
    /// A free text that the cell holds already.
    Held(FreeTextId),
    /// A reason why there is none.
    Missing(Missing),
    /// Nothing again.
    Nothing,
}

impl Session<'_> {
    /// Saves what was typed into a field that is left. What cannot be read as the item's type is kept as a draft, and
    /// the answer says why; nothing that was typed is ever lost.
    ///
    /// # Errors
    /// `ReasonNeeded` when the form was completed before and no reason is given; `Conflict` when devices differ here.
    /// What was typed is then kept as a draft.
    pub fn save_item(
        &mut self,
        subject: &str,
        cell: &CellKey,
        typed: &str,
        reason: Option<&str>,
    ) -> Result<FormState, SiteError> {
        self.may(Command::SaveItem)?;
        let study = self.study_of(subject)?;
        let spot = place::cell(&study, cell)?;
        self.takes_answer(subject, &spot.key)?;
        let done = match typed::read(&study, spot.item, typed) {
            Ok(_) if self.is_conflict(subject, &spot.key)? => Err(DeniedError::Conflict.into()),
            Ok(Some(entered)) => self.answer(subject, &spot, &Answer::Value(entered), reason),
            Ok(None) => self.answer(subject, &spot, &Answer::Nothing, reason),
            Err(_) => self.keep_draft(subject, &spot.key, typed),
        };
        if let Err(refused) = done {
            // Whatever a person must do first, what was typed survives until then.
            if matches!(refused, SiteError::Denied(DeniedError::ReasonNeeded | DeniedError::Conflict)) {
                self.keep_draft(subject, &spot.key, typed)?;
            }
            return Err(refused);
        }
        self.state_of(subject, &spot.key.form)
    }

    /// Saves why there is no value.
    ///
    /// # Errors
    /// As [`Self::save_item`]; `Invalid` for a code that is no reason, `Denied` for a reason that the study does not allow here.
    pub fn save_missing(
        &mut self,
        subject: &str,
        cell: &CellKey,
        code: &str,
        reason: Option<&str>,
    ) -> Result<FormState, SiteError> {
        self.may(Command::SaveMissing)?;
        let study = self.study_of(subject)?;
        let spot = place::cell(&study, cell)?;
        self.takes_answer(subject, &spot.key)?;
        let missing = Missing::from_code(code).ok_or(SiteError::Invalid(Field::Reason))?;
        if self.is_conflict(subject, &spot.key)? {
            return Err(DeniedError::Conflict.into());
        }
        self.answer(subject, &spot, &Answer::Missing(missing), reason)?;
        self.state_of(subject, &spot.key.form)
    }

    /// Keeps what is typed and not yet left.
    ///
    /// # Errors
    /// The place does not exist, or the vault refuses.
    pub fn draft_item(&mut self, subject: &str, cell: &CellKey, typed: &str) -> Result<(), SiteError> {
        self.may(Command::DraftItem)?;
        let study = self.study_of(subject)?;
        let spot = place::cell(&study, cell)?;
        self.takes_answer(subject, &spot.key)?;
        let held = self.known(subject)?.cell(&spot.key).cloned();
        let unchanged = match held.as_ref().map(casebook::Cell::state) {
            Some(CellState::Answered(given)) => self.stored(given)? == typed,
            _ => false,
        };
        self.keep_draft(subject, &spot.key, if unchanged { "" } else { typed })
    }

    /// Resolves a conflict between devices: one value that names all others, with the reason.
    ///
    /// # Errors
    /// `ReasonNeeded` without a reason; `Unreadable` when it is no value of the item's type.
    pub fn resolve_conflict(
        &mut self,
        subject: &str,
        cell: &CellKey,
        typed: &str,
        reason: &str,
    ) -> Result<FormState, SiteError> {
        self.may(Command::ResolveConflict)?;
        let study = self.study_of(subject)?;
        let spot = place::cell(&study, cell)?;
        let reason = said(reason)?;
        let entered = typed::read(&study, spot.item, typed).map_err(SiteError::Unreadable)?;
        if !self.is_conflict(subject, &spot.key)? {
            self.takes_answer(subject, &spot.key)?;
        }
        let answer = match self.held_as(subject, &spot, entered.as_ref())? {
            Some(held) => Answer::Held(held),
            None => entered.map_or(Answer::Nothing, Answer::Value),
        };
        self.answer(subject, &spot, &answer, Some(reason))?;
        self.state_of(subject, &spot.key.form)
    }

    /// Adds a row to a repeating group.
    ///
    /// # Errors
    /// The group does not exist or does not repeat.
    pub fn row_add(&mut self, subject: &str, form: &FormKey, group: &str) -> Result<FormState, SiteError> {
        self.may(Command::RowAdd)?;
        let study = self.study_of(subject)?;
        let def = place::form(&study, form)?;
        let group = place::group(&study, def, group)?;
        let repeat = {
            let suffix = self.suffix();
            next_row(self.known(subject)?, form, &group.oid, &suffix)
        };
        let act = RowAdded {
            subject: subject.into(),
            form: form.clone(),
            group: group.oid.clone(),
            repeat,
            bases: Vec::new(),
        };
        self.write(|tx| tx.write(act).map(drop))?;
        self.state_of(subject, form)
    }

    /// Removes a row of a repeating group; its values stay in the history.
    ///
    /// # Errors
    /// `ReasonNeeded` without a reason; there is no such row.
    pub fn row_remove(
        &mut self,
        subject: &str,
        form: &FormKey,
        group: &str,
        repeat: &str,
        reason: &str,
    ) -> Result<FormState, SiteError> {
        self.may(Command::RowRemove)?;
        let study = self.study_of(subject)?;
        let def = place::form(&study, form)?;
        let group = place::group(&study, def, group)?.oid.clone();
        let (repeat, reason) = (Repeat::from(repeat), said(reason)?);
        let book = self.known(subject)?;
        let bases = book.row_bases(form, &group, &repeat);
        let cells = book.row_cells(form, &group, &repeat);
        let (subject_key, key) = (Oid::from(subject), form.clone());
        self.write(move |tx| {
            let reason = tx.text(reason)?;
            tx.write(RowRemoved { subject: subject_key, form: key, group, repeat, reason, bases, cells }).map(drop)
        })?;
        self.state_of(subject, form)
    }

    /// Confirms a soft finding with a comment.
    ///
    /// # Errors
    /// `ReasonNeeded` without a comment; there is no such soft finding now.
    pub fn confirm_finding(
        &mut self,
        subject: &str,
        cell: &CellKey,
        rule: &str,
        comment: &str,
    ) -> Result<FormState, SiteError> {
        self.may(Command::ConfirmFinding)?;
        let study = self.study_of(subject)?;
        let CellKey { form, group, group_repeat: repeat, item } = place::cell(&study, cell)?.key;
        let comment = said(comment)?;
        let found = self.known(subject)?.cell(cell).and_then(|cell| {
            cell.findings().iter().find(|finding| finding.rule == *rule && finding.severity == Severity::Soft).cloned()
        });
        let found = found.ok_or(SiteError::NoSuch(Noun::Finding))?;
        let subject_key = Oid::from(subject);
        self.write(move |tx| {
            let comment = tx.text(comment)?;
            let (rule, operands) = (found.rule, found.operands);
            tx.write(FindingConfirmed { subject: subject_key, form, group, repeat, item, rule, comment, operands })
                .map(drop)
        })?;
        self.state_of(subject, &cell.form)
    }

    /// Declares a form complete.
    ///
    /// # Errors
    /// `Blocked` while something stands against it: the form's state names it.
    pub fn form_complete(&mut self, subject: &str, form: &FormKey) -> Result<FormState, SiteError> {
        self.may(Command::FormComplete)?;
        let study = self.study_of(subject)?;
        place::form(&study, form)?;
        let state = self.state_of(subject, form)?;
        // The screen knows what stands against it, drafts included, which the gate does not see.
        if !state.blockers.is_empty() {
            return Err(DeniedError::Blocked.into());
        }
        let book = self.known(subject)?;
        if book.form(form).is_some_and(|form| form.status() == FormStatus::Complete && !form.is_conflict()) {
            return Ok(state);
        }
        let act = FormCompleted { subject: subject.into(), form: form.clone(), bases: book.form_bases(form) };
        self.write(|tx| tx.write(act).map(drop))?;
        self.state_of(subject, form)
    }

    /// Opens a completed form, or one declared not done, again.
    ///
    /// # Errors
    /// `ReasonNeeded` without a reason; the form is open.
    pub fn form_reopen(&mut self, subject: &str, form: &FormKey, reason: &str) -> Result<FormState, SiteError> {
        self.may(Command::FormReopen)?;
        let study = self.study_of(subject)?;
        place::form(&study, form)?;
        let reason = said(reason)?;
        let bases = self.known(subject)?.form_bases(form);
        let (subject_key, key) = (Oid::from(subject), form.clone());
        self.write(move |tx| {
            let reason = tx.text(reason)?;
            tx.write(FormReopened { subject: subject_key, form: key, reason, bases }).map(drop)
        })?;
        self.state_of(subject, form)
    }

    /// Declares a form not done.
    ///
    /// # Errors
    /// `HasData` when answers stand in it; no such reason.
    pub fn form_not_done(&mut self, subject: &str, form: &FormKey, code: &str) -> Result<FormState, SiteError> {
        self.may(Command::FormNotDone)?;
        let study = self.study_of(subject)?;
        place::form(&study, form)?;
        let code = Missing::from_code(code).ok_or(SiteError::Invalid(Field::Reason))?.code();
        let bases = self.known(subject)?.form_bases(form);
        let (subject_key, key) = (Oid::from(subject), form.clone());
        self.write(move |tx| {
            let reason = tx.text(code)?;
            tx.write(FormNotDone { subject: subject_key, form: key, reason, bases }).map(drop)
        })?;
        self.state_of(subject, form)
    }

    /// Asks about a cell.
    ///
    /// # Errors
    /// `ReasonNeeded` without words; the place does not exist.
    pub fn raise_query(&mut self, subject: &str, cell: &CellKey, text: &str) -> Result<CellView, SiteError> {
        self.may(Command::RaiseQuery)?;
        let study = self.study_of(subject)?;
        let CellKey { form, group, group_repeat: repeat, item } = place::cell(&study, cell)?.key;
        let text = said(text)?;
        self.known(subject)?;
        let subject_key = Oid::from(subject);
        self.write(move |tx| {
            let question = tx.text(text)?;
            tx.write(QueryRaised { subject: subject_key, form, group, repeat, item, question }).map(drop)
        })?;
        self.view_of(subject, cell)
    }

    /// Answers the open query on a cell that was raised first.
    ///
    /// # Errors
    /// `ReasonNeeded` without words; no query is open there.
    pub fn answer_query(&mut self, subject: &str, cell: &CellKey, text: &str) -> Result<CellView, SiteError> {
        self.may(Command::AnswerQuery)?;
        let study = self.study_of(subject)?;
        place::cell(&study, cell)?;
        let text = said(text)?;
        let book = self.known(subject)?;
        let open = book.queries_of(cell).filter(|(_, query)| query.status() == QueryStatus::Open);
        let oldest = open.min_by_key(|(id, query)| (query.raised().map(|raised| raised.origin.tick), *id));
        let (query, bases) = oldest.map(|(id, query)| (id, query.bases())).ok_or(SiteError::NoSuch(Noun::Query))?;
        let subject_key = Oid::from(subject);
        self.write(move |tx| {
            let answer = tx.text(text)?;
            tx.write(QueryAnswered { subject: subject_key, query, answer, bases }).map(drop)
        })?;
        self.view_of(subject, cell)
    }

    /// Writes one answer, unless it is what the cell holds already.
    fn answer(
        &mut self,
        subject: &str,
        spot: &FoundCell<'_>,
        answer: &Answer,
        reason: Option<&str>,
    ) -> Result<(), SiteError> {
        let study = self.study_of(subject)?;
        let free_text = study.is_free_text(spot.item);
        let bases = self.known(subject)?.cell_bases(&spot.key);
        if self.holds_already(subject, spot, answer)? {
            return self.keep_draft(subject, &spot.key, "");
        }
        let reason = reason.map(str::trim).filter(|reason| !reason.is_empty());
        // Asked before the transaction, too: after a refusal within one the vault reads everything anew.
        if reason.is_none() && self.needs_reason(subject, &spot.key)? {
            return Err(DeniedError::ReasonNeeded.into());
        }
        let key = spot.key.clone();
        let coming = match answer {
            Answer::Value(entered) => Some(entered.value.as_str()),
            Answer::Held(_) | Answer::Missing(_) | Answer::Nothing => None,
        };
        let also = self.recorded_with(subject, spot.group, &[Coming { key: &key, value: coming }])?;
        let subject = Oid::from(subject);
        self.write(move |tx| {
            let (value, unit, raw) = match answer {
                Answer::Value(entered) if free_text => (Some(Stored::Text(tx.text(&entered.value)?)), None, None),
                Answer::Value(entered) => (
                    Some(Stored::Plain(entered.value.as_str().into())),
                    entered.unit.clone(),
                    entered.raw.as_deref().map(Into::into),
                ),
                Answer::Held(text) => (Some(Stored::Text(*text)), None, None),
                Answer::Missing(_) | Answer::Nothing => (None, None, None),
            };
            let missing = if let Answer::Missing(missing) = answer { Some(*missing) } else { None };
            let words: Option<FreeTextId> = reason.map(|reason| tx.text(reason)).transpose()?;
            let item = ItemSet {
                group: key.group,
                repeat: key.group_repeat,
                item: key.item,
                value,
                missing,
                unit,
                raw,
                bases,
                reason: words,
            };
            let mut items = vec![item];
            for one in also {
                items.push(one.into_item(tx, reason)?);
            }
            tx.write(ItemsSet { subject, form: key.form, items }).map(drop)
        })
    }

    /// Whether the cell already says so.
    fn holds_already(&mut self, subject: &str, spot: &FoundCell<'_>, answer: &Answer) -> Result<bool, SiteError> {
        let Some(cell) = self.known(subject)?.cell(&spot.key).cloned() else {
            return Ok(matches!(answer, Answer::Nothing));
        };
        Ok(match (cell.state(), answer) {
            (CellState::Empty, Answer::Nothing) => true,
            (CellState::Missing(_, held), Answer::Missing(meant)) => held == *meant,
            (CellState::Answered(given), Answer::Value(entered)) => {
                self.stored(given)? == entered.value && given.unit == entered.unit
            }
            _ => false,
        })
    }

    fn is_conflict(&mut self, subject: &str, key: &CellKey) -> Result<bool, SiteError> {
        Ok(self.known(subject)?.cell(key).is_some_and(|cell| cell.state() == CellState::Conflict))
    }

    /// Where copies of a vault revealed one allocation twice, a person says which stands, and may say nothing else: the
    /// free text that the cell holds is repeated as it is, so that the gate can tell.
    fn held_as(
        &mut self,
        subject: &str,
        spot: &FoundCell<'_>,
        entered: Option<&Entered>,
    ) -> Result<Option<FreeTextId>, SiteError> {
        let study = self.study_of(subject)?;
        let Some(entered) = entered.filter(|_| spot.is_allocated(&study)) else { return Ok(None) };
        let texts: Vec<FreeTextId> = match self.known(subject)?.cell(&spot.key) {
            Some(cell) if cell.state() == CellState::Conflict => cell
                .heads()
                .filter_map(|(_, given)| match given.value {
                    Some(Stored::Text(text)) => Some(text),
                    _ => None,
                })
                .collect(),
            _ => Vec::new(),
        };
        for text in texts {
            if self.free_text(text)? == entered.value {
                return Ok(Some(text));
            }
        }
        Ok(None)
    }

    fn keep_draft(&mut self, subject: &str, key: &CellKey, typed: &str) -> Result<(), SiteError> {
        let stamp = self.stamp();
        Ok(self.signed_in.open.save_draft(subject, key, typed, &stamp)?)
    }
}

/// Words that a person must say.
pub(crate) fn said(words: &str) -> Result<&str, SiteError> {
    let words = words.trim();
    if words.is_empty() { Err(DeniedError::ReasonNeeded.into()) } else { Ok(words) }
}

/// The next row key that this device gives out: no other device gives out the same.
pub(crate) fn next_row(book: &Book, form: &FormKey, group: &Oid, suffix: &str) -> Repeat {
    let taken = |repeat: &Repeat| book.form(form).is_some_and(|form| form.row(group, repeat).is_some());
    let mut n = 1_u32;
    loop {
        let repeat = Repeat::from(format!("{suffix}.{n}"));
        if !taken(&repeat) {
            return repeat;
        }
        n += 1;
    }
}
