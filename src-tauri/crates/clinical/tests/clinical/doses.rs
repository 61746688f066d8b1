//! What was given before a day, held against a diary that is kept day by day.

use clinical::safety::Safety;
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::stage::{Chart, STUDY, date, new_year};

const DOSE: &str = "SE.NOTES[1]/F.DOSE[1]";
const BEAM: &str = "SE.NOTES[1]/F.BEAM[1]";

/// A period as it is entered; days count from 1 January 2026.
#[derive(Clone, Debug)]
struct Given {
    drug: &'static str,
    often: &'static str,
    milligrams: u32,
    from: i32,
    days: Option<i32>,
}

fn given() -> impl Strategy<Value = Given> {
    let often = prop::sample::select(vec!["QD", "QD21/28", "EVERY 3 WEEKS", "NONE", "AS NEEDED"]);
    let drug = prop::sample::select(vec!["ONE", "TWO"]);
    (drug, often, 0..3_u32, 0..60_i32, prop::option::of(0..60_i32))
        .prop_map(|(drug, often, milligrams, from, days)| Given { drug, often, milligrams: milligrams * 8, from, days })
}

/// The last day up to `day` on which the diary notes a dose.
fn diary(given: &Given, day: i32) -> Option<i32> {
    let end = given.days.map_or(day, |days| day.min(given.from + days));
    let noted = |at: &i32| match given.often {
        "QD" => true,
        "QD21/28" => (at - given.from) % 28 < 21,
        "EVERY 3 WEEKS" => (at - given.from) % 21 == 0,
        _ => false,
    };
    (given.from..=end).rfind(noted).filter(|_| given.milligrams > 0)
}

fn enter(periods: &[Given]) -> Chart<'static> {
    let mut chart = Chart::new();
    for period in periods {
        let (dose, from) = (period.milligrams.to_string(), date(period.from));
        let mut answers = vec![("DRUG", period.drug), ("DOSE", &*dose), ("OFTEN", period.often), ("FROM", &*from)];
        let to = period.days.map(|days| date(period.from + days));
        answers.extend(to.as_deref().map(|to| ("TO", to)));
        chart.row(DOSE, "IG.DOSE", &answers);
    }
    chart
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_last_dose_is_the_diarys(periods in prop::collection::vec(given(), 1..5), day in 0..130_i32) {
        let chart = enter(&periods);
        let safety = Safety::read(&STUDY, &chart.book);
        let told: Vec<_> = safety
            .dosing(new_year() + day)
            .into_iter()
            .map(|dosing| (dosing.period.from, dosing.period.drug.clone(), dosing.last, dosing.running))
            .collect();
        let mut wanted: Vec<_> = periods.iter().filter(|period| period.from <= day).collect();
        wanted.sort_by_key(|period| (period.from, period.drug));
        let wanted: Vec<_> = wanted
            .into_iter()
            .map(|period| {
                let running = period.days.is_none_or(|days| period.from + days >= day);
                let last = diary(period, day).map(|last| new_year() + last);
                (new_year() + period.from, period.drug.to_owned(), last, running)
            })
            .collect();
        prop_assert_eq!(told, wanted);
    }

    #[test]
    fn fractions_are_summed_by_target(
        fractions in prop::collection::vec((any::<bool>(), 0..40_i32, prop::option::of(1..100_u32)), 0..7), day in 0..50_i32
    ) {
        let mut chart = Chart::new();
        for (left, on, tenths) in &fractions {
            let (on, dose) = (date(*on), tenths.map(|tenths| format!("{}.{}", tenths / 10, tenths % 10)));
            let mut answers = vec![("AIM", if *left { "LEFT" } else { "RIGHT" }), ("DAY", &*on)];
            answers.extend(dose.as_deref().map(|dose| ("DOSE", dose)));
            chart.row(BEAM, "IG.BEAM", &answers);
        }
        let courses = Safety::read(&STUDY, &chart.book).courses(new_year() + day);
        for (aim, left) in [("LEFT", true), ("RIGHT", false)] {
            let own = fractions.iter().filter(|(at, on, _)| *at == left && *on <= day);
            let days: Vec<i32> = own.clone().map(|(_, on, _)| new_year() + on).collect();
            let tenths = own.map(|(.., tenths)| *tenths).collect::<Option<Vec<u32>>>();
            let found = courses.iter().find(|course| course.target == aim);
            prop_assert_eq!(found.map_or(0, |course| course.fractions), days.len());
            let Some(course) = found else { continue };
            prop_assert_eq!(course.dose, tenths.map(|all| Decimal::new(i64::from(all.iter().sum::<u32>()), 1)));
            prop_assert_eq!(Some(course.days), days.iter().min().copied().zip(days.iter().max().copied()));
        }
        let firsts: Vec<i32> = courses.iter().map(|course| course.days.0).collect();
        prop_assert!(firsts.is_sorted(), "in the order of the first fractions");
    }
}

#[test]
fn a_period_is_read_in_the_standard_unit_and_with_what_is_known_of_its_days() {
    let mut chart = Chart::new();
    chart.row(DOSE, "IG.DOSE", &[("DRUG", "ONE"), ("DOSE", "0.5 g"), ("FROM", "2026-02"), ("TO", "2026-02")]);
    chart.row(DOSE, "IG.DOSE", &[("DRUG", "TWO"), ("FROM", "2026-03-05"), ("TO", "2026-03-01"), ("EVENT", "7")]);
    chart.row(DOSE, "IG.DOSE", &[("DRUG", "TWO"), ("DOSE", "8")]);
    let removed = chart.row(DOSE, "IG.DOSE", &[("DRUG", "ONE"), ("FROM", "2026-01-01")]);
    chart.remove(&removed);
    let safety = Safety::read(&STUDY, &chart.book);
    let [february, march] = safety.periods.as_slice() else { panic!("without its first day a period is none") };
    assert_eq!((february.dose, february.because), (Some(Decimal::from(500)), None));
    // From its earliest day to its latest.
    assert_eq!((february.from, february.to), (new_year() + 31, Some(new_year() + 58)));
    assert_eq!((march.dose, march.because), (None, Some(Decimal::from(7))));
    assert_eq!(march.to, Some(march.from), "no period ends before it begins");
    assert_eq!(march.frequency, "");
    let running = |day: i32| safety.dosing(new_year() + day).iter().filter(|dosing| dosing.running).count();
    assert_eq!([30, 31, 58, 59].map(running), [0, 1, 1, 0], "to the last day and with it");
}

#[test]
fn cycles_are_the_visits_that_took_place() {
    let mut chart = Chart::new();
    chart.visit("SE.AGAIN[2]", &date(63)).visit("SE.START[1]", &date(20)).visit("SE.AGAIN[1]", &date(41));
    chart.visit("SE.BASE[1]", &date(1)).visit("SE.AGAIN[3]", "2026-04");
    let safety = Safety::read(&STUDY, &chart.book);
    assert_eq!(safety.day1, Some(new_year() + 20));
    let begun: Vec<i32> = safety.cycles.iter().map(|cycle| cycle.day - new_year()).collect();
    assert_eq!(begun, [20, 41, 63], "neither screening nor a visit without its day");
    for day in 0..80 {
        let wanted = [20, 41, 63].into_iter().rfind(|first| *first <= day);
        assert_eq!(safety.cycle(new_year() + day).map(|cycle| cycle.day - new_year()), wanted, "day {day}");
    }
}
