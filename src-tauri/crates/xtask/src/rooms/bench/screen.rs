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

use serde_json::Value;

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
    read(table, said.lines().last().unwrap_or_default())
}

/// Reads what the stopwatch measured of each form, and holds what Outpost takes beyond the bare page.
fn read(table: &mut Table, told: &str) -> Outcome {
    let measured: Vec<Value> = serde_json::from_str(told)?;
    for (at, form) in measured.iter().enumerate() {
        let [painted, frame, page, bare] =
            [times(form, "painted_ms")?, times(form, "frame_ms")?, times(form, "page_ms")?, times(form, "bare_ms")?];
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

/// The times of one kind; without any nothing was measured, and nothing would hold.
fn times(form: &Value, of: &str) -> Outcome<Spread> {
    let times: Vec<f64> = form[of].as_array().into_iter().flatten().filter_map(Value::as_f64).collect();
    if times.is_empty() { Err(format!("the stopwatch measured no {of}").into()) } else { Ok(Spread::of_ms(&times)) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn form(painted: &[f64], bare: &[f64]) -> Value {
        json!({"form": "F.X", "questions": 41, "painted_ms": painted, "frame_ms": [9.0], "page_ms": [5.0, 7.0, 6.0], "bare_ms": bare})
    }

    fn figures(told: &Value) -> Outcome<Vec<Value>> {
        let mut table = Table::default();
        read(&mut table, &told.to_string())?;
        Ok(table.json())
    }

    #[test]
    fn a_keystroke_is_held_beyond_the_line_that_asks_nobody() {
        let told = json!([form(&[30.0, 20.0, 90.0], &[12.0, 14.0, 13.0]), form(&[10.0], &[12.0])]);
        let figures = figures(&told).expect("figures");
        let one = |name: &str| {
            let mut found =
                figures.iter().filter(|figure| figure["name"].as_str().is_some_and(|own| own.contains(name)));
            found.next().unwrap_or_else(|| panic!("no {name}")).clone()
        };
        let beyond = one("largest form: keystroke to all of it on the screen, beyond");
        assert_eq!((beyond["value"].as_f64().map(f64::round), &beyond["holds"]), (Some(17.0), &json!(false)));
        assert_eq!(beyond["bar"], json!({"most": FRAME_MS}));
        let other = one("most skip logic: keystroke to all of it on the screen, beyond");
        assert_eq!((other["value"].as_f64().map(f64::round), &other["holds"]), (Some(-2.0), &json!(true)));
        assert_eq!(one("largest form: questions, F.X")["value"], 41.0);
        assert_eq!(one("largest form: keystroke to the page holding all")["value"].as_f64().map(f64::round), Some(6.0));
        assert_eq!(one("largest form: keystroke to all of it on the screen, p99")["value"].as_f64(), Some(90.0));
    }

    #[test]
    fn what_was_not_measured_holds_nothing() {
        assert!(figures(&json!([form(&[], &[12.0])])).is_err());
        assert!(figures(&json!([form(&[10.0], &[])])).is_err());
        assert!(figures(&json!([{"form": "F.X", "painted_ms": "10"}])).is_err());
        assert!(read(&mut Table::default(), "made a practice site").is_err());
        assert!(read(&mut Table::default(), "").is_err());
    }
}
