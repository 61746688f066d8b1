//! The programs, and an installer of each kind that hospitals take: NSIS for one person without administrator's rights, MSI
//! for a computer's administrator. Tauri's own bundler downloads parts of both; these two need Debian's `makensis` and
//! `wixl` alone.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::toolchain::{TRIPLE, Toolchain, scripts};
use crate::steps::{self, Outcome, megabytes, root};

/// The crate that carries Microsoft's loader of WebView2.
const LOADER_CRATE: &str = "webview2-com-sys";
const LOADER: &str = "WebView2Loader.dll";
const PROGRAMS: [&str; 2] = ["outpost.exe", "outpost-center.exe"];

/// Links the programs and makes the installers.
pub fn make(toolchain: &Toolchain) -> Outcome {
    let packages = ["build", "--quiet", "--package", "outpost", "--package", "outpost-center", "--bins"];
    steps::step("link the programs", &mut toolchain.cargo(packages))?;
    let folder = toolchain.installers();
    fs::create_dir_all(&folder)?;
    for program in PROGRAMS {
        let made = toolchain.programs().join(program);
        needs_windows_alone(&made)?;
        fs::copy(&made, folder.join(program))?;
    }
    fs::copy(loader()?, folder.join(LOADER))?;
    let version = env!("CARGO_PKG_VERSION");
    let (setup, package) = (format!("outpost-{version}-setup.exe"), format!("outpost-{version}.msi"));
    let mut nsis = Command::new("makensis");
    nsis.arg("-V2").arg(format!("-DVERSION={version}")).arg(format!("-DFROM={}", folder.display()));
    nsis.arg(format!("-DICON={}", root().join("icons/icon.ico").display())).arg(scripts().join("outpost.nsi"));
    steps::step("installer for one person (NSIS)", nsis.current_dir(&folder))?;
    let mut wixl = Command::new("wixl");
    wixl.args(["--arch", "x64", "--define", &format!("Version={version}"), "--output", &package]);
    steps::step("installer for a computer (MSI)", wixl.arg(scripts().join("outpost.wxs")).current_dir(&folder))?;
    install_and_remove(toolchain, &folder.join(&package))?;
    for file in [PROGRAMS[0], PROGRAMS[1], LOADER, &setup, &package].map(|name| folder.join(name)) {
        println!("   {}: {}", file.display(), megabytes(&file)?);
    }
    Ok(())
}

/// Installs the package in Wine, runs what was installed, and removes it again. The other installer cannot be tried: its first
/// part is a 32-bit program, as of every NSIS.
fn install_and_remove(toolchain: &Toolchain, package: &Path) -> Outcome {
    let installed = toolchain.drive().join("Program Files/Outpost/outpost-center.exe");
    let mut install = toolchain.wine("msiexec");
    steps::step("install the MSI under Wine", install.arg("/i").arg(package).arg("/qn"))?;
    steps::run(toolchain.wine(&installed).arg("--version"))?;
    steps::run(toolchain.wine("msiexec").arg("/x").arg(package).arg("/qn"))?;
    if installed.exists() { Err("removing the program leaves it there".into()) } else { Ok(()) }
}

/// Fails when a program wants a library of the compiler's, which no Windows has.
fn needs_windows_alone(program: &Path) -> Outcome {
    let told = Command::new("x86_64-w64-mingw32-objdump").arg("-p").arg(program).output()?;
    let told = String::from_utf8_lossy(&told.stdout);
    let foreign = foreign(&told);
    if foreign.is_empty() { Ok(()) } else { Err(format!("{} wants {}", program.display(), foreign.join(", ")).into()) }
}

/// The compiler's libraries among those that `objdump` tells of.
fn foreign(told: &str) -> Vec<&str> {
    let wanted = told.lines().filter_map(|line| line.trim().strip_prefix("DLL Name: "));
    wanted.filter(|name| name.starts_with("lib")).collect()
}

/// The loader for 64-bit Windows, where cargo unpacked its crate.
fn loader() -> Outcome<PathBuf> {
    let told =
        steps::cargo(["metadata", "--format-version", "1", "--offline", "--filter-platform", TRIPLE]).output()?;
    loader_of(&String::from_utf8_lossy(&told.stdout))
}

