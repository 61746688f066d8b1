//! The shell's part in the program's own log: where it lies, and what of an act goes into it.

use std::time::Instant;

use program_log::LevelFilter;
use tauri::{AppHandle, Runtime};

use crate::answer::Answer;
use crate::window;

/// Starts the log. A computer on which it cannot be written is worked on all the same: the log serves whoever looks after
/// the program, nobody's record depends on it.
pub fn start<R: Runtime>(app: &AppHandle<R>) {
    let folder = window::logs(app);
    if let Err(error) = &folder {
        eprintln!("Outpost keeps no log in files: {error}");
    }
    if let Err(error) = program_log::start("outpost", folder.ok().as_deref(), LevelFilter::INFO) {
        eprintln!("Outpost goes on without a log: {error}");
    }
}

/// Does an act and notes its name, how long its answer took (with what a person took for a dialog) and, where it was
/// refused, the stable code. A refusal's message stays out: it may name a place.
pub async fn noted<T>(name: &str, act: impl Future<Output = Answer<T>>) -> Answer<T> {
    let began = Instant::now();
    let answer = act.await;
    program_log::act(name, began.elapsed(), answer.as_ref().err().map(|refused| &refused.code));
    answer
}
