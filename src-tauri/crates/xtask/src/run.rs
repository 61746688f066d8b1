//! `cargo xtask run`: the app on its practice site. `cargo xtask dev`: the same with the UI as it is being written.

use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::machine::{self, Purpose};
use crate::steps::{self, Outcome, cargo, npm, root, target};

/// Where Vite serves the UI while it is being written; `tauri.conf.json` names it, too.
const DEV_SERVER: &str = "127.0.0.1:1420";
/// How long Vite may take to answer.
const DEV_SERVER_PATIENCE: Duration = Duration::from_secs(60);

/// Opens the app, or walks the main job where nobody can look at it.
pub fn run(walk: bool) -> Outcome {
    let walk = walk || !machine::has_display();
    if walk {
        println!("no display: the main job will be walked in the real window on a virtual one");
    }
    machine::install_system_packages(if walk { Purpose::Test } else { Purpose::Build })?;
    build_ui()?;
    // All that is run below, in one go: what they share is compiled once.
    let own = if walk { "outpost-tests" } else { "xtask" };
    let packages = ["build", "--package", "outpost", "--package", "outpost-center", "--package", own, "--bins"];
    let features: &[&str] = if walk { &[] } else { &["--features", "xtask/rooms"] };
    steps::step("build the programs", cargo(packages).args(features))?;
    if walk { walk_main_job() } else { open_practice_site(&program("outpost")) }
}

/// Opens the app on its practice site with the UI served by Vite: a change of the UI shows at once. A change of the Rust
/// wants the app closed and this command again.
pub fn dev() -> Outcome {
    machine::install_system_packages(Purpose::Build)?;
    machine::install_ui_packages()?;
    let server = Server::start()?;
    let build = ["build", "--package", "outpost", "--package", "xtask", "--features", "xtask/rooms", "--bins"];
    // Without the feature `custom-protocol` the window loads `devUrl`.
    steps::step("build the app", cargo(build).arg("--no-default-features"))?;
    let opened = open_practice_site(&program("outpost"));
    drop(server);
    opened
}

/// Everything that tests of the real window need of the UI.
pub fn build_ui() -> Outcome {
    machine::install_ui_packages()?;
    steps::step("build the UI", &mut npm(["run", "--silent", "build"]))
}

/// Vite's server, which ends with this value.
struct Server(Child);

impl Server {
    fn start() -> Outcome<Self> {
        println!("── serve the UI at http://{DEV_SERVER}");
        let server = Self(npm(["run", "--silent", "dev", "--", "--host", "127.0.0.1"]).stdin(Stdio::null()).spawn()?);
        let begun = Instant::now();
        while TcpStream::connect(DEV_SERVER).is_err() {
            if begun.elapsed() > DEV_SERVER_PATIENCE {
                return Err(format!("nothing answers at {DEV_SERVER}; see Vite's words above").into());
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A program that was just built.
fn program(name: &str) -> PathBuf {
    target().join("debug").join(if cfg!(windows) { format!("{name}.exe") } else { name.to_owned() })
}

fn walk_main_job() -> Outcome {
    let out = target().join("walk");
    if out.exists() {
        std::fs::remove_dir_all(&out)?;
    }
    steps::step("walk the main job", Command::new(program("walk")).arg(&out).current_dir(root()))
}

/// The practice site stays where it is between runs, so that what was entered is there the next time.
fn open_practice_site(app: &PathBuf) -> Outcome {
    let home = target().join("practice-site");
    if !home.join("vault").exists() {
        let practice = ["practice", "--subjects", "6", "--out"];
        steps::step(
            "make the practice site",
            Command::new(program("xtask")).args(practice).arg(&home).current_dir(root()),
        )?;
    }
    println!("practice site: {}", home.display());
    println!("sign in as  : {}", std::fs::read_to_string(home.join("password.txt"))?.replace('\n', "  "));
    steps::run(Command::new(app).env("OUTPOST_HOME", &home).current_dir(root()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn project(file: &str) -> String {
        std::fs::read_to_string(root().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
    }

    #[test]
    fn window_policy_and_vite_name_the_same_server() {
        let config = project("tauri.conf.json");
        assert!(config.contains(&format!("\"devUrl\": \"http://{DEV_SERVER}\"")));
        assert!(config.contains(&format!("ws://{DEV_SERVER}\"")), "what changes comes through its socket");
        let (host, port) = DEV_SERVER.split_once(':').expect("host and port");
        assert!(config.contains(&format!("--host {host}\"")));
        // Another port than this would be looked for in vain.
        assert!(project("ui/vite.config.ts").contains(&format!("port: {port}, strictPort: true")));
    }

    #[test]
    fn a_program_lies_where_cargo_builds_it() {
        let program = program("outpost");
        assert!(program.starts_with(target().join("debug")));
        assert_eq!(program.file_stem(), Some("outpost".as_ref()));
        assert_eq!(program.extension().is_some(), cfg!(windows));
    }

    #[test]
    #[cfg(unix)]
    fn a_server_ends_with_its_value() {
        // It stands for Vite, which never ends by itself.
        let mut server = Server(Command::new("sleep").arg("30").spawn().expect("it starts"));
        assert!(server.0.try_wait().expect("it can be asked").is_none());
        let begun = Instant::now();
        drop(server);
        assert!(begun.elapsed() < Duration::from_secs(10), "it was waited for to its own end");
    }
}
