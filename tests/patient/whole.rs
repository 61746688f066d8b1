//! Whole patients in the real window: of each arm one, from consent to death or past two years.

use std::path::Path;
use std::time::{Duration, Instant};

use practice::{PASSWORD, STAFF};
use site::SiteComputer;
use xtask::practice::{VAULT, computer, now};

use super::hands::Hands;
use super::script::{Answer, Script, empty_site, read};
use crate::window::{Opening, Trouble, Window};

/// Asks for every field of every visit; otherwise the tests leave out what only repeats.
const WHOLE: &str = "OUTPOST_WHOLE_PATIENTS";
/// Patients invented in search of one.
const MOST_DRAWS: u64 = 30;

#[test]
fn a_patient_without_local_treatment_is_entered_by_keyboard_from_consent_to_death() {
    let dies = |script: &Script| {
        said(script, "IT.RAND.ARM").as_deref() == Some("CTRL") && said(script, "IT.DD.DTHDAT").is_some()
    };
    let (script, folder, seed) = invented(170, 175, dies);
    // In between somebody comes without a plan.
    let script = script.with_unscheduled("SE.UNS[1]", "SE.CND1[1]", "F.VS");
    let whole = is_whole("limits of laboratories are typed once");
    let script = if whole { script } else { script.with_limits_once() };
    entered(folder.path(), &script, seed, whole);
}

#[test]
fn a_patient_with_local_treatment_is_entered_by_keyboard_past_two_years() {
    // Fractions are asked for once they are planned, so the plan is dated before them.
    let lives = |script: &Script| {
        let is_planned =
            day(script, "SE.RTPLAN[1]").zip(day(script, "SE.RTF[1]")).is_some_and(|(plan, first)| plan <= first);
        is_planned && said(script, "IT.RAND.ARM").as_deref() == Some("SBRT") && years(script) >= Some(2)
    };
    let (script, folder, seed) = invented(113, 850, lives);
    let whole = is_whole("one visit of each kind is typed, limits of laboratories once");
    let script = if whole { script } else { script.one_of_each().with_limits_once() };
    entered(folder.path(), &script, seed, whole);
}

/// Whether everything is to be typed, which takes many minutes.
fn is_whole(otherwise: &str) -> bool {
    let whole = std::env::var_os(WHOLE).is_some();
    if !whole {
        println!("skipped: the rest of this patient ({otherwise}); {WHOLE}=1 types all of it");
    }
    whole
}

/// The first invented patient from a seed on of whom this holds.
fn invented(from: u64, days: u16, wanted: impl Fn(&Script) -> bool) -> (Script, tempfile::TempDir, u64) {
    for seed in from..from + MOST_DRAWS {
        let folder = tempfile::tempdir().expect("a folder");
        let script = Script::invent(&folder.path().join("script"), seed, days).expect("a script");
        if wanted(&script) {
            return (script, folder, seed);
        }
    }
    panic!("no such patient among {MOST_DRAWS}")
}

/// Years from the first treatment to the last telephone call.
fn years(script: &Script) -> Option<u32> {
    let calls = script.visits.iter().filter(|visit| visit.event.starts_with("SE.LTFU["));
    let last = calls.filter_map(|visit| visit.date.as_deref()?.get(..4)?.parse::<u32>().ok()).max()?;
    last.checked_sub(day(script, "SE.C1D1[1]")?.get(..4)?.parse().ok()?)
}

/// The day of a visit.
fn day(script: &Script, event: &str) -> Option<String> {
    script.visits.iter().find(|visit| visit.event == event)?.date.clone()
}

/// What a script says of an item.
fn said(script: &Script, item: &str) -> Option<String> {
    let sheets = script.visits.iter().flat_map(|visit| &visit.sheets);
    let mut cells = sheets.flat_map(|sheet| &sheet.rows).flat_map(|row| &row.cells);
    cells.find_map(|cell| match &cell.answer {
        Answer::Value(value) if cell.item == item => Some(value.clone()),
        _ => None,
    })
}

/// Types a script at a site that has nothing yet, and holds what its vault has then against it.
fn entered(folder: &Path, script: &Script, seed: u64, whole: bool) {
    let home = folder.join("site");
    empty_site(&home, seed).expect("a site");
    let found = enter(&home, script, whole).unwrap_or_else(|trouble| panic!("{trouble}"));
    assert!(found.is_empty(), "{} differ:\n{}", found.len(), found.join("\n"));
}

fn enter(home: &Path, script: &Script, computed: bool) -> Result<Vec<String>, Trouble> {
    let window = Window::open(&Opening::at(home))?;
    let mut hands = Hands::at(&window);
    hands.sign_in(STAFF[1].0, PASSWORD)?;
    hands.register()?;
    let start = Instant::now();
    hands.enter(&script.before_allocation())?;
    hands.randomise(&home.join("center"))?;
    hands.enter(script.after_allocation())?;
    hands.finish()?;
    let (visits, sheets) = (script.visits.len(), script.visits.iter().map(|visit| visit.sheets.len()).sum::<usize>());
    let (filled, keys) = (hands.filled, hands.keys);
    println!("{visits} visits, {sheets} forms, {filled} fields, {keys} keys: {:.0} s", start.elapsed().as_secs_f64());
    window.close()?;
    let held = read(&mut opened(home)?.session(now())?, "S01-001")?;
    Ok(script.differences(&held, computed))
}

/// The vault, once the program that was closed lets go of it.
fn opened(home: &Path) -> Result<SiteComputer, Trouble> {
    let mut computer = computer(home);
    let deadline = Instant::now() + Duration::from_secs(30);
    while let Err(error) = computer.unlock(VAULT, STAFF[1].0, PASSWORD, now()) {
        if Instant::now() > deadline {
            return Err(error.into());
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    Ok(computer)
}
