//! The Randomise screen in the real window: what is missing, the code for the telephone, the arm.

use std::path::Path;
use std::time::Duration;

use practice::{PASSWORD, STAFF};
use xtask::practice::{VAULT, computer, now};

use super::acts;
use super::book::release;
use super::hands::Hands;
use super::script::{Script, empty_site};
use crate::journeys::{look, prefer};
use crate::pages;
use crate::window::{Opening, Trouble, Window, key};

/// A subject that may be randomised.
const SEED: u64 = 108;
/// Whom to randomise, in which language and theme.
const ROUNDS: [(&str, &str, &str); 4] = [
    ("S01-001", "en", "light"),
    ("S01-002", "en", "dark"),
    ("S01-003", "zh-CN", "light"),
    ("S01-004", "zh-CN", "dark"),
];

#[test]
fn a_subject_is_randomised_by_keyboard_in_both_languages_and_themes() {
    let folder = tempfile::tempdir().expect("a folder");
    let script = Script::invent(&folder.path().join("script"), SEED, 15).expect("a script");
    let home = folder.path().join("site");
    empty_site(&home, SEED).expect("a site");
    let mut computer = computer(&home);
    computer.unlock(VAULT, STAFF[1].0, PASSWORD, now()).expect("unlocked");
    let mut session = computer.session(now()).expect("a session");
    for _ in ROUNDS {
        let subject = session.subject_register().expect("registered");
        acts::enter(&mut session, &subject, &script.before_allocation()).expect("entered");
    }
    // Of this one nothing is known.
    session.subject_register().expect("registered");
    computer.lock(now()).expect("locked");
    for (subject, language, theme) in ROUNDS {
        round(&home, subject, language, theme).unwrap_or_else(|trouble| panic!("{language}, {theme}: {trouble}"));
    }
}

/// One subject, from what is missing to the arm.
fn round(home: &Path, subject: &str, language: &str, theme: &str) -> Result<(), Trouble> {
    prefer(home, language, theme)?;
    let window = Window::open(&Opening::at(home))?;
    let mut hands = Hands::at(&window);
    let pictures = crate::target().join("pictures");
    let shoot = |name: &str| {
        // What stands in the document is painted a moment later.
        std::thread::sleep(Duration::from_millis(300));
        look(&window, &pictures, &format!("randomise-{name}-{language}-{theme}"))
    };
    hands.sign_in(STAFF[1].0, PASSWORD)?;
    open(&mut hands, "S01-005")?;
    hands.see("what is missing", |seen| seen.page == "randomise" && seen.act == "gate")?;
    shoot("gated")?;
    open(&mut hands, subject)?;
    hands.see("the way to ask", |seen| seen.page == "randomise" && seen.act == "request")?;
    shoot("ready")?;
    hands.type_in("r")?;
    hands.see("the last question", |seen| seen.dialog == "request")?;
    shoot("sure")?;
    hands.tab_to("the button that asks", |seen| seen.act == "request-sure")?;
    hands.type_in(&key::ENTER.to_string())?;
    hands.see("the field for the answer", |seen| seen.dialog.is_empty() && seen.name == "release")?;
    shoot("asked")?;
    let code = window.run("return document.querySelector('[data-part=\"request\"]').dataset.code", vec![])?;
    let answer = release(&home.join("center"), code.as_str().unwrap_or_default())?;
    // A character misheard: nothing is lost, and the field still has the focus.
    let (first, rest) = answer.split_at(1);
    hands.type_in(&format!("{}{rest}{}", if first == "7" { "8" } else { "7" }, key::ENTER))?;
    let refused = "return document.querySelector('[data-page=\"randomise\"] form [role=\"alert\"]') !== null";
    window.wait_for("the words on the wrong code", refused, vec![])?;
    shoot("wrong")?;
    hands.see("the field for the answer", |seen| seen.name == "release")?;
    // Away and back: the request waits.
    hands.chord(key::ALT, key::UP)?;
    hands.see("the matrix", |seen| seen.page == "subject" && !seen.spot.is_empty())?;
    hands.type_in("r")?;
    hands.see("the field for the answer", |seen| seen.page == "randomise" && seen.name == "release")?;
    hands.chord(key::CONTROL, 'a')?;
    hands.type_in(&format!("{answer}{}", key::ENTER))?;
    hands.see("the arm", |seen| seen.act == "allocation-form")?;
    shoot("revealed")?;
    hands.type_in(&key::ENTER.to_string())?;
    pages::arrive(&window, "form")?;
    shoot("form")?;
    window.close()
}

/// Finds a subject by typing its number, and goes to its Randomise screen.
fn open(hands: &mut Hands<'_>, subject: &str) -> Result<(), Trouble> {
    hands.chord(key::ALT, '2')?;
    hands.see("the subjects", |seen| seen.page == "subjects" && seen.search)?;
    hands.type_in(subject)?;
    let found = "return document.querySelectorAll('[data-page=\"subjects\"] tbody [data-subject]').length === 1";
    hands.window.wait_for("the subject", found, vec![])?;
    hands.type_in(&key::ENTER.to_string())?;
    hands.see("the matrix", |seen| seen.page == "subject" && !seen.spot.is_empty())?;
    hands.type_in("r")
}
