//! An invented subject's visits, entered as a nurse would: field by field, correcting what a check points out.

use study::value::PartialDate;
use study::{EventKind, Study};

use super::invent::{Dice, candidates};
use crate::desk::{Desk, Seat};
use crate::messages::{CellState, Control, EventColumn, FormState, FormStatus, WindowState};
use crate::{Now, SiteError, place};

/// Visits entered of one subject at most.
const MOST_VISITS: usize = 9;
/// Answers tried in one field before the last one stays.
const MOST_TRIES: usize = 6;
/// Rounds over a form: an answer may bring further questions.
const ROUNDS: usize = 4;
/// The language in which an invented nurse reads.
const LANG: &str = "en";

/// Registers a subject and enters its visits until today, leaving some work to do. Gives its key.
///
/// # Errors
/// Nobody who enters data is signed in; what the vault says.
pub fn enter_subject(desk: &mut Desk, now: Now, seed: u64, n: u32) -> Result<String, SiteError> {
    let mut dice = Dice::new(seed, n);
    let mut seat = desk.seat(now)?;
    let subject = seat.subject_register()?;
    let today = day(&now.today())?;
    // The first subjects are the longest in the trial.
    let ago = 150_u32.saturating_sub(35 * (n % 4)) + dice.below(20);
    let start = today.plus_days(-i32::try_from(ago).unwrap_or(60)).ok_or(SiteError::NoSuch("date"))?;
    let mut nurse = Invented { seat: &mut seat, dice, subject: subject.clone() };
    let mut begun = 0;
    while let Some((event, date)) = nurse.next_visit(start, today)? {
        nurse.visit(&event, date)?;
        begun += 1;
        if begun == MOST_VISITS {
            break;
        }
    }
    nurse.logs(start)?;
    Ok(subject)
}

struct Invented<'a, 'd> {
    seat: &'a mut Seat<'d>,
    dice: Dice,
    subject: String,
}

impl Invented<'_, '_> {
    /// The next visit that is due by today, with the day on which it took place.
    fn next_visit(
        &mut self,
        start: PartialDate,
        today: PartialDate,
    ) -> Result<Option<(String, PartialDate)>, SiteError> {
        let view = self.seat.subject_view(&self.subject, LANG)?;
        let study = self.seat.study();
        let scheduled = |column: &&EventColumn| {
            let open = matches!(
                column.state,
                WindowState::Due | WindowState::Overdue | WindowState::Upcoming | WindowState::Unplanned
            );
            open && column.date.is_none() && kind(&study, column) == Some(EventKind::Scheduled)
        };
        let Some(first) = view.events.first() else { return Ok(None) };
        if first.date.is_none() {
            return Ok(Some((first.key.clone(), start)));
        }
        let mut due: Vec<(PartialDate, String)> = Vec::new();
        for column in view.events.iter().filter(scheduled) {
            if let Some(planned) = column.planned.as_deref().map(day).transpose()?
                && planned.earliest() <= today.earliest()
            {
                due.push((planned, column.key.clone()));
            }
        }
        due.sort_by_key(|(planned, key)| (planned.earliest(), key.clone()));
        // The latest visit of some subjects is still to be entered.
        if due.len() == 1 && self.dice.chance(35) {
            return Ok(None);
        }
        let Some((planned, key)) = due.into_iter().next() else { return Ok(None) };
        let off = i32::try_from(self.dice.below(3)).unwrap_or(0) - 1;
        let date = planned.plus_days(off).filter(|date| date.earliest() <= today.earliest()).unwrap_or(planned);
        Ok(Some((key, date)))
    }

    /// One visit with its forms.
    fn visit(&mut self, event: &str, date: PartialDate) -> Result<(), SiteError> {
        let view = self.seat.event_date(&self.subject, event, &date.to_string(), None, LANG)?;
        let Some(column) = view.events.iter().position(|column| column.key == event) else { return Ok(()) };
        let forms: Vec<String> =
            view.forms.iter().filter_map(|row| Some(row.cells.get(column)?.as_ref()?.key.clone())).collect();
        for form in forms {
            self.fill(&form, date)?;
        }
        Ok(())
    }

    /// Some rows in the running records: adverse events and the like. Nobody dies for practice.
    fn logs(&mut self, start: PartialDate) -> Result<(), SiteError> {
        let view = self.seat.subject_view(&self.subject, LANG)?;
        let study = self.seat.study();
        for (at, column) in view.events.iter().enumerate() {
            if kind(&study, column) != Some(EventKind::Common) {
                continue;
            }
            let forms =
                view.forms.iter().filter_map(|row| row.cells.get(at)?.as_ref()).filter(|mark| mark.rows.is_some());
            for form in forms.map(|mark| mark.key.clone()).collect::<Vec<_>>() {
                let later = i32::try_from(20 + self.dice.below(30)).unwrap_or(30);
                if self.dice.chance(75) {
                    self.fill(&form, start.plus_days(later).unwrap_or(start))?;
                }
            }
        }
        Ok(())
    }

