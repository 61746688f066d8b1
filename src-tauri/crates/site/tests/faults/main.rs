//! An error is a crash: every system call of what people do at a site computer fails, once or for ever, and afterwards the
//! right password opens a vault in which everything is that was acknowledged.
//!
//! `shim.c` makes the calls fail. A run takes every `OUTPOST_FAULTS`-th fault of each workflow (1: all of them; 61 where
//! nothing is said), divided among as many processes as there are processors.

mod outcome;
#[allow(dead_code, reason = "the scenarios' language is that of the other tests")]
#[path = "../site/stage.rs"]
mod stage;
mod workflows;

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use workflows::WORKFLOWS;

/// Tells the test binary to be a worker: which one of how many.
const ROLE: &str = "OUTPOST_FAULTS_WORKER";
/// Every how manieth fault is tried.
const STRIDE: &str = "OUTPOST_FAULTS";
/// Where the shim lets calls fail.
const ROOT: &str = "OUTPOST_FAULTS_ROOT";
const USUAL_STRIDE: usize = 61;

/// What fails after the first failure.
#[derive(Clone, Copy, Debug)]
enum Lasting {
    /// Nothing.
    Once,
    /// Every call of the same kind.
    Kind,
    /// Every call.
    All,
}

/// One fault.
#[derive(Clone, Copy, Debug)]
struct Fault {
    workflow: usize,
    /// Which call fails, counted from 0.
    call: usize,
    lasting: Lasting,
    errno: i32,
}

/// EIO and ENOSPC: what a failing and what a full disk say.
const ERRORS: [i32; 2] = [5, 28];

#[test]
fn nothing_acknowledged_is_lost_whatever_system_call_fails() {
    let folder = tempfile::tempdir().expect("a folder");
    let Some(shim) = build_shim(folder.path()) else {
        println!("skipped: the faults need Linux and a C compiler (`cc`)");
        return;
    };
    let root = folder.path().join("root");
    std::fs::create_dir(&root).expect("a folder");
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let children: Vec<_> = (0..workers)
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
    let (mut faults, mut broken) = (0, Vec::new());
    for mut child in children {
        let said = BufReader::new(child.stdout.take().expect("piped")).lines().map_while(Result::ok);
        let mut done = false;
        for line in said {
            match line.split_once("fault: ").map(|(_, words)| words) {
                Some("end") => done = true,
                Some("good") => faults += 1,
                Some(words) => broken.push(words.to_owned()),
                None => {}
            }
        }
        child.wait().expect("ends");
        assert!(done, "a worker ended before its time; the last that it said: {:?}", broken.last());
    }
    println!("{} workflows, {} faults: {} held", WORKFLOWS.len(), faults + broken.len(), faults);
    assert!(broken.is_empty(), "{} faults broke a promise:\n{}", broken.len(), broken.join("\n"));
    assert!(faults > 100, "too few calls failed for this to say anything: {faults}");
}

/// A worker's part: runs only in the processes that the other test starts.
#[test]
fn worker() {
    let Ok(role) = std::env::var(ROLE) else { return };
    let (number, workers) = role.split_once('/').expect("which of how many");
    let (number, workers): (usize, usize) = (number.parse().expect("a number"), workers.parse().expect("a number"));
    let stride = std::env::var(STRIDE).ok().and_then(|stride| stride.parse().ok()).unwrap_or(USUAL_STRIDE).max(1);
    let faults = all_faults();
    println!("\nfault: {} of {} faults, every {stride}th", faults.len() / stride, faults.len());
    for fault in faults.into_iter().step_by(stride).skip(number).step_by(workers) {
        match outcome::of(fault) {
            Ok(()) => println!("\nfault: good"),
            Err(lost) => println!("\nfault: {} {fault:?}: {lost}", WORKFLOWS[fault.workflow].name),
        }
    }
    println!("\nfault: end");
}

/// Every fault of every workflow: each call that it makes, each way to fail.
fn all_faults() -> Vec<Fault> {
    let mut faults = Vec::new();
    for (workflow, it) in WORKFLOWS.iter().enumerate() {
        let calls = outcome::calls_of(it);
        for call in 0..calls {
            for lasting in [Lasting::Once, Lasting::Kind, Lasting::All] {
                faults.extend(ERRORS.map(|errno| Fault { workflow, call, lasting, errno }));
            }
        }
    }
    faults
}

/// Compiles the shim; none where that is not possible.
fn build_shim(folder: &Path) -> Option<std::path::PathBuf> {
    if !cfg!(target_os = "linux") {
        return None;
    }
    let (source, shim) = (folder.join("shim.c"), folder.join("shim.so"));
    std::fs::write(&source, include_str!("shim.c")).expect("written");
    let built = Command::new("cc").args(["-shared", "-fPIC", "-O2", "-o"]).args([&shim, &source]).arg("-ldl").status();
    match built {
        Ok(status) => {
            assert!(status.success(), "the shim does not compile");
            Some(shim)
        }
        Err(_) => None,
    }
}
