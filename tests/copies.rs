//! An older folder in the place of a vault, and a vault that does not open any more, in the real window (issue 9, items 2 and 10).

use std::fs;
use std::path::{Path, PathBuf};

use crate::journeys::{look, prefer};
use crate::pages;
use crate::walk::account;
use crate::window::{Opening, Trouble, Window, key};

/// The banner over every page of a vault that waits for the center.
const WAITS: &str = "return document.querySelector('[data-part=\"awaits-center\"]') !== null";

/// Who signs in, and where.
struct Place {
    home: PathBuf,
    user: String,
    password: String,
    pictures: PathBuf,
}

impl Place {
    /// A practice site in a folder.
    fn make(home: PathBuf) -> Self {
        xtask::practice::make(&home, 2, 1).expect("a practice site");
        let (user, password) = account(&home).expect("an account");
        Self { home, user, password, pictures: crate::target().join("pictures") }
    }

    /// The folder of its vault.
    fn vault(&self) -> PathBuf {
        xtask::practice::place(&self.home).folder
    }

    fn open(&self) -> Result<Window, Trouble> {
        Window::open(&Opening::at(&self.home))
    }

    fn sign_in(&self) -> Result<Window, Trouble> {
        let window = self.open()?;
        pages::sign_in(&window, &self.user, &self.password)?;
        Ok(window)
    }
}

/// S1: whoever signs in to an older copy is told on every page, nothing can be entered, and the newer folder works on when it is put back.
#[test]
fn s1_an_older_folder_waits_for_the_center_and_the_newer_one_works_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = Place::make(folder.path().join("home"));
    let (older, newer) = (folder.path().join("older"), folder.path().join("newer"));
    prefer(&place.home, "en", "light").expect("preferences");
    let vault = place.vault();
    // The copy is of a vault that somebody has worked in; the first session leaves a checkpoint that knows of it.
    place.sign_in().and_then(Window::close).expect("a first session");
    copy(&vault, &older);
    let subject = enter(&place).expect("entered");
    fs::rename(&vault, &newer).expect("moved away");
    copy(&older, &vault);
    for (language, theme) in [("en", "light"), ("zh-CN", "dark")] {
        prefer(&place.home, language, theme).expect("preferences");
        waits(&place, language).expect("it waits, however often somebody signs in");
    }
    prefer(&place.home, "en", "light").expect("preferences");
    fs::remove_dir_all(&vault).expect("the copy goes");
    fs::rename(&newer, &vault).expect("put back");
    works_on(&place, &subject).expect("as if nothing had been");
}

fn enter(place: &Place) -> Result<String, Trouble> {
    let window = place.sign_in()?;
    let subject = pages::register(&window)?;
    window.close()?;
    Ok(subject)
}

/// The banner is there, the page Sync says what to do, and no subject is registered.
fn waits(place: &Place, language: &str) -> Result<(), Trouble> {
    let window = place.sign_in()?;
    window.wait_for("the word that the vault waits", WAITS, vec![])?;
    look(&window, &place.pictures, &format!("worklist-older-{language}"))?;
    pages::go(&window, "subjects")?;
    pages::act(&window, "register")?;
    let refused = "return document.querySelector('[data-refused=\"awaits_center\"]') !== null";
    window.wait_for("the refusal", refused, vec![])?;
    pages::go(&window, "sync")?;
    let what = "return document.querySelector('[data-part=\"older\"]') !== null";
    window.wait_for("what has happened", what, vec![])?;
    look(&window, &place.pictures, &format!("sync-older-{language}"))?;
    window.close()
}

fn works_on(place: &Place, subject: &str) -> Result<(), Trouble> {
    let window = place.sign_in()?;
    if window.run(WAITS, vec![])? == true {
        return Err("the newer folder waits, too".into());
    }
    pages::open_subject(&window, subject)?;
    pages::register(&window)?;
    window.close()
}

/// S4: a vault that does not open any more is put back from its backup on the same computer, and its folder is kept under another name.
#[test]
fn s4_a_damaged_vault_is_put_back_on_the_same_computer() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = Place::make(folder.path().join("home"));
    let stick = folder.path().join("stick");
    fs::create_dir(&stick).expect("a stick");
    prefer(&place.home, "en", "light").expect("preferences");
    let backup = back_up(&place, &stick).expect("a backup");
    let vault = place.vault();
    fs::write(vault.join("vault.db"), vec![0x5a; 40_000]).expect("damaged");
    put_back(&place, &backup).expect("put back");
    let mut beside =
        fs::read_dir(vault.parent().expect("a folder")).expect("vaults").map(|found| found.expect("read").path());
    let aside = beside.find(|found| found.to_string_lossy().contains("-damaged-"));
    let damaged = fs::read(aside.expect("it lies aside").join("vault.db")).expect("its database");
    assert_eq!(damaged, vec![0x5a; 40_000], "nothing of it was touched");
}

