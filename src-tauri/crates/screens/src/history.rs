//! What concerns one cell: its history, its queries, its course over the visits.

use casebook::book::{CellState, Given, Query, QueryStatus};
use casebook::{EntryId, FreeTextId, Line, Origin, Stored};
use clinical::labs::Labs;
use study::value::Value;
use study::{CellKey, ItemDef, Oid};

use crate::messages::{CellView, Change, CoursePoint, QueryState, QueryView};
use crate::safety::{self, Context};
use crate::{View, form, lab, labels};

/// What concerns the cell of an item. `lines` are the entries about the subject, those of one log in their order.
pub fn cell(view: &View<'_>, key: &CellKey, item: &ItemDef, lines: &[Line]) -> CellView {
    let labs = Labs::new(view.study, view.book);
    let course = if item.kind.is_numeric() { course(view, &labs, key, item) } else { Vec::new() };
    let limits = match item.analyte() {
        Some(_) => result_limits(view, &labs, key),
        None => labels::limits(item),
    };
    CellView {
        key: key.to_string(),
        question: item.question(view.language).to_owned(),
        event_title: view.event_title(&key.event_key()),
        guideline: item.guideline.get(view.language).to_owned(),
        history: changes(view, key, item, lines),
        queries: queries(view, key),
        course_range: limits.0.zip(limits.1).filter(|_| !course.is_empty()),
        course,
        evidence: safety::evidence(view, key),
        around: Context::read(*view, &labs).and_then(|adverse| adverse.cell(key)),
    }
}

/// Every change of a cell, newest first.
fn changes(view: &View<'_>, key: &CellKey, item: &ItemDef, lines: &[Line]) -> Vec<Change> {
    let changes = casebook::history(lines.iter().map(|line| (line.id(), line.entry())), key);
    let change = |change: casebook::Change| {
        let (origin, became) = (&change.became.origin, &change.became);
        Change {
            old: change.was.iter().map(|given| said(view, item, given)).collect::<Vec<_>>().join(" / "),
            missing: became.missing.is_some(),
            ..stated(view, origin, said(view, item, became), remark(view, origin, became.reason))
        }
    };
    changes.into_iter().map(change).collect()
}

/// An answer as a person reads it; the unit where it is not the standard one.
fn said(view: &View<'_>, item: &ItemDef, given: &Given) -> String {
    match (&given.value, given.missing) {
        (Some(Stored::Plain(value)), _) => {
            let unit = given.unit.as_ref().filter(|unit| Some(*unit) != item.standard_unit());
            format!("{} {}", view.value(item, value.as_str()), view.unit(unit)).trim_end().to_owned()
        }
        (Some(Stored::Text(id)), _) => view.free_text(*id),
        (None, Some(missing)) => missing.code().to_owned(),
        (None, None) => String::new(),
    }
}

/// The queries about a cell, newest first; that of a conflict stands as long as the conflict does.
fn queries(view: &View<'_>, key: &CellKey) -> Vec<QueryView> {
    let conflict = view.book.cell(key).is_some_and(|cell| cell.state() == CellState::Conflict);
    let mut found: Vec<(EntryId, &Query)> = view.book.queries_of(key).collect();
    found.sort_by_key(|(id, query)| std::cmp::Reverse((query.raised().map(|raised| raised.origin.tick), *id)));
    let of_conflict = || QueryView {
        id: "conflict".to_owned(),
        state: QueryState::Open,
        by: casebook::SYSTEM.to_owned(),
        at: String::new(),
        text: String::new(),
        answers: Vec::new(),
    };
    let mut views: Vec<QueryView> = conflict.then(of_conflict).into_iter().collect();
    views.extend(found.into_iter().map(|(id, known)| query(view, id, known)));
    views
}

fn query(view: &View<'_>, id: EntryId, query: &Query) -> QueryView {
    let step = |step: &casebook::book::QueryStep| {
        let new = remark(view, &step.origin, step.words);
        stated(view, &step.origin, new, String::new())
    };
    let answers = query.steps().into_iter().map(step).collect();
    let (by, at, text) = match query.raised() {
        Some(raised) => {
            let origin = &raised.origin;
            (view.name(origin), origin.at.local(origin.tz), view.remark(origin, raised.question))
        }
        None => Default::default(),
    };
    QueryView { id: id.hex(), state: state(query.status()), by, at, text, answers }
}

/// A statement with its author and time.
fn stated(view: &View<'_>, origin: &Origin, new: String, reason: String) -> Change {
    Change {
        at: origin.at.local(origin.tz),
        by: view.name(origin),
        device: origin.log.to_string(),
        old: String::new(),
        new,
        missing: false,
        reason,
        seq: view.seq(origin),
    }
}

/// What somebody said, if anything.
fn remark(view: &View<'_>, origin: &Origin, words: Option<FreeTextId>) -> String {
    words.map(|words| view.remark(origin, words)).unwrap_or_default()
}

fn state(status: QueryStatus) -> QueryState {
    match status {
        QueryStatus::Open => QueryState::Open,
        QueryStatus::Answered => QueryState::Answered,
        QueryStatus::Closed => QueryState::Closed,
    }
}

/// The laboratory's limits for the course of a result: those recorded with it, or else with the last result that has some.
fn result_limits(view: &View<'_>, labs: &Labs<'_>, key: &CellKey) -> (Option<String>, Option<String>) {
    let of = |key: &CellKey| labs.result(key).filter(|result| result.low.is_some() || result.high.is_some());
    let last = || form::course(view.study, view.book, key).into_iter().rev().find_map(|point| of(&point.key));
    let shown = |limit: rust_decimal::Decimal| labels::shortened(limit).to_string();
    let Some(result) = of(key).or_else(last) else { return (None, None) };
    // A band with one edge known reaches down to nothing.
    (result.low.map(shown).or_else(|| Some("0".to_owned())), result.high.map(shown))
}

/// A number over the visits, in the standard unit. What cannot be converted is left out rather than shown wrong.
fn course(view: &View<'_>, labs: &Labs<'_>, key: &CellKey, item: &ItemDef) -> Vec<CoursePoint> {
    let in_standard = |stored: &str, unit: Option<&Oid>| match item.kind.read(stored).ok()? {
        Value::Number(number) => {
            let decimal = match unit.filter(|unit| Some(*unit) != item.standard_unit()) {
                None => number.decimal,
                Some(unit) => item.to_standard(number.decimal, Some(unit)).map(labels::shortened)?,
            };
            Some((number.qualifier.map(|qualifier| qualifier.sign()).unwrap_or_default(), decimal))
        }
        _ => None,
    };
    let value = |key: &CellKey| match view.book.cell(key)?.state() {
        CellState::Answered(Given { value: Some(Stored::Plain(value)), unit, .. }) => {
            in_standard(value.as_str(), unit.as_ref())
        }
        CellState::Derived(derived) => in_standard(derived.value.as_str(), None),
        _ => None,
    };
    let points = form::course(view.study, view.book, key).into_iter().filter_map(|point| {
        let (sign, value) = value(&point.key)?;
        Some(CoursePoint {
            event: labels::event_label(view.study, &point.key.event_key()),
            date: point.date.as_ref().map(ToString::to_string),
            value: value.to_string(),
            sign: sign.to_owned(),
            side: lab::side(labs, &point.key),
            here: point.key == *key,
        })
    });
    points.collect()
}
