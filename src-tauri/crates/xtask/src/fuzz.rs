//! `cargo xtask fuzz`: libFuzzer over every reader of other people's bytes.
//!
//! The rooms are compiled once more under `target/fuzz`, with LLVM's counters at every branch, so that libFuzzer sees what an
//! input reached. That works with the stable compiler; memory needs no sanitizer, because no crate may be `unsafe`.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::steps::{self, Outcome, cargo, root, target};

/// What cargo-fuzz passes, too; without a sanitizer.
const INSTRUMENTED: &str = "--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
     -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
     -Cllvm-args=-sanitizer-coverage-trace-compares -Cdebug-assertions=on -Ccodegen-units=1";
/// What no input may take: seconds, and MiB of memory.
const LIMITS: [&str; 3] = ["-timeout=10", "-rss_limit_mb=2048", "-max_len=131072"];

/// Builds the targets and runs each for so many seconds.
pub fn run(seconds: u32, filter: Option<&str>) -> Outcome {
    if !cfg!(unix) {
        return Err("libFuzzer needs Linux or macOS".into());
    }
    let folder = target().join("fuzz");
    let host = host()?;
    // With a target named, the flags do not reach build scripts and macros, which are linked without libFuzzer.
    let build = ["build", "--release", "--package", "outpost-fuzz", "--target", &host, "--target-dir"];
    let mut command = cargo(build);
    command.arg(&folder).env("RUSTFLAGS", INSTRUMENTED).env("CARGO_PROFILE_RELEASE_LTO", "off");
    steps::step("fuzz targets, instrumented", &mut command)?;
    let program = folder.join(&host).join("release/fuzz");
    let mut found = Vec::new();
    for name in names(filter)? {
        if steps::step(&format!("{name}, {seconds} s"), &mut fuzz(&program, &folder, &name, seconds)?).is_err() {
            found.push(name);
        }
    }
    if found.is_empty() {
        Ok(())
    } else {
        Err(format!("found something: {}; the inputs lie in {}", found.join(", "), folder.join("found").display())
            .into())
    }
}

/// The targets by their folders of seeds.
fn names(filter: Option<&str>) -> Outcome<Vec<String>> {
    let folders = fs::read_dir(root().join("tests/fuzz/seeds"))?.flatten();
    let mut names: Vec<String> = folders.map(|folder| folder.file_name().to_string_lossy().into_owned()).collect();
    names.retain(|name| filter.is_none_or(|wanted| name.contains(wanted)));
    names.sort();
    if names.is_empty() { Err("no target has that name".into()) } else { Ok(names) }
}

/// One target: what was learned in earlier runs is kept in `target/fuzz/corpus`.
fn fuzz(program: &Path, folder: &Path, name: &str, seconds: u32) -> Outcome<Command> {
    let (corpus, found) = (folder.join("corpus").join(name), folder.join("found"));
    fs::create_dir_all(&corpus)?;
    fs::create_dir_all(&found)?;
    let mut command = Command::new(program);
    command
        .env("FUZZ_TARGET", name)
        .args(LIMITS)
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-artifact_prefix={}/{name}-", found.display()))
        .args(["-verbosity=0", "-print_final_stats=1"])
        .arg(corpus)
        .arg(root().join("tests/fuzz/seeds").join(name));
    Ok(command)
}

/// The triple of this machine's compiler.
fn host() -> Outcome<String> {
    let output = Command::new("rustc").arg("-vV").current_dir(root()).output()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let host = text.lines().find_map(|line| line.strip_prefix("host: ")).ok_or("rustc names no host")?;
    Ok(host.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_has_seeds_under_its_name() {
        let all = names(None).expect("targets");
        assert!(all.is_sorted() && all.contains(&"bundle".to_owned()), "{all:?}");
        let targets = fs::read_to_string(root().join("tests/fuzz/lib.rs")).expect("the targets");
        for name in &all {
            assert!(targets.contains(&format!("Target {{ name: \"{name}\",")), "{name} has seeds and no target");
        }
        assert_eq!(targets.matches("Target { name: \"").count(), all.len());
    }

    #[test]
    fn a_filter_is_a_part_of_the_name() {
        assert_eq!(names(Some("bund")).expect("one"), ["bundle"]);
        let nobody = names(Some("no-such-target")).expect_err("there is none");
        assert_eq!(nobody.to_string(), "no target has that name");
    }

    #[test]
    fn what_is_learned_and_found_is_kept_apart_from_the_seeds() {
        let folder = tempfile::tempdir().expect("a folder");
        let command = fuzz(Path::new("fuzz"), folder.path(), "odm", 7).expect("a command");
        let words: Vec<String> = command.get_args().map(|word| word.to_string_lossy().into_owned()).collect();
        assert!(words.contains(&"-max_total_time=7".to_owned()), "{words:?}");
        assert!(LIMITS.iter().all(|limit| words.contains(&(*limit).to_owned())), "{words:?}");
        let place = |name: &str| folder.path().join(name).display().to_string();
        assert!(words.contains(&format!("-artifact_prefix={}/odm-", place("found"))), "{words:?}");
        // libFuzzer writes to the first folder that it is given, and only reads the others.
        let seeds = root().join("tests/fuzz/seeds/odm").display().to_string();
        assert_eq!(words[words.len() - 2..], [place("corpus/odm"), seeds]);
        assert!(folder.path().join("corpus/odm").is_dir() && folder.path().join("found").is_dir());
        assert!(command.get_envs().any(|(name, value)| name == "FUZZ_TARGET" && value == Some("odm".as_ref())));
    }

    #[test]
    fn the_compiler_names_its_machine() {
        let host = host().expect("a host");
        assert!(host.split('-').count() >= 3 && host.starts_with(std::env::consts::ARCH), "{host}");
    }
}
