//! `cargo xtask package --check`: installs what was made in an empty Debian of this machine's release, with what it depends
//! on and nothing else, and works with it there.
//!
//! The empty Debian and all packages stay in `target/debroot`, so that a second run downloads only what is newer.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use xtask::debian::{Debian, HOME, PERSON};

use super::place::{COMMIT, commit, files, folder, remove};
use crate::machine::{self, Purpose};
use crate::steps::{self, Outcome, cargo, root, target};

/// What drives and shows the window; the app must not need it.
const TO_DRIVE: [&str; 2] = ["xvfb", "webkit2gtk-driver"];
/// The app as the package installs it.
const APP: &str = "/usr/bin/outpost";

/// Tries every package, or says in a word why none is tried.
pub fn check() -> Outcome {
    let skipped = |why: &str| -> Outcome {
        println!("── check of the packages: skipped, {why}");
        Ok(())
    };
    let Some(packages) = Packages::find(&folder()) else {
        return skipped("there are none in target/packages (`cargo xtask package` makes them)");
    };
    if !steps::output(Command::new("id").arg("--user")).is_ok_and(|id| id.trim() == "0") {
        return skipped("it needs root, to make a Debian of its own");
    }
    let began = Instant::now();
    println!("── packages of {}", fs::read_to_string(folder().join(COMMIT))?);
    println!("   the work tree is at {}", commit()?);
    machine::install_system_packages(Purpose::Packages)?;
    let driver = ["build", "--package", "outpost-tests", "--bin", "installed"];
    steps::step("build what drives the window", &mut cargo(driver))?;
    let place = target().join("debroot");
    let debian = empty_debian(&place)?;
    install(&debian, &packages.deb)?;
    steps::step(
        "start the app there and sign in",
        Command::new(target().join("debug/installed")).arg(&place).current_dir(root()),
    )?;
    remove_again(&debian)?;
    read_rpm(&debian, &packages.rpm)?;
    unpack_center(&debian, &packages.center)?;
    // It would be made anew, and is large; after a failure it stays to be looked at.
    remove(debian.root())?;
    println!("\n{:.0} s in all", began.elapsed().as_secs_f64());
    Ok(())
}

/// What an earlier run has made.
struct Packages {
    deb: PathBuf,
    rpm: PathBuf,
    center: PathBuf,
}

impl Packages {
    fn find(folder: &Path) -> Option<Self> {
        let all = files(folder).ok()?;
        let one = |ending: &str| all.iter().find(|file| file.extension() == Some(OsStr::new(ending))).cloned();
        Some(Self { deb: one("deb")?, rpm: one("rpm")?, center: one("gz")? })
    }
}

/// A Debian as it is before anything is installed: copied from one that is made once.
fn empty_debian(place: &Path) -> Outcome<Debian> {
    let base = place.join("base");
    fs::create_dir_all(place.join("debs"))?;
    let sources = sources()?;
    if !base.exists() {
        let half = place.join("base.part");
        remove(&half)?;
        let mut make = Command::new("debootstrap");
        make.arg("--variant=minbase").arg(format!("--cache-dir={}", place.join("debs").display()));
        steps::step("make an empty Debian", make.arg(&sources.release).arg(&half).arg(&sources.mirror))?;
        fs::rename(half, &base)?;
    }
    let debian = Debian::at(place);
    remove(debian.root())?;
    steps::run(Command::new("cp").arg("--archive").arg(&base).arg(debian.root()))?;
    fs::write(debian.path("/etc/apt/sources.list"), &sources.list)?;
    for file in ["/etc/resolv.conf", "/etc/hosts"] {
        fs::copy(file, debian.path(file))?;
    }
    // Services are not started there: they would run on this machine.
    let policy = debian.path("/usr/sbin/policy-rc.d");
    fs::write(&policy, "#!/bin/sh\nexit 101\n")?;
    steps::run(Command::new("chmod").arg("+x").arg(policy))?;
    steps::run(debian.command("useradd").args(["--create-home", "--home-dir", HOME, PERSON]))?;
    Ok(debian)
}

/// Where this machine's own packages come from.
struct Sources {
    release: String,
    mirror: String,
    list: String,
}

