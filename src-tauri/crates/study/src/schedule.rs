//! When events are planned.
//!
//! A plan counts from one recorded date and from nothing else: what happened to the visits before does not move it, so a
//! scan every 42 days from Day 1 stays where it is whatever becomes of the doses.

use crate::rules::Answers;
use crate::value::PartialDate;
use crate::{Anchor, CellKey, EventDef, EventKey, FormKey, Repeat, Study, Timing};

/// Repeats that are planned of one event at most.
const MOST_REPEATS: u32 = 1_000;

/// An event with the days on which it is planned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedEvent {
    /// OID of the event.
    pub key: EventKey,
    /// The planned day; none as long as the date that it counts from is not known to the day.
    pub planned: Option<PartialDate>,
    /// First day of the window.
    pub earliest: Option<PartialDate>,
    /// Last day of the window.
    pub latest: Option<PartialDate>,
}

/// What is planned for one subject, in the order of the study and then of the repeats.
///
/// Of a repeating event this is: every repeat up to the latest in `known` (events that were dated, added or hold data),
/// the one after it, and every further one whose planned day is not after `horizon`; unless the study's limit is reached
/// or its end condition is true.
pub fn plan(
    study: &Study,
    answers: &dyn Answers,
    known: &[EventKey],
    horizon: Option<PartialDate>,
) -> Vec<PlannedEvent> {
    let subject = Subject { answers, known, horizon };
    let mut planned = Vec::new();
    for event in &study.events {
        let Some(timing) = &event.timing else { continue };
        let anchor = anchor_day(study, timing, answers);
        for n in 1..=last_repeat(study, event, timing, anchor, &subject) {
            planned.push(planned_event(event, timing, anchor, n));
        }
    }
    planned
}

/// The plan of one event, whether or not it is due to be planned already; none where the study does not time it.
pub fn planned(study: &Study, answers: &dyn Answers, key: &EventKey) -> Option<PlannedEvent> {
    let event = study.events.get(&key.event)?;
    let timing = event.timing.as_ref()?;
    let n = key.repeat.number().filter(|&n| n > 0)?;
    (n == 1 || timing.repeat.is_some()).then(|| planned_event(event, timing, anchor_day(study, timing, answers), n))
}

fn planned_event(event: &EventDef, timing: &Timing, anchor: Option<i32>, n: u32) -> PlannedEvent {
    let day = anchor.and_then(|anchor| planned_day(timing, anchor, n));
    let date = |shift: i64| day.and_then(|day| i32::try_from(day + shift).ok()).and_then(PartialDate::from_day_number);
    PlannedEvent {
        key: EventKey::new(&event.oid, Repeat::nth(n)),
        planned: date(0),
        earliest: date(-i64::from(timing.before_days)),
        latest: date(i64::from(timing.after_days)),
    }
}

fn planned_day(timing: &Timing, anchor: i32, n: u32) -> Option<i64> {
    let every = timing.repeat.as_ref().map_or(0, |repeat| repeat.every_days);
    Some(i64::from(anchor) + i64::from(timing.offset_days) + i64::from(every) * i64::from(n - 1))
}

/// What is known of the subject whose events are planned.
struct Subject<'a> {
    answers: &'a dyn Answers,
    /// Events that were dated, added or hold data.
    known: &'a [EventKey],
    /// The last day to plan for.
    horizon: Option<PartialDate>,
}

