//! Arrows between rooms, libraries of rooms, the map, and why a dependency is taken.

use std::fs;

use super::{house_of, places, room, said};
use crate::tidy::house::{House, Room, SourceFile};
use crate::tidy::manifest::{Dependency, Section, dependencies};

const RULE: &str = "arrows between rooms";

/// A room without files, whose manifest goes on like this.
fn member(name: &str, manifest: &str) -> Room {
    Room::new(&format!("src-tauri/crates/{name}"), format!("[package]\nname = \"{name}\"\n{manifest}"), vec![])
}

/// A casebook with this manifest among rooms that it may use and rooms that it may not; the workspace renames one.
fn casebook(manifest: &str) -> House {
    let workspace = "\n[workspace.dependencies]\ndoor = { path = \"src-tauri/crates/site\", package = \"site\" }\n";
    let outpost = Room::new("", format!("[package]\nname = \"outpost\"\n{workspace}"), vec![]);
    house_of(vec![outpost, member("casebook", manifest), member("study", ""), member("site", ""), member("seal", "")])
}

#[test]
fn an_arrow_upwards_is_refused_however_it_is_written() {
    for upwards in [
        "[dependencies]\nstudy.workspace = true\nsite = { workspace = true }\n",
        "[dependencies]\nsite.workspace = true\n",
        "[dependencies]\n\"site\" = { path = \"../site\" }\n",
        "[dependencies.site]\nworkspace = true\n",
        "[build-dependencies]\nsite.workspace = true\n",
        "[target.'cfg(unix)'.dependencies]\nsite.workspace = true\n",
        "[target.'cfg(unix)'.dependencies.site]\npath = \"../site\"\n",
        "[dependencies]\nother = { path = \"../site\", package = \"site\" }\n",
        "[dependencies]\nother.path = \"../site\"\nother.package = \"site\"\n",
        "[dependencies.other]\npath = \"../site\"\npackage = \"site\"\n",
        "[dependencies]\ndoor.workspace = true\n",
        "[dependencies]\nstudy = { workspace = true, features = [\n\"one\", # [ {\n\"two\",\n] }\nsite.workspace = true\n",
        "[dependencies]\nsite = { workspace = true, optional = true }\n[features]\nmore = [\"dep:site\"]\n",
    ] {
        assert_eq!(said(RULE, &casebook(upwards)), ["no arrow leads from casebook to site"], "{upwards}");
    }
}

#[test]
fn an_arrow_along_the_map_or_for_tests_alone_is_allowed() {
    for fine in [
        "",
        "[dependencies]\nstudy.workspace = true\nserde.workspace = true\n",
        "[dev-dependencies]\nsite.workspace = true\n",
        "[dev-dependencies.site]\nworkspace = true\n",
        "[target.'cfg(unix)'.dev-dependencies]\nsite.workspace = true\n",
        "[dependencies]\n# site.workspace = true\nstudy.workspace = true # not site\n",
        "[features]\nsite = []\n[lints]\nworkspace = true\n",
        "[dependencies]\nstudy = { workspace = true, features = [\n    \"site\",\n] }\n",
        "[package.metadata]\nsite = \"site\"\n",
        "[dependencies]\nsite-of-another = { workspace = true }\n",
    ] {
        assert!(said(RULE, &casebook(fine)).is_empty(), "{fine}");
    }
}

#[test]
fn an_offence_names_the_line_of_the_manifest() {
    let upwards = casebook("[dependencies]\nstudy.workspace = true\n\nsite.workspace = true\n");
    assert_eq!(places(RULE, &upwards), ["src-tauri/crates/casebook/Cargo.toml:6"]);
    let shell = Room::new("", "[package]\nname = \"outpost\"\n[dependencies]\nvaults = 1\nseals = 1\n".into(), vec![]);
    let rooms = house_of(vec![shell, member("vaults", ""), member("seals", "")]);
    assert_eq!(places(RULE, &rooms)[..2], ["Cargo.toml:4", "Cargo.toml:5"]);
}

