//! A subject's chart in memory: somebody writes the journal's entries, the books fold them, and the screens are drawn.

use std::collections::HashMap;
use std::sync::LazyLock;

use casebook::act::{
    EventDated, FindingConfirmed, FormCompleted, FormReopened, ItemSet, ItemsSet, QueryAnswered, QueryRaised, RowAdded,
    RowRemoved, SubjectRegistered, UserAdded,
};
use casebook::{
    Act, Book, Entry, EntryId, FreeTextId, Instant, Line, Offset, Stored, TextCommit, Tick, TrialState, VERSION,
};
use screens::form::{self, Extras};
use screens::messages::{CellState, FormState, Role};
use screens::{Frame, Now, Reader, View};
use study::{CellKey, EventKey, FormKey, Missing, Oid, Study};

pub const SUBJECT: &str = "S01-001";
/// The computer whose screens are drawn.
pub const HERE: &str = "S01-aaaaaaaa";
/// Another computer of the site.
pub const THERE: &str = "S01-bbbbbbbb";

/// The built-in trial: it has all that a screen can show.
pub static TRIAL: LazyLock<Study> =
    LazyLock::new(|| read(include_str!("../../../../studies/hcc-oligoprogression.xml")));

/// A small study of another kind: a person's blood pressure at home.
pub static AT_HOME: LazyLock<Study> =
    LazyLock::new(|| read(include_str!("../../../../studies/home-blood-pressure.xml")));

/// Reads a study file.
pub fn read(xml: &str) -> Study {
    Study::read("study.xml", xml.as_bytes(), &clinical::functions()).expect("a study")
}

/// Somebody at one computer.
#[derive(Clone, Copy)]
pub struct Author {
    pub log: &'static str,
    pub user: &'static str,
}

pub const NURSE: Author = Author { log: HERE, user: "nurse1" };
pub const DOCTOR: Author = Author { log: HERE, user: "doctor1" };
pub const ASSESSOR: Author = Author { log: HERE, user: "reader1" };
pub const NURSE_THERE: Author = Author { log: THERE, user: "nurse2" };

/// A subject's chart.
pub struct Chart {
    pub study: &'static Study,
    pub book: Book,
    pub trial_state: TrialState,
    pub lines: Vec<Line>,
    pub reader: Reader,
    pub now: Now,
    pub language: &'static str,
    /// Who writes.
    pub author: Author,
    pub texts: HashMap<TextCommit, String>,
    heads: HashMap<&'static str, (u64, EntryId)>,
    tick: u64,
}

impl Chart {
    /// The chart of a registered subject of the built-in trial, read by a nurse on 23 November 2026, 16:15 in Shanghai.
    pub fn new() -> Self {
        Self::of(&TRIAL)
    }

    /// The same of another study.
    pub fn of(study: &'static Study) -> Self {
        let reader = Reader {
            role: Role::Nurse,
            site: "S01".to_owned(),
            device: Oid::from(HERE),
            confirmed: 0,
            practice: false,
        };
        let mut chart = Self {
            study,
            book: Book::new(),
            trial_state: TrialState::new(),
            lines: Vec::new(),
            reader,
            now: Now { at_ms: 1_795_421_702_113, offset_minutes: 480 },
            language: "en",
            author: NURSE,
            texts: HashMap::new(),
            heads: HashMap::new(),
            tick: 0,
        };
        for (author, name, role) in [
            (NURSE, "Wang Li", casebook::Role::Nurse),
            (DOCTOR, "Zhao Min", casebook::Role::Investigator),
            (ASSESSOR, "Sun Qi", casebook::Role::Assessor),
            (NURSE_THERE, "Chen Yu", casebook::Role::Nurse),
        ] {
            chart.author = author;
            chart.write(UserAdded {
                user: author.user.into(),
                name: name.to_owned(),
                role,
                key: None,
                must_change: false,
            });
        }
        chart.author = NURSE;
        chart.write(SubjectRegistered { subject: SUBJECT.into(), site: "S01".into() });
        chart
    }

