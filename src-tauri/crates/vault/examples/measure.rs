//! Measures the vault at 0 and at many entries: `cargo run --release -p vault --example measure -- [ENTRIES] [FOLDER] [STUDY.xml]`.
//!
//! Saves go one by one through the door, against a bare synced single-row commit in SQLCipher on the same disk.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use casebook::act::{ItemSet, ItemsSet, SubjectRegistered, UserAdded};
use casebook::{Private, Role, Stored};
use rusqlite::Connection;
use seal::{Cost, Identity, SigningKey};
use study::{EventKey, FormKey, Oid};
use vault::{Founding, Locked, NewUser, Open, Stamp, VaultError, VaultPlace};

const PASSWORD: &str = "tide-lamp-orbit-57";
const START: i64 = 1_795_420_800_000;
const SAVES: usize = 2_000;

type Failure = Box<dyn std::error::Error>;

fn stamp(n: u64) -> Stamp {
    Stamp::new(START + n as i64, 480, "nurse1")
}

fn main() -> Result<(), Failure> {
    let mut args = std::env::args().skip(1);
    let entries: u64 = args.next().map_or(Ok(1_000_000), |n| n.parse())?;
    let folder = args.next().map_or_else(|| std::env::temp_dir().join("vault-measure"), PathBuf::from);
    let study_file =
        args.next().unwrap_or_else(|| concat!(env!("CARGO_MANIFEST_DIR"), "/src/tests/study.xml").to_owned());
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder)?;
    let place = VaultPlace { folder: folder.join("vault"), checkpoint: folder.join("checkpoint.json") };
    let shape = Shape::of(&study_file);
    let mut open = found(&place, std::fs::read(&study_file)?)?;
    open.transact(&stamp(0), |tx| {
        tx.write(SubjectRegistered { subject: Oid::from("S00-0000"), site: Oid::from("S01") }).map(drop)
    })?;

    let bare = on_cpu("bare commit", || bare_commits(&folder))?;
    report("bare commit", &bare);
    report("save, empty", &on_cpu("save, empty", || saves(&mut open, &shape, "S00-0000", 1))?);

    let start = Instant::now();
    fill(&mut open, &shape, entries)?;
    println!(
        "{:<28} {:>9.1} s  {:.0} entries/s",
        "fill",
        start.elapsed().as_secs_f64(),
        entries as f64 / start.elapsed().as_secs_f64()
    );
    let start = Instant::now();
    open.rest()?;
    println!("{:<28} {:>9.1} s", "rest", start.elapsed().as_secs_f64());
    println!("{:<28} {:>9.1} MB", "database", std::fs::metadata(place.folder.join("vault.db"))?.len() as f64 / 1e6);

    let bare = on_cpu("bare commit", || bare_commits(&folder))?;
    report("bare commit", &bare);
    report("save, full", &on_cpu("save, full", || saves(&mut open, &shape, "S01-0007", 1_000_000_000))?);
    report("draft", &drafts(&mut open, &shape)?);
    open.lock(&stamp(2_000_000_000))?;

    let start = Instant::now();
    let locked = Locked::find(&place)?;
    let slots = seal::KeySlots::read(&std::fs::read(place.folder.join("keyslots.json"))?)?;
    let argon = Instant::now();
    slots.unlock("nurse1", PASSWORD)?;
    let argon = argon.elapsed();
    let unlock = Instant::now();
    let mut open = locked.unlock("nurse1", PASSWORD, &stamp(2_000_000_001))?;
    println!(
        "{:<28} {:>9.1} ms apart from Argon2id ({:?})",
        "unlock",
        ms(unlock.elapsed().saturating_sub(argon)),
        start.elapsed()
    );

    let mut opens = Vec::new();
    for n in (0..entries / shape.per_subject).step_by(7).take(100) {
        let subject = format!("S01-{n:04}");
        let start = Instant::now();
        open.book(&subject)?;
        opens.push(start.elapsed());
    }
    report("form open (cold book)", &opens);

    let start = Instant::now();
    let summaries = open.summaries()?.len();
    println!("{:<28} {:>9.1} ms  {summaries}", "summaries", ms(start.elapsed()));

    let start = Instant::now();
    let snapshot = open.snapshot()?;
    let (mut bytes, mut texts) = (0, 0);
    let end = snapshot.logs()[0].clone();
    snapshot.lines::<VaultError>(&end.log, 1, end.seq, |_, line| {
        bytes += line.len();
        texts += snapshot.texts_of(line)?.len();
        Ok(())
    })?;
    drop(snapshot);
    println!(
        "{:<28} {:>9.1} s  {:.0} MB/s, {texts} texts",
        "stream lines",
        start.elapsed().as_secs_f64(),
        bytes as f64 / 1e6 / start.elapsed().as_secs_f64()
    );
    println!("{:<28} {:>9.1} MB", "peak memory", peak_mb());

    let start = Instant::now();
    let report = open.verifier().run(&Arc::new(AtomicBool::new(false)), |_| {})?;
    println!(
        "{:<28} {:>9.1} s  {} entries, {:?}",
        "verify",
        start.elapsed().as_secs_f64(),
        report.entries,
        report.alarms
    );
    println!("{:<28} {:>9.1} MB", "peak memory", peak_mb());
    Ok(())
}

