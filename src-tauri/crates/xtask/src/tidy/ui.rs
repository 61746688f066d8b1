//! The UI's own arrows: one door to Rust, layers that know only what lies below them, and no page inside another.

use std::fs;

use super::house::{House, beside, found, relative};
use super::offence::Offence;

/// The folders of `ui/src` from the bottom to the top. Each may use what lies below it; `main.ts` starts the topmost.
const LAYERS: &[&str] = &["ipc", "i18n", "model", "charts", "controls", "forms", "pages", "shell"];

/// How Tauri is named in source text.
const TAURI: &[&str] = &["@tauri-apps/", "__TAURI"];

/// Files outside `ipc/` that call Tauri, files that use a layer above their own, and pages that use other pages.
pub fn doors(house: &House) -> Vec<Offence> {
    let source = house.root.join("ui/src");
    let mut offences = Vec::new();
    for file in found(&source, &["ts", "svelte"]) {
        let text = fs::read_to_string(&file).unwrap_or_default();
        let inside = relative(&source, &file);
        let path = relative(&house.root, &file);
        for (index, line) in text.lines().enumerate() {
            let refused = refused(&inside, line);
            offences.extend(refused.map(|what| Offence {
                room: "ui".into(),
                path: path.clone(),
                line: index + 1,
                what,
            }));
        }
    }
    offences
}

/// What is wrong with a line of a file, whose path begins in `ui/src`.
fn refused(inside: &str, line: &str) -> Option<String> {
    if TAURI.iter().any(|word| line.contains(word)) && !inside.starts_with("ipc/") {
        return Some("only ui/src/ipc may use Tauri's API".into());
    }
    let used: Vec<String> = named(inside, line).collect();
    let mut pages = used.iter().map(String::as_str).chain([line]).filter_map(page);
    if inside.starts_with("pages/") && pages.any(|other| page(inside) != Some(other)) {
        return Some("a page may not import another page".into());
    }
    // Tests begin where they must.
    if inside.ends_with(".test.ts") { None } else { used.iter().find_map(|used| between(inside, used)) }
}

fn page(path: &str) -> Option<&str> {
    path.split_once("pages/")?.1.split('/').next()
}

/// Why one file may not use another, if it may not.
fn between(from: &str, to: &str) -> Option<String> {
    let (from, to) = (from.split_once('/')?.0, to.split_once('/')?.0);
    let height = |folder: &str| LAYERS.iter().position(|layer| *layer == folder);
    match (height(from), height(to)) {
        _ if from == to => None,
        (None, _) => Some(format!("{from} has no place among the layers yet; add it to the list")),
        (Some(here), Some(there)) if there < here => None,
        _ => Some(format!("{from} may not use {to}, which stands above it")),
    }
}

/// The files that a line of code names from where it stands, their paths from `ui/src`.
fn named(inside: &str, line: &str) -> impl Iterator<Item = String> {
    let quoted = line.split(['"', '\'', '`']);
    quoted.filter(|path| path.starts_with("./") || path.starts_with("../")).map(|path| beside(inside, path))
}
