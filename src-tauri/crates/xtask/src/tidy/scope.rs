//! Names and where they are defined: the modules of one crate, and paths followed through imports and re-exports.

use std::collections::{BTreeMap, BTreeSet};

use syn::visit::{self, Visit};
use syn::{Item, ItemUse, UseTree, Visibility};

use super::house::{SourceFile, attributes, is_for_tests, module_files, module_folder};

/// The module tree of one crate, tests left out.
pub struct Modules<'a> {
    /// The crate's files.
    pub files: Vec<&'a SourceFile>,
    all: Vec<Module<'a>>,
}

/// One module, in a file of its own or inline.
pub struct Module<'a> {
    /// Index of the file that holds it.
    pub file: usize,
    /// Its items.
    pub items: &'a [Item],
    parent: Option<usize>,
    names: BTreeMap<String, Vec<Name>>,
    globs: Vec<Vec<String>>,
}

/// What a name in a module means; a name may be a module and a function at once.
enum Name {
    Child(usize),
    Here,
    Import(Vec<String>),
}

/// Where a path leads.
#[derive(Clone, Copy, PartialEq)]
pub enum Target {
    /// A module itself.
    Module(usize),
    /// Something defined in this file.
    File(usize),
    /// Another crate.
    Outside,
}

/// One name that a `use` brings in.
pub struct Import {
    /// The path as written.
    pub path: Vec<String>,
    /// The name under which it is known here; none for `*`.
    pub name: Option<String>,
}

impl<'a> Modules<'a> {
    /// The tree below a crate's root file; `files` are the room's.
    pub fn read(root: &'a SourceFile, files: &'a [SourceFile]) -> Self {
        let mut modules = Self { files: Vec::new(), all: Vec::new() };
        modules.add_file(root, None, files);
        modules
    }

    /// Every module with its index.
    pub fn iter(&self) -> impl Iterator<Item = (usize, &Module<'a>)> {
        self.all.iter().enumerate()
    }

    /// The file in which a module is written.
    pub fn file_of(&self, module: usize) -> usize {
        self.all[module].file
    }

    /// Where a path leads, read inside a module. A name that no table knows (a macro made it) is taken to be defined in
    /// the module that the path names; a first word that is unknown (a local variable, the prelude) leads nowhere.
    pub fn resolve(&self, module: usize, path: &[String]) -> Option<Target> {
        self.follow(module, path, &mut BTreeSet::new())
    }

    fn add_file(&mut self, file: &'a SourceFile, parent: Option<usize>, files: &'a [SourceFile]) -> usize {
        self.files.push(file);
        let index = self.files.len() - 1;
        self.add_module(Place { file: index, parent }, &file.syntax.items, &module_folder(&file.path), files)
    }

    fn add_module(&mut self, place: Place, items: &'a [Item], folder: &str, files: &'a [SourceFile]) -> usize {
        let own = self.all.len();
        let Place { file, parent } = place;
        self.all.push(Module { file, items, parent, names: BTreeMap::new(), globs: Vec::new() });
        for item in items {
            match item {
                Item::Mod(module) if !is_for_tests(&module.attrs) => {
                    let name = module.ident.to_string();
                    let below = format!("{folder}{name}/");
                    let child = if let Some((_, items)) = &module.content {
                        self.add_module(Place { file, parent: Some(own) }, items, &below, files)
                    } else {
                        let paths = module_files(module, &self.files[file].path, folder);
                        let Some(child) = files.iter().find(|file| paths.contains(&file.path)) else { continue };
                        self.add_file(child, Some(own), files)
                    };
                    self.define(own, name, Name::Child(child));
                }
                Item::Use(item) if !is_for_tests(&item.attrs) => self.bring_in(own, item),
                _ => {
                    if let Some(name) = defined(item) {
                        self.define(own, name, Name::Here);
                    }
                }
            }
        }
        // What a function brings in for itself alone comes last: a name of the module's own goes before it.
        let mut inside = UsesInside::default();
        let others = items.iter().filter(|item| !matches!(item, Item::Mod(_) | Item::Use(_)));
        others.for_each(|item| inside.visit_item(item));
        inside.0.into_iter().for_each(|item| self.bring_in(own, item));
        own
    }

    fn bring_in(&mut self, module: usize, item: &ItemUse) {
        for import in imports(&item.tree) {
            match import.name {
                Some(name) => self.define(module, name, Name::Import(import.path)),
                None => self.all[module].globs.push(import.path),
            }
        }
    }

