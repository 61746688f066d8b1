//! What a process still holds of a vault in its memory, once the vault is locked (finding M8).

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::FileExt;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use super::*;

/// Tells the test binary to be the program that locks, and where the vault lies.
const ROLE: &str = "OUTPOST_VAULT_LOCKER";
/// How much is read at once, in bytes.
const CHUNK: usize = 1 << 20;

/// The program's part: runs only in the process that the other test starts. It says what it has done, and waits for a line.
#[test]
fn locker() {
    let Some(base) = std::env::var_os(ROLE).map(PathBuf::from) else { return };
    let wait = || std::io::stdin().read_line(&mut String::new()).expect("a line");
    let place = VaultPlace { folder: base.join("vault"), checkpoint: base.join("config/checkpoint.json") };
    let locked = Locked::find(&place, &study::Functions::default()).expect("found");
    let mut open = locked.unlock("nurse1", PASSWORD, &at(200_000)).expect("unlocks");
    assert!(value(&mut open, "S01-001", "IT.SYSBP").is_some());
    assert_eq!(open.device_identities().expect("reads").len(), 2);
    println!("did open");
    wait();
    open.lock(&at(300_000)).expect("locks");
    println!("did lock");
    wait();
}

struct Locker {
    child: Child,
    to: ChildStdin,
    said: BufReader<ChildStdout>,
}

impl Locker {
    fn start(site: &Site) -> Self {
        let mut child = Command::new(std::env::current_exe().expect("this binary"))
            .args(["tests::memory::locker", "--exact", "--nocapture"])
            .env(ROLE, site.temp.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("starts");
        let (to, said) = (child.stdin.take().expect("piped"), child.stdout.take().expect("piped"));
        Self { child, to, said: BufReader::new(said) }
    }

    fn waits_until(&mut self, word: &str) {
        let mut line = String::new();
        while !line.contains(word) {
            line.clear();
            assert!(self.said.read_line(&mut line).expect("reads") > 0, "it ended before it {word}");
        }
    }

    fn goes_on(&mut self) {
        self.to.write_all(b"\n").expect("told");
    }

    /// How often each of these stands in its memory.
    fn holds(&self, secrets: &[Vec<u8>]) -> Vec<usize> {
        let process = PathBuf::from(format!("/proc/{}", self.child.id()));
        let maps = fs::read_to_string(process.join("maps")).expect("its maps");
        let memory = File::open(process.join("mem")).expect("its memory");
        let mut found = vec![0; secrets.len()];
        for line in maps.lines() {
            let mut words = line.split_whitespace();
            let (Some(range), Some(rights)) = (words.next(), words.next()) else { continue };
            let is_own = rights.starts_with("rw") && !line.contains("[v");
            let bounds = range
                .split_once('-')
                .filter(|_| is_own)
                .and_then(|(from, to)| Some((u64::from_str_radix(from, 16).ok()?, u64::from_str_radix(to, 16).ok()?)));
            let Some((from, to)) = bounds else { continue };
            count(&memory, from, to, secrets, &mut found);
        }
        found
    }
}

/// Adds how often each secret stands between two addresses.
fn count(memory: &File, from: u64, to: u64, secrets: &[Vec<u8>], found: &mut [usize]) {
    let longest = secrets.iter().map(Vec::len).max().unwrap_or(0);
    let mut begins = [false; 256];
    secrets.iter().filter_map(|secret| secret.first()).for_each(|first| begins[usize::from(*first)] = true);
    let mut buffer = vec![0; CHUNK + longest];
    let mut at = from;
    while at < to {
        let room = buffer.len().min(usize::try_from(to - at).expect("a range"));
        let Ok(read) = memory.read_at(&mut buffer[..room], at) else { return };
        // What begins behind the chunk is found with the next one.
        for start in (0..read.min(CHUNK)).filter(|start| begins[usize::from(buffer[*start])]) {
            for (secret, found) in secrets.iter().zip(found.iter_mut()) {
                *found += usize::from(buffer[start..read].starts_with(secret));
            }
        }
        if read < room || room < buffer.len() {
            return;
        }
        at += CHUNK as u64;
    }
}

/// M8: while a vault is open its key is found in memory, so that the search can be believed; once it is locked, neither its key is,
/// nor what the device signs and opens replies with, nor what was entered.
#[test]
fn m8_memory_after_lock() {
    let site = Site::new();
    let mut open = site.found();
    super::accounts::add_second(&mut open);
    super::accounts::close(&mut open, 600).expect("closed");
    let answer = format!("marker-{}", seal::hex::encode(&*seal::random::<8>().expect("random")));
    register(&mut open, "S01-001", 700);
    set(&mut open, "S01-001", "IT.SYSBP", &answer, 800);
    let identities = open.device_identities().expect("reads");
    let texts = identities.iter().map(|own| own.to_secret().as_bytes().to_vec());
    let seed = open.device_key().seed().to_vec();
    let key = open.key.to_vec();
    let hex = seal::hex::encode(&key).into_bytes();
    let secrets: Vec<Vec<u8>> = [key, hex, seed].into_iter().chain(texts).chain([answer.into_bytes()]).collect();
    let names =
        ["the database's key", "the same in words", "the device's seed", "its identity", "the former one", "an answer"];
    open.lock(&at(900)).expect("locks");

    let mut locker = Locker::start(&site);
    locker.waits_until("did open");
    let before = locker.holds(&secrets);
    assert!(before[0] > 0 && before[2] > 0 && before[5] > 0, "the search finds nothing: {before:?}");
    locker.goes_on();
    locker.waits_until("did lock");
    let after = locker.holds(&secrets);
    locker.goes_on();
    locker.child.wait().expect("ends");
    let left: Vec<_> = names.iter().zip(&after).filter(|(_, found)| **found > 0).collect();
    assert!(left.is_empty(), "{left:?}; while it was open: {before:?}");
}
