//! From the last keystroke of a field to everything that follows from it on the screen, measured inside the real window.
//!
//! Every field of the form that something hangs on is answered in two ways, one after the other, and what the whole form
//! shows once it has come to rest is remembered of each. Then the same two answers are typed again and again, and the
//! page itself takes the time from the keystroke that leaves the field until the frame in which the form shows just that
//! is painted.

use std::path::Path;
use std::time::Duration;

use screens::messages::{Control, FormShape, FormState};
use serde_json::{Value, json};
use xtask::practice;

use crate::pages;
use crate::walk::account;
use crate::window::{Opening, Trouble, Window, key};

const WATCH: &str = include_str!("stopwatch.js");
/// Fields that are tried, and of these the ones that are timed, at most.
const MOST: (usize, usize) = (60, 12);
/// Times that each of the two answers is typed.
const ROUNDS: usize = 12;

/// How long nothing is asked of the window after a keystroke.
const ALONE: Duration = Duration::from_millis(120);

/// What was measured on one form.
#[derive(Debug, serde::Serialize)]
pub struct Measured {
    /// The form's title.
    pub form: String,
    /// Questions that the form can ask.
    pub questions: usize,
    /// Fields on which something hangs that were timed.
    pub fields: usize,
    /// Milliseconds from the keystroke until the frame that shows all that follows is painted, one per save.
    pub painted_ms: Vec<f64>,
    /// Milliseconds from the keystroke until that frame is begun: in between it is laid out and painted.
    pub frame_ms: Vec<f64>,
    /// Milliseconds from the keystroke until the page held it, before that frame.
    pub page_ms: Vec<f64>,
    /// The same as `painted_ms` for one line more on the same form, which the page itself adds at the keystroke: what the
    /// engine, the display and the painter of this machine take by themselves.
    pub bare_ms: Vec<f64>,
}

/// Makes a practice site in `out` and measures on its largest form and on the one with most questions that come and go.
///
/// # Errors
/// Whatever did not go as it should, in words.
pub fn measure(out: &Path) -> Result<Vec<Measured>, Trouble> {
    practice::make(out, 1, 1).map_err(|trouble| trouble.to_string())?;
    let (subject, sheets) = prepare(out)?;
    let window = Window::open(&Opening::at(out))?;
    let (user, password) = account(out)?;
    pages::sign_in(&window, &user, &password)?;
    window.run(WATCH, vec![])?;
    let measured = sheets.iter().map(|sheet| on_form(&window, &subject, sheet)).collect::<Result<_, _>>()?;
    window.close()?;
    Ok(measured)
}

/// A form to measure on.
struct Sheet {
    place: String,
    title: String,
    questions: usize,
}

/// A new subject with the first visit of an invented one, as a nurse has it before the forms are declared complete.
fn prepare(out: &Path) -> Result<(String, Vec<Sheet>), Trouble> {
    let (user, password) = account(out)?;
    let mut computer = practice::computer(out);
    computer.unlock(practice::VAULT, &user, &password, practice::now())?;
    let mut session = computer.session(practice::now())?;
    let known = session.subjects()?.first().map(|row| row.subject.clone()).ok_or("no subject was invented")?;
    let view = session.subject_view(&known)?;
    let subject = session.subject_register()?;
    let visit = view.events.first().ok_or("no visit was invented")?;
    session.event_date(&subject, &visit.key.parse()?, visit.date.as_deref().unwrap_or_default(), None)?;
    let mut sheets = Vec::new();
    for mark in view.forms.iter().filter_map(|row| row.cells.first()?.as_ref()) {
        let shape = session.form_shape(&known, &mark.key.parse()?)?;
        let state = session.form_state(&known, &mark.key.parse()?)?;
        for (cell, typed) in answers(&shape, &state) {
            session.save_item(&subject, &cell.parse()?, &typed, None)?;
        }
        let asks = state.rows.iter().flat_map(|row| &row.cells);
        let fleeting = asks.filter(|cell| !cell.visible).count();
        let questions = shape.groups.iter().map(|group| group.items.len()).sum();
        sheets.push((fleeting, Sheet { place: mark.key.clone(), title: shape.title, questions }));
    }
    computer.lock(practice::now())?;
    sheets.sort_by_key(|(_, sheet)| sheet.questions);
    let (_, largest) = sheets.pop().ok_or("the visit has no form")?;
    let liveliest = sheets.into_iter().max_by_key(|(fleeting, _)| *fleeting).filter(|(fleeting, _)| *fleeting > 0);
    Ok((subject, std::iter::once(largest).chain(liveliest.map(|(_, sheet)| sheet)).collect()))
}

