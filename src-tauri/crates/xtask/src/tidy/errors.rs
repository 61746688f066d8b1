//! Every error type says so by its name.

use std::collections::BTreeSet;

use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{
    Attribute, GenericArgument, ImplItemType, ItemEnum, ItemImpl, ItemStruct, Meta, PathArguments, PathSegment, Type,
};

use super::house::{House, Room, SourceFile};
use super::offence::Offence;

/// Types without `Error` at their name's end that implement `std::error::Error`, derived or by hand, or with which the
/// product fails: in a `Result`, in a box or bare, or in what a trait's functions fail with.
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

    /// What something fails with, if it is a type of the house's own.
    fn judge_failure(&mut self, kind: &Type) {
        let Type::Path(named) = kind else { return };
        let Some(last) = named.path.segments.last() else { return };
        let name = last.ident.to_string();
        if matches!(name.as_str(), "Box" | "Arc" | "Rc") {
            argument(last, 0).into_iter().for_each(|inside| self.judge_failure(inside));
        } else if self.kinds.contains(&name) {
            self.judge(&name, last.ident.span().start().line);
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
            && let Some(error) = argument(segment, 1)
        {
            self.judge_failure(error);
        }
        visit::visit_path_segment(self, segment);
    }

    fn visit_impl_item_type(&mut self, item: &'ast ImplItemType) {
        if matches!(item.ident.to_string().as_str(), "Err" | "Error") && !self.file.is_test {
            self.judge_failure(&item.ty);
        }
        visit::visit_impl_item_type(self, item);
    }
}

/// One of the types in the angle brackets of a name.
fn argument(segment: &PathSegment, at: usize) -> Option<&Type> {
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
    match arguments.args.iter().nth(at) {
        Some(GenericArgument::Type(kind)) => Some(kind),
        _ => None,
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
