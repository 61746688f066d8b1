//! What is read from the tumour forms: places, states, and what is not said yet.

use clinical::tumours::{self, Course};
use oncology::recist::{Markers, Measure, NewState, NonTargetState, PriorTreatment, Role, Tenths};

use crate::stage::{Chart, XML, cell, date, form_key, read};

const FIRST: &str = "SE.BASE[1]/F.FIRST[1]";
const SCAN: &str = "SE.SCAN[1]/F.SCAN[1]";

/// Two targets and a non-target lesion at baseline, and a dated visit of a scan.
fn chart() -> Chart<'static> {
    let mut chart = Chart::new();
    chart.visit("SE.BASE[1]", &date(0)).visit("SE.SCAN[1]", &date(50));
    chart.row(FIRST, "IG.T", &[("ID", "A"), ("ORGAN", "LIVER"), ("SIZE", "40")]);
    chart.row(FIRST, "IG.T", &[("ID", "B"), ("ORGAN", "NODE"), ("SIZE", "2 cm")]);
    chart.row(FIRST, "IG.N", &[("ID", "P"), ("ORGAN", "LUNG"), ("SIZE", "7")]);
    chart
}

fn course(chart: &Chart<'_>) -> Course {
    tumours::course(chart.study, &chart.book).expect("tumours")
}

/// What the one scan says of a target lesion.
fn measure(chart: &Chart<'_>, lesion: &str) -> Option<Measure> {
    course(chart).input.visits.first()?.targets.get(lesion).map(|reading| reading.measure.clone())
}

#[test]
fn lesions_keep_the_cells_where_they_stand() {
    let chart = chart();
    let course = course(&chart);
    assert_eq!(course.baseline, form_key(FIRST));
    let told: Vec<_> =
        course.lesions.iter().map(|lesion| (&*lesion.id, lesion.role, &*lesion.organ, lesion.node)).collect();
    assert_eq!(
        told,
        [("A", Role::Target, "LIVER", false), ("B", Role::Target, "NODE", true), ("P", Role::NonTarget, "LUNG", false)]
    );
    for lesion in &course.lesions {
        let held = chart.book.cell(&lesion.cell).expect("the identifier's cell");
        assert_eq!(held.heads().count(), 1);
        assert_eq!(lesion.size.as_ref().map(|size| size.group_repeat.clone()), Some(lesion.cell.group_repeat.clone()));
    }
    // A size at baseline is the engine's for a non-target lesion; of targets the baseline's reading has it.
    let sizes: Vec<_> = course.input.lesions.iter().map(|lesion| lesion.size).collect();
    assert_eq!(sizes, [None, None, Some(Tenths::mm(7))]);
    let read = |id: &str| course.input.baseline.targets[id].measure.clone();
    assert_eq!((read("A"), read("B")), (Measure::Size(Tenths::mm(40)), Measure::Size(Tenths::mm(20))));
    assert_eq!(course.input.baseline.non_targets["P"], NonTargetState::Present);
}

#[test]
fn a_row_without_a_name_is_no_lesion_and_the_first_of_two_names_counts() {
    let mut chart = chart();
    chart.row(FIRST, "IG.T", &[("ORGAN", "LIVER"), ("SIZE", "90")]);
    chart.row(FIRST, "IG.T", &[("ID", "A"), ("SIZE", "10")]);
    chart.row(FIRST, "IG.N", &[("ID", "B"), ("ORGAN", "LIVER")]);
    let removed = chart.row(FIRST, "IG.T", &[("ID", "C"), ("SIZE", "10")]);
    chart.remove(&removed);
    let course = course(&chart);
    let ids: Vec<&str> = course.lesions.iter().map(|lesion| &*lesion.id).collect();
    assert_eq!(ids, ["A", "B", "P"]);
    assert_eq!(course.outcome.baseline.sum, Some(Tenths::mm(60)));
}