    /// Writes one entry in the name of [`Self::author`], an hour after the last one, and folds it.
    pub fn write(&mut self, act: impl Into<Act>) -> EntryId {
        self.tick += 1;
        let (seq, prev) = self.heads.get(self.author.log).copied().unwrap_or((0, EntryId::ZERO));
        let mut digest = [0; 32];
        digest[24..].copy_from_slice(&self.tick.to_be_bytes());
        let act = act.into();
        let entry = Entry {
            v: VERSION,
            study: self.study.oid.clone(),
            log: self.author.log.into(),
            seq: seq + 1,
            prev,
            at: Instant::from_ms(1_790_000_000_000 + 3_600_000 * i64::try_from(self.tick).expect("few entries")),
            tz: Offset::from_minutes(480),
            tick: Tick { ms: self.tick, counter: 0 },
            by: self.author.user.into(),
            metadata_version: act.subject().map(|_| self.study.metadata_version.clone()),
            act,
        };
        let line = Line::write(entry, |_| digest).expect("a line");
        self.heads.insert(self.author.log, (seq + 1, line.id()));
        if line.entry().act.subject().is_some() {
            self.book.apply(line.id(), line.entry()).expect("an entry of this subject");
            self.book.recompute(self.study);
            self.lines.push(line);
        } else {
            self.trial_state.apply(line.id(), line.entry());
        }
        EntryId(digest)
    }

    /// Commits a free text.
    pub fn text(&mut self, text: &str) -> FreeTextId {
        let mut commit = [7; 32];
        commit[..8].copy_from_slice(&(self.texts.len() as u64).to_be_bytes());
        self.texts.insert(TextCommit(commit), text.to_owned());
        FreeTextId { text: TextCommit(commit) }
    }

    /// Records when a visit took place.
    pub fn visit(&mut self, event: &str, date: &str) -> &mut Self {
        let event: EventKey = event.parse().expect("an event");
        let bases = self.book.event_bases(&event);
        self.write(EventDated { subject: SUBJECT.into(), event, date: Some(date.into()), bases, reason: None });
        self
    }

    /// Answers questions of one row, `SE.SCR[1]/F.VS[1]/IG.VS[1]`; `?not_done` gives a reason why there is no value.
    pub fn fill(&mut self, row: &str, answers: &[(&str, &str)]) -> &mut Self {
        for (item, typed) in answers {
            self.answer(&format!("{row}/{item}"), typed, None);
        }
        self
    }

    /// Answers one question, with the reason of a change.
    pub fn answer(&mut self, cell: &str, typed: &str, reason: Option<&str>) -> EntryId {
        let key = self.key(cell);
        let bases = self.book.cell_bases(&key);
        self.answer_over(cell, typed, reason, bases)
    }

    /// Answers one question over these heads: over none as a computer that has not heard of the others.
    pub fn answer_over(&mut self, cell: &str, typed: &str, reason: Option<&str>, bases: Vec<EntryId>) -> EntryId {
        let key = self.key(cell);
        let item = self.study.items.get(&key.item).expect("an item");
        let (mut value, mut missing, mut unit) = (None, None, None);
        if let Some(code) = typed.strip_prefix('?') {
            missing = Some(Missing::from_code(code).expect("a reason"));
        } else if self.study.is_free_text(item) {
            value = Some(Stored::Text(self.text(typed)));
        } else {
            let entered = item.normalise(self.study, typed).unwrap_or_else(|fault| panic!("{cell} {typed}: {fault:?}"));
            (value, unit) = (Some(Stored::Plain(entered.value.into())), entered.unit);
        }
        let reason = reason.map(|reason| self.text(reason));
        let (group, repeat, item) = (key.group, key.group_repeat, key.item);
        let set = ItemSet { group, repeat, item, value, missing, unit, raw: None, bases, reason };
        self.write(ItemsSet { subject: SUBJECT.into(), form: key.form, items: vec![set] })
    }