/// Asks apt, which knows every way to write sources down. Only Debian's own are taken, with their updates.
fn sources() -> Outcome<Sources> {
    let system = fs::read_to_string("/etc/os-release")?;
    let release = system.lines().find_map(|line| line.strip_prefix("VERSION_CODENAME="));
    let release = release.ok_or("this system has no release's name; the check needs Debian")?.to_owned();
    let format = ["indextargets", "--format", "$(REPO_URI) $(RELEASE) $(COMPONENT)", "Identifier: Packages"];
    let told = steps::output(Command::new("apt-get").args(format))?;
    read_sources(&told, release)
}

fn read_sources(told: &str, release: String) -> Outcome<Sources> {
    let own = [release.clone(), format!("{release}-updates"), format!("{release}-security")];
    let words = told.lines().map(|line| line.split(' ').collect::<Vec<_>>());
    let main: Vec<_> = words.filter(|words| own.iter().any(|own| words[1..] == [own.as_str(), "main"])).collect();
    let mirror = main.iter().find(|words| words[1] == release).map(|words| words[0].to_owned());
    let mirror = mirror.ok_or_else(|| format!("apt knows no source of {release} main"))?;
    let list = main.iter().map(|words| format!("deb {}\n", words.join(" "))).collect();
    Ok(Sources { release, mirror, list })
}

/// Installs the package as a person does, and sees that it asked for everything that the app needs.
fn install(debian: &Debian, deb: &Path) -> Outcome {
    let name = deb.file_name().unwrap_or_default().to_string_lossy();
    fs::copy(deb, debian.path("/tmp").join(&*name))?;
    steps::run(debian.command("apt-get").args(["update", "-qq"]))?;
    steps::step("install the .deb with what it depends on", apt_install(debian).arg(format!("/tmp/{name}")))?;
    let needs = steps::output(debian.command("ldd").arg(APP))?;
    let missing = not_found(&needs);
    if !missing.is_empty() {
        return Err(format!("the package does not ask for what the app needs:\n{}", missing.join("\n")).into());
    }
    steps::step("install what drives the window", apt_install(debian).args(TO_DRIVE))
}

/// The libraries that `ldd` looked for in vain.
fn not_found(told: &str) -> Vec<&str> {
    told.lines().filter(|line| line.contains("not found")).collect()
}

/// Without what packages only recommend: what the app needs must be said.
fn apt_install(debian: &Debian) -> Command {
    let mut command = debian.command("apt-get");
    command.args(["install", "-y", "-qq", "--no-install-recommends", "-o", "Dpkg::Use-Pty=0"]);
    // It names each of some two hundred packages four times; what goes wrong it says elsewhere.
    command.stdout(Stdio::null());
    command
}

/// Removes the package; what people have entered stays.
fn remove_again(debian: &Debian) -> Outcome {
    let vaults = |word| {
        let is_there = debian.path(HOME).join("practice/vault").exists();
        if is_there { Ok(()) } else { Err(format!("there is no vault {word} the app was removed")) }
    };
    vaults("before")?;
    let mut purge = debian.command("apt-get");
    purge.stdout(Stdio::null());
    steps::step("remove the .deb", purge.args(["purge", "-y", "-qq", "-o", "Dpkg::Use-Pty=0", "outpost"]))?;
    if debian.path(APP).exists() {
        return Err("removing the package leaves the app there".into());
    }
    Ok(vaults("after")?)
}

/// No Fedora can be made from Debian's packages: rpm itself reads the package, and what it asks for.
fn read_rpm(debian: &Debian, package: &Path) -> Outcome {
    fs::copy(package, debian.path("/tmp/outpost.rpm"))?;
    steps::step("install rpm", apt_install(debian).arg("rpm"))?;
    let rpm = |arguments: &[&str]| steps::output(debian.command("rpm").args(arguments).arg("/tmp/outpost.rpm"));
    println!("   {}", rpm(&["--checksig", "--nosignature"])?.trim());
    let (holds, needs) = (rpm(&["--query", "--list", "--package"])?, rpm(&["--query", "--requires", "--package"])?);
    if is_whole(&holds, &needs) { Ok(()) } else { Err(format!("the .rpm holds\n{holds}and asks for\n{needs}").into()) }
}

