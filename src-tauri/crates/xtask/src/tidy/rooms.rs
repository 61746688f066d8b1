//! What a room may know: other rooms, libraries, words of the standard library; and that the map tells it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Item, ItemUse};

use super::house::{House, Room, SYSTEM_TESTS, SourceFile, attributes, is_for_tests, path_of};
use super::manifest::{self, Dependency, Section};
use super::offence::Offence;
use super::scope::imports;

/// The arrows of `src-tauri/crates/README.md`. A room may also use what its neighbours stand on.
const ARROWS: &[(&str, &[&str])] = &[
    ("outpost", &["site", "practice", "clock", "program-log"]),
    ("practice", &["site", "studies"]),
    ("outpost-center", &["center", "clinical", "clock", "program-log"]),
    ("site", &["vault", "screens", "bundle", "allocation", "exchange"]),
    ("center", &["bundle", "allocation", "exchange"]),
    ("vault", &["casebook", "seal"]),
    ("bundle", &["casebook", "seal"]),
    ("allocation", &["casebook", "seal"]),
    ("exchange", &["screens"]),
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
    ("chrono", &["clock"]),
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

/// Rooms that use a room to which no arrow leads, or a file of another room without any.
pub fn arrows(house: &House) -> Vec<Offence> {
    let all: BTreeMap<&str, &[&str]> = ARROWS.iter().copied().collect();
    let mut offences = Vec::new();
    for room in house.rooms.iter().filter(|room| !OUTSIDE.contains(&room.name.as_str())) {
        if !all.contains_key(room.name.as_str()) {
            offences.push(in_manifest(room, 1, format!("{} has no arrows yet; add it to the list", room.name)));
        }
        let allowed = reachable(&all, &room.name);
        let forbidden = FORBIDDEN.iter().filter(|(name, _)| *name == room.name).flat_map(|(_, others)| *others);
        let forbidden: Vec<&&str> = forbidden.collect();
        for (used, line) in used(house, room) {
            let is_room = house.rooms.iter().any(|other| other.name == used);
            if is_room && (!allowed.contains(used.as_str()) || forbidden.contains(&&used.as_str())) {
                offences.push(in_manifest(room, line, format!("no arrow leads from {} to {used}", room.name)));
            }
        }
        offences.extend(room.product().flat_map(|file| foreign_files(room, file)));
    }
    offences
}

/// Modules of a room whose file lies outside its folder.
fn foreign_files(room: &Room, file: &SourceFile) -> Vec<Offence> {
    let modules = file.syntax.items.iter().filter_map(|item| match item {
        Item::Mod(module) if !is_for_tests(&module.attrs) => Some(module),
        _ => None,
    });
    let outside = modules.filter_map(|module| Some((module, path_of(module, &file.path)?)));
    let outside = outside.filter(|(_, path)| !room.holds(path));
    let offence = |(module, path)| {
        let what = format!("{path} is no file of {}; a room is used through its door", room.name);
        Offence::new(&room.name, &file.path, Spanned::span(module).start().line, what)
    };
    outside.map(offence).collect()
}

/// Rooms that use a library which belongs to another.
pub fn libraries(house: &House) -> Vec<Offence> {
    let mut offences = Vec::new();
    for room in house.rooms.iter().filter(|room| !OUTSIDE.contains(&room.name.as_str())) {
        for (used, line) in used(house, room) {
            for (library, owners) in OWNED {
                if used == *library && !owners.contains(&room.name.as_str()) {
                    offences.push(in_manifest(room, line, format!("{library} belongs to {owners:?}")));
                }
            }
        }
    }
    offences
}

/// The packages that a room's product or its build script uses, under their own names, and where its manifest says so.
fn used(house: &House, room: &Room) -> Vec<(String, usize)> {
    let renamed: BTreeMap<String, String> = workspace(house)
        .flat_map(|workspace| manifest::dependencies(&workspace.manifest))
        .filter(|dependency| dependency.of == Section::Workspace)
        .filter_map(|Dependency { name, package, .. }| Some((name, package?)))
        .collect();
    let own = manifest::dependencies(&room.manifest).into_iter().filter(|own| own.of == Section::Product);
    own.map(|Dependency { name, package, line, .. }| {
        (package.or_else(|| renamed.get(&name).cloned()).unwrap_or(name), line)
    })
    .collect()
}

/// The member whose manifest is the workspace's, too.
fn workspace(house: &House) -> impl Iterator<Item = &Room> {
    house.rooms.iter().filter(|room| room.manifest.contains("[workspace.dependencies"))
}

/// Product code that names what its room may not touch.
pub fn words(house: &House) -> Vec<Offence> {
    let mut offences = Vec::new();
    for room in &house.rooms {
        let words: Vec<&str> =
            UNSPOKEN.iter().filter(|(name, _)| *name == room.name).flat_map(|(_, words)| *words).copied().collect();
        for file in room.product().filter(|_| !words.is_empty()) {
            let spoken: Vec<(usize, &str)> = file.product_lines().collect();
            let mut imported = Imports::default();
            imported.visit_file(&file.syntax);
            for word in &words {
                let mut lines: BTreeMap<usize, &str> =
                    spoken.iter().filter(|(_, line)| line.contains(word)).copied().collect();
                let brought_in = imported.0.iter().filter(|(_, path)| path.contains(word) || holds(path, word));
                for (number, path) in brought_in {
                    lines.entry(*number).or_insert(path);
                }
                offences.extend(lines.into_iter().map(|(number, line)| {
                    let what = format!("{} may not touch {word}: {}", room.name, line.trim());
                    Offence::new(&room.name, &file.path, number, what)
                }));
            }
        }
    }
    offences
}

/// Whether what is meant lies below a path that is brought in as a whole.
fn holds(path: &str, word: &str) -> bool {
    word.strip_prefix(path).is_some_and(|rest| rest.starts_with("::"))
}

/// Every path of the product's `use`s with its line, written out: `use std::{fs, io}` is `std::fs` and `std::io`.
#[derive(Default)]
struct Imports(Vec<(usize, String)>);

impl<'ast> Visit<'ast> for Imports {
    fn visit_item(&mut self, item: &'ast Item) {
        if !is_for_tests(attributes(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        let line = item.span().start().line;
        self.0.extend(imports(&item.tree).into_iter().map(|import| (line, import.path.join("::"))));
    }
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

/// Dependencies in the workspace's manifest without a word of why, and those in a room's manifest that pass it by.
pub fn dependencies(house: &House) -> Vec<Offence> {
    let mut offences = Vec::new();
    for room in &house.rooms {
        let lines: Vec<&str> = room.manifest.lines().collect();
        for dependency in manifest::dependencies(&room.manifest) {
            let Dependency { name, of, line, said, .. } = dependency;
            if of != Section::Workspace {
                let is_shared = ["workspace = true", "workspace=true"].iter().any(|words| said.contains(words));
                let what = format!("{name}: its version and its reason stand once, in the workspace's manifest");
                offences.extend((!is_shared).then(|| in_manifest(room, line, what)));
            } else if !said.contains("path = ") && !said.contains(" # ") && !lines[line - 2].starts_with('#') {
                offences.push(in_manifest(room, line, format!("say why, on its line or the one above: {name}")));
            }
        }
    }
    offences
}

fn in_manifest(room: &Room, line: usize, what: String) -> Offence {
    let path = if room.folder.is_empty() { "Cargo.toml".into() } else { format!("{}/Cargo.toml", room.folder) };
    Offence { room: room.name.clone(), path, line, what }
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
