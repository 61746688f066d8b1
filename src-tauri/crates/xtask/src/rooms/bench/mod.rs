//! `cargo xtask bench`: speed as ratios within one run, never as timed tests.
//!
//! Everything is measured on one practice site, through the rooms' own doors, against a yardstick measured beside it:
//! a bare SQLCipher commit, and the public pipeline `zstd -3 | age`.

mod bare;
mod fill;
mod screen;
mod spread;
mod table;
mod travel;

use std::path::Path;
use std::time::{Duration, Instant};

use screens::messages::Role;
use site::SiteComputer;
use study::{EventKey, FormKey};

use crate::steps::Outcome;
use spread::Spread;
use table::{Bar, Table};
use xtask::practice;

/// The item whose terms are searched.
const TERM: &str = "IT.AE.AELLT";
/// Saves in one measurement.
const SAVES: usize = 600;
/// Rounds of what is too short by itself for a 99th percentile to be more than its longest time.
const ROUNDS: usize = 20;
/// Fields typed over and over, with the range of what is typed.
const FIELDS: [(&str, u64, u64); 5] =
    [("TEMP", 36, 3), ("SYSBP", 100, 60), ("DIABP", 60, 25), ("PULSE", 55, 40), ("WEIGHT", 50, 30)];

/// The form in which they stand.
fn form() -> FormKey {
    EventKey::new("SE.SCR", "1").form("F.VS", "1")
}

/// Measures everything, prints the table and writes `target/bench.json`.
pub fn measure(entries: u64) -> Outcome {
    std::fs::create_dir_all(crate::steps::target())?;
    let folder = tempfile::Builder::new().prefix("bench").tempdir_in(crate::steps::target())?;
    let mut table = Table::default();
    practice::make(folder.path(), 0, 1)?;
    let mut computer = practice::computer(folder.path());
    unlock(&mut computer, folder.path())?;
    let newcomer = computer.session(practice::now())?.subject_register()?;
    saves(&mut table, &mut computer, folder.path(), &newcomer, "0 entries")?;
    computer.lock(practice::now())?;
    println!("── filling the vault with {entries} entries");
    let subjects = fill::fill(folder.path(), entries)?;
    unlocks(&mut table, &mut computer, folder.path())?;
    verified(&mut table, &mut computer)?;
    let veteran = subjects.first().ok_or("no subject was filled")?;
    saves(&mut table, &mut computer, folder.path(), veteran, &format!("{entries} entries"))?;
    forms(&mut table, &mut computer, folder.path(), &subjects)?;
    terms(&mut table, &mut computer)?;
    travel::export_and_ingest(&mut table, &mut computer, folder.path())?;
    screen::keystrokes(&mut table, folder.path())?;
    table.hold("peak memory of this whole process", peak_memory_mib(), "MiB", Bar::Most(300.0));
    table.publish()
}

fn unlock(computer: &mut SiteComputer, folder: &Path) -> Outcome {
    let (user, password) = practice::account(folder)?;
    let session = computer.unlock(practice::VAULT, &user, &password, practice::now())?;
    if session.role == Role::Nurse { Ok(()) } else { Err("the practice account is no nurse's".into()) }
}

/// Field saves through the site room beside bare commits on the same disk, interleaved so that both meet the same noise.
fn saves(table: &mut Table, computer: &mut SiteComputer, folder: &Path, subject: &str, at: &str) -> Outcome {
    let bare_folder = tempfile::tempdir_in(folder)?;
    let mut bare = bare::Bare::open(bare_folder.path())?;
    let (mut ours, mut yardstick) = (Vec::with_capacity(SAVES), Vec::with_capacity(SAVES));
    let (now, form) = (practice::now(), form());
    for number in 0..SAVES as u64 {
        let (item, low, width) = FIELDS[number as usize % FIELDS.len()];
        let typed = format!("{}.{}", low + number / 5 % width, number % 10);
        let cell = form.cell("IG.VS", "1", format!("IT.VS.{item}"));
        let mut session = computer.session(now.later(number))?;
        let start = Instant::now();
        session.save_item(subject, &cell, &typed, None)?;
        ours.push(start.elapsed());
        yardstick.push(bare.commit()?);
    }
    let (ours, yardstick) = (Spread::of(ours), Spread::of(yardstick));
    table.note(format!("bare synced commit, median ({at})"), yardstick.median_ms(), "ms");
    table.note(format!("bare synced commit, p99 ({at})"), yardstick.p99_ms(), "ms");
    table.note(format!("field save through the site room, median ({at})"), ours.median_ms(), "ms");
    table.hold(
        format!("field save / bare commit, medians ({at})"),
        ours.median_ms() / yardstick.median_ms(),
        "×",
        Bar::Most(2.0),
    );
    table.hold(format!("field save, p99 ({at})"), ours.p99_ms(), "ms", Bar::Most(20.0));
    Ok(())
}

