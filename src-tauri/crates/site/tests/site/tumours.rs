//! The Tumours screen: the grid, entry right there, and what RECIST makes of it.

use std::sync::LazyLock;

use screens::messages::{LesionRole, NewLesion, ResponseKind, TumourCell, TumoursView};
use study::FormKey;

use crate::stage::{self, Stage, TRIAL, code, event, form};

static TU: LazyLock<FormKey> = LazyLock::new(|| form("SE.SCR[1]/F.TU[1]"));
static FIRST: LazyLock<FormKey> = LazyLock::new(|| form("SE.TA[1]/F.TR[1]"));
static SECOND: LazyLock<FormKey> = LazyLock::new(|| form("SE.TA[2]/F.TR[1]"));

/// A subject with two targets, a node and a non-target lesion at baseline, and dated scans.
fn subject() -> (Stage, String) {
    let mut stage = Stage::studying(TRIAL);
    let subject = stage.session().subject_register().expect("registered");
    for (visit, date) in [
        ("SE.SCR[1]", "2026-03-02"),
        ("SE.C1D1[1]", "2026-03-12"),
        ("SE.TA[1]", "2026-04-23"),
        ("SE.TA[2]", "2026-06-04"),
    ] {
        stage.session().event_date(&subject, &event(visit), date, None).expect("dated");
    }
    stage.types(&subject, &TU.cell("IG.TU", "1", "IT.TU.TUDAT"), "2026-03-01");
    for (group, prefix, id, organ, size) in [
        ("TT", "TT", "T01", "LIVER", "30"),
        ("TT", "TT", "T02", "LUNG", "20"),
        ("TT", "TT", "T03", "LYMPH NODE", "18"),
        ("NT", "NT", "NT01", "LIVER", ""),
    ] {
        let state = stage.session().row_add(&subject, &TU, &format!("IG.{group}")).expect("a row");
        let row = state.rows.iter().rfind(|row| row.group == format!("IG.{group}")).expect("a row").repeat.clone();
        let cell = |item: &str| TU.cell(format!("IG.{group}"), row.as_str(), format!("IT.{group}.{prefix}{item}"));
        stage.types(&subject, &cell("ID"), id);
        stage.types(&subject, &cell("ORGAN"), organ);
        if !size.is_empty() {
            stage.types(&subject, &cell("DIAM"), size);
        }
    }
    (stage, subject)
}

fn read(stage: &mut Stage, subject: &str, form: &FormKey, lesion: &str, typed: &str) -> TumoursView {
    stage.session().tumour_read(subject, form, lesion, typed, None).expect("read")
}

fn cell<'v>(view: &'v TumoursView, lesion: &str, column: usize) -> &'v TumourCell {
    &view.rows.iter().find(|row| row.id == lesion).expect("a lesion").cells[column]
}

fn computed(view: &TumoursView, column: usize) -> Vec<&str> {
    view.columns[column].responses.iter().map(|response| response.computed.as_deref().unwrap_or("-")).collect()
}

