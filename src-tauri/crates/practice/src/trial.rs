//! A whole invented trial: patients come one after the other, and once a week the nurse enters what happened.

use screens::Now;
use screens::messages::{EventColumn, WindowState};
use study::value::PartialDate;
use study::{EventKey, EventKind, Study};

use crate::chart::Chart;
use crate::nurse::{Nurse, Phone};
use crate::patient::Patient;
use crate::sample::{PASSWORD, STAFF};
use crate::sheet::key;
use site::{Field, Noun, SiteComputer, SiteError, place};

/// One day in milliseconds.
const DAY_MS: u64 = 86_400_000;
/// Days between two times of signing in: each derives the key and verifies all that is there.
const SIGN_IN_DAYS: i32 = 91;
/// From so many patients on it is a whole trial.
const MANY: u32 = 12;
/// Of a hundred visits, those that do not take place.
const MISSED: u32 = 2;
const MISSED_BECAUSE: &str = "The patient could not come (sample).";

/// What a trial is invented from.
pub struct Trial<'a> {
    /// The vault in which it is entered.
    pub vault: &'a str,
    /// Settles every answer.
    pub seed: u64,
    /// How many patients.
    pub subjects: u32,
    /// The chart's file; empty for a study that has none.
    pub chart: &'a [u8],
    /// The clock at the end.
    pub until: Now,
    /// How long it lasts.
    pub pace: Pace,
}

/// How long a trial lasts, and how often somebody enters what happened.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Days since the first patient's consent.
    pub days: i32,
    /// Days before it in which the site is ready and waits.
    pub lead: i32,
    /// Days between two sessions of entering.
    pub session: i32,
}

impl Pace {
    /// What fits a first look.
    pub const LOOK: Self = Self { days: 150, lead: 28, session: 28 };
    /// A whole trial.
    pub const WHOLE: Self = Self { days: 850, lead: 20, session: 7 };

    /// What goes with a number of patients.
    pub fn of(subjects: u32) -> Self {
        if subjects < MANY { Self::LOOK } else { Self::WHOLE }
    }
}

impl Trial<'_> {
    /// The clock at the beginning: a vault is founded then.
    pub fn begins(&self) -> Now {
        let days = u64::try_from(self.days() + self.pace.session).unwrap_or(0);
        Now { at_ms: self.until.at_ms.saturating_sub(days * DAY_MS), ..self.until }
    }

    /// Enters the trial, session by session. The nurse is signed in at the end.
    ///
    /// # Errors
    /// The chart's file is wrong, or what the vault says.
    /// `phone` is the center: it answers a request code with a release code.
    pub fn enter(&self, computer: &mut SiteComputer, phone: Phone<'_>) -> Result<(), SiteError> {
        let chart = self.chart()?;
        let today = day(&self.until.today())?;
        let mut patients = self.patients(today)?;
        for back in (0..self.days()).rev() {
            let now = Now { at_ms: self.until.at_ms - u64::try_from(back).unwrap_or(0) * DAY_MS, ..self.until };
            let until = today.plus_days(-back).ok_or(SiteError::Invalid(Field::Date))?;
            let is_session = (self.days() - back) % self.pace.session == 0 || back == 0;
            let begun = |patient: &Patient| !patient.done && patient.consent.earliest() <= until.earliest();
            let day = self.days() - back;
            if is_session && (!computer.is_open() || day % SIGN_IN_DAYS == 0) && patients.iter().any(begun) {
                computer.unlock(self.vault, STAFF[1].0, PASSWORD, now)?;
            }
            // Nobody is randomised in retrospect: whoever is about to be is looked after every day.
            let screened = |patient: &Patient| begun(patient) && patient.is_screened(until);
            for patient in
                patients.iter_mut().filter(|patient| if is_session { begun(patient) } else { screened(patient) })
            {
                Week { computer, chart: &chart, now, until, is_last: back == 0, phone }.enter(patient)?;
            }
        }
        Ok(())
    }

    fn days(&self) -> i32 {
        self.pace.days + self.pace.lead
    }

    fn chart(&self) -> Result<Chart, SiteError> {
        if self.chart.is_empty() {
            return Ok(Chart::default());
        }
        serde_json::from_slice(self.chart).map_err(|_| SiteError::NoSuch(Noun::Chart))
    }

    /// The patients in the order of their consent. The last ones are only just being screened.
    fn patients(&self, today: PartialDate) -> Result<Vec<Patient>, SiteError> {
        let count = i32::try_from(self.subjects).unwrap_or(i32::MAX).max(1);
        let span = self.pace.days;
        (0..self.subjects)
            .map(|number| {
                let at = i32::try_from(number).unwrap_or(0);
                // Enrolment ends some months before the trial does.
                let ago = span - (span * 4 / 5) * at / count;
                let consent = today.plus_days(-ago).ok_or(SiteError::Invalid(Field::Date))?;
                Ok(Patient::draw(self.seed, number, consent))
            })
            .collect()
    }
}

/// One session of entering.
struct Week<'a> {
    computer: &'a mut SiteComputer,
    chart: &'a Chart,
    now: Now,
    until: PartialDate,
    is_last: bool,
    phone: Phone<'a>,
}