/// A term of the dictionary searched letter by letter, with a slip and the other continent's spelling.
fn terms(table: &mut Table, computer: &mut SiteComputer) -> Outcome {
    let mut session = computer.session(practice::now())?;
    let mut taken = Vec::new();
    let typed = ["haemorrage gastric", "diarhoea", "alanine aminotransferase"];
    for words in typed.iter().cycle().take(typed.len() * ROUNDS) {
        for (end, letter) in words.char_indices() {
            let start = Instant::now();
            session.term_search(TERM, &words[..end + letter.len_utf8()])?;
            taken.push(start.elapsed());
        }
    }
    let taken = Spread::of(taken);
    table.note("search of the dictionary at a keystroke, median", taken.median_ms(), "ms");
    table.hold("search of the dictionary at a keystroke, p99", taken.p99_ms(), "ms", Bar::Most(16.0));
    Ok(())
}

/// Unlocking, with the key derivation taken away: the same derivation is timed by itself.
fn unlocks(table: &mut Table, computer: &mut SiteComputer, folder: &Path) -> Outcome {
    let (mut whole, mut derivation) = (Vec::new(), Vec::new());
    for _ in 0..5 {
        let start = Instant::now();
        practice::derive_only(folder)?;
        derivation.push(start.elapsed());
        let start = Instant::now();
        unlock(computer, folder)?;
        whole.push(start.elapsed());
        computer.lock(practice::now())?;
    }
    let (whole, derivation) = (Spread::of(whole), Spread::of(derivation));
    table.note("key derivation alone (Argon2id at the floor)", derivation.median_ms() / 1000.0, "s");
    table.hold(
        "unlock apart from key derivation",
        (whole.median_ms() - derivation.median_ms()) / 1000.0,
        "s",
        Bar::Most(1.5),
    );
    unlock(computer, folder)
}

/// The verification that runs in the background after each unlock.
fn verified(table: &mut Table, computer: &mut SiteComputer) -> Outcome {
    let start = Instant::now();
    loop {
        let view = computer.session(practice::now())?.integrity()?;
        if view.done {
            if !view.alarms.is_empty() {
                return Err(format!("the vault is not whole: {:?}", view.alarms).into());
            }
            break;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    table.note("verification in the background (chain, digest, fresh fold)", start.elapsed().as_secs_f64(), "s");
    Ok(())
}

/// Opening forms of subjects that are not in the cache.
fn forms(table: &mut Table, computer: &mut SiteComputer, folder: &Path, subjects: &[String]) -> Outcome {
    let (mut times, form) = (Vec::new(), form());
    for _ in 0..ROUNDS {
        // What was read is forgotten with the session.
        computer.lock(practice::now())?;
        unlock(computer, folder)?;
        for subject in subjects.iter().step_by(subjects.len().div_ceil(60).max(1)) {
            let mut session = computer.session(practice::now())?;
            let start = Instant::now();
            session.form_shape(subject, &form)?;
            session.form_state(subject, &form)?;
            times.push(start.elapsed());
        }
    }
    let spread = Spread::of(times);
    table.hold("form open, subject not in the cache, median", spread.median_ms(), "ms", Bar::Most(10.0));
    table.note("form open, subject not in the cache, p99", spread.p99_ms(), "ms");
    Ok(())
}

/// The kernel's own high-water mark of resident memory.
fn peak_memory_mib() -> f64 {
    high_water_mib(&std::fs::read_to_string("/proc/self/status").unwrap_or_default())
}

fn high_water_mib(status: &str) -> f64 {
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or_default();
    let digits: String = line.chars().filter(char::is_ascii_digit).collect();
    digits.parse::<f64>().unwrap_or(0.0) / 1024.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_high_water_mark_is_read_in_mib() {
        let status = "Name:\txtask\nVmPeak:\t 9999999 kB\nVmHWM:\t  307200 kB\nVmRSS:\t  1024 kB\n";
        assert_eq!(high_water_mib(status), 300.0);
        assert_eq!(high_water_mib("VmRSS:\t 1024 kB\n"), 0.0, "another system tells it otherwise");
        assert!(!cfg!(target_os = "linux") || peak_memory_mib() > 1.0);
    }

    /// A small run of what is measured at first: the site is the one that the figures speak of.
    #[test]
    fn a_vault_is_filled_with_entries_that_the_site_finds() {
        let folder = tempfile::tempdir().expect("a folder");
        practice::make(folder.path(), 0, 1).expect("a practice site");
        let subjects = fill::fill(folder.path(), 4_000).expect("it is filled");
        assert_eq!(subjects, ["S01-1000", "S01-1001"], "whole subjects of 2,500 entries");
        let mut computer = practice::computer(folder.path());
        unlock(&mut computer, folder.path()).expect("the nurse");
        let mut table = Table::default();
        verified(&mut table, &mut computer).expect("chain, digest and fold agree");
        forms(&mut table, &mut computer, folder.path(), &subjects).expect("forms open");
        let names: Vec<String> = table.json().iter().map(|figure| figure["name"].to_string()).collect();
        assert!(names.iter().any(|name| name.contains("form open")), "{names:?}");
        let report = computer.session(practice::now()).expect("a session");
        let held: u64 = { report }.export_bundle(folder.path()).expect("a bundle").entries;
        assert!((5_000..5_100).contains(&held), "{held}: the entries, and those of the site's founding");
    }
}
