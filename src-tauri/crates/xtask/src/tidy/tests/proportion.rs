//! Lines of tests to lines of code.

use std::fs;

use super::{house_of, room};
use crate::tidy::house::{House, Room, SYSTEM_TESTS, SourceFile};
use crate::tidy::proportion::{Proportion, proportions};

/// Tests and code of a house of one room.
fn counted(files: &[(&str, &str)]) -> [usize; 2] {
    let rooms = proportions(&house_of(vec![room("room", files)]));
    assert_eq!(rooms.len(), 1);
    [rooms[0].tests, rooms[0].code]
}

#[test]
fn tests_are_counted_wherever_they_stand() {
    assert_eq!(counted(&[("lib.rs", "fn f() {}\n\n// word\n")]), [0, 3]);
    let beside = "fn f() {}\n#[cfg(test)]\nmod tests {\n    fn g() {}\n}\n";
    assert_eq!(counted(&[("lib.rs", beside)]), [4, 1]);
    let doc =
        "fn f() {}\n/// Laws.\n#[cfg(test)]\nmod laws {}\n#[cfg(test)]\nuse x::Y;\n#[cfg(test)]\nconst Z: u8 = 1;\n";
    assert_eq!(counted(&[("lib.rs", doc)]), [7, 1]);
    let apart =
        [("lib.rs", "#[cfg(test)]\nmod checks;\n"), ("checks.rs", "mod deep;\n"), ("checks/deep.rs", "a!();\n")];
    assert_eq!(counted(&apart), [4, 0]);
    assert_eq!(
        counted(&[("lib.rs", "mod a;\n"), ("a.rs", "\n"), ("a/tests.rs", "\n\n"), ("a/tests/b.rs", "\n")]),
        [3, 2]
    );
    assert_eq!(counted(&[("latest.rs", "\n"), ("contests/a.rs", "\n"), ("tests_of.rs", "\n")]), [0, 3]);
}

#[test]
fn code_that_the_product_compiles_is_no_test() {
    for product in [
        "#[cfg(not(test))]\nfn f() {}\n",
        "#[cfg(any(test, unix))]\nfn f() {}\n",
        "#[cfg(feature = \"test\")]\nfn f() {}\n",
    ] {
        assert_eq!(counted(&[("lib.rs", product)]), [0, 2], "{product}");
    }
}

#[test]
fn the_tests_of_the_whole_system_count_for_the_shell() {
    let shell = Room::new("", "[package]\nname = \"outpost\"\n".into(), vec![source("src-tauri/lib.rs", "\n\n\n\n")]);
    let manifest = format!("[package]\nname = \"{SYSTEM_TESTS}\"\n");
    let system = Room::new("tests", manifest, vec![source("tests/journeys.rs", "\n\n"), source("tests/main.rs", "\n")]);
    let rooms = proportions(&house_of(vec![shell, system]));
    assert_eq!(
        rooms.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["outpost               3 test      4 code  0.75"]
    );
}

fn source(path: &str, text: &str) -> SourceFile {
    SourceFile::parse(path, text.to_owned()).expect("Rust")
}

#[test]
fn each_room_has_its_least() {
    let of = |room: &str, tests, code| Proportion { room: room.into(), tests, code };
    for (room, least) in [("study", 3), ("ui/forms", 3), ("site", 5), ("center", 5), ("bundle", 5)] {
        let (under, there) = (of(room, least * 10 - 1, 100), of(room, least * 10, 100));
        assert!(under.ratio() < under.least() && there.ratio() >= there.least(), "{room}");
        assert!(under.to_string().ends_with(&format!("  under 0.{least}")) && !there.to_string().contains("under"));
    }
    assert!(of("study", 0, 0).ratio() < 0.1, "no line of code is none without tests");
}

#[test]
fn a_room_of_the_ui_is_a_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |path: &str, lines: usize| {
        let file = folder.path().join("ui/src").join(path);
        fs::create_dir_all(file.parent().expect("it has one")).expect("a folder");
        fs::write(file, "x\n".repeat(lines)).expect("a file");
    };
    write("main.ts", 50);
    write("forms/Form.svelte", 10);
    write("forms/deep/row.ts", 5);
    write("forms/row.test.ts", 6);
    write("forms/form.css", 99);
    write("i18n/lang.ts", 7);
    write("i18n/en/form.ts", 400);
    let written = "// Written by `cargo xtask gen` from the contract. Do not edit.\n\n\n";
    fs::write(folder.path().join("ui/src/forms/messages.ts"), written).expect("a file");
    fs::write(folder.path().join("ui/src/forms/speaks.ts"), "// cargo xtask gen writes messages.\n\n").expect("a file");
    let rooms = proportions(&House { root: folder.path().to_owned(), rooms: Vec::new() });
    let counted: Vec<_> = rooms.iter().map(|room| (room.room.as_str(), room.tests, room.code)).collect();
    assert_eq!(counted, [("ui/forms", 6, 17), ("ui/i18n", 0, 7)]);
}
