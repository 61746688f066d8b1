//! The Study screen, and what migrating a subject would change.

use std::sync::{Arc, LazyLock};

use screens::form::Extras;
use screens::messages::{PreviewKind, SubjectVersion, VersionState, VisitKind};
use screens::versions::{self, KnownVersion};
use study::{Oid, Study};

use crate::chart::{Chart, TRIAL, read};

const XML: &str = include_str!("../../../../studies/hcc-oligoprogression.xml");

/// The trial with an amendment: the respiratory rate is asked no longer.
static AMENDED: LazyLock<Arc<Study>> = LazyLock::new(|| {
    let renamed = XML.replacen("<MetaDataVersion OID=\"", "<MetaDataVersion OID=\"NEXT.", 1);
    Arc::new(read(&without(&renamed, "<ItemRef ItemOID=\"IT.VS.RESP\"", "/>")))
});

/// The trial as it is, for those who share it.
static PRESENT: LazyLock<Arc<Study>> = LazyLock::new(|| Arc::new(TRIAL.clone()));

/// A text without the element that begins with `start`.
fn without(text: &str, start: &str, end: &str) -> String {
    let at = text.find(start).expect("the element");
    let length = text[at..].find(end).expect("its end") + end.len();
    format!("{}{}", &text[..at], &text[at + length..])
}

fn known(study: &Arc<Study>, effective: Option<&str>, place: u64) -> KnownVersion {
    let effective = effective.map(str::to_owned);
    KnownVersion {
        version: study.metadata_version.clone(),
        effective,
        approval: "IRB 7".to_owned(),
        place,
        study: Some(Arc::clone(study)),
    }
}

#[test]
fn versions_are_listed_newest_first_with_their_state() {
    let chart = Chart::new();
    let (present, next) = (Arc::clone(&PRESENT), Arc::clone(&AMENDED));
    let unreadable = KnownVersion {
        version: Oid::from("MDV.9"),
        effective: Some("2026-01-01".to_owned()),
        approval: String::new(),
        place: 9,
        study: None,
    };
    let versions = [known(&present, None, 0), known(&next, Some("2026-11-24"), 5), unreadable];
    let under = |subject: &str| SubjectVersion {
        subject: subject.to_owned(),
        version: present.metadata_version.to_string(),
        name: present.metadata_version_name.clone(),
        undo: None,
        conflict: false,
    };
    let overview = |chart: &Chart| {
        let subjects = vec![under("S01-002"), under("S01-001")];
        chart.frame(|frame| versions::overview(frame, &versions, &present, subjects))
    };
    let mut chart = chart;
    let view = overview(&chart);
    let states: Vec<VersionState> = view.versions.iter().map(|version| version.state).collect();
    assert_eq!(states, [VersionState::Unreadable, VersionState::Early, VersionState::InForce]);
    assert_eq!(view.versions.iter().map(|version| version.subjects).collect::<Vec<_>>(), [0, 0, 2]);
    assert_eq!(view.subjects[0].subject, "S01-001");
    assert!(!view.may_change, "a nurse migrates nobody");
    chart.now = chart.now.later(24 * 3_600_000);
    chart.reader.role = screens::messages::Role::Investigator;
    assert_eq!((overview(&chart).versions[1].state, overview(&chart).may_change), (VersionState::Ready, true));
}

#[test]
fn an_amendment_is_told_in_the_studys_words() {
    let differences = versions::differences(&TRIAL, &AMENDED, "en");
    assert!(differences.iter().any(|one| one.oid == "IT.VS.RESP"), "{}", differences.len());
    assert!(versions::differences(&TRIAL, &TRIAL, "en").is_empty());
}

#[test]
fn a_preview_names_the_values_that_would_be_asked_no_longer() {
    let mut chart = Chart::new();
    chart.visit("SE.SCR[1]", "2026-09-20");
    chart.fill("SE.SCR[1]/F.VS[1]/IG.VS[1]", &[("IT.VS.RESP", "16"), ("IT.VS.SYSBP", "120")]);
    let preview = chart.draw(|view| versions::preview(view, &Extras::default(), &AMENDED));
    let retired: Vec<_> = preview.lines.iter().filter(|line| line.kind == PreviewKind::Retired).collect();
    assert_eq!(retired.len(), 1);
    assert_eq!((retired[0].was.as_str(), preview.to.as_str()), ("16", &*AMENDED.metadata_version.to_string()));
    assert!(chart.draw(|view| versions::preview(view, &Extras::default(), &TRIAL)).lines.is_empty());
}

#[test]
fn a_retired_value_stays_readable_below_its_form() {
    let mut chart = Chart::new();
    chart.visit("SE.SCR[1]", "2026-09-20");
    chart.fill("SE.SCR[1]/F.VS[1]/IG.VS[1]", &[("IT.VS.RESP", "16")]);
    chart.study = &AMENDED;
    chart.book.recompute(&AMENDED);
    let mut extras = Extras::default();
    extras.prior.insert(Arc::clone(&PRESENT));
    let retired = chart.state_with("SE.SCR[1]/F.VS[1]", &extras).retired;
    assert_eq!(retired.len(), 1);
    assert!(retired[0].value.starts_with("16"), "{}", retired[0].value);
    assert_eq!(retired[0].question, TRIAL.items.get("IT.VS.RESP").expect("an item").question("en"));
}

#[test]
fn the_protocol_is_a_sheet_of_visits_and_blank_forms() {
    let outline = versions::outline(&TRIAL, "en");
    assert_eq!((outline.events.len(), outline.forms.len()), (TRIAL.events.iter().count(), TRIAL.forms.iter().count()));
    let assessment = outline.events.iter().find(|event| event.label.starts_with("TA")).expect("assessments");
    assert_eq!((assessment.offset, assessment.window, assessment.every), (42, (7, 7), Some(42)));
    assert!(assessment.anchor.is_some() && assessment.kind == VisitKind::Scheduled);
    let blank = versions::blank_form(&TRIAL, "F.VS", "en").expect("a form");
    assert_eq!(blank.title, "Vital signs");
    assert!(versions::blank_form(&TRIAL, "F.NONE", "en").is_none());
}
