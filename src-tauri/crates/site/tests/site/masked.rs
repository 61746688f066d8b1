//! The masked outcomes assessor: everything that the session answers is searched for what would reveal the arm.
//!
//! Two sites enter the same subject into the built-in trial, one in each arm: every form that comes is filled, people who
//! know the arm write it into reasons, comments and queries, and what is closed to the assessor holds words and figures that
//! stand nowhere else.

use std::collections::BTreeSet;

use screens::messages::{Control, FormState, ItemShape};
use serde_json::Value;
use study::{CellKey, FormKey, Oid, Study};

use crate::stage::{Stage, TRIAL, cell, code, event, form, law};

/// What only people who know the arm write.
const SECRET: &str = "KNOWSTHEARM";
/// What the assessor may read in a free text that the study opens.
const PLACE: &str = "segment six";
/// A figure and a day that are entered nowhere but in what is closed.
const FIGURE: &str = "3777";
const DAY: &str = "2026-10-17";

/// What the study says of itself, and to the assessor.
struct Trial {
    whole: Study,
    open: Study,
}

impl Trial {
    fn new() -> Self {
        let functions = clinical::functions();
        let whole = Study::read("trial.xml", TRIAL, &functions).expect("a study");
        let open = whole.masked_for("assessor", &functions).expect("a smaller study");
        Self { whole, open }
    }

    fn is_open(&self, item: &str) -> bool {
        self.open.items.contains(item)
    }

    /// What to type into a question.
    fn answer(&self, item: &ItemShape, arm: usize) -> String {
        let choices = &item.choices;
        if self.whole.meanings.is(&Oid::from(item.oid.as_str()), "subject.arm") {
            return choices[arm].code.clone();
        }
        let yes = choices.iter().find(|choice| choice.code == "Y");
        match (yes.or(choices.first()), item.control, self.is_open(&item.oid)) {
            (Some(choice), ..) => choice.code.clone(),
            (None, Control::Number, true) => "21".to_owned(),
            (None, Control::Number, false) => FIGURE.to_owned(),
            (None, Control::Date | Control::DateTime, true) => "2026-11-20".to_owned(),
            (None, Control::Date, false) => DAY.to_owned(),
            (None, Control::DateTime, false) => format!("{DAY} 10:10"),
            (None, Control::Time, _) => "10:10".to_owned(),
            (None, _, true) => PLACE.to_owned(),
            (None, _, false) => SECRET.to_owned(),
        }
    }

    /// The words of choices that are made in what is closed and are offered nowhere in what is open.
    fn closed_words(&self) -> BTreeSet<String> {
        let lists = |study: &Study| -> BTreeSet<String> {
            let mut words = BTreeSet::new();
            for choice in study.codelists.iter().flat_map(|list| &list.choices) {
                words.insert(choice.code.to_string());
                words.extend(["en", "zh-CN"].map(|lang| choice.label(lang).to_owned()));
            }
            words
        };
        let open = lists(&self.open);
        let said = format!("{:?}", self.open);
        // Short codes, and words that the open part of the study uses itself, reveal nothing.
        lists(&self.whole)
            .into_iter()
            .filter(|word| !open.contains(word) && word.chars().count() > 3 && !said.contains(word.as_str()))
            .collect()
    }
}

/// Enters everything that can be entered, as the nurse.
fn fill(stage: &mut Stage, trial: &Trial, arm: usize) -> String {
    let subject = stage.session().subject_register().expect("registered");
    for event in ["SE.TA", "SE.UTA", "SE.UNS"] {
        stage.session().event_add(&subject, event, "1", Some("2026-11-22")).expect("added");
    }
    // What one round answers lets further forms and questions come.
    for _ in 0..2 {
        let view = stage.session().subject_view(&subject).expect("a subject");
        for visit in view.events.iter().filter(|event| event.dated && event.date.is_none()) {
            let key = event(&visit.key);
            let day = if trial.open.events.contains(&key.event) { "2026-11-21" } else { DAY };
            stage.session().event_date(&subject, &key, day, None).expect("dated");
        }
        for mark in view.forms.iter().flat_map(|row| &row.cells).flatten() {
            fill_form(stage, trial, &subject, &form(&mark.key), arm);
        }
    }
    subject
}