#[test]
fn a_scan_is_read_in_the_grid() {
    let (mut stage, subject) = subject();
    let view = stage.session().tumours_view(&subject).expect("a view");
    assert_eq!(view.columns.iter().map(|column| column.label.as_str()).collect::<Vec<_>>(), ["SCR", "TA 1", "TA 2"]);
    assert_eq!((view.columns[0].sum.as_deref(), view.columns[1].day), (Some("68"), Some(43)));
    assert_eq!(
        view.rows.iter().map(|row| row.role).collect::<Vec<_>>()[2..],
        [LesionRole::Target, LesionRole::NonTarget]
    );
    assert!(view.rows[2].node && !view.rows[1].node);
    for (lesion, typed) in [("T01", "15"), ("T02", "0.6 cm"), ("T03", "9")] {
        read(&mut stage, &subject, &FIRST, lesion, typed);
    }
    let view = read(&mut stage, &subject, &FIRST, "NT01", "PRESENT");
    let column = &view.columns[1];
    assert_eq!((column.sum.as_deref(), column.from_baseline.as_deref()), (Some("30"), Some("-55.9")));
    assert!(column.nadir && column.settled);
    assert_eq!((cell(&view, "T02", 1).size.as_str(), cell(&view, "T02", 1).mm.as_deref()), ("0.6 cm", Some("6")));
    assert!(cell(&view, "T03", 1).gone, "a node below 10 mm is normal");
    assert_eq!(computed(&view, 1), ["PR", "NON-CR/NON-PD", "N", "PR"]);
    assert!(column.why[0].contains("30"), "{:?}", column.why);
    let chinese = stage.session().speaking("zh-CN").tumours_view(&subject).expect("a view");
    assert_ne!(chinese.columns[1].why, column.why);
    assert_eq!(chinese.best.expect("a best").response.as_deref(), Some("PR"));
    // One row for each lesion, however often it is said again.
    read(&mut stage, &subject, &FIRST, "T01", "TOOSMALL");
    let view = read(&mut stage, &subject, &FIRST, "T01", "16");
    assert_eq!((cell(&view, "T01", 1).parts, cell(&view, "T01", 1).size.as_str()), (1, "16"));
    let view = read(&mut stage, &subject, &FIRST, "T01", "ABSENT");
    assert_eq!((cell(&view, "T01", 1).mm.as_deref(), cell(&view, "T01", 1).size.as_str()), (Some("0"), ""));
}

#[test]
fn what_cannot_be_read_stays_as_typed_and_a_response_that_differs_is_marked() {
    let (mut stage, subject) = subject();
    let view = read(&mut stage, &subject, &FIRST, "T01", "about 20");
    assert_eq!(cell(&view, "T01", 1).draft.as_deref(), Some("about 20"));
    for (lesion, typed) in [("T01", "40"), ("T02", "20"), ("T03", "30"), ("NT01", "PRESENT")] {
        read(&mut stage, &subject, &FIRST, lesion, typed);
    }
    let view = stage.session().tumours_view(&subject).expect("a view");
    let overall = view.columns[1].responses.last().expect("a response");
    assert_eq!((overall.computed.as_deref(), overall.disagrees), (Some("PD"), false));
    let place = overall.cell.clone().expect("the study asks");
    stage.types(&subject, &stage::cell(&place), "SD");
    let view = stage.session().tumours_view(&subject).expect("a view");
    let overall = view.columns[1].responses.last().expect("a response");
    assert!(overall.disagrees && overall.entered == "SD");
    assert!(view.lines.iter().any(|line| line.kind == ResponseKind::Overall && line.choices.len() > 3));
    assert_eq!(code(stage.session().tumour_read(&subject, &FIRST, "T09", "3", None)), "no_such");
    assert_eq!(code(stage.session().tumour_read(&subject, &TU, "NT01", "PRESENT", None)), "no_such");
    let view = read(&mut stage, &subject, &TU, "T01", "31");
    assert_eq!(view.columns[0].sum.as_deref(), Some("69"), "baseline is corrected in the grid, too");
}

#[test]
fn new_lesions_keep_their_name_and_the_assessor_works_alike() {
    let (mut stage, subject) = subject();
    stage.sign_in("reader1");
    let view = stage.session().tumours_view(&subject).expect("a view");
    assert!(view.editable && view.addable.is_empty());
    for form in [&*FIRST, &*SECOND] {
        for (lesion, typed) in [("T01", "30"), ("T02", "20"), ("T03", "18"), ("NT01", "PRESENT")] {
            read(&mut stage, &subject, form, lesion, typed);
        }
    }
    let lesion = |certainty: &str| NewLesion {
        organ: "BONE".to_owned(),
        place: "rib 4".to_owned(),
        certainty: certainty.to_owned(),
    };
    let view = stage.session().tumour_new(&subject, &FIRST, &lesion("EQUIVOCAL")).expect("added");
    assert_eq!(computed(&view, 1).last(), Some(&"SD"));
    let id = view.rows.last().expect("a lesion").id.clone();
    let view = read(&mut stage, &subject, &SECOND, &id, "UNEQUIVOCAL");
    assert_eq!(computed(&view, 2).last(), Some(&"PD"));
    assert_eq!(
        (computed(&view, 1).last(), view.columns[1].as_seen.as_deref()),
        (Some(&"PD"), Some("SD")),
        "back-dated"
    );
    let view = stage.session().tumour_new(&subject, &SECOND, &lesion("UNEQUIVOCAL")).expect("added");
    assert_ne!(view.rows.last().expect("a lesion").id, id);
    stage.sign_in("nurse1");
    let view = stage.session().tumours_view(&subject).expect("a view");
    assert_eq!(view.rows.last().expect("a lesion").place, "rib 4");
    assert_eq!(view.addable.iter().map(|event| event.oid.as_str()).collect::<Vec<_>>(), ["SE.UTA", "SE.TA"]);
}

