//! The workspace as the checks see it: rooms, their manifests, their parsed files.

use std::collections::BTreeSet;
use std::fs;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use syn::spanned::Spanned;
use syn::{Attribute, Item, Meta};

use super::offence::TidyError;

/// Every room of the workspace, read from its manifests.
pub struct House {
    /// The project's root folder.
    pub root: PathBuf,
    /// The rooms, the desktop package and the tests of the whole system included.
    pub rooms: Vec<Room>,
}

/// One member of the workspace.
pub struct Room {
    /// The package's name.
    pub name: String,
    /// The text of its `Cargo.toml`.
    pub manifest: String,
    /// Its Rust files, in the order of their paths.
    pub files: Vec<SourceFile>,
}

/// One Rust file.
pub struct SourceFile {
    /// The path from the project's root, with `/` on every system.
    pub path: String,
    /// The file's text.
    pub text: String,
    /// Its syntax tree.
    pub syntax: syn::File,
    /// Whether it holds nothing but tests.
    pub is_test: bool,
}

/// The member that holds the tests of the whole system.
pub const SYSTEM_TESTS: &str = "outpost-tests";

impl House {
    /// Reads and parses the workspace under `root`.
    ///
    /// # Errors
    /// A manifest or source that cannot be read, or Rust that does not parse.
    pub fn read(root: &Path) -> Result<Self, TidyError> {
        let mut members = vec![
            (root.join("Cargo.toml"), own_files(&root.join("src-tauri"))),
            (root.join("tests/Cargo.toml"), found(&root.join("tests"), &["rs"])),
        ];
        let folders = fs::read_dir(root.join("src-tauri"))?.chain(fs::read_dir(root.join("src-tauri/crates"))?);
        for folder in folders {
            let folder = folder?.path();
            if folder.join("Cargo.toml").exists() {
                members.push((folder.join("Cargo.toml"), found(&folder, &["rs"])));
            }
        }
        let mut rooms = Vec::new();
        for (manifest, files) in members {
            rooms.push(Room::read(root, &manifest, &files)?);
        }
        rooms.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(Self { root: root.to_owned(), rooms })
    }
}

impl Room {
    fn read(root: &Path, manifest: &Path, files: &[PathBuf]) -> Result<Self, TidyError> {
        let manifest = fs::read_to_string(manifest)?;
        let mut sources = Vec::new();
        for file in files {
            let text = fs::read_to_string(file)?;
            sources.push(SourceFile::parse(&relative(root, file), text)?);
        }
        Ok(Self::new(manifest, sources))
    }

    /// A room of parsed files; the manifest says its name.
    pub fn new(manifest: String, files: Vec<SourceFile>) -> Self {
        let name = manifest.lines().find_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'));
        let mut room = Self { name: name.unwrap_or_default().to_owned(), manifest, files };
        room.mark_tests();
        room
    }

    /// A file is a test's by its place, or because `#[cfg(test)] mod` names it or a module above it.
    fn mark_tests(&mut self) {
        let mut tests = BTreeSet::new();
        for file in &self.files {
            for item in &file.syntax.items {
                let Item::Mod(module) = item else { continue };
                if module.content.is_none() && is_for_tests(&module.attrs) {
                    let folder = module_folder(&file.path);
                    tests.insert(format!("{folder}{}.rs", module.ident));
                    tests.insert(format!("{folder}{}/", module.ident));
                }
            }
        }
        for file in &mut self.files {
            let place = file.path.strip_prefix("src-tauri/crates/").unwrap_or(&file.path);
            file.is_test = place.split('/').any(|part| matches!(part, "tests" | "tests.rs"))
                || tests.iter().any(|test| file.path == *test || (test.ends_with('/') && file.path.starts_with(test)));
        }
    }

