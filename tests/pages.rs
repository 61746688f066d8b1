//! The screens as a person meets them: what can be seen and done on each, named by what it is for.

use std::path::Path;

use serde_json::{Value, json};

use crate::window::{Trouble, Window, key};

/// Waits until a page is shown.
pub fn arrive(window: &Window, page: &str) -> Result<(), Trouble> {
    let script = "return document.querySelector(`[data-page=\"${arguments[0]}\"]`) !== null";
    window.wait_for(&format!("the page {page}"), script, vec![json!(page)]).map(drop)
}

/// Presses a button by its act.
pub fn act(window: &Window, name: &str) -> Result<(), Trouble> {
    press(window, &format!("[data-act=\"{name}\"]"))
}

/// Presses the first enabled match of a selector, waiting for it. A page that has just come puts the focus where work
/// goes on, so a key sent at that moment might meet another button; a press does not.
pub fn press(window: &Window, selector: &str) -> Result<(), Trouble> {
    let script = "const found = [...document.querySelectorAll(arguments[0])].find(e => !e.disabled);
        if (!found) return false; found.click(); return true";
    window.wait_for(&format!("something to press at {selector}"), script, vec![json!(selector)]).map(drop)
}

/// Goes to a main page by its entry in the top bar.
pub fn go(window: &Window, page: &str) -> Result<(), Trouble> {
    press(window, &format!("[data-nav=\"{page}\"]"))?;
    arrive(window, page)
}

/// Turns to a part of the study screen, and waits for the sheet to be filled.
pub fn study_part(window: &Window, part: &str) -> Result<(), Trouble> {
    press(window, &format!("[data-part-of=\"{part}\"]"))?;
    let script = "return document.querySelector(`[data-part-of=\"${arguments[0]}\"]`).ariaPressed === 'true'
        && (arguments[0] !== 'sheet' || document.querySelector('[data-blank]') !== null)";
    window.wait_for(&format!("the part {part}"), script, vec![json!(part)]).map(drop)
}

/// Puts the focus on the first enabled match of a selector, waiting for it.
pub fn focus(window: &Window, selector: &str) -> Result<(), Trouble> {
    let script = "const found = [...document.querySelectorAll(arguments[0])].find(e => !e.disabled);
        if (!found) return false; found.focus(); return document.activeElement === found";
    window.wait_for(&format!("something to focus at {selector}"), script, vec![json!(selector)]).map(drop)
}

/// Signs in at the first vault listed.
pub fn sign_in(window: &Window, user: &str, password: &str) -> Result<(), Trouble> {
    try_password(window, user, password)?;
    arrive(window, "worklist")
}

/// Waits for the page that asks who signs in at the first vault listed.
pub fn arrive_at_sign_in(window: &Window) -> Result<(), Trouble> {
    let script = "return document.querySelector('[data-page=\"unlock\"]') ? 'unlock' : document.querySelector('[data-act=\"open-vault\"]') ? 'start' : false";
    if window.wait_for("the first screen", script, vec![])? == "start" {
        act(window, "open-vault")?;
    }
    arrive(window, "unlock")
}

/// Gives a name and a password at the first vault listed.
pub fn try_password(window: &Window, user: &str, password: &str) -> Result<(), Trouble> {
    arrive_at_sign_in(window)?;
    fill(window, "[data-page=\"unlock\"] [name=\"user\"]", user)?;
    fill(window, "[data-page=\"unlock\"] [name=\"password\"]", password)?;
    // After a wrong password the door stays shut for a while.
    let open = "return document.querySelector('[data-act=\"unlock\"]')?.disabled === false";
    window.wait_for("the door to open again", open, vec![])?;
    window.keys(&key::ENTER.to_string())
}

/// Puts one line into the register of laboratory limits.
pub fn register_limits(window: &Window, lab: &str, low: &str, high: &str) -> Result<(), Trouble> {
    go(window, "labs")?;
    for (name, text) in [("lab", lab), ("low", low), ("high", high)] {
        fill(window, &format!("[data-page=\"labs\"] [name=\"{name}\"]"), text)?;
    }
    window.keys(&key::ENTER.to_string())?;
    window
        .wait_for("the line of the register", "return document.querySelector('[data-line]') !== null", vec![])
        .map(drop)
}