fn fill_form(stage: &mut Stage, trial: &Trial, subject: &str, form: &FormKey, arm: usize) {
    let shape = stage.session().form_shape(subject, form).expect("a form");
    for group in shape.groups.iter().filter(|group| group.repeating) {
        let state = stage.state(subject, form);
        if !state.rows.iter().any(|row| row.group == group.oid) {
            stage.session().row_add(subject, form, &group.oid).expect("a row");
        }
    }
    let state = stage.state(subject, form);
    for row in &state.rows {
        let group = shape.groups.iter().find(|group| group.oid == row.group).expect("a group");
        for (item, asked) in group.items.iter().zip(&row.cells) {
            let empty = asked.display.is_empty() && asked.draft.is_none();
            if asked.visible && empty && !matches!(item.control, Control::Derived | Control::File) {
                stage.types(subject, &cell(&asked.key), &trial.answer(item, arm));
            }
        }
    }
}

/// People who know the arm say so where the assessor reads.
fn talk(stage: &mut Stage, subject: &str) {
    let view = stage.session().subject_view(subject).expect("a subject");
    for mark in view.forms.iter().flat_map(|row| &row.cells).flatten() {
        let form = form(&mark.key);
        let state = stage.state(subject, &form);
        let cells: Vec<_> = state.rows.iter().flat_map(|row| &row.cells).filter(|cell| cell.visible).collect();
        for found in &cells {
            for finding in &found.findings {
                // Hard findings are refused here; the soft ones get their comment.
                let _ = stage.session().confirm_finding(subject, &cell(&found.key), &finding.rule, SECRET);
            }
        }
        if let Some(entered) = cells.iter().find(|cell| !cell.typed.is_empty() && cell.trace.is_empty()) {
            let key = cell(&entered.key);
            stage.session().raise_query(subject, &key, SECRET).expect("asked");
            stage.session().answer_query(subject, &key, SECRET).expect("answered");
            let _ = stage.session().form_not_done(subject, &form, "unknown");
            let _ = stage.session().save_item(subject, &key, "", Some(SECRET));
            let _ = stage.session().save_item(subject, &key, &entered.typed, Some(SECRET));
            let _ = stage.session().draft_item(subject, &key, SECRET);
        }
    }
}

/// Everything that the session answers, as it crosses to the window.
fn messages(stage: &mut Stage, subject: &str, cells: &[CellKey]) -> Vec<(String, Value)> {
    let mut said: Vec<(String, Value)> = Vec::new();
    macro_rules! hear {
        ($name:expr, $done:expr) => {{
            let done = $done;
            let value = match done {
                Ok(message) => serde_json::to_value(&message).expect("JSON"),
                Err(refused) => Value::from(format!("{} {refused}", refused.code())),
            };
            said.push(($name.to_string(), value));
        }};
    }
    for lang in ["en", "zh-CN"] {
        hear!("worklist", stage.session().speaking(lang).worklist());
        hear!("subjects", stage.session().speaking(lang).subjects());
        hear!("subject_view", stage.session().speaking(lang).subject_view(subject));
        hear!("tumours_view", stage.session().speaking(lang).tumours_view(subject));
        let mut forms: Vec<&FormKey> = cells.iter().map(|cell| &cell.form).collect();
        forms.dedup();
        for form in forms {
            hear!(form, stage.session().speaking(lang).form_shape(subject, form));
            hear!(form, stage.session().speaking(lang).form_state(subject, form));
            hear!(form, stage.session().speaking(lang).form_complete(subject, form));
        }
        // A cell's column holds no more words in one language than in the other, and there are hundreds of cells.
        for cell in cells.iter().filter(|_| lang == "en") {
            hear!(cell, stage.session().speaking(lang).cell_view(subject, cell));
        }
    }
    hear!("integrity", stage.session().integrity());
    hear!("people_view", stage.session().people_view());
    said
}

/// Takes ids and times out.
fn plain(value: &mut Value, device: &str) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields.iter_mut() {
                let own = ["at", "id", "device", "deviceWords", "finishedAt", "done"];
                if own.contains(&name.as_str()) { *field = Value::Null } else { plain(field, device) }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|one| plain(one, device)),
        Value::String(text) => {
            let suffix = device.rsplit('-').next().unwrap_or(device);
            *text = text.replace(suffix, "device");
        }
        _ => {}
    }
}

struct Heard {
    said: Vec<(String, Value)>,
    device: String,
}

