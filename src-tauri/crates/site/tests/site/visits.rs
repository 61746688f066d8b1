//! Subjects and their visits: how keys are counted, what dating and missing a visit does, and what is printed of one.

use std::cell::RefCell;
use std::sync::LazyLock;

use proptest::prelude::*;
use screens::messages::{FormStatus, OpenKind, SubjectView, WindowState};
use study::{EventKey, FormKey};

use crate::stage::{Stage, TRIAL, VS, code, dm, event, form, law, vs};

static CYCLE: LazyLock<EventKey> = LazyLock::new(|| event("SE.CN[1]"));
static SIGNS: LazyLock<FormKey> = LazyLock::new(|| form("SE.CN[1]/F.VS[1]"));

/// Something that a person says of a visit.
#[derive(Clone, Debug)]
enum Step {
    Date { typed: &'static str, reason: Option<&'static str> },
    Missed { reason: &'static str },
}

/// What is typed as a date, and the day that it says, if any; what is none at all says so.
const TYPED: [(&str, Result<Option<&str>, &str>); 6] = [
    ("2026-12-11", Ok(Some("2026-12-11"))),
    ("11 12 2026", Ok(Some("2026-12-11"))),
    ("dec 2026", Ok(Some("2026-12"))),
    ("2026-12-14", Ok(Some("2026-12-14"))),
    (" ", Ok(None)),
    ("31 2 2027", Err("no_such_date")),
];

fn step() -> impl Strategy<Value = Step> {
    let (words, none) = ("misread (sample)", " ");
    let reason = prop::sample::select(vec![None, Some(none), Some(words)]);
    let typed = prop::sample::select(TYPED.map(|(typed, _)| typed).to_vec());
    prop_oneof![
        4 => (typed, reason).prop_map(|(typed, reason)| Step::Date { typed, reason }),
        1 => prop::sample::select(vec![none, words]).prop_map(|reason| Step::Missed { reason }),
    ]
}

/// What a person expects of the visit.
struct Expected {
    date: Option<&'static str>,
    missed: bool,
    is_complete: bool,
}

impl Expected {
    /// How many changes are written, or why it is refused.
    fn does(&mut self, step: &Step) -> Result<u32, &'static str> {
        match *step {
            Step::Missed { reason } if reason.trim().is_empty() => Err("reason_needed"),
            Step::Missed { .. } => {
                (self.date, self.missed) = (None, true);
                Ok(1)
            }
            Step::Date { typed, reason } => {
                let (_, says) = TYPED.iter().find(|(known, _)| *known == typed).expect("one of them");
                let date = (*says)?;
                if date == self.date {
                    return Ok(0);
                }
                if self.is_complete && reason.is_none_or(|reason| reason.trim().is_empty()) {
                    return Err("reason_needed");
                }
                (self.date, self.missed) = (date, false);
                Ok(1)
            }
        }
    }
}

#[test]
fn a_visit_is_after_every_word_what_was_said_last() {
    let stage = RefCell::new(Stage::new());
    law(24, (any::<bool>(), prop::collection::vec(step(), 1..12)), |(is_complete, steps)| {
        let stage = &mut *stage.borrow_mut();
        let subject = stage.subject();
        stage.session().event_date(&subject, &CYCLE, "2026-12-01", None).expect("dated");
        for (item, typed) in [("SYSBP", "120"), ("DIABP", "80"), ("WEIGHT", "71,5")] {
            stage.types(&subject, &SIGNS.cell("IG.VS", "1", format!("IT.VS.{item}")), typed);
        }
        stage.types(&subject, &SIGNS.cell("IG.POS", "1", "IT.VS.POS"), "1");
        if is_complete {
            stage.session().form_complete(&subject, &SIGNS).expect("complete");
        }
        let mut expected = Expected { date: Some("2026-12-01"), missed: false, is_complete };
        for step in &steps {
            let before = stage.session().sync_view().expect("a view").unsent;
            let mut session = stage.session();
            let done = match step {
                Step::Date { typed, reason } => session.event_date(&subject, &CYCLE, typed, *reason),
                Step::Missed { reason } => session.event_missed(&subject, &CYCLE, reason),
            };
            let outcome = expected.does(step);
            match outcome {
                Ok(_) => drop(done.expect("taken")),
                Err(why) => assert_eq!(code(done), why, "{step:?}"),
            }
            let written = stage.session().sync_view().expect("a view").unsent - before;
            assert_eq!(written, outcome.unwrap_or(0), "{step:?}");
            let view = stage.session().subject_view(&subject).expect("a subject");
            let column = view.events.iter().find(|column| column.key == CYCLE.to_string()).expect("the visit");
            assert_eq!((column.date.as_deref(), column.state == WindowState::Missed), (expected.date, expected.missed));
        }
    });
}

#[test]
fn keys_are_counted_on_from_the_highest_of_the_site_whoever_gave_it_out() {
    let mut stage = Stage::new();
    assert_eq!(stage.subject(), "S01-001");
    let mut other = Stage::beside(&stage);
    let theirs: Vec<String> = (0..3).map(|_| other.subject()).collect();
    assert_eq!(theirs, ["S01-001", "S01-002", "S01-003"]);
    let bundle = other.export();
    stage.export();
    let reply = stage.pass_on(&bundle[0]);
    stage.session().import_bundle(&reply).expect("taken in");
    assert_eq!(stage.session().subject_register().expect("registered"), "S01-004");
    let listed = stage.session().subjects().expect("subjects");
    assert_eq!(
        listed.iter().map(|row| row.subject.as_str()).collect::<Vec<_>>(),
        ["S01-001", "S01-002", "S01-003", "S01-004"]
    );
}