#[test]
fn a_room_may_use_what_its_neighbours_stand_on_and_the_center_no_medicine() {
    let of = |name: &str, uses: &str| {
        let rooms = ["study", "casebook", "clinical", "oncology", "screens", "site", "xtask"].into_iter();
        let others = rooms.filter(|other| *other != name).map(|other| member(other, ""));
        let own = member(name, &format!("[dependencies]\n{uses}.workspace = true\n"));
        said(RULE, &house_of([own].into_iter().chain(others).collect()))
    };
    assert!(of("site", "study").is_empty() && of("exchange", "oncology").is_empty());
    assert!(of("xtask", "site").is_empty() && of("outpost-tests", "xtask").is_empty());
    assert_eq!(of("center", "oncology"), ["no arrow leads from center to oncology"]);
    assert_eq!(of("study", "casebook"), ["no arrow leads from study to casebook"]);
    assert_eq!(of("newcomer", "oncology").len(), 2, "its arrows must be drawn first");
}

#[test]
fn a_file_of_another_room_is_no_module() {
    let said_of = |text: &str| said(RULE, &house_of(vec![room("casebook", &[("lib.rs", text)]), member("site", "")]));
    let what = said_of("#[path = \"../../site/src/home.rs\"]\nmod home;");
    assert_eq!(what, ["src-tauri/crates/site/src/home.rs is no file of casebook; a room is used through its door"]);
    assert!(said_of("#[path = \"../src/home.rs\"] mod home;").is_empty());
    assert!(said_of("#[path = \"home_of_all.rs\"] mod home;").is_empty());
    assert!(said_of("#[cfg(test)] #[path = \"../../../site/tests/home.rs\"] mod home;").is_empty());
    let shell = |text: &str| {
        let files = vec![SourceFile::parse("src-tauri/lib.rs", text.to_owned()).expect("Rust")];
        said(RULE, &house_of(vec![Room::new("", "[package]\nname = \"outpost\"\n".into(), files)]))
    };
    assert!(shell("#[path = \"commands/all.rs\"] mod commands;").is_empty());
    assert_eq!(shell("#[path = \"crates/site/src/home.rs\"] mod home;").len(), 1);
}

#[test]
fn a_library_belongs_to_its_rooms() {
    let uses = |name: &str, manifest: &str| said("libraries of rooms", &house_of(vec![member(name, manifest)]));
    for past in [
        "[dependencies]\nring.workspace = true\n",
        "[dependencies]\nring = \"0.17\"\n",
        "[dependencies.ring]\nversion = \"0.17\"\n",
        "[dependencies]\ncrypto = { version = \"0.17\", package = \"ring\" }\n",
        "[build-dependencies]\nring.workspace = true\n",
    ] {
        assert_eq!(uses("casebook", past), ["ring belongs to [\"seal\"]"], "{past}");
        assert!(uses("seal", past).is_empty() && uses("xtask", past).is_empty(), "{past}");
    }
    assert!(uses("casebook", "[dev-dependencies]\nring.workspace = true\n").is_empty());
    assert!(uses("casebook", "[dependencies]\nring-buffer.workspace = true\nstring.workspace = true\n").is_empty());
    assert_eq!(uses("study", "[dependencies]\nchrono.workspace = true\n"), ["chrono belongs to [\"clock\"]"]);
}

