//! The sheet that a nurse takes along to a visit: what to collect with which window, the last values, what is open.
//!
//! Paper leaves the vault, so it names the participant by the subject key alone and carries no free text and no birth date.

use casebook::EventLine;
use study::{EventDef, EventKey, FormKey, Repeat, Study};

use crate::View;
use crate::calendar::{iso, window};
use crate::form::{self, Extras};
use crate::messages::{
    CellState, ChecklistForm, ChecklistItem, ChecklistView, Control, FormShape, FormState, FormStatus, ItemShape,
    OpenKind, OpenPoint, RowState, Severity, WindowState,
};

/// Choices that are printed beside a question, to be ringed by hand.
const MOST_CHOICES: usize = 6;

/// A visit as a list to tick off.
pub fn visit(view: &View<'_>, extras: &Extras, key: &EventKey, def: &EventDef) -> ChecklistView {
    let (study, overview) = (view.study, view.book.overview());
    let line = overview.events.iter().find(|line| line.key == *key);
    let forms = def.forms.iter().map(|at| key.form(at.form.clone(), Repeat::first()));
    let shown = forms.filter(|form| !view.book.is_form_hidden(study, form));
    let elsewhere = overview.work.iter().filter(|work| work.key.event_key() != *key);
    let asking = elsewhere.filter(|work| work.tally.hard + work.tally.soft + work.tally.queries > 0);
    let open = asking.filter_map(|work| checklist_form(view, extras, &work.key).map(|found| (work, found)));
    let open = open.flat_map(|(work, found)| {
        let place = format!("{} · {}", view.event_title(&work.key.event_key()), found.title);
        found.open.into_iter().map(move |point| OpenPoint { place: place.clone(), ..point })
    });
    ChecklistView {
        study: study.name.clone(),
        version: study.metadata_version_name.clone(),
        site: view.reader.site.clone(),
        subject: view.subject().to_owned(),
        visit: view.event_title(key),
        planned: iso(line.and_then(|line| line.planned.as_ref())),
        window: line.and_then(window),
        date: iso(line.and_then(|line| line.date.as_ref())),
        state: line.map_or(WindowState::Unplanned, |line: &EventLine| view.today().state(line)),
        printed: view.now.today(),
        forms: shown.filter_map(|form| checklist_form(view, extras, &form)).collect(),
        open: open.collect(),
    }
}

/// A form of the list; none where the study no longer has it.
fn checklist_form(view: &View<'_>, extras: &Extras, key: &FormKey) -> Option<ChecklistForm> {
    let shape = form::shape(view.study, key, view.language)?;
    let state = form::state(view, extras, key);
    let settled = matches!(state.status, FormStatus::Complete | FormStatus::NotDone);
    let items = if settled { Vec::new() } else { items(view.study, &shape, &state) };
    let open = cells(&shape, &state).flat_map(|(item, cell)| points(item, cell)).collect();
    Some(ChecklistForm { key: key.to_string(), title: shape.title, status: state.status, items, open })
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
    let point = |kind: OpenKind, message: &str| OpenPoint {
        kind,
        place: String::new(),
        question: item.question.clone(),
        message: message.to_owned(),
    };
    let findings = cell.findings.iter().filter(|finding| finding.confirmed.is_none()).map(move |finding| {
        let kind = if finding.severity == Severity::Hard { OpenKind::Hard } else { OpenKind::Soft };
        point(kind, &finding.message)
    });
    let queries = (cell.queries > 0).then(|| point(OpenKind::Query, ""));
    findings.chain(queries)
}
