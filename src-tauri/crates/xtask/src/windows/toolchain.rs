//! A Rust for `x86_64-pc-windows-gnu`: Debian's rustc, unpacked and not installed, a standard library built from its
//! source, mingw's gcc, and Wine to run what comes out.

use std::ffi::OsStr;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::machine::{self, Purpose};
use crate::steps::{self, Outcome, root, target};

/// What is compiled for.
pub const TRIPLE: &str = "x86_64-pc-windows-gnu";
/// What mingw calls the same.
const MINGW: &str = "x86_64-w64-mingw32";

/// Debian's packages that are unpacked: `rustc-web` and rustup's toolchains exclude each other when installed.
const UNPACKED: [&str; 3] = ["rustc-web", "libstd-rust-web-dev", "rust-web-src"];

/// The folder `target/windows` with all of it.
pub struct Toolchain {
    folder: PathBuf,
}

impl Toolchain {
    /// The toolchain that an earlier run made.
    pub fn find() -> Option<Self> {
        let toolchain = Self { folder: target().join("windows") };
        let is_there = toolchain.has_std() && steps::answers(&format!("{MINGW}-gcc"), "--version");
        is_there.then_some(toolchain)
    }

    /// The toolchain, made where it lacks something.
    pub fn make() -> Outcome<Self> {
        if !cfg!(all(target_os = "linux", target_arch = "x86_64")) {
            return Err(
                "this makes Windows' programs on 64-bit Debian; on Windows itself use `cargo xtask test`".into()
            );
        }
        machine::install_system_packages(Purpose::Windows)?;
        let toolchain = Self { folder: target().join("windows") };
        toolchain.unpack_rust()?;
        toolchain.make_prefix()?;
        toolchain.build_std()?;
        Ok(toolchain)
    }

    /// A cargo command in the project's root, for Windows.
    pub fn cargo<I: IntoIterator<Item = S>, S: AsRef<OsStr>>(&self, arguments: I) -> Command {
        let mut command = steps::cargo(arguments);
        command.args(["--release", "--target", TRIPLE]).env("CARGO_TARGET_DIR", self.folder.join("target"));
        // With it each test binary would be optimised as a whole program, in minutes.
        command.env("CARGO_PROFILE_RELEASE_LTO", "off");
        self.dress(&mut command);
        command
    }

    /// A command that runs a Windows program.
    pub fn wine(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(wine());
        command.arg(program).env("WINEPREFIX", self.folder.join("prefix")).env("WINEDEBUG", "-all");
        command
    }

    /// Where the optimised programs lie.
    pub fn programs(&self) -> PathBuf {
        self.folder.join("target").join(TRIPLE).join("release")
    }

    /// Where installers are put together.
    pub fn installers(&self) -> PathBuf {
        self.folder.join("pkg")
    }

    /// The drive `C:` of Wine.
    pub fn drive(&self) -> PathBuf {
        self.folder.join("prefix/drive_c")
    }

    fn rust(&self) -> PathBuf {
        self.folder.join("rust/usr")
    }

    fn std_libraries(&self) -> PathBuf {
        self.rust().join("lib/rustlib").join(TRIPLE).join("lib")
    }

    fn has_std(&self) -> bool {
        fs::read_dir(self.std_libraries()).is_ok_and(|mut files| {
            files.any(|file| file.is_ok_and(|f| f.file_name().to_string_lossy().starts_with("libstd-")))
        })
    }

    /// Tells cargo about compiler, linker and runner.
    fn dress(&self, command: &mut Command) {
        let rust = self.rust();
        command
            .env("LD_LIBRARY_PATH", rust.join("lib/x86_64-linux-gnu"))
            .env("RUSTC", rust.join("bin/rustc"))
            .env("RUSTDOC", rust.join("bin/rustdoc"))
            .env("CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER", format!("{MINGW}-gcc"))
            .env("CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUNNER", wine())
            .env("CC_x86_64_pc_windows_gnu", format!("{MINGW}-gcc"))
            .env("AR_x86_64_pc_windows_gnu", format!("{MINGW}-ar"))
            .env("WINEPREFIX", self.folder.join("prefix"))
            .env("WINEDEBUG", "-all");
    }

