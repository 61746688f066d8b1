//! The sheet that a nurse takes along to a visit: what to collect with which window, the last values, what is open.
//!
//! Paper leaves the vault, so it names the participant by the subject key alone and carries no free text and no birth date.

use casebook::EventLine;
use screens::calendar::{iso, window};
use screens::guard::Command;
use screens::messages::{
    CellState, ChecklistForm, ChecklistItem, ChecklistView, Control, FormShape, FormState, FormStatus, ItemShape,
    OpenPoint, RowState, WindowState,
};
use screens::{labels, shape};
use study::{FormKey, Repeat, Study};

use crate::desk::Seat;
use crate::{SiteError, place};

/// Choices that are printed beside a question, to be ringed by hand.
const MOST_CHOICES: usize = 6;

impl Seat<'_> {
    /// A visit as a list to tick off.
    ///
    /// # Errors
    /// There is no such subject or visit.
    pub fn visit_checklist(&mut self, subject: &str, event: &str, lang: &str) -> Result<ChecklistView, SiteError> {
        self.may(Command::VisitChecklist)?;
        let (study, today) = (self.study_of(subject)?, self.today());
        let (key, def) = place::event(&study, event)?;
        let overview = self.known(subject)?.overview().clone();
        let line = overview.events.iter().find(|line| line.key == key);
        let mut forms = Vec::new();
        for at in &def.forms {
            let form = key.form(at.form.clone(), Repeat::first());
            if !self.known(subject)?.is_form_hidden(&study, &form) {
                forms.push(self.checklist_form(&study, subject, &form, lang)?);
            }
        }
        let mut open = Vec::new();
        let elsewhere = overview.work.iter().filter(|work| work.key.event_key() != key);
        for work in elsewhere.filter(|work| work.tally.hard + work.tally.soft + work.tally.queries > 0) {
            let found = self.checklist_form(&study, subject, &work.key, lang)?;
            let visit = labels::event_title(&study, &work.key.event_key(), lang);
            let place = format!("{visit} · {}", found.title);
            open.extend(found.open.into_iter().map(|point| OpenPoint { place: place.clone(), ..point }));
        }
        Ok(ChecklistView {
            study: study.name.clone(),
            version: study.mdv_name.clone(),
            site: self.site(),
            subject: subject.to_owned(),
            visit: labels::event_title(&study, &key, lang),
            planned: iso(line.and_then(|line| line.planned.as_ref())),
            window: line.and_then(window),
            date: iso(line.and_then(|line| line.date.as_ref())),
            state: line.map_or(WindowState::Unplanned, |line: &EventLine| today.state(line)),
            printed: self.now.today(),
            forms,
            open,
        })
    }

    fn checklist_form(
        &mut self,
        study: &Study,
        subject: &str,
        key: &FormKey,
        lang: &str,
    ) -> Result<ChecklistForm, SiteError> {
        let shape = shape::form(study, key, lang).ok_or(SiteError::NoSuch("form"))?;
        let state = self.state_of(subject, key, lang)?;
        let settled = matches!(state.status, FormStatus::Complete | FormStatus::NotDone);
        let items = if settled { Vec::new() } else { items(study, &shape, &state) };
        let open = cells(&shape, &state).flat_map(|(item, cell)| points(item, cell)).collect();
        Ok(ChecklistForm { key: key.to_string(), title: shape.title, status: state.status, items, open })
    }

    /// Whether the window may be printed, which is all that is asked of this room.
    ///
    /// # Errors
    /// The role may not.
    pub fn may_print(&self) -> Result<(), SiteError> {
        self.may(Command::PrintPage)
    }
}

/// Every cell with its question.
fn cells<'a>(shape: &'a FormShape, state: &'a FormState) -> impl Iterator<Item = (&'a ItemShape, &'a CellState)> {
    let group = |row: &RowState| shape.groups.iter().find(|group| group.oid == row.group);
    state
        .rows
        .iter()
        .filter_map(move |row| Some((group(row)?, row)))
        .flat_map(|(group, row)| group.items.iter().zip(&row.cells))
}

/// What is asked: each question that skip logic shows; those of rows that are added stand once.
fn items(study: &Study, shape: &FormShape, state: &FormState) -> Vec<ChecklistItem> {
    let mut found = Vec::new();
    for group in &shape.groups {
        if group.repeating {
            let asked = group.items.iter().filter(|item| is_asked(item));
            found.extend(
                asked.map(|item| ChecklistItem { repeating: true, ..printed(study, item, &CellState::default()) }),
            );
            continue;
        }
        let rows = state.rows.iter().filter(|row| row.group == group.oid);
        let cells = rows.flat_map(|row| group.items.iter().zip(&row.cells));
        found.extend(
            cells.filter(|(item, cell)| cell.visible && is_asked(item)).map(|(item, cell)| printed(study, item, cell)),
        );
    }
    found
}

fn is_asked(item: &ItemShape) -> bool {
    !matches!(item.control, Control::Derived)
}

fn printed(study: &Study, item: &ItemShape, cell: &CellState) -> ChecklistItem {
    let few = item.choices.len() <= MOST_CHOICES;
    let choices = if few { item.choices.iter().map(|choice| choice.label.clone()).collect() } else { Vec::new() };
    ChecklistItem {
        question: item.question.clone(),
        unit: item.unit.clone(),
        range: item.range.clone(),
        choices,
        mandatory: item.mandatory,
        repeating: false,
        answered: !cell.display.is_empty() || !cell.missing.is_empty(),
        last: if is_printable(study, &item.oid) { cell.last.clone() } else { String::new() },
    }
}

/// Whether an item's value may stand on paper: neither free text nor what tells who somebody is.
fn is_printable(study: &Study, item: &str) -> bool {
    let free_text = study.items.get(item).is_none_or(|item| study.is_free_text(item));
    !free_text && !study.meanings.all("subject.birth").iter().any(|birth| **birth == *item)
}

fn points<'a>(item: &'a ItemShape, cell: &'a CellState) -> impl Iterator<Item = OpenPoint> + 'a {
    let point = |kind: &str, message: &str| OpenPoint {
        kind: kind.to_owned(),
        place: String::new(),
        question: item.question.clone(),
        message: message.to_owned(),
    };
    let findings = cell.findings.iter().filter(|finding| finding.confirmed.is_none()).map(move |finding| {
        let kind = if finding.severity == screens::messages::Severity::Hard { "hard" } else { "soft" };
        point(kind, &finding.message)
    });
    let queries = (cell.queries > 0).then(|| point("query", ""));
    findings.chain(queries)
}
