//! The rooms' tests under Wine, counted by room.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Instant;

use super::toolchain::Toolchain;
use crate::steps::{Outcome, root};
use crate::test::number_before;

/// Every room but this program, and the studies that come along, as cargo's arguments.
pub fn packages() -> Outcome<Vec<String>> {
    let mut names = vec!["studies".to_owned()];
    for folder in fs::read_dir(root().join("src-tauri/crates"))? {
        let folder = folder?;
        if folder.path().join("Cargo.toml").exists() && folder.file_name() != "xtask" {
            names.push(folder.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names.into_iter().flat_map(|name| ["--package".to_owned(), name]).collect())
}

/// Runs them all; says for each room what passed, failed and was skipped, and names what was skipped.
pub fn test(toolchain: &Toolchain) -> Outcome {
    println!("── tests of the rooms under Wine");
    let began = Instant::now();
    let mut test = toolchain.cargo(["test", "--no-fail-fast"]);
    test.args(packages()?).args(["--", "--nocapture"]);
    // Cargo names the room on one stream, its tests speak on the other: in one their order stays.
    let mut together = Command::new("sh");
    together.args(["-c", "exec \"$@\" 2>&1", "sh"]).arg(test.get_program()).args(test.get_args());
    for (name, value) in test.get_envs() {
        if let Some(value) = value {
            together.env(name, value);
        }
    }
    together.current_dir(root()).stdin(Stdio::null()).stdout(Stdio::piped());
    let mut child = together.spawn()?;
    let mut tally = Tally::default();
    for line in BufReader::new(child.stdout.take().ok_or("no output")?).split(b'\n') {
        let line = String::from_utf8_lossy(&line?).trim_end().to_owned();
        println!("{line}");
        tally.hear(&line);
    }
    let ended = child.wait()?;
    tally.settle();
    tally.print();
    println!("   tests of the rooms under Wine: {:.0} s", began.elapsed().as_secs_f64());
    if ended.success() { Ok(()) } else { Err(format!("tests failed under Wine ({ended}); see above").into()) }
}

/// What the tests of one room came to.
#[derive(Default, PartialEq, Eq, Debug)]
struct Counts {
    passed: u64,
    failed: u64,
    skipped: Vec<String>,
    /// Programs that began and never told a result.
    broken: Vec<String>,
}

/// What was heard so far.
#[derive(Default)]
struct Tally {
    room: String,
    rooms: BTreeMap<String, Counts>,
    /// The program that runs, until it tells its result.
    running: Option<String>,
}

impl Tally {
    fn hear(&mut self, line: &str) {
        let line = line.trim_start();
        if let Some(room) = room_of(line) {
            self.settle();
            self.room = room;
            self.running = Some(line.to_owned());
            return;
        }
        let counts = self.rooms.entry(self.room.clone()).or_default();
        if let Some(rest) = line.strip_prefix("test result: ") {
            counts.passed += number_before(rest, " passed");
            counts.failed += number_before(rest, " failed");
            self.running = None;
        } else if let Some(why) = line.find("skipped: ").map(|at| &line[at + 9..]) {
            counts.skipped.push(why.to_owned());
        } else if let Some(name) = line.strip_prefix("test ").and_then(|rest| rest.split_once(" ... ignored")) {
            counts.skipped.push(format!("{} is run only when asked for", name.0));
        }
    }

    /// Counts a program that ended without a result, or was ended, as one failure.
    fn settle(&mut self) {
        if let Some(program) = self.running.take() {
            let counts = self.rooms.entry(self.room.clone()).or_default();
            counts.failed += 1;
            counts.broken.push(program);
        }
    }

    fn print(&self) {
        println!();
        let (mut passed, mut failed, mut skipped) = (0, 0, 0);
        for (room, counts) in self.rooms.iter().filter(|(room, _)| !room.is_empty()) {
            println!(
                "{room:<16} {:>5} passed {:>3} failed {:>3} skipped",
                counts.passed,
                counts.failed,
                counts.skipped.len()
            );
            counts.skipped.iter().for_each(|why| println!("{:16} skipped: {why}", ""));
            counts.broken.iter().for_each(|program| println!("{:16} ended without a result: {program}", ""));
            passed += counts.passed;
            failed += counts.failed;
            skipped += counts.skipped.len();
        }
        println!("{:<16} {passed:>5} passed {failed:>3} failed {skipped:>3} skipped", "Windows");
    }
}

/// The room of which cargo says that its tests come next: by its package, or by the binary's name where cargo tells no
/// more.
fn room_of(line: &str) -> Option<String> {
    if let Some(room) = line.strip_prefix("Doc-tests ") {
        return Some(room.replace('_', "-"));
    }
    let (_, program) = line.strip_prefix("Running ")?.split_once('(')?;
    let name = program.rsplit(['/', '\\']).next()?.trim_end_matches(')').trim_end_matches(".exe");
    Some(name.rsplit_once('-').map_or(name, |(name, _)| name).replace('_', "-"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn results_are_counted_by_room_and_skips_are_named() {
        let mut tally = Tally::default();
        let lines = "   Compiling center v0.1.0
     Running unittests src/lib.rs (target/windows/target/x86_64-pc-windows-gnu/release/deps/study-0a1b.exe)
test one ... ok
test measured ... ignored, by hand
test result: FAILED. 131 passed; 2 failed; 1 ignored; 0 measured; 0 filtered out; finished in 1.0s
     Running unittests src/main.rs (target/windows/target/x86_64-pc-windows-gnu/release/deps/outpost_center-77.exe)
skipped: no age here
test result: ok. 4 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.0s
     Running tests/amend.rs (target/windows/target/x86_64-pc-windows-gnu/release/deps/study-1c.exe)
running 2 tests
   Doc-tests study
test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.0s";
        lines.lines().for_each(|line| tally.hear(line));
        tally.settle();
        let skipped = |why: &str| vec![why.to_owned()];
        let broken = vec![
            "Running tests/amend.rs (target/windows/target/x86_64-pc-windows-gnu/release/deps/study-1c.exe)".into(),
        ];
        let study = Counts { passed: 134, failed: 3, skipped: skipped("measured is run only when asked for"), broken };
        assert_eq!(tally.rooms["study"], study);
        assert_eq!(
            tally.rooms["outpost-center"],
            Counts { passed: 4, skipped: skipped("no age here"), ..Counts::default() }
        );
        let told = tally.rooms.keys().filter(|room| !room.is_empty()).count();
        assert_eq!(told, 2);
    }

    /// What was heard, room by room.
    fn heard(lines: &[&str]) -> BTreeMap<String, Counts> {
        let mut tally = Tally::default();
        lines.iter().for_each(|line| tally.hear(line));
        tally.settle();
        tally.rooms
    }

    #[test]
    fn a_program_that_tells_no_result_has_failed() {
        let run = "     Running unittests src/lib.rs (target/deps/vault-0a1b.exe)";
        let result = "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.10s";
        let last = heard(&[run, "running 3 tests", "test one ... ok"]);
        assert_eq!((last["vault"].failed, last["vault"].broken.len()), (1, 1), "it was the last");
        let between = heard(&[run, "thread panicked", run, result]);
        assert_eq!((between["vault"].passed, between["vault"].failed), (3, 1), "another came after it");
        assert_eq!(heard(&[run, result])["vault"], Counts { passed: 3, ..Counts::default() });
        assert!(heard(&["error: could not compile"]).values().all(|counts| *counts == Counts::default()));
    }

    #[test]
    fn a_room_is_known_by_the_name_of_its_program() {
        for (line, room) in [
            (
                "Running unittests src/lib.rs (target/x86_64-pc-windows-gnu/release/deps/program_log-1f.exe)",
                "program-log",
            ),
            ("Running tests/site/main.rs (target\\release\\deps\\site-77aa.exe)", "site"),
            ("Running unittests src/lib.rs (deps/study)", "study"),
            ("Doc-tests outpost_center", "outpost-center"),
        ] {
            assert_eq!(room_of(line).as_deref(), Some(room), "{line}");
        }
        for line in ["running 3 tests", "Running out of memory", "test Running ... ok", "   Compiling site v0.1.0", ""]
        {
            assert_eq!(room_of(line), None, "{line}");
        }
    }

    #[test]
    fn skips_are_named_wherever_a_test_says_so() {
        let run = "Running unittests src/lib.rs (deps/bundle-1.exe)";
        let counts =
            heard(&[run, "test age ... skipped: no age here", "test slow ... ignored", "test result: ok. 1 passed"]);
        assert_eq!(counts["bundle"].skipped, ["no age here", "slow is run only when asked for"]);
    }

    #[test]
    fn every_room_is_tested_but_this_program() {
        let arguments = packages().expect("the rooms");
        assert!(arguments.iter().step_by(2).all(|word| word == "--package"));
        let rooms: BTreeSet<&str> = arguments.iter().skip(1).step_by(2).map(String::as_str).collect();
        assert_eq!(rooms.len() * 2, arguments.len(), "each once");
        let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("the manifest");
        let line = manifest.lines().find(|line| line.starts_with("default-members")).expect("the members");
        let members = line.split('"').skip(1).step_by(2).filter_map(|path| path.rsplit('/').next());
        assert_eq!(rooms, members.filter(|name| !matches!(*name, "." | "xtask")).collect());
    }
}
