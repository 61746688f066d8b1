//! What migrating a subject would change: its book folded under both versions and compared.

use std::collections::{BTreeMap, BTreeSet};

use casebook::book::{Block, FormStatus};
use casebook::{Book, EventLine, Stored};
use study::{CellKey, EventKey, FormKey, Oid, Study};

use super::place;
use crate::calendar::{iso, window};
use crate::form::{Extras, earlier_label};
use crate::messages::{PreviewKind, PreviewLine, PreviewView};
use crate::{View, labels};

/// What migrating a subject to the version `to` would change. `extras` hold the prior versions of all its forms.
pub fn preview(view: &View<'_>, extras: &Extras, to: &Study) -> PreviewView {
    let mut other = view.book.clone();
    other.recompute(to);
    let before = Side { study: view.study, book: view.book };
    let compared = Compared { view: *view, before, after: Side { study: to, book: &other }, extras };
    let (from, to) = (view.study.metadata_version.to_string(), to.metadata_version.to_string());
    PreviewView { subject: view.subject().to_owned(), from, to, lines: compared.lines() }
}

/// A book under a version.
#[derive(Clone, Copy)]
struct Side<'a> {
    study: &'a Study,
    book: &'a Book,
}

struct Compared<'a> {
    view: View<'a>,
    before: Side<'a>,
    after: Side<'a>,
    extras: &'a Extras,
}

/// What stands against completing a form.
struct Against {
    /// Mandatory cells without an answer.
    lacking: BTreeSet<CellKey>,
    /// What each rule says of a cell.
    findings: BTreeMap<(CellKey, Oid), String>,
}

