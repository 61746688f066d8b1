//! Somebody who fills in the casebook: types answers as a nurse does and asks what the form then says.
//!
//! Places are written short, as rules write them: `SCR VS SYSBP`, `TA@2 TR TLDIAM@1` (second assessment, first row).

use casebook::act::{EventDated, ItemSet, ItemsSet, RowAdded, RowRemoved};
use casebook::{
    Act, Book, CellState, Entry, EntryId, Finding, FreeTextId, Instant, Offset, Stored, TextCommit, Tick, VERSION,
};
use std::sync::LazyLock;
use study::dictionary::load;
use study::{CellKey, Document, EventKey, FormKey, GroupDef, Missing, Oid, Repeat, Severity, Study};

/// The study file as it is built in.
pub const XML: &[u8] = studies::TRIAL;

/// The study with the dictionary that it asks for, read once.
pub static STUDY: LazyLock<Study> = LazyLock::new(|| {
    let document = Document::parse("hcc-oligoprogression.xml", XML).expect("well-formed");
    let terms = load::terms(&load::tabbed(studies::CTCAE_TERMS)).expect("terms");
    let names = load::Names::default();
    let loading = load::Loading { terms: &terms, names: &names, source: "the folder of studies", meddra_licence: None };
    let xml = load::merge(&document, &loading).expect("merged");
    Study::read("hcc-oligoprogression.xml", xml.as_bytes(), &clinical::functions()).unwrap_or_else(|faults| {
        let list: Vec<String> = faults.iter().map(|fault| format!("{fault:?}")).collect();
        panic!("{} faults:\n{}", list.len(), list.join("\n"))
    })
});

/// A subject's book with somebody who writes in it.
pub struct Nurse {
    pub book: Book,
    study: &'static Study,
    seq: u64,
}

impl Nurse {
    /// An empty book.
    pub fn new() -> Self {
        Self::of(&STUDY)
    }

    /// An empty book of a study that differs from the built-in one.
    pub fn of(study: &'static Study) -> Self {
        Self { book: Book::new(), study, seq: 0 }
    }

    /// A book with a visit on a day.
    pub fn at(event: &str, date: &str) -> Self {
        let mut nurse = Self::new();
        nurse.visit(event, date);
        nurse
    }

    fn write(&mut self, act: impl Into<Act>) {
        self.seq += 1;
        let id = |seq: u64| {
            let mut bytes = [0; 32];
            bytes[24..].copy_from_slice(&seq.to_be_bytes());
            EntryId(bytes)
        };
        let entry = Entry {
            v: VERSION,
            study: STUDY.oid.clone(),
            log: "S01-aaaaaaaa".into(),
            seq: self.seq,
            prev: id(self.seq - 1),
            at: Instant::from_ms(0),
            tz: Offset::from_minutes(480),
            tick: Tick { ms: self.seq, counter: 0 },
            by: "nurse1".into(),
            metadata_version: Some(STUDY.metadata_version.clone()),
            act: act.into(),
        };
        self.book.apply(id(self.seq), &entry).expect("an entry of this subject");
        self.book.recompute(self.study);
    }

    /// Records when a visit took place: `TA@2`.
    pub fn visit(&mut self, event: &str, date: &str) -> &mut Self {
        let event = event_key(event);
        let bases = self.book.event_bases(&event);
        self.write(EventDated { subject: "S01-001".into(), event, date: Some(date.into()), bases, reason: None });
        self
    }

    /// Types an answer; `?not_done` gives a reason why there is none, an empty text takes the answer back.
    pub fn type_in(&mut self, place: &str, typed: &str) -> &mut Self {
        let key = self.cell(place);
        let item = self.study.items.get(&key.item).expect("an item");
        let (mut value, mut missing, mut unit) = (None, None, None);
        if let Some(code) = typed.strip_prefix('?') {
            missing = Some(Missing::from_code(code).expect("a reason"));
        } else if self.study.is_free_text(item) {
            value = Some(Stored::Text(FreeTextId { text: TextCommit([1; 32]) }));
        } else if !typed.is_empty() {
            let entered =
                item.normalise(self.study, typed).unwrap_or_else(|fault| panic!("{place} {typed}: {fault:?}"));
            value = Some(Stored::Plain(entered.value.into()));
            unit = entered.unit;
        }
        let set = ItemSet {
            group: key.group.clone(),
            repeat: key.group_repeat.clone(),
            item: key.item.clone(),
            value,
            missing,
            unit,
            raw: None,
            bases: self.book.cell_bases(&key),
            reason: None,
        };
        self.write(ItemsSet { subject: "S01-001".into(), form: key.form, items: vec![set] });
        self
    }

