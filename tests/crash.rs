//! The power may go at any moment: the program is killed while a nurse types, again and again, and every value that
//! the screen had shown as saved is there when it opens the next time.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use serde_json::json;

use crate::chance::Chance;
use crate::pages;
use crate::walk::account;
use crate::window::{Opening, Trouble, Window, key};

/// Kills in all, shared by windows side by side: as many as there are processors, within limits.
const KILLS: usize = 200;
const WINDOWS: [usize; 2] = [2, 4];
const FORM: &str = "SE.SCR[1]/F.VS[1]";
const FIELDS: [(&str, u64, u64); 5] =
    [("TEMP", 35, 39), ("SYSBP", 100, 170), ("DIABP", 55, 90), ("PULSE", 50, 110), ("WEIGHT", 45, 95)];

#[test]
fn nothing_shown_as_saved_is_lost_when_the_program_is_killed() {
    if Command::new("WebKitWebDriver").arg("--version").output().is_err() {
        println!("skipped: WebKitWebDriver is not installed (Debian package webkit2gtk-driver)");
        return;
    }
    let checked = AtomicUsize::new(0);
    let side_by_side =
        thread::available_parallelism().map_or(WINDOWS[0], |count| count.get().clamp(WINDOWS[0], WINDOWS[1]));
    thread::scope(|scope| {
        let windows: Vec<_> = (0..side_by_side)
            .map(|number| {
                scope.spawn({
                    let checked = &checked;
                    move || kill_again_and_again(number as u64, KILLS.div_ceil(side_by_side), checked)
                })
            })
            .collect();
        for window in windows {
            window.join().expect("a window's thread").expect("a killed vault opens again with everything in it");
        }
    });
    let checked = checked.into_inner();
    println!("{KILLS} kills; {checked} times a value shown as saved was looked for and found");
    assert!(checked > KILLS, "too few values were shown as saved for this to say anything: {checked}");
}

/// What the screen has promised: for each cell the last value shown as saved, and what was typed since.
type Promises = BTreeMap<String, Vec<String>>;

fn kill_again_and_again(seed: u64, kills: usize, checked: &AtomicUsize) -> Result<(), Trouble> {
    let folder = tempfile::tempdir()?;
    xtask::practice::make(folder.path(), 1, seed + 1).map_err(|trouble| trouble.to_string())?;
    let mut chance = Chance::new(seed + 1);
    let mut promises = Promises::new();
    let subject = register(folder.path())?;
    for _ in 0..kills {
        one_life(folder.path(), &subject, &mut promises, &mut chance, checked)?;
    }
    let window = Window::open(&Opening::at(folder.path()))?;
    open_form(&window, folder.path(), &subject)?;
    keep_promises(&window, &promises, checked)?;
    whole(&window)
}

fn register(home: &Path) -> Result<String, Trouble> {
    let window = Window::open(&Opening::at(home))?;
    let (user, password) = account(home)?;
    pages::sign_in(&window, &user, &password)?;
    let subject = pages::register(&window)?;
    window.close()?;
    Ok(subject)
}

/// Opens the program, checks every promise, types until it is killed.
fn one_life(
    home: &Path,
    subject: &str,
    promises: &mut Promises,
    chance: &mut Chance,
    checked: &AtomicUsize,
) -> Result<(), Trouble> {
    let window = Window::open(&Opening::at(home))?;
    open_form(&window, home, subject)?;
    keep_promises(&window, promises, checked)?;
    whole(&window)?;
    let victims: Vec<String> = window.processes().iter().map(u32::to_string).collect();
    let delay = Duration::from_millis(chance.below(1500));
    let killer = thread::spawn(move || {
        thread::sleep(delay);
        let killed = victims.iter().filter(|victim| {
            Command::new("kill")
                .args(["-KILL", victim])
                .stderr(Stdio::null())
                .status()
                .is_ok_and(|status| status.success())
        });
        killed.count()
    });
    let ended = loop {
        if let Err(trouble) = type_something(&window, promises, chance) {
            break trouble;
        }
    };
    match killer.join().map_err(|_| "the killer's thread failed")? {
        0 => Err(format!("the program was gone before it was killed: {ended}").into()),
        _ => Ok(()),
    }
}

fn open_form(window: &Window, home: &Path, subject: &str) -> Result<(), Trouble> {
    let (user, password) = account(home)?;
    pages::sign_in(window, &user, &password)?;
    pages::open_subject(window, subject)?;
    pages::open_form(window, FORM)
}

/// Types one value and takes note of what the screen then says.
fn type_something(window: &Window, promises: &mut Promises, chance: &mut Chance) -> Result<(), Trouble> {
    let (item, low, high) = FIELDS[chance.below(FIELDS.len() as u64) as usize];
    let value = format!("{}.{}", low + chance.below(high - low), chance.below(10));
    let cell = pages::field(window, item)?;
    // From here on the value may reach the disk before the screen can be read again.
    promises.entry(cell.clone()).or_insert_with(|| vec![String::new()]).push(value.clone());
    pages::select_all(window)?;
    window.keys(&format!("{value}{}", key::ENTER))?;
    pages::wait_saved(window, &cell)?;
    for shown in pages::shown(window)? {
        if shown.saved && !shown.value.is_empty() {
            promise(promises, &shown);
        }
    }
    Ok(())
}

/// A value shown as saved makes everything typed before it obsolete, but not what was typed after it.
fn promise(promises: &mut Promises, shown: &pages::Shown) {
    let typed = promises.entry(shown.cell.clone()).or_default();
    match typed.iter().rposition(|value| value == &shown.value) {
        Some(at) => drop(typed.drain(..at)),
        None => *typed = vec![shown.value.clone()],
    }
}

fn keep_promises(window: &Window, promises: &Promises, checked: &AtomicUsize) -> Result<(), Trouble> {
    for (cell, values) in promises {
        let now = pages::saved_value(window, cell)?;
        if !values.contains(&now) {
            return Err(format!("{cell} was shown as saved with one of {values:?} and is now {now:?}").into());
        }
        checked.fetch_add(usize::from(!values.contains(&String::new())), Ordering::Relaxed);
    }
    Ok(())
}

/// The chain and the digest are whole, as the foot of the window says after its own verification.
fn whole(window: &Window) -> Result<(), Trouble> {
    let script = "const foot = document.querySelector('[data-integrity]'); return ['ok', 'alarm'].includes(foot?.dataset.integrity) ? foot.dataset.integrity : false";
    let seen = window.wait_for("the verification to finish", script, vec![json!(null)])?;
    if seen == "ok" { Ok(()) } else { Err("the journal is not whole after a kill".into()) }
}
