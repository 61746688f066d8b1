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

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;

    use super::*;

    fn words(command: &Command) -> Vec<String> {
        command.get_args().map(|word| word.to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn a_path_inside_lies_below_its_root() {
        let debian = Debian::at(Path::new("/x/debroot"));
        assert_eq!(debian.root(), Path::new("/x/debroot/root"));
        for inside in ["/usr/bin/outpost", "usr/bin/outpost"] {
            assert_eq!(debian.path(inside), debian.root().join("usr/bin/outpost"), "never this machine's");
        }
        assert_eq!(debian.path("/"), debian.root());
    }

    #[test]
    fn a_command_enters_in_a_space_of_its_own_as_somebody() {
        let debian = Debian::at(Path::new("/x"));
        for (command, user, home) in
            [(debian.command("apt-get"), "root", "/root"), (debian.command_of_person("apt-get"), PERSON, HOME)]
        {
            assert_eq!(command.get_program(), "unshare");
            let words = words(&command);
            assert_eq!(words[..3], ["--mount", "sh", "-c"]);
            assert_eq!(words[4..], ["sh", "/x/root", "/x/debs", user, "apt-get"]);
            let set: Vec<_> = command.get_envs().filter(|(name, _)| *name == OsStr::new("HOME")).collect();
            assert_eq!(set, [(OsStr::new("HOME"), Some(OsStr::new(home)))]);
        }
    }

    #[test]
    fn of_this_machines_environment_only_the_way_to_packages_goes_along() {
        let command = Debian::at(Path::new("/x")).command("env");
        assert!(format!("{command:?}").starts_with("env -i ") || cfg!(not(unix)), "{command:?}");
        let own = ["HOME", "LANG", "PATH", "DEBIAN_FRONTEND"];
        for (name, _) in command.get_envs() {
            let name = name.to_string_lossy();
            assert!(own.contains(&&*name) || KEPT.contains(&&*name), "{name}");
        }
        let path = command.get_envs().find(|(name, _)| *name == OsStr::new("PATH")).and_then(|(_, path)| path);
        assert!(path.is_some_and(|path| !path.to_string_lossy().contains("cargo")));
    }

    /// What the shell is told: the command takes its place only where every mount succeeded, and never outside the root.
    #[test]
    #[cfg(unix)]
    fn without_its_mounts_no_command_is_run() {
        let folder = tempfile::tempdir().expect("a folder");
        let (tools, ran) = (folder.path().join("tools"), folder.path().join("ran"));
        std::fs::create_dir_all(&tools).expect("a folder");
        let enter = |mount: &str| {
            let script = |name: &str, text: &str| {
                let file = tools.join(name);
                std::fs::write(&file, format!("#!/bin/sh\n{text}\n")).expect("a script");
                let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
                std::fs::set_permissions(file, mode).expect("it may be run");
            };
            script("mount", mount);
            script("chroot", &format!("echo \"$@\" > {}", ran.display()));
            let mut command = Command::new("/bin/sh");
            command.args(["-c", ENTER, "sh", "/x/root", "/x/debs", PERSON, "env", "one two"]);
            command.env_clear().env("PATH", &tools).status().expect("a shell")
        };
        assert!(!enter("exit 1").success() && !ran.exists());
        for mount in ["-t", "--rbind", "--bind"] {
            assert!(!enter(&format!("[ $1 != {mount} ]")).success() && !ran.exists(), "{mount}");
        }
        assert!(enter("exit 0").success());
        let said = std::fs::read_to_string(&ran).expect("it ran");
        assert_eq!(said, format!("--userspec={PERSON} /x/root env one two\n"));
    }
}
