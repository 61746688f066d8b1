//! Journeys in the real window.

use std::path::Path;

use serde_json::{Value, json};

use crate::pages;
use crate::walk::{account, main_job};
use crate::window::{Opening, Trouble, Window, key};

#[test]
fn the_main_job_from_sign_in_to_an_empty_outbox() {
    let folder = tempfile::tempdir().expect("a folder");
    let practice = folder.path().join("practice");
    xtask::practice::make(&practice, 2, 1).expect("a practice site");
    main_job(&practice, folder.path()).expect("the main job");
}

#[test]
fn every_screen_is_accessible_in_both_languages_and_themes() {
    let folder = tempfile::tempdir().expect("a folder");
    xtask::practice::make(folder.path(), 2, 1).expect("a practice site");
    let pictures = crate::target().join("pictures");
    for language in ["en", "zh-CN"] {
        let shoot = |window: &Window, page: &str| look_in_both_themes(window, &pictures, &format!("{page}-{language}"));
        tour(folder.path(), language, &shoot).unwrap_or_else(|trouble| panic!("{language}: {trouble}"));
    }
    println!("pictures of every screen: {}", pictures.display());
}

#[test]
fn a_term_is_found_while_typing_and_only_its_grades_are_offered() {
    let folder = tempfile::tempdir().expect("a folder");
    xtask::practice::make(folder.path(), 1, 1).expect("a practice site");
    let pictures = crate::target().join("pictures");
    for (language, theme) in [("en", "light"), ("zh-CN", "dark")] {
        term(folder.path(), language, theme, &pictures)
            .unwrap_or_else(|trouble| panic!("{language}, {theme}: {trouble}"));
    }
}

/// An adverse event by keyboard alone: a slip is forgiven, a grade that the term lacks is not taken.
fn term(home: &Path, language: &str, theme: &str, pictures: &Path) -> Result<(), Trouble> {
    prefer(home, language, theme)?;
    let window = Window::open(&Opening::at(home))?;
    let (user, password) = account(home)?;
    pages::arrive(&window, "start")?;
    pages::act(&window, "open-vault")?;
    pages::sign_in(&window, &user, &password)?;
    pages::register(&window)?;
    pages::open_form(&window, "SE.LOG[1]/F.AE[1]")?;
    pages::answer_in_order(&window, &[("AEYN", "1"), (pages::ADD_ROW, ""), ("AETERM", "Losing hair")])?;
    let cell = window.wait_for(
        "the term has the focus",
        "const row = document.activeElement?.closest('[data-control=term]'); return row ? row.dataset.cell : false",
        vec![],
    )?;
    window.keys("alopezia")?;
    let offered = "const first = document.querySelector('[role=option]'); return first && first.textContent.includes(arguments[0])";
    let label = if language == "en" { "Alopecia" } else { "脱发" };
    window.wait_for("the term is offered first", offered, vec![json!(label)])?;
    look(&window, pictures, &format!("term-search-{language}-{theme}"))?;
    window.keys(&key::ENTER.to_string())?;
    pages::wait_saved(&window, cell.as_str().unwrap_or_default())?;
    let grade = pages::field(&window, "AETOXGR")?;
    let grades = "const all = [...document.querySelectorAll('[data-control=grade] [role=radio]')].map(radio => radio.dataset.code).join(''); return all === arguments[0] && all";
    window.wait_for("the grades of the term", grades, vec![json!("12")])?;
    window.keys("4")?;
    window.keys("2")?;
    pages::wait_saved(&window, &grade)?;
    let taken = "return document.querySelector('[data-control=grade] [aria-checked=true]')?.dataset.code === '2'";
    window.wait_for("grade 2 is taken", taken, vec![])?;
    look(&window, pictures, &format!("term-grade-{language}-{theme}"))?;
    window.close()
}

/// A laboratory's file: a result for a visit that there is not, and words that mean nothing here.
const RESULTS: &str = "Subject,Date,Test,Result,Unit\nS01-001,2001-01-01,ALT,45,U/L\nS01-099,2026-11-20,GPT,45,IU\n";