#[test]
fn a_study_or_a_subject_without_tumours_says_so() {
    let mut small = Stage::new();
    let someone = small.subject();
    assert_eq!(code(small.session().tumours_view(&someone)), "no_such");
    let mut stage = Stage::studying(TRIAL);
    let subject = stage.session().subject_register().expect("registered");
    let view = stage.session().tumours_view(&subject).expect("a view");
    assert!(view.columns.is_empty() && view.best.is_none());
    assert_eq!(view.baseline_form.map(|key| form(&key)).as_ref(), Some(&*TU));
}

#[test]
fn a_lesion_that_broke_up_is_read_in_the_form_alone() {
    let (mut stage, subject) = subject();
    for part in ["T01.1", "T01.2"] {
        let state = stage.session().row_add(&subject, &FIRST, "IG.TL").expect("a row");
        let row = state.rows.iter().rfind(|row| row.group == "IG.TL").expect("a row").repeat.clone();
        let named = FIRST.cell("IG.TL", row.as_str(), "IT.TL.TLID");
        stage.types(&subject, &named, part);
    }
    let before = stage.session().tumours_view(&subject).expect("a view");
    assert_eq!(cell(&before, "T01", 1).parts, 2);
    assert_eq!(code(stage.session().tumour_read(&subject, &FIRST, "T01", "12", None)), "no_such");
    let after = stage.session().tumours_view(&subject).expect("a view");
    assert_eq!(serde_json::to_value(&after).expect("JSON"), serde_json::to_value(&before).expect("JSON"));
    read(&mut stage, &subject, &FIRST, "T02", "12");
}

/// The charts draw what the Tumours screen says, and count everybody who is registered.
#[test]
fn the_charts_tell_of_the_sums_on_the_tumours_screen() {
    let (mut stage, subject) = subject();
    for (form, sizes) in [(&*FIRST, ["15", "8", "9"]), (&*SECOND, ["22", "20", "18"])] {
        for (lesion, typed) in ["T01", "T02", "T03"].into_iter().zip(sizes) {
            read(&mut stage, &subject, form, lesion, typed);
        }
        read(&mut stage, &subject, form, "NT01", "PRESENT");
    }
    let other = stage.session().subject_register().expect("registered");
    let view = stage.session().tumours_view(&subject).expect("a view");
    let told: Vec<Option<&str>> = view.columns[1..].iter().map(|column| column.from_baseline.as_deref()).collect();
    assert!(told.iter().all(Option::is_some), "{told:?}");
    assert_eq!(code(stage.session().charts()), "not_your_role", "beside each other, subjects tell of the arms");
    stage.sign_in("doctor1");
    let charts = stage.session().charts().expect("charts");
    assert_eq!((charts.subjects, charts.spider.len(), charts.waterfall.len()), (2, 1, 1));
    let drawn: Vec<Option<&str>> =
        charts.spider[0].points[1..].iter().map(|(_, change)| Some(change.as_str())).collect();
    assert_eq!((charts.spider[0].subject.as_str(), drawn), (subject.as_str(), told));
    let timeline = stage.session().timeline(&subject).expect("a timeline");
    assert_eq!(timeline.scans.len(), 3);
    assert!(stage.session().timeline(&other).expect("a timeline").scans.is_empty());
    assert_eq!(code(stage.session().timeline("S01-999")), "no_such");
}
