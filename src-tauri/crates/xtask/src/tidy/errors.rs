//! Every error type says so by its name.

use std::collections::BTreeSet;

use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Attribute, GenericArgument, ItemEnum, ItemImpl, ItemStruct, Meta, PathArguments, PathSegment, Type};

use super::house::{House, Room, SourceFile};
use super::offence::Offence;

/// Types without `Error` at their name's end that implement `std::error::Error`, derived or by hand, or that a `Result`
/// of the product names as its error.
pub fn names(house: &House) -> Vec<Offence> {
    let mut offences = Vec::new();
    let mut kinds = BTreeSet::new();
    let mut named = BTreeSet::new();
    for file in house.rooms.iter().flat_map(|room| &room.files) {
        TypeNames { kinds: &mut kinds }.visit_file(&file.syntax);
    }
    for room in &house.rooms {
        for file in &room.files {
            ErrorWalk { room, file, kinds: &kinds, named: &mut named, offences: &mut offences }
                .visit_file(&file.syntax);
        }
    }
    offences
}

/// The names of the house's own types.
struct TypeNames<'a> {
    kinds: &'a mut BTreeSet<String>,
}

impl<'ast> Visit<'ast> for TypeNames<'_> {
    fn visit_item_enum(&mut self, item: &'ast ItemEnum) {
        self.kinds.insert(item.ident.to_string());
    }

    fn visit_item_struct(&mut self, item: &'ast ItemStruct) {
        self.kinds.insert(item.ident.to_string());
    }
}

struct ErrorWalk<'a> {
    room: &'a Room,
    file: &'a SourceFile,
    kinds: &'a BTreeSet<String>,
    /// Room and name of those found already: each type is one offence.
    named: &'a mut BTreeSet<(String, String)>,
    offences: &'a mut Vec<Offence>,
}

impl ErrorWalk<'_> {
    fn judge(&mut self, name: &str, line: usize) {
        if !name.ends_with("Error") && self.named.insert((self.room.name.clone(), name.to_owned())) {
            let what = format!("{name} is an error: its name ends in Error");
            self.offences.push(Offence::new(&self.room.name, &self.file.path, line, what));
        }
    }
}

impl<'ast> Visit<'ast> for ErrorWalk<'_> {
    fn visit_item_enum(&mut self, item: &'ast ItemEnum) {
        if derives_error(&item.attrs) {
            self.judge(&item.ident.to_string(), item.ident.span().start().line);
        }
        visit::visit_item_enum(self, item);
    }

    fn visit_item_struct(&mut self, item: &'ast ItemStruct) {
        if derives_error(&item.attrs) {
            self.judge(&item.ident.to_string(), item.ident.span().start().line);
        }
        visit::visit_item_struct(self, item);
    }

    fn visit_item_impl(&mut self, item: &'ast ItemImpl) {
        let is_error = item.trait_.as_ref().and_then(|(path, ..)| path.segments.last());
        if is_error.is_some_and(|last| last.ident == "Error")
            && let Type::Path(kind) = &*item.self_ty
            && let Some(last) = kind.path.segments.last()
        {
            self.judge(&last.ident.to_string(), item.self_ty.span().start().line);
        }
        visit::visit_item_impl(self, item);
    }

    fn visit_path_segment(&mut self, segment: &'ast PathSegment) {
        if segment.ident == "Result"
            && !self.file.is_test
            && let PathArguments::AngleBracketed(arguments) = &segment.arguments
            && let Some(GenericArgument::Type(Type::Path(error))) = arguments.args.iter().nth(1)
            && let Some(last) = error.path.segments.last()
            && self.kinds.contains(&last.ident.to_string())
        {
            self.judge(&last.ident.to_string(), last.ident.span().start().line);
        }
        visit::visit_path_segment(self, segment);
    }
}

fn derives_error(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let Meta::List(list) = &attribute.meta else { return false };
        let derived = list.tokens.to_string();
        list.path.is_ident("derive")
            && derived.split(',').any(|name| name.trim().split("::").last().map(str::trim) == Some("Error"))
    })
}
