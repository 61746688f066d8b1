//! What a UI holds of a form, put together from updates.

use proptest::prelude::*;
use screens::form::{Extras, FormSync};
use screens::messages::{FormState, FormUpdate};
use serde_json::Value;

use crate::chart::{AT_HOME, Chart, DOCTOR, NURSE, NURSE_THERE};

const VS: &str = "SE.SCR[1]/F.VS[1]";
/// A form with rows, of the small study: readings, their means, the treatment.
const BP: &str = "SE.FIRST[1]/F.BP[1]";
const STEP: &str = "SE.FIRST[1]/F.BP[1]/IG.STEP[1]/IT.STEP.STEP";

fn json<T: serde::Serialize>(message: &T) -> Value {
    serde_json::to_value(message).expect("JSON")
}

fn rows(state: &Value) -> &Vec<Value> {
    state["rows"].as_array().expect("rows")
}

/// What a UI holds, as JSON: an update without a base is the whole, any other lays its cells over those that are held.
#[derive(Default)]
struct Ui {
    revision: u32,
    state: Value,
}

impl Ui {
    /// Takes an update, and gives how many cells it carried.
    fn take(&mut self, update: &FormUpdate) -> usize {
        let mut told = json(&update.state);
        let carried = rows(&told).iter().map(|row| row["cells"].as_array().expect("cells").len()).sum();
        if let Some(base) = update.base {
            assert_eq!(base, self.revision, "an update builds on the last one");
            let mut held = self.state["rows"].take();
            for row in held.as_array_mut().expect("rows") {
                let same = |other: &&Value| ["group", "repeat"].iter().all(|name| other[*name] == row[*name]);
                let Some(changed) = rows(&told).iter().find(same) else { continue };
                for cell in changed["cells"].as_array().expect("cells") {
                    let mut known = row["cells"].as_array_mut().expect("cells").iter_mut();
                    *known.find(|known| known["key"] == cell["key"]).expect("a cell that is held") = cell.clone();
                }
            }
            told["rows"] = held;
        }
        (self.revision, self.state) = (update.revision, told);
        carried
    }
}

