//! `cargo xtask gen`: the messages to the window, as TypeScript.

use crate::steps::{Outcome, root};

/// Writes `ui/src/ipc/messages.ts`, or with `check` fails when it differs from what would be written.
pub fn write(check: bool) -> Outcome {
    let path = root().join("ui/src/ipc/messages.ts");
    let fresh = screens::typescript();
    if std::fs::read_to_string(&path).is_ok_and(|present| present == fresh) {
        return Ok(());
    }
    if check {
        return Err("ui/src/ipc/messages.ts differs from the Rust messages: run `cargo xtask gen` and commit it".into());
    }
    Ok(std::fs::write(&path, fresh)?)
}
