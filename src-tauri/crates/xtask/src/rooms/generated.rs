//! `cargo xtask gen`: all that follows from the contract in `screens`.

use screens::typescript;

use crate::steps::{Outcome, root};

/// Writes the window's messages, calls and permissions, or with `check` fails when a file differs from what would be
/// written.
pub fn write(check: bool) -> Outcome {
    let config = std::fs::read_to_string(root().join(CONFIG))?;
    let files = [
        ("ui/src/ipc/messages.ts", typescript::messages()),
        ("ui/src/ipc/commands.ts", typescript::commands()),
        (CONFIG, permitted(&config).ok_or("tauri.conf.json has no permissions")?),
    ];
    for (name, fresh) in files {
        let path = root().join(name);
        if std::fs::read_to_string(&path).is_ok_and(|present| present == fresh) {
            continue;
        }
        if check {
            return Err(format!("{name} differs from the contract: run `cargo xtask gen` and commit it").into());
        }
        std::fs::write(&path, fresh)?;
    }
    Ok(())
}

const CONFIG: &str = "tauri.conf.json";

/// The configuration with the permissions of the contract in place of those that it lists; what is not a command of
/// ours stays.
fn permitted(config: &str) -> Option<String> {
    let (before, rest) = config.split_once("\"permissions\": [")?;
    let (listed, after) = rest.split_once(']')?;
    let others = listed.split(',').map(|name| name.trim().trim_matches('"').to_owned());
    let others = others.filter(|name| !name.starts_with("allow-") && !name.is_empty());
    let names: Vec<String> = others.chain(typescript::permissions()).map(|name| format!("\"{name}\"")).collect();
    Some(format!("{before}\"permissions\": [{}]{after}", names.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::permitted;

    #[test]
    fn only_the_list_of_permissions_changes() {
        let fresh = permitted(r#"{ "permissions": ["core:x", "allow-gone"], "y": [1] }"#).expect("a list");
        assert!(fresh.starts_with(r#"{ "permissions": ["core:x", "allow-start-view", "#), "{fresh}");
        assert!(fresh.ends_with(r#"], "y": [1] }"#) && !fresh.contains("gone"), "{fresh}");
    }
}
