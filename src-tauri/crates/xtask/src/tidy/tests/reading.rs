//! How a workspace is read from the disk.

use std::fs;
use std::path::Path;

use crate::tidy::house::{House, found};

/// Files in a new folder.
pub fn laid_out(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    files.iter().for_each(|(path, text)| lay(folder.path(), path, text));
    folder
}

/// Writes a file and the folders above it.
pub fn lay(folder: &Path, path: &str, text: &str) {
    let file = folder.join(path);
    fs::create_dir_all(file.parent().expect("it has one")).expect("a folder");
    fs::write(file, text).expect("a file");
}

/// The manifests without which there is no workspace.
const MANIFESTS: [(&str, &str); 4] = [
    ("Cargo.toml", "[package]\nname = \"outpost\"\n"),
    ("tests/Cargo.toml", "[package]\nname = \"outpost-tests\"\n"),
    ("src-tauri/studies/Cargo.toml", "[package]\nname = \"studies\"\n"),
    ("src-tauri/crates/study/Cargo.toml", "[package]\nname = \"study\"\n"),
];

#[test]
fn every_file_belongs_to_one_room() {
    let folder = laid_out(&MANIFESTS);
    for path in [
        "src-tauri/main.rs",
        "src-tauri/commands/form.rs",
        "src-tauri/studies/lib.rs",
        "src-tauri/crates/study/src/lib.rs",
        "src-tauri/crates/study/tests/rules.rs",
        "src-tauri/crates/README.md",
        "src-tauri/crates/no-room/lost.rs",
        "tests/journeys.rs",
        "tests/fuzz/main.rs",
    ] {
        lay(folder.path(), path, "");
    }
    let house = House::read(folder.path()).expect("a workspace");
    let files = |name: &str| -> Vec<(String, bool)> {
        let room = house.rooms.iter().find(|room| room.name == name).expect("the room");
        room.files.iter().map(|file| (file.path.clone(), file.is_test)).collect()
    };
    let held = |paths: &[(&str, bool)]| paths.iter().map(|(path, is)| ((*path).to_owned(), *is)).collect::<Vec<_>>();
    assert_eq!(files("outpost"), held(&[("src-tauri/commands/form.rs", false), ("src-tauri/main.rs", false)]));
    assert_eq!(files("studies"), held(&[("src-tauri/studies/lib.rs", false)]));
    let study = [("src-tauri/crates/study/src/lib.rs", false), ("src-tauri/crates/study/tests/rules.rs", true)];
    assert_eq!(files("study"), held(&study));
    assert_eq!(files("outpost-tests"), held(&[("tests/fuzz/main.rs", true), ("tests/journeys.rs", true)]));
    assert_eq!(
        house.rooms.iter().map(|room| room.folder.as_str()).collect::<Vec<_>>(),
        ["", "tests", "src-tauri/studies", "src-tauri/crates/study"]
    );
}

#[test]
fn what_tools_build_is_not_read_but_a_module_of_the_same_name_is() {
    let folder = laid_out(&[
        ("Cargo.toml", ""),
        ("target/debug/a.rs", ""),
        ("src/target/lesion.rs", ""),
        ("src/dist/b.rs", ""),
        ("ui/package.json", ""),
        ("ui/dist/c.rs", ""),
        ("ui/node_modules/d.rs", ""),
        ("src/e.txt", ""),
    ]);
    let inside = |path: &std::path::PathBuf| crate::tidy::house::relative(folder.path(), path);
    let files: Vec<String> = found(folder.path(), &["rs"]).iter().map(inside).collect();
    assert_eq!(files, ["src/dist/b.rs", "src/target/lesion.rs"]);
    assert!(found(&folder.path().join("nowhere"), &["rs"]).is_empty());
}

#[test]
fn what_cannot_be_read_is_named() {
    let folder = laid_out(&MANIFESTS);
    lay(folder.path(), "src-tauri/crates/study/src/lib.rs", "fn whole() {}\n\nfn half( {\n");
    let told = |folder: &Path| House::read(folder).err().expect("it cannot be read").to_string();
    let said = told(folder.path());
    assert!(said.starts_with("src-tauri/crates/study/src/lib.rs:3: "), "{said}");
    fs::remove_file(folder.path().join("tests/Cargo.toml")).expect("it goes");
    assert!(!told(folder.path()).contains("study"), "the manifests come first");
}
