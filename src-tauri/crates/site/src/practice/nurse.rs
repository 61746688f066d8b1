//! The invented nurse: enters a patient's visits field by field through the same acts as a person, corrects what a check
//! points out where the chart says otherwise, and confirms with a comment where it does not.

use std::collections::{BTreeMap, BTreeSet};

use casebook::book::CellState as Answer;
use casebook::{Given, Stored};
use study::value::PartialDate;
use study::{EventKind, FormKey, Oid, Study};

use super::chart::{Chart, Source, Template};
use super::invent::candidates;
use super::patient::{Patient, Place, Typed};
use super::trial::Phone;
use crate::desk::Seat;
use crate::messages::{CellState, Control, FormShape, FormState, FormStatus, RandomiseStep, RowState};
use crate::{Now, SiteError, place};

/// Answers tried in one field before the last one stays.
const MOST_TRIES: usize = 6;
/// Of a hundred forms of the last session, those that are left half done.
const LEFT: u32 = 18;
/// How often a number is read again that a check refuses.
const READINGS: usize = 3;
/// Most answers in a form that is left half done.
const MOST_HALF: u32 = 6;
/// The language in which an invented nurse reads.
pub(super) const LANG: &str = "en";
/// Of a thousand fields, those that are mistyped at first.
const SLIPS: u32 = 4;
/// Of a hundred partial responses, those that a reader calls stable.
const MISREADS: u32 = 5;
/// The responses that a reader enters, by what the study calls them.
const PARTS: [&str; 3] = ["tumour.response.target", "tumour.response.other", "tumour.response.overall"];
/// There are no lesions of the kind.
const NO_LESIONS: &str = "NONE";
/// The nurse's reason for a correction, and comment on what is unusual but true.
const CORRECTED: &str = "Corrected (sample).";
const CHECKED: &str = "Checked against the chart (sample).";

/// A nurse with one patient's chart.
pub(super) struct Nurse<'a, 'd> {
    pub(super) seat: &'a mut Seat<'d>,
    pub(super) chart: &'a Chart,
    pub(super) patient: &'a mut Patient,
    /// It is the last session: some forms are left half done, so that a newcomer finds something to do.
    pub(super) hurries: bool,
}

/// A row that was added, and what all of it says.
struct Sown<'c> {
    group: Oid,
    repeat: String,
    at: usize,
    template: Option<&'c Template>,
    /// What stands in the row on which it hangs.
    source: BTreeMap<Oid, String>,
}

