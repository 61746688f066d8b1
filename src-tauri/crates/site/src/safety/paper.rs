//! What stands in the report, section by section.

use std::collections::{BTreeMap, BTreeSet};

use casebook::book::Declared;
use casebook::{Book, CellState, Origin, Words};
use clinical::safety::{AdverseEvent, Report, RowAt, Standing, reporting_hours};
use exchange::{Block, Moment, Paper};
use screens::labels;
use study::value::{PartialDate, Value, display};
use study::{CellKey, Control, Study};

use super::clocks::deadline;
use super::texts::{self, Text};
use super::{Around, said, text_in};
use crate::desk::Seat;
use crate::{SiteError, lists};

/// Setting: the sponsor's name as it is printed.
const SPONSOR: &str = "SPONSOR";
/// Concepts of an adverse event that have a section of their own.
const CRITERION: &str = "ae.criterion";
const RELATIONS: [&str; 2] = ["ae.relation", "ae.action"];
const REPORT_RELATION: &str = "sae.relation";
/// Most characters of a free text that stands beside its question.
const BESIDE: usize = 200;

/// A report that is being put together.
pub(super) struct Draft<'a, 's> {
    seat: &'a mut Seat<'s>,
    study: &'a Study,
    book: &'a Book,
    around: &'a Around<'a>,
    report: &'a Report,
    event: Option<&'a AdverseEvent>,
    lang: &'a str,
    blocks: Vec<Block>,
    /// Cells that stand somewhere already.
    printed: BTreeSet<CellKey>,
}

