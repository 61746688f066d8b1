//! What a room may not name.

use super::{house_of, places, room, said};

const RULE: &str = "words of rooms";

fn study(text: &str) -> Vec<String> {
    said(RULE, &house_of(vec![room("study", &[("lib.rs", text)])]))
}

#[test]
fn a_pure_room_that_names_the_world_is_refused() {
    for (text, word) in [
        ("fn f() { std::fs::read(\"x\"); }", "std::fs"),
        ("use std::time::SystemTime;", "std::time"),
        ("use std::{fmt, fs};", "std::fs"),
        ("use std::{\n    collections::{BTreeMap, BTreeSet},\n    process::Command,\n};", "std::process"),
        ("use ::std::env;", "std::env"),
        ("use std::{self, fmt};", "std::fs"),
        ("use std as library;", "std::fs"),
        ("use std::*;", "std::fs"),
        ("fn f() { use std::{fs as files}; files::read(\"x\"); }", "std::fs"),
        ("mod inner { use std::{net}; }", "std::net"),
        ("pub use std::{time::Instant};", "std::time"),
    ] {
        let said = study(text);
        assert!(said.iter().any(|what| what.starts_with(&format!("study may not touch {word}"))), "{text}: {said:?}");
    }
}

#[test]
fn what_only_looks_like_the_world_is_allowed() {
    for fine in [
        "use std::{fmt, collections::BTreeMap};",
        "/// Reads no std::fs.\n// std::time::Instant::now()\nfn f() {}",
        "#[cfg(test)] mod tests { use std::{fs, time::Instant}; fn f() { std::fs::read(\"x\"); } }",
        "#[cfg(test)] use std::{env};",
        "#[cfg(test)] const START: std::time::Duration = D;",
        "fn f() { use study::{time, fs}; let std_fs = fs::X; }",
        "use crate::std_time::{env};",
    ] {
        assert!(study(fine).is_empty(), "{fine}");
    }
    let of_tests = room("study", &[("lib.rs", "#[cfg(test)] mod tests;"), ("tests.rs", "use std::{fs};")]);
    assert!(said(RULE, &house_of(vec![of_tests])).is_empty());
    assert!(said(RULE, &house_of(vec![room("exchange", &[("lib.rs", "use std::fs; use std::{env};")])])).is_empty());
}

#[test]
fn each_line_is_told_once() {
    let text =
        "use std::fs::{\n  self,\n  File,\n};\n\nuse std::{\n  fmt,\n  fs::read,\n};\nfn f() { std::fs::write(); }";
    let house = house_of(vec![room("casebook", &[("lib.rs", text)])]);
    assert_eq!(places(RULE, &house), [1, 6, 10].map(|line| format!("src-tauri/crates/casebook/src/lib.rs:{line}")));
}

#[test]
fn some_rooms_may_not_touch_more() {
    for (name, text, fine) in [
        ("bundle", "use std::{path::Path};", "use std::io::Read;"),
        ("seal", "use std::{net::TcpStream};", "use std::path::Path;"),
        ("vault", "fn f() { SystemTime::now(); }", "use std::fs; use std::time::Duration;"),
        ("site", "use tauri::{App};", "use std::fs;"),
        ("site", "use tauri;", "use std::time::Duration;"),
        ("center", "struct X { y: Rc<Y> }", "struct X { y: Arc<Y> }"),
        ("center", "use std::{cell::RefCell};", "use std::sync::Mutex;"),
        ("center", "use std::{rc};", "use std::sync::Arc;"),
    ] {
        let of = |text: &str| said(RULE, &house_of(vec![room(name, &[("lib.rs", text)])]));
        assert_eq!(of(text).len(), 1, "{name}: {text}");
        assert!(of(fine).is_empty(), "{name}: {fine}");
    }
}