    fn define(&mut self, module: usize, name: String, meaning: Name) {
        self.all[module].names.entry(name).or_default().push(meaning);
    }

    fn follow(&self, module: usize, path: &[String], seen: &mut BTreeSet<(usize, String)>) -> Option<Target> {
        let (first, rest) = path.split_first()?;
        let mut at = match first.as_str() {
            "crate" => Target::Module(0),
            "self" => Target::Module(module),
            "super" => Target::Module(self.all[module].parent?),
            "Self" => return None,
            name => self.look_up(module, name, rest.is_empty(), seen)?,
        };
        for (index, name) in rest.iter().enumerate() {
            let Target::Module(inside) = at else { return Some(at) };
            at = match name.as_str() {
                "self" => at,
                "super" => Target::Module(self.all[inside].parent?),
                name => self
                    .look_up(inside, name, index + 1 == rest.len(), seen)
                    .unwrap_or(Target::File(self.all[inside].file)),
            };
        }
        Some(at)
    }

    /// At a path's end a name means the item before the module of the same name; before the end, the module.
    fn look_up(
        &self,
        module: usize,
        name: &str,
        is_last: bool,
        seen: &mut BTreeSet<(usize, String)>,
    ) -> Option<Target> {
        if !seen.insert((module, name.to_owned())) {
            return None;
        }
        let here = &self.all[module];
        let mut meanings: Vec<Target> = Vec::new();
        for meaning in here.names.get(name).into_iter().flatten() {
            meanings.extend(match meaning {
                Name::Child(child) => Some(Target::Module(*child)),
                Name::Here => Some(Target::File(here.file)),
                Name::Import(path) => Some(self.follow(module, path, seen).unwrap_or(Target::Outside)),
            });
        }
        if meanings.is_empty() {
            for path in &here.globs {
                if let Some(Target::Module(other)) = self.follow(module, path, seen)
                    && other != module
                {
                    meanings.extend(self.look_up(other, name, is_last, seen));
                }
            }
        }
        seen.remove(&(module, name.to_owned()));
        // `use told;` hands on the macro that is defined here.
        if meanings.iter().any(|target| *target != Target::Outside) {
            meanings.retain(|target| *target != Target::Outside);
        }
        let wanted = meanings.iter().find(|target| matches!(target, Target::Module(_)) != is_last);
        wanted.or(meanings.first()).copied()
    }
}

/// What stands in bodies of functions, tests left out.
#[derive(Default)]
struct UsesInside<'a>(Vec<&'a ItemUse>);

impl<'a> Visit<'a> for UsesInside<'a> {
    fn visit_item(&mut self, item: &'a Item) {
        if !is_for_tests(attributes(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'a ItemUse) {
        self.0.push(item);
    }
}

/// The file of a module and the module above it.
struct Place {
    file: usize,
    parent: Option<usize>,
}

/// Whether a `use` hands its names on to others.
pub fn is_re_export(visibility: &Visibility) -> bool {
    !matches!(visibility, Visibility::Inherited)
}

/// Every name that a `use` brings in.
pub fn imports(tree: &UseTree) -> Vec<Import> {
    let mut found = Vec::new();
    flatten(tree, &mut Vec::new(), &mut found);
    found
}

fn flatten(tree: &UseTree, path: &mut Vec<String>, found: &mut Vec<Import>) {
    match tree {
        UseTree::Path(inner) => {
            path.push(inner.ident.to_string());
            flatten(&inner.tree, path, found);
            path.pop();
        }
        UseTree::Name(leaf) if leaf.ident == "self" => {
            found.push(Import { path: path.clone(), name: path.last().cloned() });
        }
        UseTree::Name(leaf) => {
            let name = leaf.ident.to_string();
            found.push(Import { path: [path.clone(), vec![name.clone()]].concat(), name: Some(name) });
        }
        UseTree::Rename(leaf) => {
            let mut full = path.clone();
            full.extend((leaf.ident != "self").then(|| leaf.ident.to_string()));
            found.push(Import { path: full, name: Some(leaf.rename.to_string()) });
        }
        UseTree::Glob(_) => found.push(Import { path: path.clone(), name: None }),
        UseTree::Group(group) => group.items.iter().for_each(|tree| flatten(tree, path, found)),
    }
}

fn defined(item: &Item) -> Option<String> {
    let name = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Macro(item) => item.ident.as_ref()?,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Union(item) => &item.ident,
        _ => return None,
    };
    Some(name.to_string())
}