/// The loader beside its crate's manifest, of which `cargo metadata` tells.
fn loader_of(told: &str) -> Outcome<PathBuf> {
    let manifests = told.split("\"manifest_path\":\"").skip(1).filter_map(|rest| rest.split('"').next());
    let crates = manifests.map(Path::new).filter_map(Path::parent);
    let is_it =
        |folder: &&Path| folder.file_name().is_some_and(|name| name.to_string_lossy().starts_with(LOADER_CRATE));
    let folder = crates.into_iter().find(is_it).ok_or_else(|| format!("cargo knows no {LOADER_CRATE}"))?;
    Ok(folder.join("x64").join(LOADER))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn script(name: &str) -> String {
        fs::read_to_string(scripts().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    #[test]
    fn both_installers_bring_programs_and_loader_and_take_them_away() {
        let (nsis, msi) = (script("outpost.nsi"), script("outpost.wxs"));
        for file in PROGRAMS.into_iter().chain([LOADER]) {
            assert!(nsis.contains(&format!("File \"${{FROM}}/{file}\"")), "{file}");
            assert!(nsis.contains(&format!("Delete \"$INSTDIR\\{file}\"")), "{file} would stay");
            assert!(msi.contains(&format!("Source=\"{file}\"")), "{file}");
        }
        // What is installed is what is listed: nothing comes along unnoticed.
        assert_eq!(nsis.matches("File \"$").count() - nsis.matches("OutFile \"$").count(), PROGRAMS.len() + 1);
        assert_eq!(msi.matches(" Source=\"").count(), PROGRAMS.len() + 1);
    }

    #[test]
    fn an_installer_never_removes_vaults_and_fetches_nothing() {
        let nsis = script("outpost.nsi");
        let uninstall = nsis.split("Section Uninstall").nth(1).expect("a part that removes");
        assert!(!uninstall.contains("RMDir /r") && !uninstall.contains("APPDATA"), "{uninstall}");
        for fetches in ["NSISdl", "inetc", "NScurl", "http://", "https://"] {
            assert!(!nsis.contains(fetches), "{fetches}");
        }
    }

    #[test]
    fn versions_are_given_and_the_upgrade_code_stays_for_ever() {
        let (nsis, msi) = (script("outpost.nsi"), script("outpost.wxs"));
        assert!(msi.contains("Version=\"$(var.Version)\"") && nsis.contains("${VERSION}"));
        assert!(!msi.contains(env!("CARGO_PKG_VERSION")) && !nsis.contains(env!("CARGO_PKG_VERSION")));
        // By it a newer installer finds the older program: with another there would be two.
        assert!(msi.contains("UpgradeCode=\"8b0f7a1e-6a0b-4d0c-9a53-0f8a5c1d7e11\""));
        assert!(msi.contains("<MajorUpgrade DowngradeErrorMessage="));
    }

    #[test]
    fn a_library_of_the_compiler_is_foreign_to_windows() {
        let told = "\tDLL Name: KERNEL32.dll\n\tDLL Name: libgcc_s_seh-1.dll\n\tvma: libx\n\tDLL Name: msvcrt.dll\n\
            \tDLL Name: libwinpthread-1.dll\n";
        assert_eq!(foreign(told), ["libgcc_s_seh-1.dll", "libwinpthread-1.dll"]);
        assert!(foreign("\tDLL Name: WebView2Loader.dll\n\tDLL Name: imagehlp-lib.dll\n").is_empty());
    }

    #[test]
    fn the_loader_lies_in_its_crate() {
        let told = r#"{"packages":[{"name":"webview2-com","manifest_path":"/r/webview2-com-0.38.0/Cargo.toml"},
            {"name":"webview2-com-sys","manifest_path":"/r/webview2-com-sys-0.38.0/Cargo.toml"}]}"#;
        let loader = loader_of(told).expect("a loader");
        assert_eq!(loader, Path::new("/r/webview2-com-sys-0.38.0/x64/WebView2Loader.dll"));
        let nobody = loader_of(&told.replace("com-sys-0", "com-more-0")).expect_err("none").to_string();
        assert_eq!(nobody, "cargo knows no webview2-com-sys");
    }
}
