//! Lines of files and functions, parameters, tuples: below the limit, at it, above; and what only looks like them.

use std::fs;

use super::super::house::House;
use super::{house, house_of, lib, places, room, said};

#[test]
fn a_long_file_is_refused() {
    let lines = |count: usize| lib(&"//\n".repeat(count));
    assert!(said("lines of files", &lines(599)).is_empty());
    assert!(said("lines of files", &lines(600)).is_empty());
    assert_eq!(said("lines of files", &lines(601)), ["601 lines; split the file"]);
    // The last line's end is no line.
    assert!(said("lines of files", &lib("//\n".repeat(600).trim_end())).is_empty());
}

#[test]
fn a_file_is_not_excused_because_it_speaks_of_gen() {
    let long = |head: &str| lib(&format!("{head}\n{}", "//\n".repeat(700)));
    for head in
        ["//! `cargo xtask gen`: all that follows.", "\n// See cargo xtask gen", "//! Written for `cargo xtask gen`"]
    {
        assert_eq!(said("lines of files", &long(head)).len(), 1, "{head}");
    }
    assert!(said("lines of files", &long("// Written by `cargo xtask gen` from here. Do not edit.")).is_empty());
}

#[test]
fn a_long_file_of_tests_is_refused_too() {
    let long = "//\n".repeat(601);
    let rooms = house_of(vec![room("room", &[("lib.rs", "#[cfg(test)] mod tests;"), ("tests.rs", &long)])]);
    assert_eq!(places("lines of files", &rooms), ["src-tauri/crates/room/src/tests.rs:1"]);
}

#[test]
fn a_long_file_of_the_ui_is_refused_unless_gen_wrote_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let source = folder.path().join("ui/src/forms");
    fs::create_dir_all(&source).expect("a folder");
    let write = |name: &str, head: &str, lines: usize| {
        fs::write(source.join(name), format!("{head}{}", "x\n".repeat(lines))).expect("a file");
    };
    write("fits.ts", "", 400);
    write("long.svelte", "", 401);
    write("long.css", "", 401);
    write("notes.md", "", 999);
    write("written.ts", "// Written by `cargo xtask gen` from the contract. Do not edit.\n", 999);
    write("speaks.ts", "// What cargo xtask gen writes is in ipc.\n", 400);
    let ui = House { root: folder.path().to_owned(), rooms: Vec::new() };
    let long = ["long.css", "long.svelte", "speaks.ts"].map(|name| format!("ui/src/forms/{name}:1"));
    assert_eq!(places("lines of files", &ui), long);
}

/// A body of so many lines, its braces among them.
fn body(lines: usize) -> String {
    format!("{{\n{}}}", "    f();\n".repeat(lines - 2))
}

#[test]
fn a_long_function_is_refused_wherever_it_stands() {
    for (before, after) in [
        ("/// Doc.\nfn long() ", ""),
        ("impl X { #[inline]\nfn long(&self) ", "}"),
        ("trait X { fn long() ", "}"),
        ("mod inner { pub(crate) async fn long() ", "}"),
        ("fn outer() { struct Y; impl Y { fn long() ", "} }"),
        ("const X: u8 = { fn long() ", "0 };"),
    ] {
        let of = |lines: usize| {
            let long = lib(&format!("{before}{}{after}", body(lines)));
            said("lines of functions", &long).into_iter().filter(|what| what.starts_with("long")).collect::<Vec<_>>()
        };
        assert!(of(59).is_empty() && of(60).is_empty(), "{before}");
        assert_eq!(of(61), ["long: 61 lines; split the function"], "{before}");
    }
}

#[test]
fn a_function_is_counted_from_its_signature_to_its_brace() {
    let parameters = "fn long(\n    a: u8,\n    b: u8,\n) -> u8\nwhere\n    u8: Copy,\n";
    let function = |lines: usize| lib(&format!("{}{parameters}{}", "/// Doc.\n".repeat(80), body(lines)));
    assert!(said("lines of functions", &function(54)).is_empty());
    assert_eq!(said("lines of functions", &function(55)), ["long: 61 lines; split the function"]);
    assert_eq!(places("lines of functions", &function(55)), ["src-tauri/crates/room/src/lib.rs:81"]);
}

#[test]
fn braces_in_strings_macros_and_comments_end_no_function() {
    let inside = "let _ = r#\"}\n}\"#; // }\n/* }\n} */ m!{ }; let _ = '}'; let _ = \"{{\";\n";
    let function = |lines: usize| lib(&format!("fn long() {{\n{inside}{}}}", "f();\n".repeat(lines - 6)));
    assert!(said("lines of functions", &function(60)).is_empty());
    assert_eq!(said("lines of functions", &function(61)), ["long: 61 lines; split the function"]);
}

