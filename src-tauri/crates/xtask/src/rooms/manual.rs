//! `cargo xtask manual`: man pages and completions of `outpost-center`, written from its own command line, so that they
//! cannot say anything else than it does.

use std::fs;
use std::path::Path;

use clap_complete::Shell;

use crate::steps::Outcome;

const PROGRAM: &str = "outpost-center";

/// Where each shell looks for completions, below `/usr/share`.
const SHELLS: [(Shell, &str); 3] = [
    (Shell::Bash, "bash-completion/completions"),
    (Shell::Fish, "fish/vendor_completions.d"),
    (Shell::Zsh, "zsh/site-functions"),
];

/// Writes a page for the program and for each of its commands, and a file for each shell.
pub fn write(out: &Path) -> Outcome {
    let pages = out.join("man/man1");
    fs::create_dir_all(&pages)?;
    clap_mangen::generate_to(outpost_center::command(), &pages)?;
    for (shell, folder) in SHELLS {
        let folder = out.join(folder);
        fs::create_dir_all(&folder)?;
        let file = clap_complete::generate_to(shell, &mut outpost_center::command(), PROGRAM, &folder)?;
        if shell == Shell::Bash {
            // Bash looks for the bare name of the program.
            fs::rename(file, folder.join(PROGRAM))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_has_its_page_and_is_completed_in_each_shell() {
        let folder = tempfile::tempdir().expect("a folder");
        write(folder.path()).expect("the manual");
        let read = |file: &str| fs::read_to_string(folder.path().join(file)).unwrap_or_else(|_| panic!("no {file}"));
        let shells = [
            read("bash-completion/completions/outpost-center"),
            read("fish/vendor_completions.d/outpost-center.fish"),
            read("zsh/site-functions/_outpost-center"),
        ];
        for command in outpost_center::command().get_subcommands() {
            let page = read(&format!("man/man1/outpost-center-{}.1", command.get_name()));
            let words = command.get_about().expect("a line about it").to_string();
            let first = words.split([' ', '-', '.']).next().expect("a word");
            assert!(page.contains(first), "{}: {first} is not in its page", command.get_name());
            assert!(shells.iter().all(|shell| shell.contains(command.get_name())), "{}", command.get_name());
        }
        assert!(read("man/man1/outpost-center-site-add.1").contains("passphrase"));
    }
}