fn last_repeat(study: &Study, event: &EventDef, timing: &Timing, anchor: Option<i32>, subject: &Subject<'_>) -> u32 {
    let &Subject { answers, known, horizon } = subject;
    let Some(repetition) = &timing.repeat else { return 1 };
    let latest =
        known.iter().filter(|key| key.event == event.oid).filter_map(|key| key.repeat.number()).max().unwrap_or(0);
    if study.rules().ends(&event.oid, answers).is_yes() {
        return latest.min(MOST_REPEATS);
    }
    let within = anchor.zip(horizon).map_or(0, |(anchor, horizon)| {
        let first = i64::from(anchor) + i64::from(timing.offset_days);
        let days = i64::from(horizon.latest()) - first;
        if days < 0 { 0 } else { u32::try_from(days / i64::from(repetition.every_days.max(1)) + 1).unwrap_or(u32::MAX) }
    });
    // What answers count is planned as a whole: a course of radiotherapy stands there from its first day on.
    let open = study.rules().times(&event.oid, answers).unwrap_or_else(|| within.max(latest.saturating_add(1)));
    let open = open.min(repetition.max.unwrap_or(u32::MAX));
    open.max(latest).min(MOST_REPEATS)
}

/// The day that a plan counts from, where it is known to the day.
fn anchor_day(study: &Study, timing: &Timing, answers: &dyn Answers) -> Option<i32> {
    let date = match &timing.anchor {
        Anchor::Event(event) => answers.event_date(&EventKey::new(event, Repeat::first())),
        Anchor::Item { event, form, group, item } => {
            let form = FormKey {
                event: event.clone(),
                event_repeat: Repeat::first(),
                form: form.clone(),
                form_repeat: Repeat::first(),
            };
            let cell = CellKey { form, group: group.clone(), group_repeat: Repeat::first(), item: item.clone() };
            let answer = answers.cell(&cell)?;
            study.items.get(item)?.kind.read(&answer.value).ok()?.as_date()
        }
    };
    date?.day_number()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::Answer;
    use crate::{Functions, Oid};
    use std::collections::BTreeMap;

    const STUDY: &str = include_str!("read/tests/good.xml");

    #[derive(Default)]
    struct Known {
        events: BTreeMap<EventKey, PartialDate>,
        cells: BTreeMap<CellKey, String>,
        stopped: bool,
    }

    impl Answers for Known {
        fn cell(&self, place: &CellKey) -> Option<Answer<'_>> {
            self.cells.get(place).map(|value| Answer::new(value))
        }

        fn forms(&self, form: &Oid) -> Vec<FormKey> {
            let stop = EventKey::new("SE.AE", "1").form("F.AE", "1");
            if self.stopped && *form == *"F.AE" { vec![stop] } else { Vec::new() }
        }

        fn rows(&self, _: &FormKey, _: &Oid) -> Vec<Repeat> {
            if self.stopped { vec![Repeat::first()] } else { Vec::new() }
        }

        fn event_date(&self, event: &EventKey) -> Option<PartialDate> {
            self.events.get(event).copied()
        }
    }

    fn study() -> Study {
        let text = STUDY.replace(
            "<Alias Context=\"urn:outpost:odm:1:max\" Name=\"20\"/>",
            "<Alias Context=\"urn:outpost:odm:1:max\" Name=\"4\"/><Alias Context=\"urn:outpost:odm:1:until\" Name=\"rows(&quot;AE&quot;).size() > 0\"/>",
        );
        Study::read("good.xml", text.as_bytes(), &Functions::default()).expect("a good study")
    }

    fn date(text: &str) -> PartialDate {
        text.parse().expect("a date")
    }

    fn dates(plan: &[PlannedEvent], event: &str) -> Vec<String> {
        let own = plan.iter().filter(|planned| planned.key.event == *event);
        own.map(|planned| planned.planned.map_or_else(String::new, |date| date.to_string())).collect()
    }

    #[test]
    fn scans_count_from_day_one_and_nothing_else() {
        let study = study();
        let mut known = Known::default();
        assert_eq!(dates(&plan(&study, &known, &[], None), "SE.TA"), [""], "no anchor yet");
        known.events.insert(EventKey::new("SE.DAY1", "1"), date("2024-01-31"));
        let first = plan(&study, &known, &[], None);
        assert_eq!(dates(&first, "SE.TA"), ["2024-03-13"]);
        let scan = first.iter().find(|planned| planned.key.event == *"SE.TA").expect("planned");
        assert_eq!((scan.earliest, scan.latest), (Some(date("2024-03-06")), Some(date("2024-03-20"))));
        // The first scan came three weeks late: the second does not move.
        known.events.insert(EventKey::new("SE.TA", "1"), date("2024-04-03"));
        let after = plan(&study, &known, &[EventKey::new("SE.TA", "1")], None);
        assert_eq!(dates(&after, "SE.TA"), ["2024-03-13", "2024-04-24"]);
        let next = planned(&study, &known, &EventKey::new("SE.TA", "3")).expect("planned");
        assert_eq!(next.planned, Some(date("2024-06-05")));
    }

    #[test]
    fn repeats_go_to_the_horizon_the_limit_or_the_end() {
        let study = study();
        let mut known = Known::default();
        known.events.insert(EventKey::new("SE.DAY1", "1"), date("2024-01-31"));
        let count = |known: &Known, done: &[&str], horizon: Option<&str>| {
            let done: Vec<EventKey> = done.iter().map(|n| EventKey::new("SE.TA", *n)).collect();
            dates(&plan(&study, known, &done, horizon.map(date)), "SE.TA").len()
        };
        assert_eq!(count(&known, &[], Some("2024-03-12")), 1);
        assert_eq!(count(&known, &[], Some("2024-04-24")), 2);
        assert_eq!(count(&known, &[], Some("2024")), 4, "the study's limit");
        assert_eq!(count(&known, &["6"], None), 6, "what took place is never lost");
        known.stopped = true;
        assert_eq!(count(&known, &["1", "2"], Some("2024")), 2);
    }

    #[test]
    fn answers_may_count_the_repeats() {
        let text = STUDY.replace(
            "<Alias Context=\"urn:outpost:odm:1:max\" Name=\"20\"/>",
            "<Alias Context=\"urn:outpost:odm:1:max\" Name=\"20\"/><Alias Context=\"urn:outpost:odm:1:times\" Name=\"rows(&quot;AE&quot;).size() * 3\"/>",
        );
        let study = Study::read("good.xml", text.as_bytes(), &Functions::default()).expect("a good study");
        let mut known = Known::default();
        known.events.insert(EventKey::new("SE.DAY1", "1"), date("2024-01-31"));
        let count = |known: &Known, done: &[EventKey]| dates(&plan(&study, known, done, None), "SE.TA").len();
        assert_eq!(count(&known, &[]), 0, "nothing says how many yet");
        known.stopped = true;
        assert_eq!(count(&known, &[]), 3, "all at once");
        assert_eq!(count(&known, &[EventKey::new("SE.TA", "5")]), 5, "what took place is never lost");
        let wrong = text.replace("rows(&quot;AE&quot;).size() * 3", "true");
        let faults = Study::read("good.xml", wrong.as_bytes(), &Functions::default()).expect_err("not a number");
        assert!(faults.iter().any(|fault| fault.oid.as_deref() == Some("SE.TA") && fault.line > 0), "{faults:?}");
    }

    #[test]
    fn an_anchor_that_is_only_partly_known_plans_nothing() {
        let study = study();
        let mut known = Known::default();
        let consent = EventKey::new("SE.SCR", "1").form("F.DM", "1").cell("IG.DM", "1", "IT.DM.CONSENT");
        known.cells.insert(consent.clone(), "2024-02-15".to_owned());
        assert_eq!(dates(&plan(&study, &known, &[], None), "SE.DAY1"), ["2024-02-29"]);
        known.cells.insert(consent, "2024-02".to_owned());
        assert_eq!(dates(&plan(&study, &known, &[], None), "SE.DAY1"), [""]);
        known.events.insert(EventKey::new("SE.DAY1", "1"), date("2024-03"));
        assert_eq!(dates(&plan(&study, &known, &[], None), "SE.TA"), [""]);
    }
}