    /// The rooms and libraries that it uses: those of `[dependencies]` and `[build-dependencies]`, not those of its
    /// tests.
    pub fn dependencies(&self) -> BTreeSet<&str> {
        let mut used = BTreeSet::new();
        let mut counts = false;
        for line in self.manifest.lines().map(str::trim) {
            if let Some(section) = line.strip_prefix('[') {
                counts =
                    section.ends_with("dependencies]") && !section.contains("dev-") && !section.contains("workspace");
            } else if counts && !line.is_empty() && !line.starts_with('#') {
                used.extend(line.split([' ', '.', '=']).next());
            }
        }
        used
    }

    /// The files that are part of the product.
    pub fn product(&self) -> impl Iterator<Item = &SourceFile> {
        self.files.iter().filter(|file| !file.is_test)
    }
}

impl SourceFile {
    /// Parses one file.
    ///
    /// # Errors
    /// Rust that does not parse.
    pub fn parse(path: &str, text: String) -> Result<Self, TidyError> {
        let syntax = syn::parse_file(&text).map_err(|source| TidyError::Syntax { path: path.to_owned(), source })?;
        Ok(Self { path: path.to_owned(), text, syntax, is_test: false })
    }

    /// The lines of the product with their numbers: neither tests nor comments.
    pub fn product_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let tests = test_items(&self.syntax.items);
        let numbered = self.text.lines().enumerate().map(|(index, line)| (index + 1, line));
        numbered.filter(move |(number, line)| {
            !line.trim_start().starts_with("//") && !tests.iter().any(|lines| lines.contains(number))
        })
    }

    /// How many lines are compiled for tests alone.
    pub fn test_lines(&self) -> usize {
        test_items(&self.syntax.items).into_iter().map(|lines| lines.count()).sum()
    }

    /// Whether `cargo xtask gen` wrote the file.
    pub fn is_generated(&self) -> bool {
        self.text.lines().take(3).any(|line| line.contains("cargo xtask gen"))
    }
}

/// Whether an item is compiled for tests alone.
pub fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        Meta::Path(path) => path.is_ident("test"),
        Meta::List(list) if list.path.is_ident("cfg") => {
            let condition = list.tokens.to_string();
            let mut words = condition.split(|c: char| !c.is_alphanumeric());
            words.any(|word| word == "test") && !condition.contains("not")
        }
        _ => false,
    })
}

/// The lines of a file's items that are compiled for tests alone.
fn test_items(items: &[Item]) -> Vec<RangeInclusive<usize>> {
    let mut tests = Vec::new();
    for item in items {
        let attributes: &[Attribute] = match item {
            Item::Fn(item) => &item.attrs,
            Item::Impl(item) => &item.attrs,
            Item::Mod(item) => &item.attrs,
            Item::Struct(item) => &item.attrs,
            Item::Use(item) => &item.attrs,
            _ => &[],
        };
        if is_for_tests(attributes) {
            tests.push(item.span().start().line..=item.span().end().line);
        }
    }
    tests
}

/// The folder, ending in `/`, in which the child modules of a file lie.
pub fn module_folder(path: &str) -> String {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    match name {
        "mod.rs" | "lib.rs" | "main.rs" => format!("{folder}/"),
        _ => format!("{}/", path.trim_end_matches(".rs")),
    }
}

/// Files below a folder with one of the given endings, in the order of their paths.
pub fn found(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            let is_built = ["node_modules", "target", "dist"].iter().any(|name| path.ends_with(name));
            files.extend(if is_built { Vec::new() } else { found(&path, endings) });
        } else if path.extension().is_some_and(|ending| endings.iter().any(|wanted| ending == *wanted)) {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// The path from the root, with `/` on every system.
pub fn relative(root: &Path, file: &Path) -> String {
    let inside = file.strip_prefix(root).unwrap_or(file);
    inside.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// The desktop package's files: `src-tauri` without the other rooms.
fn own_files(folder: &Path) -> Vec<PathBuf> {
    let is_own = |file: &PathBuf| !["crates", "studies"].iter().any(|other| file.starts_with(folder.join(other)));
    found(folder, &["rs"]).into_iter().filter(is_own).collect()
}