#[test]
fn each_state_of_a_target_is_one_measure() {
    let into = [("STATE", "MERGED"), ("INTO", "B")];
    for (answers, wanted) in [
        (vec![("STATE", "MEASURED"), ("SIZE", "31.5")], Some(Measure::Size(Tenths::new(315)))),
        (vec![("STATE", "MEASURED"), ("SHORT", "31")], Some(Measure::Size(Tenths::mm(31)))),
        (vec![("STATE", "MEASURED")], None),
        (vec![("STATE", "MEASURED"), ("SIZE", "3 span")], None),
        (vec![("STATE", "MEASURED"), ("SIZE", "31.55")], None),
        (vec![("SIZE", "31")], None),
        (vec![("STATE", "ABSENT"), ("SIZE", "31")], Some(Measure::Absent)),
        (vec![("STATE", "TOOSMALL")], Some(Measure::TooSmall(None))),
        (vec![("STATE", "TOOSMALL"), ("SIZE", "3")], Some(Measure::TooSmall(Some(Tenths::mm(3))))),
        (into.to_vec(), Some(Measure::Merged(Some("B".to_owned())))),
        (vec![("STATE", "MERGED")], None),
        (vec![("STATE", "NE")], Some(Measure::NotEvaluable)),
        (vec![("STATE", "NOTDONE")], Some(Measure::NotDone)),
        (vec![("STATE", "PRESENT")], None),
        (vec![("STATE", "?unknown")], None),
    ] {
        let mut chart = chart();
        let mut row = vec![("ID", "A")];
        row.extend_from_slice(&answers);
        chart.row(SCAN, "IG.R", &row);
        assert_eq!(measure(&chart, "A"), wanted, "{answers:?}");
        assert_eq!(course(&chart).assessments[0].readings.len(), 1, "the row stands in the grid all the same");
    }
}

#[test]
fn parts_make_one_lesion_once_each_has_said_something() {
    let mut chart = chart();
    let first = chart.row(SCAN, "IG.R", &[("ID", "A.1"), ("STATE", "MEASURED"), ("SIZE", "12")]);
    assert_eq!(measure(&chart, "A"), Some(Measure::Split(vec![Measure::Size(Tenths::mm(12))])));
    let second = chart.row(SCAN, "IG.R", &[("ID", "A.2"), ("TREATED", "Y")]);
    assert_eq!(measure(&chart, "A"), None, "a part says nothing yet");
    chart.fill(&second, &[("STATE", "ABSENT")]);
    assert_eq!(measure(&chart, "A"), Some(Measure::Split(vec![Measure::Size(Tenths::mm(12)), Measure::Absent])));
    let place = course(&chart).assessments[0].clone();
    let labels: Vec<_> = place.readings.iter().map(|reading| (&*reading.lesion, &*reading.label)).collect();
    assert_eq!(labels, [("A", "A.1"), ("A", "A.2")]);
    assert_eq!(place.readings[0].cell, cell(&first, "ID"));
    assert_eq!(place.readings[0].sizes, [cell(&first, "SIZE"), cell(&first, "SHORT")]);
    assert!(course(&chart).input.visits[0].targets["A"].treated, "one treated part is a treated lesion");
    // Two rows of one name contradict each other.
    chart.row(SCAN, "IG.R", &[("ID", "A.2"), ("STATE", "ABSENT")]);
    assert_eq!(measure(&chart, "A"), None);
}

#[test]
fn a_name_with_a_point_is_a_lesion_where_the_baseline_has_one() {
    let mut chart = chart();
    chart.row(FIRST, "IG.T", &[("ID", "A.3"), ("ORGAN", "LIVER"), ("SIZE", "15")]);
    chart.row(SCAN, "IG.R", &[("ID", "A.3"), ("STATE", "ABSENT")]);
    assert_eq!((measure(&chart, "A.3"), measure(&chart, "A")), (Some(Measure::Absent), None));
}

