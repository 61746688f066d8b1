//! The UI's own arrows: one door to Rust, and no page inside another.

use std::fs;

use super::house::{House, found, relative};
use super::offence::Offence;

/// Files outside `ipc/` that call Tauri, and pages that import other pages.
pub fn doors(house: &House) -> Vec<Offence> {
    let source = house.root.join("ui/src");
    let mut offences = Vec::new();
    for file in found(&source, &["ts", "svelte"]) {
        let text = fs::read_to_string(&file).unwrap_or_default();
        let inside = relative(&source, &file);
        let page = inside.strip_prefix("pages/").and_then(|rest| rest.split('/').next());
        for (index, line) in text.lines().enumerate() {
            let mut refuse = |what: &str| {
                let path = relative(&house.root, &file);
                offences.push(Offence { room: "ui".into(), path, line: index + 1, what: what.into() });
            };
            if line.contains("@tauri-apps/api") && !inside.starts_with("ipc/") {
                refuse("only ui/src/ipc may use @tauri-apps/api");
            }
            let other = line.split("pages/").nth(1).and_then(|rest| rest.split('/').next());
            if page.zip(other).is_some_and(|(page, other)| page != other) {
                refuse("a page may not import another page");
            }
        }
    }
    offences
}
