//! What a script in the window can do with files (security.md, "IPC takes paths from the window"): nothing that a person did
//! not choose in a dialog of the system.

use std::path::Path;

use serde_json::{Value, json};

use crate::pages;
use crate::walk::account;
use crate::window::{Opening, Trouble, Window, key};

#[test]
fn a_script_in_the_window_reads_and_writes_no_file_that_nobody_chose() {
    let folder = tempfile::tempdir().expect("a folder");
    let (home, stick) = (folder.path().join("home"), folder.path().join("stick"));
    xtask::practice::make(&home, 1, 1).expect("a practice site");
    std::fs::create_dir(&stick).expect("a stick");
    attack(&home, &stick).unwrap_or_else(|trouble| panic!("{trouble}"));
}

fn attack(home: &Path, stick: &Path) -> Result<(), Trouble> {
    let window = Window::open(&Opening::at(home))?;
    let (user, password) = account(home)?;
    pages::sign_in(&window, &user, &password)?;
    // A path in a question is none: the dialog asks, and nobody chooses anything in it.
    let bundles = home.join("bundles");
    for field in ["path", "folder", "file"] {
        expect(&ask(&window, "backup_write", json!({ field: stick }))?, &refusal("cancelled"))?;
        expect(&ask(&window, "import_bundle", json!({ field: bundles }))?, &refusal("cancelled"))?;
        let file = json!({ field: bundles, "lab": "x", "lang": "en" });
        expect(&ask(&window, "lab_file_open", file)?, &refusal("cancelled"))?;
    }
    for command in ["export_bundle", "backup_write"] {
        expect(&ask(&window, command, json!({ "into": stick }))?, &refusal("no_such"))?;
    }
    // A number out of the air stands for nothing, and one that was given for something else neither.
    expect(&ask(&window, "export_bundle", json!({ "into": 1 }))?, &refusal("choose_again"))?;
    window.will_choose(stick)?;
    let chosen = ask(&window, "choose", json!({ "purpose": "backup_folder" }))?;
    let id = &chosen["answer"]["id"];
    expect(&chosen, &json!({ "answer": { "id": id, "name": "stick" } }))?;
    for (command, field) in [("export_bundle", "into"), ("backup_look", "backup"), ("kit_look", "kit")] {
        expect(&ask(&window, command, json!({ field: id, "passphrase": "x" }))?, &refusal("choose_again"))?;
    }
    if std::fs::read_dir(stick)?.next().is_some() {
        return Err("something was written that nobody asked for".into());
    }
    // What was chosen for it serves; a lock forgets it.
    let written = ask(&window, "backup_write", json!({ "into": id }))?;
    if written["answer"]["noted"] != json!(true) {
        return Err(format!("the backup: {written}").into());
    }
    window.chord(key::CONTROL, 'l')?;
    pages::arrive(&window, "unlock")?;
    pages::sign_in(&window, &user, &password)?;
    expect(&ask(&window, "backup_write", json!({ "into": id }))?, &refusal("choose_again"))?;
    // A text that no act would take is refused before any act is asked.
    let long = json!({ "purpose": "x".repeat((1 << 20) + 1) });
    expect(&ask(&window, "choose", long)?, &refusal("too_long"))?;
    window.close()
}

fn refusal(code: &str) -> Value {
    json!({ "refused": code })
}

fn expect(said: &Value, meant: &Value) -> Result<(), Trouble> {
    if said == meant { Ok(()) } else { Err(format!("{said} instead of {meant}").into()) }
}

/// Gives a command past the pages, as a script would that got into the window.
fn ask(window: &Window, command: &str, request: Value) -> Result<Value, Trouble> {
    let send = "window.said = null;
        window.__TAURI_INTERNALS__.invoke(arguments[0], { request: arguments[1] }).then(
            answer => { window.said = { answer }; }, refused => { window.said = { refused: refused.code }; })";
    window.run(send, vec![json!(command), request])?;
    window.wait_for(command, "return window.said", vec![])
}