/// What somebody does to the form of the small study.
#[derive(Clone, Debug)]
enum Step {
    AddRow,
    RemoveRow(usize),
    Read(usize, usize, u32),
    Choose(&'static str),
    Draft(&'static str),
    Complete,
    Reopen,
    Confirmed(u64),
    There(&'static str),
    Nothing,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        2 => Just(Step::AddRow),
        1 => (0..3_usize).prop_map(Step::RemoveRow),
        6 => (0..3_usize, 0..3_usize, 20..200_u32).prop_map(|(row, item, value)| Step::Read(row, item, value)),
        2 => prop::sample::select(vec!["S0", "S1"]).prop_map(Step::Choose),
        1 => prop::sample::select(vec!["", "much"]).prop_map(Step::Draft),
        1 => Just(Step::Complete),
        1 => Just(Step::Reopen),
        1 => (0..30_u64).prop_map(Step::Confirmed),
        1 => prop::sample::select(vec!["S0", "S2"]).prop_map(Step::There),
        1 => Just(Step::Nothing),
    ]
}

/// The small study's form in somebody's hands.
struct Hands {
    chart: Chart,
    extras: Extras,
    rows: Vec<String>,
}

impl Hands {
    fn new() -> Self {
        let mut hands = Self { chart: Chart::of(&AT_HOME), extras: Extras::default(), rows: Vec::new() };
        hands.chart.visit("SE.FIRST[1]", "2026-11-20");
        hands
    }

    fn state(&self) -> FormState {
        self.chart.state_with(BP, &self.extras)
    }

    fn act(&mut self, step: &Step) {
        let reason = self.state().reason_needed.then_some("as the chart says");
        match step {
            Step::AddRow if self.rows.len() < 3 => self.rows.push(self.chart.row(BP, "IG.READ", &[])),
            Step::RemoveRow(at) if *at < self.rows.len() => self.chart.remove(&self.rows.remove(*at)),
            Step::Read(row, item, value) if *row < self.rows.len() => {
                let item = ["IT.READ.UPPER", "IT.READ.LOWER", "IT.READ.BEATS"][*item];
                self.chart.answer(&format!("{}/{item}", self.rows[*row]), &value.to_string(), reason);
            }
            Step::Choose(code) => drop(self.chart.answer(STEP, code, reason)),
            Step::Draft("") => self.extras.drafts.clear(),
            Step::Draft(typed) => drop(self.extras.drafts.insert(self.chart.key(STEP), (*typed).into())),
            Step::Complete => self.chart.complete(BP),
            Step::Reopen if !self.chart.book.form_bases(&self.state().key.parse().expect("a form")).is_empty() => {
                self.chart.reopen(BP);
            }
            Step::Confirmed(seq) => self.chart.reader.confirmed = *seq,
            Step::There(code) => {
                self.chart.author = NURSE_THERE;
                self.chart.answer_over(STEP, code, None, Vec::new());
                self.chart.author = NURSE;
            }
            _ => {}
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Whatever is done in whatever order: updates laid over each other are the whole state, to the last byte.
    #[test]
    fn updates_laid_over_each_other_are_the_whole(steps in prop::collection::vec(step(), 1..12)) {
        let mut hands = Hands::new();
        let (mut sync, mut ui) = (FormSync::default(), Ui::default());
        for step in steps {
            hands.act(&step);
            let rows = hands.state().rows.iter().map(|row| row.cells.len()).sum::<usize>();
            let before = ui.state.clone();
            let carried = ui.take(&sync.update("S01-001", "en", hands.state()));
            prop_assert_eq!(&ui.state, &json(&hands.state()), "after {:?}", step);
            prop_assert!(carried <= rows);
            prop_assert!(before != ui.state || carried == 0, "nothing changed, but {} cells were sent", carried);
        }
    }
}

#[test]
fn an_update_carries_what_changed_and_no_more() {
    let mut chart = Chart::new();
    let mut sync = FormSync::default();
    let cells = |update: &FormUpdate| -> Vec<String> {
        update.state.rows.iter().flat_map(|row| &row.cells).map(|cell| cell.key.clone()).collect()
    };
    let whole = sync.whole("S01-001", "en", chart.state(VS));
    assert!(whole.base.is_none() && cells(&whole).len() > 8);
    // The weight, and the two that are computed from it.
    chart.answer(&format!("{VS}/IG.VS[1]/IT.VS.WEIGHT"), "80", None);
    let update = sync.update("S01-001", "en", chart.state(VS));
    let mut changed = cells(&update);
    changed.sort();
    assert_eq!(changed, ["BMI", "BSA", "WEIGHT"].map(|item| format!("{VS}/IG.VS[1]/IT.VS.{item}")));
    assert_eq!((update.base, update.revision), (Some(whole.revision), whole.revision + 1));
    assert!(cells(&sync.update("S01-001", "en", chart.state(VS))).is_empty());
    chart.author = DOCTOR;
    chart.ask(&format!("{VS}/IG.VS[1]/IT.VS.PULSE"), "Counted how?");
    assert_eq!(cells(&sync.update("S01-001", "en", chart.state(VS))), [format!("{VS}/IG.VS[1]/IT.VS.PULSE")]);
}

#[test]
fn another_form_subject_language_or_row_is_sent_whole() {
    let mut chart = Chart::new();
    let mut sync = FormSync::default();
    let mut whole =
        |subject: &str, language: &str, state: FormState| sync.update(subject, language, state).base.is_none();
    assert!(whole("S01-001", "en", chart.state(VS)));
    assert!(!whole("S01-001", "en", chart.state(VS)));
    assert!(whole("S01-002", "en", chart.state(VS)));
    assert!(whole("S01-002", "zh-CN", chart.state(VS)));
    assert!(whole("S01-002", "zh-CN", chart.state("SE.LOG[1]/F.AE[1]")));
    chart.row("SE.LOG[1]/F.AE[1]", "IG.AE", &[]);
    assert!(whole("S01-002", "zh-CN", chart.state("SE.LOG[1]/F.AE[1]")));
}
