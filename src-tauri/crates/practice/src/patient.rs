//! One invented patient: what the chart and the course say of an item on a day.

use std::collections::{BTreeMap, BTreeSet};

use study::value::{PartialDate, PartialDateTime};
use study::{ItemDef, Oid};

use crate::chart::{Chart, Draw, Milestone, Number, Template, When};
use crate::course::{Change, Course, normal};
use crate::invent::Dice;

/// Of a hundred visits, those outside their window.
const STRAYS: u32 = 3;

/// Days from the last dose until another treatment is known to have begun.
const SWITCH_DAYS: i32 = 8;

/// Days of treatment after which what came of a change of the dose is known.
const SETTLED_DAYS: i32 = 30;

/// Fractions of local treatment for each target.
const FRACTIONS: usize = 5;

/// An invented patient.
pub(super) struct Patient {
    pub(super) dice: Dice,
    pub(super) course: Course,
    /// Registered under.
    pub(super) key: String,
    /// Informed consent.
    pub(super) consent: PartialDate,
    /// First study treatment, once it took place.
    pub(super) day1: Option<PartialDate>,
    /// Whether the arm has been revealed.
    pub(super) knows_arm: bool,
    /// Whether the patient is in the arm with the local treatment.
    pub(super) local: bool,
    /// Running records that have been entered.
    pub(super) recorded: BTreeSet<Oid>,
    /// The visit at hand comes after its window.
    pub(super) late: bool,
    /// Nothing more happens.
    pub(super) done: bool,
}

/// Days after consent on which a patient is looked after every day, so that the arm is asked for on the day itself.
const SCREENING_DAYS: i32 = 30;

/// Where an answer belongs.
pub(super) struct Place<'a> {
    /// The day of the visit.
    pub(super) visit: PartialDate,
    /// The number of the visit.
    pub(super) nth: u32,
    /// Which row of its group it is in, from 0.
    pub(super) row: usize,
    /// What the whole row says.
    pub(super) template: Option<&'a Template>,
    /// The date in the row that was answered first.
    pub(super) row_date: Option<PartialDate>,
    /// What stands in the row on which this one hangs, and in this one so far.
    pub(super) said: BTreeMap<Oid, String>,
}

/// What is typed.
pub(super) enum Typed {
    /// These words.
    Words(String),
    /// Nothing: it stays empty.
    Nothing,
    /// The chart does not say.
    Unknown,
}

impl Patient {
    /// Draws a patient who consents on a day.
    pub(super) fn draw(seed: u64, number: u32, consent: PartialDate) -> Self {
        let mut dice = Dice::new(seed, number);
        let course = Course::draw(&mut dice);
        Self {
            dice,
            course,
            key: String::new(),
            consent,
            day1: None,
            knows_arm: false,
            local: false,
            recorded: BTreeSet::new(),
            late: false,
            done: false,
        }
    }

    /// Whether the patient is being screened: the arm is awaited.
    pub(super) fn is_screened(&self, on: PartialDate) -> bool {
        let ends = self.consent.plus_days(SCREENING_DAYS).unwrap_or(self.consent);
        !self.knows_arm && !self.course.fails && on.earliest() <= ends.earliest()
    }

    /// What is typed for an item.
    pub(super) fn say(&mut self, chart: &Chart, item: &ItemDef, place: &Place<'_>) -> Typed {
        let of_row = place.template.and_then(|template| template.items.get(&item.oid));
        match of_row.or_else(|| chart.items.get(&item.oid)) {
            None => Typed::Unknown,
            Some(Draw::Leave) => Typed::Nothing,
            Some(draw) => self.drawn(draw, item, place).map_or(Typed::Nothing, Typed::Words),
        }
    }

    /// Whether this holds of the patient by a day.
    pub(super) fn is(&self, when: When, on: PartialDate) -> bool {
        let day = self.day_of(on);
        let treated = self.day1.is_some();
        let change = self.course.change.filter(|_| treated && day >= SETTLED_DAYS).map(|(_, how)| how);
        match when {
            When::Treated => treated,
            When::Local => treated && self.local,
            When::Unchanged => treated && change.is_none(),
            When::Changed => change.is_some(),
            When::Reduced => change == Some(Change::Reduced),
            When::Interrupted => change == Some(Change::Interrupted),
            When::Ended => treated && day >= self.last_dose(),
            When::Progressed => treated && self.course.has_progressed(day),
            When::Died => treated && self.course.has_died(day),
            When::Left => treated && self.course.leaves.is_some_and(|left| day >= left && left < self.course.death),
            When::Switched => {
                let begun = day >= self.last_dose() + SWITCH_DAYS && self.course.progression < self.course.end();
                treated && begun && !self.course.has_died(day)
            }
            When::NewLesion => treated && self.course.has_new_lesion(day),
            When::Never => false,
        }
    }