fn back_up(place: &Place, stick: &Path) -> Result<PathBuf, Trouble> {
    let window = place.sign_in()?;
    pages::go(&window, "sync")?;
    pages::choose(&window, "backup-folder", stick)?;
    window.run("document.activeElement.blur()", vec![])?;
    window.keys("b")?;
    let made = "return document.querySelector('[data-backup]')?.dataset.backup ?? false";
    let backup = window.wait_for("the backup", made, vec![])?;
    window.close()?;
    Ok(backup.as_str().unwrap_or_default().into())
}

/// From the refused sign-in to the vault that waits for the center.
fn put_back(place: &Place, backup: &Path) -> Result<(), Trouble> {
    let window = place.open()?;
    pages::try_password(&window, &place.user, &place.password)?;
    let refused = "return document.querySelector('[data-refused=\"vault_damaged\"]') !== null";
    window.wait_for("the word that it is damaged", refused, vec![])?;
    look(&window, &place.pictures, "unlock-damaged")?;
    pages::act(&window, "other-vault")?;
    ask_to_set_aside(&window, backup, &place.user, &place.password)?;
    look(&window, &place.pictures, "start-restore-aside")?;
    pages::focus(&window, "[data-act=\"restore\"]")?;
    window.keys(&key::ENTER.to_string())?;
    let shown = "return document.querySelector('[data-part=\"restored\"]') !== null";
    window.wait_for("whose vault it is", shown, vec![])?;
    look(&window, &place.pictures, "start-restored-aside")?;
    pages::press(&window, "[data-act=\"restored-next\"]")?;
    pages::arrive(&window, "unlock")?;
    pages::sign_in(&window, &place.user, &place.password)?;
    window.wait_for("the word that the vault waits", WAITS, vec![])?;
    window.close()
}

/// From the first screen to the restore of a backup, all filled in.
fn ask_to_set_aside(window: &Window, backup: &Path, user: &str, password: &str) -> Result<(), Trouble> {
    pages::arrive(window, "start")?;
    pages::act(window, "restore-open")?;
    pages::choose(window, "backup", backup)?;
    pages::fill(window, "[data-part=\"restore\"] [name=\"user\"]", user)?;
    pages::fill(window, "[data-part=\"restore\"] [name=\"password\"]", password)?;
    for tick in ["aside", "sure"] {
        pages::focus(window, &format!("[name=\"{tick}\"]"))?;
        window.keys(" ")?;
    }
    Ok(())
}

/// Third attack, S1: who has left, and has a backup of before with the password of then, sets the vault of today not aside; and who can
/// sign in to it today is told that it is whole.
#[test]
fn a3_s1_who_left_sets_no_vault_aside() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = Place::make(folder.path().join("home"));
    let stick = folder.path().join("stick");
    fs::create_dir(&stick).expect("a stick");
    prefer(&place.home, "en", "light").expect("preferences");
    let backup = back_up(&place, &stick).expect("a backup");
    let mut computer = xtask::practice::computer(&place.home);
    let now = xtask::practice::now();
    computer.unlock(xtask::practice::VAULT, "admin1", &place.password, now).expect("an administrator");
    computer.session(now).expect("signed in").user_close(LEFT).expect("closed");
    computer.lock(now).expect("locked");
    drop(computer);
    for (language, theme) in [("en", "light"), ("zh-CN", "dark")] {
        prefer(&place.home, language, theme).expect("preferences");
        is_kept(&place, &backup, language).expect("it stays where it is");
    }
    let mut beside = fs::read_dir(place.vault().parent().expect("a folder")).expect("read").flatten();
    assert!(!beside.any(|found| found.file_name().to_string_lossy().contains("vault-")), "nothing was set aside");
}

/// Whose account is closed.
const LEFT: &str = "investigator1";

fn is_kept(place: &Place, backup: &Path, language: &str) -> Result<(), Trouble> {
    let window = place.open()?;
    ask_to_set_aside(&window, backup, LEFT, &place.password)?;
    for (who, pass, code) in [
        (None, "", "vault_shut"),
        (Some(LEFT), place.password.as_str(), "wrong_password_here"),
        (Some(place.user.as_str()), place.password.as_str(), "vault_sound"),
    ] {
        if let Some(who) = who {
            pages::fill(&window, "[name=\"here-user\"]", who)?;
            pages::fill(&window, "[name=\"here-password\"]", pass)?;
        }
        window.keys(&key::ENTER.to_string())?;
        let refused = format!("return document.querySelector('[data-refused=\"{code}\"]') !== null");
        window.wait_for(&format!("the refusal {code}"), &refused, vec![])?;
        look(&window, &place.pictures, &format!("start-restore-{code}-{language}"))?;
    }
    window.close()
}

/// Copies a folder of files.
fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).expect("a folder");
    for file in fs::read_dir(from).expect("a folder") {
        let file = file.expect("read");
        fs::copy(file.path(), to.join(file.file_name())).expect("copied");
    }
}