/// What was typed into a form, outside of rows that a person adds.
fn answers(shape: &FormShape, state: &FormState) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for row in &state.rows {
        let Some(group) = shape.groups.iter().find(|group| group.oid == row.group && !group.repeating) else {
            continue;
        };
        let typed = group.items.iter().zip(&row.cells).filter(|(item, _)| item.control != Control::Derived);
        let typed = typed.filter(|(_, cell)| !cell.typed.is_empty());
        found.extend(typed.map(|(_, cell)| (cell.key.clone(), cell.typed.clone())));
    }
    found
}

/// A field with the keys of its two answers; what is chosen is saved by the key that picks it.
struct Pair {
    cell: String,
    answers: [String; 2],
}

fn on_form(window: &Window, subject: &str, sheet: &Sheet) -> Result<Measured, Trouble> {
    pages::open_subject(window, subject)?;
    pages::open_form(window, &sheet.place)?;
    let offered = window.run("return window.stopwatch.fields()", vec![])?;
    let mut pairs = Vec::new();
    for field in offered.as_array().into_iter().flatten().take(MOST.0) {
        let pair =
            Pair { cell: text(&field["cell"]), answers: [text(&field["answers"][0]), text(&field["answers"][1])] };
        if matters(window, &pair)? {
            pairs.push(pair);
        }
        if pairs.len() == MOST.1 {
            break;
        }
    }
    let mut measured = Measured {
        form: sheet.title.clone(),
        questions: sheet.questions,
        fields: pairs.len(),
        painted_ms: Vec::new(),
        frame_ms: Vec::new(),
        page_ms: Vec::new(),
        bare_ms: bare(window)?,
    };
    for pair in &pairs {
        for round in 0..ROUNDS * 2 {
            let times = timed(window, pair, 1 - round % 2)?;
            measured.painted_ms.extend(times["painted"].as_f64());
            measured.frame_ms.extend(times["frame"].as_f64());
            measured.page_ms.extend(times["page"].as_f64());
        }
    }
    if measured.frame_ms.is_empty() { Err("nothing on the form hangs on anything".into()) } else { Ok(measured) }
}

/// The times of a key that makes the page itself show a line more.
fn bare(window: &Window) -> Result<Vec<f64>, Trouble> {
    let mut times = Vec::new();
    for _ in 0..ROUNDS * 4 {
        window.run("window.stopwatch.armBare('F12')", vec![])?;
        window.keys(&key::F12.to_string())?;
        std::thread::sleep(ALONE);
        let taken = window.wait_for("a line more", "return window.stopwatch.taken()", vec![])?;
        times.extend(taken["painted"].as_f64());
    }
    Ok(times)
}

/// Types both answers and remembers what the form shows at rest; whether they differ in anything but themselves.
fn matters(window: &Window, pair: &Pair) -> Result<bool, Trouble> {
    for which in [1, 0] {
        enter(window, pair, which)?;
        if window.run("return window.stopwatch.refused(arguments[0])", vec![json!(pair.cell)])? == true {
            window.keys(&key::ESCAPE.to_string())?;
            return Ok(false);
        }
        window.run("window.stopwatch.keep(arguments[0], arguments[1])", vec![json!(pair.cell), json!(which)])?;
    }
    Ok(window.run("return window.stopwatch.differs(arguments[0])", vec![json!(pair.cell)])? == true)
}

/// Types one answer and gives its times.
fn timed(window: &Window, pair: &Pair, which: usize) -> Result<Value, Trouble> {
    let last = pair.answers[which].trim_end_matches(key::ENTER);
    let last = if last.len() == pair.answers[which].len() { last } else { "Enter" };
    let arm = "window.stopwatch.arm(arguments[0], arguments[1], arguments[2])";
    window.run(arm, vec![json!(pair.cell), json!(which), json!(last)])?;
    enter(window, pair, which)?;
    let what = format!("the form to show all that follows from {}", pair.cell);
    window.wait_for(&what, "return window.stopwatch.taken()", vec![])
}

/// Types one answer into its field, leaves it by Enter where no key has saved it yet, and waits until nothing moves.
fn enter(window: &Window, pair: &Pair, which: usize) -> Result<(), Trouble> {
    pages::field(window, &pair.cell)?;
    let answer = &pair.answers[which];
    // What is typed and its leaving come apart, as they do by hand.
    window.keys(answer.trim_end_matches(key::ENTER))?;
    if answer.ends_with(key::ENTER) {
        window.wait_for("what was typed to show", "return window.stopwatch.still(60)", vec![])?;
        window.keys(&key::ENTER.to_string())?;
    }
    // The window is left alone while it is timed.
    std::thread::sleep(ALONE);
    let rest = "return window.stopwatch.still(180, arguments[0])";
    window.wait_for("the form to come to rest", rest, vec![json!(pair.cell)]).map(drop)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