    /// Rows of a group: how many, and what each says.
    pub(super) fn rows<'c>(
        &mut self,
        chart: &'c Chart,
        group: &Oid,
        on: PartialDate,
        known: &BTreeMap<Oid, String>,
    ) -> Vec<Option<&'c Template>> {
        let Some(plan) = chart.groups.get(group) else { return vec![None; 1 + self.dice.below(2) as usize] };
        if plan.when.is_some_and(|when| !self.is(when, on)) {
            return Vec::new();
        }
        let fitting: Vec<&Template> =
            plan.rows.iter().filter(|row| row.when.is_none_or(|when| self.is(when, on))).collect();
        let fitting: Vec<&Template> = fitting.into_iter().filter(|row| row.suits(known)).collect();
        if plan.each {
            return fitting.into_iter().map(Some).collect();
        }
        let count = match plan.course.as_deref() {
            Some("targets") => self.course.targets(),
            Some("fractions") => self.course.targets() * FRACTIONS,
            _ => (plan.count[0] + self.dice.below(plan.count[1].saturating_sub(plan.count[0]) + 1)) as usize,
        };
        let (first, others): (Vec<_>, Vec<_>) = fitting.into_iter().partition(|row| row.first);
        (0..count).map(|at| self.pick(if at == 0 && !first.is_empty() { &first } else { &others })).collect()
    }

    /// The day of a milestone; nothing while it has not come.
    pub(super) fn milestone(&self, milestone: Milestone, place: &Place<'_>) -> Option<PartialDate> {
        match milestone {
            Milestone::Visit => Some(place.visit),
            Milestone::Row => place.row_date.or(Some(place.visit)),
            Milestone::Consent => Some(self.consent),
            Milestone::Day1 => self.day1,
            Milestone::Change => self.day1?.plus_days(self.course.change?.0),
            Milestone::End => self.day1?.plus_days(self.last_dose()),
            Milestone::Death => self.day1?.plus_days(self.course.death),
        }
    }

    /// The day on which a visit takes place that hangs on a milestone; nothing if it never does.
    pub(super) fn day_at(&self, milestone: Milestone, after: i32) -> Option<PartialDate> {
        let here = Place { visit: self.consent, nth: 1, row: 0, template: None, row_date: None, said: BTreeMap::new() };
        // Somebody else writes down that the patient died.
        let takes_place = |day: &PartialDate| match milestone {
            Milestone::Death => self.course.has_died(self.day_of(*day)),
            _ => self.can_come(*day),
        };
        self.milestone(milestone, &here)?.plus_days(after).filter(takes_place)
    }

    /// The day on which a planned visit takes place: near its date, a few outside the window; nothing once the patient
    /// no longer comes. After the same visit's last repeat, it comes later than that, or so many days after it.
    pub(super) fn near(&self, planned: PartialDate, last: Option<(PartialDate, i32)>) -> Option<PartialDate> {
        let mut dice = Dice::new(self.course.seed(), planned.earliest().unsigned_abs());
        let off = if dice.chance(STRAYS) { 9 } else { i32::try_from(dice.below(3)).unwrap_or(0) - 1 };
        let day = planned.plus_days(if self.day1.is_some() { off } else { 0 })?;
        let day = match last {
            Some((last, between)) if day.earliest() <= last.earliest() => last.plus_days(between.max(1))?,
            _ => day,
        };
        Some(day).filter(|day| self.can_come(*day))
    }

    /// Whether the patient is alive and still takes part.
    fn can_come(&self, day: PartialDate) -> bool {
        self.day1.is_none() || self.day_of(day) < self.course.end()
    }

    /// Days from Day 1; before it the baseline holds.
    pub(super) fn day_of(&self, on: PartialDate) -> i32 {
        on.earliest() - self.day1.unwrap_or(on).earliest()
    }

    /// The day on which study treatment ends: some days after progression is seen, or when the patient leaves or dies.
    pub(super) fn last_dose(&self) -> i32 {
        self.course.end().min(self.course.progression + 12)
    }

    /// Nothing is entered of a patient after death, or after leaving.
    fn within_life(&self, day: PartialDate) -> PartialDate {
        let last = self.day1.and_then(|day1| day1.plus_days(self.course.end()));
        last.map_or(day, |last| earlier(day, last))
    }

    fn pick<'c>(&mut self, rows: &[&'c Template]) -> Option<&'c Template> {
        let total: u32 = rows.iter().map(|row| row.weight).sum();
        let mut at = self.dice.below(total);
        rows.iter().copied().find(|row| {
            let hit = at < row.weight;
            at = at.saturating_sub(row.weight);
            hit
        })
    }

    fn drawn(&mut self, draw: &Draw, item: &ItemDef, place: &Place<'_>) -> Option<String> {
        match draw {
            Draw::Say(words) => Some(words.clone()),
            Draw::Number(number) => Some(self.number(number, &item.oid, place.visit)),
            Draw::Codes(codes) => self.code(codes),
            Draw::Day(milestone, least, most) => {
                let spread = u32::try_from(most - least).unwrap_or(0) + 1;
                let after = least + i32::try_from(self.dice.below(spread)).unwrap_or(0);
                let day = self.milestone(*milestone, place)?.plus_days(after)?;
                Some(earlier(self.within_life(day), place.visit).to_string())
            }
            Draw::Course(name, words) => {
                let said = self.course_says(name, place)?;
                Some(words.get(&said).cloned().unwrap_or(said))
            }
            Draw::Count(letters, digits) => Some(format!("{letters}{:0digits$}", place.row + 1)),
            Draw::Part(letters, rows) => Some(format!("{letters}{}", place.row / rows.max(&1) + 1)),
            Draw::Within(rows) => Some((place.row % rows.max(&1) + 1).to_string()),
            Draw::Step(milestone, first, step, rows) => {
                let at = i32::try_from(place.row % rows.max(&1)).unwrap_or(0);
                let day = self.milestone(*milestone, place)?.plus_days(first + at * step)?;
                Some(day.to_string())
            }
            Draw::Nth => Some(place.nth.to_string()),
            Draw::Copy(item) => place.said.get(item).cloned(),
            Draw::Hours(item, least, most) => {
                let hours = least + self.dice.below(most.saturating_sub(*least) + 1);
                later(place.said.get(item)?, hours, self.dice.below(60))
            }
            Draw::Leave => None,
        }
    }

    fn code(&mut self, codes: &[(String, u32)]) -> Option<String> {
        let total: u32 = codes.iter().map(|(_, weight)| weight).sum();
        let mut at = self.dice.below(total);
        let hit = codes.iter().find(|(_, weight)| {
            let hit = at < *weight;
            at = at.saturating_sub(*weight);
            hit
        });
        hit.map(|(code, _)| code.clone())
    }

    fn number(&mut self, number: &Number, item: &Oid, visit: PartialDate) -> String {
        let own = f64::from(self.course.personal(item)) / 1000.0;
        let now = f64::from(normal(&mut self.dice)) / 1000.0;
        let after = f64::from((self.day_of(visit) - self.course.progression).max(0)) / 100.0;
        let value = number.mean + own * number.sd + now * number.walk + after * number.decline;
        let value = number.least.map_or(value, |least| value.max(least));
        format!("{value:.*}", number.digits as usize)
    }

    /// What the course says under a name: the words of the chart's file stand for codes.
    fn course_says(&self, name: &str, place: &Place<'_>) -> Option<String> {
        let day = self.day_of(place.visit);
        let size = self.course.size(place.row, day);
        match name {
            "lesion.state" => Some(state(size?, self.course.is_node(place.row)).to_owned()),
            "lesion.mm" => {
                (state(size?, self.course.is_node(place.row)) == "measured").then(|| tenths(size.unwrap_or(0)))
            }
            "lesion.organ" => Some(self.course.organ(place.row).to_owned()),
            "late" => Some(if self.late { "yes" } else { "no" }.to_owned()),
            "treated" => Some(if day >= self.last_dose() { "no" } else { "yes" }.to_owned()),
            "nontarget.state" => Some(self.course.non_targets(day).to_owned()),
            "new" => Some(if self.course.has_new_lesion(day) { "yes" } else { "no" }.to_owned()),
            "progressed" => Some(if self.course.has_progressed(day) { "yes" } else { "no" }.to_owned()),
            "switched" => Some(if self.is(When::Switched, place.visit) { "yes" } else { "no" }.to_owned()),
            "alive" => Some(if self.course.has_died(day) { "no" } else { "yes" }.to_owned()),
            "eligible" => Some(if self.course.fails { "no" } else { "yes" }.to_owned()),
            "ended" => Some(
                match (self.course.has_died(day), self.course.has_progressed(day)) {
                    (true, _) => "died",
                    (_, true) => "progressed",
                    _ => "left",
                }
                .to_owned(),
            ),
            _ => None,
        }
    }
}

