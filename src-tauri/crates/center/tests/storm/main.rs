//! A storm of bundles from one approved device, and from strangers, over a center with three sites: a million that somebody
//! changed at any of the layers of which a bundle is made, and a hundred thousand that are well-formed and absurd. None of them
//! makes it panic, none makes it refuse another site's bundle, none changes another site's subject.
//!
//! CI tries a sample; `cargo xtask storm` tries all. A case is known by its batch and its number in it; a batch falls on a copy
//! of the same center, case after case. `OUTPOST_STORM_BATCH="absurd 17"` tries that batch alone.

mod absurd;
#[allow(dead_code, reason = "the scenarios' language is that of the other tests")]
#[path = "../center/device.rs"]
mod device;
mod forge;
mod ground;
mod limits;
mod mutant;
#[path = "../../../../../tests/mutate.rs"]
mod mutate;
#[path = "../../../../../tests/workers.rs"]
mod workers;

use std::collections::BTreeMap;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use absurd::Seeds;
use center::{ImportedBundle, Outcome};
use ground::{Base, Ground};
use mutant::{Case, Workshop};
use mutate::Chance;
use workers::Part;

/// How many bundles are changed; a tenth as many are absurd.
const BUNDLES: &str = "OUTPOST_STORM";
/// Where chance begins.
const SEED: &str = "OUTPOST_STORM_SEED";
/// The only batch to try.
const BATCH: &str = "OUTPOST_STORM_BATCH";
/// What CI tries.
const SAMPLE: u64 = 6_000;
/// Longer than any bundle of this size may take.
const LONGEST: Duration = Duration::from_secs(20);

/// Panics of any thread: one that reads a payload is its own.
static PANICS: AtomicUsize = AtomicUsize::new(0);

/// Bundles that fall on one copy of the center.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Batch {
    is_absurd: bool,
    number: u64,
    size: u64,
}

impl Batch {
    fn all() -> Vec<Self> {
        let bundles = number_in(BUNDLES).unwrap_or(SAMPLE);
        let of = |is_absurd: bool, bundles: u64, size: u64| {
            (0..bundles.div_ceil(size)).map(move |number| Self {
                is_absurd,
                number,
                size: size.min(bundles - number * size),
            })
        };
        let only = std::env::var(BATCH).ok();
        let all = of(true, bundles / 10, 200).chain(of(false, bundles, 1_000));
        all.filter(|batch| only.as_ref().is_none_or(|only| *only == batch.name())).collect()
    }

    fn kind(self) -> &'static str {
        if self.is_absurd { "absurd" } else { "changed" }
    }

    fn name(self) -> String {
        format!("{} {}", self.kind(), self.number)
    }
}

fn number_in(variable: &str) -> Option<u64> {
    std::env::var(variable).ok().and_then(|number| number.parse().ok())
}

/// Issue 9, C1, C3, H1, M3 and their kind.
#[test]
fn c1_no_bundle_of_one_site_harms_another() {
    // In memory where there is such a place: what is tried is not whether a disk keeps what it is given.
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    let folder = folder.expect("a folder");
    let (counts, broken) = (Mutex::new(BTreeMap::<String, u64>::new()), Mutex::new(Vec::new()));
    let begun = Instant::now();
    workers::run(&[("TMPDIR", folder.path().as_os_str()), ("TMP", folder.path().as_os_str())], &|words| match words
        .strip_prefix("count ")
        .and_then(|words| words.split_once(' '))
    {
        Some((count, of)) => {
            *counts.lock().expect("whole").entry(of.to_owned()).or_default() += count.parse::<u64>().expect("a count");
        }
        None => {
            // At once: a whole run takes long, and whoever stops it wants to know.
            println!("{words}");
            broken.lock().expect("whole").push(words.to_owned());
        }
    });
    let (counts, broken) = (counts.into_inner().expect("whole"), broken.into_inner().expect("whole"));
    counts.iter().for_each(|(of, count)| println!("{count:>9} {of}"));
    let bundles: u64 = counts.iter().filter(|(of, _)| !of.contains("released")).map(|(_, count)| count).sum();
    println!("{bundles} bundles in {} s", begun.elapsed().as_secs());
    assert!(broken.is_empty(), "{} batches did harm:\n{}", broken.len(), broken.join("\n"));
    let accepted = |kind: &str| counts.get(&format!("{kind} accepted")).copied().unwrap_or(0);
    let total = Batch::all().iter().map(|batch| batch.size).sum::<u64>();
    assert_eq!(bundles, total, "each has an outcome");
    let is_whole = std::env::var_os(BATCH).is_none();
    assert!(!is_whole || accepted("absurd") * 4 > total / 11, "too few were taken in for this to say anything");
    assert!(!is_whole || accepted("changed") > 0);
}

