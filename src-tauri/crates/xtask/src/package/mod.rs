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

/// What Tauri's bundlers make of the app.
const KINDS: [&str; 2] = ["deb", "rpm"];

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
    let mut made = Vec::new();
    for kind in KINDS {
        made.push(collect(&bundles.join(kind), kind, &folder())?);
    }
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
    command.args(["build", "--ci", "--bundles", &KINDS.join(",")]).args(debug.then_some("--debug"));
    command.args(["--", "--locked", "--package", "outpost", "--package", "outpost-center"]);
    command.args(["--package", "xtask", "--features", "xtask/rooms"]);
    command
}

/// Copies the one file of a kind to the packages.
fn collect(from: &Path, ending: &str, packages: &Path) -> Outcome<PathBuf> {
    let made = files(from)?.into_iter().find(|file| file.extension() == Some(OsStr::new(ending)));
    let made = made.ok_or_else(|| format!("Tauri made no .{ending} in {}", from.display()))?;
    let to = packages.join(made.file_name().unwrap_or_default());
    fs::copy(made, &to)?;
    Ok(to)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    /// What Tauri is told about the app's packages.
    fn bundle() -> Value {
        let text = fs::read_to_string(root().join("tauri.conf.json")).expect("the configuration");
        let config: Value = serde_json::from_str(&text).expect("JSON");
        config["bundle"].clone()
    }

    fn strings(list: &Value) -> Vec<&str> {
        list.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
    }

    #[test]
    fn tauri_makes_these_kinds_and_downloads_none() {
        assert_eq!(strings(&bundle()["targets"]), KINDS);
        for debug in [false, true] {
            let command = tauri_build(debug);
            let words: Vec<_> = command.get_args().map(|word| word.to_string_lossy()).collect();
            assert!(words.contains(&"deb,rpm".into()) && words.contains(&"--locked".into()), "{words:?}");
            let (of_tauri, of_cargo) = words.split_at(words.iter().position(|word| word == "--").expect("both"));
            assert_eq!(of_tauri.contains(&"--debug".into()), debug);
            // The tarball is packed from what is built here.
            for package in ["outpost", "outpost-center", "xtask"] {
                assert!(of_cargo.windows(2).any(|pair| pair[0] == "--package" && pair[1] == package), "{package}");
            }
            assert!(of_cargo.contains(&"xtask/rooms".into()), "it writes the manual");
        }
    }

    #[test]
    fn a_package_says_what_it_is_and_brings_its_licences() {
        let bundle = bundle();
        for field in ["publisher", "category", "shortDescription", "longDescription", "license"] {
            assert!(bundle[field].as_str().is_some_and(|words| !words.is_empty()), "{field}");
        }
        let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("the manifest");
        let quoted = |field: &str| format!("\"{}\"", bundle[field].as_str().unwrap_or_default());
        assert!(manifest.contains(&format!("license = {}", quoted("license"))));
        assert!(manifest.contains(&format!("description = {}", quoted("shortDescription"))));
        for kind in KINDS {
            let files = bundle["linux"][kind]["files"].as_object().expect("files");
            let licences: Vec<&str> = files.values().filter_map(Value::as_str).collect();
            assert_eq!(licences, ["LICENSE-APACHE", "LICENSE-MIT"], "{kind}");
            let installed = |place: &str| place.starts_with("/usr/share/doc/outpost/");
            assert!(files.keys().all(|place| installed(place)), "{kind}: {files:?}");
        }
        let own = strings(&bundle["icon"]).into_iter().chain(["LICENSE-APACHE", "LICENSE-MIT"]);
        own.for_each(|file| assert!(root().join(file).is_file(), "{file}"));
        // Not needed, and without it a Chinese screen is empty.
        assert_eq!(strings(&bundle["linux"]["deb"]["recommends"]), ["fonts-noto-cjk"]);
    }

    #[test]
    fn the_one_file_of_a_kind_is_collected_or_missed_by_name() {
        let folder = tempfile::tempdir().expect("a folder");
        let (from, to) = (folder.path().join("deb"), folder.path().join("packages"));
        fs::create_dir_all(from.join("Outpost_0.1.0_amd64")).expect("what Tauri leaves beside it");
        fs::create_dir_all(&to).expect("a folder");
        fs::write(from.join("control.tar.gz"), "control").expect("a file");
        let missed = collect(&from, "deb", &to).expect_err("there is none").to_string();
        assert_eq!(missed, format!("Tauri made no .deb in {}", from.display()));
        fs::write(from.join("Outpost_0.1.0_amd64.deb"), "package").expect("a file");
        let collected = collect(&from, "deb", &to).expect("the package");
        assert_eq!(collected, to.join("Outpost_0.1.0_amd64.deb"));
        assert_eq!(fs::read(collected).expect("a copy"), b"package");
        assert!(collect(&folder.path().join("rpm"), "rpm", &to).is_err(), "no folder is no package");
    }
}
