//! What a casebook gives to the tables: every answer that is in force as text, of a conflict each.

use casebook::book::CellPlace;
use casebook::{Book, Cell, CellState, Form, FormStatus, Given, Stored, TextCommit};
use study::{FormKey, ItemDef, Oid, Repeat, Study};

use super::layout::Layout;

/// Finds the free text that a commitment stands for; none where it was redacted or has not arrived.
pub type Texts<'a> = dyn Fn(&TextCommit) -> Option<String> + 'a;

/// Subject, event, its repeat and date, the form's repeat and status, the subject's metadata version.
pub(crate) type Head = [String; 7];

pub(crate) fn head(book: &Book, key: &FormKey, form: &Form) -> Head {
    let status = match form.status() {
        FormStatus::Empty => "empty",
        FormStatus::Started => "started",
        FormStatus::NotDone => "not_done",
        FormStatus::Complete => "complete",
    };
    [
        book.subject().map(ToString::to_string).unwrap_or_default(),
        key.event.to_string(),
        key.event_repeat.to_string(),
        book.event(&key.event_key()).and_then(|event| event.date()).unwrap_or("").to_owned(),
        key.form_repeat.to_string(),
        status.to_owned(),
        book.computed_under().map(ToString::to_string).unwrap_or_default(),
    ]
}

/// One answer as text.
#[derive(Default)]
struct Told {
    state: &'static str,
    value: String,
    unit: String,
    missing: &'static str,
    typed: String,
    by: String,
    at: String,
    log: String,
    version: String,
}

/// Where an export reads from.
pub(crate) struct Source<'a> {
    /// The version that the casebook is under.
    pub(crate) study: &'a Study,
    pub(crate) versions: &'a [&'a Study],
    pub(crate) book: &'a Book,
    pub(crate) texts: &'a Texts<'a>,
}

impl<'a> Source<'a> {
    /// An item as the casebook's version, or else the newest, has it.
    fn item(&self, oid: &Oid) -> Option<&'a ItemDef> {
        self.study.items.get(oid).or_else(|| self.versions.iter().find_map(|study| study.items.get(oid)))
    }

    /// A cell as the tables of the forms show it: a conflict has no value.
    fn tell(&self, item: Option<&ItemDef>, cell: &Cell) -> Told {
        match cell.state() {
            CellState::Empty => Told::default(),
            CellState::Conflict => Told { state: "conflict", ..Told::default() },
            CellState::Derived(derived) => Told {
                state: "computed",
                value: derived.value.as_str().to_owned(),
                unit: standard_unit(item),
                version: self.study.metadata_version.to_string(),
                ..Told::default()
            },
            CellState::Missing(given, _) | CellState::Answered(given) => self.told(item, given, "answered"),
        }
    }

    /// Every answer that stands in a cell: of a conflict each.
    fn answers(&self, item: Option<&ItemDef>, cell: &Cell) -> Vec<Told> {
        match cell.state() {
            CellState::Empty => Vec::new(),
            CellState::Conflict => cell.heads().map(|(_, given)| self.told(item, given, "conflict")).collect(),
            _ => vec![self.tell(item, cell)],
        }
    }

    fn told(&self, item: Option<&ItemDef>, given: &Given, state: &'static str) -> Told {
        let mut told = Told {
            state,
            by: given.origin.by.to_string(),
            at: given.origin.at.local(given.origin.tz),
            log: given.origin.log.to_string(),
            version: given.version.to_string(),
            typed: given.raw.as_ref().map(|raw| raw.as_str().to_owned()).unwrap_or_default(),
            ..Told::default()
        };
        match (&given.value, given.missing) {
            (Some(Stored::Plain(value)), _) => {
                told.value = value.as_str().to_owned();
                told.unit = given.unit.as_ref().map_or_else(|| standard_unit(item), ToString::to_string);
            }
            (Some(Stored::Text(words)), _) if self.book.is_redacted(&words.text) => told.state = "redacted",
            (Some(Stored::Text(words)), _) => match (self.texts)(&words.text) {
                Some(text) => told.value = text,
                None => told.state = "text_absent",
            },
            (None, Some(missing)) => {
                told.missing = missing.code();
                if state == "answered" {
                    told.state = "missing";
                }
            }
            (None, None) => {}
        }
        told
    }

    /// One line of a form's table.
    pub(crate) fn line(&self, layout: &Layout, head: &Head, form: &Form, row: &Repeat) -> Vec<String> {
        let mut line = head.to_vec();
        line.push(row.to_string());
        for column in &layout.columns {
            let cell = form.cell(&column.group, row, &column.item);
            let told = cell.map(|cell| self.tell(self.item(&column.item), cell)).unwrap_or_default();
            line.push(told.value);
            if column.has_unit {
                line.push(told.unit);
            }
            line.push(if told.missing.is_empty() { told.state } else { told.missing }.to_owned());
            if self.versions.len() > 1 {
                line.push(told.version);
            }
        }
        line
    }

    /// The lines of the table of all cells that a form gives.
    pub(crate) fn cells(&self, key: &FormKey, form: &Form, head: &Head) -> Vec<Vec<String>> {
        let [subject, event, event_repeat, event_date, form_repeat, status, _] = head;
        let mut lines = Vec::new();
        for (place, cell) in form.cells() {
            let note = self.note(key, form, place, cell);
            for answer in self.answers(self.item(&place.item), cell) {
                let form = key.form.to_string();
                let (group, row, item) = (place.group.to_string(), place.repeat.to_string(), place.item.to_string());
                let place = [subject, event, event_repeat, event_date, &form, form_repeat, status, &group, &row, &item];
                let mut line: Vec<String> = place.into_iter().cloned().collect();
                line.extend([answer.state.to_owned(), answer.value, answer.unit, answer.missing.to_owned()]);
                line.extend([answer.typed, note.to_owned(), answer.by, answer.at, answer.log, answer.version]);
                lines.push(line);
            }
        }
        lines
    }

    /// Why an answer that is held is not asked for.
    fn note(&self, key: &FormKey, form: &Form, place: &CellPlace, cell: &Cell) -> &'static str {
        if form.is_removed(&place.group, &place.repeat) {
            "removed"
        } else if cell.is_hidden() {
            "hidden"
        } else if self.study.asks(key, &place.group, &place.item) {
            ""
        } else {
            "retired"
        }
    }
}

fn standard_unit(item: Option<&ItemDef>) -> String {
    item.and_then(ItemDef::standard_unit).map(ToString::to_string).unwrap_or_default()
}