#[test]
fn a_scan_is_read_by_keyboard_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    xtask::practice::make(folder.path(), 1, 1).expect("a practice site");
    let read = || -> Result<(), Trouble> {
        prefer(folder.path(), "en", "light")?;
        let window = Window::open(&Opening::at(folder.path()))?;
        let (user, password) = account(folder.path())?;
        pages::sign_in(&window, &user, &password)?;
        pages::open_subject(&window, "S01-001")?;
        pages::open_tumours(&window)?;
        pages::add_assessment(&window, "20 11 2026")?;
        pages::read_scan(&window, "12")?;
        look(&window, &crate::target().join("pictures"), "tumours-read")?;
        window.keys(&key::ESCAPE.to_string())?;
        pages::arrive(&window, "subject")?;
        window.close()
    };
    read().unwrap_or_else(|trouble| panic!("{trouble}"));
}

/// Goes to every screen and hands it to `shoot`.
fn tour(home: &Path, language: &str, shoot: &dyn Fn(&Window, &str) -> Result<(), Trouble>) -> Result<(), Trouble> {
    prefer(home, language, "light")?;
    let window = Window::open(&Opening::at(home))?;
    let (user, password) = account(home)?;
    pages::arrive(&window, "start")?;
    shoot(&window, "start")?;
    pages::act(&window, "restore-open")?;
    pages::focus(&window, "[data-part=\"restore\"] [data-act=\"pick-backup\"]")?;
    shoot(&window, "start-restore")?;
    pages::act(&window, "open-vault")?;
    pages::arrive(&window, "unlock")?;
    shoot(&window, "unlock")?;
    pages::sign_in(&window, &user, &password)?;
    shoot(&window, "worklist")?;
    for page in ["subjects", "sync", "people"] {
        pages::go(&window, page)?;
        shoot(&window, page)?;
    }
    pages::register_limits(&window, "Laboratory (sample)", "115", "150")?;
    shoot(&window, "labs")?;
    let file = home.join("results.csv");
    std::fs::write(&file, RESULTS)?;
    pages::laboratory_file(&window, "Laboratory (sample)", &file)?;
    shoot(&window, "labimport")?;
    pages::go(&window, "study")?;
    for part in ["versions", "subjects", "sheet"] {
        pages::study_part(&window, part)?;
        shoot(&window, &format!("study-{part}"))?;
    }
    charts(&window, shoot)?;
    pages::open_subject(&window, "S01-001")?;
    shoot(&window, "subject")?;
    pages::open_tumours(&window)?;
    shoot(&window, "tumours")?;
    for (name, form) in
        [("form-labs", "SE.SCR[1]/F.LB[1]"), ("form-history", "SE.SCR[1]/F.HCC[1]"), ("form-ae", "SE.LOG[1]/F.AE[1]")]
    {
        pages::open_subject(&window, "S01-001")?;
        pages::open_form(&window, form)?;
        shoot(&window, name)?;
    }
    beside_each_other(&window, &password, shoot)?;
    window.close()
}

/// The worklist as a calendar, a visit's sheet, a subject's timeline; and, for the investigator, all subjects.
fn charts(window: &Window, shoot: &dyn Fn(&Window, &str) -> Result<(), Trouble>) -> Result<(), Trouble> {
    pages::go(window, "worklist")?;
    pages::focus(window, "[data-task]")?;
    window.keys("d")?;
    window.wait_for(
        "the days",
        "return document.querySelector('[data-act=\"by-day\"][aria-pressed=\"true\"]') !== null",
        vec![],
    )?;
    shoot(window, "worklist-days")?;
    pages::focus(window, "[data-task]")?;
    window.keys("p")?;
    pages::arrive(window, "checklist")?;
    window.wait_for(
        "the sheet",
        "return document.querySelector('[data-page=\"checklist\"] article') !== null",
        vec![],
    )?;
    shoot(window, "checklist")?;
    window.keys(&crate::window::key::ESCAPE.to_string())?;
    pages::arrive(window, "worklist")?;
    pages::open_subject(window, "S01-001")?;
    pages::focus(window, "[data-page=\"subject\"] [data-spot][tabindex=\"0\"]")?;
    window.keys("l")?;
    pages::arrive(window, "timeline")?;
    window.wait_for(
        "the drawing",
        "return document.querySelector('[data-page=\"timeline\"] section svg') !== null",
        vec![],
    )?;
    shoot(window, "timeline")?;
    pages::act(window, "table")?;
    shoot(window, "timeline-table")?;
    Ok(())
}