    /// Types several answers of one form, `SCR VS`, each as `SYSBP=120`, separated by blanks; `+` stands for a blank.
    pub fn fill(&mut self, form: &str, answers: &str) -> &mut Self {
        for answer in answers.split_whitespace() {
            let (item, typed) = answer.split_once('=').expect("ITEM=answer");
            self.type_in(&format!("{form} {item}"), &typed.replace('+', " "));
        }
        self
    }

    /// Adds a row to the group that holds an item, then types answers into it: `LOG AE`, `AETERM=Nausea AETOXGR=2`.
    pub fn row(&mut self, form: &str, answers: &str) -> &mut Self {
        let first = answers.split_whitespace().next().and_then(|answer| answer.split_once('=')).expect("ITEM=answer").0;
        let key = self.cell(&format!("{form} {first}@999"));
        let n = 1 + self.book.form(&key.form).map_or(0, |_| self.book.live_rows(&key.form, &key.group).len());
        let repeat = Repeat::from(format!("aaaaaaaa.{n}").as_str());
        self.write(RowAdded { subject: "S01-001".into(), form: key.form, group: key.group, repeat, bases: Vec::new() });
        for answer in answers.split_whitespace() {
            let (item, typed) = answer.split_once('=').expect("ITEM=answer");
            self.type_in(&format!("{form} {item}@{n}"), &typed.replace('+', " "));
        }
        self
    }

    /// Removes a row, named by one of its cells.
    pub fn remove_row(&mut self, place: &str) -> &mut Self {
        let key = self.cell(place);
        let bases = self.book.row_bases(&key.form, &key.group, &key.group_repeat);
        let cells = self.book.row_cells(&key.form, &key.group, &key.group_repeat);
        let reason = FreeTextId { text: TextCommit([2; 32]) };
        let (group, repeat) = (key.group, key.group_repeat);
        self.write(RowRemoved { subject: "S01-001".into(), form: key.form, group, repeat, reason, bases, cells });
        self
    }

    /// Planned day and window of the repeats of an event: `2026-04-23 (2026-04-16 2026-04-30)`, in their order.
    pub fn plan(&self, event: &str) -> Vec<String> {
        let lines = self.book.overview().events.iter().filter(|line| line.key.event.short_name() == event);
        let day = |date: Option<study::value::PartialDate>| date.map(|date| date.to_string()).unwrap_or_default();
        let planned = lines.filter(|line| line.planned.is_some());
        planned.map(|line| format!("{} ({} {})", day(line.planned), day(line.earliest), day(line.latest))).collect()
    }

    /// The place that a short name means.
    pub fn cell(&self, place: &str) -> CellKey {
        let mut parts = place.split_whitespace();
        let (event, form, item) =
            (parts.next().expect("event"), parts.next().expect("form"), parts.next().expect("item"));
        let form = form_key(event, form);
        let (item, row) = numbered(item);
        let (group, oid) = item_of(&form.form, item);
        let repeat = if group.repeating { format!("aaaaaaaa.{row}") } else { "1".to_owned() };
        form.cell(&group.oid, repeat.as_str(), &oid)
    }

    /// What stands in a cell, typed or computed, as stored; empty where nothing does.
    pub fn value(&self, place: &str) -> String {
        match self.book.cell(&self.cell(place)).map(|cell| cell.state()) {
            Some(CellState::Derived(derived)) => derived.value.as_str().to_owned(),
            Some(CellState::Answered(given)) => match &given.value {
                Some(Stored::Plain(value)) => value.as_str().to_owned(),
                _ => String::new(),
            },
            _ => String::new(),
        }
    }

