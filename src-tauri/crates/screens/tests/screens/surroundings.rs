//! What surrounds an adverse event in detail: treatment, fractions, evidence, and how the report says it.

use screens::messages::EventBeside;
use screens::paper::Block;
use screens::safety;

use crate::chart::{Chart, NURSE_THERE};
use crate::safety::{Case, FRACTIONS, case, words};

const EC: &str = "SE.LOG[1]/F.EC[1]";

/// A case whose subject was allocated to radiotherapy.
fn irradiated() -> Case {
    let mut case = case("2026-11-22T20:15");
    case.chart.fill("SE.RAND[1]/F.RAND[1]/IG.RAND[1]", &[("IT.RAND.ARM", "SBRT")]);
    case
}

fn fraction(chart: &mut Chart, target: &str, number: &str, date: &str, dose: &str) -> String {
    let answers = [("IT.RTX.FXTGT", target), ("IT.RTX.FXNO", number), ("IT.RTX.FXDAT", date), ("IT.RTX.FXGY", dose)];
    chart.row(FRACTIONS, "IG.RTX", &answers)
}

fn period(chart: &mut Chart, dose: &str, from: &str, more: &[(&str, &str)]) {
    let mut answers = vec![("IT.EC.ECTRT", "LENVATINIB"), ("IT.EC.ECDOSE", dose), ("IT.EC.ECSTDAT", from)];
    answers.extend_from_slice(more);
    chart.row(EC, "IG.EC", &answers);
}

fn around(case: &Case) -> EventBeside {
    case.surroundings(&format!("{}/IT.AE.AENO", case.event)).expect("an event's row")
}

#[test]
fn an_event_lies_in_a_cycle_and_on_a_day_of_the_study() {
    let mut case = case("2026-11-22T20:15");
    let told = |case: &Case| {
        let around = around(case);
        (around.onset, around.day, around.cycle)
    };
    assert_eq!(told(&case), (Some("2026-11-13".to_owned()), Some(43), Some(("C3D1".to_owned(), 1))));
    let onset = format!("{}/IT.AE.AESTDAT", case.event);
    for (typed, day, cycle) in [
        ("2026-11-12", Some(42), Some(("C2D1".to_owned(), 21))),
        ("2026-10-02", Some(1), Some(("C1D1".to_owned(), 1))),
        ("2026-10-01", Some(-1), None),
        ("2026-11", None, None),
    ] {
        case.chart.answer(&onset, typed, Some("corrected"));
        assert_eq!(told(&case), (Some(typed.to_owned()), day, cycle));
    }
    let partly = around(&case);
    assert!(partly.drugs.is_empty() && partly.radiotherapy.is_empty(), "nothing can be counted from a month");
}

#[test]
fn of_an_interruption_the_doses_before_it_are_shown_too() {
    let mut case = case("2026-11-22T20:15");
    let first = format!("{EC}/IG.EC[aaaaaaaa.1]");
    case.chart.fill(&first, &[("IT.EC.ECONGO", "N"), ("IT.EC.ECENDAT", "2026-10-31")]);
    period(
        &mut case.chart,
        "8",
        "2026-11-01",
        &[("IT.EC.ECFRQ", "QD"), ("IT.EC.ECONGO", "N"), ("IT.EC.ECENDAT", "2026-11-10")],
    );
    period(&mut case.chart, "0", "2026-11-11", &[("IT.EC.ECFRQ", "NONE"), ("IT.EC.ECONGO", "Y")]);
    let reduced = [
        ("IT.EC.ECFRQ", "QD"),
        ("IT.EC.ECONGO", "Y"),
        ("IT.EC.ECADJ", "Y"),
        ("IT.EC.ECREAS", "AE"),
        ("IT.EC.ECAE", "1"),
    ];
    period(&mut case.chart, "4", "2026-11-20", &reduced);
    let shown = around(&case).drugs;
    let told: Vec<_> = shown.iter().map(|drug| (&*drug.from, drug.paused, drug.last.as_deref(), drug.since)).collect();
    assert_eq!(
        told,
        [
            ("2026-11-01", false, Some("2026-11-10"), Some(3)),
            ("2026-11-11", true, None, None),
            ("2026-11-20", false, None, None),
        ],
        "the period before the last one has no say"
    );
    assert_eq!(shown.iter().map(|drug| drug.because).collect::<Vec<_>>(), [false, false, true]);
    assert_eq!(shown[0].dose, "8 mg · Once a day");
    assert_eq!(shown[1].dose, "0 mg", "an interruption has no frequency");
}

