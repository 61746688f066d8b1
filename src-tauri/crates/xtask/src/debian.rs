//! Another Debian in a folder, with nothing of this machine but its kernel, and commands in it.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Who works with what is installed there: a person without rights over the system.
pub const PERSON: &str = "nurse";
/// Her folder.
pub const HOME: &str = "/home/nurse";

/// What of this machine's environment holds there, too: the way to the packages.
const KEPT: [&str; 6] = ["http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"];

/// Mounts what programs expect, in a space of its own: the mounts end with the command, so that nothing of this machine can
/// be removed through them. Then the command takes this shell's place, and its process.
const ENTER: &str = r#"root=$1 debs=$2 user=$3; shift 3
mount -t proc proc "$root/proc" && mount --rbind /dev "$root/dev" &&
mount --bind "$debs" "$root/var/cache/apt/archives" && exec chroot --userspec="$user" "$root" "$@""#;

/// The folder, and beside it the packages that were downloaded for it.
#[derive(Clone, Debug)]
pub struct Debian {
    root: PathBuf,
    debs: PathBuf,
}

impl Debian {
    /// The Debian `root` in `folder`.
    #[must_use]
    pub fn at(folder: &Path) -> Self {
        Self { root: folder.join("root"), debs: folder.join("debs") }
    }

    /// Its root folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where a path of that Debian lies on this machine.
    #[must_use]
    pub fn path(&self, inside: &str) -> PathBuf {
        self.root.join(inside.trim_start_matches('/'))
    }

    /// A command there, as its administrator. Only root can give it.
    #[must_use]
    pub fn command(&self, program: &str) -> Command {
        self.command_of("root", "/root", program)
    }

    /// A command there, as the person.
    #[must_use]
    pub fn command_of_person(&self, program: &str) -> Command {
        self.command_of(PERSON, HOME, program)
    }

    fn command_of(&self, user: &str, home: &str, program: &str) -> Command {
        let mut command = Command::new("unshare");
        command.args(["--mount", "sh", "-c", ENTER, "sh"]).arg(&self.root).arg(&self.debs).args([user, program]);
        let kept = KEPT.iter().filter_map(|name| Some((name, std::env::var_os(name)?)));
        command.env_clear().envs(kept).env("HOME", home).env("LANG", "C.UTF-8");
        command.env("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        command.env("DEBIAN_FRONTEND", "noninteractive");
        command
    }
}