/// One site with one subject in one arm, and all that its assessor hears.
fn hear(trial: &Trial, arm: usize) -> Heard {
    let mut stage = Stage::studying(TRIAL);
    let subject = fill(&mut stage, trial, arm);
    talk(&mut stage, &subject);
    let view = stage.session().subject_view(&subject).expect("a subject");
    let forms: Vec<FormState> = view
        .forms
        .iter()
        .flat_map(|row| &row.cells)
        .flatten()
        .map(|mark| stage.state(&subject, &form(&mark.key)))
        .collect();
    let cells: Vec<CellKey> =
        forms.iter().flat_map(|form| &form.rows).flat_map(|row| &row.cells).map(|found| cell(&found.key)).collect();
    let nurse = serde_json::to_string(&forms).expect("JSON");
    for hidden in [SECRET, FIGURE, DAY] {
        assert!(nurse.contains(hidden), "the nurse sees {hidden}");
    }
    let now = stage.now;
    let session = stage.computer.unlock("vault", "reader1", crate::stage::PASSWORD, now).expect("signed in");
    let device = session.device.clone();
    let said = messages(&mut stage, &subject, &cells);
    Heard { said, device }
}

#[test]
fn nothing_that_the_assessor_hears_reveals_the_arm() {
    let trial = &Trial::new();
    let arms = std::thread::scope(|scope| {
        [0, 1].map(|arm| scope.spawn(move || hear(trial, arm))).map(|arm| arm.join().expect("heard"))
    });
    let closed = trial.closed_words();
    assert!(closed.len() > 50, "only {} closed words", closed.len());
    for heard in &arms {
        let mut answered = 0;
        for (what, value) in &heard.said {
            let text = value.to_string();
            for word in [SECRET, FIGURE, DAY, "17 Oct 2026", "2026年10月17日"] {
                assert!(!text.contains(word), "{what} tells {word}: {text}");
            }
            for word in &closed {
                assert!(!text.contains(&format!("\"{word}\"")), "{what} tells {word}: {text}");
            }
            answered += usize::from(text.contains(PLACE));
        }
        assert!(answered > 3, "the assessor does read what is open");
    }
    let [one, two] = arms.map(|heard| {
        let device = heard.device;
        let known = |what: &str| trial.open.forms.iter().any(|form| what.contains(&format!("/{}[", form.oid)));
        let all = heard.said.into_iter().map(|(what, mut value)| {
            plain(&mut value, &device);
            (what.replace(device.rsplit('-').next().unwrap_or_default(), "device"), value)
        });
        // A place that only one arm has is asked in that arm only; it is answered like a place that does not exist.
        let (shared, refused): (Vec<_>, Vec<_>) =
            all.partition(|(what, value)| !what.contains('/') || known(what) && !value.is_string());
        assert!(refused.iter().all(|(_, value)| {
            value.as_str().is_some_and(|said| said.starts_with("no_such") || said.starts_with("blocked"))
        }));
        shared
    });
    for (mine, other) in one.iter().zip(&two) {
        assert_eq!(mine, other);
    }
    assert_eq!(one.len(), two.len());
}

#[test]
fn the_assessor_enters_what_is_open_and_nothing_else() {
    let mut stage = Stage::studying(TRIAL);
    let subject = stage.session().subject_register().expect("registered");
    stage.session().event_date(&subject, &event("SE.TA[1]"), "2026-11-21", None).expect("dated");
    stage.sign_in("reader1");
    let state = stage.state(&subject, &form("SE.TA[1]/F.TR[1]"));
    assert!(state.editable);
    let first = cell(&state.rows[0].cells[0].key);
    stage.types(&subject, &first, "2026-11-20");
    let view = stage.session().cell_view(&subject, &first).expect("a cell");
    assert_eq!((view.history.len(), view.history[0].seq), (1, 0));
    stage.session().raise_query(&subject, &first, "which series?").expect("asked");
    let view = stage.session().cell_view(&subject, &first).expect("a cell");
    assert_eq!(view.queries[0].text, "which series?", "an assessor's own words are read");
    for closed in ["SE.LOG[1]/F.AE[1]", "SE.RAND[1]/F.RAND[1]", "SE.TA[1]/F.LB[1]", "SE.UNS[1]/F.TR[1]"] {
        assert_eq!(code(stage.session().form_state(&subject, &form(closed))), "no_such", "{closed}");
    }
    assert_eq!(code(stage.session().event_date(&subject, &event("SE.TA[1]"), "2026-11-22", None)), "not_your_role");
    stage.sign_in("nurse1");
    assert_eq!(stage.cell(&subject, &first).display, "20 Nov 2026");
}