/// What is entered over and over.
struct Shape {
    event: &'static str,
    forms: &'static [(&'static str, &'static str, &'static [&'static str])],
    per_subject: u64,
}

impl Shape {
    fn of(study_file: &str) -> Self {
        if study_file.ends_with("hcc-oligoprogression.xml") {
            Self {
                event: "SE.CND1",
                forms: &[(
                    "F.VS",
                    "IG.VS",
                    &["IT.VS.TEMP", "IT.VS.SYSBP", "IT.VS.DIABP", "IT.VS.PULSE", "IT.VS.RESP", "IT.VS.WEIGHT"],
                )],
                per_subject: 500,
            }
        } else {
            Self { event: "SE.V", forms: &[("F.VS", "IG.VS", &["IT.SYSBP", "IT.DIABP"])], per_subject: 500 }
        }
    }

    /// The `n`th thing entered for a subject: which item at which visit.
    fn spot(&self, n: u64) -> (FormKey, Oid, Oid) {
        let items: u64 = self.forms.iter().map(|form| form.2.len() as u64).sum();
        let (mut at, visit) = (n % items, n / items + 1);
        for (form, group, list) in self.forms {
            if at < list.len() as u64 {
                let key = EventKey::new(self.event, visit.to_string().as_str()).form(*form, "1");
                return (key, Oid::from(*group), Oid::from(list[at as usize]));
            }
            at -= list.len() as u64;
        }
        unreachable!("n % items is below the number of items")
    }

