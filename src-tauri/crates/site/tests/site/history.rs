//! Generated histories of one form, held against what a person expects after each act: nothing that was typed is lost,
//! nothing that is refused is written, nothing is written twice, and a lock changes nothing.

use std::cell::{Cell, RefCell};

use proptest::prelude::*;
use screens::messages::{CellState, FormState, FormStatus};

use crate::stage::{Stage, VS, code, find, law, vs};

/// Whole numbers that are asked of everybody.
const ITEMS: [&str; 3] = ["SYSBP", "DIABP", "HEIGHT"];
/// What is typed, and what it says where it can be read.
const TYPED: [(&str, Option<&str>); 6] = [
    ("120", Some("120")),
    (" 80 ", Some("80")),
    ("115", Some("115")),
    ("80", Some("80")),
    ("twelve", None),
    ("", Some("")),
];

/// Something that a person does.
#[derive(Clone, Debug)]
enum Step {
    Type { item: usize, typed: usize, reason: Option<&'static str> },
    Draft { item: usize, typed: usize },
    Missing { item: usize, reason: Option<&'static str> },
    Complete,
    Reopen,
}

fn step() -> impl Strategy<Value = Step> {
    let (item, typed) = (0..ITEMS.len(), 0..TYPED.len());
    let reason = prop::sample::select(vec![None, Some(" "), Some("read again (sample)")]);
    prop_oneof![
        6 => (item.clone(), typed.clone(), reason.clone())
            .prop_map(|(item, typed, reason)| Step::Type { item, typed, reason }),
        2 => (item.clone(), typed).prop_map(|(item, typed)| Step::Draft { item, typed }),
        1 => (item, reason).prop_map(|(item, reason)| Step::Missing { item, reason }),
        3 => Just(Step::Complete),
        1 => Just(Step::Reopen),
    ]
}

/// What a person expects of a field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Field {
    value: String,
    missing: bool,
    draft: Option<String>,
}

impl Field {
    fn of(cell: &CellState) -> Self {
        Self { value: cell.typed.clone(), missing: !cell.missing.is_empty(), draft: cell.draft.clone() }
    }

    fn holds(value: &str) -> Self {
        Self { value: value.to_owned(), ..Self::default() }
    }

    /// What is kept of words that are no answer yet; nothing of no words.
    fn kept(words: &str) -> Option<String> {
        Some(words.to_owned()).filter(|words| !words.is_empty())
    }
}

/// What comes of an act: how many changes the center has yet to hear of, or why it is refused.
type Outcome = Result<u32, &'static str>;

/// What a person expects of the form.
struct Expected {
    fields: [Field; 3],
    status: FormStatus,
    owes_reasons: bool,
}

impl Expected {
    fn answer(&mut self, item: usize, new: Field, reason: Option<&str>) -> Outcome {
        let held = &mut self.fields[item];
        if (&held.value, held.missing) == (&new.value, new.missing) {
            held.draft = None;
            return Ok(0);
        }
        if self.owes_reasons && reason.is_none_or(|reason| reason.trim().is_empty()) {
            return Err("reason_needed");
        }
        *held = new;
        Ok(1)
    }

    fn does(&mut self, step: &Step, is_blocked: bool) -> Outcome {
        match *step {
            Step::Type { item, typed, reason } => {
                let (words, says) = TYPED[typed];
                let Some(value) = says else {
                    self.fields[item].draft = Field::kept(words);
                    return Ok(0);
                };
                let done = self.answer(item, Field::holds(value), reason);
                if done.is_err() {
                    self.fields[item].draft = Field::kept(words);
                }
                done
            }
            Step::Draft { item, typed } => {
                let (words, field) = (TYPED[typed].0, &mut self.fields[item]);
                field.draft = Field::kept(words).filter(|words| *words != field.value);
                Ok(0)
            }
            Step::Missing { item, reason } => self.answer(item, Field { missing: true, ..Field::default() }, reason),
            Step::Complete if is_blocked => Err("blocked"),
            Step::Complete => {
                let is_new = self.status != FormStatus::Complete;
                (self.status, self.owes_reasons) = (FormStatus::Complete, true);
                Ok(u32::from(is_new))
            }
            Step::Reopen if self.status != FormStatus::Complete => Err("no_such"),
            Step::Reopen => {
                self.status = FormStatus::Started;
                Ok(1)
            }
        }
    }

    fn is_shown_by(&self, state: &FormState) {
        for (item, field) in ITEMS.iter().zip(&self.fields) {
            assert_eq!(Field::of(find(state, &vs(item))), *field, "{item}");
        }
        assert_eq!((state.status, state.reason_needed), (self.status, self.owes_reasons));
    }
}

fn acts(stage: &mut Stage, subject: &str, step: &Step) -> Result<(), &'static str> {
    let mut session = stage.session();
    let done = match *step {
        Step::Type { item, typed, reason } => {
            session.save_item(subject, &vs(ITEMS[item]), TYPED[typed].0, reason).map(drop)
        }
        Step::Draft { item, typed } => session.draft_item(subject, &vs(ITEMS[item]), TYPED[typed].0),
        Step::Missing { item, reason } => session.save_missing(subject, &vs(ITEMS[item]), "unknown", reason).map(drop),
        Step::Complete => session.form_complete(subject, &VS).map(drop),
        Step::Reopen => session.form_reopen(subject, &VS, "more to enter (sample)").map(drop),
    };
    if done.is_ok() { Ok(()) } else { Err(code(done)) }
}

#[test]
fn a_form_is_after_every_act_what_a_person_expects() {
    let (stage, completed) = (RefCell::new(Stage::new()), Cell::new(0));
    law(24, prop::collection::vec(step(), 1..24), |steps| {
        let stage = &mut *stage.borrow_mut();
        let subject = stage.subject();
        stage.vital_signs(&subject);
        let fields = [Field::holds("120"), Field::holds("80"), Field::default()];
        let mut expected = Expected { fields, status: FormStatus::Started, owes_reasons: false };
        for step in &steps {
            let is_blocked = !stage.state(&subject, &VS).blockers.is_empty();
            let before = stage.session().sync_view().expect("a view").unsent;
            let outcome = expected.does(step, is_blocked);
            assert_eq!(acts(stage, &subject, step), outcome.map(drop), "{step:?}");
            let written = stage.session().sync_view().expect("a view").unsent - before;
            assert_eq!(written, outcome.unwrap_or(0), "{step:?}");
            expected.is_shown_by(&stage.state(&subject, &VS));
            completed.set(completed.get() + usize::from(expected.status == FormStatus::Complete));
        }
        let now = stage.now;
        stage.computer.lock(now).expect("locked");
        stage.sign_in("nurse1");
        expected.is_shown_by(&stage.state(&subject, &VS));
    });
    assert!(completed.get() > 0, "no history came to a complete form");
}
