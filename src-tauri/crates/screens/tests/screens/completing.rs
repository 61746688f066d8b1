//! What stands against completing a form, in which order, and what is seen of an answer by whom.

use proptest::prelude::*;
use screens::form::{self, Extras};
use screens::messages::{BlockerKind, Control, FormState, FormStatus, Severity};
use study::value::PartialDate;

use crate::chart::{AT_HOME, Chart, NURSE_THERE};

const VS: &str = "SE.SCR[1]/F.VS[1]";
const ROW: &str = "SE.SCR[1]/F.VS[1]/IG.VS[1]";

fn vital_signs() -> Chart {
    let mut chart = Chart::new();
    chart.visit("SE.SCR[1]", "2026-09-20");
    chart
}

/// The items of the form that may stand in a blocker, in the order of the form.
fn order(chart: &Chart, state: &FormState) -> Vec<String> {
    let shape = form::shape(chart.study, &state.key.parse().expect("a form"), "en").expect("a form of the study");
    let group = |oid: &str| shape.groups.iter().find(|group| group.oid == oid).expect("a group");
    let cells = state.rows.iter().flat_map(|row| row.cells.iter().zip(&group(&row.group).items));
    cells
        .map(|(cell, item)| {
            assert!(cell.key.ends_with(&format!("/{}", item.oid)), "cells stand as their questions do");
            cell.key.clone()
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Blockers come in the order of the form; what is lacking is what is mandatory, seen, computed by nobody and empty.
    #[test]
    fn blockers_follow_the_form(
        answers in prop::collection::vec((0..7_usize, 10..200_u32), 0..6), drafts in prop::collection::vec(0..7_usize, 0..3)
    ) {
        const ITEMS: [&str; 7] = ["SYSBP", "DIABP", "PULSE", "RESP", "TEMP", "HEIGHT", "WEIGHT"];
        let (mut chart, mut extras) = (vital_signs(), Extras::default());
        let cell = |item: usize| format!("{ROW}/IT.VS.{}", ITEMS[item]);
        for (item, value) in answers {
            chart.answer(&cell(item), &value.to_string(), None);
        }
        for item in drafts {
            extras.drafts.insert(chart.key(&cell(item)), "?".into());
        }
        let state = chart.state_with(VS, &extras);
        let order = order(&chart, &state);
        let places: Vec<_> = state.blockers.iter().map(|blocker| order.iter().position(|key| *key == blocker.key)).collect();
        prop_assert!(places.is_sorted() && places.iter().all(Option::is_some), "{:?}", places);
        let shape = form::shape(chart.study, &VS.parse().expect("a form"), "en").expect("a form of the study");
        let asked = shape.groups[0].items.iter().zip(&state.rows[0].cells);
        for (item, cell) in asked {
            let of = |kind| state.blockers.iter().any(|blocker| blocker.key == cell.key && blocker.kind == kind);
            let empty = cell.display.is_empty() && cell.missing.is_empty();
            let lacks = item.mandatory && cell.visible && item.control != Control::Derived && empty && cell.draft.is_none();
            prop_assert_eq!(of(BlockerKind::Mandatory), lacks, "{}", item.name);
            prop_assert_eq!(of(BlockerKind::Draft), cell.draft.is_some(), "{}", item.name);
            let grave = |severity| cell.findings.iter().any(|finding| finding.severity == severity);
            prop_assert_eq!(of(BlockerKind::Hard), grave(Severity::Hard), "{}", item.name);
            prop_assert_eq!(of(BlockerKind::Soft), grave(Severity::Soft), "{}", item.name);
        }
    }

    /// The course of a question: visits with a date in the order of their dates, the others where the protocol has them.
    #[test]
    fn a_course_goes_by_dates_and_keeps_the_places_of_the_undated(days in prop::collection::vec(prop::option::of(1..29_u8), 5)) {
        let mut chart = Chart::of(&AT_HOME);
        for (n, day) in days.iter().enumerate() {
            let event = format!("SE.WEEK[{}]", n + 1);
            if let Some(day) = day {
                chart.visit(&event, &format!("2026-11-{day:02}"));
            }
            chart.row(&format!("{event}/F.BP[1]"), "IG.READ", &[("IT.READ.UPPER", "120")]);
        }
        let here = chart.key("SE.WEEK[3]/F.BP[1]/IG.MEAN[1]/IT.MEAN.MEANUP");
        let course = form::course(chart.study, &chart.book, &here);
        let told: Vec<_> = course.iter().map(|point| point.date.as_ref().and_then(PartialDate::day)).collect();
        let mut dated: Vec<u8> = days.iter().flatten().copied().collect();
        dated.sort_unstable();
        let mut dated = dated.into_iter();
        let wanted: Vec<_> = days.iter().map(|day| day.and_then(|_| dated.next())).collect();
        prop_assert_eq!(told, wanted);
        let mut repeats: Vec<_> = course.iter().map(|point| point.key.form.event_repeat.to_string()).collect();
        repeats.sort();
        prop_assert_eq!(repeats, ["1", "2", "3", "4", "5"], "each visit once");
    }
}

#[test]
fn a_confirmed_finding_blocks_no_longer_until_its_value_changes() {
    let mut chart = vital_signs();
    let pressure = format!("{ROW}/IT.VS.SYSBP");
    chart.fill(ROW, &[("IT.VS.SYSBP", "230"), ("IT.VS.DIABP", "90")]);
    let soft = |chart: &Chart| {
        let state = chart.state(VS);
        let found = state.blockers.into_iter().filter(|blocker| blocker.kind == BlockerKind::Soft);
        found.map(|blocker| (blocker.key, blocker.rule)).collect::<Vec<_>>()
    };
    let found = soft(&chart);
    let (_, rule) = found.iter().find(|(key, _)| *key == pressure).expect("an unusual pressure");
    chart.confirm(&pressure, rule, "measured twice");
    assert!(!soft(&chart).contains(&(pressure.clone(), rule.clone())));
    let finding = |chart: &Chart| {
        chart.cell(&pressure).findings.into_iter().find(|finding| finding.rule == *rule).expect("it stands there")
    };
    assert_eq!(finding(&chart).confirmed.as_deref(), Some("measured twice"));
    chart.reader.role = screens::messages::Role::Assessor;
    assert_eq!(finding(&chart).confirmed.as_deref(), Some(""), "a masked reader learns that, not what, was said");
    chart.reader.role = screens::messages::Role::Nurse;
    chart.answer(&pressure, "235", Some("misread"));
    assert_eq!(finding(&chart).confirmed, None);
    assert!(soft(&chart).contains(&(pressure.clone(), rule.clone())));
}

#[test]
fn a_reason_is_owed_to_whoever_declared_the_form_complete() {
    let mut chart = vital_signs();
    let needed = |chart: &Chart| (chart.state(VS).reason_needed, chart.state(VS).rows[0].reason_needed);
    chart.answer(&format!("{ROW}/IT.VS.PULSE"), "70", None);
    assert_eq!(needed(&chart), (false, false));
    chart.author = NURSE_THERE;
    chart.complete(VS);
    assert_eq!(needed(&chart), (true, true), "declared on another computer");
    assert_eq!(chart.state(VS).status, FormStatus::Complete);
    chart.reopen(VS);
    assert_eq!(
        (needed(&chart), chart.state(VS).status),
        ((true, true), FormStatus::Started),
        "opened, but once complete"
    );
}

#[test]
fn rows_that_were_removed_are_seen_no_more() {
    const BP: &str = "SE.FIRST[1]/F.BP[1]";
    let mut chart = Chart::of(&AT_HOME);
    let first = chart.row(BP, "IG.READ", &[("IT.READ.UPPER", "180"), ("IT.READ.LOWER", "90")]);
    chart.row(BP, "IG.READ", &[("IT.READ.UPPER", "120"), ("IT.READ.LOWER", "80")]);
    let mean = |chart: &Chart| chart.cell("SE.FIRST[1]/F.BP[1]/IG.MEAN[1]/IT.MEAN.MEANUP").display;
    let rows = |chart: &Chart| chart.state(BP).rows.iter().filter(|row| row.group == "IG.READ").count();
    assert_eq!((mean(&chart), rows(&chart)), ("150.0".to_owned(), 2));
    chart.remove(&first);
    assert_eq!((mean(&chart), rows(&chart)), ("120.0".to_owned(), 1));
}

#[test]
fn what_skip_logic_hides_is_neither_seen_nor_lacking() {
    let mut chart = Chart::of(&AT_HOME);
    let pregnant = "SE.FIRST[1]/F.IN[1]/IG.IN[1]/IT.IN.PREG";
    let lacks =
        |chart: &Chart| chart.state("SE.FIRST[1]/F.IN[1]").blockers.iter().any(|blocker| blocker.key == pregnant);
    let sex = "SE.FIRST[1]/F.IN[1]/IG.IN[1]/IT.IN.SEX";
    let seen = |chart: &Chart| (chart.cell(pregnant).visible, lacks(chart));
    assert_eq!(seen(&chart), (false, false), "while nobody knows whether it is asked");
    chart.answer(sex, "F", None);
    assert_eq!(seen(&chart), (true, true));
    chart.answer(pregnant, "N", None);
    assert_eq!(seen(&chart), (true, false));
    chart.answer(sex, "M", Some("misread"));
    assert_eq!(seen(&chart), (false, false));
    chart.answer(sex, "F", Some("right at first"));
    assert_eq!(chart.cell(pregnant).display, "No", "what was answered is there again");
}
