//! `cargo xtask package`: what Linux machines install. The app as .deb and .rpm, put together by Tauri's own command line;
//! the center's program as a tarball. Nothing is downloaded: of Tauri's bundlers only these two need nothing from
//! elsewhere, so `tauri.conf.json` names no others.
//!
//! What was made lies in `target/packages`; `cargo xtask package --check` installs it in an empty Debian.

mod center;
mod check;
mod place;

pub use check::check;

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use crate::machine::{self, Purpose};
use crate::steps::{self, Outcome, megabytes, root, target};
use place::{COMMIT, commit, files, folder, remove};

/// Makes them all and says how large they are.
pub fn make(debug: bool) -> Outcome {
    if !cfg!(target_os = "linux") {
        return Err("this makes Linux' packages, on Linux; those for Windows are made by `cargo xtask windows`".into());
    }
    let began = Instant::now();
    machine::install_system_packages(Purpose::Build)?;
    machine::install_ui_packages()?;
    let programs = target().join(if debug { "debug" } else { "release" });
    let bundles = programs.join("bundle");
    // What an earlier version has left there would be taken for this one's.
    remove(&bundles)?;
    remove(&folder())?;
    fs::create_dir_all(folder())?;
    steps::step("build the programs, and .deb and .rpm of the app", &mut tauri_build(debug))?;
    let mut made = vec![collect(&bundles.join("deb"), "deb")?, collect(&bundles.join("rpm"), "rpm")?];
    made.push(center::pack(&programs)?);
    fs::write(folder().join(COMMIT), commit()?)?;
    for file in made {
        println!("   {}: {}", file.display(), megabytes(&file)?);
    }
    println!("\n{:.0} s in all", began.elapsed().as_secs_f64());
    Ok(())
}

/// Tauri's command line with all that is packed, in one go: what the programs share is compiled once. Its own step
/// before the build makes the UI.
fn tauri_build(debug: bool) -> Command {
    let mut command = Command::new("node");
    command.arg("ui/node_modules/@tauri-apps/cli/tauri.js").current_dir(root());
    command.args(["build", "--ci", "--bundles", "deb,rpm"]).args(debug.then_some("--debug"));
    command.args(["--", "--locked", "--package", "outpost", "--package", "outpost-center"]);
    command.args(["--package", "xtask", "--features", "xtask/rooms"]);
    command
}

/// Copies the one file of a kind to the packages.
fn collect(from: &Path, ending: &str) -> Outcome<PathBuf> {
    let made = files(from)?.into_iter().find(|file| file.extension() == Some(OsStr::new(ending)));
    let made = made.ok_or_else(|| format!("Tauri made no .{ending} in {}", from.display()))?;
    let to = folder().join(made.file_name().unwrap_or_default());
    fs::copy(made, &to)?;
    Ok(to)
}
