//! The house itself, and each rule broken once.

use std::path::Path;

use super::RULES;
use super::house::{House, Room, SourceFile};
use super::proportion::proportions;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(3).expect("the workspace's root")
}

#[test]
fn the_house_is_tidy() {
    let house = House::read(root()).expect("the workspace");
    for rule in RULES {
        let offences = rule.offences(&house);
        let lines: Vec<String> = offences.iter().map(ToString::to_string).collect();
        assert!(offences.len() <= rule.known, "{}: {}\n{}", rule.name, offences.len(), lines.join("\n"));
    }
}

#[test]
fn every_room_is_read() {
    let house = House::read(root()).expect("the workspace");
    let names: Vec<&str> = house.rooms.iter().map(|room| room.name.as_str()).collect();
    for room in ["outpost", "outpost-tests", "site", "study", "xtask"] {
        assert!(names.contains(&room), "{names:?}");
    }
    assert!(house.rooms.iter().all(|room| room.product().count() > 0 || room.name == "outpost-tests"));
    for room in proportions(&house) {
        assert!(room.code > 0, "{room}");
    }
}

/// A house of one room with these files, each a path below `src` and its text.
fn house(files: &[(&str, &str)]) -> House {
    let parse = |(path, text): &(&str, &str)| {
        SourceFile::parse(&format!("src-tauri/crates/room/src/{path}"), (*text).to_owned()).expect("Rust")
    };
    let room = Room::new("[package]\nname = \"room\"\n".into(), files.iter().map(parse).collect());
    House { root: "/nowhere".into(), rooms: vec![room] }
}

#[test]
fn an_act_that_passes_by_the_gate_is_an_offence() {
    let site = |keeper: &str, other: &str| {
        let parse = |name: &str, text: &str| {
            SourceFile::parse(&format!("src-tauri/crates/site/src/{name}"), text.to_owned()).expect("Rust")
        };
        let files = vec![parse("writing.rs", keeper), parse("entering.rs", other)];
        House { root: "/nowhere".into(), rooms: vec![Room::new("[package]\nname = \"site\"\n".into(), files)] }
    };
    let asks = "fn write(tx: &mut Tx) { book.permits(act); tx.write(act) }";
    assert!(said("acts past the gate", &site(asks, "fn save(tx: &mut ActWriter) { tx.write(act) }")).is_empty());
    for past in [
        "fn save(tx: &mut Tx<'_>) { tx.write(act) }",
        "fn save() { open.transact(stamp, |tx| tx.write(act)) }",
        "fn save() { open.close_user(stamp, |tx| tx.write(act)) }",
    ] {
        assert_eq!(said("acts past the gate", &site(asks, past)).len(), 1, "{past}");
    }
    assert_eq!(said("acts past the gate", &site("fn write(tx: &mut Tx) { tx.write(act) }", "")).len(), 1);
}

/// What one rule says of a house, without the places.
fn said(rule: &str, house: &House) -> Vec<String> {
    let rule = RULES.iter().find(|known| known.name == rule).expect("a rule");
    rule.offences(house).into_iter().map(|offence| offence.what).collect()
}

#[test]
fn two_files_that_need_each_other_are_a_circle() {
    let circle = house(&[
        ("lib.rs", "mod one; mod two;"),
        ("one.rs", "pub struct One; pub fn f() { crate::two::g() }"),
        ("two.rs", "use crate::one::One; pub fn g() { let _ = One; }"),
    ]);
    let said = said("circles of files", &circle);
    assert_eq!(said[0], "a circle of files: one.rs -(g)-> two.rs -(One)-> one.rs");
    assert_eq!(said.len(), 2);
}

#[test]
fn a_circle_is_found_through_re_exports_imports_globs_and_macros() {
    for use_of_two in [
        "pub fn f() { crate::g() }",
        "use crate::two; pub fn f() { two::g() }",
        "use crate::*; pub fn f() { g() }",
        "pub fn f() { assert!(crate::two::g() == ()) }",
        "use crate::two::g as other; pub fn f() { other() }",
        "pub fn f(x: &dyn super::two::T) {}",
        "mod inner { pub fn f() { super::super::two::g() } }",
    ] {
        let circle = house(&[
            ("lib.rs", "mod one; mod two; pub use two::{g, T}; pub(crate) use one::One;"),
            ("one.rs", &format!("pub struct One; {use_of_two}")),
            ("two.rs", "pub fn g() { let _ = crate::One; } pub trait T {}"),
        ]);
        assert_eq!(said("circles of files", &circle).len(), 2, "{use_of_two}");
    }
}

