//! One patient: answers that their items read, milestones in their order, rows and hours.

use std::collections::{BTreeMap, BTreeSet};

use study::value::PartialDate;
use study::{ItemDef, Oid};

use super::{second, takes, trial};
use crate::chart::{Chart, Milestone, When};
use crate::invent::{Dice, candidates};
use crate::patient::{Patient, Place, Typed};

/// When these patients consent.
const CONSENT: &str = "2026-03-02";
/// Days from consent to the first dose.
const SCREENED: i32 = 14;

fn day(text: &str) -> PartialDate {
    text.parse().expect("a day")
}

fn chart(text: &str) -> Chart {
    serde_json::from_str(text).expect("a chart")
}

/// Treated patients in both arms.
fn patients() -> impl Iterator<Item = Patient> {
    (0..400).map(|number| {
        let mut patient = Patient::draw(9, number, day(CONSENT));
        patient.day1 = patient.consent.plus_days(SCREENED);
        patient.local = number % 2 == 1;
        patient.course.treat(patient.local);
        patient
    })
}

fn at(visit: PartialDate) -> Place<'static> {
    Place { visit, nth: 1, row: 0, template: None, row_date: None, said: BTreeMap::new() }
}

/// So many days after a patient's first dose.
fn later(patient: &Patient, days: i32) -> PartialDate {
    patient.day1.and_then(|day1| day1.plus_days(days)).expect("in our time")
}

fn said(patient: &mut Patient, chart: &Chart, item: &ItemDef, place: &Place<'_>) -> Option<String> {
    match patient.say(chart, item, place) {
        Typed::Words(words) => Some(words),
        Typed::Nothing => None,
        Typed::Unknown => panic!("the chart says what {} is", item.oid),
    }
}

#[test]
fn every_candidate_is_an_answer_that_its_item_takes() {
    let mut tried = 0;
    for study in [trial(), second()] {
        for item in &study.items {
            for seed in 0..5 {
                let answers = candidates(study, item, day("2026-07-01"), &mut Dice::new(seed, 1));
                for answer in &answers {
                    assert!(takes(study, item, answer), "{} does not take {answer:?}", item.oid);
                    let length =
                        item.length.filter(|_| study.is_free_text(item)).map_or(usize::MAX, |most| most as usize);
                    assert!(answer.chars().count() <= length, "{} is too short for {answer:?}", item.oid);
                }
                tried += answers.len();
            }
        }
    }
    assert!(tried > 5_000, "only {tried} answers");
}

#[test]
fn an_answer_that_is_refused_has_others_after_it() {
    let study = trial();
    for item in study.items.iter().filter(|item| item.kind.is_date() || item.kind.is_numeric()) {
        let list = study.codelist_of(item).is_some();
        let all = candidates(study, item, day("2026-07-01"), &mut Dice::new(3, 1));
        let different: BTreeSet<&String> = all.iter().collect();
        let is_birth = item.short_name.contains("BRTH");
        assert!(list || is_birth || different.len() > 1, "{}: {all:?}", item.oid);
    }
}

#[test]
fn milestones_come_in_their_order() {
    for patient in patients() {
        let here = at(later(&patient, 400));
        let reached = |milestone| patient.milestone(milestone, &here).map(|day| day.earliest());
        let (consent, day1) = (reached(Milestone::Consent), reached(Milestone::Day1));
        let (end, death) = (reached(Milestone::End), reached(Milestone::Death));
        assert!(consent < day1 && day1 < end && end <= death, "{:?}", patient.course);
        if let Some(change) = reached(Milestone::Change) {
            assert!(day1 < Some(change) && Some(change) < end, "a dose is changed while it is taken");
        }
        assert_eq!(reached(Milestone::Visit), Some(here.visit.earliest()));
    }
    let mut screened = Patient::draw(9, 1, day(CONSENT));
    screened.day1 = None;
    let here = at(day(CONSENT));
    for milestone in [Milestone::Day1, Milestone::Change, Milestone::End, Milestone::Death] {
        assert!(screened.milestone(milestone, &here).is_none(), "{milestone:?} has not come");
    }
}