/// Has a laboratory's file read, and waits for what an import would do.
pub fn laboratory_file(window: &Window, lab: &str, file: &Path) -> Result<(), Trouble> {
    act(window, "lab-import")?;
    arrive(window, "labimport")?;
    fill(window, "[data-page=\"labimport\"] [name=\"lab\"]", lab)?;
    window.will_choose(file)?;
    // Enter in the field may take up a name that it offers.
    focus(window, "[data-act=\"lab-open\"]")?;
    window.keys(&key::ENTER.to_string())?;
    window.wait_for("the verdicts", "return document.querySelector('[data-verdict]') !== null", vec![]).map(drop)
}

/// Has a file or folder chosen in the system's own dialog for the field of that name, and waits until it is shown there.
///
/// # Errors
/// It is not shown.
pub fn choose(window: &Window, name: &str, path: &Path) -> Result<(), Trouble> {
    window.will_choose(path)?;
    act(window, &format!("pick-{name}"))?;
    let chosen = "return document.querySelector(arguments[0])?.value === arguments[1]";
    let shown = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    let field = format!("[name=\"{name}\"]");
    window.wait_for(&format!("{name} to be chosen"), chosen, vec![json!(field), json!(shown)]).map(drop)
}

/// Opens one subject's matrix from the list.
pub fn open_subject(window: &Window, subject: &str) -> Result<(), Trouble> {
    go(window, "subjects")?;
    press(window, &format!("[data-subject=\"{subject}\"]"))?;
    arrive(window, "subject")
}

/// Goes from a subject's matrix to its tumours and waits for the grid.
///
/// # Errors
/// The grid does not appear.
pub fn open_tumours(window: &Window) -> Result<(), Trouble> {
    act(window, "tumours")?;
    arrive(window, "tumours")?;
    let script = "return document.activeElement?.closest('[data-page=\"tumours\"] [data-spot]') !== null";
    window.wait_for("the cursor in the grid", script, vec![]).map(drop)
}

/// Adds the first assessment that is offered, dated, and waits for its column.
///
/// # Errors
/// The column does not appear.
pub fn add_assessment(window: &Window, date: &str) -> Result<(), Trouble> {
    let columns = "return document.querySelectorAll('[data-page=\"tumours\"] thead th').length";
    let before = window.run(columns, vec![])?.as_u64().unwrap_or(0);
    window.keys("t")?;
    window.wait_for(
        "the choice of an assessment",
        "return document.querySelector('dialog [data-code]') !== null",
        vec![],
    )?;
    window.keys("1")?;
    window.wait_for("the question for its date", "return document.activeElement?.name === 'said'", vec![])?;
    window.keys(&format!("{date}{}", key::ENTER))?;
    let script = format!("{columns} === arguments[0]");
    window.wait_for("the new column", &script, vec![json!(before + 1)])?;
    let script = "return document.activeElement?.dataset.spot?.endsWith(`-${arguments[0]}`) ?? false";
    window.wait_for("the cursor in the new column", script, vec![json!(before - 1)]).map(drop)
}

/// Reads the scan of the last column by keyboard: every target measures `size`, every other lesion is as it was.
///
/// # Errors
/// An answer does not show.
pub fn read_scan(window: &Window, size: &str) -> Result<(), Trouble> {
    let roles =
        "return [...document.querySelectorAll('[data-page=\"tumours\"] tr[data-role]')].map(row => row.dataset.role)";
    let roles = window.run(roles, vec![])?;
    for _ in roles.as_array().into_iter().flatten() {
        window.keys("\u{E013}")?;
    }
    for (line, role) in roles.as_array().into_iter().flatten().enumerate() {
        let here = "return document.activeElement?.dataset.spot?.startsWith(`${arguments[0]}-`) ?? false";
        window.wait_for("the cursor at the lesion", here, vec![json!(line)])?;
        match role.as_str() {
            Some("target") => window.keys(&format!("{size}{}", key::ENTER))?,
            Some("non_target") => window.keys(&format!("p{}", key::DOWN))?,
            _ => window.keys(&format!("u{}", key::DOWN))?,
        }
    }
    let script = "const lines = document.querySelectorAll('[data-page=\"tumours\"] tr[data-line=\"overall\"] td');
        const cell = lines[lines.length - 1]?.querySelector('[data-computed]');
        const read = [...document.querySelectorAll('[data-page=\"tumours\"] tr[data-role] td:last-child [data-spot]')].map(spot => spot.dataset.state);
        const done = document.querySelector('[data-saving=\"0\"]') && read.every(state => state !== '');
        return done && cell?.dataset.computed ? cell.dataset.computed : false";
    window.wait_for("the response of the scan", script, vec![])?;
    // What stands in the document is painted a moment later.
    std::thread::sleep(std::time::Duration::from_millis(500));
    Ok(())
}

