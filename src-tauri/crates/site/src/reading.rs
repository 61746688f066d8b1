//! A form as it stands, for the form screen.

use std::collections::HashMap;
use std::str::FromStr;

use casebook::book::{Block, Cell, CellState as Held, Given};
use casebook::{Book, Stored, Words};
use clinical::labs::Labs;
use rust_decimal::Decimal;
use screens::guard::Command;
use screens::messages::{Blocker, CellState, FindingView, FormShape, FormState, RowState, Severity};
use screens::{guard, labels, shape};
use study::value::{PartialDate, Value};
use study::{CellKey, EventKey, FormKey, ItemDef, Oid, Severity as Grave, Study};
use vault::Draft;

use crate::desk::Seat;
use crate::safety::Around;
use crate::study::{Elders, retired};
use crate::{SiteError, lab, matrix, place, safety, typed};

/// Significant digits of a converted value beside a field: enough to compare, few enough to read.
const CONVERTED_DIGITS: u32 = 3;

impl Seat<'_> {
    /// The questions of a form: what does not change while entering.
    ///
    /// # Errors
    /// There is no such form.
    pub fn form_shape(&mut self, subject: &str, form: &str, lang: &str) -> Result<FormShape, SiteError> {
        self.may(Command::FormShape)?;
        self.known(subject)?;
        let present = self.study_of(subject)?;
        let key = FormKey::from_str(form).map_err(|_| SiteError::NoSuch("form"))?;
        let study = self.study_with(subject, &key)?;
        let (key, _) = place::form(&study, form)?;
        let mut shape = shape::form(&study, &key, lang).ok_or(SiteError::NoSuch("form"))?;
        if study.mdv != present.mdv {
            // A form that this version retired is read as a list of what stands in it.
            shape.groups.clear();
        }
        let labs = self.session.open.roster()?.laboratories();
        lab::offer(&study, &mut shape, &labs);
        Ok(shape)
    }

    /// The answers of a form and all that follows from them.
    ///
    /// # Errors
    /// There is no such form.
    pub fn form_state(&mut self, subject: &str, form: &str, lang: &str) -> Result<FormState, SiteError> {
        self.may(Command::FormState)?;
        let key = FormKey::from_str(form).map_err(|_| SiteError::NoSuch("form"))?;
        let study = self.study_with(subject, &key)?;
        let (key, _) = place::form(&study, form)?;
        self.state_of(subject, &key, lang)
    }

    pub(crate) fn state_of(&mut self, subject: &str, key: &FormKey, lang: &str) -> Result<FormState, SiteError> {
        let study = self.study_of(subject)?;
        let drafts = self.session.open.drafts(subject, key)?;
        let drafts = drafts.into_iter().map(|draft| (draft.cell.clone(), draft)).collect();
        let texts = self.texts_of(subject, key)?;
        let elders = self.elders(subject, key)?;
        let unsent = self.unsent(None)?;
        let editable = guard::check(Command::SaveItem, Some(self.session.role)).is_ok();
        let (acknowledged, device, now) = (self.acknowledged(), self.device(), self.now);
        let book = self.known(subject)?;
        let visits = visits_of(&study, book, key);
        let here = visits.iter().position(|visit| visit.form == *key).unwrap_or(visits.len());
        let earlier = visits[..here].iter().rev().map(|visit| visit.form.clone()).collect();
        let labs = &Labs::new(&study, book);
        let around = if lab::is_panel_form(&study, key) { safety::around(&study, book, labs, lang) } else { None };
        let (study, elders, device) = (&*study, &elders, &device);
        let page = Page { study, elders, book, lang, drafts, texts, earlier, acknowledged, device, labs, around };
        // Of a form that this version retired nothing is asked; what stands in it is read below.
        let asked = study.has_form(key);
        let mut state = book.form_state(study, key);
        if !asked {
            (state.rows, state.blockers) = (Vec::new(), Vec::new());
        }
        let rows: Vec<RowState> = state.rows.iter().map(|row| page.row(key, row)).collect();
        Ok(FormState {
            key: key.to_string(),
            status: matrix::status(state.status),
            answered: state.tally.answered,
            total: state.tally.total,
            editable: editable && asked,
            reason_needed: book.needs_reason(device, &key.cell("", "1", "")),
            event_date: book.event(&key.event_key()).and_then(|event| event.date()).map(str::to_owned),
            rows,
            blockers: page.blockers(&state),
            unsent,
            clocks: safety::clocks(study, book, key, now, lang),
            retired: retired((study, elders), book, key, (lang, &|given| page.stored(given))),
        })
    }

    /// The free texts that the cells of a form commit to.
    fn texts_of(&mut self, subject: &str, key: &FormKey) -> Result<HashMap<Words, String>, SiteError> {
        let (mut values, mut comments) = (Vec::new(), Vec::new());
        if let Some(form) = self.known(subject)?.form(key) {
            for (_, cell) in form.cells() {
                values.extend(cell.heads().filter_map(|(_, given)| match &given.value {
                    Some(Stored::Text(words)) => Some(*words),
                    _ => None,
                }));
                let confirmed = cell.findings().iter().filter_map(|finding| cell.confirmation(finding));
                comments.extend(confirmed.map(|word| (word.origin.clone(), word.comment)));
            }
        }
        let mut texts = HashMap::new();
        for words in values {
            texts.insert(words, self.words(words)?);
        }
        for (origin, words) in comments {
            texts.insert(words, self.words_by(&origin.log, &origin.by, words)?);
        }
        Ok(texts)
    }

    /// A free text; empty when it was redacted or has not come yet.
    pub(crate) fn words(&self, words: Words) -> Result<String, SiteError> {
        let row = self.session.open.text(&words.text)?;
        Ok(row.map(|row| row.text.as_str().to_owned()).unwrap_or_default())
    }

    /// A value as stored, free text looked up.
    pub(crate) fn stored(&self, given: &Given) -> Result<String, SiteError> {
        match &given.value {
            Some(Stored::Plain(value)) => Ok(value.as_str().to_owned()),
            Some(Stored::Text(words)) => self.words(*words),
            None => Ok(String::new()),
        }
    }
}

