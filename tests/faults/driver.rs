//! An error is a crash: makes each system call of a workflow fail, once or for ever, and asks afterwards whether every promise
//! is kept. `shim.c` makes the calls fail; a room brings its workflows and its promises.
//!
//! A run takes every `OUTPOST_FAULTS`-th fault (1: all of them), divided among as many processes as there are processors.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

use crate::workers::{self, Part};

/// Every how manieth fault is tried.
const STRIDE: &str = "OUTPOST_FAULTS";
/// Where the shim lets calls fail.
const ROOT: &str = "OUTPOST_FAULTS_ROOT";
/// EIO and ENOSPC: what a failing and what a full disk say.
const ERRORS: [i32; 2] = [5, 28];

/// What fails after the first failure.
#[derive(Clone, Copy, Debug)]
pub enum Lasting {
    /// Nothing.
    Once,
    /// Every call of the same kind.
    Kind,
    /// Every call.
    All,
}

/// One fault.
#[derive(Clone, Copy, Debug)]
pub struct Fault {
    /// Which workflow, by its place.
    workflow: usize,
    /// Which call fails, counted from 0.
    pub call: usize,
    lasting: Lasting,
    errno: i32,
}

impl Fault {
    /// Runs something while this fault happens.
    fn during<T>(&self, work: impl FnOnce() -> T) -> T {
        arm(i64::try_from(self.call).expect("small"), self.lasting, self.errno);
        let done = work();
        disarm();
        done
    }
}

/// What a room's workflows play on: a computer with what somebody was told of it.
pub trait Stage: Sized {
    /// As it is before anything is done.
    fn new() -> Self;

    /// Whether everything holds that was told while the fault happened.
    ///
    /// # Errors
    /// The promise that was broken, in words.
    fn judge(self, fault: Fault) -> Result<(), String>;
}

/// One thing that people do.
pub struct Workflow<S> {
    pub name: &'static str,
    /// What comes before: no call fails yet.
    pub before: fn(&mut S),
    /// The workflow itself.
    pub run: fn(&mut S),
}

impl<S: Stage> Workflow<S> {
    fn begin(&self) -> S {
        let mut stage = S::new();
        (self.before)(&mut stage);
        stage
    }

    /// How many calls it makes when none fails.
    fn calls(&self) -> usize {
        let mut stage = self.begin();
        arm(-1, Lasting::Once, 0);
        (self.run)(&mut stage);
        disarm()
    }

    /// Lets one fault happen; the promise that it broke, in words.
    fn outcome(&self, fault: Fault) -> Result<(), String> {
        let mut stage = self.begin();
        fault.during(|| (self.run)(&mut stage));
        stage.judge(fault)
    }
}

/// What a room tries.
pub struct Trial<S: 'static> {
    pub workflows: &'static [Workflow<S>],
    /// Every how manieth fault is tried where nothing is said.
    pub stride: usize,
}

impl<S: Stage> Trial<S> {
    /// Lets faults happen in processes beside this one, each of them the test `worker`.
    ///
    /// # Panics
    /// When a promise was broken.
    pub fn drive(&self) {
        let folder = tempfile::tempdir().expect("a folder");
        let Some(shim) = build_shim(folder.path()) else {
            println!("skipped: the faults need Linux and a C compiler (`cc`)");
            return;
        };
        let root = folder.path().join("root");
        std::fs::create_dir(&root).expect("a folder");
        let (root, shim) = (root.as_os_str(), shim.as_os_str());
        let (held, broken) = (Mutex::new(BTreeMap::<String, usize>::new()), Mutex::new(Vec::new()));
        workers::run(
            &[(ROOT, root), ("TMPDIR", root), ("LD_PRELOAD", shim)],
            &|words| match words.strip_prefix("held ") {
                Some(name) => *held.lock().expect("whole").entry(name.to_owned()).or_default() += 1,
                None => broken.lock().expect("whole").push(words.to_owned()),
            },
        );
        let (held, broken) = (held.into_inner().expect("whole"), broken.into_inner().expect("whole"));
        held.iter().for_each(|(name, count)| println!("{count:>7} {name}"));
        let held: usize = held.values().sum();
        println!("{} workflows, {} faults: {held} held", self.workflows.len(), held + broken.len());
        assert!(broken.is_empty(), "{} faults broke a promise:\n{}", broken.len(), broken.join("\n"));
        assert!(held > 100, "too few calls failed for this to say anything: {held}");
    }

    /// A worker's part.
    ///
    /// # Panics
    /// In a process that [`Trial::drive`] did not start.
    pub fn work(&self) {
        let part = Part::own();
        let stride = std::env::var(STRIDE).ok().and_then(|stride| stride.parse().ok()).unwrap_or(self.stride).max(1);
        for fault in part.share(self.faults().into_iter().step_by(stride)) {
            let workflow = &self.workflows[fault.workflow];
            workers::say_next(&format!("{} {fault:?}", workflow.name));
            match workflow.outcome(fault) {
                Ok(()) => workers::say(&format!("held {}", workflow.name)),
                Err(lost) => workers::say(&format!("{} {fault:?}: {lost}", workflow.name)),
            }
        }
        workers::say_end();
    }

    /// Every fault of every workflow: each call that it makes, each way to fail.
    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        for (number, workflow) in self.workflows.iter().enumerate() {
            for call in 0..workflow.calls() {
                for lasting in [Lasting::Once, Lasting::Kind, Lasting::All] {
                    faults.extend(ERRORS.map(|errno| Fault { workflow: number, call, lasting, errno }));
                }
            }
        }
        faults
    }
}

/// Compiles the shim; none where that is not possible.
fn build_shim(folder: &Path) -> Option<PathBuf> {
    if !cfg!(target_os = "linux") {
        return None;
    }
    let (source, shim) = (folder.join("shim.c"), folder.join("shim.so"));
    std::fs::write(&source, include_str!("shim.c")).expect("written");
    let built = Command::new("cc").args(["-shared", "-fPIC", "-O2", "-o"]).args([&shim, &source]).arg("-ldl").status();
    let status = built.ok()?;
    assert!(status.success(), "the shim does not compile");
    Some(shim)
}

fn arm(call: i64, lasting: Lasting, errno: i32) {
    let lasting = match lasting {
        Lasting::Once => "once",
        Lasting::Kind => "kind",
        Lasting::All => "all",
    };
    std::fs::File::open(format!("/outpost-faults/arm/{call}/{lasting}/{errno}")).expect("the shim is there");
}

/// No call fails any more; gives how many there were.
fn disarm() -> usize {
    let said = std::fs::read_to_string("/outpost-faults/off").expect("the shim is there");
    said.split(' ').next().and_then(|count| count.parse().ok()).expect("a number")
}
