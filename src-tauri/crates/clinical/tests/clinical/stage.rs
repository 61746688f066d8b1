//! A subject's book in memory, written entry by entry, and a calendar that counts on its fingers.

use std::sync::LazyLock;

use casebook::act::{EventDated, ItemSet, ItemsSet, RowAdded, RowRemoved, SubjectRegistered};
use casebook::{
    Act, Book, Entry, EntryId, FreeTextId, Instant, Line, Offset, Stored, TextCommit, Tick, VERSION, bases,
};
use study::{CellKey, EventKey, FormKey, Missing, Study, StudyIssue};

/// The invented study's file.
pub const XML: &str = include_str!("study.xml");

/// The invented study.
pub static STUDY: LazyLock<Study> = LazyLock::new(|| read(XML).unwrap_or_else(|faults| panic!("{faults:#?}")));

/// The invented study with some settings added or said otherwise.
pub fn with(settings: &[(&str, &str)]) -> Result<Study, Vec<StudyIssue>> {
    const SETTING: &str = "<Alias Context=\"urn:outpost:odm:1:setting:";
    let mut xml = XML.to_owned();
    for (key, value) in settings {
        let start = format!("{SETTING}{key}\" Name=\"");
        if let Some(at) = xml.find(&start) {
            let end = at + xml[at..].find("/>").expect("the end of a setting") + 2;
            xml.replace_range(at..end, "");
        }
        let line = format!("{start}{value} | invented (sample)\"/></Protocol>");
        xml = xml.replacen("</Protocol>", &line, 1);
    }
    read(&xml)
}

/// Reads a study's file.
pub fn read(xml: &str) -> Result<Study, Vec<StudyIssue>> {
    Study::read("study.xml", xml.as_bytes(), &clinical::functions())
}

/// A subject's book and whoever writes it.
pub struct Chart<'s> {
    pub study: &'s Study,
    pub book: Book,
    tick: u64,
    head: EntryId,
    rows: u32,
}

impl Chart<'static> {
    /// The book of a registered subject of the invented study.
    pub fn new() -> Self {
        Self::of(&STUDY)
    }
}

impl<'s> Chart<'s> {
    /// The same of another study.
    pub fn of(study: &'s Study) -> Self {
        let mut chart = Self { study, book: Book::new(), tick: 0, head: EntryId::ZERO, rows: 0 };
        chart.write(SubjectRegistered { subject: "S01-001".into(), site: "S01".into() });
        chart
    }

    /// Writes one entry and folds it.
    pub fn write(&mut self, act: impl Into<Act>) {
        self.tick += 1;
        let mut digest = [0; 32];
        digest[24..].copy_from_slice(&self.tick.to_be_bytes());
        let entry = Entry {
            v: VERSION,
            study: self.study.oid.clone(),
            log: "S01-aaaaaaaa".into(),
            seq: self.tick,
            prev: self.head,
            at: Instant::from_ms(1_790_000_000_000),
            tz: Offset::from_minutes(480),
            tick: Tick { ms: self.tick, counter: 0 },
            by: "nurse1".into(),
            metadata_version: Some(self.study.metadata_version.clone()),
            act: act.into(),
        };
        let line = Line::write(entry, |_| digest).expect("a line");
        self.head = line.id();
        self.book.apply(line.id(), line.entry()).expect("an entry of this subject");
        self.book.recompute(self.study);
    }

    /// Records when an event took place: `SE.START[1]`.
    pub fn visit(&mut self, event: &str, date: &str) -> &mut Self {
        let event: EventKey = event.parse().expect("an event");
        let bases = self.book.event_bases(&event);
        self.write(EventDated { subject: "S01-001".into(), event, date: Some(date.into()), bases, reason: None });
        self
    }

    /// Answers questions of one row, `SE.BASE[1]/F.PANEL[1]/IG.PANEL[1]`, each named by the end of its OID. `?not_done` says
    /// why there is no value.
    pub fn fill(&mut self, row: &str, answers: &[(&str, &str)]) -> &mut Self {
        let items: Vec<ItemSet> = answers.iter().map(|(item, typed)| self.set(row, item, typed)).collect();
        if !items.is_empty() {
            let form = cell(row, "X").form;
            self.write(ItemsSet { subject: "S01-001".into(), form, items });
        }
        self
    }

    fn set(&self, row: &str, item: &str, typed: &str) -> ItemSet {
        let key = cell(row, item);
        let def = self.study.items.get(&key.item).unwrap_or_else(|| panic!("no item {}", key.item));
        let bases = self.book.cell_bases(&key);
        let (mut value, mut missing, mut unit) = (None, None, None);
        if let Some(code) = typed.strip_prefix('?') {
            missing = Some(Missing::from_code(code).expect("a reason"));
        } else if self.study.is_free_text(def) {
            value = Some(Stored::Text(FreeTextId { text: TextCommit([7; 32]) }));
        } else {
            let entered = def.normalise(self.study, typed).unwrap_or_else(|fault| panic!("{key} {typed}: {fault:?}"));
            (value, unit) = (Some(Stored::Plain(entered.value.into())), entered.unit);
        }
        let CellKey { group, group_repeat: repeat, item, .. } = key;
        ItemSet { group, repeat, item, value, missing, unit, raw: None, bases, reason: None }
    }

    /// Adds a row to a repeating group of a form and answers its questions; gives its place.
    pub fn row(&mut self, form: &str, group: &str, answers: &[(&str, &str)]) -> String {
        self.rows += 1;
        let repeat = format!("aaaaaaaa.{}", self.rows);
        let row = format!("{form}/{group}[{repeat}]");
        let (key, group, repeat) = (form_key(form), group.into(), repeat.as_str().into());
        self.write(RowAdded { subject: "S01-001".into(), form: key, group, repeat, bases: Vec::new() });
        self.fill(&row, answers);
        row
    }

    /// Removes a row with all that stands in it.
    pub fn remove(&mut self, row: &str) {
        let CellKey { form, group, group_repeat: repeat, .. } = cell(row, "X");
        let heads = self.book.row_bases(&form, &group, &repeat);
        let cells = self.book.row_cells(&form, &group, &repeat);
        let reason = FreeTextId { text: TextCommit([9; 32]) };
        let (subject, bases) = ("S01-001".into(), bases(heads));
        self.write(RowRemoved { subject, form, group, repeat, reason, bases, cells });
    }
}

/// The cell of a row whose item ends so: of `…/IG.PANEL[1]` and `ALT` that of `IT.PANEL.ALT`.
pub fn cell(row: &str, item: &str) -> CellKey {
    let (_, group) = row.rsplit_once("/IG.").expect("a row of a group");
    let (group, _) = group.split_once('[').expect("its repeat");
    format!("{row}/IT.{group}.{item}").parse().unwrap_or_else(|_| panic!("no cell: {row} {item}"))
}

/// A form's key.
pub fn form_key(form: &str) -> FormKey {
    form.parse().unwrap_or_else(|_| panic!("no form: {form}"))
}

/// A year's months with their days.
fn months(year: i32) -> [i32; 12] {
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    [31, if leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
}

/// The date so many days after 1 January 2026, counted month by month.
pub fn date(day: i32) -> String {
    let (mut year, mut left) = (2026, day);
    loop {
        for (month, length) in months(year).into_iter().enumerate() {
            if left < length {
                return format!("{year:04}-{:02}-{:02}", month + 1, left + 1);
            }
            left -= length;
        }
        year += 1;
    }
}

/// 1 January 2026 in days since 1970, counted year by year.
pub fn new_year() -> i32 {
    (1970..2026).map(|year| months(year).iter().sum::<i32>()).sum()
}
