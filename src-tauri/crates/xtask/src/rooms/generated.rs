//! `cargo xtask gen`: all that follows from the contract in `screens`.

use std::fs;
use std::path::Path;

use screens::typescript;

use crate::steps::{Outcome, root};

/// Writes the window's messages, calls and permissions, or with `check` fails when a file differs from what would be
/// written.
pub fn write(check: bool) -> Outcome {
    write_in(&root(), check)
}

fn write_in(root: &Path, check: bool) -> Outcome {
    let config = fs::read_to_string(root.join(CONFIG))?;
    let files = [
        ("ui/src/ipc/messages.ts", typescript::messages()),
        ("ui/src/ipc/commands.ts", typescript::commands()),
        (CONFIG, permitted(&config).ok_or("tauri.conf.json has no permissions")?),
    ];
    for (name, fresh) in files {
        let path = root.join(name);
        if fs::read_to_string(&path).is_ok_and(|present| present == fresh) {
            continue;
        }
        if check {
            return Err(format!("{name} differs from the contract: run `cargo xtask gen` and commit it").into());
        }
        fs::write(&path, fresh)?;
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
    use super::*;

    const FILES: [&str; 3] = ["ui/src/ipc/messages.ts", "ui/src/ipc/commands.ts", CONFIG];

    /// A project with nothing but a configuration.
    fn project(config: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir_all(folder.path().join("ui/src/ipc")).expect("a folder");
        fs::write(folder.path().join(CONFIG), config).expect("a file");
        folder
    }

    fn refused(folder: &Path) -> String {
        write_in(folder, true).expect_err("it differs").to_string()
    }

    #[test]
    fn each_file_that_differs_or_is_missing_is_named_and_written() {
        let folder = project("{ \"permissions\": [\"core:event:allow-listen\", \"allow-gone\"], \"more\": [1] }\n");
        let root = folder.path();
        assert!(refused(root).starts_with("ui/src/ipc/messages.ts differs from the contract"));
        write_in(root, false).expect("it is written");
        write_in(root, true).expect("all is the same");
        for name in FILES {
            let path = root.join(name);
            let whole = fs::read_to_string(&path).expect("a file");
            let changed = if name == CONFIG { whole.replace("\"allow-lock\", ", "") } else { format!("{whole}\n") };
            assert_ne!(whole, changed);
            fs::write(&path, &changed).expect("a change");
            let told = refused(root);
            assert_eq!(told, format!("{name} differs from the contract: run `cargo xtask gen` and commit it"));
            assert_eq!(fs::read_to_string(&path).expect("a file"), changed, "a check writes nothing");
            write_in(root, false).expect("it is written");
            assert_eq!(fs::read_to_string(&path).expect("a file"), whole);
            fs::remove_file(&path).expect("it goes");
            let gone = write_in(root, true).expect_err("it is missing").to_string();
            assert!(gone.contains(name) || name == CONFIG, "{gone}");
            fs::write(&path, whole).expect("it is back");
        }
    }

    #[test]
    fn what_is_right_is_not_written_again() {
        let folder = project(r#"{ "permissions": [] }"#);
        write_in(folder.path(), false).expect("it is written");
        let long_ago = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_700_000_000);
        for name in FILES {
            let file = fs::File::options().write(true).open(folder.path().join(name)).expect("a file");
            file.set_modified(long_ago).expect("its moment");
        }
        write_in(folder.path(), false).expect("nothing is to be done");
        for name in FILES {
            let data = folder.path().join(name).metadata().expect("a file");
            assert_eq!(data.modified().expect("its moment"), long_ago, "{name}: Vite would load it anew");
        }
    }

    #[test]
    fn a_configuration_without_permissions_is_no_ground_to_write() {
        let folder = project("{}");
        for check in [true, false] {
            let told = write_in(folder.path(), check).expect_err("there is no list").to_string();
            assert_eq!(told, "tauri.conf.json has no permissions");
        }
        assert!(!folder.path().join("ui/src/ipc/messages.ts").exists());
    }

    #[test]
    fn only_the_list_of_permissions_changes() {
        let fresh = permitted(r#"{ "permissions": ["core:x", "allow-gone"], "y": [1] }"#).expect("a list");
        assert!(fresh.starts_with(r#"{ "permissions": ["core:x", "allow-start-view", "#), "{fresh}");
        assert!(fresh.ends_with(r#"], "y": [1] }"#) && !fresh.contains("gone"), "{fresh}");
    }
}
