//! Circles of files, in every way in which a file can name another; and what is none.

use super::{house, places, said};

const RULE: &str = "circles of files";

#[test]
fn two_files_that_need_each_other_are_a_circle() {
    let circle = house(&[
        ("lib.rs", "mod one; mod two;"),
        ("one.rs", "pub struct One; pub fn f() { crate::two::g() }"),
        ("two.rs", "use crate::one::One; pub fn g() { let _ = One; }"),
    ]);
    let said = said(RULE, &circle);
    assert_eq!(said[0], "a circle of files: one.rs -(g)-> two.rs -(One)-> one.rs");
    assert_eq!(said.len(), 2);
}

#[test]
fn a_circle_over_several_files_is_told_the_shortest_way() {
    let round = |third: &str| {
        house(&[
            ("lib.rs", "mod one; mod two; mod three; mod apart;"),
            ("one.rs", "\npub fn f() { crate::two::g() }"),
            ("two.rs", "pub fn g() { crate::three::h() }"),
            ("three.rs", third),
            ("apart.rs", "pub fn i() { crate::one::f(); crate::three::h() }"),
        ])
    };
    assert!(said(RULE, &round("pub fn h() {}")).is_empty());
    let circle = round("pub fn h() { crate::one::f() }");
    assert_eq!(said(RULE, &circle)[0], "a circle of files: one.rs -(g)-> two.rs -(h)-> three.rs -(f)-> one.rs");
    let lines = ["one.rs:2", "two.rs:1", "three.rs:1"].map(|place| format!("src-tauri/crates/room/src/{place}"));
    assert_eq!(places(RULE, &circle), lines, "who only uses the circle is not in it");
}

/// A house in which `two.rs` uses `one.rs`, and `one.rs` says this.
fn one_says(text: &str) -> super::House {
    house(&[
        ("lib.rs", "mod one; mod two; pub use two::{g, T}; pub(crate) use one::One;"),
        ("one.rs", &format!("pub struct One; {text}")),
        (
            "two.rs",
            "pub fn g() { let _ = crate::One; } pub trait T {} pub(crate) use told; macro_rules! told { () => {} }",
        ),
    ])
}

#[test]
fn a_circle_is_found_however_the_other_file_is_named() {
    for use_of_two in [
        "pub fn f() { crate::g() }",
        "use crate::two; pub fn f() { two::g() }",
        "use crate::*; pub fn f() { g() }",
        "pub fn f() { assert!(crate::two::g() == ()) }",
        "use crate::two::g as other; pub fn f() { other() }",
        "pub fn f(x: &dyn super::two::T) {}",
        "pub fn f(x: impl super::two::T) -> impl crate::T {}",
        "pub fn f<X>(x: Vec<Option<X>>) where X: Clone + crate::two::T {}",
        "mod inner { pub fn f() { super::super::two::g() } }",
        "pub fn f() { use crate::two; two::g() }",
        "pub fn f() { if true { use super::two as other; other::g() } }",
        "impl One { fn f() { use crate::two::*; g() } }",
        "impl crate::two::T for One {}",
        "use crate::two::T;",
        "pub fn f() { crate::two::told!() }",
        "macro_rules! m { () => { $crate::two::g() } }",
        "pub fn f() { println!(\"{}\", vec![Some(crate::two::g())].len()) }",
        "const F: fn() = crate::two::g;",
        "static ALL: &[fn()] = &[crate::two::g];",
        "pub enum E { A = 1, B = crate::two::g as isize }",
        "pub fn f() { let r = move || async { crate::two::g() }; }",
    ] {
        assert_eq!(said(RULE, &one_says(use_of_two)).len(), 2, "{use_of_two}");
    }
}

#[test]
fn what_only_looks_like_a_use_is_no_circle() {
    for fine in [
        "// crate::two::g()\n/// [`crate::two::g`]\npub fn f() {}",
        "/* crate::two::g() */",
        "const S: &str = \"crate::two::g()\"; const R: &str = r#\"} crate::two::g() {\"#;",
        "pub fn f() { println!(\"crate::two::g()\") }",
        "#[doc = \"crate::two::g\"] pub fn f() {}",
        "#[cfg(test)] mod tests { use crate::two::g; }",
        "#[test] fn f() { crate::two::g() }",
        "#[cfg(test)] use crate::two::g;",
        "#[cfg(all(test, unix))] fn f() { crate::two::g() }",
        "impl One { #[cfg(test)] fn f() { crate::two::g() } }",
        "#[cfg(test)] const F: fn() = crate::two::g;",
        "pub use crate::two::T;",
        "pub(in crate::two) fn f() {}",
        "pub fn f(g: fn()) { g(); g::two::g() }",
        "mod two { pub fn g() {} } pub fn f() { two::g(); self::two::g() }",
        "pub fn f() { other::two::g(); std::two::g() }",
        "pub fn f() { let two = 1; let _ = two; g! {} }",
    ] {
        assert!(said(RULE, &one_says(fine)).is_empty(), "{fine}");
    }
    // Compiled for the product as well as for tests.
    let product = "#[cfg(any(test, unix))] pub fn f() { crate::two::g() }";
    assert_eq!(said(RULE, &one_says(product)).len(), 2);
}

#[test]
fn a_module_under_another_files_name_is_followed() {
    let circle = house(&[
        ("lib.rs", "mod one; #[path = \"deep/second.rs\"] mod two;"),
        ("one.rs", "pub struct One; pub fn f() { crate::two::g() }"),
        ("deep/second.rs", "pub fn g() { let _ = crate::one::One; }"),
    ]);
    let way = "a circle of files: one.rs -(g)-> deep/second.rs -(One)-> one.rs";
    assert_eq!(said(RULE, &circle), [way, "a circle of files: deep/second.rs -(One)-> one.rs -(g)-> deep/second.rs"]);
}

#[test]
fn a_parent_that_defines_what_its_children_use_and_calls_them_is_a_circle() {
    let parent = |text: &str| house(&[("lib.rs", "pub mod form;"), ("form/mod.rs", text), ("form/row.rs", ROW)]);
    const ROW: &str = "use super::Form; pub fn rows(_: &Form) {}";
    let calls = parent("mod row; pub struct Form; pub fn show(form: &Form) { row::rows(form) }");
    assert_eq!(said(RULE, &calls).len(), 2);
    let hands_on = parent("mod row; pub use row::rows; pub struct Form;");
    assert!(said(RULE, &hands_on).is_empty());
}

#[test]
fn tests_and_the_impl_of_a_type_beside_it_are_no_circle() {
    let fine = house(&[
        ("lib.rs", "mod one; mod two; pub use one::One; #[cfg(test)] mod tests;"),
        ("one.rs", "pub struct One; #[cfg(test)] mod checks { use crate::two::g; }"),
        ("two.rs", "use crate::one::One; impl One { pub fn g(&self) {} } pub fn g() {}"),
        ("tests.rs", "use super::*;"),
    ]);
    assert!(said(RULE, &fine).is_empty());
}

#[test]
fn each_program_of_a_room_has_its_own_tree() {
    let files = |main: &str| {
        house(&[
            ("lib.rs", "pub mod one;"),
            ("one.rs", "pub fn f() {}"),
            ("main.rs", main),
            ("here.rs", "pub fn g() { crate::h() }"),
        ])
    };
    // The library is another crate to the program.
    assert!(said(RULE, &files("fn main() { room::one::f() }")).is_empty());
    let circle = files("mod here; fn main() { here::g() } fn h() {}");
    assert_eq!(said(RULE, &circle).len(), 2);
}