/// What a form's state is drawn from.
struct Page<'a> {
    study: &'a Study,
    elders: &'a Elders,
    book: &'a Book,
    lang: &'a str,
    drafts: HashMap<CellKey, Draft>,
    texts: HashMap<Words, String>,
    /// The same form at earlier visits, the latest first.
    earlier: Vec<FormKey>,
    acknowledged: u64,
    device: &'a Oid,
    labs: &'a Labs<'a>,
    /// What is known of adverse events, in a form with laboratory results.
    around: Option<Around<'a>>,
}

impl Page<'_> {
    fn row(&self, form: &FormKey, row: &casebook::book::RowState<'_>) -> RowState {
        let probe = form.cell(row.group.clone(), row.repeat.clone(), "");
        RowState {
            group: row.group.to_string(),
            repeat: row.repeat.to_string(),
            reason_needed: self.book.needs_reason(self.device, &probe),
            cells: row.cells.iter().map(|cell| self.cell(cell)).collect(),
        }
    }

    fn cell(&self, view: &casebook::book::CellView<'_>) -> CellState {
        let mut out = CellState { key: view.key.to_string(), visible: !view.hidden, ..CellState::default() };
        let Some(item) = self.study.items.get(&view.key.item) else { return out };
        match view.state() {
            Held::Empty => {}
            Held::Answered(given) => {
                self.answered(item, given, &mut out);
                out.earlier = self.elders.earlier(self.study, &view.key, given, self.lang);
            }
            Held::Missing(_, missing) => missing.code().clone_into(&mut out.missing),
            Held::Conflict => out.conflict = self.sides(item, view.cell),
            Held::Derived(derived) => {
                out.display = labels::value(self.study, item, derived.value.as_str(), self.lang);
                out.unit = labels::unit(self.study, item.standard_unit(), self.lang);
            }
        }
        if view.computed {
            let derived = self.study.rules().derive(&view.key, self.book);
            out.trace = derived.map(|derived| derived.trace(self.study, self.lang)).unwrap_or_default();
        } else {
            out.last = self.last(item, &view.key);
        }
        out.lab = lab::beside(self.study, self.labs, &view.key, item, self.around.as_ref(), self.lang);
        if let Some(cell) = view.cell {
            out.findings = cell.findings().iter().map(|finding| self.finding(&view.key, cell, finding)).collect();
            out.at_center = cell.heads().next().is_some()
                && cell
                    .heads()
                    .all(|(_, given)| given.origin.log != *self.device || given.origin.seq <= self.acknowledged);
        }
        if let Some(draft) = self.drafts.get(&view.key) {
            let fault = typed::read(self.study, item, draft.words.as_str()).err();
            out.draft_fault = fault.map(|fault| fault.code().to_owned()).unwrap_or_default();
            out.draft = Some(draft.words.as_str().to_owned());
        }
        let open =
            self.book.queries_of(&view.key).filter(|(_, query)| query.status() != casebook::book::QueryStatus::Closed);
        out.queries = u32::try_from(open.count()).unwrap_or(u32::MAX) + u32::from(!out.conflict.is_empty());
        out
    }

    fn answered(&self, item: &ItemDef, given: &Given, out: &mut CellState) {
        let stored = self.stored(given);
        let other_unit = given.unit.as_ref().filter(|unit| Some(*unit) != item.standard_unit());
        out.display = labels::value(self.study, item, &stored, self.lang);
        out.unit = labels::unit(self.study, given.unit.as_ref().or(item.standard_unit()), self.lang);
        out.typed = if other_unit.is_some() { format!("{stored} {}", out.unit) } else { stored.clone() };
        out.converted = other_unit.and_then(|unit| self.converted(item, &stored, unit)).unwrap_or_default();
    }

    fn stored(&self, given: &Given) -> String {
        match &given.value {
            Some(Stored::Plain(value)) => value.as_str().to_owned(),
            Some(Stored::Text(words)) => self.texts.get(words).cloned().unwrap_or_default(),
            None => String::new(),
        }
    }

    /// The answers of several devices, each once.
    fn sides(&self, item: &ItemDef, cell: Option<&Cell>) -> Vec<String> {
        let mut sides = Vec::new();
        for (_, given) in cell.into_iter().flat_map(Cell::heads) {
            let said = match given.missing {
                Some(missing) => missing.code().to_owned(),
                None => labels::value(self.study, item, &self.stored(given), self.lang),
            };
            if !sides.contains(&said) {
                sides.push(said);
            }
        }
        sides
    }

    /// A value in the standard unit, in words.
    fn converted(&self, item: &ItemDef, stored: &str, unit: &Oid) -> Option<String> {
        let number = match item.kind.read(stored).ok()? {
            Value::Number(number) => number,
            _ => return None,
        };
        let value = labels::convert(item, number.decimal, unit)?;
        let sign = number.qualifier.map(|qualifier| qualifier.sign()).unwrap_or_default();
        let symbol = labels::unit(self.study, item.standard_unit(), self.lang);
        Some(format!("{sign}{} {symbol}", shortened(value)).trim_end().to_owned())
    }

    /// The value of the same question at the latest earlier visit, in words.
    fn last(&self, item: &ItemDef, key: &CellKey) -> String {
        let held = |form: &FormKey| self.book.form(form)?.cell(&key.group, &key.group_repeat, &key.item);
        let earlier = self.earlier.iter().find_map(|form| match held(form)?.state() {
            Held::Answered(given) => Some((self.stored(given), given.unit.clone())),
            Held::Derived(derived) => Some((derived.value.as_str().to_owned(), None)),
            _ => None,
        });
        let Some((stored, unit)) = earlier else { return String::new() };
        let value = labels::value(self.study, item, &stored, self.lang);
        let other_unit = unit.filter(|unit| Some(unit) != item.standard_unit());
        format!("{value} {}", labels::unit(self.study, other_unit.as_ref(), self.lang)).trim_end().to_owned()
    }

    fn finding(&self, key: &CellKey, cell: &Cell, finding: &casebook::book::Finding) -> FindingView {
        let confirmed =
            cell.confirmation(finding).map(|word| self.texts.get(&word.comment).cloned().unwrap_or_default());
        FindingView {
            rule: finding.rule.to_string(),
            severity: match finding.severity {
                Grave::Hard => Severity::Hard,
                Grave::Soft => Severity::Soft,
            },
            message: self.message(key, &finding.rule),
            confirmed,
        }
    }

    /// What a rule says of a cell, in the study's words.
    fn message(&self, key: &CellKey, rule: &Oid) -> String {
        let found = self.study.rules().findings(key, self.book).into_iter().find(|found| found.rule == *rule);
        found.map(|found| found.words(self.study, self.lang)).unwrap_or_default()
    }

    /// What stands against completion: what the rules say, and what was typed and not accepted.
    fn blockers(&self, state: &casebook::book::FormState<'_>) -> Vec<Blocker> {
        let question =
            |key: &CellKey| self.study.items.get(&key.item).map_or("", |item| item.question(self.lang)).to_owned();
        let mut blockers: Vec<Blocker> = state
            .blockers
            .iter()
            .filter(|blocker| !self.drafts.contains_key(&blocker.cell) || blocker.why != Block::Lacking)
            .map(|blocker| {
                let (kind, rule) = match &blocker.why {
                    Block::Lacking => ("mandatory", None),
                    Block::Hard(rule) => ("hard", Some(rule)),
                    Block::Soft(rule) => ("soft", Some(rule)),
                    Block::Conflict => ("conflict", None),
                };
                let message = rule.map(|rule| self.message(&blocker.cell, rule));
                Blocker {
                    key: blocker.cell.to_string(),
                    question: question(&blocker.cell),
                    kind: kind.to_owned(),
                    rule: rule.map(|rule| rule.to_string()).unwrap_or_default(),
                    message: message.unwrap_or_default(),
                }
            })
            .collect();
        let cells = state.rows.iter().flat_map(|row| &row.cells).filter(|cell| self.drafts.contains_key(&cell.key));
        blockers.extend(cells.map(|cell| Blocker {
            key: cell.key.to_string(),
            question: question(&cell.key),
            kind: "draft".to_owned(),
            rule: String::new(),
            message: String::new(),
        }));
        let order: HashMap<String, usize> = state
            .rows
            .iter()
            .flat_map(|row| &row.cells)
            .enumerate()
            .map(|(n, cell)| (cell.key.to_string(), n))
            .collect();
        blockers.sort_by_key(|blocker| order.get(&blocker.key).copied());
        blockers
    }
}