    fn act(&self, book: &casebook::Book, subject: &str, n: u64, value: &str) -> ItemsSet {
        let (form, group, item) = self.spot(n);
        let cell = form.cell(&group, "1", &item);
        let item = ItemSet {
            group,
            repeat: "1".into(),
            item,
            value: Some(Stored::Plain(Private::from(value))),
            missing: None,
            unit: None,
            raw: None,
            bases: book.cell_bases(&cell),
            reason: None,
        };
        ItemsSet { subject: Oid::from(subject), form, items: vec![item] }
    }
}

fn found(place: &VaultPlace, study_xml: Vec<u8>) -> Result<Open, VaultError> {
    let founding = Founding {
        study_xml,
        site: "S01".into(),
        device: "S01-abcdefgh".into(),
        signing: SigningKey::make()?,
        identity: Identity::make(),
        settings: Vec::new(),
    };
    let first = NewUser { user: "nurse1", password: PASSWORD, cost: Cost::floor() };
    Open::found(place, &founding, &first, &stamp(0), |tx, key| {
        let key = Some(key.to_string());
        tx.write(UserAdded { user: Oid::from("nurse1"), name: "Nurse (sample)".into(), role: Role::Nurse, key })
            .map(drop)
    })
}

fn saves(open: &mut Open, shape: &Shape, subject: &str, from: u64) -> Result<Vec<Duration>, VaultError> {
    open.book(subject)?;
    let mut times = Vec::with_capacity(SAVES);
    for n in 0..SAVES as u64 {
        let value = (100 + n % 80).to_string();
        let start = Instant::now();
        open.transact(&stamp(from + n), |tx| {
            let act = shape.act(tx.book(subject)?, subject, n % shape.per_subject, &value);
            tx.write(act)
        })?;
        times.push(start.elapsed());
    }
    Ok(times)
}

fn drafts(open: &mut Open, shape: &Shape) -> Result<Vec<Duration>, VaultError> {
    let (form, group, item) = shape.spot(0);
    let cell = form.cell(&group, "1", &item);
    let mut times = Vec::new();
    for n in 0..200u64 {
        let start = Instant::now();
        open.save_draft("S01-0007", &cell, &n.to_string(), &stamp(1_900_000_000 + n))?;
        times.push(start.elapsed());
    }
    Ok(times)
}

fn fill(open: &mut Open, shape: &Shape, entries: u64) -> Result<(), VaultError> {
    let per = shape.per_subject;
    for batch in 0..entries.div_ceil(per * 10) {
        open.transact(&stamp(10_000 + batch), |tx| {
            for subject in (batch * 10..batch * 10 + 10).filter(|n| n * per < entries) {
                let name = format!("S01-{subject:04}");
                tx.write(SubjectRegistered { subject: Oid::from(name.as_str()), site: Oid::from("S01") })?;
                for n in 0..per - 1 {
                    // The book need not be settled between acts that do not depend on each other.
                    let act = shape.act(&casebook::Book::new(), &name, n, "120");
                    tx.write(act)?;
                }
            }
            Ok::<_, VaultError>(())
        })?;
    }
    Ok(())
}

fn bare_commits(folder: &Path) -> Result<Vec<Duration>, rusqlite::Error> {
    let file = folder.join("bare.db");
    let _ = std::fs::remove_file(&file);
    let sql = Connection::open(&file)?;
    sql.pragma_update(None, "key", format!("x'{}'", "ab".repeat(32)))?;
    sql.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    sql.pragma_update(None, "synchronous", "FULL")?;
    sql.execute_batch("CREATE TABLE row (n INTEGER PRIMARY KEY, line BLOB NOT NULL)")?;
    let line = vec![7u8; 420];
    let mut times = Vec::with_capacity(SAVES);
    for _ in 0..SAVES {
        let start = Instant::now();
        sql.prepare_cached("INSERT INTO row (line) VALUES (?1)")?.execute([&line])?;
        times.push(start.elapsed());
    }
    Ok(times)
}

/// Says how much processor time each of the saves took: what stays the same on a busy machine.
fn on_cpu<T>(name: &str, work: impl FnOnce() -> T) -> T {
    let nanos = || -> f64 {
        let stat = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
        stat.split_whitespace().next().and_then(|n| n.parse().ok()).unwrap_or_default()
    };
    let before = nanos();
    let done = work();
    println!("{name:<28} {:>9.3} ms of processor each", (nanos() - before) / 1e6 / SAVES as f64);
    done
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn report(name: &str, times: &[Duration]) {
    let mut sorted = times.to_vec();
    sorted.sort();
    let at = |part: f64| ms(sorted[((sorted.len() - 1) as f64 * part) as usize]);
    println!("{name:<28} {:>9.3} ms median  {:>8.3} ms p99  {:>8.3} ms max", at(0.5), at(0.99), at(1.0));
}

/// Peak resident memory in megabytes, where the system tells.
fn peak_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kb| kb.parse::<f64>().ok()).unwrap_or_default() / 1e3
}
