//! The house itself, and each rule broken: in a room, and beside what it allows.

mod arrows;
mod circles;
mod errors;
mod gate;
mod planted;
mod proportion;
mod reading;
mod sizes;
mod ui;
mod words;

use std::path::Path;

use super::RULES;
use super::gate::keepers;
use super::house::{House, Room, SourceFile};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(3).expect("the workspace's root")
}

#[test]
fn the_house_is_tidy() {
    let house = House::read(root()).expect("the workspace");
    for rule in RULES {
        let offences = rule.offences(&house);
        let lines: Vec<String> = offences.iter().map(ToString::to_string).collect();
        assert!(offences.len() <= rule.known, "{}: {}\n{}", rule.name, offences.len(), lines.join("\n"));
    }
}

#[test]
fn every_room_is_read() {
    let house = House::read(root()).expect("the workspace");
    let names: Vec<&str> = house.rooms.iter().map(|room| room.name.as_str()).collect();
    for room in ["outpost", "outpost-tests", "site", "study", "xtask"] {
        assert!(names.contains(&room), "{names:?}");
    }
    assert!(house.rooms.iter().all(|room| room.product().count() > 0 || room.name == "outpost-tests"));
    // A rule about a file that is there no more would allow everything.
    let paths: Vec<&str> = house.rooms.iter().flat_map(|room| &room.files).map(|file| file.path.as_str()).collect();
    assert!(keepers().all(|keeper| paths.contains(&keeper)));
    for room in super::proportion::proportions(&house) {
        assert!(room.code > 0, "{room}");
    }
}

/// A file below `src` of a room.
fn file(room: &str, path: &str, text: &str) -> SourceFile {
    SourceFile::parse(&format!("src-tauri/crates/{room}/src/{path}"), text.to_owned()).expect("Rust")
}

/// A room with these files, each a path below `src` and its text.
fn room(name: &str, files: &[(&str, &str)]) -> Room {
    let files = files.iter().map(|(path, text)| file(name, path, text)).collect();
    Room::new(&format!("src-tauri/crates/{name}"), format!("[package]\nname = \"{name}\"\n"), files)
}

/// A house of these rooms, which lies nowhere.
fn house_of(rooms: Vec<Room>) -> House {
    House { root: "/nowhere".into(), rooms }
}

/// A house of one room with these files.
fn house(files: &[(&str, &str)]) -> House {
    house_of(vec![room("room", files)])
}

/// A house of one room with this one file.
fn lib(text: &str) -> House {
    house(&[("lib.rs", text)])
}

/// What one rule says of a house, without the places.
fn said(rule: &str, house: &House) -> Vec<String> {
    let rule = RULES.iter().find(|known| known.name == rule).expect("a rule");
    rule.offences(house).into_iter().map(|offence| offence.what).collect()
}

/// Where one rule finds something in a house.
fn places(rule: &str, house: &House) -> Vec<String> {
    let rule = RULES.iter().find(|known| known.name == rule).expect("a rule");
    rule.offences(house).into_iter().map(|offence| format!("{}:{}", offence.path, offence.line)).collect()
}
