//! Running other programs, with words about what is being done.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// Done, or what stopped it in words that say what to do.
pub type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

/// The project's root folder.
pub fn root() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.ancestors().nth(3).unwrap_or(own).to_owned()
}

/// Where cargo puts what it builds.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// A cargo command in the project's root.
pub fn cargo<I: IntoIterator<Item = S>, S: AsRef<OsStr>>(arguments: I) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(root());
    command
}

/// An npm command in `ui/`.
pub fn npm<I: IntoIterator<Item = S>, S: AsRef<OsStr>>(arguments: I) -> Command {
    let mut command = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    command.args(arguments).current_dir(root().join("ui"));
    command
}

/// Runs a command to its end; anything but success is trouble.
pub fn run(command: &mut Command) -> Outcome {
    let name = said(command);
    let status = command.stdin(Stdio::null()).status().map_err(|error| format!("cannot start `{name}`: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("`{name}` failed ({status})").into()) }
}

/// Runs a command with a heading and the time it took.
pub fn step(title: &str, command: &mut Command) -> Outcome {
    println!("── {title}");
    let start = Instant::now();
    run(command)?;
    println!("   {title}: {:.0} s", start.elapsed().as_secs_f64());
    Ok(())
}

/// Whether a program answers at all.
pub fn answers(program: &str, argument: &str) -> bool {
    let quiet =
        Command::new(program).arg(argument).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    quiet.is_ok()
}

/// Size of a file in MB, for people.
pub fn megabytes(file: &Path) -> Outcome<String> {
    Ok(format!("{:.1} MB", file.metadata()?.len() as f64 / 1e6))
}

/// What a command prints; anything but success is trouble.
pub fn output(command: &mut Command) -> Outcome<String> {
    let name = said(command);
    let output = command.stdin(Stdio::null()).stderr(Stdio::inherit()).output();
    let output = output.map_err(|error| format!("cannot start `{name}`: {error}"))?;
    if !output.status.success() {
        return Err(format!("`{name}` failed ({})", output.status).into());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn said(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(outcome: Outcome) -> String {
        outcome.expect_err("it cannot succeed").to_string()
    }

    #[test]
    #[cfg(unix)]
    fn a_command_that_fails_is_named_with_its_arguments_and_status() {
        let fails = || {
            let mut command = Command::new("sh");
            command.args(["-c", "exit 3", "a room"]);
            command
        };
        let told = "`sh -c exit 3 a room` failed (exit status: 3)";
        assert_eq!(message(run(&mut fails())), told);
        assert_eq!(message(output(&mut fails()).map(drop)), told);
        assert_eq!(message(step("a task", &mut fails())), told);
        assert!(run(Command::new("sh").args(["-c", "exit 0"])).is_ok());
    }

    #[test]
    fn a_command_that_is_not_there_is_named() {
        let nobody = || {
            let mut command = Command::new("no-such-program");
            command.arg("--version");
            command
        };
        for said in [message(run(&mut nobody())), message(output(&mut nobody()).map(drop))] {
            assert!(said.starts_with("cannot start `no-such-program --version`: "), "{said}");
        }
        assert!(!answers("no-such-program", "--version"));
    }

    #[test]
    fn a_command_that_succeeds_says_what_it_prints() {
        let said = output(&mut cargo(["--version"])).expect("cargo is there");
        assert!(said.starts_with("cargo 1."), "{said}");
        // Whoever refuses an argument is there, too.
        assert!(answers("cargo", "--no-such-option"));
    }

    #[test]
    fn commands_work_in_the_project() {
        let manifest = std::fs::read_to_string(root().join("Cargo.toml")).expect("the root's manifest");
        assert!(manifest.contains("[workspace]"));
        assert_eq!(cargo(["test"]).get_current_dir(), Some(&*root()));
        let npm = npm(["run", "check"]);
        assert!(npm.get_current_dir().is_some_and(|folder| folder.join("package.json").exists()));
        assert_eq!(npm.get_args().collect::<Vec<_>>(), ["run", "check"]);
    }

    #[test]
    fn sizes_are_told_in_megabytes() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("file");
        std::fs::File::create(&file).and_then(|file| file.set_len(2_360_000)).expect("a file");
        assert_eq!(megabytes(&file).expect("its size"), "2.4 MB");
        assert!(megabytes(&folder.path().join("gone")).is_err());
    }
}