    /// The number that stands in a cell without needless zeros, so that 40.0 and 40 read alike; empty where none does.
    pub fn number(&self, place: &str) -> String {
        let value = self.value(place);
        value.parse::<rust_decimal::Decimal>().map(|number| number.normalize().to_string()).unwrap_or(value)
    }

    /// Whether skip logic hides the cell.
    pub fn hides(&self, place: &str) -> bool {
        let key = self.cell(place);
        let state = self.book.form_state(self.study, &key.form);
        let cells = state.rows.iter().flat_map(|row| &row.cells);
        cells.into_iter().find(|cell| cell.key == key).is_none_or(|cell| cell.hidden)
    }

    /// The findings on a cell.
    pub fn findings(&self, place: &str) -> Vec<Finding> {
        self.book.cell(&self.cell(place)).map(|cell| cell.findings().to_vec()).unwrap_or_default()
    }

    /// What the checks of a cell say.
    pub fn said(&self, place: &str) -> Vec<(Severity, String)> {
        let key = self.cell(place);
        let item = STUDY.items.get(&key.item).expect("an item");
        let message = |finding: &Finding| {
            let check = item.checks.iter().find(|check| check.id == finding.rule).expect("a check of this item");
            (finding.severity, check.message.get("en").to_owned())
        };
        self.findings(place).iter().map(message).collect()
    }

    /// Asserts that a hard finding on the cell says `words`.
    pub fn hard(&self, place: &str, words: &str) -> &Self {
        self.says(place, Severity::Hard, words)
    }

    /// Asserts that a soft finding on the cell says `words`.
    pub fn soft(&self, place: &str, words: &str) -> &Self {
        self.says(place, Severity::Soft, words)
    }

    fn says(&self, place: &str, severity: Severity, words: &str) -> &Self {
        let said = self.said(place);
        assert!(
            said.iter().any(|(s, m)| *s == severity && m.contains(words)),
            "{place}: {severity:?} {words}? {said:?}"
        );
        self
    }

    /// Whether some finding on the cell says `words`.
    pub fn says_anything(&self, place: &str, words: &str) -> bool {
        self.said(place).iter().any(|(_, message)| message.contains(words))
    }

    /// Whether an item of a form stands in a group with rows.
    pub fn has_rows(form: &str, item: &str) -> bool {
        let form = form.split_whitespace().last().expect("a form");
        item_of(&named(STUDY.forms.iter().map(|form| &form.oid), form), item).0.repeating
    }

    /// Asserts that no finding on the cell says `words`.
    pub fn silent(&self, place: &str, words: &str) -> &Self {
        let said = self.said(place);
        assert!(!said.iter().any(|(_, m)| m.contains(words)), "{place}: not {words}! {said:?}");
        self
    }

    /// Asserts that the cell has no finding at all.
    pub fn fine(&self, place: &str) -> &Self {
        assert_eq!(self.said(place), [], "{place}");
        self
    }
}

/// `TA@2` is the name and the number; without a number, 1.
fn numbered(text: &str) -> (&str, &str) {
    text.split_once('@').unwrap_or((text, "1"))
}

fn named<'a>(mut oids: impl Iterator<Item = &'a Oid>, name: &str) -> Oid {
    oids.find(|oid| oid.short_name() == name).unwrap_or_else(|| panic!("no {name}")).clone()
}

/// The event of a short name.
pub fn event_key(event: &str) -> EventKey {
    let (name, repeat) = numbered(event);
    EventKey::new(named(STUDY.events.iter().map(|event| &event.oid), name), repeat)
}

fn form_key(event: &str, form: &str) -> FormKey {
    event_key(event).form(named(STUDY.forms.iter().map(|form| &form.oid), form), "1")
}

fn item_of(form: &Oid, name: &str) -> (&'static GroupDef, Oid) {
    let form = STUDY.forms.get(form).expect("a form");
    let groups = form.groups.iter().filter_map(|reference| STUDY.groups.get(&reference.group));
    let items = groups.flat_map(|group| group.items.iter().map(move |reference| (group, reference.item.clone())));
    items.into_iter().find(|(_, item)| item.short_name() == name).unwrap_or_else(|| panic!("no item {name}"))
}