#[test]
fn fractions_before_the_event_are_summed_target_by_target() {
    let mut case = irradiated();
    for (target, number, date, dose) in [
        ("RT2", "1", "2026-10-20", "7.5"),
        ("RT1", "1", "2026-10-19", "8"),
        ("RT1", "2", "2026-10-21", "8"),
        ("RT1", "3", "2026-11-14", "8"),
    ] {
        fraction(&mut case.chart, target, number, date, dose);
    }
    let told: Vec<_> = around(&case)
        .radiotherapy
        .into_iter()
        .map(|course| (course.fractions, course.dose, course.first, course.last, course.since))
        .collect();
    let row =
        |n, dose: &str, first: &str, last: &str, since| (n, dose.to_owned(), first.to_owned(), last.to_owned(), since);
    assert_eq!(
        told,
        [row(2, "16 Gy", "2026-10-19", "2026-10-21", 23), row(1, "7.5 Gy", "2026-10-20", "2026-10-20", 24)]
    );
    let said = words(&case.paper().expect("a report"));
    assert!(said.contains("16 Gy | 19 Oct 2026 – 21 Oct 2026 | 23"), "{said}");
}

#[test]
fn evidence_gives_numbers_by_their_size() {
    let mut case = irradiated();
    for number in 1..=11 {
        fraction(&mut case.chart, "RT1", &number.to_string(), "2026-10-20", "8");
    }
    let twice = fraction(&mut case.chart, "RT1", "11", "2026-10-22", "8");
    let key = case.chart.key(&format!("{twice}/IT.RTX.FXNO"));
    let evidence = case.chart.draw(|view| safety::evidence(view, &key));
    let facts: Vec<_> = evidence.iter().flat_map(|found| &found.facts).collect();
    let numbers = facts.iter().find(|fact| fact.name.contains("Fraction number")).expect("the other numbers");
    assert_eq!((numbers.value.as_str(), numbers.count), ("1 – 11", 11));
}

#[test]
fn answers_that_differ_stand_in_words_on_the_report() {
    let mut case = case("2026-11-22T20:15");
    let cells = ["IT.SAE.SAETYPE", "IT.SAE.SAEEXP"].map(|item| format!("{}/{item}", case.report));
    case.chart.answer(&cells[1], "EXPECTED", None);
    case.chart.author = NURSE_THERE;
    case.chart.answer_over(&cells[0], "?unknown", None, Vec::new());
    case.chart.answer_over(&cells[1], "UNEXPECTED", None, Vec::new());
    let said = words(&case.paper().expect("a report"));
    assert!(said.contains("devices differ: Initial report / unknown"), "{said}");
    assert!(said.contains("devices differ: Expected / Unexpected"), "{said}");
}

/// What a report in Chinese may say in Latin letters: names of people, of the program and of the device, units, codes.
fn is_kept(word: &str) -> bool {
    const KEPT: [&str; 6] = ["Wang", "Outpost", "aaaaaaaa", "one", "two", "three"];
    let small = word.chars().filter(char::is_ascii_lowercase).count();
    small < 3 || KEPT.contains(&word) || word.chars().any(|c| c.is_ascii_digit())
}

#[test]
fn a_chinese_report_has_no_english_in_it() {
    let mut case = irradiated();
    fraction(&mut case.chart, "RT1", "1", "2026-10-19", "8");
    case.chart.answer(&format!("{}/IT.SAE.SAEEXP", case.report), "?not_asked", None);
    case.chart.language = "zh-CN";
    for text_is_there in [true, false] {
        if !text_is_there {
            case.chart.texts.clear();
        }
        let paper = case.paper().expect("a report");
        let said = [words(&paper), paper.head.clone(), paper.foot.clone(), paper.title.clone()].join("\n");
        // ODM has one language for a study's title; sponsor and the chart's own words are as they were written.
        let own = [case.chart.study.title(), "Sun Yat-sen University", "fever"];
        let said = own.iter().fold(said, |said, words| said.replace(words, ""));
        let latin = said.split(|c: char| !c.is_ascii_alphanumeric());
        let english: Vec<&str> = latin.filter(|word| !is_kept(word)).collect();
        assert!(english.is_empty(), "{english:?} in\n{said}");
    }
}

#[test]
fn every_question_of_the_report_is_answered_once() {
    let case = case("2026-11-22T20:15");
    let paper = case.paper().expect("a report");
    let facts = paper.blocks.iter().filter_map(|block| match block {
        Block::Facts(facts) => Some(facts),
        _ => None,
    });
    let named: Vec<&str> = facts.flatten().map(|(name, _)| name.as_str()).collect();
    let row = clinical::safety::RowAt::of(&case.chart.key(&format!("{}/IT.SAE.SAENO", case.report)));
    for key in row.cells(case.chart.study).filter(|key| !case.chart.book.cell(key).is_some_and(|cell| cell.is_hidden()))
    {
        let question = case.chart.study.items.get(&key.item).expect("an item").question("en");
        assert_eq!(named.iter().filter(|name| **name == question).count(), 1, "{question} in {named:?}");
    }
}
