//! Nobody is locked out, in the real window: a password is lost, the center reads out a code, all data is there; an
//! administrator sets a nurse's password, and she sets her own before anything else (H6).

use std::path::{Path, PathBuf};
use std::process::Command;

use practice::PASSWORD;
use serde_json::json;

use crate::journeys::{look_in_both_themes, prefer};
use crate::pages;
use crate::walk::account;
use crate::window::{Opening, Trouble, Window, center_program, key};

/// The nurse's password after she lost the first one.
const NEW: &str = "willow-anchor-77";
/// What the administrator tells her.
const TOLD: &str = "meadow-copper-lark-8";
/// What she sets then.
const OWN: &str = "granite-lantern-58";
/// A form that the practice patient has answers in.
const FORM: &str = "SE.SCR[1]/F.VS[1]";
/// A code that no center gave out.
const GUESS: &str = "0000-0000-0000-0000-0000";

#[test]
fn h6_a_lost_password_is_set_by_a_code_and_an_administrators_reset_by_its_person() {
    let folder = tempfile::tempdir().expect("a folder");
    xtask::practice::make(folder.path(), 1, 1).expect("a practice site");
    take_in(folder.path()).expect("the center has the codes");
    let told = lost_password(folder.path()).and_then(|data| administrator_resets(folder.path(), &data));
    told.unwrap_or_else(|trouble| panic!("{trouble}"));
}

/// The center takes in what the site has sent so far: with it the sealed codes.
fn take_in(home: &Path) -> Result<(), Trouble> {
    let mut bundles: Vec<PathBuf> =
        std::fs::read_dir(home.join("bundles"))?.flatten().map(|file| file.path()).collect();
    bundles.sort();
    for bundle in bundles {
        let said = xtask::practice::ingest(home, &bundle).map_err(|trouble| trouble.to_string())?;
        if !said.starts_with("accepted") {
            return Err(format!("{}: {said}", bundle.display()).into());
        }
    }
    Ok(())
}

/// The nurse lost her password: a code by telephone, a new password, all data there. Gives what her form showed.
fn lost_password(home: &Path) -> Result<Vec<pages::Shown>, Trouble> {
    prefer(home, "en", "light")?;
    let (nurse, first) = account(home)?;
    let window = Window::open(&Opening::at(home))?;
    pages::sign_in(&window, &nurse, &first)?;
    let before = answers(&window)?;
    pages::go(&window, "worklist")?;
    pages::act(&window, "lock")?;
    let device = forgotten(&window, &nurse)?;
    in_both_languages(&window, "recover")?;
    type_code(&window, GUESS)?;
    window.wait_for(
        "the refusal",
        "return document.querySelector('[data-refused=\"wrong_code\"]') !== null",
        vec![],
    )?;
    let code = released(home, &device, &nurse)?;
    // As it is typed by hand while it is read out.
    type_code(&window, &code.to_lowercase().replace('-', " "))?;
    pages::arrive(&window, "worklist")?;
    let notice = "return document.querySelector('[data-part=\"recovered\"]') !== null";
    window.wait_for("the notice that the next bundle tells the center", notice, vec![])?;
    in_both_languages(&window, "recovered")?;
    same(&before, &answers(&window)?)?;
    pages::go(&window, "worklist")?;
    pages::act(&window, "lock")?;
    // The code is burnt, and the password that was lost opens nothing.
    forgotten(&window, &nurse)?;
    type_code(&window, &code)?;
    window.wait_for(
        "the refusal",
        "return document.querySelector('[data-refused=\"wrong_code\"]') !== null",
        vec![],
    )?;
    window.keys(&key::ESCAPE.to_string())?;
    refused(&window, &nurse, &first)?;
    pages::sign_in(&window, &nurse, NEW)?;
    tell_the_center(home, &window)?;
    window.close()?;
    Ok(before)
}

/// The next bundle tells the center: it shows the code as used, and none of it is an alarm.
fn tell_the_center(home: &Path, window: &Window) -> Result<(), Trouble> {
    let stick = home.join("stick");
    std::fs::create_dir_all(&stick)?;
    pages::go(window, "sync")?;
    pages::choose(window, "folder", &stick)?;
    pages::act(window, "export")?;
    let exported = "return document.querySelector('[data-part=\"exported\"]') !== null";
    window.wait_for("the export to be reported", exported, vec![])?;
    for bundle in std::fs::read_dir(&stick)?.flatten() {
        let said = xtask::practice::ingest(home, &bundle.path()).map_err(|trouble| trouble.to_string())?;
        if !said.starts_with("accepted") {
            return Err(format!("the center did not take the bundle in: {said}").into());
        }
    }
    Ok(())
}

