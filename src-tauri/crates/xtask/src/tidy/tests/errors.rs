//! Errors under other names.

use super::{house, house_of, lib, places, room, said};

const RULE: &str = "names of errors";

#[test]
fn an_error_under_another_name_is_refused() {
    for refused in [
        "#[derive(Debug, thiserror::Error)] pub enum Refusal {}",
        "#[derive(Error)] struct Refusal;",
        "#[derive(Debug)] #[derive(Clone, Error)] struct Refusal<T>(T);",
        "mod inner { #[derive(Debug, Error)] enum Refusal {} }",
        "impl std::error::Error for Refusal {}",
        "impl<T: Debug> core::error::Error for inner::Refusal<T> {}",
        "pub struct Refusal; fn f() -> Result<(), Refusal> {}",
        "pub enum Refusal {} type Outcome<T> = std::result::Result<T, Refusal>;",
        "pub enum Refusal {} fn f(g: impl Fn(u8) -> Result<u8, Refusal>) {}",
        "pub enum Refusal {} fn f() -> Result<Vec<u8>, Box<Refusal>> {}",
        "pub enum Refusal {} fn f() -> Result<Vec<u8>, std::sync::Arc<inner::Refusal>> {}",
        "pub enum Refusal {} struct Kept { last: Result<(), Refusal> }",
        "pub enum Refusal {} impl FromStr for X { type Err = Refusal; fn f() -> Result<Self, Self::Err> {} }",
        "pub enum Refusal {} impl TryFrom<u8> for X { type Error = Box<Refusal>; }",
        "pub enum Refusal {} fn f() { let all = list.collect::<Result<Vec<u8>, Refusal>>(); }",
    ] {
        assert_eq!(said(RULE, &lib(refused)), ["Refusal is an error: its name ends in Error"], "{refused}");
    }
}

#[test]
fn what_is_no_error_may_be_called_anything() {
    for fine in [
        "#[derive(thiserror::Error)] enum SealError {} impl Error for XmlError {}",
        "pub enum RefusalError {} fn f() -> Result<(), Box<RefusalError>> {}",
        "pub enum Refusal {} fn f() -> Option<Refusal> {}",
        "pub enum Refusal {} fn f() -> Result<Refusal, KeyError> {}",
        "pub enum Refusal {} fn f() -> Result<Box<Refusal>, Box<dyn std::error::Error>> {}",
        "pub enum Refusal {} fn f() -> Result<(), Vec<Refusal>> {}",
        "pub enum Refusal {} impl Iterator for X { type Item = Refusal; }",
        "fn f() -> Result<u8, num::ParseIntError> {} fn g() -> Result<u8, String> {} fn h<E>() -> Result<u8, E> {}",
        "fn f() -> Result<u8, std::convert::Infallible> {}",
        "#[derive(Debug)] pub struct Erroneous; // #[derive(Error)]\nconst S: &str = \"impl Error for Refusal {}\";",
        "impl From<Refusal> for KeyError {} impl fmt::Display for Refusal {}",
    ] {
        assert!(said(RULE, &lib(fine)).is_empty(), "{fine}");
    }
}

#[test]
fn each_type_is_one_offence_in_the_room_that_holds_it() {
    let files = [
        ("lib.rs", "mod one; #[derive(Debug, thiserror::Error)]\npub enum Refusal {}"),
        ("one.rs", "fn f() -> Result<(), crate::Refusal> {}\nfn g() -> Result<(), crate::Refusal> {}"),
    ];
    assert_eq!(places(RULE, &house(&files)), ["src-tauri/crates/room/src/lib.rs:2"]);
    let refusal = room("one", &[("lib.rs", "pub struct Refusal;")]);
    let uses = room("other", &[("lib.rs", "use one::Refusal;\nfn f() -> Result<(), Refusal> {}")]);
    assert_eq!(places(RULE, &house_of(vec![refusal, uses])), ["src-tauri/crates/other/src/lib.rs:2"]);
}

#[test]
fn tests_may_fail_with_what_they_like_but_not_define_errors() {
    let outcome = [("lib.rs", "pub struct Step;"), ("tests.rs", "fn f() -> Result<(), crate::Step> {}")];
    assert!(said(RULE, &house(&outcome)).is_empty());
    let defined = [("lib.rs", "#[cfg(test)] mod tests;"), ("tests.rs", "#[derive(thiserror::Error)] enum Refusal {}")];
    assert_eq!(said(RULE, &house(&defined)).len(), 1);
}
