//! What a machine needs, and installing what it lacks.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::steps::{self, Outcome, answers, root};

/// How much is going to be done on this machine.
#[derive(Clone, Copy, PartialEq, Eq)]
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
    let further: &[Package] = match purpose {
        Purpose::Build => &[],
        Purpose::Test => TO_TEST,
        Purpose::Windows => FOR_WINDOWS,
        Purpose::Packages => FOR_PACKAGES,
    };
    let wanted = TO_BUILD.iter().chain(further);
    let missing: Vec<&str> = wanted.filter(|package| !is_there(&package.1)).map(|package| package.0).collect();
    if missing.is_empty() {
        return Ok(());
    }
    if !answers("apt-get", "--version") {
        return Err(format!(
            "install what your system calls these Debian packages, then try again: {}",
            missing.join(" ")
        )
        .into());
    }
    println!("── system packages: {}", missing.join(" "));
    steps::run(as_root().args(["apt-get", "update", "-qq"]))?;
    let options = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "-o", "Dpkg::Use-Pty=0"];
    steps::run(as_root().args(options).args(&missing)).map_err(|error| {
        format!("{error}\ninstall these yourself, then try again:\n  apt-get install {}", missing.join(" ")).into()
    })
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
    !cfg!(target_os = "linux")
        || ["DISPLAY", "WAYLAND_DISPLAY"]
            .iter()
            .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
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
fn as_root() -> Command {
    let is_root = std::env::var("USER").is_ok_and(|user| user == "root") || !answers("sudo", "--version");
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