/// The same question at another visit.
pub(crate) struct Point {
    /// The cell there.
    pub key: CellKey,
    /// The visit's date.
    pub date: Option<PartialDate>,
}

/// The same question at every visit at which its form was begun, in the order of the visits.
pub(crate) fn course(study: &Study, book: &Book, key: &CellKey) -> Vec<Point> {
    let at = |visit: Visit| Point {
        key: visit.form.cell(key.group.clone(), key.group_repeat.clone(), key.item.clone()),
        date: visit.date,
    };
    visits_of(study, book, &key.form).into_iter().map(at).collect()
}

/// A form at one of its visits.
struct Visit {
    form: FormKey,
    date: Option<PartialDate>,
}

/// The visits at which a form was begun, and its own, in the order of the visits.
fn visits_of(study: &Study, book: &Book, form: &FormKey) -> Vec<Visit> {
    let order = |event: &EventKey| (study.events.position(&event.event), event.repeat.clone());
    let date = |form: &FormKey| book.event(&form.event_key())?.date()?.parse().ok();
    let mut visits: Vec<Visit> = book
        .forms()
        .filter(|(known, _)| known.form == form.form && known.form_repeat == form.form_repeat)
        .map(|(known, _)| Visit { form: known.clone(), date: date(known) })
        .collect();
    if !visits.iter().any(|visit| visit.form == *form) {
        visits.push(Visit { form: form.clone(), date: date(form) });
    }
    // Visits without a date stand where the protocol puts them; those with one are moved among each other.
    visits.sort_by_cached_key(|visit| order(&visit.form.event_key()));
    let mut dated: Vec<usize> = (0..visits.len()).filter(|at| visits[*at].date.is_some()).collect();
    let slots = dated.clone();
    dated.sort_by_key(|at| visits[*at].date.as_ref().map(PartialDate::earliest));
    if dated != slots {
        let mut taken: Vec<Option<Visit>> = visits.into_iter().map(Some).collect();
        let moved: Vec<Option<Visit>> = dated.iter().map(|at| taken[*at].take()).collect();
        for (slot, visit) in slots.into_iter().zip(moved) {
            taken[slot] = visit;
        }
        return taken.into_iter().flatten().collect();
    }
    visits
}

/// A decimal with few significant digits.
pub(crate) fn shortened(value: Decimal) -> Decimal {
    value.round_sf(CONVERTED_DIGITS).unwrap_or(value).normalize()
}