impl Week<'_> {
    /// What happened to a patient since the last session.
    fn enter(&mut self, patient: &mut Patient) -> Result<(), SiteError> {
        if patient.consent.earliest() > self.until.earliest() {
            return Ok(());
        }
        let mut session = self.computer.session(self.now)?;
        if patient.key.is_empty() {
            patient.key = session.subject_register()?;
        }
        let study = session.study();
        let mut nurse = Nurse { session: &mut session, chart: self.chart, patient, hurries: self.is_last };
        while let Some((event, date)) = next_visit(&mut nurse, &study, self.until)? {
            if nurse.patient.day1.is_some() {
                nurse.records(date, true)?;
            }
            enter_visit(&mut nurse, &study, &event, date)?;
            nurse.randomise(&study, self.phone, self.now)?;
        }
        let over = nurse.patient.day1.is_some() && nurse.patient.day_of(self.until) > nurse.patient.course.end() + 40;
        if over || self.is_last {
            nurse.records(self.until, false)?;
            nurse.look_back()?;
            nurse.patient.done = true;
        }
        Ok(())
    }
}

/// One visit: dated, or missed with a reason.
fn enter_visit(nurse: &mut Nurse<'_, '_>, study: &Study, event: &EventKey, date: PartialDate) -> Result<(), SiteError> {
    let def = place::event(study, event)?;
    if study.meanings.is(&def.oid, "event.day1") {
        nurse.patient.day1 = Some(date);
    }
    let may_be_missed = event.repeat.number().is_some_and(|n| n > 1) && !nurse.chart.kept.contains(&event.event);
    if may_be_missed && nurse.patient.dice.chance(MISSED) {
        return nurse.session.event_missed(&nurse.patient.key, event, MISSED_BECAUSE).map(drop);
    }
    nurse.visit(event, date)
}

/// The next visit that took place by a day, and when.
fn next_visit(
    nurse: &mut Nurse<'_, '_>,
    study: &Study,
    until: PartialDate,
) -> Result<Option<(EventKey, PartialDate)>, SiteError> {
    let view = nurse.session.subject_view(&nurse.patient.key)?;
    let Some(first) = view.events.first() else { return Ok(None) };
    if first.date.is_none() {
        return Ok(Some((key(&first.key, Noun::Event)?, nurse.patient.consent)));
    }
    if nurse.patient.course.fails {
        return Ok(None);
    }
    let mut coming: Vec<(PartialDate, &EventColumn)> = Vec::new();
    for column in view.events.iter().filter(|column| is_open(column)) {
        let event: EventKey = key(&column.key, Noun::Event)?;
        let def = place::event(study, &event)?;
        let date = match nurse.chart.events.get(&event.event) {
            Some(plan) => nurse.patient.day_at(plan.at, plan.after),
            None if def.kind == EventKind::Scheduled => by_plan(nurse.patient, &view.events, column)?,
            None => None,
        };
        coming.extend(date.map(|date| (date, column)));
    }
    coming.sort_by_key(|(date, column)| (date.earliest(), &column.key));
    let next = coming.into_iter().next().filter(|(date, _)| date.earliest() <= until.earliest());
    let Some((date, column)) = next else { return Ok(None) };
    let last = column.window.as_ref().map(|(_, last)| day(last)).transpose()?;
    nurse.patient.late = last.is_some_and(|last| date.earliest() > last.earliest());
    Ok(Some((key(&column.key, Noun::Event)?, date)))
}

/// The day on which a planned visit takes place. Its repeats come one after the other: none before the last has had its
/// day, and one that the last runs into is put off by what lies between them in the plan.
fn by_plan(patient: &Patient, columns: &[EventColumn], column: &EventColumn) -> Result<Option<PartialDate>, SiteError> {
    let here: EventKey = key(&column.key, Noun::Event)?;
    let mut last: Option<(EventKey, &EventColumn)> = None;
    for other in columns.iter().filter(|other| is_open(other) || other.date.is_some()) {
        let event: EventKey = key(&other.key, Noun::Event)?;
        let is_earlier = event.event == here.event && event.repeat.number() < here.repeat.number();
        if is_earlier && last.as_ref().is_none_or(|(last, _)| last.repeat.number() < event.repeat.number()) {
            last = Some((event, other));
        }
    }
    let Some(day_planned) = planned(column)? else { return Ok(None) };
    let Some((_, last)) = last else { return Ok(patient.near(day_planned, None)) };
    let Some(date) = last.date.as_deref().map(day).transpose()? else { return Ok(None) };
    let between = planned(last)?.map_or(1, |planned| day_planned.earliest() - planned.earliest());
    Ok(patient.near(day_planned, Some((date, between))))
}

fn planned(column: &EventColumn) -> Result<Option<PartialDate>, SiteError> {
    column.planned.as_deref().map(day).transpose()
}

/// Whether a visit still waits for its day.
fn is_open(column: &EventColumn) -> bool {
    let waits = matches!(
        column.state,
        WindowState::Due | WindowState::Overdue | WindowState::Upcoming | WindowState::Unplanned
    );
    waits && column.date.is_none()
}

fn day(iso: &str) -> Result<PartialDate, SiteError> {
    let read = study::ItemKind::Date.read(iso).ok().and_then(|value| value.as_date());
    read.ok_or(SiteError::Invalid(Field::Date))
}
