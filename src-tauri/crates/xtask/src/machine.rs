//! What a machine needs, and installing what it lacks.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::steps::{self, Outcome, answers, root};

/// How much is going to be done on this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Compile the rooms.
    Build,
    /// Also drive the real window, look at it and hold it against other programs.
    Test,
    /// Also compile for Windows and run the result under Wine.
    Windows,
    /// Also install the packages in another Debian.
    Packages,
}

/// A Debian package, and the file or program that shows that it is there.
struct Package(&'static str, Sign);

enum Sign {
    Program(&'static str),
    PkgConfig(&'static str),
    File(&'static str),
}

const TO_BUILD: &[Package] = &[
    Package("build-essential", Sign::Program("cc")),
    Package("pkg-config", Sign::Program("pkg-config")),
    // OpenSSL's own build, for SQLCipher.
    Package("perl", Sign::File("/usr/bin/pod2man")),
    Package("libwebkit2gtk-4.1-dev", Sign::PkgConfig("webkit2gtk-4.1")),
    Package("libgtk-3-dev", Sign::PkgConfig("gtk+-3.0")),
    Package("librsvg2-dev", Sign::PkgConfig("librsvg-2.0")),
];

const TO_TEST: &[Package] = &[
    Package("xvfb", Sign::Program("Xvfb")),
    Package("webkit2gtk-driver", Sign::Program("WebKitWebDriver")),
    Package("fonts-noto-cjk", Sign::File("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")),
    Package("fonts-dejavu-core", Sign::File("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")),
    Package("openssh-client", Sign::Program("ssh-keygen")),
    Package("age", Sign::Program("age")),
    Package("zstd", Sign::Program("zstd")),
    Package("jq", Sign::Program("jq")),
    Package("python3-venv", Sign::File("/usr/share/doc/python3-venv")),
    Package("libxml2-utils", Sign::Program("xmllint")),
];

const FOR_WINDOWS: &[Package] = &[
    Package("gcc-mingw-w64-x86-64-win32", Sign::Program("x86_64-w64-mingw32-gcc")),
    Package("wine64", Sign::File("/usr/lib/wine/wine64")),
    Package("nsis", Sign::Program("makensis")),
    Package("wixl", Sign::Program("wixl")),
];

const FOR_PACKAGES: &[Package] = &[Package("debootstrap", Sign::File("/usr/sbin/debootstrap"))];

/// Installs the system packages that are missing (Debian and Ubuntu), or says what to install elsewhere.
pub fn install_system_packages(purpose: Purpose) -> Outcome {
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    let missing = missing(purpose, is_there);
    if missing.is_empty() {
        return Ok(());
    }
    let missing = missing.join(" ");
    if !answers("apt-get", "--version") {
        let what = "install what your system calls these Debian packages, then try again";
        return Err(format!("{what}: {missing}").into());
    }
    println!("── system packages: {missing}");
    let is_root = std::env::var("USER").is_ok_and(|user| user == "root") || !answers("sudo", "--version");
    steps::run(as_root(is_root).args(["apt-get", "update", "-qq"]))?;
    let options = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "-o", "Dpkg::Use-Pty=0"];
    steps::run(as_root(is_root).args(options).args(missing.split(' '))).map_err(|error| {
        format!("{error}\ninstall these yourself, then try again:\n  apt-get install {missing}").into()
    })
}

/// The packages that a purpose asks for and that are not there.
fn missing(purpose: Purpose, is_there: impl Fn(&Sign) -> bool) -> Vec<&'static str> {
    let further: &[Package] = match purpose {
        Purpose::Build => &[],
        Purpose::Test => TO_TEST,
        Purpose::Windows => FOR_WINDOWS,
        Purpose::Packages => FOR_PACKAGES,
    };
    let wanted = TO_BUILD.iter().chain(further);
    wanted.filter(|package| !is_there(&package.1)).map(|package| package.0).collect()
}

/// Installs the UI's packages when they are missing or older than their lock.
pub fn install_ui_packages() -> Outcome {
    let ui = root().join("ui");
    if is_newer(&ui.join("node_modules/.package-lock.json"), &ui.join("package-lock.json")) {
        return Ok(());
    }
    steps::step("npm ci", &mut steps::npm(["ci", "--no-audit", "--no-fund", "--loglevel=error"]))
}

/// Whether this machine shows windows to a person.
pub fn has_display() -> bool {
    !cfg!(target_os = "linux") || names_display(|name| std::env::var_os(name))
}

fn names_display(variable: impl Fn(&str) -> Option<OsString>) -> bool {
    ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| variable(name).is_some_and(|value| !value.is_empty()))
}

fn is_there(sign: &Sign) -> bool {
    match sign {
        Sign::Program(name) => answers(name, "--version"),
        Sign::PkgConfig(name) => {
            let asked = Command::new("pkg-config").args(["--exists", name]).stderr(Stdio::null()).status();
            asked.is_ok_and(|status| status.success())
        }
        Sign::File(path) => Path::new(path).exists(),
    }
}

/// `env` as it is for root, through `sudo` for others; also keeps the installer from asking questions.
fn as_root(is_root: bool) -> Command {
    let mut command = Command::new(if is_root { "env" } else { "sudo" });
    if !is_root {
        command.args(["-n", "env"]);
    }
    command.arg("DEBIAN_FRONTEND=noninteractive");
    command
}

fn is_newer(made: &Path, source: &Path) -> bool {
    let changed = |path: &Path| path.metadata().and_then(|data| data.modified());
    matches!((changed(made), changed(source)), (Ok(made), Ok(source)) if made >= source)
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::time::{Duration, SystemTime};

    use super::*;

    const FURTHER: [Purpose; 3] = [Purpose::Test, Purpose::Windows, Purpose::Packages];

    #[test]
    fn each_purpose_asks_for_what_building_asks_and_its_own() {
        let build = missing(Purpose::Build, |_| false);
        assert!(build.contains(&"libwebkit2gtk-4.1-dev") && build.contains(&"build-essential"));
        for (purpose, own) in FURTHER.into_iter().zip(["xvfb", "wine64", "debootstrap"]) {
            let all = missing(purpose, |_| false);
            assert!(all.starts_with(&build) && all.len() > build.len(), "{purpose:?}");
            assert!(all.contains(&own) && !build.contains(&own), "{purpose:?}");
            let others = FURTHER.into_iter().filter(|other| *other != purpose);
            assert!(others.flat_map(|other| missing(other, |_| false)).all(|package| package != own), "{own}");
        }
    }

    #[test]
    fn only_what_is_not_there_is_missing() {
        for purpose in [Purpose::Build].into_iter().chain(FURTHER) {
            assert!(missing(purpose, |_| true).is_empty(), "{purpose:?}");
        }
        assert_eq!(missing(Purpose::Test, |sign| !matches!(sign, Sign::Program("jq" | "age"))), ["age", "jq"]);
        assert!(missing(Purpose::Build, |sign| !matches!(sign, Sign::Program("jq"))).is_empty());
    }

    #[test]
    fn packages_have_names_that_debian_allows_and_each_stands_once() {
        for purpose in FURTHER {
            let mut all = missing(purpose, |_| false);
            let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "+-.".contains(c);
            assert!(all.iter().all(|name| name.len() > 1 && name.chars().all(allowed)), "{all:?}");
            let count = all.len();
            all.sort_unstable();
            all.dedup();
            assert_eq!(all.len(), count, "{purpose:?}");
        }
    }

    #[test]
    fn a_sign_is_a_program_or_a_file() {
        assert!(is_there(&Sign::Program("cargo")) && !is_there(&Sign::Program("no-such-program")));
        assert!(is_there(&Sign::File(env!("CARGO_MANIFEST_DIR"))) && !is_there(&Sign::File("/no/such/file")));
        assert!(!is_there(&Sign::PkgConfig("no-such-library")));
    }

    #[test]
    fn others_than_root_go_through_sudo_and_nobody_is_asked() {
        let words = |command: Command| {
            let all = std::iter::once(command.get_program()).chain(command.get_args());
            all.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>()
        };
        assert_eq!(words(as_root(true)), ["env", "DEBIAN_FRONTEND=noninteractive"]);
        assert_eq!(words(as_root(false)), ["sudo", "-n", "env", "DEBIAN_FRONTEND=noninteractive"]);
    }

    #[test]
    fn a_display_has_a_name() {
        let with = |set: &str, value: &str| names_display(|name| (name == set).then(|| value.into()));
        assert!(with("DISPLAY", ":0") && with("WAYLAND_DISPLAY", "wayland-0"));
        assert!(!with("DISPLAY", "") && !with("TERM", "xterm") && !names_display(|_| None));
    }

    #[test]
    fn what_was_made_before_its_source_changed_is_made_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = |name: &str, seconds: u64| {
            let path = folder.path().join(name);
            let at = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
            File::create(&path).and_then(|file| file.set_modified(at)).expect("a file");
            path
        };
        let (made, source) = (file("made", 1_700_000_100), file("source", 1_700_000_000));
        assert!(is_newer(&made, &source) && !is_newer(&source, &made));
        assert!(is_newer(&source, &source), "of the same moment is new enough");
        let gone = folder.path().join("gone");
        assert!(!is_newer(&gone, &source) && !is_newer(&made, &gone));
    }
}