#[test]
#[ignore = "runs only in the processes that the test above starts"]
fn worker() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |told| {
        PANICS.fetch_add(1, Ordering::Relaxed);
        usual(told);
    }));
    let (part, seeds, base) = (Part::own(), Seeds::read(), Base::new());
    let seed = number_in(SEED).unwrap_or(1);
    for batch in part.share(Batch::all()) {
        let mut counts = BTreeMap::new();
        let storm = Storm { seeds: &seeds, base: &base, seed, batch };
        if let Err(harm) = storm.blow(&mut counts) {
            workers::say(&format!("{} with seed {seed}: {}", batch.name(), harm.replace('\n', " ")));
        }
        for (outcome, count) in counts {
            workers::say(&format!("count {count} {} {outcome}", batch.kind()));
        }
    }
    workers::say_end();
}

/// One batch.
struct Storm<'a> {
    seeds: &'a Seeds,
    base: &'a Base,
    seed: u64,
    batch: Batch,
}

impl Storm<'_> {
    /// Lets the batch fall on a center, and looks at it afterwards.
    ///
    /// # Errors
    /// The harm that was done, in words.
    fn blow(&self, counts: &mut BTreeMap<String, u64>) -> Result<(), String> {
        let ground = self.base.lay();
        let mut workshop = Workshop::new(self.seeds, self.base, &ground);
        let half = if self.batch.is_absurd { 1 << 63 } else { 0 };
        for number in 0..self.batch.size {
            let mut chance = Chance::new(self.seed, half | self.batch.number << 20 | number);
            let case = workshop.case(self.batch.is_absurd, &mut chance);
            workers::say_next(&format!("{}, bundle {number}, {:?}", self.batch.name(), case.way));
            let fallen = fall(&ground, &case, number);
            fallen.map(|said| count(&said, counts)).map_err(|harm| {
                let kept = keep(&case.bytes);
                format!("bundle {number}, {:?} (kept in {kept}): {harm}", case.way)
            })?;
        }
        drop(workshop);
        let unharmed = catch_unwind(AssertUnwindSafe(|| ground.stands_unharmed()));
        unharmed.unwrap_or_else(|_| Err("it panics afterwards".to_owned()))
    }
}

/// Hands one bundle in.
fn fall(ground: &Ground<'_>, case: &Case, number: u64) -> Result<Vec<ImportedBundle>, String> {
    let (panics, begun) = (PANICS.load(Ordering::Relaxed), Instant::now());
    let said = catch_unwind(AssertUnwindSafe(|| {
        let said = ground.hand_in(&case.bytes)?;
        // What was taken in is looked at while it is known which bundle brought it.
        if case.way == mutant::Way::Absurd && number.is_multiple_of(16) {
            ground.center.book(limits::OWN[0]).map_err(|error| format!("no book any more: {error}"))?;
        }
        Ok::<_, String>(said)
    }));
    let said = said.unwrap_or_else(|_| Err("it panics".to_owned()))?;
    if PANICS.load(Ordering::Relaxed) > panics {
        return Err("a thread panics".to_owned());
    }
    if begun.elapsed() > LONGEST {
        return Err(format!("it takes {} s", begun.elapsed().as_secs()));
    }
    let is_refused = matches!(said[0].outcome, Outcome::Refused { .. });
    if case.must_be_refused && !is_refused {
        return Err(format!("a forgery is taken for good: {}", said[0].outcome));
    }
    Ok(said)
}

fn count(said: &[ImportedBundle], counts: &mut BTreeMap<String, u64>) {
    for (number, one) in said.iter().enumerate() {
        let released = if number == 0 { "" } else { "released: " };
        let outcome = match &one.outcome {
            Outcome::Accepted { .. } => "accepted".to_owned(),
            Outcome::AlreadyHeld => "already held".to_owned(),
            Outcome::Parked { .. } => "parked".to_owned(),
            Outcome::Waiting { .. } => "waiting".to_owned(),
            Outcome::Fork { .. } => "fork".to_owned(),
            Outcome::Refused { code, .. } => format!("refused: {code}"),
        };
        *counts.entry(format!("{released}{outcome}")).or_default() += 1;
    }
}

/// Lays a bundle that did harm where it stays, for people to look at.
fn keep(bytes: &[u8]) -> String {
    let own = std::env::current_exe().unwrap_or_default();
    let target = own.ancestors().find(|folder| folder.ends_with("debug")).unwrap_or(Path::new("."));
    let file = target.join(format!("storm-{}.bundle", seal::hex::encode(&seal::sha256(bytes)[..6])));
    match std::fs::write(&file, bytes) {
        Ok(()) => file.display().to_string(),
        Err(error) => error.to_string(),
    }
}