impl Template {
    /// Whether what is known of the patient says all that this row asks for.
    fn suits(&self, known: &BTreeMap<Oid, String>) -> bool {
        self.only.iter().all(|(item, code)| known.get(item) == Some(code))
    }
}

/// How a target is reported: below half a millimetre it is gone, below 5 mm mostly too small to measure. A node keeps its
/// short axis.
fn state(tenths: i32, is_node: bool) -> &'static str {
    match tenths {
        ..5 if !is_node => "absent",
        ..50 if !is_node => "small",
        _ => "measured",
    }
}

fn tenths(size: i32) -> String {
    format!("{}.{}", size / 10, size % 10)
}

/// Some hours and minutes after a day or a moment.
fn later(typed: &str, hours: u32, minutes: u32) -> Option<String> {
    let (day, start) = match typed.parse::<PartialDateTime>().ok()? {
        moment if moment.time().is_some() => {
            let time = moment.time()?;
            (moment.date(), u32::from(time.hour()) * 60 + u32::from(time.minute().unwrap_or(0)))
        }
        moment => (moment.date(), 0),
    };
    let at = start + hours * 60 + minutes;
    let day = day.plus_days(i32::try_from(at / 1440).ok()?)?;
    Some(format!("{day} {:02}:{:02}", at % 1440 / 60, at % 60))
}

fn earlier(a: PartialDate, b: PartialDate) -> PartialDate {
    if a.earliest() <= b.earliest() { a } else { b }
}