/// Every cell of the built-in trial that the assessor may not see, and every form.
fn closed_places(trial: &Trial) -> (Vec<CellKey>, Vec<FormKey>) {
    let (mut cells, mut forms) = (Vec::new(), Vec::new());
    for (event, at) in trial.whole.events.iter().flat_map(|event| event.forms.iter().map(move |at| (event, at))) {
        let form = study::EventKey::new(&event.oid, "1").form(&at.form, "1");
        let groups = trial.whole.forms.get(&at.form).into_iter().flat_map(|def| &def.groups);
        for group in groups.filter_map(|at| trial.whole.groups.get(&at.group)) {
            cells.extend(group.items.iter().map(|at| form.cell(&group.oid, "1", &at.item)));
        }
        forms.push(form);
    }
    cells.retain(|cell| trial.open.cell_at(cell).is_none());
    forms.retain(|form| trial.open.form_at(form).is_none());
    (cells, forms)
}

/// What each act at a cell, and each at its form where that is closed, too, says to whoever is signed in.
fn refusals(stage: &mut Stage, subject: &str, cell: &CellKey, whole_form: bool) -> Vec<(&'static str, String)> {
    let (form, because) = (&cell.form, "a reason (sample)");
    let mut said = Vec::new();
    macro_rules! refused {
        ($($act:ident($($argument:expr),*)),* $(,)?) => {$(
            let done = stage.session().$act(subject, $($argument),*).map(drop);
            let refusal = done.expect_err(stringify!($act));
            said.push((stringify!($act), format!("{} {refusal}", refusal.code())));
        )*};
    }
    refused!(
        cell_view(cell),
        save_item(cell, "1", Some(because)),
        save_missing(cell, "unknown", Some(because)),
        draft_item(cell, "1"),
        confirm_finding(cell, "RC.1", because),
        resolve_conflict(cell, "1", because),
        raise_query(cell, because),
        answer_query(cell, because),
    );
    if whole_form {
        refused!(
            form_shape(form),
            form_state(form),
            form_complete(form),
            form_reopen(form, because),
            form_not_done(form, "unknown"),
            row_add(form, &cell.group),
            row_remove(form, &cell.group, "1", because),
            tumour_read(form, "T01", "12", None),
        );
    }
    said
}

/// Whatever is closed, each act there is refused in the words for a place that no study has, and nothing comes of it.
#[test]
fn a_closed_place_is_refused_like_one_that_does_not_exist() {
    let trial = Trial::new();
    let (cells, forms) = closed_places(&trial);
    assert!(cells.len() > 300 && forms.len() > 10, "{} cells, {} forms", cells.len(), forms.len());
    let mut stage = Stage::studying(TRIAL);
    let subject = stage.session().subject_register().expect("registered");
    for visit in &trial.whole.events {
        // What the plan does not bring is not there; what is dated is closed all the same.
        let _ = stage.session().event_date(&subject, &study::EventKey::new(&visit.oid, "1"), "2026-11-20", None);
    }
    for form in forms.iter().filter(|form| form.event.as_str() == "SE.SCR") {
        fill_form(&mut stage, &trial, &subject, form, 0);
    }
    let before = stage.session().sync_view().expect("a view").unsent;
    stage.sign_in("reader1");
    let nowhere = refusals(&mut stage, &subject, &cell("SE.NONE[1]/F.NONE[1]/IG.NONE[1]/IT.NONE"), true);
    assert!(nowhere.iter().all(|(_, said)| said.starts_with("no_such")), "{nowhere:?}");
    let stage = std::cell::RefCell::new(stage);
    law(96, 0..cells.len(), |at| {
        let closed = forms.contains(&cells[at].form);
        let said = refusals(&mut stage.borrow_mut(), &subject, &cells[at], closed);
        assert_eq!(said, nowhere[..said.len()], "{}", cells[at]);
    });
    let mut stage = stage.into_inner();
    stage.sign_in("nurse1");
    assert_eq!(stage.session().sync_view().expect("a view").unsent, before);
}