/// The administrator sets the nurse's password; she must set her own, and then finds everything there.
fn administrator_resets(home: &Path, data: &[pages::Shown]) -> Result<(), Trouble> {
    let (nurse, _) = account(home)?;
    let window = Window::open(&Opening::at(home))?;
    pages::sign_in(&window, "admin1", PASSWORD)?;
    pages::go(&window, "people")?;
    let reset = format!("[data-user=\"{nurse}\"] [data-act=\"user-reset\"]");
    pages::focus(&window, &reset)?;
    window.keys(&key::ENTER.to_string())?;
    pages::focus(&window, "dialog[data-dialog=\"reset\"] [name=\"password\"]")?;
    in_both_languages(&window, "people-reset")?;
    pages::focus(&window, "dialog[data-dialog=\"reset\"] [name=\"password\"]")?;
    let (tab, enter) = (key::TAB, key::ENTER);
    window.keys(&format!("{TOLD}{tab}{TOLD}{tab}{PASSWORD}{enter}"))?;
    let done = "return document.querySelector('dialog[open]') === null
        && document.querySelector(arguments[0])?.closest('tr').textContent.includes(arguments[1])";
    let words = "must set an own password";
    window.wait_for("the reset", done, vec![json!(reset), json!(words)])?;
    in_both_languages(&window, "people-recovery")?;
    pages::act(&window, "lock")?;
    refused(&window, &nurse, NEW)?;
    pages::try_password(&window, &nurse, TOLD)?;
    pages::arrive(&window, "own-password")?;
    in_both_languages(&window, "own-password")?;
    let nothing = window.run("return document.querySelector('[data-nav], [data-subject]') === null", vec![])?;
    if nothing != json!(true) {
        return Err("something of the study is shown before she has set her own password".into());
    }
    pages::focus(&window, "[name=\"old\"]")?;
    window.keys(&format!("{TOLD}{tab}{OWN}{tab}{OWN}{enter}"))?;
    pages::arrive(&window, "worklist")?;
    same(data, &answers(&window)?)?;
    pages::go(&window, "worklist")?;
    pages::act(&window, "lock")?;
    refused(&window, &nurse, TOLD)?;
    pages::sign_in(&window, &nurse, OWN)?;
    window.close()
}

/// Opens the way back for somebody who lost the password; gives the device's id, to be read out.
fn forgotten(window: &Window, user: &str) -> Result<String, Trouble> {
    pages::arrive_at_sign_in(window)?;
    pages::fill(window, "[data-page=\"unlock\"] [name=\"user\"]", user)?;
    pages::focus(window, "[data-act=\"forgotten\"]")?;
    window.keys(&key::ENTER.to_string())?;
    let device = "return document.querySelector('[data-part=\"recover\"] [data-device]')?.dataset.device ?? false";
    let device = window.wait_for("the device to read out", device, vec![])?;
    Ok(device.as_str().unwrap_or_default().to_owned())
}

/// Types a code and the new password, by keyboard alone.
fn type_code(window: &Window, code: &str) -> Result<(), Trouble> {
    pages::fill(window, "[data-part=\"recover\"] [name=\"code\"]", code)?;
    for name in ["password", "again"] {
        window.keys(&key::TAB.to_string())?;
        let there = "return document.activeElement?.name === arguments[0]";
        window.wait_for(name, there, vec![json!(name)])?;
        pages::select_all(window)?;
        window.keys(NEW)?;
    }
    window.keys(&key::ENTER.to_string())
}

/// What the center reads out for an account of a device.
fn released(home: &Path, device: &str, user: &str) -> Result<String, Trouble> {
    let center = home.join("center");
    let output = Command::new(center_program())
        .args(["recover", "--device", device, "--user", user, "--reason", "she called; her voice is known (sample)"])
        .arg("--dir")
        .arg(&center)
        .arg("--key")
        .arg(center.join("recovery.agekey"))
        .output()?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        return Err(format!("{said}{}", String::from_utf8_lossy(&output.stderr)).into());
    }
    let code = said.lines().map(str::trim).find(|line| is_code(line));
    code.map(str::to_owned).ok_or_else(|| format!("no code: {said}").into())
}

/// Five groups of four.
fn is_code(line: &str) -> bool {
    let group = |group: &str| group.len() == 4 && group.bytes().all(|sign| sign.is_ascii_alphanumeric());
    line.split('-').count() == 5 && line.split('-').all(group)
}

/// A password that no longer opens the vault.
fn refused(window: &Window, user: &str, password: &str) -> Result<(), Trouble> {
    pages::try_password(window, user, password)?;
    let wrong = "return document.querySelector('[data-page=\"unlock\"] [data-refused=\"wrong_password\"]') !== null";
    window.wait_for("the refusal", wrong, vec![]).map(drop)
}

/// What the patient's form shows.
fn answers(window: &Window) -> Result<Vec<pages::Shown>, Trouble> {
    pages::open_subject(window, "S01-001")?;
    pages::open_form(window, FORM)?;
    let shown = pages::shown(window)?;
    let answered = shown.iter().filter(|cell| !cell.value.is_empty()).count();
    if answered > 3 { Ok(shown) } else { Err(format!("the patient has no answers: {shown:?}").into()) }
}

fn same(before: &[pages::Shown], after: &[pages::Shown]) -> Result<(), Trouble> {
    if before == after { Ok(()) } else { Err(format!("other answers than before: {before:?}, {after:?}").into()) }
}

/// Pictures, and faults, of the page in both languages and themes. A dialog lies over the button that turns the language.
fn in_both_languages(window: &Window, name: &str) -> Result<(), Trouble> {
    let pictures = crate::target().join("pictures");
    for language in ["en", "zh-CN"] {
        look_in_both_themes(window, &pictures, &format!("{name}-{language}"))?;
        let turn = "const button = document.querySelector('[data-act=\"language\"]'); const next = button.lang;
            button.click(); return next";
        let next = window.run(turn, vec![])?;
        let turned = "return document.documentElement.lang === arguments[0]";
        window.wait_for("the other language", turned, vec![next])?;
    }
    Ok(())
}
