//! From the last keystroke of a field to the screen, in the real window.
//!
//! On a virtual display a painter without a graphics card works at sixty frames a second by a clock of its own. What that
//! takes by itself is measured in the same run: a key at which the page adds one line to the same form and asks nobody.
//! What Outpost takes beyond it is held against a frame.
//!
//! The stopwatch itself is a program of the tests, because only they know how to open and drive the window; it runs on a
//! virtual display of its own. The program measured is built as it is shipped.

use std::path::Path;
use std::process::Stdio;

use super::spread::Spread;
use super::table::{Bar, Table};
use crate::machine::{self, Purpose};
use crate::steps::{self, Outcome, cargo, npm};

/// One frame of a screen that is drawn sixty times a second, in milliseconds.
const FRAME_MS: f64 = 16.0;

/// Measures the largest form and the one with most questions that come and go.
pub fn keystrokes(table: &mut Table, folder: &Path) -> Outcome {
    if !cfg!(target_os = "linux") {
        println!("skipped: the window is driven on a virtual display, which needs Linux");
        return Ok(());
    }
    machine::install_system_packages(Purpose::Test)?;
    machine::install_ui_packages()?;
    steps::step("build the UI", &mut npm(["run", "--silent", "build"]))?;
    let build = ["build", "--quiet", "--release", "--package", "outpost", "--package", "outpost-tests", "--bins"];
    steps::step("build the program as it is shipped", &mut cargo(build))?;
    let stopwatch = ["run", "--quiet", "--release", "--package", "outpost-tests", "--bin", "stopwatch", "--"];
    let output = cargo(stopwatch).arg(folder.join("screen")).stderr(Stdio::inherit()).output()?;
    if !output.status.success() {
        return Err("the stopwatch stopped".into());
    }
    // Making the practice site says what it made; the figures are the last line.
    let said = String::from_utf8(output.stdout)?;
    let measured: Vec<serde_json::Value> = serde_json::from_str(said.lines().last().unwrap_or_default())?;
    for (at, form) in measured.iter().enumerate() {
        let times =
            |of: &str| -> Vec<f64> { form[of].as_array().into_iter().flatten().filter_map(|ms| ms.as_f64()).collect() };
        let [painted, frame, page, bare] =
            ["painted_ms", "frame_ms", "page_ms", "bare_ms"].map(|of| Spread::of_ms(&times(of)));
        let which = if at == 0 { "largest form" } else { "form with most skip logic" };
        table.note(
            format!("{which}: questions, {}", form["form"].as_str().unwrap_or_default()),
            form["questions"].as_f64().unwrap_or(0.0),
            "questions",
        );
        table.note(format!("{which}: keystroke to the page holding all, median"), page.median_ms(), "ms");
        table.note(format!("{which}: keystroke to the frame showing all begun, median"), frame.median_ms(), "ms");
        table.note(format!("{which}: keystroke to all of it on the screen, median"), painted.median_ms(), "ms");
        table.note(format!("{which}: keystroke to all of it on the screen, p99"), painted.p99_ms(), "ms");
        table.note(format!("{which}: the same for a line more that asks nobody, median"), bare.median_ms(), "ms");
        table.hold(
            format!("{which}: keystroke to all of it on the screen, beyond that line, median"),
            painted.median_ms() - bare.median_ms(),
            "ms",
            Bar::Most(FRAME_MS),
        );
    }
    Ok(())
}
