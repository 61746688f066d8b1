//! What a room may know: other rooms, libraries, words of the standard library; and that the map tells it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use super::house::{House, Room, SYSTEM_TESTS};
use super::offence::Offence;

/// The arrows of `src-tauri/crates/README.md`. A room may also use what its neighbours stand on.
const ARROWS: &[(&str, &[&str])] = &[
    ("outpost", &["site", "practice", "clock", "program-log"]),
    ("practice", &["site", "center", "studies"]),
    ("outpost-center", &["center", "clinical", "clock", "program-log"]),
    ("site", &["vault", "screens", "bundle", "allocation", "exchange"]),
    ("center", &["screens", "bundle", "allocation", "exchange"]),
    ("vault", &["casebook", "seal"]),
    ("bundle", &["casebook", "seal"]),
    ("allocation", &["casebook", "seal"]),
    ("exchange", &["screens", "clinical"]),
    ("screens", &["clinical"]),
    ("clinical", &["casebook", "oncology"]),
    ("casebook", &["study"]),
    ("study", &[]),
    ("oncology", &[]),
    ("seal", &[]),
    ("studies", &[]),
    ("clock", &[]),
    ("program-log", &[]),
];

/// Arrows that the map would allow over others, but that these rooms may not take: they know no medicine.
const FORBIDDEN: &[(&str, &[&str])] = &[("center", &["clinical", "oncology"])];

/// Members that stand outside the arrows.
const OUTSIDE: &[&str] = &["xtask", SYSTEM_TESTS];

/// Libraries that belong to certain rooms alone.
const OWNED: &[(&str, &[&str])] = &[
    ("ring", &["seal"]),
    ("argon2", &["seal"]),
    ("age", &["seal"]),
    ("ssh-key", &["seal"]),
    ("rusqlite", &["vault", "center"]),
    ("tauri", &["outpost"]),
    ("tauri-plugin-dialog", &["outpost"]),
    ("cel", &["study"]),
    ("ts-rs", &["screens"]),
    ("zstd", &["bundle"]),
    ("clap", &["outpost-center"]),
    ("calamine", &["exchange", "outpost-center"]),
    ("csv", &["exchange", "outpost-center"]),
    ("krilla", &["exchange"]),
    ("tracing", &["program-log"]),
    ("tracing-appender", &["program-log"]),
    ("tracing-subscriber", &["program-log"]),
];

/// What a pure room may not touch: files, the net, clocks, processes, the environment.
const WORLD: &[&str] = &["std::fs", "std::net", "std::time", "std::process", "std::env"];

/// Source text that a room may not hold, outside its tests.
const UNSPOKEN: &[(&str, &[&str])] = &[
    ("study", WORLD),
    ("casebook", WORLD),
    ("oncology", WORLD),
    ("clinical", WORLD),
    ("allocation", WORLD),
    ("screens", WORLD),
    ("seal", &["std::fs", "std::net"]),
    ("bundle", &["std::fs", "std::net", "std::path"]),
    ("vault", &["SystemTime", "std::net"]),
    ("site", &["SystemTime", "std::net", "tauri::"]),
    // The center answers several callers at once.
    ("center", &["tauri::", "RefCell", "Rc<", "std::rc"]),
];

/// Rooms that use a room to which no arrow leads.
pub fn arrows(house: &House) -> Vec<Offence> {
    let all: BTreeMap<&str, &[&str]> = ARROWS.iter().copied().collect();
    let mut offences = Vec::new();
    for room in house.rooms.iter().filter(|room| !OUTSIDE.contains(&room.name.as_str())) {
        if !all.contains_key(room.name.as_str()) {
            offences.push(in_manifest(room, format!("{} has no arrows yet; add it to the list", room.name)));
        }
        let allowed = reachable(&all, &room.name);
        let forbidden = FORBIDDEN.iter().filter(|(name, _)| *name == room.name).flat_map(|(_, others)| *others);
        let forbidden: Vec<&&str> = forbidden.collect();
        for used in room.dependencies() {
            let is_room = house.rooms.iter().any(|other| other.name == used);
            if is_room && (!allowed.contains(used) || forbidden.contains(&&used)) {
                offences.push(in_manifest(room, format!("no arrow leads from {} to {used}", room.name)));
            }
        }
    }
    offences
}