    /// Adds a row and answers its questions; gives its place.
    pub fn row(&mut self, form: &str, group: &str, answers: &[(&str, &str)]) -> String {
        let key: FormKey = form.parse().expect("a form");
        let n = 1 + self.book.form(&key).map_or(0, |_| self.book.live_rows(&key, &group.into()).len());
        let repeat = format!("aaaaaaaa.{n}");
        let (group_oid, row) = (Oid::from(group), repeat.as_str().into());
        let (subject, bases) = (SUBJECT.into(), Vec::new());
        self.write(RowAdded { subject, form: key, group: group_oid, repeat: row, bases });
        let row = format!("{form}/{group}[{repeat}]");
        self.fill(&row, answers);
        row
    }

    /// Declares a form complete.
    pub fn complete(&mut self, form: &str) {
        let form: FormKey = form.parse().expect("a form");
        let bases = self.book.form_bases(&form);
        self.write(FormCompleted { subject: SUBJECT.into(), form, bases });
    }

    /// Opens a completed form again.
    pub fn reopen(&mut self, form: &str) {
        let form: FormKey = form.parse().expect("a form");
        let (bases, reason) = (self.book.form_bases(&form), self.text("opened again"));
        self.write(FormReopened { subject: SUBJECT.into(), form, reason, bases });
    }

    /// Removes a row with all that stands in it.
    pub fn remove(&mut self, row: &str) {
        let CellKey { form, group, group_repeat: repeat, .. } = self.key(&format!("{row}/X"));
        let (bases, cells) = (self.book.row_bases(&form, &group, &repeat), self.book.row_cells(&form, &group, &repeat));
        let reason = self.text("entered twice");
        self.write(RowRemoved { subject: SUBJECT.into(), form, group, repeat, reason, bases, cells });
    }

    /// Confirms what a rule says of a cell.
    pub fn confirm(&mut self, cell: &str, rule: &str, comment: &str) {
        let key = self.key(cell);
        let held = self.book.cell(&key).expect("a cell");
        let finding = held.findings().iter().find(|finding| *finding.rule == *rule).expect("a finding");
        let operands = finding.operands.clone();
        let CellKey { form, group, group_repeat: repeat, item } = key;
        let (subject, rule, comment) = (SUBJECT.into(), rule.into(), self.text(comment));
        self.write(FindingConfirmed { subject, form, group, repeat, item, rule, comment, operands });
    }

    /// Asks about a cell.
    pub fn ask(&mut self, cell: &str, question: &str) -> EntryId {
        let CellKey { form, group, group_repeat: repeat, item } = self.key(cell);
        let question = self.text(question);
        self.write(QueryRaised { subject: SUBJECT.into(), form, group, repeat, item, question })
    }

    /// Answers a query.
    pub fn reply(&mut self, query: EntryId, answer: &str) {
        let bases = self.book.query(&query).expect("a query").bases();
        let answer = self.text(answer);
        self.write(QueryAnswered { subject: SUBJECT.into(), query, answer, bases });
    }

    pub fn key(&self, cell: &str) -> CellKey {
        cell.parse().unwrap_or_else(|_| panic!("no cell: {cell}"))
    }

    /// Draws a screen of the subject.
    pub fn draw<T>(&self, screen: impl FnOnce(&View<'_>) -> T) -> T {
        self.frame(|frame| screen(&frame.of(self.study, &self.book)))
    }

    /// Draws a screen of many subjects.
    pub fn frame<T>(&self, screen: impl FnOnce(&Frame<'_>) -> T) -> T {
        let texts = |commit: &TextCommit| self.texts.get(commit).cloned();
        let (reader, language, now) = (&self.reader, self.language, self.now);
        screen(&Frame { trial_state: &self.trial_state, texts: &texts, reader, language, now })
    }

    /// The state of a form.
    pub fn state(&self, form: &str) -> FormState {
        self.state_with(form, &Extras::default())
    }

    /// The state of a form with what it shows beside its book.
    pub fn state_with(&self, form: &str, extras: &Extras) -> FormState {
        self.draw(|view| form::state(view, extras, &form.parse().expect("a form")))
    }

    /// The state of one cell.
    pub fn cell(&self, cell: &str) -> CellState {
        let state = self.state(&self.key(cell).form.to_string());
        let mut cells = state.rows.into_iter().flat_map(|row| row.cells);
        cells.find(|known| known.key == cell).unwrap_or_else(|| panic!("no cell: {cell}"))
    }
}