#[test]
fn a_patient_is_one_of_each_kind() {
    let mut seen = BTreeSet::new();
    for patient in patients() {
        for days in [35, 120, 300, 900] {
            let on = later(&patient, days);
            let is = |when| usize::from(patient.is(when, on));
            assert_eq!(is(When::Changed) + is(When::Unchanged), 1);
            assert_eq!(is(When::Reduced) + is(When::Interrupted), is(When::Changed));
            assert!(is(When::Died) + is(When::Left) <= 1, "who left is not known to have died");
            assert!(is(When::Died) <= is(When::Ended) && is(When::Switched) <= is(When::Ended));
            assert!(is(When::Switched) + is(When::Died) <= 1);
            assert!(is(When::NewLesion) <= is(When::Progressed) && is(When::Never) == 0);
            let kinds = [When::Changed, When::Died, When::Left, When::Switched, When::NewLesion, When::Progressed];
            seen.extend(kinds.into_iter().filter(|when| patient.is(*when, on)).map(|when| format!("{when:?}")));
        }
        let before = Patient { day1: None, ..patient };
        let all = [When::Treated, When::Local, When::Unchanged, When::Ended, When::Died, When::Progressed, When::Left];
        assert!(all.into_iter().all(|when| !before.is(when, before.consent)), "nothing comes before the first dose");
    }
    assert_eq!(seen.len(), 6, "{seen:?}");
}