impl Compared<'_> {
    fn lines(&self) -> Vec<PreviewLine> {
        let mut lines = Vec::new();
        let forms: BTreeSet<&FormKey> = self.view.book.forms().map(|(key, _)| key).collect();
        for form in forms {
            self.form(form, &mut lines);
            self.values(form, &mut lines);
        }
        self.windows(&mut lines);
        // Kind by kind, within a kind in the order of the casebook.
        lines.sort_by_key(|line| line.kind);
        lines
    }

    fn line(&self, kind: PreviewKind, form: &FormKey, title: String) -> PreviewLine {
        let named = if self.after.study.has_form(form) { self.after.study } else { self.before.study };
        PreviewLine {
            kind,
            place: place(named, form, self.view.language),
            title,
            was: String::new(),
            now: String::new(),
        }
    }

    /// What would newly be lacking, which findings come and go, and whether a complete form would still be one.
    fn form(&self, form: &FormKey, lines: &mut Vec<PreviewLine>) {
        let status = self.before.book.form(form).map(casebook::Form::status);
        if !matches!(status, Some(FormStatus::Started | FormStatus::Complete)) {
            return;
        }
        let (before, after) = (self.against(self.before, form), self.against(self.after, form));
        let lacking: Vec<&CellKey> = after.lacking.difference(&before.lacking).collect();
        let appears: Vec<_> = after.findings.iter().filter(|(found, _)| !before.findings.contains_key(found)).collect();
        if status == Some(FormStatus::Complete) && !(lacking.is_empty() && appears.is_empty()) {
            lines.push(self.line(PreviewKind::Falls, form, String::new()));
        }
        let question = |side: Side<'_>, item: &Oid| {
            side.study.items.get(item).map_or(item.as_str(), |item| item.question(self.view.language)).to_owned()
        };
        for cell in lacking {
            lines.push(self.line(PreviewKind::Lacking, form, question(self.after, &cell.item)));
        }
        for ((cell, _), now) in appears {
            let line = self.line(PreviewKind::Appears, form, question(self.after, &cell.item));
            lines.push(PreviewLine { now: now.clone(), ..line });
        }
        for ((cell, _), was) in before.findings.iter().filter(|(found, _)| !after.findings.contains_key(found)) {
            let line = self.line(PreviewKind::Goes, form, question(self.before, &cell.item));
            lines.push(PreviewLine { was: was.clone(), ..line });
        }
    }

    fn against(&self, side: Side<'_>, form: &FormKey) -> Against {
        let state = side.book.form_state(side.study, form);
        let lacking = state.blockers.iter().filter(|one| one.why == Block::Lacking).map(|one| one.cell.clone());
        let mut findings = BTreeMap::new();
        for view in state.rows.iter().flat_map(|row| &row.cells) {
            if view.cell.is_some_and(|cell| !cell.findings().is_empty()) {
                for found in side.study.rules().findings(&view.key, side.book) {
                    let words = found.words(side.study, self.view.language);
                    findings.insert((view.key.clone(), found.rule), words);
                }
            }
        }
        Against { lacking: lacking.collect(), findings }
    }

    /// Values whose codes are called otherwise, and values that are asked no longer or again.
    fn values(&self, form: &FormKey, lines: &mut Vec<PreviewLine>) {
        let (gone, back) = (self.retired(self.after, form), self.retired(self.before, form));
        for key in gone.difference(&back) {
            lines.push(self.value(PreviewKind::Retired, self.before.study, form, key));
        }
        for key in back.difference(&gone) {
            lines.push(self.value(PreviewKind::Revived, self.after.study, form, key));
        }
        let Some(held) = self.before.book.form(form) else { return };
        let after = View { study: self.after.study, ..self.view };
        let prior = &self.extras.prior;
        for (at, cell) in held.cells() {
            let key = form.cell(&at.group, &at.repeat, &at.item);
            if gone.contains(&key) {
                continue;
            }
            for (_, given) in cell.heads() {
                // What an earlier migration renamed is told once.
                let told = earlier_label(&self.view, prior, &key, given).map(|earlier| earlier.now);
                let earlier = earlier_label(&after, prior, &key, given);
                if let Some(earlier) = earlier.filter(|earlier| told.as_ref() != Some(&earlier.now)) {
                    let line = self.value(PreviewKind::Renamed, self.before.study, form, &key);
                    lines.push(PreviewLine { now: earlier.now, ..line });
                }
            }
        }
    }

    fn retired(&self, side: Side<'_>, form: &FormKey) -> BTreeSet<CellKey> {
        side.book.retired_cells(side.study, form).into_iter().collect()
    }

    fn value(&self, kind: PreviewKind, study: &Study, form: &FormKey, key: &CellKey) -> PreviewLine {
        let item = study.items.get(&key.item);
        let mut line =
            self.line(kind, form, item.map_or(key.item.as_str(), |item| item.question(self.view.language)).to_owned());
        let given = self.before.book.cell(key).and_then(|cell| cell.heads().next().map(|(_, given)| given));
        line.was = match given.and_then(|given| given.value.as_ref()) {
            Some(Stored::Plain(value)) => item.map_or_else(
                || value.as_str().to_owned(),
                |item| labels::value(study, item, value.as_str(), self.view.language),
            ),
            Some(Stored::Text(_)) => "…".to_owned(),
            None => String::new(),
        };
        line
    }

    /// Planned visits that are still ahead and whose days move.
    fn windows(&self, lines: &mut Vec<PreviewLine>) {
        let plans = |side: Side<'_>| -> BTreeMap<EventKey, EventLine> {
            side.book.overview().events.iter().map(|line| (line.key.clone(), line.clone())).collect()
        };
        let (before, after) = (plans(self.before), plans(self.after));
        let days = |line: Option<&EventLine>| {
            let Some(line) = line else { return String::new() };
            let planned = iso(line.planned.as_ref()).unwrap_or_default();
            match window(line) {
                Some((first, last)) if first != last => format!("{planned} ({first} – {last})"),
                _ => planned,
            }
        };
        let keys: BTreeSet<&EventKey> = before.keys().chain(after.keys()).collect();
        for key in keys {
            let (was, now) = (days(before.get(key)), days(after.get(key)));
            let begun = before.get(key).is_some_and(EventLine::is_begun);
            if was == now || begun {
                continue;
            }
            let named = if after.contains_key(key) { self.after.study } else { self.before.study };
            let place = labels::event_title(named, key, self.view.language);
            lines.push(PreviewLine { kind: PreviewKind::Window, place, title: String::new(), was, now });
        }
    }
}
