//! The log as a program has it: one process, one log. Each test runs this very program again as a program that starts its
//! log and does two acts.

use program_log::{LevelFilter, LogError, act, start};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use tempfile::TempDir;

/// Where the program that is run puts its log.
const FOLDER: &str = "PROGRAM_LOG_TEST_FOLDER";

/// The program that is run, not a test of its own: what it prints is `started` or why there is no log, then `done`.
#[test]
#[ignore = "run by the other tests, in a process of its own"]
fn program() {
    let folder = std::env::var_os(FOLDER).map(PathBuf::from);
    let started = start("outpost", folder.as_deref(), LevelFilter::INFO);
    match &started {
        Ok(()) => println!("started"),
        Err(error @ LogError::Folder(_)) => println!("folder: {error}"),
        Err(error @ LogError::Twice(_)) => println!("twice: {error}"),
    }
    act("save_item", Duration::from_micros(7_999), None::<&str>);
    act("unlock", Duration::MAX, Some("wrong_password"));
    println!("done");
}

/// What the program printed, what it wrote on standard error, and its log of today.
struct Said {
    printed: String,
    errors: String,
}

fn run(level: Option<&str>, folder: Option<&Path>) -> Said {
    let mut run = Command::new(std::env::current_exe().expect("this program"));
    run.args(["--exact", "program", "--ignored", "--nocapture", "--test-threads=1"]);
    run.env_remove(program_log::VARIABLE).env_remove(FOLDER);
    run.envs(level.map(|level| (program_log::VARIABLE, level))).envs(folder.map(|folder| (FOLDER, folder)));
    let output = run.output().expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    Said { printed: text(output.stdout), errors: text(output.stderr) }
}

/// The log's files in a folder, by name.
fn files(folder: &Path) -> Vec<String> {
    let listed = fs::read_dir(folder).expect("the folder");
    let mut names: Vec<String> =
        listed.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn an_act_is_noted_with_its_duration_on_standard_error_and_in_the_file_of_the_day() {
    let folder = TempDir::new().expect("a folder");
    let said = run(None, Some(folder.path()));
    assert!(said.printed.contains("started\n") && said.printed.contains("done\n"), "{}", said.printed);
    let names = files(folder.path());
    let day = names[0].strip_prefix("outpost.").and_then(|rest| rest.strip_suffix(".log")).expect("outpost.DAY.log");
    let shape: String = day.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    assert_eq!((names.len(), shape.as_str()), (1, "0000-00-00"));
    let file = fs::read_to_string(folder.path().join(&names[0])).expect("the log");
    for text in [&file, &said.errors] {
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 2, "{text}");
        assert!(lines[0].contains("INFO") && lines[0].ends_with("done act=\"save_item\" ms=7"), "{text}");
        let forever = format!("refused act=\"unlock\" ms={} code=wrong_password", u64::MAX);
        assert!(lines[1].contains("WARN") && lines[1].ends_with(&forever), "{text}");
        assert!(text.is_ascii() && !text.contains('\u{1b}'), "no colours where nobody sees them: {text:?}");
    }
    // Another run goes on in the same file, unless it is past midnight.
    run(None, Some(folder.path()));
    let again = fs::read_to_string(folder.path().join(&names[0])).expect("the log");
    assert!(again.starts_with(&file) && again.lines().count() == 4 || files(folder.path()).len() == 2, "{again}");
}

#[test]
fn the_variable_says_how_much_is_noted() {
    for (level, lines) in [
        (None, 2),
        (Some("info"), 2),
        (Some("INFO"), 2),
        (Some("trace"), 2),
        (Some("warn"), 1),
        (Some("error"), 0),
        (Some("off"), 0),
        (Some(""), 2),
        (Some("program_log=warn"), 1),
        (Some("another_program=trace"), 0),
        (Some("off,program_log=info"), 2),
    ] {
        let folder = TempDir::new().expect("a folder");
        let said = run(level, Some(folder.path()));
        assert_eq!(said.errors.lines().count(), lines, "{level:?}: {}", said.errors);
        let file = fs::read_to_string(folder.path().join(&files(folder.path())[0])).expect("the log");
        assert_eq!(file.lines().count(), lines, "{level:?}: {file}");
        assert!(!file.contains("save_item") || lines == 2, "{level:?}: {file}");
    }
}

/// A word that is no level must not silence the log, nor stop the program: the usual level holds, and that is said.
#[test]
fn an_unknown_level_is_said_and_the_usual_one_holds() {
    for level in ["loud", "inof", "7x", "warn,loud", " warn", "info=info=info", "\u{7535}"] {
        let folder = TempDir::new().expect("a folder");
        let said = run(Some(level), Some(folder.path()));
        let file = fs::read_to_string(folder.path().join(&files(folder.path())[0])).expect("the log");
        assert_eq!(file.lines().count(), 2, "{level}: {file}{}", said.errors);
        let words = format!("OUTPOST_LOG: \"{level}\" is no level (off, error, warn, info); the usual one holds\n");
        assert!(said.errors.starts_with(&words), "{level}: {}", said.errors);
    }
}

#[test]
fn a_folder_that_cannot_be_written_is_said_and_the_program_goes_on() {
    let folder = TempDir::new().expect("a folder");
    let file = folder.path().join("file");
    fs::write(&file, "mine (sample)").expect("written");
    for place in [file.clone(), file.join("below")] {
        let said = run(None, Some(&place));
        assert!(
            said.printed.contains("folder: no log can be written: ") && said.printed.contains("done\n"),
            "{}",
            said.printed
        );
        assert!(!said.errors.contains("act="), "without a log nothing is noted anywhere: {}", said.errors);
    }
    assert_eq!(fs::read_to_string(&file).expect("untouched"), "mine (sample)");
    let deep = folder.path().join("a/b/c");
    assert!(run(None, Some(&deep)).printed.contains("started\n"));
    assert_eq!(files(&deep).len(), 1, "a folder that is not there is made");
}

#[test]
fn the_files_of_the_last_fourteen_days_are_kept_and_nothing_else_is_touched() {
    let folder = TempDir::new().expect("a folder");
    let days: Vec<String> = (1..=20).map(|day| format!("outpost.2020-01-{day:02}.log")).collect();
    for name in days.iter().map(String::as_str).chain(["letter.log", "other.2020-01-01.log", "outpost.2020-01-01.txt"])
    {
        fs::write(folder.path().join(name), name).expect("written");
        std::thread::sleep(Duration::from_millis(5));
    }
    run(None, Some(folder.path()));
    let names = files(folder.path());
    let kept: Vec<&String> = names.iter().filter(|name| days.contains(name)).collect();
    assert_eq!(kept, days[7..].iter().collect::<Vec<_>>(), "today's and the thirteen before it");
    for name in ["letter.log", "other.2020-01-01.log", "outpost.2020-01-01.txt"] {
        assert_eq!(fs::read_to_string(folder.path().join(name)).expect("untouched"), name);
    }
}
