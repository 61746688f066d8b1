//! The house keeps its own rules: `cargo xtask tidy`, and the same checks as a test.
//!
//! Needs nothing of the rooms, so that it answers in seconds.

mod circles;
mod errors;
mod gate;
pub mod house;
mod manifest;
mod offence;
mod proportion;
mod rooms;
mod scope;
mod sizes;
#[cfg(test)]
mod tests;
mod ui;

use std::collections::BTreeMap;
use std::path::Path;

use house::House;
pub use offence::{Offence, TidyError};
use proportion::proportions;

/// One rule of the house.
pub struct Rule {
    /// The name under which `cargo xtask tidy` reports it.
    pub name: &'static str,
    check: fn(&House) -> Vec<Offence>,
    /// Offences that the house still has from before the rule; more fail. Goes down to 0 and then away.
    known: usize,
}

/// Every rule.
pub const RULES: &[Rule] = &[
    Rule { name: "arrows between rooms", check: rooms::arrows, known: 0 },
    Rule { name: "libraries of rooms", check: rooms::libraries, known: 0 },
    Rule { name: "words of rooms", check: rooms::words, known: 0 },
    Rule { name: "the map", check: rooms::map, known: 0 },
    Rule { name: "why of dependencies", check: rooms::dependencies, known: 0 },
    Rule { name: "acts past the gate", check: gate::doors, known: 0 },
    Rule { name: "doors of the UI", check: ui::doors, known: 0 },
    Rule { name: "circles of files", check: circles::circles, known: 0 },
    Rule { name: "lines of files", check: sizes::files, known: 0 },
    Rule { name: "lines of functions", check: sizes::functions, known: 0 },
    Rule { name: "parameters", check: sizes::parameters, known: 0 },
    Rule { name: "tuple parameters", check: sizes::tuples, known: 0 },
    Rule { name: "names of errors", check: errors::names, known: 0 },
];

impl Rule {
    /// Where the house breaks the rule.
    pub fn offences(&self, house: &House) -> Vec<Offence> {
        (self.check)(house)
    }
}

/// Prints where the rules are broken, in one room or in all; true when nothing is worse than before.
///
/// # Errors
/// A workspace that cannot be read.
pub fn report(root: &Path, room: Option<&str>) -> Result<bool, TidyError> {
    let house = House::read(root)?;
    let mut is_tidy = true;
    for rule in RULES {
        let offences = rule.offences(&house);
        let mut by_room: BTreeMap<&str, usize> = BTreeMap::new();
        for offence in &offences {
            *by_room.entry(&offence.room).or_default() += 1;
            if room.is_none_or(|room| room == offence.room) {
                println!("{offence}");
            }
        }
        let counts: Vec<String> = by_room.iter().map(|(room, count)| format!("{room} {count}")).collect();
        let more = if offences.len() > rule.known { " MORE THAN BEFORE" } else { "" };
        println!("── {}: {} of {} known{more}  {}\n", rule.name, offences.len(), rule.known, counts.join(", "));
        is_tidy &= offences.len() <= rule.known;
    }
    Ok(is_tidy)
}

/// Prints the lines of tests for each line of code; true when every room has its least.
///
/// # Errors
/// A workspace that cannot be read.
pub fn report_proportions(root: &Path) -> Result<bool, TidyError> {
    let rooms = proportions(&House::read(root)?);
    rooms.iter().for_each(|room| println!("   {room}"));
    Ok(rooms.iter().all(|room| room.ratio() >= room.least()))
}