#[test]
fn an_assessment_is_read_when_every_lesion_is() {
    let mut chart = chart();
    let read = |chart: &Chart<'_>| {
        let course = course(chart);
        let place = &course.assessments[0];
        (place.targets_read, place.others_read)
    };
    assert!(course(&chart).assessments.is_empty(), "a visit without its form is no assessment yet");
    chart.row(SCAN, "IG.R", &[("ID", "A"), ("STATE", "ABSENT")]);
    chart.row(SCAN, "IG.M", &[("ID", "P")]);
    assert_eq!(read(&chart), (false, false), "a row without a word is not read");
    chart.row(SCAN, "IG.R", &[("ID", "B"), ("STATE", "NOTDONE")]);
    chart.row(SCAN, "IG.M", &[("ID", "P"), ("STATE", "NE")]);
    assert_eq!(read(&chart), (true, true));
    chart.row(FIRST, "IG.T", &[("ID", "C"), ("ORGAN", "LIVER")]);
    chart.row(SCAN, "IG.R", &[("ID", "C"), ("STATE", "ABSENT")]);
    assert_eq!(read(&chart), (false, true), "without its size at baseline no change of a lesion is known");
}

#[test]
fn states_of_other_and_new_lesions() {
    use NonTargetState::{Absent, Equivocal, NotDone, NotEvaluable, Present, Progression};
    for (state, wanted) in [
        ("PRESENT", Some(Present)),
        ("ABSENT", Some(Absent)),
        ("EQUIVOCAL", Some(Equivocal)),
        ("PD", Some(Progression)),
        ("NE", Some(NotEvaluable)),
        ("NOTDONE", Some(NotDone)),
        ("MEASURED", None),
    ] {
        let mut chart = chart();
        chart.row(SCAN, "IG.M", &[("ID", "P"), ("STATE", state)]);
        chart.row(SCAN, "IG.M", &[("ID", "P"), ("STATE", "PD")]);
        let said = course(&chart).input.visits[0].non_targets.get("P").copied();
        assert_eq!(said, wanted.or(Some(Progression)), "{state}: of two rows the first that says something counts");
    }
    for (sure, wanted) in
        [("UNEQUIVOCAL", NewState::Unequivocal), ("EQUIVOCAL", NewState::Equivocal), ("REFUTED", NewState::Refuted)]
    {
        let mut chart = chart();
        let row = chart.row(SCAN, "IG.X", &[("ID", "X"), ("ORGAN", "LUNG"), ("SURE", sure)]);
        let course = course(&chart);
        assert_eq!(course.input.visits[0].new_lesions["X"], wanted);
        let place = &course.assessments[0].new_lesions[0];
        assert_eq!((&place.cell, place.organ.as_ref()), (&cell(&row, "ID"), Some(&cell(&row, "ORGAN"))));
    }
}

#[test]
fn dates_are_the_forms_own_else_the_visits() {
    let mut chart = chart();
    chart.visit("SE.SCAN[2]", &date(90)).visit("SE.SCAN[3]", "2026-02");
    for (n, day) in [(1, Some(date(95))), (2, None), (3, None), (4, Some("2026-03".to_owned()))] {
        let form = format!("SE.SCAN[{n}]/F.SCAN[1]");
        chart.row(&form, "IG.R", &[("ID", "A"), ("STATE", "ABSENT")]);
        chart.fill(
            &format!("{form}/IG.SCAN[1]"),
            &day.as_deref().map(|day| ("DAY", day)).into_iter().collect::<Vec<_>>(),
        );
    }
    let course = course(&chart);
    let dated: Vec<_> =
        course.judged().map(|(place, point)| (place.form.event_repeat.to_string(), point.date.to_string())).collect();
    assert_eq!(dated, [("2".to_owned(), date(90)), ("1".to_owned(), date(95))]);
    let visits: Vec<_> = course.assessments.iter().map(|place| place.form.event_repeat.to_string()).collect();
    assert_eq!(visits, ["2", "1"], "as they are put into the engine");
    let undated: Vec<_> = course.undated.iter().map(|form| form.event_repeat.to_string()).collect();
    assert_eq!(undated, ["3", "4"], "a month is no date of a scan");
    assert!(course.at(&form_key("SE.SCAN[3]/F.SCAN[1]")).is_none());
}

