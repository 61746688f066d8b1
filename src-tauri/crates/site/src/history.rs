//! What concerns one cell: its history, its queries, its course over the visits.

use std::collections::HashMap;

use casebook::book::{CellState, Given, Query, QueryStatus};
use casebook::{Act, EntryId, Instant, Line, Offset, Origin, Stored, Words};
use clinical::labs::Labs;
use screens::guard::Command;
use screens::labels;
use screens::messages::{CellView, Change, CoursePoint, QueryView};
use study::value::Value;
use study::{CellKey, ItemDef, Oid, Study};

use crate::desk::Seat;
use crate::{SiteError, lab, place, reading, safety};

impl Seat<'_> {
    /// What concerns one cell.
    ///
    /// # Errors
    /// The place does not exist.
    pub fn cell_view(&mut self, subject: &str, cell: &str, lang: &str) -> Result<CellView, SiteError> {
        self.may(Command::CellView)?;
        self.view_of(subject, cell, lang)
    }

    pub(crate) fn view_of(&mut self, subject: &str, cell: &str, lang: &str) -> Result<CellView, SiteError> {
        let study = self.study_of(subject)?;
        let spot = place::cell(&study, cell)?;
        let (key, item) = (&spot.key, spot.item);
        let history = self.history(subject, key, item, lang)?;
        let queries = self.queries(subject, key)?;
        let book = self.known(subject)?;
        let labs = Labs::new(&study, book);
        let course = if item.kind.is_numeric() { course(&study, book, &labs, key, item) } else { Vec::new() };
        let limits = match item.analyte() {
            Some(_) => band(&study, book, &labs, key),
            None => labels::limits(item),
        };
        Ok(CellView {
            key: key.to_string(),
            question: item.question(lang).to_owned(),
            event_title: labels::event_title(&study, &key.event_key(), lang),
            guideline: item.guideline.get(lang).to_owned(),
            history,
            queries,
            course_range: limits.0.zip(limits.1).filter(|_| !course.is_empty()),
            course,
            evidence: safety::evidence(&study, book, key, lang),
            around: safety::around(&study, book, &labs, lang).and_then(|around| around.cell(key)),
        })
    }

    /// Every change of a cell, newest first.
    fn history(&mut self, subject: &str, key: &CellKey, item: &ItemDef, lang: &str) -> Result<Vec<Change>, SiteError> {
        let study = self.study_of(subject)?;
        let lines = self.session.open.lines(subject)?;
        let mut given: Vec<(&Line, &casebook::act::ItemSet)> =
            lines.iter().filter_map(|line| Some((line, set_in(line, key)?))).collect();
        given.sort_by_key(|(line, _)| (line.entry().tick, line.id()));
        let mut said: HashMap<EntryId, String> = HashMap::new();
        let mut changes = Vec::new();
        for (line, set) in given {
            let entry = line.entry();
            let new = match (&set.value, set.missing) {
                (Some(Stored::Plain(value)), _) => {
                    let unit = set.unit.as_ref().filter(|unit| Some(*unit) != item.standard_unit());
                    format!(
                        "{} {}",
                        labels::value(&study, item, value.as_str(), lang),
                        labels::unit(&study, unit, lang)
                    )
                    .trim_end()
                    .to_owned()
                }
                (Some(Stored::Text(text)), _) => self.words(*text)?,
                (None, Some(missing)) => missing.code().to_owned(),
                (None, None) => String::new(),
            };
            let old =
                set.bases.iter().filter_map(|base| said.get(base)).map(String::as_str).collect::<Vec<_>>().join(" / ");
            said.insert(line.id(), new.clone());
            changes.push(Change {
                at: entry.at.local(entry.tz),
                by: self.name_in(&entry.log, &entry.by)?,
                device: entry.log.to_string(),
                old,
                new,
                missing: set.missing.is_some(),
                reason: self.perhaps(&entry.log, &entry.by, set.reason)?,
                seq: self.seq(entry.seq),
            });
        }
        changes.reverse();
        Ok(changes)
    }

    /// The queries about a cell, newest first; that of a conflict stands as long as the conflict does.
    fn queries(&mut self, subject: &str, key: &CellKey) -> Result<Vec<QueryView>, SiteError> {
        let book = self.known(subject)?;
        let conflict = book.cell(key).is_some_and(|cell| cell.state() == CellState::Conflict);
        let mut found: Vec<(EntryId, Query)> = book.queries_of(key).map(|(id, query)| (id, query.clone())).collect();
        found.sort_by_key(|(id, query)| (query.raised().map(|raised| raised.origin.tick), *id));
        let mut views = Vec::new();
        for (id, query) in found.iter().rev() {
            views.push(self.query(*id, query)?);
        }
        if conflict {
            let state = "open".to_owned();
            let (id, by) = ("conflict".to_owned(), casebook::SYSTEM.to_owned());
            views.insert(0, QueryView { id, state, by, at: String::new(), text: String::new(), answers: Vec::new() });
        }
        Ok(views)
    }

    fn query(&mut self, id: EntryId, query: &Query) -> Result<QueryView, SiteError> {
        let mut answers = Vec::new();
        for step in query.steps() {
            let new = self.perhaps(&step.origin.log, &step.origin.by, step.words)?;
            let reason = status(step.status).to_owned();
            answers.push(self.change(&step.origin, new, reason)?);
        }
        let (by, at, text) = match query.raised() {
            Some(raised) => (
                self.name_in(&raised.origin.log, &raised.origin.by)?,
                local(raised.origin.at, raised.origin.tz),
                self.words_by(&raised.origin.log, &raised.origin.by, raised.question)?,
            ),
            None => Default::default(),
        };
        Ok(QueryView { id: id.hex(), state: status(query.status()).to_owned(), by, at, text, answers })
    }

    fn change(&mut self, origin: &Origin, new: String, reason: String) -> Result<Change, SiteError> {
        Ok(Change {
            at: local(origin.at, origin.tz),
            by: self.name_in(&origin.log, &origin.by)?,
            device: origin.log.to_string(),
            old: String::new(),
            new,
            missing: false,
            reason,
            seq: self.seq(origin.seq),
        })
    }

    /// What somebody said, if anything.
    fn perhaps(&mut self, log: &Oid, by: &Oid, words: Option<Words>) -> Result<String, SiteError> {
        Ok(words.map(|words| self.words_by(log, by, words)).transpose()?.unwrap_or_default())
    }
}

