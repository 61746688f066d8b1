//! Circles of files: two files of one room that need each other, directly or over others.
//!
//! An arrow leads from the file that names something to the file that defines it, followed through imports and
//! re-exports: `crate::Oid` is an arrow to `names.rs`, not to the `lib.rs` that hands it on. What counts:
//!
//! - every path in code, in types, in bounds, in patterns, of a macro and in its arguments;
//! - a private `use` of an item (a trait may be used by its methods alone).
//!
//! What does not: `mod child;`, `pub use`, `use` of a module or of `*` (the names used through it count), visibilities,
//! attributes, and everything that is compiled for tests alone. Method calls are not seen: the syntax tree does not know
//! their types; but the `impl` of a type that another file defines is an arrow to that file. So a `mod.rs` that defines
//! what its children use, and calls them, is a circle: the type belongs in a file of its own.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use proc_macro2::{TokenStream, TokenTree};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Attribute, Item, Macro};

use super::house::{House, Room, attributes, is_for_tests};
use super::offence::Offence;
use super::scope::{Modules, Target, imports, is_re_export};

/// Every file that lies in a circle, with the shortest way round.
pub fn circles(house: &House) -> Vec<Offence> {
    house.rooms.iter().flat_map(circles_in).collect()
}

fn circles_in(room: &Room) -> Vec<Offence> {
    let roots = room.product().filter(|file| {
        let name = file.path.rsplit('/').next().unwrap_or_default();
        name == "lib.rs" || name.ends_with("main.rs")
    });
    roots.flat_map(|root| offences(room, &Modules::read(root, &room.files))).collect()
}

fn offences(room: &Room, modules: &Modules) -> Vec<Offence> {
    let arrows = arrows(modules);
    let mut found = Vec::new();
    for (file, source) in modules.files.iter().enumerate() {
        let Some(way) = way_round(&arrows, file) else { continue };
        let mut text = String::new();
        let mut line = 1;
        for (index, step) in way.windows(2).enumerate() {
            let arrow = &arrows[&step[0]][&step[1]];
            if index == 0 {
                line = arrow.line;
            }
            text += &format!(" -({})-> {}", arrow.name, short(&modules.files[step[1]].path));
        }
        found.push(Offence::new(
            &room.name,
            &source.path,
            line,
            format!("a circle of files: {}{text}", short(&source.path)),
        ));
    }
    found
}

/// The path inside the room's `src`.
fn short(path: &str) -> &str {
    path.split_once("/src/").map_or(path, |(_, inside)| inside)
}

/// The first use of another file.
struct Arrow {
    name: String,
    line: usize,
}

type Arrows = BTreeMap<usize, BTreeMap<usize, Arrow>>;

fn arrows(modules: &Modules) -> Arrows {
    let mut finder = ArrowFinder { modules, module: 0, arrows: Arrows::new() };
    for (index, module) in modules.iter() {
        finder.module = index;
        for item in module.items {
            // An inline module is a module of its own in the tree.
            if !matches!(item, Item::Mod(_)) {
                finder.visit_item(item);
            }
        }
    }
    finder.arrows
}

struct ArrowFinder<'a> {
    modules: &'a Modules<'a>,
    module: usize,
    arrows: Arrows,
}

impl ArrowFinder<'_> {
    fn add(&mut self, path: &[String], line: usize) {
        let from = self.modules.file_of(self.module);
        if let Some(Target::File(to)) = self.modules.resolve(self.module, path)
            && to != from
        {
            let name = path.iter().rfind(|part| *part != "self").cloned().unwrap_or_default();
            self.arrows.entry(from).or_default().entry(to).or_insert(Arrow { name, line });
        }
    }

    /// Paths of two words or more among a macro's tokens.
    fn add_tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut colons = 0;
        let mut line = 0;
        let end = TokenTree::Punct(proc_macro2::Punct::new(';', proc_macro2::Spacing::Alone));
        for token in tokens.into_iter().chain([end]) {
            match token {
                TokenTree::Punct(punct) if punct.as_char() == ':' => colons += 1,
                TokenTree::Ident(ident) if colons == 2 && !path.is_empty() => {
                    path.push(ident.to_string());
                    colons = 0;
                }
                other => {
                    if path.len() > 1 {
                        self.add(&path, line);
                    }
                    path.clear();
                    colons = 0;
                    match other {
                        TokenTree::Ident(ident) => {
                            line = ident.span().start().line;
                            path.push(ident.to_string());
                        }
                        TokenTree::Group(group) => self.add_tokens(group.stream()),
                        _ => {}
                    }
                }
            }
        }
    }
}

impl<'ast> Visit<'ast> for ArrowFinder<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        if !is_for_tests(attributes(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        if !is_for_tests(&function.attrs) {
            visit::visit_impl_item_fn(self, function);
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        if !is_re_export(&item.vis) {
            for import in imports(&item.tree).into_iter().filter(|import| import.name.is_some()) {
                self.add(&import.path, item.span().start().line);
            }
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let words: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.add(&words, path.span().start().line);
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, invoked: &'ast Macro) {
        // A bare name is more often the standard library's than that of a function of the house with the same name.
        if invoked.path.segments.len() > 1 {
            self.visit_path(&invoked.path);
        }
        self.add_tokens(invoked.tokens.clone());
    }

    fn visit_attribute(&mut self, _: &'ast Attribute) {}
}

/// The shortest way from a file back to itself.
fn way_round(arrows: &Arrows, start: usize) -> Option<Vec<usize>> {
    let mut came_from: BTreeMap<usize, usize> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    let mut open = VecDeque::from([start]);
    while let Some(file) = open.pop_front() {
        for &next in arrows.get(&file).into_iter().flat_map(BTreeMap::keys) {
            if next == start {
                let mut way = vec![start, file];
                while let Some(&before) = came_from.get(way.last()?) {
                    way.push(before);
                }
                way.reverse();
                return Some(way);
            }
            if seen.insert(next) {
                came_from.insert(next, file);
                open.push_back(next);
            }
        }
    }
    None
}
