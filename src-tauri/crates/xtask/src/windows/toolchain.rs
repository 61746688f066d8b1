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
        names.extend(libraries(&String::from_utf8_lossy(&told.stdout), &names));
        at += 1;
    }
    if names.len() == UNPACKED.len() {
        return Err(
            "apt-cache knows no rustc-web: it is in Debian 12 and later (`apt-get update` reads the lists)".into()
        );
    }
    Ok(names)
}

/// The libraries of rustc that a package depends on, as apt tells, but for those that are known.
fn libraries(told: &str, known: &[String]) -> Vec<String> {
    let needs = told.lines().filter_map(|line| line.trim().strip_prefix("Depends: "));
    let own = needs.filter(|name| name.starts_with("libstd-rust-web-") || name.starts_with("libllvm"));
    own.filter(|name| !known.iter().any(|known| known == name)).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn toolchain() -> (tempfile::TempDir, Toolchain) {
        let folder = tempfile::tempdir().expect("a folder");
        let toolchain = Toolchain { folder: folder.path().to_owned() };
        (folder, toolchain)
    }

    fn variable(command: &Command, wanted: &str) -> Option<PathBuf> {
        let set = command.get_envs().find(|(name, _)| *name == OsStr::new(wanted));
        set.and_then(|(_, value)| value).map(PathBuf::from)
    }

    #[test]
    fn cargo_builds_optimised_for_windows_apart_from_this_machines_own() {
        let (folder, toolchain) = toolchain();
        let command = toolchain.cargo(["test", "--package", "site"]);
        let words: Vec<_> = command.get_args().map(|word| word.to_string_lossy()).collect();
        assert_eq!(words, ["test", "--package", "site", "--release", "--target", TRIPLE]);
        let own = |path: &str| Some(folder.path().join(path));
        assert_eq!(variable(&command, "CARGO_TARGET_DIR"), own("target"));
        assert_eq!(variable(&command, "RUSTC"), own("rust/usr/bin/rustc"));
        assert_eq!(variable(&command, "WINEPREFIX"), own("prefix"));
        assert_eq!(toolchain.programs(), folder.path().join("target").join(TRIPLE).join("release"));
        let runner = variable(&command, "CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUNNER").expect("a runner");
        assert!(runner.is_file() && runner.starts_with(scripts()), "{}", runner.display());
        // Cargo and cc know a target by its name in capitals or with underscores.
        let named = |name: String| command.get_envs().any(|(known, _)| known.to_string_lossy() == name);
        assert!(named(format!("CARGO_TARGET_{}_LINKER", TRIPLE.to_uppercase().replace('-', "_"))));
        assert!(named(format!("CC_{}", TRIPLE.replace('-', "_"))));
    }

    #[test]
    fn a_program_of_windows_runs_in_wines_own_folder() {
        let (folder, toolchain) = toolchain();
        let command = toolchain.wine("outpost-center.exe");
        assert_eq!(command.get_args().collect::<Vec<_>>(), ["outpost-center.exe"]);
        assert_eq!(variable(&command, "WINEPREFIX"), Some(folder.path().join("prefix")));
        assert!(toolchain.drive().starts_with(folder.path().join("prefix")));
    }

    #[test]
    fn a_standard_library_is_there_once_its_file_is() {
        let (_folder, toolchain) = toolchain();
        assert!(!toolchain.has_std());
        fs::create_dir_all(toolchain.std_libraries()).expect("a folder");
        fs::write(toolchain.std_libraries().join("libcore-0a1b.rlib"), "").expect("a file");
        assert!(!toolchain.has_std(), "half of it is none");
        fs::write(toolchain.std_libraries().join("libstd-0a1b.rlib"), "").expect("a file");
        assert!(toolchain.has_std());
    }

    #[test]
    fn of_what_rustc_depends_on_only_its_own_libraries_are_unpacked() {
        let told = "rustc-web\n  Depends: libc6\n  Depends: libllvm19\n |Depends: gcc\n  Depends: libstd-rust-web-1.85\n  \
            Recommends: libllvm18\n  Depends: libstd-rust-web-dev\n  Depends: binutils\n";
        assert_eq!(libraries(told, &[]), ["libllvm19", "libstd-rust-web-1.85", "libstd-rust-web-dev"]);
        let known = UNPACKED.map(str::to_owned);
        assert_eq!(libraries(told, &known), ["libllvm19", "libstd-rust-web-1.85"]);
        assert!(libraries("", &known).is_empty());
    }
}