    /// One form: rows, answers, words on what a check asks, and completion when nothing stands against it.
    fn fill(&mut self, form: &str, date: PartialDate) -> Result<(), SiteError> {
        self.add_rows(form)?;
        let stops = self.dice.chance(6);
        let shape = self.seat.form_shape(&self.subject, form, LANG)?;
        for round in 0..ROUNDS {
            let state = self.seat.form_state(&self.subject, form, LANG)?;
            let mut open: Vec<String> = Vec::new();
            for row in &state.rows {
                let Some(group) = shape.groups.iter().find(|group| group.oid == row.group) else { continue };
                let typed = group
                    .items
                    .iter()
                    .zip(&row.cells)
                    .filter(|(item, _)| !matches!(item.control, Control::Derived | Control::File));
                open.extend(typed.filter(|(_, cell)| is_open(cell)).map(|(_, cell)| cell.key.clone()));
            }
            if stops {
                open.truncate(open.len() / 2);
            }
            if open.is_empty() {
                break;
            }
            for cell in open {
                self.answer(&cell, date, round)?;
            }
            if stops {
                return Ok(());
            }
        }
        self.conclude(form)
    }

    fn add_rows(&mut self, form: &str) -> Result<(), SiteError> {
        let study = self.seat.study();
        let (_, def) = place::form(&study, form)?;
        let repeating: Vec<String> = def
            .groups
            .iter()
            .filter_map(|at| study.groups.get(&at.group))
            .filter(|group| group.repeating)
            .map(|group| group.oid.to_string())
            .collect();
        for group in repeating {
            for _ in 0..1 + self.dice.below(2) {
                self.seat.row_add(&self.subject, form, &group, LANG)?;
            }
        }
        Ok(())
    }

    /// Types an answer; when a check speaks up against it, the next one.
    fn answer(&mut self, cell: &str, date: PartialDate, round: usize) -> Result<(), SiteError> {
        let study = self.seat.study();
        let spot = place::cell(&study, cell)?;
        let before = self.seat.form_state(&self.subject, &spot.key.form.to_string(), LANG)?;
        if find(&before, cell).is_none_or(|cell| !is_open(cell)) {
            return Ok(());
        }
        if !spot.at.mandatory && round == 0 && self.dice.chance(8) {
            return Ok(());
        }
        let quiet = trouble(&before);
        let mut best: Option<(u32, String)> = None;
        let answers = candidates(&study, spot.item, date, &mut self.dice).into_iter().take(MOST_TRIES);
        for (tries, answer) in answers.enumerate() {
            let reason = (tries > 0).then_some("Corrected (sample).");
            let state = self.seat.save_item(&self.subject, cell, &answer, reason, LANG)?;
            if find(&state, cell).is_some_and(|cell| cell.draft.is_some()) {
                continue;
            }
            let noise = trouble(&state).saturating_sub(quiet);
            if noise == 0 {
                return Ok(());
            }
            if best.as_ref().is_none_or(|(least, _)| noise < *least) {
                best = Some((noise, answer));
            }
        }
        if let Some((_, answer)) = best {
            // What need not be known is left out rather than left wrong.
            let answer = if spot.at.mandatory { answer } else { String::new() };
            self.seat.save_item(&self.subject, cell, &answer, Some("Corrected (sample)."), LANG)?;
        }
        Ok(())
    }

    /// Words on soft findings, then completion where nothing stands against it.
    fn conclude(&mut self, form: &str) -> Result<(), SiteError> {
        let state = self.seat.form_state(&self.subject, form, LANG)?;
        if state.status == FormStatus::Empty {
            return Ok(());
        }
        for blocker in state.blockers.iter().filter(|blocker| blocker.kind == "soft") {
            if self.dice.chance(85) {
                self.seat.confirm_finding(
                    &self.subject,
                    &blocker.key,
                    &blocker.rule,
                    "Checked against the chart (sample).",
                    LANG,
                )?;
            }
        }
        for blocker in state.blockers.iter().filter(|blocker| blocker.kind == "mandatory") {
            let study = self.seat.study();
            let spot = place::cell(&study, &blocker.key)?;
            if let Some(reason) = spot.item.missing_allowed.first() {
                self.seat.save_missing(&self.subject, &blocker.key, reason.code(), None, LANG)?;
            }
        }
        match self.seat.form_complete(&self.subject, form, LANG) {
            // What a check forbids stays open: it is the work that is left.
            Ok(_) | Err(SiteError::Blocked) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

fn kind(study: &Study, column: &EventColumn) -> Option<EventKind> {
    place::event(study, &column.key).ok().map(|(_, event)| event.kind)
}

fn find<'s>(state: &'s FormState, key: &str) -> Option<&'s CellState> {
    state.rows.iter().flat_map(|row| &row.cells).find(|cell| cell.key == key)
}

/// Whether a field waits for an answer.
fn is_open(cell: &CellState) -> bool {
    cell.visible && cell.display.is_empty() && cell.missing.is_empty() && cell.conflict.is_empty()
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

fn day(iso: &str) -> Result<PartialDate, SiteError> {
    let read = study::ItemKind::Date.read(iso).ok().and_then(|value| value.as_date());
    read.ok_or(SiteError::NoSuch("date"))
}