#[test]
fn every_dependency_says_why_it_is_taken() {
    let with = |lines: &str| {
        let manifest = format!("[package]\nname = \"outpost\"\n[workspace.dependencies]\n{lines}\n[lints]\nx = 1\n");
        said("why of dependencies", &house_of(vec![Room::new("", manifest, vec![])]))
    };
    for fine in [
        "serde = \"1\" # values",
        "# RFC 8032\nring = \"0.17\"",
        "study = { path = \"src-tauri/crates/study\" }",
        "tauri = { version = \"2\", features = [\n    \"x\",\n] } # the window",
        "# Values\n[workspace.dependencies.serde]\nversion = \"1\"",
    ] {
        assert!(with(fine).is_empty(), "{fine}");
    }
    for silent in [
        "serde = \"1\"",
        "serde = { version = \"1\", features = [\"a#b\"] }",
        "# Data\n\nserde = \"1\"",
        "# Data\nother = \"1\" # read\nserde = \"1\"",
        "[workspace.dependencies.serde]\nversion = \"1\"",
    ] {
        assert_eq!(with(silent), ["say why, on its line or the one above: serde"], "{silent}");
    }
}

#[test]
fn a_version_stands_once() {
    let with = |manifest: &str| said("why of dependencies", &house_of(vec![member("study", manifest)]));
    let what = ["rand: its version and its reason stand once, in the workspace's manifest"];
    for past in [
        "[dependencies]\nrand = \"0.9\" # dice\n",
        "[dependencies]\nrand = { version = \"0.9\" }\n",
        "[dev-dependencies]\nrand = \"0.9\"\n",
        "[dependencies.rand]\nversion = \"0.9\"\n",
        "[target.'cfg(unix)'.dependencies]\nrand = { git = \"https://example.org/rand\" }\n",
    ] {
        assert_eq!(with(past), what, "{past}");
    }
    for fine in [
        "[dependencies]\nrand.workspace = true\n",
        "[dev-dependencies]\nrand = { workspace = true, features = [\"x\"] }\n",
        "[dependencies.rand]\nworkspace = true\noptional = true\n",
        "[dependencies]\nrand.workspace = true\nrand.optional = true\n",
    ] {
        assert!(with(fine).is_empty(), "{fine}");
    }
}

#[test]
fn a_manifest_is_read_in_its_order() {
    let manifest = "[dependencies]\na.workspace = true\nb = { package = \"c\", version = \"1\" }\n\n\
        [dev-dependencies.d]\nversion = \"1\"\n[workspace.dependencies]\ne = [\n  \"x]\",\n]\nf = 1\n";
    let found = dependencies(manifest);
    let told: Vec<_> = found.iter().map(|Dependency { name, of, line, .. }| (name.as_str(), *of, *line)).collect();
    let (product, tests, workspace) = (Section::Product, Section::Tests, Section::Workspace);
    let wanted = [("a", product, 2), ("b", product, 3), ("d", tests, 5), ("e", workspace, 8), ("f", workspace, 11)];
    assert_eq!(told, wanted);
    assert_eq!(found[1].package.as_deref(), Some("c"));
    assert_eq!(found[3].said, "e = [\n\"x]\",\n]\n");
}

#[test]
fn the_map_names_every_room_and_only_what_is_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let crates = folder.path().join("src-tauri/crates");
    fs::create_dir_all(crates.join("study/src/rules")).expect("a folder");
    fs::create_dir_all(folder.path().join("tests/audit")).expect("a folder");
    let with = |map: &str| {
        fs::write(crates.join("README.md"), map).expect("a map");
        let house = House { root: folder.path().to_owned(), rooms: vec![member("study", ""), member("seal", "")] };
        (said("the map", &house), places("the map", &house))
    };
    assert!(with("| `study` | `study/src/rules/` | `tests/audit` |\n| `seal` | study/src/gone |").0.is_empty());
    assert_eq!(with("`study`, seal").0, ["seal is not on the map"]);
    let gone = with("`study` `seal`\n\nsee `study/src/gone.rs` and `tests/gone`");
    let told = ["study/src/gone.rs", "tests/gone"].map(|place| format!("the map names {place}, which is not there"));
    assert_eq!(gone.0, told);
    assert_eq!(gone.1, ["src-tauri/crates/README.md:3"; 2]);
}
