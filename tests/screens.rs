//! Screens that come only after something has happened: an amendment that arrived, a list that is open, a question that
//! is asked. Each is looked at, and held against axe-core, in both languages and themes.

use std::fs;
use std::path::Path;

use casebook::{Instant, Offset};
use center::{Amendment, Center, Stamp};
use serde_json::json;
use study::Oid;
use xtask::practice;

use crate::amendments::amended;
use crate::journeys::{look_in_both_themes, prefer};
use crate::pages;
use crate::walk::account;
use crate::window::{Opening, Trouble, Window, key};

/// Takes a picture under a name and looks for faults.
pub(crate) type Shoot<'a> = &'a dyn Fn(&Window, &str) -> Result<(), Trouble>;

/// Tours a practice site in both languages and themes, as one of its people.
pub(crate) fn everywhere(home: &Path, user: &str, tour: &dyn Fn(&Window, Shoot<'_>) -> Result<(), Trouble>) {
    let pictures = crate::target().join("pictures");
    for language in ["en", "zh-CN"] {
        let walk = || -> Result<(), Trouble> {
            prefer(home, language, "light")?;
            let window = Window::open(&Opening::at(home))?;
            pages::sign_in(&window, user, &account(home)?.1)?;
            tour(&window, &|window, page| look_in_both_themes(window, &pictures, &format!("{page}-{language}")))?;
            window.close()
        };
        walk().unwrap_or_else(|trouble| panic!("{language}: {trouble}"));
    }
}

#[test]
fn an_amendment_is_previewed_migrated_to_and_undone_in_the_window() {
    let folder = tempfile::tempdir().expect("a folder");
    practice::make(folder.path(), 2, 1).expect("a practice site");
    amendment_arrives(folder.path()).expect("a second version");
    everywhere(folder.path(), "investigator1", &|window, shoot| {
        pages::go(window, "study")?;
        window.wait_for("the differences", "return document.querySelector('[data-fate]') !== null", vec![])?;
        shoot(window, "amended-versions")?;
        pages::study_part(window, "subjects")?;
        pages::act(window, "preview")?;
        window.wait_for("the preview", "return document.querySelector('[data-kind=\"lacking\"]') !== null", vec![])?;
        shoot(window, "amended-preview")?;
        pages::focus(window, "[name=\"pick-S01-001\"]")?;
        window.keys(" ")?;
        pages::act(window, "migrate")?;
        question(window)?;
        shoot(window, "amended-why")?;
        window.keys(&format!("protocol 2.0{}", key::ENTER))?;
        window.wait_for("the migration", "return document.querySelector('[data-under=\"MDV.2\"]') !== null", vec![])?;
        shoot(window, "amended-migrated")?;
        pages::open_subject(window, "S01-001")?;
        pages::open_form(window, "SE.SCR[1]/F.VS[1]")?;
        window.wait_for(
            "what is retired",
            "return document.querySelector('[data-part=\"retired\"]') !== null",
            vec![],
        )?;
        shoot(window, "amended-form")?;
        pages::go(window, "study")?;
        pages::study_part(window, "subjects")?;
        pages::act(window, "undo")?;
        question(window)?;
        window.keys(&format!("by mistake{}", key::ENTER))?;
        let none = "return document.querySelector('[data-under=\"MDV.2\"]') === null";
        window.wait_for("the way back", none, vec![]).map(drop)
    });
}

/// The folder's center publishes a second version, and the site takes its reply in.
fn amendment_arrives(home: &Path) -> Result<(), Trouble> {
    let center = Center::open(&home.join("center"), &clinical::functions())?;
    let now = practice::now();
    let at = Instant::from_ms(i64::try_from(now.at_ms)?);
    let stamp = Stamp { at, tz: Offset::from_minutes(i32::from(now.offset_minutes)), by: Oid::from("center1") };
    let file = amended(std::str::from_utf8(::practice::study_file()?)?);
    let amendment = Amendment {
        name: "second.xml",
        file: file.as_bytes(),
        effective: "2026-01-05",
        approval: "EC 2026-117 (sample)",
        sites: &["S01".to_owned()],
    };
    center.publish(&stamp, &amendment)?;
    for bundle in fs::read_dir(home.join("bundles"))?.flatten() {
        practice::ingest(home, &bundle.path()).map_err(|trouble| trouble.to_string())?;
    }
    let (user, password) = account(home)?;
    let mut computer = practice::computer(home);
    computer.unlock(practice::VAULT, &user, &password, now)?;
    for (number, packed) in center.reply(&stamp, "S01")?.packed.into_iter().enumerate() {
        let reply = home.join(format!("reply-{number}.bundle"));
        fs::write(&reply, &packed.bytes)?;
        computer.session(now)?.import_bundle(&reply)?;
    }
    Ok(computer.lock(now)?)
}

#[test]
fn what_is_asked_in_a_dialog_is_accessible() {
    let folder = tempfile::tempdir().expect("a folder");
    practice::make(folder.path(), 2, 1).expect("a practice site");
    everywhere(folder.path(), "nurse1", &|window, shoot| {
        pages::open_subject(window, "S01-001")?;
        pages::open_form(window, "SE.SCR[1]/F.LB[1]")?;
        for (name, press) in [("missing", '\u{E034}'), ("query", '\u{E039}'), ("keys", '\u{E031}')] {
            pages::field(window, "LBC.ALT")?;
            window.keys(&press.to_string())?;
            question(window)?;
            shoot(window, &format!("ask-{name}"))?;
            window.keys(&key::ESCAPE.to_string())?;
            let gone = "return document.querySelector('dialog[open]') === null";
            window.wait_for("the dialog to close", gone, vec![])?;
        }
        pages::field(window, "LBC.ALT")?;
        window.chord(key::CONTROL, 'f')?;
        question(window)?;
        shoot(window, "ask-find")
    });
}

#[test]
fn the_masked_assessor_sees_tumours_and_nothing_of_the_treatment() {
    let folder = tempfile::tempdir().expect("a folder");
    practice::make(folder.path(), 2, 1).expect("a practice site");
    everywhere(folder.path(), "assessor1", &|window, shoot| {
        shoot(window, "masked-worklist")?;
        pages::open_subject(window, "S01-001")?;
        shoot(window, "masked-subject")?;
        pages::open_tumours(window)?;
        shoot(window, "masked-tumours")?;
        let charts = window.run("return document.querySelector('[data-nav=\"charts\"]') === null", vec![])?;
        if charts == json!(true) { Ok(()) } else { Err("charts are offered to a masked assessor".into()) }
    });
}

/// Waits for a question.
pub(crate) fn question(window: &Window) -> Result<(), Trouble> {
    window.wait_for("a question", "return document.querySelector('dialog[open]') !== null", vec![]).map(drop)
}
