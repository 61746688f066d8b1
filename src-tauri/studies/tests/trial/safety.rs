//! Adverse events with what was given before them and the results behind them, read by meaning.

use crate::nurse::{Nurse, STUDY, XML};
use clinical::labs::Labs;
use clinical::safety::{EventLink, Links, Safety};
use study::{CellKey, Study};

/// A subject in the second cycle: lenvatinib reduced, an antibody every three weeks, five fractions, then a rise of ALT.
fn subject(study: &'static Study) -> Nurse {
    let mut nurse = Nurse::of(study);
    nurse.visit("RAND", "2026-03-01").fill("RAND RAND", "ARM=SBRT REG2=REGO_PD1");
    nurse.visit("C1D1", "2026-03-02").visit("CND1@1", "2026-03-23");
    nurse.row("LOG EC", "ECTRT=LENVATINIB ECDOSE=12 ECFRQ=QD ECSTDAT=2026-03-02 ECONGO=N ECENDAT=2026-03-31");
    nurse.row("LOG EC", "ECTRT=SINTILIMAB ECDOSE=200 ECFRQ=EVERY+3+WEEKS ECSTDAT=2026-03-02 ECONGO=Y");
    for (day, visit) in [(9, 1), (11, 2), (13, 3), (16, 4), (18, 5)] {
        nurse.visit(&format!("RTF@{visit}"), &format!("2026-03-{day:02}"));
        nurse.row(&format!("RTF@{visit} RTX"), &format!("FXTGT=RT1 FXDAT=2026-03-{day:02} FXGY=8"));
    }
    nurse.fill("LOG AE", "AEYN=Y");
    nurse.row("LOG AE", "AENO=1 AELLT=Alanine+aminotransferase+increased AESTDAT=2026-04-01 AETOXGR=3 AESER=Y");
    let reduced =
        "ECTRT=LENVATINIB ECDOSE=8 ECFRQ=QD ECSTDAT=2026-04-04 ECONGO=Y ECADJ=Y ECACN=DOSE+REDUCED ECREAS=AE ECAE=1";
    nurse.row("LOG EC", reduced);
    nurse
}

/// A result of ALT at an unscheduled visit.
fn alt(nurse: &mut Nurse, visit: u32, day: &str, value: &str) -> CellKey {
    nurse.visit(&format!("UNS@{visit}"), day);
    nurse.fill(&format!("UNS@{visit} LB"), &format!("LBCPERF=Y LBCDAT={day} ALT={value} ALTLO=9 ALTHI=50"));
    nurse.cell(&format!("UNS@{visit} LB ALT"))
}

fn day(iso: &str) -> i32 {
    iso.parse::<study::value::PartialDate>().expect("a date").day_number().expect("a whole date")
}

#[test]
fn treatment_before_an_event_is_read_from_periods_and_fractions() {
    let nurse = subject(&STUDY);
    let safety = Safety::read(&STUDY, &nurse.book);
    let onset = day("2026-04-01");
    let dosing = safety.dosing(onset);
    let told: Vec<_> = dosing.iter().map(|one| (one.period.drug.as_str(), one.last.map(|last| onset - last))).collect();
    // The antibody's second dose was on 23 March; lenvatinib ended the day before.
    assert_eq!(told, [("LENVATINIB", Some(1)), ("SINTILIMAB", Some(9))]);
    let courses = safety.courses(onset);
    assert_eq!((courses.len(), courses[0].fractions, onset - courses[0].days.1), (1, 5, 14));
    assert_eq!(courses[0].dose, Some(40.into()));
    let cycle = safety.cycle(onset).expect("a cycle");
    assert_eq!((cycle.event.event.as_str(), onset - cycle.day + 1), ("SE.CND1", 10));
    assert_eq!(safety.day1, Some(day("2026-03-02")));
    let changed: Vec<_> = safety.periods.iter().filter(|period| period.because == Some(1.into())).collect();
    assert_eq!((changed.len(), changed[0].dose), (1, Some(8.into())));
    assert_eq!(safety.dosing(day("2026-03-01")).len(), 0, "nothing before the first");
}

