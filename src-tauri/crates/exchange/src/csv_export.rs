//! Casebooks as CSV (RFC 4180, UTF-8, `\n`): for each form a table with one line per subject, visit and row, and one
//! table `cells.csv` that keeps everything: every answer that stands, of a conflict each, with unit, missing code, what
//! was typed, who, when and under which metadata version. Where a study has several versions the tables hold the items of
//! all of them, each with the version of its value; `NOTE` marks what the subject's version no longer asks.

use crate::ExchangeError;
use crate::columns::{Layout, file_name, layouts};
use casebook::{Book, Cell, CellState, Form, FormStatus, Given, Stored, TextCommit};
use std::collections::BTreeSet;
use std::io::Write;
use study::{FormKey, ItemDef, Oid, Repeat, Study};

/// Finds the free text that a commitment stands for; none where it was redacted or has not arrived.
pub type Texts<'a> = dyn Fn(&TextCommit) -> Option<String> + 'a;

const HEAD: [&str; 8] =
    ["SUBJECT", "EVENT", "EVENT_REPEAT", "EVENT_DATE", "FORM_REPEAT", "FORM_STATUS", "SUBJECT_MDV", "ROW"];
const CELLS: [&str; 20] = [
    "SUBJECT",
    "EVENT",
    "EVENT_REPEAT",
    "EVENT_DATE",
    "FORM",
    "FORM_REPEAT",
    "FORM_STATUS",
    "GROUP",
    "ROW",
    "ITEM",
    "STATE",
    "VALUE",
    "UNIT",
    "MISSING",
    "TYPED",
    "NOTE",
    "BY",
    "AT",
    "LOG",
    "MDV",
];

/// Writes casebooks, one after the other, into tables.
pub struct CsvExport<'s, W: Write> {
    /// Newest first.
    versions: &'s [&'s Study],
    tables: Vec<(Layout, csv::Writer<W>)>,
    cells: csv::Writer<W>,
}

impl<'s, W: Write> CsvExport<'s, W> {
    /// Opens every table of a study's versions, which come newest first; `open` is given the names of the files.
    ///
    /// # Errors
    /// When a table can't be opened or written.
    pub fn new(
        versions: &'s [&'s Study],
        mut open: impl FnMut(&str) -> std::io::Result<W>,
    ) -> Result<CsvExport<'s, W>, ExchangeError> {
        let mut taken = BTreeSet::new();
        let mut cells = csv::Writer::from_writer(open(&file_name(&["cells"], &mut taken))?);
        cells.write_record(CELLS)?;
        let mut tables = Vec::new();
        for layout in layouts(versions, &mut taken) {
            let mut writer = csv::Writer::from_writer(open(&layout.file)?);
            let mut head: Vec<String> = HEAD.iter().map(|name| (*name).to_owned()).collect();
            for column in &layout.columns {
                head.push(column.name.clone());
                if column.has_unit {
                    head.push(format!("{}.UNIT", column.name));
                }
                head.push(format!("{}.STATE", column.name));
                if versions.len() > 1 {
                    head.push(format!("{}.MDV", column.name));
                }
            }
            writer.write_record(&head)?;
            tables.push((layout, writer));
        }
        Ok(CsvExport { versions, tables, cells })
    }

    /// Writes one casebook, settled under one of the versions. Casebooks come in the order in which they shall stand.
    ///
    /// # Errors
    /// When a table can't be written.
    pub fn book(&mut self, book: &Book, texts: &Texts<'_>) -> Result<(), ExchangeError> {
        let Some(study) = self.study_of(book) else { return Ok(()) };
        let source = Source { study, versions: self.versions, book, texts };
        for (key, form) in book.forms() {
            let head = head(book, key, form);
            for (layout, writer) in self.tables.iter_mut().filter(|(layout, _)| layout.form == key.form) {
                let rows = match &layout.rows_of {
                    Some(group) => form.live_rows(group),
                    None => vec![Repeat::first()],
                };
                for row in rows {
                    source.write_line(writer, layout, &head, form, &row)?;
                }
            }
            self.write_cells(&source, key, form, &head)?;
        }
        Ok(())
    }

    /// The version that a casebook was settled under.
    fn study_of(&self, book: &Book) -> Option<&'s Study> {
        let under = self.versions.iter().find(|study| book.settled_under() == Some(&study.mdv));
        under.or(self.versions.last()).copied()
    }

    /// Writes what is still held back and gives the writers back: `cells.csv` first, then the tables in the study's order.
    ///
    /// # Errors
    /// When a table can't be written.
    pub fn finish(self) -> Result<Vec<W>, ExchangeError> {
        let close = |writer: csv::Writer<W>| writer.into_inner().map_err(|fault| ExchangeError::Io(fault.into_error()));
        let mut writers = vec![close(self.cells)?];
        for (_, writer) in self.tables {
            writers.push(close(writer)?);
        }
        Ok(writers)
    }

    fn write_cells(
        &mut self,
        source: &Source<'_>,
        key: &FormKey,
        form: &Form,
        head: &[String; 7],
    ) -> Result<(), ExchangeError> {
        let [subject, event, event_repeat, event_date, form_repeat, status, _] = head;
        for (place, cell) in form.cells() {
            let note = if form.is_removed(&place.group, &place.repeat) {
                "removed"
            } else if cell.is_hidden() {
                "hidden"
            } else if !source.study.asks(key, &place.group, &place.item) {
                "retired"
            } else {
                ""
            };
            for answer in source.answers(source.item(&place.item), cell) {
                self.cells.write_record([
                    subject,
                    event,
                    event_repeat,
                    event_date,
                    key.form.as_str(),
                    form_repeat,
                    status,
                    &place.group,
                    &place.repeat,
                    &place.item,
                    answer.state,
                    &answer.value,
                    &answer.unit,
                    answer.missing,
                    &answer.typed,
                    note,
                    &answer.by,
                    &answer.at,
                    &answer.log,
                    &answer.version,
                ])?;
            }
        }
        Ok(())
    }
}

fn head(book: &Book, key: &FormKey, form: &Form) -> [String; 7] {
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
        book.settled_under().map(ToString::to_string).unwrap_or_default(),
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
struct Source<'a> {
    /// The version that the casebook is under.
    study: &'a Study,
    versions: &'a [&'a Study],
    book: &'a Book,
    texts: &'a Texts<'a>,
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
                version: self.study.mdv.to_string(),
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

    fn write_line<W: Write>(
        &self,
        writer: &mut csv::Writer<W>,
        layout: &Layout,
        head: &[String; 7],
        form: &Form,
        row: &Repeat,
    ) -> Result<(), ExchangeError> {
        for text in head {
            writer.write_field(text)?;
        }
        writer.write_field(row.as_str())?;
        for column in &layout.columns {
            let cell = form.cell(&column.group, row, &column.item);
            let told = cell.map(|cell| self.tell(self.item(&column.item), cell)).unwrap_or_default();
            writer.write_field(&told.value)?;
            if column.has_unit {
                writer.write_field(&told.unit)?;
            }
            writer.write_field(if told.missing.is_empty() { told.state } else { told.missing })?;
            if self.versions.len() > 1 {
                writer.write_field(&told.version)?;
            }
        }
        writer.write_record(None::<&[u8]>)?;
        Ok(())
    }
}

fn standard_unit(item: Option<&ItemDef>) -> String {
    item.and_then(ItemDef::standard_unit).map(ToString::to_string).unwrap_or_default()
}