/// Opens a form from the matrix.
pub fn open_form(window: &Window, form: &str) -> Result<(), Trouble> {
    press(window, &format!("[data-page=\"subject\"] [data-form=\"{form}\"]"))?;
    arrive(window, "form")?;
    let script = "return document.querySelectorAll('[data-page=\"form\"] [data-cell]').length > 0
        && document.activeElement?.closest('[data-page=\"form\"] section') != null";
    window.wait_for("the form's questions, and the focus among them", script, vec![]).map(drop)
}

/// What the screen shows of one cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The cell's place.
    pub cell: String,
    /// The text in its control.
    pub value: String,
    /// Whether the screen says that it is saved.
    pub saved: bool,
}

/// Every cell that the form shows now, in order.
pub fn shown(window: &Window) -> Result<Vec<Shown>, Trouble> {
    let script = "return [...document.querySelectorAll('[data-page=\"form\"] [data-cell]')].map(row => {
        const field = row.querySelector('input, textarea, select');
        const chosen = row.querySelector('[role=\"radio\"][aria-checked=\"true\"], input[type=\"radio\"]:checked');
        return [row.dataset.cell, chosen ? (chosen.dataset.code ?? chosen.value) : field ? field.value : '', row.dataset.saved === 'true'];
    })";
    let rows = window.run(script, vec![])?;
    Ok(rows.as_array().into_iter().flatten().filter_map(shown_from).collect())
}

fn shown_from(row: &Value) -> Option<Shown> {
    Some(Shown { cell: row[0].as_str()?.into(), value: row[1].as_str()?.into(), saved: row[2].as_bool()? })
}

/// Puts the focus into the field of the cell whose place ends so; returns the whole place.
pub fn field(window: &Window, ending: &str) -> Result<String, Trouble> {
    let script = "const row = [...document.querySelectorAll('[data-page=\"form\"] [data-cell]')].find(r => r.dataset.cell.endsWith(arguments[0]));
        if (!row) return false;
        const field = row.querySelector('[role=\"radio\"][tabindex=\"0\"], input, textarea, select, button');
        field.focus(); return row.dataset.cell";
    let cell = window.wait_for(&format!("the field {ending}"), script, vec![json!(ending)])?;
    Ok(cell.as_str().unwrap_or_default().to_owned())
}

/// Answers one question by keyboard and waits until the screen says that it is saved.
pub fn answer(window: &Window, ending: &str, typed: &str) -> Result<(), Trouble> {
    let cell = field(window, ending)?;
    window.keys(typed)?;
    window.keys(&key::ENTER.to_string())?;
    wait_saved(window, &cell)
}

/// Waits until the screen says that a cell is saved.
pub fn wait_saved(window: &Window, cell: &str) -> Result<(), Trouble> {
    let script = "const row = [...document.querySelectorAll('[data-cell]')].find(r => r.dataset.cell === arguments[0]); return row?.dataset.saved === 'true'";
    window.wait_for(&format!("{cell} to be saved"), script, vec![json!(cell)]).map(drop)
}

/// Changes not yet at the center, as the top bar says.
pub fn unsent(window: &Window) -> Result<u64, Trouble> {
    let script =
        "const pill = document.querySelector('[data-unsent]'); return pill ? Number(pill.dataset.unsent) + 1 : false";
    let seen = window.wait_for("the count of unsent changes", script, vec![])?;
    Ok(seen.as_f64().unwrap_or(1.0) as u64 - 1)
}

/// Saves the window's picture under a name.
pub fn picture(window: &Window, folder: &Path, name: &str) -> Result<(), Trouble> {
    // What stands in the document is painted a moment later.
    window.run("window.drawn = false; const draw = () => requestAnimationFrame(() => setTimeout(() => (window.drawn = true))); requestAnimationFrame(draw)", vec![])?;
    window.wait_for("the picture to be painted", "return window.drawn", vec![])?;
    std::fs::create_dir_all(folder)?;
    Ok(std::fs::write(folder.join(format!("{name}.png")), window.picture()?)?)
}