#[test]
fn a_serious_event_waits_for_its_report() {
    let mut nurse = subject(&STUDY);
    let safety = Safety::read(&STUDY, &nurse.book);
    assert_eq!((safety.unreported().count(), safety.reports.len()), (1, 0));
    nurse.row("LOG SAE", "SAEAE=1 SAENO=1 SAETYPE=INITIAL SAEAWARE=2026-04-01T09:00");
    let safety = Safety::read(&STUDY, &nurse.book);
    assert_eq!((safety.unreported().count(), safety.reports.len()), (0, 1));
    let event = safety.event_of(&safety.reports[0]).expect("its event");
    assert_eq!((event.grade, event.serious), (Some(3), true));
}

#[test]
fn results_are_linked_by_name_or_by_term_and_time() {
    let mut nurse = subject(&STUDY);
    // 50 is the upper limit: 300 is grade 3, 100 grade 1.
    let before = alt(&mut nurse, 1, "2026-03-30", "300");
    let early = alt(&mut nurse, 2, "2026-03-20", "300");
    let later = alt(&mut nurse, 3, "2026-04-10", "160");
    let normal = alt(&mut nurse, 4, "2026-04-20", "40");
    let (labs, safety) = (Labs::new(&STUDY, &nurse.book), Safety::read(&STUDY, &nurse.book));
    let links = Links::new(&STUDY, &nurse.book, &labs, &safety);
    let found = links.results_of(&safety.events[0]);
    let told: Vec<_> = found.iter().map(|link| (link.cell.clone(), link.grade, link.named)).collect();
    assert_eq!(told, [(before.clone(), Some(3), false), (later, Some(2), false)]);
    assert!(matches!(links.event_of(&before), Some(EventLink::Recorded(_))));
    assert!(matches!(links.event_of(&early), Some(EventLink::Missing)), "12 days before the event");
    assert!(links.event_of(&normal).is_none());
    // What the form names is the link, whenever it was.
    let sample = "AELB=ALT AELBDAT=2026-03-20";
    nurse.fill("LOG AE", sample);
    let (labs, safety) = (Labs::new(&STUDY, &nurse.book), Safety::read(&STUDY, &nurse.book));
    let links = Links::new(&STUDY, &nurse.book, &labs, &safety);
    assert!(links.results_of(&safety.events[0]).iter().any(|link| link.cell == early && link.named));
}

/// Both settings are the study's: another file, another screen.
#[test]
fn the_study_says_from_which_grade_and_how_many_days_before() {
    let other = |key: &str, from: &str, to: &str| -> &'static Study {
        let xml = String::from_utf8(XML.to_vec()).expect("UTF-8");
        let (old, new) = (format!(":setting:{key}\" Name=\"{from} |"), format!(":setting:{key}\" Name=\"{to} |"));
        assert!(xml.contains(&old), "{key}");
        let changed = xml.replace(&old, &new);
        let study = Study::read("other.xml", changed.as_bytes(), &clinical::functions());
        Box::leak(Box::new(study.expect("a study")))
    };
    let event_of = |study: &'static Study, on: &str, value: &str| {
        let mut nurse = subject(study);
        let cell = alt(&mut nurse, 1, on, value);
        let (labs, safety) = (Labs::new(study, &nurse.book), Safety::read(study, &nurse.book));
        match Links::new(study, &nurse.book, &labs, &safety).event_of(&cell) {
            Some(EventLink::Recorded(_)) => "recorded",
            Some(EventLink::Missing) => "missing",
            None => "nothing",
        }
    };
    assert_eq!(event_of(&STUDY, "2026-03-20", "160"), "nothing", "grade 2");
    assert_eq!(event_of(other("AE_LAB_GRADE", "3", "2"), "2026-03-20", "160"), "missing");
    assert_eq!(event_of(&STUDY, "2026-03-22", "300"), "missing");
    assert_eq!(event_of(other("AE_LAB_DAYS", "7", "14"), "2026-03-22", "300"), "recorded");
}