fn local(at: Instant, tz: Offset) -> String {
    at.local(tz)
}

fn status(status: QueryStatus) -> &'static str {
    match status {
        QueryStatus::Open => "open",
        QueryStatus::Answered => "answered",
        QueryStatus::Closed => "closed",
    }
}

/// What a line says of a cell, if anything.
fn set_in<'a>(line: &'a Line, key: &CellKey) -> Option<&'a casebook::act::ItemSet> {
    let Act::ItemsSet(set) = &line.entry().act else { return None };
    if set.form != key.form {
        return None;
    }
    set.items.iter().find(|item| item.item == key.item && item.group == key.group && item.repeat == key.group_repeat)
}

/// The laboratory's limits for the course of a result: those recorded with it, or else with the last result that has some.
fn band(study: &Study, book: &casebook::Book, labs: &Labs<'_>, key: &CellKey) -> (Option<String>, Option<String>) {
    let of = |key: &CellKey| labs.result(key).filter(|result| result.low.is_some() || result.high.is_some());
    let last = || reading::course(study, book, key).into_iter().rev().find_map(|point| of(&point.key));
    let shown = |limit: rust_decimal::Decimal| reading::shortened(limit).to_string();
    let Some(result) = of(key).or_else(last) else { return (None, None) };
    // A band with one edge known reaches down to nothing.
    (result.low.map(shown).or_else(|| Some("0".to_owned())), result.high.map(shown))
}

/// A number over the visits, in the standard unit. What cannot be converted is left out rather than shown wrong.
fn course(study: &Study, book: &casebook::Book, labs: &Labs<'_>, key: &CellKey, item: &ItemDef) -> Vec<CoursePoint> {
    let in_standard = |stored: &str, unit: Option<&study::Oid>| match item.kind.read(stored).ok()? {
        Value::Number(number) => {
            let decimal = match unit.filter(|unit| Some(*unit) != item.standard_unit()) {
                None => number.decimal,
                Some(unit) => labels::convert(item, number.decimal, unit).map(reading::shortened)?,
            };
            Some((number.qualifier.map(|qualifier| qualifier.sign()).unwrap_or_default(), decimal))
        }
        _ => None,
    };
    let value = |key: &CellKey| match book.cell(key)?.state() {
        CellState::Answered(Given { value: Some(Stored::Plain(value)), unit, .. }) => {
            in_standard(value.as_str(), unit.as_ref())
        }
        CellState::Derived(derived) => in_standard(derived.value.as_str(), None),
        _ => None,
    };
    let points = reading::course(study, book, key).into_iter().filter_map(|point| {
        let (sign, value) = value(&point.key)?;
        Some(CoursePoint {
            event: labels::event_label(study, &point.key.event_key()),
            date: point.date.as_ref().map(ToString::to_string),
            value: value.to_string(),
            sign: sign.to_owned(),
            side: lab::side(labs, &point.key),
            here: point.key == *key,
        })
    });
    points.collect()
}