/// Pictures of the first screens, before anybody has signed in.
///
/// # Errors
/// The window cannot be driven.
pub fn picture_of_start(window: &Window, folder: &Path) -> Result<(), Trouble> {
    window.wait_for("the first screen", "return document.querySelector('[data-page]') !== null", vec![])?;
    picture(window, folder, "start")
}

/// Replaces what a plain field of a page holds.
///
/// # Errors
/// The field does not appear.
pub fn fill(window: &Window, selector: &str, text: &str) -> Result<(), Trouble> {
    focus(window, selector)?;
    window.run("document.activeElement.select?.()", vec![])?;
    window.keys(text)
}

/// Goes through a form by keyboard alone: types what is known for the question that has the focus, leaves each with
/// Enter, and passes over the others.
///
/// # Errors
/// A question that was to be answered never had the focus, or was not saved.
pub fn answer_in_order(window: &Window, answers: &[(&str, &str)]) -> Result<(), Trouble> {
    let mut left: Vec<(&str, &str)> = answers.to_vec();
    let mut here = first_field(window)?;
    for _ in 0..400 {
        let name = here.rsplit('.').next().unwrap_or_default();
        if let Some(at) = left.iter().position(|(item, _)| *item == name) {
            window.keys(left.remove(at).1)?;
        }
        window.keys(&key::ENTER.to_string())?;
        match left.first() {
            None => return wait_saved(window, &here),
            Some((ADD_ROW, _)) => {
                wait_saved(window, &here)?;
                left.remove(0);
                window.chord(key::ALT, 'n')?;
            }
            Some(_) => {}
        }
        here = next_field(window, &here).map_err(|trouble| format!("before {left:?}: {trouble}"))?;
    }
    Err(format!("never came to {left:?}").into())
}

/// Among the answers of a form: not an answer but a new row, by its key.
pub const ADD_ROW: &str = "+row";

/// Puts the focus on the form's first open question.
fn first_field(window: &Window) -> Result<String, Trouble> {
    focus(window, "[data-page=\"form\"] [data-cell] [data-field]")?;
    next_field(window, "")
}

/// Waits until the focus lies in a question other than `last`, and names it.
fn next_field(window: &Window, last: &str) -> Result<String, Trouble> {
    let script = "const row = document.activeElement?.closest('[data-cell]'); return row && row.dataset.cell !== arguments[0] ? row.dataset.cell : false";
    let cell = window.wait_for("the focus to move on", script, vec![json!(last)])?;
    Ok(cell.as_str().unwrap_or_default().to_owned())
}

/// The saved value of a cell: what was typed and not yet left when the program ended comes back as a draft, and Escape
/// gives up a draft for the last saved value.
///
/// # Errors
/// The cell is not on the form.
pub fn saved_value(window: &Window, cell: &str) -> Result<String, Trouble> {
    let find = || -> Result<Shown, Trouble> {
        shown(window)?.into_iter().find(|shown| shown.cell == cell).ok_or_else(|| format!("{cell} is not shown").into())
    };
    let mut now = find()?;
    if !now.saved {
        field(window, cell)?;
        window.keys(&key::ESCAPE.to_string())?;
        wait_saved(window, cell)?;
        now = find()?;
    }
    Ok(now.value)
}

/// Selects all of the field that has the focus, so that typing replaces it.
///
/// # Errors
/// The window cannot be driven.
pub fn select_all(window: &Window) -> Result<(), Trouble> {
    window.run("document.activeElement.select?.()", vec![]).map(drop)
}

/// Registers a subject and arrives at its matrix; gives its key.
///
/// # Errors
/// The subject's page does not appear.
pub fn register(window: &Window) -> Result<String, Trouble> {
    go(window, "subjects")?;
    act(window, "register")?;
    arrive(window, "subject")?;
    let script = "return document.querySelector('[data-page=\"subject\"] h1')?.textContent.trim() || false";
    let subject = window.wait_for("the new subject", script, vec![])?;
    Ok(subject.as_str().unwrap_or_default().to_owned())
}