impl<'a> Nurse<'a, '_> {
    /// One visit with its forms.
    pub(super) fn visit(&mut self, event: &str, date: PartialDate) -> Result<(), SiteError> {
        let view = self.seat.event_date(&self.patient.key, event, &date.to_string(), None, LANG)?;
        let Some(column) = view.events.iter().position(|column| column.key == event) else { return Ok(()) };
        let marks = view.forms.iter().filter_map(|row| row.cells.get(column)?.as_ref());
        let forms: Vec<_> = marks.map(|mark| mark.key.clone()).collect();
        for (nth, form) in forms.iter().enumerate() {
            self.enter(form, date, self.hurries && nth + 1 == forms.len())?;
        }
        Ok(())
    }

    /// Asks for the allocation once nothing stands against it, calls the center, and reveals what it answers.
    pub(super) fn randomise(&mut self, study: &Study, phone: Phone<'_>, now: Now) -> Result<(), SiteError> {
        if self.patient.knows_arm || self.seat.randomise_view(&self.patient.key, LANG)?.step != RandomiseStep::Ready {
            return self.settle_arm(study);
        }
        let asked = self.seat.randomise_request(&self.patient.key, LANG)?;
        let code = asked.request.map(|request| request.groups.join("-")).unwrap_or_default();
        if let Some(answer) = phone(&code, now) {
            let view = self.seat.randomise_reveal(&self.patient.key, &answer, LANG)?;
            if let Some(allocation) = view.allocation {
                let state = self.seat.form_state(&self.patient.key, &allocation.form, LANG)?;
                self.conclude(study, state)?;
            }
        }
        self.settle_arm(study)
    }

    /// Once the arm is known, the course takes its turn.
    fn settle_arm(&mut self, study: &Study) -> Result<(), SiteError> {
        let Some(arm) = self.arm(study)?.filter(|_| !self.patient.knows_arm) else { return Ok(()) };
        self.patient.knows_arm = true;
        self.patient.local = arm == self.chart.local_arm;
        self.patient.course.treat(self.patient.local);
        Ok(())
    }

    fn arm(&mut self, study: &Study) -> Result<Option<String>, SiteError> {
        let Some(item) = study.meanings.one("subject.arm") else { return Ok(None) };
        self.code_of(item)
    }

    /// What the patient's forms say for an item: the first answer that is no text.
    fn code_of(&mut self, item: &Oid) -> Result<Option<String>, SiteError> {
        let book = self.seat.known(&self.patient.key)?;
        let mut cells = book.forms().flat_map(|(_, form)| form.cells()).filter(|(place, _)| place.item == *item);
        Ok(cells.find_map(|(_, cell)| match cell.state() {
            Answer::Answered(Given { value: Some(Stored::Plain(code)), .. }) => Some(code.as_str().to_owned()),
            _ => None,
        }))
    }

    /// What is known of the patient of all that the rows of a group ask for.
    fn asked_by(&mut self, group: &Oid) -> Result<BTreeMap<Oid, String>, SiteError> {
        let chart = self.chart;
        let items = chart.groups.get(group).into_iter().flat_map(|plan| &plan.rows).flat_map(|row| row.only.keys());
        let mut known = BTreeMap::new();
        for item in items {
            if let Some(code) = self.code_of(item)? {
                known.insert(item.clone(), code);
            }
        }
        Ok(known)
    }

    /// The running records as they stand on a day: all that are left, or those that do not wait for the end.
    pub(super) fn records(&mut self, date: PartialDate, only_early: bool) -> Result<(), SiteError> {
        let view = self.seat.subject_view(&self.patient.key, LANG)?;
        let study = self.seat.study();
        for (at, column) in view.events.iter().enumerate() {
            if place::event(&study, &column.key)?.1.kind != EventKind::Common {
                continue;
            }
            let marks = view.forms.iter().filter_map(|row| row.cells.get(at)?.as_ref());
            for form in marks.map(|mark| mark.key.clone()).collect::<Vec<_>>() {
                let oid = place::form(&study, &form)?.0.form;
                if self.patient.recorded.contains(&oid) || (only_early && !self.is_due(&oid, date)) {
                    continue;
                }
                let stops = self.hurries && self.patient.dice.chance(LEFT);
                self.enter(&form, date, stops)?;
                self.patient.recorded.insert(oid);
            }
        }
        Ok(())
    }

    /// A word on what later entries made unusual in forms that are complete.
    pub(super) fn look_back(&mut self) -> Result<(), SiteError> {
        let view = self.seat.subject_view(&self.patient.key, LANG)?;
        let marks = view.forms.iter().flat_map(|row| row.cells.iter().flatten());
        let complete = marks.filter(|mark| mark.status == FormStatus::Complete).map(|mark| mark.key.clone());
        for form in complete.collect::<Vec<_>>() {
            let state = self.seat.form_state(&self.patient.key, &form, LANG)?;
            self.confirm(&state)?;
        }
        Ok(())
    }

    /// Whether a running record is entered before the next visit.
    fn is_due(&self, form: &Oid, date: PartialDate) -> bool {
        let holds = self.chart.forms.get(form).is_some_and(|when| self.patient.is(*when, date));
        holds && self.chart.early.contains(form)
    }

    /// One form: rows, answers, words on what a check asks, and completion when nothing stands against it.
    fn enter(&mut self, form: &str, date: PartialDate, stops: bool) -> Result<(), SiteError> {
        let study = self.seat.study();
        let (key, _) = place::form(&study, form)?;
        if self.chart.forms.get(&key.form).is_some_and(|when| !self.patient.is(*when, date)) {
            return Ok(());
        }
        let most_rows = if stops { 1 } else { usize::MAX };
        let rows = self.sow(&study, form, date, most_rows)?;
        let shape = self.seat.form_shape(&self.patient.key, form, LANG)?;
        let mut state = self.seat.form_state(&self.patient.key, form, LANG)?;
        // From top to bottom: an answer may bring further questions, which come next.
        let half = if stops { 1 + self.patient.dice.below(MOST_HALF) as usize } else { 0 };
        let mut asked = BTreeSet::new();
        while let Some((cell, mandatory)) =
            open_cells(&shape, &state).into_iter().find(|(cell, _)| !asked.contains(cell))
        {
            if stops && asked.len() >= half {
                return Ok(());
            }
            state = self.answer(&study, &cell, state, (date, &rows), mandatory)?;
            asked.insert(cell);
        }
        self.conclude(&study, state)
    }

    /// Adds the rows that the chart has, so many of a group at most.
    fn sow(&mut self, study: &Study, form: &str, date: PartialDate, most: usize) -> Result<Vec<Sown<'a>>, SiteError> {
        let (_, def) = place::form(study, form)?;
        let mut sown = Vec::new();
        for group in def.groups.iter().filter_map(|at| study.groups.get(&at.group)).filter(|group| group.repeating) {
            let per = self.chart.groups.get(&group.oid).and_then(|plan| plan.per.as_ref());
            let known = self.asked_by(&group.oid)?;
            let rows: Vec<_> = match per {
                Some(source) => {
                    let sources = self.sources(study, form, source)?;
                    let templates = self.patient.rows(self.chart, &group.oid, date, &known).into_iter().cycle();
                    templates.zip(sources).collect()
                }
                None => self
                    .patient
                    .rows(self.chart, &group.oid, date, &known)
                    .into_iter()
                    .map(|template| (template, BTreeMap::new()))
                    .collect(),
            };
            for (at, (template, source)) in rows.into_iter().take(most).enumerate() {
                let state = self.seat.row_add(&self.patient.key, form, &group.oid, LANG)?;
                let Some(row) = state.rows.iter().rev().find(|row| row.group == *group.oid) else { continue };
                sown.push(Sown { group: group.oid.clone(), repeat: row.repeat.clone(), at, template, source });
            }
        }
        Ok(sown)
    }

    /// The rows of another form of the same visit on which rows of this one hang.
    fn sources(&mut self, study: &Study, form: &str, source: &Source) -> Result<Vec<BTreeMap<Oid, String>>, SiteError> {
        let key = FormKey { form: source.form.clone(), ..place::form(study, form)?.0 };
        let state = self.seat.form_state(&self.patient.key, &key.to_string(), LANG)?;
        let rows = state.rows.iter().filter(|row| row.group == *source.group);
        let typed = rows.map(|row| typed(study, row)).collect::<Result<Vec<_>, _>>()?;
        Ok(typed.into_iter().filter(|row| row.get(&source.item) == Some(&source.code)).collect())
    }

    /// Types one answer: what the chart says, or else one that no check minds.
    fn answer(
        &mut self,
        study: &Study,
        cell: &str,
        before: FormState,
        (date, rows): (PartialDate, &[Sown<'a>]),
        needed: bool,
    ) -> Result<FormState, SiteError> {
        if find(&before, cell).is_none_or(|cell| !is_open(cell)) {
            return Ok(before);
        }
        let spot = place::cell(study, cell)?;
        let row = rows.iter().find(|row| row.group == spot.key.group && row.repeat == *spot.key.group_repeat);
        let at = Place {
            visit: date,
            nth: spot.key.form.event_repeat.number().unwrap_or(1),
            row: row.map_or(0, |row| row.at),
            template: row.and_then(|row| row.template),
            row_date: self.row_date(study, &before, &spot.key)?,
            said: row.map_or(Ok(BTreeMap::new()), |row| so_far(study, &before, row))?,
        };
        let said = match self.judged(study, &spot)? {
            Some(code) => Typed::Words(code),
            None => self.patient.say(self.chart, spot.item, &at),
        };
        match said {
            Typed::Words(words) => {
                if let Some(slip) = self.slip(&words) {
                    self.seat.save_item(&self.patient.key, cell, &slip, None, LANG)?;
                    return self.seat.save_item(&self.patient.key, cell, &words, Some(CORRECTED), LANG);
                }
                let (quiet, noise) = (refusals(&before), trouble(&before));
                let mut state = self.seat.save_item(&self.patient.key, cell, &words, None, LANG)?;
                for _ in 0..READINGS {
                    if !spot.item.kind.is_numeric() || refusals(&state) <= quiet {
                        break;
                    }
                    let Typed::Words(words) = self.patient.say(self.chart, spot.item, &at) else { break };
                    state = self.seat.save_item(&self.patient.key, cell, &words, Some(CORRECTED), LANG)?;
                }
                let refused = spot.item.codelist.is_some() && refusals(&state) > quiet;
                match refused || find(&state, cell).is_some_and(|cell| cell.draft.is_some()) {
                    true => self.try_out(study, cell, state, noise, date),
                    false => Ok(state),
                }
            }
            Typed::Nothing => Ok(before),
            Typed::Unknown if !needed && self.patient.dice.chance(8) => Ok(before),
            Typed::Unknown => {
                let noise = trouble(&before);
                self.try_out(study, cell, before, noise, date)
            }
        }
    }

    /// The investigator's response at an assessment: mostly what the rules give.
    fn judged(&mut self, study: &Study, spot: &place::Spot<'_>) -> Result<Option<String>, SiteError> {
        let part = PARTS.iter().find(|part| study.meanings.is(&spot.item.oid, part));
        let Some(part) = part else { return Ok(None) };
        let Some(course) = casebook::tumours::course(study, self.seat.known(&self.patient.key)?) else {
            return Ok(None);
        };
        let Some((_, point)) = course.at(&spot.key.form) else { return Ok(None) };
        let [target, other, overall] = [point.target, point.non_target, Some(point.overall)];
        let response = [target, other, overall][PARTS.iter().position(|known| known == part).unwrap_or(2)];
        let code = response.map_or(NO_LESIONS, |response| response.code());
        // Now and then a reader sees it otherwise; the finding says so.
        let otherwise = code == "PR" && self.patient.dice.chance(MISREADS);
        Ok(Some(if otherwise { "SD" } else { code }.to_owned()))
    }

    /// A number with a digit too many, now and then.
    fn slip(&mut self, words: &str) -> Option<String> {
        let slips = self.patient.dice.below(1000) < SLIPS;
        let slip = words.replacen(|c: char| c.is_ascii_digit(), "3", 1);
        (slips && slip != words && words.parse::<f64>().is_ok()).then_some(slip)
    }

    /// Tries answers until the checks have no more to say than they had.
    fn try_out(
        &mut self,
        study: &Study,
        cell: &str,
        before: FormState,
        quiet: u32,
        date: PartialDate,
    ) -> Result<FormState, SiteError> {
        let spot = place::cell(study, cell)?;
        let corrects = find(&before, cell).is_some_and(|cell| !cell.display.is_empty());
        let mut best: Option<(u32, String)> = None;
        let mut last = before;
        let answers = candidates(study, spot.item, date, &mut self.patient.dice).into_iter().take(MOST_TRIES);
        for (tries, answer) in answers.enumerate() {
            let reason = (corrects || tries > 0).then_some(CORRECTED);
            last = self.seat.save_item(&self.patient.key, cell, &answer, reason, LANG)?;
            if find(&last, cell).is_some_and(|cell| cell.draft.is_some()) {
                continue;
            }
            let noise = trouble(&last).saturating_sub(quiet);
            if noise == 0 {
                return Ok(last);
            }
            if best.as_ref().is_none_or(|(least, _)| noise < *least) {
                best = Some((noise, answer));
            }
        }
        // What need not be known is left out rather than left wrong.
        let Some((_, answer)) = best else { return Ok(last) };
        let answer = if spot.at.mandatory { answer } else { String::new() };
        self.seat.save_item(&self.patient.key, cell, &answer, Some(CORRECTED), LANG)
    }

    /// The first whole date that stands in the same row.
    fn row_date(
        &self,
        study: &Study,
        state: &FormState,
        key: &study::CellKey,
    ) -> Result<Option<PartialDate>, SiteError> {
        let row = state.rows.iter().find(|row| row.group == *key.group && row.repeat == *key.group_repeat);
        for cell in row.into_iter().flat_map(|row| &row.cells).filter(|cell| !cell.display.is_empty()) {
            let spot = place::cell(study, &cell.key)?;
            if spot.item.kind.is_date() {
                return Ok(spot.item.kind.read(&cell.typed).ok().and_then(|value| value.as_date()));
            }
        }
        Ok(None)
    }

    /// Words on soft findings, then completion where nothing stands against it.
    fn conclude(&mut self, study: &Study, state: FormState) -> Result<(), SiteError> {
        if state.status == FormStatus::Empty {
            return Ok(());
        }
        self.confirm(&state)?;
        for blocker in state.blockers.iter().filter(|blocker| blocker.kind == "mandatory") {
            let spot = place::cell(study, &blocker.key)?;
            if let Some(reason) = spot.item.missing_allowed.first().filter(|_| !spot.is_allocated(study)) {
                self.seat.save_missing(&self.patient.key, &blocker.key, reason.code(), None, LANG)?;
            }
        }
        match self.seat.form_complete(&self.patient.key, &state.key, LANG) {
            // What a check forbids stays open: it is the work that is left.
            Ok(_) | Err(SiteError::Blocked) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

impl Nurse<'_, '_> {
    /// A word on each soft finding of a form.
    fn confirm(&mut self, state: &FormState) -> Result<(), SiteError> {
        for blocker in state.blockers.iter().filter(|blocker| blocker.kind == "soft") {
            self.seat.confirm_finding(&self.patient.key, &blocker.key, &blocker.rule, CHECKED, LANG)?;
        }
        Ok(())
    }
}

/// The fields that wait for an answer, and whether each is needed.
fn open_cells(shape: &FormShape, state: &FormState) -> Vec<(String, bool)> {
    let mut open = Vec::new();
    for row in &state.rows {
        let Some(group) = shape.groups.iter().find(|group| group.oid == row.group) else { continue };
        let cells = group.items.iter().zip(&row.cells);
        let typed = cells.filter(|(item, _)| !matches!(item.control, Control::Derived | Control::File));
        open.extend(typed.filter(|(_, cell)| is_open(cell)).map(|(item, cell)| (cell.key.clone(), item.mandatory)));
    }
    open
}

fn find<'s>(state: &'s FormState, key: &str) -> Option<&'s CellState> {
    state.rows.iter().flat_map(|row| &row.cells).find(|cell| cell.key == key)
}

/// Whether a field waits for an answer.
fn is_open(cell: &CellState) -> bool {
    cell.visible && cell.display.is_empty() && cell.missing.is_empty() && cell.conflict.is_empty()
}

/// What is typed in the row on which one hangs, and in itself so far.
fn so_far(study: &Study, state: &FormState, sown: &Sown<'_>) -> Result<BTreeMap<Oid, String>, SiteError> {
    let mut said = sown.source.clone();
    let mut rows = state.rows.iter().filter(|row| row.group == *sown.group && row.repeat == *sown.repeat);
    if let Some(row) = rows.next().filter(|_| !said.is_empty()) {
        said.extend(typed(study, row)?);
    }
    Ok(said)
}

/// What is typed in a row.
fn typed(study: &Study, row: &RowState) -> Result<BTreeMap<Oid, String>, SiteError> {
    let answered = row.cells.iter().filter(|cell| !cell.typed.is_empty());
    answered.map(|cell| Ok((place::cell(study, &cell.key)?.key.item, cell.typed.clone()))).collect()
}

/// How many answers the form's hard checks refuse.
fn refusals(state: &FormState) -> usize {
    state.blockers.iter().filter(|blocker| blocker.kind == "hard").count()
}

/// How much a form's checks have to say.
fn trouble(state: &FormState) -> u32 {
    let weight = |kind: &str| match kind {
        "hard" => 3,
        "soft" => 1,
        _ => 0,
    };
    state.blockers.iter().map(|blocker| weight(&blocker.kind)).sum()
}
