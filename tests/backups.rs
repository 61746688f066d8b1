//! A computer is lost and its vault put back from a backup, in the real window (issue 9, item 10).

use std::path::{Path, PathBuf};

use crate::journeys::{look, prefer};
use crate::pages::{self, Shown};
use crate::walk::account;
use crate::window::{Opening, Trouble, Window, key};

/// A form in which something stands.
const FORM: &str = "SE.SCR[1]/F.DM[1]";
/// A password of one's own.
const OWN: &str = "willow-anchor-77";

#[test]
fn a_lost_computer_is_put_back_from_a_backup_and_work_goes_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let (home, stick) = (folder.path().join("home"), folder.path().join("stick"));
    xtask::practice::make(&home, 2, 1).expect("a practice site");
    std::fs::create_dir(&stick).expect("a stick");
    let pictures = crate::target().join("pictures");
    prefer(&home, "en", "light").expect("preferences");
    let person = account(&home).expect("an account");
    let (backup, entered) = back_up(&home, &person, &stick, &pictures).expect("a backup");
    // The computer is gone; on the next one is nothing at all.
    std::fs::rename(&home, folder.path().join("gone")).expect("gone");
    let empty = folder.path().join("another");
    std::fs::create_dir(&empty).expect("a folder");
    put_back(&empty, &person, &backup, &pictures).expect("put back");
    go_on(&empty, &person, &entered, &pictures).expect("work goes on");
}

/// Backs the vault up and has the backup tested, by keyboard; gives its folder and what a form of the vault shows.
fn back_up(
    home: &Path,
    person: &(String, String),
    stick: &Path,
    pictures: &Path,
) -> Result<(PathBuf, Vec<Shown>), Trouble> {
    let (user, password) = person;
    let window = Window::open(&Opening::at(home))?;
    pages::sign_in(&window, user, password)?;
    pages::open_subject(&window, "S01-001")?;
    pages::open_form(&window, FORM)?;
    let entered = pages::shown(&window)?;
    pages::go(&window, "sync")?;
    pages::choose(&window, "backup-folder", stick)?;
    window.run("document.activeElement.blur()", vec![])?;
    window.keys("b")?;
    let folder = window.wait_for(
        "the backup",
        "return document.querySelector('[data-backup]')?.dataset.backup ?? false",
        vec![],
    )?;
    let folder = PathBuf::from(folder.as_str().unwrap_or_default());
    pages::focus(&window, "[data-act=\"drill-open\"]")?;
    window.keys(&key::ENTER.to_string())?;
    pages::choose(&window, "backup", &folder)?;
    pages::fill(&window, "[data-part=\"drill\"] [name=\"password\"]", &format!("{password}{}", key::ENTER))?;
    let whole = "return document.querySelector('[data-part=\"drilled\"]')?.dataset.whole === 'true'";
    window.wait_for("the drill to find the backup whole", whole, vec![])?;
    look(&window, pictures, "backup-drilled")?;
    window.close()?;
    Ok((folder, entered))
}

/// On the first screen of a computer without any vault.
fn put_back(home: &Path, person: &(String, String), backup: &Path, pictures: &Path) -> Result<(), Trouble> {
    let (user, password) = person;
    prefer(home, "zh-CN", "dark")?;
    let window = Window::open(&Opening::at(home))?;
    pages::arrive(&window, "start")?;
    pages::act(&window, "restore-open")?;
    pages::choose(&window, "backup", backup)?;
    let seen = "return document.querySelector('[data-part=\"backup-seen\"]') !== null";
    window.wait_for("whose backup it is", seen, vec![])?;
    pages::fill(&window, "[data-part=\"restore\"] [name=\"user\"]", user)?;
    pages::fill(&window, "[data-part=\"restore\"] [name=\"password\"]", password)?;
    pages::focus(&window, "[name=\"sure\"]")?;
    window.keys(" ")?;
    look(&window, pictures, "start-restore-filled")?;
    pages::press(&window, "[data-act=\"restore\"]")?;
    let shown = "return document.querySelector('[data-part=\"restored\"] [data-words=\"center\"]') !== null";
    window.wait_for("whose vault it is, in words", shown, vec![])?;
    look(&window, pictures, "start-restored")?;
    pages::press(&window, "[data-act=\"restored-next\"]")?;
    pages::arrive(&window, "unlock")?;
    window.close()
}

/// Signed in on the new computer: everything is there, nothing can be entered, then work goes on.
fn go_on(home: &Path, person: &(String, String), entered: &[Shown], pictures: &Path) -> Result<(), Trouble> {
    let (user, password) = person;
    // In the language in which the form was read before.
    prefer(home, "en", "light")?;
    let window = Window::open(&Opening::at(home))?;
    pages::sign_in(&window, user, password)?;
    let waits = "return document.querySelector('[data-part=\"awaits-center\"]') !== null";
    window.wait_for("the word that the vault waits", waits, vec![])?;
    pages::open_subject(&window, "S01-001")?;
    pages::open_form(&window, FORM)?;
    if pages::shown(&window)? != entered {
        return Err(format!("{:?} was entered, and now there is {:?}", entered, pages::shown(&window)?).into());
    }
    pages::go(&window, "sync")?;
    look(&window, pictures, "sync-restored")?;
    pages::act(&window, "restored-go-on")?;
    window.wait_for("the question", "return document.querySelector('dialog [data-code]') !== null", vec![])?;
    window.keys("1")?;
    let goes_on = "return document.querySelector('[data-part=\"awaits-center\"]') === null";
    window.wait_for("the vault to go on", goes_on, vec![])?;
    // The password is that of the backup.
    pages::arrive(&window, "own-password")?;
    pages::focus(&window, "[name=\"old\"]")?;
    let (tab, enter) = (key::TAB, key::ENTER);
    window.keys(&format!("{password}{tab}{OWN}{tab}{OWN}{enter}"))?;
    pages::arrive(&window, "worklist")?;
    pages::go(&window, "subjects")?;
    pages::register(&window)?;
    window.close()
}
