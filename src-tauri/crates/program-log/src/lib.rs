//! The program's own log: each act's name, duration and outcome, for whoever looks after the program. It never holds a
//! value, a name or a word of a participant; the canary test reads it. Programs alone use this room: the desktop shell and
//! `outpost-center`. No other room may use `tracing`, so that [`act`] is all that is ever written of an act, and the place in
//! the source all of one that broke off.
//!
//! Levels are set by the variable `OUTPOST_LOG` (`off`, `warn`, `info`; see `tracing_subscriber::EnvFilter`).

use std::fmt::Display;
use std::io::{IsTerminal, Write, stderr};
use std::path::Path;
use std::time::Duration;

use tracing_appender::rolling::{InitError, RollingFileAppender, Rotation};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::layer;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::{SubscriberInitExt, TryInitError};

pub use tracing_subscriber::filter::LevelFilter;

/// The variable that sets the levels.
pub const VARIABLE: &str = "OUTPOST_LOG";
/// Files that are kept, one a day.
const KEPT_FILES: usize = 14;

/// Why there is no log. The program goes on without one.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The folder cannot be made or written.
    #[error("no log can be written: {0}")]
    Folder(#[from] InitError),
    /// Something in this process writes a log already.
    #[error("a log is written already: {0}")]
    Twice(#[from] TryInitError),
}

/// Starts the log on standard error and, where a folder is given, in files of one day each, `NAME.2026-11-29.log`, of which
/// the last fourteen are kept.
///
/// # Errors
/// [`LogError`]; the program can go on without its log.
pub fn start(name: &str, folder: Option<&Path>, usual: LevelFilter) -> Result<(), LogError> {
    let filter = filter(&std::env::var(VARIABLE).unwrap_or_default(), usual);
    // A full disk or a terminal that was closed costs the log a line. Told on standard error, where that is gone too, it
    // would cost the program its act: `eprintln!` panics.
    let to_stderr =
        layer().log_internal_errors(false).with_target(false).with_ansi(stderr().is_terminal()).with_writer(stderr);
    let files = folder.map(|folder| files(name, folder)).transpose()?;
    let to_files = files.map(|files| layer().log_internal_errors(false).with_ansi(false).with_writer(files));
    Ok(tracing_subscriber::registry().with(filter).with(to_stderr).with(to_files).try_init()?)
}

/// The levels that are asked for. A word that is none would be taken for the name of a program, and silence all others: the
/// usual level holds then, and that is said.
fn filter(asked: &str, usual: LevelFilter) -> EnvFilter {
    let builder = || EnvFilter::builder().with_default_directive(usual.into());
    let is_known = |part: &str| part.contains('=') || part.parse::<LevelFilter>().is_ok();
    let all_known = asked.is_empty() || asked.split(',').all(is_known);
    if let Some(filter) = all_known.then(|| builder().parse(asked).ok()).flatten() {
        return filter;
    }
    // As below: a terminal that was closed costs no more than this line.
    let _ = writeln!(stderr(), "{VARIABLE}: {asked:?} is no level (off, error, warn, info); the usual one holds");
    builder().parse_lossy("")
}

fn files(name: &str, folder: &Path) -> Result<RollingFileAppender, InitError> {
    RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix(name)
        .filename_suffix("log")
        .max_log_files(KEPT_FILES)
        .build(folder)
}

/// Notes that an act was done: its name, how long it took, and the stable code of its refusal where it was refused.
pub fn act(name: &str, took: Duration, refused: Option<impl Display>) {
    let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    match refused {
        None => tracing::info!(act = name, ms, "done"),
        Some(code) => tracing::warn!(act = name, ms, %code, "refused"),
    }
}

/// Notes from here on where the program panics, and not one word of why: what a panic says may hold a value.
pub fn note_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "broke off");
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_act_is_in_the_file_with_its_outcome_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        start("outpost", Some(folder.path()), LevelFilter::INFO).expect("a log");
        assert!(matches!(start("outpost", None, LevelFilter::INFO), Err(LogError::Twice(_))));
        act("save_item", Duration::from_millis(7), None::<&str>);
        act("unlock", Duration::from_millis(300), Some("wrong_password"));
        // security.md, M9: a panic's own words may hold what a person typed.
        note_panics();
        let broken = std::thread::spawn(|| panic!("KANARIENVOGEL")).join();
        // What fails below is to be read.
        drop(std::panic::take_hook());
        assert!(broken.is_err());
        let file = std::fs::read_dir(folder.path()).expect("the folder").next().expect("a file").expect("an entry");
        let text = std::fs::read_to_string(file.path()).expect("the log");
        assert!(text.contains("act=\"save_item\" ms=7") && text.contains("code=wrong_password"), "{text}");
        assert!(text.contains("broke off place=") && text.contains("lib.rs:"), "{text}");
        assert!(!text.contains("KANARIENVOGEL"), "{text}");
        assert_eq!(text.lines().count(), 3, "{text}");
    }
}
