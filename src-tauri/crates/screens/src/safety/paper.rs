//! The content of the printed report of a serious adverse event, section by section.

use std::collections::{BTreeMap, BTreeSet};

use casebook::book::Declared;
use casebook::{CellState, FreeTextId, Given, Origin, Stored};
use clinical::labs::Labs;
use clinical::safety::{AdverseEvent, Report, RowAt, Standing, reporting_hours};
use study::value::{PartialDate, Value, display};
use study::{CellKey, Control};

use super::clocks::deadline;
use super::texts::{self, Text};
use super::{Context, answer, free_text_in};
use crate::messages::CourseBefore;
use crate::paper::{Block, Moment, Paper};
use crate::{View, lists};

/// Setting: the sponsor's name as it is printed.
const SPONSOR: &str = "SPONSOR";
/// Concepts of an adverse event that have a section of their own.
const CRITERION: &str = "ae.criterion";
const RELATIONS: [&str; 2] = ["ae.relation", "ae.action"];
const REPORT_RELATION: &str = "sae.relation";
/// Most characters of a free text that stands beside its question.
const BESIDE: usize = 200;

/// What ties a report to the data that it was made from.
pub struct Provenance {
    /// The last entry of the computer's journal.
    pub seq: u64,
    /// That entry's id, hexadecimal.
    pub head: String,
    /// SHA-256 of all data, hexadecimal.
    pub state: String,
    /// The fingerprint of the computer's key, in words.
    pub fingerprint: String,
    /// The program's version.
    pub program: &'static str,
}

/// The report in a row of reports; none where the row holds no report.
pub fn report(view: &View<'_>, row: &RowAt, provenance: &Provenance) -> Option<Paper> {
    let labs = Labs::new(view.study, view.book);
    let context = Context::read(*view, &labs)?;
    let report = context.safety.report(row)?;
    let event = context.safety.event_of(report);
    let mut draft =
        Draft { view: *view, context: &context, report, event, blocks: Vec::new(), printed: BTreeSet::new() };
    draft.clock();
    draft.trial();
    draft.this_report();
    draft.event();
    draft.relation();
    draft.exposure();
    draft.labs();
    draft.narrative();
    draft.provenance(provenance);
    Some(draft.finish())
}

/// A report that is being put together.
struct Draft<'a> {
    view: View<'a>,
    context: &'a Context<'a>,
    report: &'a Report,
    event: Option<&'a AdverseEvent>,
    blocks: Vec<Block>,
    /// Cells that are printed already.
    printed: BTreeSet<CellKey>,
}