/// Rooms that use a library which belongs to another.
pub fn libraries(house: &House) -> Vec<Offence> {
    let mut offences = Vec::new();
    for room in house.rooms.iter().filter(|room| !OUTSIDE.contains(&room.name.as_str())) {
        let used = room.dependencies();
        for (library, owners) in OWNED {
            if used.contains(library) && !owners.contains(&room.name.as_str()) {
                offences.push(in_manifest(room, format!("{library} belongs to {owners:?}")));
            }
        }
    }
    offences
}

/// Product code that names what its room may not touch.
pub fn words(house: &House) -> Vec<Offence> {
    let mut offences = Vec::new();
    for room in &house.rooms {
        let words = UNSPOKEN.iter().filter(|(name, _)| *name == room.name).flat_map(|(_, words)| *words);
        for word in words {
            for file in room.product() {
                for (number, line) in file.product_lines().filter(|(_, line)| line.contains(word)) {
                    let what = format!("{} may not touch {word}: {}", room.name, line.trim());
                    offences.push(Offence::new(&room.name, &file.path, number, what));
                }
            }
        }
    }
    offences
}

/// Rooms that the map does not name, and places that it names though they are not there.
pub fn map(house: &House) -> Vec<Offence> {
    let path = "src-tauri/crates/README.md";
    let text = fs::read_to_string(house.root.join(path)).unwrap_or_default();
    let offence = |line: usize, what| Offence { room: "map".into(), path: path.into(), line, what };
    let unnamed = house.rooms.iter().filter(|room| !text.contains(&format!("`{}`", room.name)));
    let mut offences: Vec<Offence> =
        unnamed.map(|room| offence(1, format!("{} is not on the map", room.name))).collect();
    for (index, line) in text.lines().enumerate() {
        let quoted = line.split('`').skip(1).step_by(2);
        for place in quoted.filter(|place| place.contains("/src/") || place.starts_with("tests/")) {
            if !house.root.join("src-tauri/crates").join(place).exists() && !house.root.join(place).exists() {
                offences.push(offence(index + 1, format!("the map names {place}, which is not there")));
            }
        }
    }
    offences
}

/// Dependencies in the workspace's manifest without a word of why.
pub fn dependencies(house: &House) -> Vec<Offence> {
    let Some(workspace) = house.rooms.iter().find(|room| room.manifest.contains("[workspace.dependencies]")) else {
        return Vec::new();
    };
    let mut offences = Vec::new();
    let mut explained = false;
    let lines = workspace.manifest.lines().map(str::trim);
    let section = lines.skip_while(|line| *line != "[workspace.dependencies]").skip(1);
    for line in section.take_while(|line| !line.starts_with('[')) {
        if line.is_empty() || line.starts_with('#') {
            explained = line.starts_with('#');
        } else if !line.contains("path = ") && !explained && !line.contains(" # ") {
            offences.push(in_manifest(workspace, format!("say why: {line}")));
        }
    }
    offences
}

fn in_manifest(room: &Room, what: String) -> Offence {
    Offence { room: room.name.clone(), path: format!("{}/Cargo.toml", room.name), line: 1, what }
}

fn reachable<'a>(rooms: &BTreeMap<&'a str, &'a [&'a str]>, from: &str) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let mut open: Vec<&str> = rooms.get(from).map(|next| next.to_vec()).unwrap_or_default();
    while let Some(room) = open.pop() {
        if found.insert(room) {
            open.extend(rooms.get(room).copied().unwrap_or_default());
        }
    }
    found
}
