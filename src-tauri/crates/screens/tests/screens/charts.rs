//! The charts of one subject and of all.

use screens::charts::{self, Course};
use screens::messages::MilestoneKind;

use crate::chart::{Chart, TRIAL};

fn treated() -> Chart {
    let mut chart = Chart::new();
    chart.visit("SE.SCR[1]", "2026-09-20").visit("SE.RAND[1]", "2026-10-01").visit("SE.C1D1[1]", "2026-10-02");
    chart.fill("SE.SCR[1]/F.ICF[1]/IG.ICF[1]", &[("IT.ICF.DSSTDAT", "2026-09-18")]);
    let period =
        [("IT.EC.ECTRT", "LENVATINIB"), ("IT.EC.ECDOSE", "8"), ("IT.EC.ECSTDAT", "2026-10-02"), ("IT.EC.ECONGO", "Y")];
    chart.row("SE.LOG[1]/F.EC[1]", "IG.EC", &period);
    let event = [
        ("IT.AE.AETERM", "fever"),
        ("IT.AE.AESTDAT", "2026-10-20"),
        ("IT.AE.AEENDAT", "2026-10-25"),
        ("IT.AE.AETOXGR", "2"),
    ];
    chart.row("SE.LOG[1]/F.AE[1]", "IG.AE", &event);
    chart.fill("SE.C1D1[1]/F.LB[1]/IG.LBC[1]", &[("IT.LBC.LBCDAT", "2026-10-01"), ("IT.LBC.ALT", "44")]);
    chart
}

#[test]
fn a_subjects_course_lies_on_one_axis() {
    let view = treated().draw(charts::timeline);
    assert_eq!(
        (view.subject.as_str(), view.today.as_str(), view.day1.as_deref()),
        ("S01-001", "2026-11-23", Some("2026-10-02"))
    );
    // A week of margin before the consent and after today.
    assert_eq!((view.first.as_str(), view.last.as_str()), ("2026-09-11", "2026-11-30"));
    let drug = &view.drugs[0];
    assert_eq!(
        (drug.label.as_str(), drug.dose.as_str(), drug.to.as_str(), drug.open),
        ("Lenvatinib", "8 mg", "2026-11-23", true)
    );
    let event = &view.adverse[0];
    assert_eq!(
        (event.term.as_str(), event.grade, event.open),
        ("fever", 2, false),
        "without a term the chart's words speak"
    );
    let line = &view.labs[0];
    assert_eq!(
        (line.unit.as_str(), line.points.as_slice()),
        ("U/L", [("2026-10-01".to_owned(), "44".to_owned())].as_slice())
    );
    let kinds: Vec<MilestoneKind> = view.milestones.iter().map(|stone| stone.kind).collect();
    assert_eq!(kinds, [MilestoneKind::Consent, MilestoneKind::Day1]);
}

#[test]
fn what_goes_on_ends_with_death() {
    let mut chart = treated();
    chart.fill("SE.LOG[1]/F.DD[1]/IG.DD[1]", &[("IT.DD.DTHDAT", "2026-11-01")]);
    let view = chart.draw(charts::timeline);
    assert_eq!(view.drugs[0].to, "2026-11-01");
    assert_eq!(view.milestones.last().map(|stone| stone.kind), Some(MilestoneKind::Death));
    assert_eq!(view.last, "2026-11-08");
}

#[test]
fn a_redacted_word_leaves_an_empty_label() {
    let mut chart = treated();
    chart.texts.clear();
    assert_eq!(chart.draw(charts::timeline).adverse[0].term, "");
}

#[test]
fn subjects_stand_beside_each_other_by_arm() {
    let mut chart = treated();
    let arm = chart.study.codelist_of(chart.study.items.get("IT.RAND.ARM").expect("an item")).expect("a list");
    let first = arm.choices[0].code.to_string();
    chart.fill("SE.RAND[1]/F.RAND[1]/IG.RAND[1]", &[("IT.RAND.ARM", &first)]);
    let waiting = Chart::new();
    let courses = [("S01-001", &chart), ("S01-002", &waiting)]
        .map(|(subject, chart)| (subject.to_owned(), Course::read(&TRIAL, &chart.book)));
    let view = chart.frame(|frame| charts::charts(&courses, &TRIAL, "en", frame.today()));
    assert_eq!(view.subjects, 2);
    assert_eq!(view.arms.len(), arm.choices.len(), "every arm keeps its place, whoever was allocated");
    assert_eq!(view.swimmer.len(), 1, "who was not treated swims no lane");
    let lane = &view.swimmer[0];
    assert_eq!((lane.arm.as_str(), lane.days, lane.open), (first.as_str(), 52, true));
    assert!(view.waterfall.is_empty() && view.spider.is_empty());
}

#[test]
fn interruptions_serious_events_and_removed_rows() {
    let mut chart = treated();
    let pause = [("IT.EC.ECTRT", "LENVATINIB"), ("IT.EC.ECDOSE", "0"), ("IT.EC.ECSTDAT", "2026-10-26")];
    chart.row("SE.LOG[1]/F.EC[1]", "IG.EC", &pause);
    let serious = [("IT.AE.AETERM", "fall"), ("IT.AE.AESTDAT", "2026-10-24"), ("IT.AE.AESER", "Y")];
    let serious = chart.row("SE.LOG[1]/F.AE[1]", "IG.AE", &serious);
    let view = chart.draw(charts::timeline);
    let drugs: Vec<_> = view.drugs.iter().map(|drug| (&*drug.from, drug.paused)).collect();
    assert_eq!(drugs, [("2026-10-02", false), ("2026-10-26", true)]);
    let events: Vec<_> = view.adverse.iter().map(|event| (&*event.term, event.serious, event.open)).collect();
    assert_eq!(events, [("fever", false, false), ("fall", true, true)]);
    chart.remove(&serious);
    assert_eq!(chart.draw(charts::timeline).adverse.len(), 1, "what was removed is drawn no more");
}

#[test]
fn the_end_of_treatment_and_of_life_are_milestones() {
    let mut chart = treated();
    let stones = |chart: &Chart| {
        let view = chart.draw(charts::timeline);
        view.milestones.into_iter().map(|stone| (stone.kind, stone.date)).collect::<Vec<_>>()
    };
    let stone = |kind, date: &str| (kind, date.to_owned());
    chart.fill("SE.EOT[1]/F.EOT[1]/IG.EOT[1]", &[("IT.EOT.LASTDAT", "2026-11-10")]);
    chart.fill("SE.LTFU[1]/F.LTFU[1]/IG.FU[1]", &[("IT.FU.LASTALV", "2026-11-20")]);
    let known = stones(&chart);
    assert_eq!(known[2..], [stone(MilestoneKind::End, "2026-11-10"), stone(MilestoneKind::LastAlive, "2026-11-20")]);
    let courses = [("S01-001".to_owned(), Course::read(&TRIAL, &chart.book))];
    let lane = chart.frame(|frame| charts::charts(&courses, &TRIAL, "en", frame.today())).swimmer.remove(0);
    // 10 November is 39 days after 2 October, 20 November 49.
    assert_eq!((lane.days, lane.open, lane.followed), (39, false, 49));
    chart.fill("SE.LOG[1]/F.DD[1]/IG.DD[1]", &[("IT.DD.DTHDAT", "2026-11-22")]);
    assert_eq!(
        stones(&chart)[2..],
        [stone(MilestoneKind::End, "2026-11-10"), stone(MilestoneKind::Death, "2026-11-22")]
    );
}
