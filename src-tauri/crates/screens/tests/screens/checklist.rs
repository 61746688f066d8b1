//! The sheet that a nurse takes along to a visit.

use screens::checklist;
use screens::form::Extras;
use screens::messages::{ChecklistView, FormStatus, OpenKind};

use crate::chart::Chart;

fn sheet(chart: &Chart, event: &str) -> ChecklistView {
    let key: study::EventKey = event.parse().expect("an event");
    let def = chart.study.events.get(&key.event).expect("an event of the study");
    chart.draw(|view| checklist::visit(view, &Extras::default(), &key, def))
}

fn treated() -> Chart {
    let mut chart = Chart::new();
    chart.visit("SE.SCR[1]", "2026-09-20").visit("SE.RAND[1]", "2026-10-01").visit("SE.C1D1[1]", "2026-10-02");
    chart
}

#[test]
fn a_visit_lists_its_forms_with_their_questions() {
    let view = sheet(&treated(), "SE.TA[1]");
    assert_eq!((view.site.as_str(), view.subject.as_str(), view.printed.as_str()), ("S01", "S01-001", "2026-11-23"));
    assert_eq!(view.window, Some(("2026-11-06".to_owned(), "2026-11-20".to_owned())));
    let forms: Vec<&str> = view.forms.iter().map(|form| form.key.as_str()).collect();
    assert_eq!(forms, ["SE.TA[1]/F.TR[1]", "SE.TA[1]/F.LB[1]", "SE.TA[1]/F.ECOG[1]"]);
    assert!(view.forms.iter().all(|form| !form.items.is_empty()));
}

#[test]
fn what_is_computed_is_not_asked_and_rows_are_asked_once() {
    let mut chart = treated();
    let signs = |chart: &Chart| {
        let view = sheet(chart, "SE.SCR[1]");
        view.forms.into_iter().find(|form| form.key.contains("F.VS")).expect("vital signs")
    };
    let questions: Vec<String> = signs(&chart).items.into_iter().map(|item| item.question).collect();
    assert_eq!(questions.len(), 7, "neither body mass index nor surface area: {questions:?}");
    chart.answer("SE.SCR[1]/F.VS[1]/IG.VS[1]/IT.VS.SYSBP", "120", None);
    let answered: Vec<bool> = signs(&chart).items.iter().map(|item| item.answered).collect();
    assert_eq!(answered.iter().filter(|answered| **answered).count(), 1);
    chart.complete("SE.SCR[1]/F.VS[1]");
    let done = signs(&chart);
    assert_eq!((done.status, done.items.len()), (FormStatus::Complete, 0));
    let assessment = sheet(&chart, "SE.TA[1]").forms.remove(0);
    let lesions = assessment.items.iter().filter(|item| item.repeating).count();
    assert!(lesions > 0 && lesions < 20, "{lesions}");
}

#[test]
fn paper_carries_neither_free_text_nor_the_birth_date() {
    let mut chart = treated();
    chart.fill("SE.SCR[1]/F.DM[1]/IG.DM[1]", &[("IT.DM.BRTHDAT", "1961-04-02"), ("IT.DM.SEX", "F")]);
    chart.visit("SE.UNS[1]", "2026-10-20");
    chart.row("SE.LOG[1]/F.AE[1]", "IG.AE", &[("IT.AE.AETERM", "fell from a ladder")]);
    for event in ["SE.SCR[1]", "SE.LOG[1]", "SE.C1D1[1]", "SE.UNS[1]"] {
        let text = serde_json::to_string(&sheet(&chart, event)).expect("JSON");
        assert!(!text.contains("1961") && !text.contains("ladder"), "{event}");
    }
}

#[test]
fn open_points_of_other_visits_come_along_with_their_place() {
    let mut chart = treated();
    chart.fill("SE.SCR[1]/F.VS[1]/IG.VS[1]", &[("IT.VS.SYSBP", "80"), ("IT.VS.DIABP", "90")]);
    chart.ask("SE.SCR[1]/F.VS[1]/IG.VS[1]/IT.VS.PULSE", "Counted how?");
    let view = sheet(&chart, "SE.TA[1]");
    let kinds: Vec<OpenKind> = view.open.iter().map(|point| point.kind).collect();
    assert!(kinds.contains(&OpenKind::Hard) && kinds.contains(&OpenKind::Query), "{kinds:?}");
    assert!(view.open.iter().all(|point| point.place.ends_with("Vital signs") && !point.question.is_empty()));
    assert!(view.open.iter().all(|point| !point.message.contains("Counted")), "a query's words are free text");
    let own = sheet(&chart, "SE.SCR[1]");
    assert!(own.open.is_empty());
    assert!(own.forms.iter().any(|form| form.open.len() >= 2));
}

#[test]
fn what_was_confirmed_is_open_no_more_and_long_lists_are_not_printed() {
    let mut chart = treated();
    let pressure = "SE.SCR[1]/F.VS[1]/IG.VS[1]/IT.VS.SYSBP";
    chart.fill("SE.SCR[1]/F.VS[1]/IG.VS[1]", &[("IT.VS.SYSBP", "230"), ("IT.VS.DIABP", "90")]);
    let soft =
        |chart: &Chart| sheet(chart, "SE.TA[1]").open.into_iter().filter(|point| point.kind == OpenKind::Soft).count();
    let (before, rule) = (soft(&chart), chart.cell(pressure).findings[0].rule.clone());
    chart.confirm(pressure, &rule, "measured twice");
    assert_eq!(soft(&chart) + 1, before);
    let mut ringed = 0;
    for event in ["SE.SCR[1]", "SE.C1D1[1]", "SE.TA[1]"] {
        for item in sheet(&chart, event).forms.iter().flat_map(|form| &form.items) {
            assert!(item.choices.len() <= 6, "{}", item.question);
            ringed += usize::from(!item.choices.is_empty());
        }
    }
    assert!(ringed > 10, "{ringed}");
}
