//! How much a reader must hold at once: lines of a file, lines and parameters of a function.

use std::collections::BTreeSet;
use std::fs;

use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Attribute, Block, FnArg, ImplItemFn, ItemFn, ItemImpl, ItemMod, ItemType, Signature, TraitItemFn, Type};

use super::house::{House, Room, SourceFile, found, is_for_tests, is_generated, relative};
use super::offence::Offence;

const LINES_OF_A_FILE: usize = 600;
const LINES_OF_A_UI_FILE: usize = 400;
const LINES_OF_A_FUNCTION: usize = 60;
const PARAMETERS: usize = 6;

/// Files that are too long, tests included; what `cargo xtask gen` writes is nobody's reading.
pub fn files(house: &House) -> Vec<Offence> {
    let mut offences = Vec::new();
    for room in &house.rooms {
        for file in room.files.iter().filter(|file| !is_generated(&file.text)) {
            let lines = file.text.lines().count();
            if lines > LINES_OF_A_FILE {
                offences.push(Offence::new(&room.name, &file.path, 1, format!("{lines} lines; split the file")));
            }
        }
    }
    for file in found(&house.root.join("ui/src"), &["ts", "svelte", "css"]) {
        let text = fs::read_to_string(&file).unwrap_or_default();
        let lines = text.lines().count();
        if lines > LINES_OF_A_UI_FILE && !is_generated(&text) {
            let what = format!("{lines} lines; split the file");
            offences.push(Offence { room: "ui".into(), path: relative(&house.root, &file), line: 1, what });
        }
    }
    offences
}

/// Functions of the product that are too long: from the first word of the signature to the closing brace.
pub fn functions(house: &House) -> Vec<Offence> {
    each_function(house, |function| {
        let last = function.block?.span().end().line;
        let lines = last + 1 - function.line();
        (lines > LINES_OF_A_FUNCTION).then(|| format!("{}: {lines} lines; split the function", function.name()))
    })
}

/// Functions of the product with too many parameters; `self` is none.
pub fn parameters(house: &House) -> Vec<Offence> {
    each_function(house, |function| {
        let count = function.signature.inputs.iter().filter(|input| matches!(input, FnArg::Typed(_))).count();
        (count > PARAMETERS)
            .then(|| format!("{}: {count} parameters; what belongs together is a struct", function.name()))
    })
}

/// Functions of the product that take a tuple, a reference to one, or an alias of one: its parts have no names.
pub fn tuples(house: &House) -> Vec<Offence> {
    let tuples_in = |room| {
        let mut aliases = TupleAliases::default();
        Room::product(room).for_each(|file| aliases.visit_file(&file.syntax));
        each_function_of(room, &|function: &Function| {
            let mut typed = function.signature.inputs.iter().filter_map(|input| match input {
                FnArg::Typed(typed) => Some(&*typed.ty),
                FnArg::Receiver(_) => None,
            });
            let takes_one = typed.any(|kind| aliases.is_tuple(kind));
            takes_one.then(|| format!("{}: a tuple parameter; give the pair a struct with a name", function.name()))
        })
    };
    house.rooms.iter().flat_map(tuples_in).collect()
}

/// The names of a room's types that are tuples.
#[derive(Default)]
struct TupleAliases(BTreeSet<String>);

impl TupleAliases {
    fn is_tuple(&self, kind: &Type) -> bool {
        match kind {
            Type::Tuple(tuple) => !tuple.elems.is_empty(),
            Type::Reference(reference) => self.is_tuple(&reference.elem),
            Type::Paren(inner) => self.is_tuple(&inner.elem),
            Type::Path(named) => {
                named.path.segments.last().is_some_and(|last| self.0.contains(&last.ident.to_string()))
            }
            _ => false,
        }
    }
}

impl<'ast> Visit<'ast> for TupleAliases {
    fn visit_item_type(&mut self, item: &'ast ItemType) {
        if self.is_tuple(&item.ty) {
            self.0.insert(item.ident.to_string());
        }
    }
}

/// One function of the product.
struct Function<'a> {
    signature: &'a Signature,
    block: Option<&'a Block>,
}

impl Function<'_> {
    fn name(&self) -> String {
        self.signature.ident.to_string()
    }

    fn line(&self) -> usize {
        self.signature.span().start().line
    }
}

fn each_function(house: &House, judge: impl Fn(&Function) -> Option<String>) -> Vec<Offence> {
    house.rooms.iter().flat_map(|room| each_function_of(room, &judge)).collect()
}

fn each_function_of(room: &Room, judge: &impl Fn(&Function) -> Option<String>) -> Vec<Offence> {
    let mut offences = Vec::new();
    for file in room.product() {
        let mut walk = FunctionWalk { room, file, judge, offences: &mut offences };
        walk.visit_file(&file.syntax);
    }
    offences
}

struct FunctionWalk<'a, J> {
    room: &'a Room,
    file: &'a SourceFile,
    judge: &'a J,
    offences: &'a mut Vec<Offence>,
}

impl<J: Fn(&Function) -> Option<String>> FunctionWalk<'_, J> {
    fn judge(&mut self, attributes: &[Attribute], function: &Function) -> bool {
        let counts = !is_for_tests(attributes);
        if counts && let Some(what) = (self.judge)(function) {
            self.offences.push(Offence::new(&self.room.name, &self.file.path, function.line(), what));
        }
        counts
    }
}

impl<'ast, J: Fn(&Function) -> Option<String>> Visit<'ast> for FunctionWalk<'_, J> {
    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        if !is_for_tests(&module.attrs) {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_impl(&mut self, item: &'ast ItemImpl) {
        if !is_for_tests(&item.attrs) {
            visit::visit_item_impl(self, item);
        }
    }

    fn visit_item_fn(&mut self, item: &'ast ItemFn) {
        if self.judge(&item.attrs, &Function { signature: &item.sig, block: Some(&item.block) }) {
            visit::visit_item_fn(self, item);
        }
    }

    fn visit_impl_item_fn(&mut self, item: &'ast ImplItemFn) {
        if self.judge(&item.attrs, &Function { signature: &item.sig, block: Some(&item.block) }) {
            visit::visit_impl_item_fn(self, item);
        }
    }

    fn visit_trait_item_fn(&mut self, item: &'ast TraitItemFn) {
        if self.judge(&item.attrs, &Function { signature: &item.sig, block: item.default.as_ref() }) {
            visit::visit_trait_item_fn(self, item);
        }
    }
}
