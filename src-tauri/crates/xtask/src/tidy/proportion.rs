//! Lines of tests for each line of code, room by room.
//!
//! A room's tests are its `tests/` folders, its `tests.rs` files, and whatever else is compiled for tests alone; its code
//! is every other line. The tests of the whole system count for the desktop package, which they drive. In the UI a room
//! is a folder below `ui/src`; its tests are the files `*.test.ts`. The texts of a language, in a folder below `i18n`, are
//! data like a study: tests hold them, but their lines are no code.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;

use super::house::{House, SYSTEM_TESTS, found, is_generated, relative};

/// The least that any room may have.
const LEAST: f64 = 0.3;
/// The least of rooms whose faults cost data.
const LEAST_OF: &[(&str, f64)] = &[("center", 0.5), ("bundle", 0.5), ("site", 0.5)];

/// One room's lines.
#[derive(Debug, Default)]
pub struct Proportion {
    /// The room's name; folders of the UI begin with `ui/`.
    pub room: String,
    /// Lines of tests.
    pub tests: usize,
    /// Lines of code.
    pub code: usize,
}

impl Proportion {
    /// Lines of tests per line of code.
    pub fn ratio(&self) -> f64 {
        let lines = |count: usize| u32::try_from(count).map_or(f64::MAX, f64::from);
        lines(self.tests) / lines(self.code.max(1))
    }

    /// The ratio that the room must reach.
    pub fn least(&self) -> f64 {
        LEAST_OF.iter().find(|(room, _)| *room == self.room).map_or(LEAST, |(_, least)| *least)
    }
}

impl fmt::Display for Proportion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = if self.ratio() < self.least() { format!("  under {:.1}", self.least()) } else { String::new() };
        write!(f, "{:<16} {:>6} test {:>6} code  {:.2}{mark}", self.room, self.tests, self.code, self.ratio())
    }
}

/// Every room of Rust and of the UI.
pub fn proportions(house: &House) -> Vec<Proportion> {
    let mut rooms: BTreeMap<String, Proportion> = BTreeMap::new();
    for room in &house.rooms {
        let is_system = room.name == SYSTEM_TESTS;
        let sum = rooms.entry(if is_system { "outpost".into() } else { room.name.clone() }).or_default();
        for file in &room.files {
            let lines = file.text.lines().count();
            let tests = if file.is_test || is_system { lines } else { file.test_lines() };
            sum.tests += tests;
            sum.code += lines - tests;
        }
    }
    let source = house.root.join("ui/src");
    for file in found(&source, &["ts", "svelte"]) {
        let text = fs::read_to_string(&file).unwrap_or_default();
        let inside = relative(&source, &file);
        // A file beside the folders, `main.ts`, starts the UI and holds nothing else.
        let Some((folder, _)) = inside.split_once('/') else { continue };
        let is_text = folder == "i18n" && inside.matches('/').count() > 1;
        if is_text || is_generated(&text) {
            continue;
        }
        let sum = rooms.entry(format!("ui/{folder}")).or_default();
        let lines = text.lines().count();
        *(if inside.ends_with(".test.ts") { &mut sum.tests } else { &mut sum.code }) += lines;
    }
    rooms.into_iter().map(|(room, sum)| Proportion { room, ..sum }).collect()
}
