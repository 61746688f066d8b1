//! An error is a crash: makes each system call of a workflow fail, once or for ever, and asks afterwards whether every promise
//! is kept. `shim.c` makes the calls fail; a room brings its workflows and its promises.
//!
//! A run takes every `OUTPOST_FAULTS`-th fault (1: all of them), divided among as many processes as there are processors.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// Tells the test binary to be a worker: which one of how many.
const ROLE: &str = "OUTPOST_FAULTS_WORKER";
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
    pub workflow: usize,
    /// Which call fails, counted from 0.
    pub call: usize,
    lasting: Lasting,
    errno: i32,
}

impl Fault {
    /// Runs something while this fault happens.
    pub fn during<T>(&self, work: impl FnOnce() -> T) -> T {
        arm(i64::try_from(self.call).expect("small"), self.lasting, self.errno);
        let done = work();
        disarm();
        done
    }
}

/// How many calls something makes when none fails.
pub fn count_calls(work: impl FnOnce()) -> usize {
    arm(-1, Lasting::Once, 0);
    work();
    disarm()
}

/// What a room tries.
pub struct Trial {
    /// The name of each workflow.
    pub names: Vec<&'static str>,
    /// How many calls a workflow makes.
    pub calls_of: fn(usize) -> usize,
    /// Lets a fault happen; the promise that it broke, in words.
    pub outcome: fn(Fault) -> Result<(), String>,
    /// Every how manieth fault is tried where nothing is said.
    pub stride: usize,
}

/// Lets faults happen in processes beside this one, each of them the test `worker`.
///
/// # Panics
/// When a promise was broken.
pub fn drive(trial: &Trial) {
    let folder = tempfile::tempdir().expect("a folder");
    let Some(shim) = build_shim(folder.path()) else {
        println!("skipped: the faults need Linux and a C compiler (`cc`)");
        return;
    };
    let root = folder.path().join("root");
    std::fs::create_dir(&root).expect("a folder");
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let children: Vec<Child> = (0..workers)
        .map(|number| {
            Command::new(std::env::current_exe().expect("this binary"))
                .args(["worker", "--exact", "--nocapture"])
                .env(ROLE, format!("{number}/{workers}"))
                .env(ROOT, &root)
                .env("TMPDIR", &root)
                .env("LD_PRELOAD", &shim)
                .stdout(Stdio::piped())
                .spawn()
                .expect("starts")
        })
        .collect();
    let (mut held, mut broken) = (0, Vec::new());
    for child in children {
        let (good, bad) = listen(child);
        held += good;
        broken.extend(bad);
    }
    println!("{} workflows, {} faults: {held} held", trial.names.len(), held + broken.len());
    assert!(broken.is_empty(), "{} faults broke a promise:\n{}", broken.len(), broken.join("\n"));
    assert!(held > 100, "too few calls failed for this to say anything: {held}");
}

/// How many faults a worker saw held, and the words for the others.
fn listen(mut child: Child) -> (usize, Vec<String>) {
    let said = BufReader::new(child.stdout.take().expect("piped")).lines().map_while(Result::ok);
    let (mut held, mut broken, mut last, mut ended) = (0, Vec::new(), String::new(), false);
    for line in said {
        match line.split_once("fault: ") {
            Some((_, "end")) => ended = true,
            Some((_, "held")) => held += 1,
            Some((_, words)) if words.starts_with("next ") => words.clone_into(&mut last),
            Some((_, words)) => broken.push(words.to_owned()),
            None => {}
        }
    }
    child.wait().expect("ends");
    assert!(ended, "a worker ended before its time, after {last}");
    (held, broken)
}

/// A worker's part; nothing in a process that [`drive`] did not start.
pub fn work(trial: &Trial) {
    let Ok(role) = std::env::var(ROLE) else { return };
    let (number, workers) = role.split_once('/').expect("which of how many");
    let (number, workers): (usize, usize) = (number.parse().expect("a number"), workers.parse().expect("a number"));
    let stride = std::env::var(STRIDE).ok().and_then(|stride| stride.parse().ok()).unwrap_or(trial.stride).max(1);
    let faults = all_faults(trial);
    for fault in faults.into_iter().step_by(stride).skip(number).step_by(workers) {
        println!("\nfault: next {} {fault:?}", trial.names[fault.workflow]);
        match (trial.outcome)(fault) {
            Ok(()) => println!("\nfault: held"),
            Err(lost) => println!("\nfault: {} {fault:?}: {lost}", trial.names[fault.workflow]),
        }
    }
    println!("\nfault: end");
}

/// Every fault of every workflow: each call that it makes, each way to fail.
fn all_faults(trial: &Trial) -> Vec<Fault> {
    let mut faults = Vec::new();
    for workflow in 0..trial.names.len() {
        for call in 0..(trial.calls_of)(workflow) {
            for lasting in [Lasting::Once, Lasting::Kind, Lasting::All] {
                faults.extend(ERRORS.map(|errno| Fault { workflow, call, lasting, errno }));
            }
        }
    }
    faults
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