    fn unpack_rust(&self) -> Outcome {
        if self.rust().join("bin/rustc").exists() {
            return Ok(());
        }
        let debs = self.folder.join("debs");
        fs::create_dir_all(&debs)?;
        let names = with_libraries()?;
        steps::step("download Debian's rustc", Command::new("apt-get").arg("download").args(names).current_dir(&debs))?;
        // Under another name until it is whole.
        let half = self.folder.join("rust.part");
        for deb in fs::read_dir(&debs)? {
            steps::run(Command::new("dpkg-deb").arg("--extract").arg(deb?.path()).arg(&half))?;
        }
        Ok(fs::rename(half, self.folder.join("rust"))?)
    }

    /// Wine's own folder, with the one library that Wine 8 lacks.
    fn make_prefix(&self) -> Outcome {
        let library = self.drive().join("windows/system32/bcryptprimitives.dll");
        if library.exists() {
            return Ok(());
        }
        steps::step("make Wine's folder", self.wine("cmd").args(["/c", "exit"]))?;
        if library.exists() {
            return Ok(());
        }
        let mut compile = Command::new(format!("{MINGW}-gcc"));
        compile.args(["-shared", "-O2", "-o"]).arg(&library).arg(scripts().join("prng.c")).arg("-ladvapi32");
        steps::run(&mut compile)
    }

    /// Builds the standard library and puts it where rustc looks for it, so that no other build needs a nightly option.
    fn build_std(&self) -> Outcome {
        if self.has_std() {
            return Ok(());
        }
        let probe = self.folder.join("std");
        fs::create_dir_all(probe.join("src"))?;
        fs::write(probe.join("src/main.rs"), "fn main() { println!(\"{}\", std::env::consts::OS); }\n")?;
        let manifest = "[package]\nname = \"probe\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[workspace]\n";
        fs::write(probe.join("Cargo.toml"), manifest)?;
        let made = probe.join("target");
        let mut build = steps::cargo(["build", "--quiet", "--release", "--target", TRIPLE]);
        build.arg("-Zbuild-std=std,panic_unwind,panic_abort,test").current_dir(&probe);
        self.dress(build.env("RUSTC_BOOTSTRAP", "1").env("CARGO_TARGET_DIR", &made));
        steps::step("build the standard library", &mut build)?;
        let release = made.join(TRIPLE).join("release");
        let said = self.wine(release.join("probe.exe")).output()?;
        if said.stdout.trim_ascii() != b"windows" {
            return Err("a program that was just built does not run under Wine".into());
        }
        fs::create_dir_all(self.std_libraries())?;
        for file in fs::read_dir(release.join("deps"))? {
            let file = file?.path();
            if let Some(name) = file.file_name().filter(|_| file.extension() == Some(OsStr::new("rlib"))) {
                fs::copy(&file, self.std_libraries().join(name))?;
            }
        }
        Ok(())
    }
}

/// The scripts and sources that lie beside this program's own.
pub fn scripts() -> PathBuf {
    root().join("src-tauri/crates/xtask/windows")
}

fn wine() -> PathBuf {
    scripts().join("wine.sh")
}

/// The packages to unpack and the libraries of rustc that they need, whose names carry versions.
fn with_libraries() -> Outcome<Vec<String>> {
    let mut names: Vec<String> = UNPACKED.iter().map(|name| (*name).to_owned()).collect();
    let mut at = 0;
    while let Some(name) = names.get(at) {
        let told = Command::new("apt-cache").args(["depends", name]).output()?;
        let new: Vec<String> = String::from_utf8_lossy(&told.stdout)
            .lines()
            .filter_map(|line| line.trim().strip_prefix("Depends: "))
            .filter(|library| library.starts_with("libstd-rust-web-") || library.starts_with("libllvm"))
            .filter(|library| !names.iter().any(|known| known == library))
            .map(str::to_owned)
            .collect();
        names.extend(new);
        at += 1;
    }
    if names.len() == UNPACKED.len() {
        return Err(
            "apt-cache knows no rustc-web: it is in Debian 12 and later (`apt-get update` reads the lists)".into()
        );
    }
    Ok(names)
}
