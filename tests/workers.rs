//! Work divided among processes beside this one, as many as there are processors: each is the test `worker` of the same
//! binary, so that what ends a process (a stack that is full, memory that is gone) ends no test run, and is named.
//!
//! A worker says what it does on lines of its own. That one says its last word is the sign that it came to its end.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::panic::resume_unwind;
use std::process::{Child, Command, Stdio};
use std::thread;

/// Tells the test binary to be a worker: which one of how many.
const ROLE: &str = "OUTPOST_WORKER";
/// Begins a worker's line.
const SAYS: &str = "worker: ";
/// What a worker is about to do; said again where it ends before its time.
const NEXT: &str = "next ";
/// A worker's last word.
const END: &str = "end";

/// Which worker of how many this process is.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// From 0.
    pub number: usize,
    /// How many there are.
    pub of: usize,
}

impl Part {
    /// The part of this process.
    ///
    /// # Panics
    /// In a process that [`run`] did not start.
    pub fn own() -> Self {
        let role = std::env::var(ROLE).expect("only the test that starts it may run a worker");
        let (number, of) = role.split_once('/').expect("which of how many");
        Self { number: number.parse().expect("a number"), of: of.parse().expect("a number") }
    }

    /// What falls to this process.
    pub fn share<T>(self, all: impl IntoIterator<Item = T>) -> impl Iterator<Item = T> {
        all.into_iter().skip(self.number).step_by(self.of)
    }
}

/// Says a line to whoever started this worker.
pub fn say(words: &str) {
    // The test runner may have begun a line.
    println!("\n{SAYS}{words}");
}

/// Says what comes next.
pub fn say_next(words: &str) {
    say(&format!("{NEXT}{words}"));
}

/// Says that this worker came to its end.
pub fn say_end() {
    say(END);
}

/// Runs the test `worker` in processes beside this one, under these variables, and hands on each line that one says.
///
/// # Panics
/// When a worker ended before its time; names what it was about to do.
pub fn run(variables: &[(&str, &OsStr)], heard: &(dyn Fn(&str) + Sync)) {
    let of = thread::available_parallelism().map_or(1, usize::from);
    let start = |number: usize| {
        let mut command = Command::new(std::env::current_exe().expect("this binary"));
        command.args(["worker", "--exact", "--ignored", "--nocapture"]);
        command.env(ROLE, format!("{number}/{of}")).envs(variables.iter().copied());
        command.stdout(Stdio::piped()).spawn().expect("starts")
    };
    thread::scope(|scope| {
        let listening: Vec<_> = (0..of).map(|number| scope.spawn(move || listen(start(number), heard))).collect();
        for one in listening {
            one.join().unwrap_or_else(|broken| resume_unwind(broken));
        }
    });
}

fn listen(mut child: Child, heard: &(dyn Fn(&str) + Sync)) {
    let said = BufReader::new(child.stdout.take().expect("piped")).lines().map_while(Result::ok);
    let (mut last, mut ended) = (String::new(), false);
    for line in said {
        let Some((_, words)) = line.split_once(SAYS) else { continue };
        match words.strip_prefix(NEXT) {
            Some(next) => next.clone_into(&mut last),
            None if words == END => ended = true,
            None => heard(words),
        }
    }
    child.wait().expect("ends");
    assert!(ended, "a worker ended before its time, at {last}");
}
