//! Charts held against their studies: what they name is there, and what they say can be answered.

use study::{Oid, Study};

use super::{second, takes, trial};
use crate::chart::{Chart, Draw, Number};

/// Words of the course that a chart may ask for.
const COURSE: [&str; 13] = [
    "alive",
    "eligible",
    "ended",
    "late",
    "lesion.mm",
    "lesion.organ",
    "lesion.state",
    "new",
    "nontarget.state",
    "progressed",
    "switched",
    "treated",
    "targets",
];

/// Each study that comes along, with its chart.
fn charts() -> [(&'static Study, Chart); 2] {
    let read = |chart: &[u8]| serde_json::from_slice(chart).expect("a chart");
    [(trial(), read(studies::TRIAL_CHART)), (second(), read(studies::SECOND_CHART))]
}

/// Every answer that a chart has: for whom, and how it is found.
fn draws(chart: &Chart) -> impl Iterator<Item = (&Oid, &Draw)> {
    chart.items.iter().chain(chart.groups.values().flat_map(|rows| &rows.rows).flat_map(|row| &row.items))
}

#[test]
fn what_a_chart_names_is_in_its_study() {
    for (study, chart) in charts() {
        for event in chart.events.keys().chain(&chart.kept) {
            assert!(study.events.get(event).is_some(), "{event}");
        }
        for form in chart.forms.keys().chain(&chart.early) {
            assert!(study.forms.get(form).is_some(), "{form}");
        }
        for (group, rows) in &chart.groups {
            let def = study.groups.get(group).unwrap_or_else(|| panic!("no group {group}"));
            assert!(def.repeating, "{group} has one row");
            let holds = |item: &Oid| def.items.iter().any(|at| at.item == *item);
            for row in &rows.rows {
                row.items.keys().for_each(|item| assert!(holds(item), "{item} is not in {group}"));
                row.only.keys().for_each(|item| assert!(study.items.get(item).is_some(), "{item}"));
            }
            if let Some(source) = &rows.per {
                let of = study.groups.get(&source.group).expect("the group on whose rows these hang");
                assert!(of.items.iter().any(|at| at.item == source.item), "{}", source.item);
                assert!(study.forms.get(&source.form).is_some(), "{}", source.form);
            }
        }
        for (item, draw) in draws(&chart) {
            assert!(study.items.get(item).is_some(), "{item}");
            if let Draw::Copy(other) | Draw::Hours(other, ..) = draw {
                assert!(study.items.get(other).is_some(), "{item} copies {other}");
            }
        }
    }
}

#[test]
fn each_answer_of_a_chart_is_one_that_its_item_takes() {
    let mut said = 0;
    for (study, chart) in charts() {
        for (oid, draw) in draws(&chart) {
            let item = study.items.get(oid).expect("an item");
            let answers: Vec<&str> = match draw {
                Draw::Say(words) => vec![words],
                Draw::Codes(codes) => codes.iter().map(|(code, _)| code.as_str()).collect(),
                Draw::Course(name, words) => {
                    assert!(COURSE.contains(&name.as_str()), "{oid}: the course says nothing of {name}");
                    words.values().map(String::as_str).collect()
                }
                _ => Vec::new(),
            };
            said += answers.len();
            answers
                .into_iter()
                .for_each(|answer| assert!(takes(study, item, answer), "{oid} does not take {answer:?}"));
        }
    }
    assert!(said > 300, "only {said} answers");
}

#[test]
fn days_are_drawn_for_dates_and_numbers_for_numbers() {
    for (study, chart) in charts() {
        for (oid, draw) in draws(&chart) {
            let kind = study.items.get(oid).expect("an item").kind;
            match draw {
                Draw::Day(_, least, most) => assert!(kind.is_date() && least <= most, "{oid}"),
                Draw::Step(_, _, step, rows) => assert!(kind.is_date() && *step >= 0 && *rows > 0, "{oid}"),
                Draw::Hours(_, least, most) => assert!(kind.is_date_time() && least <= most, "{oid}"),
                Draw::Number(number) => {
                    assert!(kind.is_numeric(), "{oid}");
                    is_sound(oid, number, study.items.get(oid).and_then(|item| item.digits));
                }
                Draw::Codes(codes) => assert!(codes.iter().any(|(_, weight)| *weight > 0), "{oid}"),
                Draw::Within(rows) => assert!(*rows > 0, "{oid}"),
                _ => {}
            }
        }
    }
}

fn is_sound(oid: &Oid, number: &Number, digits: Option<u32>) {
    assert!(number.sd >= 0.0 && number.walk >= 0.0, "{oid} spreads backwards");
    assert!(number.least.is_none_or(|least| least <= number.mean), "{oid} is always its least");
    assert!(digits.is_none_or(|most| number.digits <= most), "{oid} takes fewer digits");
}

#[test]
fn nobody_is_born_as_a_child() {
    for (study, chart) in charts() {
        for (oid, draw) in draws(&chart) {
            let is_birth = study.items.get(oid).is_some_and(|item| item.short_name.contains("BRTH"));
            if let Draw::Day(_, least, most) = draw
                && is_birth
            {
                assert!(*most < -18 * 366 && *least > -100 * 365, "{oid}");
            }
        }
    }
}

#[test]
fn a_chart_with_a_word_that_nobody_knows_is_refused() {
    let read = |text: &str| serde_json::from_str::<Chart>(text).is_ok();
    assert!(read("{}"), "a study needs no chart");
    assert!(read(r#"{"items": {"IT.X": {"day": ["visit", 0, 0]}}, "forms": {"F.X": "died"}}"#));
    for unknown in [
        r#"{"itmes": {}}"#,
        r#"{"items": {"IT.X": {"dice": 6}}}"#,
        r#"{"items": {"IT.X": {"day": ["birthday", 0, 0]}}}"#,
        r#"{"items": {"IT.X": {"number": {"mean": 1, "sd": 1, "slope": 2}}}}"#,
        r#"{"forms": {"F.X": "sometimes"}}"#,
        r#"{"groups": {"IG.X": {"rows": [{"weight": 1}]}}}"#,
    ] {
        assert!(!read(unknown), "{unknown}");
    }
}