#[test]
fn no_day_is_drawn_after_its_visit_or_after_the_patients_last() {
    let item = trial().items.get(&Oid::from("IT.AE.AESTDAT")).expect("a date");
    for from in ["consent", "day1", "visit", "end", "death"] {
        let wide = chart(&format!(r#"{{"items": {{"IT.AE.AESTDAT": {{"day": ["{from}", -20, 400]}}}}}}"#));
        let mut drawn = BTreeSet::new();
        for mut patient in patients() {
            let place = at(later(&patient, 200));
            let Some(words) = said(&mut patient, &wide, item, &place) else { continue };
            let last = later(&patient, patient.course.end());
            assert!(day(&words).earliest() <= place.visit.earliest().min(last.earliest()), "{from}: {words}");
            drawn.insert(words);
        }
        assert!(drawn.len() > 20, "{from}: {} days", drawn.len());
    }
}

#[test]
fn a_number_keeps_its_least_its_digits_and_its_patient() {
    let item = trial().items.get(&Oid::from("IT.VS.WEIGHT")).expect("a number");
    let falls = chart(
        r#"{"items": {"IT.VS.WEIGHT": {"number": {"mean": 65, "sd": 8, "decline": -60, "least": 42, "digits": 1}}}}"#,
    );
    let (mut own, mut least) = (BTreeSet::new(), 0);
    for mut patient in patients() {
        let visits = [5, 20, 900].map(|days| at(later(&patient, days)));
        let [first, second, late] = visits.map(|visit| said(&mut patient, &falls, item, &visit).expect("a number"));
        assert_eq!(first, second, "nothing walks before progression");
        assert!(late.parse::<f64>().is_ok_and(|value| value >= 42.0), "{late}");
        assert!([&first, &late].iter().all(|words| words.split_once('.').is_some_and(|(_, part)| part.len() == 1)));
        least += usize::from(late == "42.0");
        own.insert(first);
    }
    assert!(own.len() > 100 && least > 100, "{} of their own, {least} at the least", own.len());
}

#[test]
fn codes_come_by_their_weight() {
    let item = trial().items.get(&Oid::from("IT.DM.SEX")).expect("codes");
    let three_to_one = chart(r#"{"items": {"IT.DM.SEX": {"codes": [["X", 0], ["M", 75], ["F", 25]]}}}"#);
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for mut patient in patients() {
        for _ in 0..10 {
            *counts.entry(said(&mut patient, &three_to_one, item, &at(day(CONSENT))).expect("a code")).or_default() +=
                1;
        }
    }
    assert_eq!(counts.keys().collect::<Vec<_>>(), ["F", "M"], "what has no weight never comes");
    assert!((2_850..3_150).contains(&counts["M"]), "{counts:?} of 4,000");
}

#[test]
fn hours_come_after_the_moment_that_is_named() {
    let item = trial().items.get(&Oid::from("IT.SAE.SAEREPT")).expect("a moment");
    let soon = chart(r#"{"items": {"IT.SAE.SAEREPT": {"hours": ["IT.SAE.SAEAWARE", 1, 26]}}}"#);
    for mut patient in patients() {
        for (aware, from) in [("2026-02-28T22:30", 22 * 60 + 30), ("2026-02-28", 0)] {
            let said_before = BTreeMap::from([(Oid::from("IT.SAE.SAEAWARE"), aware.to_owned())]);
            let place = Place { said: said_before, ..at(day(CONSENT)) };
            let words = said(&mut patient, &soon, item, &place).expect("a moment");
            let (date, time) = words.split_once(' ').expect("a day and a time");
            let (hour, minute) = time.split_once(':').expect("hours and minutes");
            let number = |text: &str| text.parse::<i32>().expect("a number");
            let minutes =
                (day(date).earliest() - day("2026-02-28").earliest()) * 1440 + number(hour) * 60 + number(minute);
            assert!((from + 60..from + 27 * 60).contains(&minutes), "{aware} and then {words}");
        }
        assert!(said(&mut patient, &soon, item, &at(day(CONSENT))).is_none(), "nothing is named");
    }
}

#[test]
fn a_visit_is_near_its_plan_and_after_the_last() {
    let planned = day("2026-08-10");
    let mut offs = BTreeSet::new();
    for mut patient in patients() {
        patient.day1 = day("2026-08-01").plus_days(0);
        let visit = patient.near(planned, None).expect("still treated");
        offs.insert(visit.earliest() - planned.earliest());
        assert_eq!(patient.near(planned, None), Some(visit), "the same plan gives the same day");
        let last = planned.plus_days(30).expect("a day");
        let put_off = patient.near(planned, Some((last, 21)));
        assert!(put_off.is_none_or(|day| day.earliest() == last.earliest() + 21), "{put_off:?}");
        let never = later(&patient, patient.course.end() + 1);
        assert_eq!(patient.near(never, None).filter(|day| patient.day_of(*day) >= patient.course.end()), None);
    }
    assert_eq!(offs.into_iter().collect::<Vec<_>>(), [-1, 0, 1, 9]);
}

#[test]
fn rows_are_as_many_as_the_chart_says_and_the_first_fits() {
    let rows = r#"[{"weight": 1, "items": {"IT.AE.AENO": {"say": "a"}}},
        {"when": "changed", "first": true, "items": {"IT.AE.AENO": {"say": "first"}}},
        {"weight": 3, "only": {"IT.DM.SEX": "F"}, "items": {"IT.AE.AENO": {"say": "f"}}}]"#;
    let chart = chart(&format!(
        r#"{{"groups": {{"IG.AE": {{"count": [2, 4], "rows": {rows}}}, "IG.EC": {{"each": true, "rows": {rows}}},
            "IG.TL": {{"course": "targets"}}, "IG.NEW": {{"count": [1, 1], "when": "never"}}}}}}"#
    ));
    let women = BTreeMap::from([(Oid::from("IT.DM.SEX"), "F".to_owned())]);
    let mut counts = BTreeSet::new();
    for mut patient in patients() {
        let on = later(&patient, 60);
        let changed = patient.is(When::Changed, on);
        let mut of = |group: &str, known: &BTreeMap<Oid, String>| -> Vec<bool> {
            let rows = patient.rows(&chart, &Oid::from(group), on, known);
            rows.into_iter().map(|row| row.is_some_and(|row| row.first)).collect()
        };
        let events = of("IG.AE", &women);
        assert_eq!(events.iter().filter(|first| **first).count(), usize::from(changed));
        assert!(events[0] == changed, "the first row, and no other");
        counts.insert(events.len());
        assert_eq!(of("IG.EC", &women).len(), 2 + usize::from(changed));
        assert_eq!(of("IG.EC", &BTreeMap::new()).len(), 1 + usize::from(changed), "of men nothing is asked for women");
        assert!(of("IG.NEW", &women).is_empty());
        assert_eq!(of("IG.TL", &women).len(), patient.course.targets());
    }
    assert_eq!(counts.into_iter().collect::<Vec<_>>(), [2, 3, 4]);
}