#[test]
fn a_parent_that_defines_what_its_children_use_and_calls_them_is_a_circle() {
    let parent = |text: &str| house(&[("lib.rs", "pub mod form;"), ("form/mod.rs", text), ("form/row.rs", ROW)]);
    const ROW: &str = "use super::Form; pub fn rows(_: &Form) {}";
    let calls = parent("mod row; pub struct Form; pub fn show(form: &Form) { row::rows(form) }");
    assert_eq!(said("circles of files", &calls).len(), 2);
    let hands_on = parent("mod row; pub use row::rows; pub struct Form;");
    assert!(said("circles of files", &hands_on).is_empty());
}

#[test]
fn tests_and_the_impl_of_a_type_beside_it_are_no_circle() {
    let fine = house(&[
        ("lib.rs", "mod one; mod two; pub use one::One; #[cfg(test)] mod tests;"),
        ("one.rs", "pub struct One; #[cfg(test)] mod checks { use crate::two::g; }"),
        ("two.rs", "use crate::one::One; impl One { pub fn g(&self) {} } pub fn g() {}"),
        ("tests.rs", "use super::*;"),
    ]);
    assert!(said("circles of files", &fine).is_empty());
}

#[test]
fn a_long_file_is_refused() {
    let lines = |count: usize| house(&[("lib.rs", &"//\n".repeat(count))]);
    assert!(said("lines of files", &lines(600)).is_empty());
    assert_eq!(said("lines of files", &lines(601)), ["601 lines; split the file"]);
}

#[test]
fn a_long_function_is_refused_wherever_it_stands() {
    let body = |lines: usize| format!("{{\n{}}}", "    f();\n".repeat(lines - 2));
    for around in
        [("/// Doc.\nfn long() ", ""), ("impl X { #[inline]\nfn long(&self) ", "}"), ("trait X { fn long() ", "}")]
    {
        let function = |lines: usize| house(&[("lib.rs", &format!("{}{}{}", around.0, body(lines), around.1))]);
        assert!(said("lines of functions", &function(60)).is_empty(), "{around:?}");
        assert_eq!(said("lines of functions", &function(61)), ["long: 61 lines; split the function"], "{around:?}");
    }
    let test = house(&[("lib.rs", &format!("#[cfg(test)] mod tests {{ fn long() {} }}", body(61)))]);
    assert!(said("lines of functions", &test).is_empty());
}

#[test]
fn a_seventh_parameter_is_refused() {
    let fine = house(&[("lib.rs", "impl X { fn f(&self, a: u8, b: u8, c: u8, d: u8, e: u8, f: u8) {} }")]);
    assert!(said("parameters", &fine).is_empty());
    let wide = house(&[("lib.rs", "trait X { fn f(a: u8, b: u8, c: u8, d: u8, e: u8, f: u8, g: u8); }")]);
    assert_eq!(said("parameters", &wide).len(), 1);
}

#[test]
fn a_tuple_parameter_is_refused() {
    for refused in
        ["fn f(a: (u8, u8)) {}", "fn f((a, b): &(u8, u8)) {}", "impl X { fn f(&self, at: &mut (u8, u8)) {} }"]
    {
        assert_eq!(said("tuple parameters", &house(&[("lib.rs", refused)])).len(), 1, "{refused}");
    }
    for fine in ["fn f(a: ()) {}", "fn f(all: &[(u8, u8)]) {}", "fn f(g: impl Fn((u8, u8))) {}"] {
        assert!(said("tuple parameters", &house(&[("lib.rs", fine)])).is_empty(), "{fine}");
    }
}

#[test]
fn an_error_under_another_name_is_refused() {
    for refused in [
        "#[derive(Debug, thiserror::Error)] pub enum Refusal {}",
        "#[derive(Error)] struct Refusal;",
        "impl std::error::Error for Refusal {}",
        "pub struct Refusal; fn f() -> Result<(), Refusal> {}",
    ] {
        let said = said("names of errors", &house(&[("lib.rs", refused)]));
        assert_eq!(said, ["Refusal is an error: its name ends in Error"], "{refused}");
    }
    let fine = house(&[("lib.rs", "#[derive(thiserror::Error)] enum SealError {} impl Error for XmlError {}")]);
    assert!(said("names of errors", &fine).is_empty());
}

#[test]
fn an_arrow_upwards_is_refused() {
    let member = |name: &str, uses: &str| {
        Room::new(format!("[package]\nname = \"{name}\"\n[dependencies]\n{uses}[dev-dependencies]\nsite = 1\n"), vec![])
    };
    let with = |uses: &str| {
        let rooms = vec![member("casebook", uses), member("study", ""), member("site", ""), member("seal", "")];
        House { root: "/nowhere".into(), rooms }
    };
    assert!(said("arrows between rooms", &with("study.workspace = true\n")).is_empty());
    let upwards = with("study.workspace = true\nsite = { workspace = true }\n");
    assert_eq!(said("arrows between rooms", &upwards), ["no arrow leads from casebook to site"]);
    assert_eq!(said("libraries of rooms", &with("ring.workspace = true\n")), ["ring belongs to [\"seal\"]"]);
}