/// What the investigator alone sees: all subjects beside each other.
fn beside_each_other(
    window: &Window,
    password: &str,
    shoot: &dyn Fn(&Window, &str) -> Result<(), Trouble>,
) -> Result<(), Trouble> {
    pages::act(window, "lock")?;
    pages::sign_in(window, "investigator1", password)?;
    pages::go(window, "charts")?;
    for chart in ["waterfall", "spider", "swimmer"] {
        pages::focus(window, &format!("[data-chart=\"{chart}\"]"))?;
        window.keys(&crate::window::key::ENTER.to_string())?;
        let drawn = "return document.querySelector(`[data-chart=\"${arguments[0]}\"][aria-pressed=\"true\"]`) !== null \
            && document.querySelector('[data-page=\"charts\"] section') !== null";
        window.wait_for(chart, drawn, vec![json!(chart)])?;
        shoot(window, &format!("chart-{chart}"))?;
    }
    window.keys("t")?;
    shoot(window, "chart-table")
}

/// Takes the picture of a light page and lets axe-core look for faults of level A and AA; then once more as it is dark,
/// which is one attribute of the document: of what axe-core looks for, colours alone can differ.
pub(crate) fn look_in_both_themes(window: &Window, pictures: &Path, name: &str) -> Result<(), Trouble> {
    look(window, pictures, &format!("{name}-light"))?;
    wear(window, "dark")?;
    pages::picture(window, pictures, &format!("{name}-dark"))?;
    judge(window, &format!("{name}-dark"), json!({ "runOnly": { "type": "rule", "values": ["color-contrast"] } }))?;
    wear(window, "light")
}

/// Shows the page in a theme.
fn wear(window: &Window, theme: &str) -> Result<(), Trouble> {
    window.run("document.documentElement.dataset.theme = arguments[0]", vec![json!(theme)]).map(drop)
}

/// Takes the picture and lets axe-core look for faults of level A and AA.
pub(crate) fn look(window: &Window, pictures: &Path, name: &str) -> Result<(), Trouble> {
    pages::picture(window, pictures, name)?;
    judge(window, name, json!({ "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }))
}

/// Lets axe-core look for faults.
fn judge(window: &Window, name: &str, options: Value) -> Result<(), Trouble> {
    let axe = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/node_modules/axe-core/axe.min.js");
    if window.run("return typeof axe === 'undefined'", vec![])? == json!(true) {
        window.run(&std::fs::read_to_string(axe)?, vec![])?;
    }
    window.run(
        "window.__axe = null; axe.run(document, arguments[0])
            .then(result => { window.__axe = result.violations.map(v => [v.id, v.nodes.slice(0, 3).map(n => n.html.slice(0, 200) + ' — ' + n.failureSummary)]) })
            .catch(error => { window.__axe = [['axe', String(error)]] })",
        vec![options],
    )?;
    let faults = window.wait_for(
        "axe-core",
        "return window.__axe === null ? false : { faults: window.__axe }",
        vec![json!(null)],
    )?;
    match &faults["faults"] {
        Value::Array(found) if found.is_empty() => Ok(()),
        found => Err(format!("{name}: {found:#}").into()),
    }
}

/// Lets the program begin in a language and a theme.
pub(crate) fn prefer(home: &Path, language: &str, theme: &str) -> Result<(), Trouble> {
    let folder = home.join("config");
    std::fs::create_dir_all(&folder)?;
    let preferences = json!({ "language": language, "theme": theme, "zoom": 100 });
    Ok(std::fs::write(folder.join("preferences.json"), preferences.to_string())?)
}