#[test]
fn a_visit_that_no_plan_brings_is_added_once() {
    let mut stage = Stage::studying(TRIAL);
    let subject = stage.session().subject_register().expect("registered");
    let add = |stage: &mut Stage, oid: &str, repeat: &str, date: Option<&str>| {
        stage.session().event_add(&subject, oid, repeat, date)
    };
    let columns = |view: &SubjectView| -> Vec<(String, Option<String>)> {
        let added = view.events.iter().filter(|column| column.key.starts_with("SE.UNS["));
        added.map(|column| (column.key.clone(), column.date.clone())).collect()
    };
    let view = stage.session().subject_view(&subject).expect("a subject");
    assert_eq!(columns(&view), []);
    for (oid, date, why) in
        [("SE.NONE", None, "no_such"), ("SE.UNS", Some("31 2 2026"), "no_such_date"), ("", None, "no_such")]
    {
        assert_eq!(code(add(&mut stage, oid, "1", date)), why, "{oid}");
    }
    assert_eq!(columns(&stage.session().subject_view(&subject).expect("a subject")), [], "nothing half added");
    add(&mut stage, "SE.UNS", "1", Some("20 11 2026")).expect("added");
    assert_eq!(code(add(&mut stage, "SE.UNS", "1", Some("2026-11-21"))), "taken");
    let view = add(&mut stage, "SE.UNS", "2", Some(" ")).expect("added");
    let dated = |key: &str, date: Option<&str>| (key.to_owned(), date.map(str::to_owned));
    assert_eq!(columns(&view), [dated("SE.UNS[1]", Some("2026-11-20")), dated("SE.UNS[2]", None)]);
    assert_eq!(code(stage.session().event_add("S01-999", "SE.UNS", "1", None)), "no_such");
}

/// What is printed of a visit says of each question what the form says, and what is open, and never a free text.
#[test]
fn a_checklist_says_what_the_forms_say_without_their_words() {
    let mut stage = Stage::new();
    let subject = stage.subject();
    let words = "told in confidence (sample)";
    stage.types(&subject, &dm("NOTE"), words);
    stage.types(&subject, &vs("DIABP"), "125");
    stage.types(&subject, &vs("SYSBP"), "120");
    stage.session().save_missing(&subject, &vs("WEIGHT"), "unknown", None).expect("saved");
    stage.session().raise_query(&subject, &dm("SEX"), words).expect("asked");
    let sheet = stage.session().visit_checklist(&subject, &event("SE.SCR[1]")).expect("a sheet");
    assert!(!serde_json::to_string(&sheet).expect("JSON").contains("confidence"));
    let open: Vec<(&str, OpenKind)> =
        sheet.forms.iter().flat_map(|form| form.open.iter().map(|open| (form.key.as_str(), open.kind))).collect();
    assert_eq!(open, [("SE.SCR[1]/F.DM[1]", OpenKind::Query), ("SE.SCR[1]/F.VS[1]", OpenKind::Hard)]);
    for printed in &sheet.forms {
        let key = form(&printed.key);
        let (shape, state) = (stage.session().form_shape(&subject, &key).expect("a form"), stage.state(&subject, &key));
        assert_eq!((printed.status, &printed.title), (state.status, &shape.title));
        for item in &printed.items {
            let asked = shape.groups.iter().flat_map(|group| &group.items);
            let oid = &asked.clone().find(|asked| asked.question == item.question).expect("it is asked").oid;
            let cells = state.rows.iter().flat_map(|row| &row.cells);
            let cell = cells.into_iter().find(|cell| cell.key.ends_with(&format!("/{oid}"))).expect("its cell");
            assert_eq!(item.answered, !cell.display.is_empty() || !cell.missing.is_empty(), "{oid}");
        }
    }
    let later = stage.session().visit_checklist(&subject, &CYCLE).expect("a sheet");
    assert_eq!((later.date, later.forms[0].status), (None, FormStatus::Empty));
    assert_eq!(later.open.len(), 2, "what is open at other visits");
    let signs = later.forms.iter().find(|one| form(&one.key) == *SIGNS).expect("the same form");
    let last = |question: &str| signs.items.iter().find(|item| item.question == question).map(|item| item.last.clone());
    assert_eq!((last("SYSBP"), last("WEIGHT")), (Some("120".to_owned()), Some(String::new())));
    for (subject, visit) in [("S01-999", "SE.SCR[1]"), (subject.as_str(), "SE.NONE[1]"), (&subject, "SE.SCR[2]")] {
        assert_eq!(code(stage.session().visit_checklist(subject, &event(visit))), "no_such", "{subject} {visit}");
    }
}

#[test]
fn what_is_declared_is_declared_once_and_of_forms_that_there_are() {
    let mut stage = Stage::new();
    let subject = stage.subject();
    let nowhere = form("SE.SCR[1]/F.AE[1]");
    assert_eq!(code(stage.session().form_complete(&subject, &nowhere)), "no_such");
    assert_eq!(code(stage.session().form_not_done(&subject, &VS, "lazy")), "no_such");
    assert_eq!(code(stage.session().form_reopen(&subject, &VS, "x")), "no_such", "it is open");
    stage.session().form_not_done(&subject, &VS, "not_done").expect("not done");
    assert_eq!(code(stage.session().save_item(&subject, &vs("SYSBP"), "120", None)), "reason_needed");
    stage.session().form_reopen(&subject, &VS, "it was done (sample)").expect("open again");
    stage.session().save_item(&subject, &vs("SYSBP"), "120", Some("it was done (sample)")).expect("saved");
    assert_eq!(stage.state(&subject, &VS).status, FormStatus::Started);
}