#[test]
fn functions_of_tests_may_be_long() {
    let long = format!("fn long() {}", body(61));
    for test in [
        format!("#[cfg(test)] mod tests {{ {long} }}"),
        format!("#[test] {long}"),
        format!("#[cfg(test)] {long}"),
        format!("#[cfg(test)] impl X {{ {long} }}"),
        format!("impl X {{ #[cfg(all(test, unix))] {long} }}"),
    ] {
        assert!(said("lines of functions", &lib(&test)).is_empty(), "{test}");
    }
    for product in [
        format!("#[cfg(not(test))] mod checks {{ {long} }}"),
        format!("#[cfg(any(test, unix))] {long}"),
        format!("#[cfg(feature = \"test\")] {long}"),
        format!("#[cfg(feature = \"test-data\")] impl X {{ {long} }}"),
        format!("#[cfg(all(unix, not(test)))] {long}"),
    ] {
        assert_eq!(said("lines of functions", &lib(&product)).len(), 1, "{product}");
    }
    let apart = house(&[("lib.rs", "#[cfg(test)] mod checks;"), ("checks.rs", "mod deep;"), ("checks/deep.rs", &long)]);
    assert!(said("lines of functions", &apart).is_empty());
    let named = [("lib.rs", "#[cfg(test)] #[path = \"laws_of_it.rs\"] mod laws;"), ("laws_of_it.rs", &long)];
    assert!(said("lines of functions", &house(&named)).is_empty());
}

#[test]
fn a_seventh_parameter_is_refused() {
    let list = |count: usize| ["a", "b", "c", "d", "e", "f", "g"][..count].join(": u8, ") + ": u8";
    let six = list(6);
    for fine in [
        format!("fn f({six}) {{}}"),
        format!("impl X {{ fn f(&self, {six}) {{}} }}"),
        format!("impl X {{ fn f(self: Box<Self>, {six}) {{}} }}"),
        "fn f<A, B, C, D, E, F, G>(all: (A, B, C, D, E, F, G)) {}".into(),
        "fn f(g: impl Fn(u8, u8, u8, u8, u8, u8, u8)) { let h = |a, b, c, d, e, f, g| (); }".into(),
        "fn f(map: BTreeMap<(u8, u8), Vec<(u8, u8)>>, g: fn(u8, u8, u8) -> Option<u8>) {}".into(),
        format!("#[cfg(test)] fn f({}) {{}}", list(7)),
        format!("/// fn f({}) {{}}\nconst S: &str = \"fn f({}) {{}}\";", list(7), list(7)),
    ] {
        assert!(said("parameters", &lib(&fine)).is_empty(), "{fine}");
    }
    let wide = list(7);
    for refused in [
        format!("fn f({wide}) {{}}"),
        format!("trait X {{ fn f({wide}); }}"),
        format!("trait X {{ fn f(&self, {wide}); }}"),
        format!("impl X {{ async fn f(&mut self, {wide}) {{}} }}"),
        format!("fn outer() {{ fn f({wide}) {{}} }}"),
        format!("fn f({six}, Pair {{ a, b }}: Pair) {{}}"),
        format!("fn f({six}, g: impl Fn(u8) -> Result<Vec<u8>, u8>) {{}}"),
    ] {
        let what = ["f: 7 parameters; what belongs together is a struct"];
        assert_eq!(said("parameters", &lib(&refused)), what, "{refused}");
    }
}

#[test]
fn a_tuple_parameter_is_refused() {
    for refused in [
        "fn f(a: (u8, u8)) {}",
        "fn f((a, b): &(u8, u8)) {}",
        "impl X { fn f(&self, at: &mut (u8, u8)) {} }",
        "trait X { fn f(at: ((u8), u8)); }",
        "fn f(at: &'static (&'static str,)) {}",
        "fn f(at: &((u8, u8))) {}",
        "type Pair = (u8, u8); fn f(at: Pair) {}",
        "type Pair<'a> = (&'a str, u8); fn f((text, at): &Pair<'_>) {}",
        "mod inner { pub type Pair = (u8, u8); } fn f(at: inner::Pair) {}",
        "fn outer() { fn f(at: (u8, u8)) {} }",
    ] {
        let what = ["f: a tuple parameter; give the pair a struct with a name"];
        assert_eq!(said("tuple parameters", &lib(refused)), what, "{refused}");
    }
    for fine in [
        "fn f(a: ()) {}",
        "fn f(all: &[(u8, u8)]) {}",
        "fn f(g: impl Fn((u8, u8))) {}",
        "fn f(all: impl Iterator<Item = (u8, u8)>) -> (u8, u8) { all.fold((0, 0), |(a, b), (c, d)| (a + c, b + d)) }",
        "fn f(Pair(a, b): Pair) {} struct Pair(u8, u8);",
        "type Pair = [u8; 2]; fn f(at: Pair) {}",
        "type Pairs = Vec<(u8, u8)>; fn f(all: &Pairs) {}",
        "#[cfg(test)] fn f(at: (u8, u8)) {}",
        "fn f(text: &str) { println!(\"fn g(a: (u8, u8))\") } // fn g(a: (u8, u8))",
    ] {
        assert!(said("tuple parameters", &lib(fine)).is_empty(), "{fine}");
    }
}

#[test]
fn an_alias_of_a_tuple_counts_in_its_own_room() {
    let one = room("one", &[("lib.rs", "pub type When = (i32, bool);")]);
    let other = room("other", &[("lib.rs", "pub enum When { Now } pub fn f(when: When) {}")]);
    assert!(said("tuple parameters", &house_of(vec![one, other])).is_empty());
    let apart = house(&[("lib.rs", "mod names; fn f(at: names::At) {}"), ("names.rs", "pub type At = (u32, u32);")]);
    assert_eq!(places("tuple parameters", &apart), ["src-tauri/crates/room/src/lib.rs:1"]);
}