impl<'a, 's> Draft<'a, 's> {
    pub fn new(
        seat: &'a mut Seat<'s>,
        (study, book): (&'a Study, &'a Book),
        (around, report): (&'a Around<'a>, &'a Report),
        lang: &'a str,
    ) -> Self {
        let event = around.safety.event_of(report);
        Self { seat, study, book, around, report, event, lang, blocks: Vec::new(), printed: BTreeSet::new() }
    }

    /// What must be known before anything else: whether it is practice, a draft, late.
    pub fn clock(&mut self) {
        if self.seat.session.practice {
            self.notice(Text::Practice.of(self.lang));
        }
        let form = self.book.form(&self.report.row.form).map(casebook::Form::status);
        if form != Some(casebook::FormStatus::Complete) {
            self.notice(Text::Draft.of(self.lang));
        }
        let Some(hours) = reporting_hours(self.study) else { return };
        let now = self.seat.now;
        let Some(clock) = self.report.clock(hours, now.instant(), now.offset()) else {
            return self.notice(Text::Unaware.of(self.lang));
        };
        let (text, minutes) = match clock.standing {
            Standing::Due(minutes) => (Text::NotReported, minutes),
            Standing::Overdue(minutes) => (Text::Overdue, minutes),
            Standing::Late(minutes) => (Text::Late, minutes),
            Standing::InTime(_) => return,
        };
        let (at, time) = (self.moment(&deadline(&clock, now.offset())), self.time(minutes));
        let places = [("at", at.as_str()), ("time", &time), ("hours", &hours.to_string())];
        self.notice(&text.with(self.lang, &places));
    }

    /// Trial, site, and the subject by number.
    pub fn trial(&mut self, subject: &str) {
        self.heading(Text::Trial);
        let study = self.study;
        let facts = lists::facts(study, &self.book.summary(), self.lang).join(" · ");
        let sponsor = study.setting(SPONSOR).unwrap_or(Text::Empty.of(self.lang)).to_owned();
        self.facts([
            (Text::Sponsor, sponsor),
            (Text::Protocol, format!("{}{}{}", study.protocol, Text::Colon.of(self.lang), study.title())),
            (Text::StudyVersion, format!("{} ({})", study.mdv_name, study.mdv)),
            (Text::Site, self.seat.site()),
            (Text::Subject, subject.to_owned()),
            (Text::AtAGlance, facts),
        ]);
    }

    /// The report's own answers but for what has sections below.
    pub fn this_report(&mut self) -> Result<(), SiteError> {
        self.heading(Text::Report);
        let row = self.report.row.clone();
        let relations = self.meaning(&row, &[REPORT_RELATION]);
        let long = |draft: &Self, key: &CellKey| draft.is_long(key);
        let kept: Vec<CellKey> = self.asked(&row);
        let (mut facts, clock) = (Vec::new(), self.clock_fact());
        let reported = row.meaning(self.study, "sae.reported");
        for key in kept.into_iter().filter(|key| !relations.contains(key)) {
            if !long(self, &key) {
                facts.push(self.fact(&key)?);
            }
            if reported.as_ref() == Some(&key) {
                facts.extend(clock.clone());
            }
        }
        self.blocks.push(Block::Facts(facts));
        Ok(())
    }

    /// The adverse event's answers, and the criteria of seriousness that apply.
    pub fn event(&mut self) -> Result<(), SiteError> {
        self.heading(Text::Event);
        let Some(event) = self.event else {
            self.notice(Text::NoEvent.of(self.lang));
            return Ok(());
        };
        let apart = self.meaning(&event.row, &[CRITERION, RELATIONS[0], RELATIONS[1]]);
        let mut facts = Vec::new();
        for key in self.asked(&event.row).into_iter().filter(|key| !apart.contains(key)) {
            facts.push(self.fact(&key)?);
        }
        self.blocks.push(Block::Facts(facts));
        self.heading(Text::Criteria);
        let applies = |key: &CellKey| {
            let item = self.study.items.get(&key.item)?;
            let answer = study::rules::Answers::cell(self.book, key)?;
            let yes = item.kind.read(&answer.value).ok()? == Value::Bool(true) || answer.value == "Y";
            yes.then(|| item.question(self.lang).to_owned())
        };
        let criteria: Vec<String> = self.meaning(&event.row, &[CRITERION]).iter().filter_map(applies).collect();
        let none = || vec![Text::NoCriteria.of(self.lang).to_owned()];
        let lines = if criteria.is_empty() { none() } else { criteria };
        self.blocks.push(Block::Text(lines.iter().map(|line| format!("• {line}")).collect::<Vec<_>>().join("\n")));
        Ok(())
    }

    /// Every component of treatment apart: by the event's form, and by this report.
    pub fn relation(&mut self) -> Result<(), SiteError> {
        self.heading(Text::Relation);
        let mut keys = self.meaning(&self.report.row, &[REPORT_RELATION]);
        keys.extend(self.event.map(|event| self.meaning(&event.row, &RELATIONS)).unwrap_or_default());
        let mut facts = Vec::new();
        keys.retain(|key| self.is_asked(key));
        for key in &keys {
            facts.push(self.fact(key)?);
        }
        self.blocks.push(Block::Facts(facts));
        Ok(())
    }

    /// Doses and fractions before the event.
    pub fn exposure(&mut self) {
        self.heading(Text::Exposure);
        let Some(event) = self.event else { return };
        let Some(onset) = event.start.and_then(|start| start.day_number()) else {
            return self.notice(Text::OnsetUnknown.of(self.lang));
        };
        let lang = self.lang;
        let cycle = self.around.cycle_day(onset);
        let cycle = cycle.map(|(cycle, day)| Text::CycleDay.with(lang, &[("n", &day.to_string()), ("cycle", &cycle)]));
        let day = self.around.study_day(onset);
        let day = day.map(|day| Text::StudyDay.with(lang, &[("n", &day.to_string())]));
        let parts: Vec<String> = [Some(self.day(onset)), day, cycle].into_iter().flatten().collect();
        self.facts([(Text::Onset, parts.join(" · "))]);
        self.drugs(event, onset);
        self.radiotherapy(onset);
    }

    fn drugs(&mut self, event: &AdverseEvent, onset: i32) {
        let lang = self.lang;
        let dosing = self.around.safety.dosing(onset);
        if dosing.is_empty() {
            return self.text(Text::NoDrugs.of(lang));
        }
        let row = |dosing| {
            let drug = self.around.drug(dosing, Some(onset), event);
            let paused = if drug.paused { Text::Paused.of(lang) } else { &drug.dose };
            let because = if drug.because { format!(" ({})", Text::Changed.of(lang)) } else { String::new() };
            let to = drug.to.as_deref().map_or(Text::Ongoing.of(lang).to_owned(), |to| self.iso(to));
            vec![
                drug.drug.clone(),
                format!("{paused}{because}"),
                Text::To.with(lang, &[("from", &self.iso(&drug.from)), ("to", &to)]),
                drug.last.as_deref().map(|last| self.iso(last)).unwrap_or_default(),
                drug.since.map(|days| days.to_string()).unwrap_or_default(),
            ]
        };
        let rows: Vec<Vec<String>> = dosing.iter().map(row).collect();
        let head = [Text::Drug, Text::Dose, Text::Period, Text::LastDose, Text::DaysSince];
        self.table(&head, &[2.2, 2.4, 3.0, 1.5, 1.0], rows);
        self.text(Text::ExposureNote.of(lang));
    }

    fn radiotherapy(&mut self, onset: i32) {
        let courses = self.around.radiotherapy(onset);
        if courses.is_empty() {
            // A study without radiotherapy says nothing of it.
            if self.study.meanings.one("rt.fraction_date").is_some() {
                self.text(Text::NoFractions.of(self.lang));
            }
            return;
        }
        let row = |course: &screens::messages::CourseBefore| {
            let days = [("from", self.iso(&course.first)), ("to", self.iso(&course.last))];
            vec![
                course.target.clone(),
                course.fractions.to_string(),
                course.dose.clone(),
                Text::To.with(self.lang, &[(days[0].0, &days[0].1), (days[1].0, &days[1].1)]),
                course.since.to_string(),
            ]
        };
        let rows = courses.iter().map(row).collect();
        let head = [Text::Target, Text::Fractions, Text::Dose, Text::Days, Text::DaysSince];
        self.table(&head, &[2.2, 1.2, 1.2, 4.5, 1.0], rows);
    }

    /// The results behind the event.
    pub fn labs(&mut self) {
        let Some(event) = self.event else { return };
        self.heading(Text::Labs);
        let found = self.around.results(event);
        if found.is_empty() {
            return self.text(Text::NoLabs.of(self.lang));
        }
        let row = |link| {
            let result = self.around.result(link);
            vec![
                result.name,
                result.value,
                result.limits,
                Text::To
                    .with(self.lang, &[("from", &self.iso(&result.date)), ("to", &result.visit)])
                    .replace(" – ", " · "),
                result.grade.map(|grade| grade.to_string()).unwrap_or_default(),
            ]
        };
        let rows = found.iter().map(row).collect();
        let head = [Text::Test, Text::Value, Text::Limits, Text::Sample, Text::GradeHead];
        self.table(&head, &[2.6, 1.6, 1.8, 2.4, 0.7], rows);
        self.text(Text::LabsNote.of(self.lang));
    }

    /// What is told in words, and what stood nowhere else.
    pub fn narrative(&mut self) -> Result<(), SiteError> {
        self.heading(Text::Narrative);
        for key in self.asked(&self.report.row.clone()) {
            if self.printed.contains(&key) {
                continue;
            }
            let (question, words) = self.fact(&key)?;
            self.blocks.push(Block::Facts(vec![(question, String::new())]));
            self.blocks.push(Block::Text(words));
        }
        Ok(())
    }

    /// Who entered it, and what ties it to the data.
    pub fn provenance(&mut self) -> Result<(), SiteError> {
        self.heading(Text::Provenance);
        let (lang, now) = (self.lang, self.seat.now);
        let title = labels::form_title(self.study, &self.report.row.form.form, lang);
        let form = format!("{title}{}{}", Text::Comma.of(lang), self.declared()?);
        let entered = self.people()?.join("\n");
        let stands = self.seat.session.open.checkpoint(&self.seat.stamp())?.checkpoint;
        let tie = [("n", stands.seq.to_string()), ("digest", stands.head.to_string())];
        let tie = Text::Tie.with(lang, &[(tie[0].0, &tie[0].1), (tie[1].0, &tie[1].1)]);
        let device = format!("{} ({})", self.seat.device(), self.seat.session.open.device_key().public().words());
        self.facts([
            (Text::Form, form),
            (Text::EnteredBy, entered),
            (Text::Made, format!("{} {}", self.moment(&now.local()), now.offset())),
            (Text::Program, format!("Outpost {}", env!("CARGO_PKG_VERSION"))),
            (Text::Device, device),
            (Text::Journal, tie),
            (Text::State, format!("SHA-256 {}", stands.state)),
            (Text::Signature, Text::Unsigned.of(lang).to_owned()),
        ]);
        Ok(())
    }

    /// The paper.
    pub fn finish(self, subject: &str, made: Moment) -> Paper {
        let lang = self.lang;
        let number = |number: Option<rust_decimal::Decimal>| number.map_or("–".to_owned(), |n| n.to_string());
        let event = Text::EventNumber.with(lang, &[("n", &number(self.report.event))]);
        let report = Text::ReportNumber.with(lang, &[("n", &number(self.report.number))]);
        let site = format!("{} {}", Text::Site.of(lang), self.seat.site());
        let head = [self.study.protocol.as_str(), &site, subject, &event, &report].join(" · ");
        Paper {
            title: Text::Title.of(lang).to_owned(),
            lang: lang.to_owned(),
            made,
            head,
            foot: Text::Foot.of(lang).to_owned(),
            number: Text::Page.of(lang).to_owned(),
            blocks: self.blocks,
        }
    }

    /// How long the report took, where it went.
    fn clock_fact(&self) -> Option<(String, String)> {
        let (hours, now) = (reporting_hours(self.study)?, self.seat.now);
        let clock = self.report.clock(hours, now.instant(), now.offset())?;
        let at = self.moment(&deadline(&clock, now.offset()));
        let said = match clock.standing {
            Standing::InTime(minutes) => Text::InTime.with(self.lang, &[("time", &self.time(minutes))]),
            _ => String::new(),
        };
        let parts: Vec<String> = [at, said].into_iter().filter(|part| !part.is_empty()).collect();
        Some((Text::Deadline.of(self.lang).to_owned(), parts.join(Text::Comma.of(self.lang))))
    }

    fn declared(&mut self) -> Result<String, SiteError> {
        let form = self.book.form(&self.report.row.form);
        let last =
            form.into_iter().flat_map(|form| form.declarations()).max_by_key(|(id, origin, _)| (origin.tick, *id));
        let Some((_, origin, declared)) = last else { return Ok(Text::Open.of(self.lang).to_owned()) };
        let text = match declared {
            Declared::Complete => Text::Completed,
            Declared::NotDone(_) => Text::NotDone,
            Declared::Reopened(_) => return Ok(Text::Open.of(self.lang).to_owned()),
        };
        let who = self.person(origin)?;
        Ok(text.with(self.lang, &[("who", &who), ("at", &self.local(origin))]))
    }

    /// Everybody whose answers stand in the rows of event and report, with the time of their last one.
    fn people(&mut self) -> Result<Vec<String>, SiteError> {
        let rows: Vec<&RowAt> =
            [Some(&self.report.row), self.event.map(|event| &event.row)].into_iter().flatten().collect();
        let mut last: BTreeMap<(String, String), Origin> = BTreeMap::new();
        for row in rows {
            let cells = row.cells(self.study).filter_map(|key| self.book.cell(&key).cloned()).collect::<Vec<_>>();
            for (_, given) in cells.iter().flat_map(casebook::Cell::heads) {
                let origin = &given.origin;
                let known = last.entry((origin.log.to_string(), origin.by.to_string())).or_insert(origin.clone());
                if origin.tick > known.tick {
                    *known = origin.clone();
                }
            }
        }
        let mut people: Vec<Origin> = last.into_values().collect();
        people.sort_by_key(|origin| origin.tick);
        people
            .iter()
            .map(|origin| Ok(format!("{}{}{}", self.person(origin)?, Text::Comma.of(self.lang), self.local(origin))))
            .collect()
    }

    fn person(&mut self, origin: &Origin) -> Result<String, SiteError> {
        let role = self.seat.session.open.roster()?.account(&origin.log, &origin.by).map(|account| account.role);
        let name = self.seat.name_in(&origin.log, &origin.by)?;
        Ok(match role {
            Some(role) => format!("{name} ({})", texts::role(role, self.lang)),
            None => name,
        })
    }

    fn local(&self, origin: &Origin) -> String {
        format!("{} {}", self.moment(&origin.at.local(origin.tz)), origin.tz)
    }

    /// A question with its answer; remembers that it stands on the paper.
    fn fact(&mut self, key: &CellKey) -> Result<(String, String), SiteError> {
        self.printed.insert(key.clone());
        let question = self.study.items.get(&key.item).map(|item| item.question(self.lang).to_owned());
        Ok((question.unwrap_or_default(), self.answer(key)?))
    }

    fn answer(&mut self, key: &CellKey) -> Result<String, SiteError> {
        let Some(cell) = self.book.cell(key) else { return Ok(Text::Empty.of(self.lang).to_owned()) };
        Ok(match cell.state() {
            CellState::Empty => Text::Empty.of(self.lang).to_owned(),
            CellState::Missing(_, missing) => texts::missing(missing, self.lang).to_owned(),
            CellState::Conflict => {
                let mut sides = Vec::new();
                for (_, given) in cell.heads() {
                    sides.push(self.seat.stored(given)?);
                }
                Text::Conflict.with(self.lang, &[("values", &sides.join(" / "))])
            }
            CellState::Answered(_) | CellState::Derived(_) => match text_in(self.book, key) {
                Some(words) => self.words(words)?,
                None => said(self.study, self.book, key, self.lang),
            },
        })
    }

    fn words(&self, words: Words) -> Result<String, SiteError> {
        let text = self.seat.words(words)?;
        Ok(if text.is_empty() { Text::Redacted.of(self.lang).to_owned() } else { text })
    }

    /// The cells of a row that skip logic shows, in the order of the form.
    fn asked(&self, row: &RowAt) -> Vec<CellKey> {
        row.cells(self.study).filter(|key| self.is_asked(key)).collect()
    }

    fn is_asked(&self, key: &CellKey) -> bool {
        !self.book.cell(key).is_some_and(casebook::Cell::is_hidden)
    }

    fn is_long(&self, key: &CellKey) -> bool {
        let Some(item) = self.study.items.get(&key.item) else { return false };
        let free = self.study.is_free_text(item);
        free && (item.control == Some(Control::Long)
            || item.length.is_some_and(|length| usize::try_from(length).unwrap_or(usize::MAX) > BESIDE))
    }

    fn meaning(&self, row: &RowAt, concepts: &[&str]) -> Vec<CellKey> {
        let means = |key: &CellKey| concepts.iter().any(|concept| self.study.meanings.is(&key.item, concept));
        row.cells(self.study).filter(means).collect()
    }

    fn heading(&mut self, text: Text) {
        self.blocks.push(Block::Heading(text.of(self.lang).to_owned()));
    }

    fn notice(&mut self, text: &str) {
        self.blocks.push(Block::Notice(text.to_owned()));
    }

    fn text(&mut self, text: &str) {
        self.blocks.push(Block::Text(text.to_owned()));
    }

    fn facts<const N: usize>(&mut self, facts: [(Text, String); N]) {
        let worded = facts.into_iter().filter(|(_, value)| !value.is_empty());
        self.blocks.push(Block::Facts(worded.map(|(name, value)| (name.of(self.lang).to_owned(), value)).collect()));
    }

    fn table(&mut self, head: &[Text], widths: &[f32], rows: Vec<Vec<String>>) {
        let head = head.iter().map(|text| text.of(self.lang).to_owned()).collect();
        self.blocks.push(Block::Table { head, widths: widths.to_vec(), rows });
    }

    fn time(&self, minutes: i64) -> String {
        Text::Hours.with(self.lang, &[("h", &(minutes / 60).to_string()), ("m", &(minutes % 60).to_string())])
    }

    fn day(&self, day: i32) -> String {
        PartialDate::from_day_number(day).map(|date| display(&Value::Date(date), self.lang)).unwrap_or_default()
    }

    /// An ISO date in words.
    fn iso(&self, iso: &str) -> String {
        iso.parse().map(|date| display(&Value::Date(date), self.lang)).unwrap_or_else(|_| iso.to_owned())
    }

    /// An ISO moment in words, to the minute.
    fn moment(&self, iso: &str) -> String {
        let minute = iso.get(..16).unwrap_or(iso);
        minute.parse().map(|moment| display(&Value::DateTime(moment), self.lang)).unwrap_or_else(|_| iso.to_owned())
    }
}
