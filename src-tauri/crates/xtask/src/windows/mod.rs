//! `cargo xtask windows`: Outpost for 64-bit Windows, made on Debian from Debian's own packages and crates.io alone; the
//! rooms' tests under Wine; the programs; the installers.
//!
//! Everything is kept in `target/windows`, so that a second run compiles only what changed. Tests and programs are built
//! alike, optimised: dependencies once, and what is shipped is what was tested. Nothing is installed on a real Windows
//! here, and Wine knows no WebView2: the window itself is not opened.

mod installer;
mod rooms;
mod toolchain;

use std::time::Instant;

use crate::run::build_ui;
use crate::steps::{self, Outcome};
use toolchain::Toolchain;

/// Does it all; with `check` only type-checks every target, and only where the toolchain is there already.
pub fn windows(check: bool) -> Outcome {
    let began = Instant::now();
    if check {
        let Some(toolchain) = Toolchain::find() else {
            println!("── check for Windows: skipped, no toolchain in target/windows (`cargo xtask windows` makes it)");
            return Ok(());
        };
        build_ui()?;
        return check_all(&toolchain);
    }
    let toolchain = Toolchain::make()?;
    build_ui()?;
    let tests = rooms::test(&toolchain);
    let installers = installer::make(&toolchain);
    println!("\n{:.0} s in all", began.elapsed().as_secs_f64());
    tests.and(installers)
}

fn check_all(toolchain: &Toolchain) -> Outcome {
    let mut command = toolchain.cargo(["check", "--quiet", "--package", "outpost", "--lib", "--bins"]);
    steps::step("check the program for Windows", &mut command)?;
    let mut command = toolchain.cargo(["check", "--quiet", "--all-targets"]);
    steps::step("check the rooms for Windows", command.args(rooms::packages()?))
}
