//! `cargo xtask run`: the app on its practice site.

use crate::machine::{self, Purpose};
use crate::steps::{self, Outcome, cargo, npm, root, target};

/// Opens the app, or walks the main job where nobody can look at it.
pub fn run(walk: bool) -> Outcome {
    let walk = walk || !machine::has_display();
    build_app(if walk { Purpose::Test } else { Purpose::Build })?;
    if walk { walk_main_job() } else { open_practice_site() }
}

/// Everything that the real window and the center's command line need.
pub fn build_app(purpose: Purpose) -> Outcome {
    machine::install_system_packages(purpose)?;
    machine::install_ui_packages()?;
    steps::step("build the UI", &mut npm(["run", "--silent", "build"]))?;
    steps::step(
        "build the programs",
        &mut cargo(["build", "--quiet", "--package", "outpost", "--package", "outpost-center", "--bins"]),
    )
}

fn walk_main_job() -> Outcome {
    println!("no display: the main job is walked in the real window on a virtual one");
    let out = target().join("walk");
    if out.exists() {
        std::fs::remove_dir_all(&out)?;
    }
    let walk = ["run", "--quiet", "--package", "outpost-tests", "--bin", "walk", "--"];
    steps::run(cargo(walk).arg(&out))
}

/// The practice site stays where it is between runs, so that what was entered is there the next time.
fn open_practice_site() -> Outcome {
    let home = target().join("practice-site");
    if !home.join("vault").exists() {
        let practice = [
            "run",
            "--quiet",
            "--package",
            "xtask",
            "--features",
            "rooms",
            "--",
            "practice",
            "--subjects",
            "6",
            "--out",
        ];
        steps::step("make the practice site", cargo(practice).arg(&home))?;
    }
    println!("practice site: {}", home.display());
    println!("sign in as  : {}", std::fs::read_to_string(home.join("password.txt"))?.replace('\n', "  "));
    let program = target().join("debug").join(if cfg!(windows) { "outpost.exe" } else { "outpost" });
    steps::run(std::process::Command::new(program).env("OUTPOST_HOME", &home).current_dir(root()))
}
