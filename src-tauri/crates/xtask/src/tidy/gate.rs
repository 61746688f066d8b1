//! Every act of a person is put to the gate: in each room that writes, one file alone touches the door behind it.

use super::house::{House, SourceFile};
use super::offence::Offence;

/// A door that writes entries.
struct Door {
    room: &'static str,
    /// The one file that may touch it, and asks the gate before.
    keeper: &'static str,
    /// How it is named in source text.
    words: &'static [&'static str],
}

/// How the keeper asks the gate.
const QUESTION: &str = ".permits(";

const DOORS: &[Door] = &[
    Door {
        room: "site",
        keeper: "src-tauri/crates/site/src/writing.rs",
        words: &[
            "Tx",
            "write_as_system",
            "transact",
            "Open::found",
            "add_user",
            "close_user",
            "reset_password",
            "open.change_password",
        ],
    },
    Door { room: "center", keeper: "src-tauri/crates/center/src/journal.rs", words: &["Line::write", "LogWriter"] },
];

/// The files that ask the gate.
#[cfg(test)]
pub fn keepers() -> impl Iterator<Item = &'static str> {
    DOORS.iter().map(|door| door.keeper)
}

/// Product code that writes past the gate, and keepers that do not ask it.
pub fn doors(house: &House) -> Vec<Offence> {
    let mut offences = Vec::new();
    for door in DOORS {
        let Some(room) = house.rooms.iter().find(|room| room.name == door.room) else { continue };
        let keeper = room.files.iter().find(|file| file.path == door.keeper);
        let mut lines = keeper.into_iter().flat_map(SourceFile::product_lines);
        if !lines.any(|(_, line)| line.contains(QUESTION)) {
            offences.push(Offence::new(door.room, door.keeper, 1, "ask the gate here before a write".to_owned()));
        }
        for file in room.product().filter(|file| file.path != door.keeper) {
            for (number, line) in file.product_lines() {
                if door.words.iter().any(|word| is_named(line, word)) {
                    let what = format!("writes past the gate; use {}: {}", door.keeper, line.trim());
                    offences.push(Offence::new(door.room, &file.path, number, what));
                }
            }
        }
    }
    offences
}

/// Whether a line names a word, not a part of a longer name.
fn is_named(line: &str, word: &str) -> bool {
    let in_name = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back().is_some_and(in_name);
        let after = line[at + word.len()..].chars().next().is_some_and(in_name);
        !before && !after
    })
}