/// Whether a list of files has the app, and a list of needs what draws its window.
fn is_whole(holds: &str, needs: &str) -> bool {
    holds.lines().any(|file| file == APP) && needs.contains("webkit2gtk")
}

/// Unpacks the tarball where an administrator would; the program answers, and bash reads its completions.
fn unpack_center(debian: &Debian, tarball: &Path) -> Outcome {
    let unpack = ["--strip-components=1", "--extract", "--file"];
    steps::run(Command::new("tar").arg("--directory").arg(debian.path("/usr/local")).args(unpack).arg(tarball))?;
    let said = steps::output(debian.command_of_person("outpost-center").arg("--version"))?;
    println!("   {}", said.trim());
    let completions = "/usr/local/share/bash-completion/completions/outpost-center";
    let try_it = format!("source {completions} && complete -p outpost-center");
    steps::run(debian.command_of_person("bash").args(["--norc", "-c", &try_it]))?;
    let page = debian.path("/usr/local/share/man/man1/outpost-center.1");
    if page.exists() { Ok(()) } else { Err("the tarball holds no manual".into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_debians_own_sources_are_taken() {
        let told = "http://a/debian/ bookworm main\nhttp://a/debian/ bookworm contrib\nhttp://b/ bookworm-pgdg main\n\
            http://a/debian-security/ bookworm-security main\nhttp://c/ nodistro main\n";
        let sources = read_sources(told, "bookworm".into()).expect("sources");
        assert_eq!(sources.mirror, "http://a/debian/");
        let list = "deb http://a/debian/ bookworm main\ndeb http://a/debian-security/ bookworm-security main\n";
        assert_eq!(sources.list, list);
        let nobody = read_sources(told, "trixie".into()).map(|_| ()).expect_err("none");
        assert_eq!(nobody.to_string(), "apt knows no source of trixie main");
        assert!(read_sources("", "bookworm".into()).is_err());
        let only_updates = "http://a/debian/ bookworm-updates main\n";
        assert!(read_sources(only_updates, "bookworm".into()).is_err(), "updates alone are no Debian");
    }

    #[test]
    fn all_three_packages_or_none_are_tried() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(Packages::find(&folder.path().join("gone")).is_none());
        let names =
            ["Outpost_0.1.0_amd64.deb", "Outpost-0.1.0-1.x86_64.rpm", "outpost-center-0.1.0-x86_64-linux.tar.gz"];
        names.iter().for_each(|name| fs::write(folder.path().join(name), "").expect("a file"));
        fs::write(folder.path().join(COMMIT), "0123456789ab").expect("a file");
        let packages = Packages::find(folder.path()).expect("all");
        let found = [&packages.deb, &packages.rpm, &packages.center].map(|file| file.file_name());
        assert_eq!(found, names.map(|name| Some(OsStr::new(name))));
        for name in names {
            fs::remove_file(folder.path().join(name)).expect("it goes");
            assert!(Packages::find(folder.path()).is_none(), "{name} is missing");
            fs::write(folder.path().join(name), "").expect("it is back");
        }
    }

    #[test]
    fn a_library_that_no_package_brought_is_named() {
        let whole =
            "\tlibgtk-3.so.0 => /lib/x86_64-linux-gnu/libgtk-3.so.0 (0x00007f)\n\t/lib64/ld-linux-x86-64.so.2\n";
        assert!(not_found(whole).is_empty());
        let lacks = format!("{whole}\tlibwebkit2gtk-4.1.so.0 => not found\n");
        assert_eq!(not_found(&lacks), ["\tlibwebkit2gtk-4.1.so.0 => not found"]);
    }

    #[test]
    fn an_rpm_holds_the_app_and_asks_for_its_window() {
        let (holds, needs) = ("/usr/bin/outpost\n/usr/share/doc/outpost/LICENSE-MIT\n", "gtk3\nwebkit2gtk4.1\n");
        assert!(is_whole(holds, needs));
        assert!(!is_whole(holds, "gtk3\n"));
        assert!(!is_whole("/usr/bin/outpost-center\n/opt/usr/bin/outpost\n", needs));
    }
}
