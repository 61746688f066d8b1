//! A writer killed at any moment: everything that it had said was saved is there, and all is well.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;

use super::*;

/// How often the writer is killed.
const ROUNDS: u64 = 12;
/// Tells the test binary to be the writer, and where.
const ROLE: &str = "OUTPOST_VAULT_WRITER";
/// Tells it what time it is.
const TIME: &str = "OUTPOST_VAULT_TIME";
/// Milliseconds of the tests' clock between two rounds.
const ROUND: i64 = 10_000_000;

/// The writer's part: runs only in the process that the other test starts.
#[test]
fn writer() {
    let Some(base) = std::env::var_os(ROLE).map(PathBuf::from) else { return };
    let place = VaultPlace { folder: base.join("vault"), checkpoint: base.join("config/checkpoint.json") };
    let now: i64 = std::env::var(TIME).ok().and_then(|time| time.parse().ok()).expect("a time");
    let mut open = Locked::find(&place, &study::Functions::default())
        .expect("found")
        .unlock("nurse1", PASSWORD, &at(now))
        .expect("unlocks");
    assert_eq!(open.alarms(), []);
    let from: u32 = value(&mut open, "S01-001", "IT.SYSBP").map_or(0, |last| last.parse().expect("a number"));
    for n in from + 1.. {
        set(&mut open, "S01-001", "IT.SYSBP", &n.to_string(), now + i64::from(n));
        println!("saved {n}");
        open.save_draft("S01-001", &cell("IT.DIABP"), &n.to_string(), &at(now + i64::from(n))).expect("draft");
    }
}

#[test]
fn a_killed_writer_loses_nothing_that_it_said_was_saved() {
    let site = Site::new();
    let mut open = site.found();
    register(&mut open, "S01-001", 0);
    open.lock(&at(0)).expect("locks");
    for round in 1..=ROUNDS {
        let now = i64::try_from(round).expect("small") * ROUND;
        let mut child = Command::new(std::env::current_exe().expect("this binary"))
            .args(["tests::kill::writer", "--exact", "--nocapture"])
            .env(ROLE, site.temp.path())
            .env(TIME, now.to_string())
            .stdout(Stdio::piped())
            .spawn()
            .expect("starts");
        let mut said = BufReader::new(child.stdout.take().expect("piped")).lines();
        let mut next = || -> Option<u32> {
            said.by_ref().map_while(Result::ok).find_map(|line| line.rsplit_once("saved ")?.1.parse().ok())
        };
        let mut saved = next().expect("it saves");
        // From no time at all to well into the stream of saves, also between two of them.
        std::thread::sleep(Duration::from_micros(round * 7_919 % 40_000));
        child.kill().expect("killed");
        child.wait().expect("ends");
        while let Some(n) = next() {
            saved = n;
        }
        let mut open = site.unlock(now + ROUND / 2);
        let found: u32 = value(&mut open, "S01-001", "IT.SYSBP").expect("a value").parse().expect("a number");
        assert!(found == saved || found == saved + 1, "round {round}: {found} found, {saved} said");
        assert_eq!((open.alarms(), verified(&open)), ([].as_slice(), vec![]), "round {round}");
        open.lock(&at(now + ROUND / 2)).expect("locks");
    }
}