impl Draft<'_> {
    /// What must be known before anything else: whether it is practice, a draft, late.
    fn clock(&mut self) {
        if self.view.reader.practice {
            self.notice(Text::Practice.of(self.view.language));
        }
        let form = self.view.book.form(&self.report.row.form).map(casebook::Form::status);
        if form != Some(casebook::FormStatus::Complete) {
            self.notice(Text::Draft.of(self.view.language));
        }
        let Some(hours) = reporting_hours(self.view.study) else { return };
        let now = self.view.now;
        let Some(clock) = self.report.clock(hours, now.instant(), now.offset()) else {
            return self.notice(Text::Unaware.of(self.view.language));
        };
        let (text, minutes) = match clock.standing {
            Standing::Due(minutes) => (Text::NotReported, minutes),
            Standing::Overdue(minutes) => (Text::Overdue, minutes),
            Standing::Late(minutes) => (Text::Late, minutes),
            Standing::InTime(_) => return,
        };
        let (at, time) = (self.moment(&deadline(&clock, now.offset())), self.time(minutes));
        let places = [("at", at.as_str()), ("time", &time), ("hours", &hours.to_string())];
        self.notice(&text.with(self.view.language, &places));
    }

    /// Trial, site, and the subject by number.
    fn trial(&mut self) {
        self.heading(Text::Trial);
        let study = self.view.study;
        let facts = lists::facts(study, &self.view.book.summary(), self.view.language).join(" · ");
        let sponsor = study.setting(SPONSOR).unwrap_or(Text::Empty.of(self.view.language)).to_owned();
        self.facts([
            (Text::Sponsor, sponsor),
            (Text::Protocol, format!("{}{}{}", study.protocol, Text::Colon.of(self.view.language), study.title())),
            (Text::StudyVersion, format!("{} ({})", study.metadata_version_name, study.metadata_version)),
            (Text::Site, self.view.reader.site.clone()),
            (Text::Subject, self.view.subject().to_owned()),
            (Text::AtAGlance, facts),
        ]);
    }

    /// The report's own answers but for what has sections below.
    fn this_report(&mut self) {
        self.heading(Text::Report);
        let row = self.report.row.clone();
        let relations = self.meaning(&row, &[REPORT_RELATION]);
        let long = |draft: &Self, key: &CellKey| draft.is_long(key);
        let kept: Vec<CellKey> = self.asked(&row);
        let (mut facts, clock) = (Vec::new(), self.clock_fact());
        let reported = row.meaning(self.view.study, "sae.reported");
        for key in kept.into_iter().filter(|key| !relations.contains(key)) {
            if !long(self, &key) {
                facts.push(self.fact(&key));
            }
            if reported.as_ref() == Some(&key) {
                facts.extend(clock.clone());
            }
        }
        self.blocks.push(Block::Facts(facts));
    }

    /// The adverse event's answers, and the criteria of seriousness that apply.
    fn event(&mut self) {
        self.heading(Text::Event);
        let Some(event) = self.event else {
            self.notice(Text::NoEvent.of(self.view.language));
            return;
        };
        let apart = self.meaning(&event.row, &[CRITERION, RELATIONS[0], RELATIONS[1]]);
        let mut facts = Vec::new();
        for key in self.asked(&event.row).into_iter().filter(|key| !apart.contains(key)) {
            facts.push(self.fact(&key));
        }
        self.blocks.push(Block::Facts(facts));
        self.heading(Text::Criteria);
        let applies = |key: &CellKey| {
            let item = self.view.study.items.get(&key.item)?;
            let answer = study::rules::Answers::cell(self.view.book, key)?;
            let yes = item.kind.read(&answer.value).ok()? == Value::Bool(true) || answer.value == "Y";
            yes.then(|| item.question(self.view.language).to_owned())
        };
        let criteria: Vec<String> = self.meaning(&event.row, &[CRITERION]).iter().filter_map(applies).collect();
        let none = || vec![Text::NoCriteria.of(self.view.language).to_owned()];
        let lines = if criteria.is_empty() { none() } else { criteria };
        self.blocks.push(Block::Text(lines.iter().map(|line| format!("• {line}")).collect::<Vec<_>>().join("\n")));
    }

    /// Every component of treatment apart: by the event's form, and by this report.
    fn relation(&mut self) {
        self.heading(Text::Relation);
        let mut keys = self.meaning(&self.report.row, &[REPORT_RELATION]);
        keys.extend(self.event.map(|event| self.meaning(&event.row, &RELATIONS)).unwrap_or_default());
        let mut facts = Vec::new();
        keys.retain(|key| self.is_asked(key));
        for key in &keys {
            facts.push(self.fact(key));
        }
        self.blocks.push(Block::Facts(facts));
    }

    /// Doses and fractions before the event.
    fn exposure(&mut self) {
        self.heading(Text::Exposure);
        let Some(event) = self.event else { return };
        let Some(onset) = event.start.and_then(|start| start.day_number()) else {
            return self.notice(Text::OnsetUnknown.of(self.view.language));
        };
        let lang = self.view.language;
        let cycle = self.context.cycle_day(onset);
        let cycle = cycle.map(|(cycle, day)| Text::CycleDay.with(lang, &[("n", &day.to_string()), ("cycle", &cycle)]));
        let day = self.context.study_day(onset);
        let day = day.map(|day| Text::StudyDay.with(lang, &[("n", &day.to_string())]));
        let parts: Vec<String> = [Some(self.day(onset)), day, cycle].into_iter().flatten().collect();
        self.facts([(Text::Onset, parts.join(" · "))]);
        self.drugs(event, onset);
        self.radiotherapy(onset);
    }

    fn drugs(&mut self, event: &AdverseEvent, onset: i32) {
        let lang = self.view.language;
        let dosing = self.context.safety.dosing(onset);
        if dosing.is_empty() {
            return self.text(Text::NoDrugs.of(lang));
        }
        let row = |dosing| {
            let drug = self.context.drug(dosing, Some(onset), event);
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
        let courses = self.context.radiotherapy(onset);
        if courses.is_empty() {
            // A study without radiotherapy says nothing of it.
            if self.view.study.meanings.one("rt.fraction_date").is_some() {
                self.text(Text::NoFractions.of(self.view.language));
            }
            return;
        }
        let row = |course: &CourseBefore| {
            let days = [("from", self.iso(&course.first)), ("to", self.iso(&course.last))];
            vec![
                course.target.clone(),
                course.fractions.to_string(),
                course.dose.clone(),
                Text::To.with(self.view.language, &[(days[0].0, &days[0].1), (days[1].0, &days[1].1)]),
                course.since.to_string(),
            ]
        };
        let rows = courses.iter().map(row).collect();
        let head = [Text::Target, Text::Fractions, Text::Dose, Text::Days, Text::DaysSince];
        self.table(&head, &[2.2, 1.2, 1.2, 4.5, 1.0], rows);
    }

    /// The results behind the event.
    fn labs(&mut self) {
        let Some(event) = self.event else { return };
        self.heading(Text::Labs);
        let found = self.context.results(event);
        if found.is_empty() {
            return self.text(Text::NoLabs.of(self.view.language));
        }
        let row = |link| {
            let result = self.context.result(link);
            vec![
                result.name,
                result.value,
                result.limits,
                Text::To
                    .with(self.view.language, &[("from", &self.iso(&result.date)), ("to", &result.visit)])
                    .replace(" – ", " · "),
                result.grade.map(|grade| grade.to_string()).unwrap_or_default(),
            ]
        };
        let rows = found.iter().map(row).collect();
        let head = [Text::Test, Text::Value, Text::Limits, Text::Sample, Text::GradeHead];
        self.table(&head, &[2.6, 1.6, 1.8, 2.4, 0.7], rows);
        self.text(Text::LabsNote.of(self.view.language));
    }

    /// What is told in words, and what stood nowhere else.
    fn narrative(&mut self) {
        self.heading(Text::Narrative);
        for key in self.asked(&self.report.row.clone()) {
            if self.printed.contains(&key) {
                continue;
            }
            let (question, words) = self.fact(&key);
            self.blocks.push(Block::Facts(vec![(question, String::new())]));
            self.blocks.push(Block::Text(words));
        }
    }

    /// Who entered it, and what ties it to the data.
    fn provenance(&mut self, from: &Provenance) {
        self.heading(Text::Provenance);
        let (lang, now) = (self.view.language, self.view.now);
        let title = self.view.form_title(&self.report.row.form);
        let form = format!("{title}{}{}", Text::Comma.of(lang), self.declared());
        let entered = self.people().join("\n");
        let tie = [("n", from.seq.to_string()), ("digest", from.head.clone())];
        let tie = Text::Tie.with(lang, &[(tie[0].0, &tie[0].1), (tie[1].0, &tie[1].1)]);
        let device = format!("{} ({})", self.view.reader.device, from.fingerprint);
        self.facts([
            (Text::Form, form),
            (Text::EnteredBy, entered),
            (Text::Made, format!("{} {}", self.moment(&now.local()), now.offset())),
            (Text::Program, format!("Outpost {}", from.program)),
            (Text::Device, device),
            (Text::Journal, tie),
            (Text::State, format!("SHA-256 {}", from.state)),
            (Text::Signature, Text::Unsigned.of(lang).to_owned()),
        ]);
    }

    /// The paper.
    fn finish(self) -> Paper {
        let (lang, now) = (self.view.language, self.view.now);
        let number = |number: Option<rust_decimal::Decimal>| number.map_or("–".to_owned(), |n| n.to_string());
        let event = Text::EventNumber.with(lang, &[("n", &number(self.report.event))]);
        let report = Text::ReportNumber.with(lang, &[("n", &number(self.report.number))]);
        let site = format!("{} {}", Text::Site.of(lang), self.view.reader.site);
        let head = [self.view.study.protocol.as_str(), &site, self.view.subject(), &event, &report].join(" · ");
        Paper {
            title: Text::Title.of(lang).to_owned(),
            lang: lang.to_owned(),
            made: Moment::local(&now.local(), now.offset_minutes),
            head,
            foot: Text::Foot.of(lang).to_owned(),
            number: Text::Page.of(lang).to_owned(),
            blocks: self.blocks,
        }
    }

    /// How long the report took, where it went.
    fn clock_fact(&self) -> Option<(String, String)> {
        let (hours, now) = (reporting_hours(self.view.study)?, self.view.now);
        let clock = self.report.clock(hours, now.instant(), now.offset())?;
        let at = self.moment(&deadline(&clock, now.offset()));
        let said = match clock.standing {
            Standing::InTime(minutes) => Text::InTime.with(self.view.language, &[("time", &self.time(minutes))]),
            _ => String::new(),
        };
        let parts: Vec<String> = [at, said].into_iter().filter(|part| !part.is_empty()).collect();
        Some((Text::Deadline.of(self.view.language).to_owned(), parts.join(Text::Comma.of(self.view.language))))
    }

    fn declared(&self) -> String {
        let form = self.view.book.form(&self.report.row.form);
        let last =
            form.into_iter().flat_map(|form| form.declarations()).max_by_key(|(id, origin, _)| (origin.tick, *id));
        let Some((_, origin, declared)) = last else { return Text::Open.of(self.view.language).to_owned() };
        let text = match declared {
            Declared::Complete => Text::Completed,
            Declared::NotDone(_) => Text::NotDone,
            Declared::Reopened(_) => return Text::Open.of(self.view.language).to_owned(),
        };
        let who = self.person(origin);
        text.with(self.view.language, &[("who", &who), ("at", &self.local(origin))])
    }

    /// Everybody whose answers stand in the rows of event and report, with the time of their last one.
    fn people(&self) -> Vec<String> {
        let rows: Vec<&RowAt> =
            [Some(&self.report.row), self.event.map(|event| &event.row)].into_iter().flatten().collect();
        let mut last: BTreeMap<(String, String), Origin> = BTreeMap::new();
        for row in rows {
            let cells =
                row.cells(self.view.study).filter_map(|key| self.view.book.cell(&key).cloned()).collect::<Vec<_>>();
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
        let said =
            |origin| format!("{}{}{}", self.person(origin), Text::Comma.of(self.view.language), self.local(origin));
        people.iter().map(said).collect()
    }

    fn person(&self, origin: &Origin) -> String {
        let name = self.view.name(origin);
        match self.view.trial_state.account(&origin.log, &origin.by) {
            Some(account) => format!("{name} ({})", texts::role(account.role, self.view.language)),
            None => name,
        }
    }

    fn local(&self, origin: &Origin) -> String {
        format!("{} {}", self.moment(&origin.at.local(origin.tz)), origin.tz)
    }

    /// A question with its answer; remembers that it stands on the paper.
    fn fact(&mut self, key: &CellKey) -> (String, String) {
        self.printed.insert(key.clone());
        (self.view.question(&key.item), self.answer(key))
    }

    fn answer(&self, key: &CellKey) -> String {
        let Some(cell) = self.view.book.cell(key) else { return Text::Empty.of(self.view.language).to_owned() };
        match cell.state() {
            CellState::Empty => Text::Empty.of(self.view.language).to_owned(),
            CellState::Missing(_, missing) => texts::missing(missing, self.view.language).to_owned(),
            CellState::Conflict => {
                let sides: Vec<String> = cell.heads().map(|(_, given)| self.side(key, given)).collect();
                Text::Conflict.with(self.view.language, &[("values", &sides.join(" / "))])
            }
            CellState::Answered(_) | CellState::Derived(_) => match free_text_in(&self.view, key) {
                Some(id) => self.free_text(id),
                None => answer(&self.view, key),
            },
        }
    }

    /// One of the answers that differ.
    fn side(&self, key: &CellKey, given: &Given) -> String {
        match (&given.value, given.missing) {
            (Some(Stored::Text(id)), _) => self.free_text(*id),
            (Some(Stored::Plain(value)), _) => match self.view.study.items.get(&key.item) {
                Some(item) => self.view.measured(item, value.as_str(), given.unit.as_ref()),
                None => value.as_str().to_owned(),
            },
            (None, Some(missing)) => texts::missing(missing, self.view.language).to_owned(),
            (None, None) => Text::Empty.of(self.view.language).to_owned(),
        }
    }

    fn free_text(&self, id: FreeTextId) -> String {
        let text = self.view.free_text(id);
        if text.is_empty() { Text::Redacted.of(self.view.language).to_owned() } else { text }
    }

    /// The cells of a row that skip logic shows, in the order of the form.
    fn asked(&self, row: &RowAt) -> Vec<CellKey> {
        row.cells(self.view.study).filter(|key| self.is_asked(key)).collect()
    }

    fn is_asked(&self, key: &CellKey) -> bool {
        !self.view.book.cell(key).is_some_and(casebook::Cell::is_hidden)
    }

    fn is_long(&self, key: &CellKey) -> bool {
        let Some(item) = self.view.study.items.get(&key.item) else { return false };
        let free = self.view.study.is_free_text(item);
        free && (item.control == Some(Control::Long)
            || item.length.is_some_and(|length| usize::try_from(length).unwrap_or(usize::MAX) > BESIDE))
    }

    fn meaning(&self, row: &RowAt, concepts: &[&str]) -> Vec<CellKey> {
        let means = |key: &CellKey| concepts.iter().any(|concept| self.view.study.meanings.is(&key.item, concept));
        row.cells(self.view.study).filter(means).collect()
    }

    fn heading(&mut self, text: Text) {
        self.blocks.push(Block::Heading(text.of(self.view.language).to_owned()));
    }

    fn notice(&mut self, text: &str) {
        self.blocks.push(Block::Notice(text.to_owned()));
    }

    fn text(&mut self, text: &str) {
        self.blocks.push(Block::Text(text.to_owned()));
    }

    fn facts<const N: usize>(&mut self, facts: [(Text, String); N]) {
        let worded = facts.into_iter().filter(|(_, value)| !value.is_empty());
        self.blocks
            .push(Block::Facts(worded.map(|(name, value)| (name.of(self.view.language).to_owned(), value)).collect()));
    }

    fn table(&mut self, head: &[Text], widths: &[f32], rows: Vec<Vec<String>>) {
        let head = head.iter().map(|text| text.of(self.view.language).to_owned()).collect();
        self.blocks.push(Block::Table { head, widths: widths.to_vec(), rows });
    }

    fn time(&self, minutes: i64) -> String {
        Text::Hours.with(self.view.language, &[("h", &(minutes / 60).to_string()), ("m", &(minutes % 60).to_string())])
    }

    fn day(&self, day: i32) -> String {
        PartialDate::from_day_number(day)
            .map(|date| display(&Value::Date(date), self.view.language))
            .unwrap_or_default()
    }

    /// An ISO date in words.
    fn iso(&self, iso: &str) -> String {
        iso.parse().map(|date| display(&Value::Date(date), self.view.language)).unwrap_or_else(|_| iso.to_owned())
    }

    /// An ISO moment in words, to the minute.
    fn moment(&self, iso: &str) -> String {
        let minute = iso.get(..16).unwrap_or(iso);
        minute
            .parse()
            .map(|moment| display(&Value::DateTime(moment), self.view.language))
            .unwrap_or_else(|_| iso.to_owned())
    }
}
