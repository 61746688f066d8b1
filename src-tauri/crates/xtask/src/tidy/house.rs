//! The workspace as the checks see it: rooms, their manifests, their parsed files.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Attribute, Expr, Item, ItemMod, Lit, Meta, Token};

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
    /// Its folder from the project's root; empty for the desktop package.
    pub folder: String,
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
/// Where other rooms lie inside the desktop package's folder.
const OTHERS: [&str; 2] = ["src-tauri/crates/", "src-tauri/studies/"];

impl House {
    /// Reads and parses the workspace under `root`.
    ///
    /// # Errors
    /// A manifest or source that cannot be read, or Rust that does not parse.
    pub fn read(root: &Path) -> Result<Self, TidyError> {
        let mut members = vec![
            (root.join("Cargo.toml"), own_files(root)),
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
        let folder = relative(root, manifest.parent().unwrap_or(root));
        let manifest = fs::read_to_string(manifest)?;
        let mut sources = Vec::new();
        for file in files {
            let text = fs::read_to_string(file)?;
            sources.push(SourceFile::parse(&relative(root, file), text)?);
        }
        Ok(Self::new(&folder, manifest, sources))
    }

    /// A room of parsed files in a folder; the manifest says its name.
    pub fn new(folder: &str, manifest: String, files: Vec<SourceFile>) -> Self {
        let name = manifest.lines().find_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'));
        let mut room = Self { name: name.unwrap_or_default().to_owned(), folder: folder.to_owned(), manifest, files };
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
                    tests.extend(module_files(module, &file.path, &module_folder(&file.path)));
                }
            }
        }
        let is_below = |path: &str, test: &str| path.starts_with(&module_folder(test));
        for file in &mut self.files {
            let place = file.path.strip_prefix("src-tauri/crates/").unwrap_or(&file.path);
            file.is_test = place.split('/').any(|part| matches!(part, "tests" | "tests.rs"))
                || tests.iter().any(|test| file.path == *test || is_below(&file.path, test));
        }
    }

    /// Whether a file at a path, from the project's root, is the room's own.
    pub fn holds(&self, path: &str) -> bool {
        match self.folder.as_str() {
            "" => path.starts_with("src-tauri/") && !OTHERS.iter().any(|other| path.starts_with(other)),
            folder => path.strip_prefix(folder).is_some_and(|inside| inside.starts_with('/')),
        }
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
}

/// Whether `cargo xtask gen` wrote a text; a file that only speaks of it is somebody's.
pub fn is_generated(text: &str) -> bool {
    text.starts_with("// Written by `cargo xtask gen`")
}

/// Whether an item is compiled for tests alone.
pub fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        Meta::Path(path) => path.is_ident("test"),
        Meta::List(list) if list.path.is_ident("cfg") => {
            list.parse_args().is_ok_and(|condition| holds_only_in_tests(&condition))
        }
        _ => false,
    })
}

fn holds_only_in_tests(condition: &Meta) -> bool {
    let Meta::List(list) = condition else { return condition.path().is_ident("test") };
    let parts = list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated).unwrap_or_default();
    match list.path.get_ident().map(ToString::to_string).as_deref() {
        Some("all") => parts.iter().any(holds_only_in_tests),
        Some("any") => !parts.is_empty() && parts.iter().all(holds_only_in_tests),
        _ => false,
    }
}

/// The lines of a file's items that are compiled for tests alone.
fn test_items(items: &[Item]) -> Vec<RangeInclusive<usize>> {
    let tests = items.iter().filter(|item| is_for_tests(attributes(item)));
    tests.map(|item| item.span().start().line..=item.span().end().line).collect()
}

/// What stands before an item.
pub fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Union(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

/// The files in which a module may lie that `file` declares and whose own folder of modules is `folder`.
pub fn module_files(module: &ItemMod, file: &str, folder: &str) -> Vec<String> {
    match path_of(module, file) {
        Some(path) => vec![path],
        None => vec![format!("{folder}{}.rs", module.ident), format!("{folder}{}/mod.rs", module.ident)],
    }
}

/// The file that `#[path]` before a module names, from the project's root.
pub fn path_of(module: &ItemMod, file: &str) -> Option<String> {
    module.attrs.iter().find_map(|attribute| {
        let Meta::NameValue(pair) = &attribute.meta else { return None };
        let Expr::Lit(literal) = &pair.value else { return None };
        let Lit::Str(path) = &literal.lit else { return None };
        pair.path.is_ident("path").then(|| beside(file, &path.value()))
    })
}

/// A path as a file names it, from where the file's own path begins.
pub fn beside(file: &str, path: &str) -> String {
    let mut parts: Vec<&str> = file.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// The folder, ending in `/`, in which the child modules of a file lie.
pub fn module_folder(path: &str) -> String {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    if is_root(name) { format!("{folder}/") } else { format!("{}/", path.trim_end_matches(".rs")) }
}

/// Whether the modules that a file declares lie beside it.
fn is_root(path: &str) -> bool {
    matches!(path.rsplit('/').next(), Some("mod.rs" | "lib.rs" | "main.rs"))
}

/// Files below a folder with one of the given endings, in the order of their paths.
pub fn found(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files.extend(if is_built(&path) { Vec::new() } else { found(&path, endings) });
        } else if path.extension().is_some_and(|ending| endings.iter().any(|wanted| ending == *wanted)) {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// Whether a tool fills a folder: what cargo and Vite build lies beside a manifest; a module may have the same name.
fn is_built(folder: &Path) -> bool {
    let beside = |manifest| folder.with_file_name(manifest).exists();
    match folder.file_name().and_then(OsStr::to_str) {
        Some("node_modules") => true,
        Some("target" | "dist") => beside("Cargo.toml") || beside("package.json"),
        _ => false,
    }
}

/// The path from the root, with `/` on every system.
pub fn relative(root: &Path, file: &Path) -> String {
    let inside = file.strip_prefix(root).unwrap_or(file);
    inside.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// The desktop package's files: `src-tauri` without the other rooms.
fn own_files(root: &Path) -> Vec<PathBuf> {
    let is_own = |file: &PathBuf| !OTHERS.iter().any(|other| file.starts_with(root.join(other)));
    found(&root.join("src-tauri"), &["rs"]).into_iter().filter(is_own).collect()
}