#[test]
fn without_a_dated_baseline_or_tumour_forms_there_are_none() {
    let mut chart = Chart::new();
    chart.row(FIRST, "IG.T", &[("ID", "A"), ("SIZE", "40")]);
    assert!(tumours::course(chart.study, &chart.book).is_none());
    chart.fill(&format!("{FIRST}/IG.FIRST[1]"), &[("DAY", &date(3))]);
    assert_eq!(course(&chart).input.baseline.date.to_string(), date(3));
    // A study without the concept, and so without the rules that ask for it.
    let said = |line: &&str| !line.contains("tumour.") && !line.contains("recist_");
    let other: String = XML.lines().filter(|line| said(line) || !line.contains("Alias")).collect::<Vec<_>>().join("\n");
    let faults = read(&other).expect_err("rules that nothing answers");
    assert!(faults.iter().any(|fault| fault.reason.contains("tumour.baseline.date")), "{faults:#?}");
}

#[test]
fn what_else_the_engine_is_told() {
    let mut chart = chart();
    chart.fill(&format!("{FIRST}/IG.FIRST[1]"), &[("SLICE", "5"), ("MARK", "ELEVATED")]);
    chart.fill(&format!("{SCAN}/IG.SCAN[1]"), &[("MARK", "NORMAL")]);
    chart.row(FIRST, "IG.T", &[("ID", "C"), ("TREATED", "Y"), ("GREW", "N")]);
    chart.row(FIRST, "IG.T", &[("ID", "D"), ("TREATED", "Y")]);
    let other = "SE.NOTES[1]/F.OTHER[1]";
    chart.row(other, "IG.OTHER", &[("FROM", "2026-05")]);
    chart.row(other, "IG.OTHER", &[("FROM", "2026-04")]);
    let removed = chart.row(other, "IG.OTHER", &[("FROM", "2026-01")]);
    chart.remove(&removed);
    let input = course(&chart).input;
    assert_eq!(input.slice, Some(Tenths::mm(5)));
    assert_eq!((input.baseline.markers, input.visits[0].markers), (Markers::Elevated, Markers::Normal));
    let prior: Vec<_> = input.lesions.iter().map(|lesion| lesion.prior_treatment).collect();
    use PriorTreatment::{None, NotProgressed, ProgressedSince};
    assert_eq!(prior, [None, None, NotProgressed, ProgressedSince, None]);
    assert_eq!(input.new_therapy.map(|day| day.to_string()).as_deref(), Some("2026-04-01"), "the first day it may be");
    assert_eq!(input.start, Option::None);
    chart.visit("SE.START[1]", &date(9));
    assert_eq!(course(&chart).input.start.map(|day| day.to_string()), Some(date(9)));
}

#[test]
fn entered_responses_stand_beside_the_computed_ones() {
    let mut chart = chart();
    chart.row(SCAN, "IG.R", &[("ID", "A"), ("STATE", "ABSENT")]);
    let group = format!("{SCAN}/IG.SCAN[1]");
    chart.fill(&group, &[("TARGET", "PR"), ("NEW", "N"), ("GREW", "2026-03-01"), ("ALL", "?not_done")]);
    let entered = course(&chart).assessments[0].entered.clone();
    let code = |entered: &Option<tumours::EnteredResponse>| entered.as_ref().expect("the study asks").code.clone();
    assert_eq!((code(&entered.target).as_deref(), code(&entered.new_lesions).as_deref()), (Some("PR"), Some("N")));
    assert_eq!((code(&entered.overall), code(&entered.non_target)), (None, None));
    assert_eq!(code(&entered.progression_date).as_deref(), Some("2026-03-01"));
    assert_eq!(entered.overall.expect("the study asks").cell, cell(&group, "ALL"));
}
