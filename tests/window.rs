//! The real window: a virtual display, WebKit's own driver, and the program under test.
//!
//! Everything here is blocking, so that a journey reads like what a person does.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use xtask::debian::Debian;

/// Keys without a character, as WebDriver names them (W3C WebDriver, section "Keyboard actions").
pub mod key {
    /// Enter.
    pub const ENTER: char = '\u{E007}';
    /// Tab.
    pub const TAB: char = '\u{E004}';
    /// Escape.
    pub const ESCAPE: char = '\u{E00C}';
    /// Control, left.
    pub const CONTROL: char = '\u{E009}';
    /// Shift, left.
    pub const SHIFT: char = '\u{E008}';
    /// Alt, left.
    pub const ALT: char = '\u{E00A}';
    /// Left arrow.
    pub const LEFT: char = '\u{E012}';
    /// Up arrow.
    pub const UP: char = '\u{E013}';
    /// Right arrow.
    pub const RIGHT: char = '\u{E014}';
    /// Down arrow.
    pub const DOWN: char = '\u{E015}';
    /// F4.
    pub const F4: char = '\u{E034}';
    /// F6.
    pub const F6: char = '\u{E036}';
    /// F8.
    pub const F8: char = '\u{E038}';
    /// F12, which the program leaves alone.
    pub const F12: char = '\u{E03C}';
}

/// How long the screen may take, on a slow machine with everything else at work, before a journey gives up.
const PATIENCE: Duration = Duration::from_secs(90);
/// How long a program may take to lock its vault and end.
const ENDING: Duration = Duration::from_secs(60);

/// WebKit's own driver.
const DRIVER: &str = "WebKitWebDriver";

/// What keeps a window from being opened or driven.
pub type Trouble = Box<dyn std::error::Error + Send + Sync>;

/// A virtual display of its own for one window.
struct Display {
    server: Child,
    number: u32,
}

impl Display {
    fn start(opening: &Opening) -> Result<Display, Trouble> {
        let (width, height) = opening.screen;
        let mut server = opening
            .inside
            .as_ref()
            .map_or_else(|| Command::new("Xvfb"), |debian| debian.command("Xvfb"))
            .args(["-displayfd", "1", "-screen", "0", &format!("{width}x{height}x24"), "-nolisten", "tcp"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("Xvfb (package xvfb): {error}"))?;
        let mut line = String::new();
        let pipe = server.stdout.take().ok_or("Xvfb gave no pipe")?;
        BufReader::new(pipe).read_line(&mut line)?;
        let number = line.trim().parse().map_err(|_| "Xvfb did not say its display number")?;
        Ok(Display { server, number })
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// How the program is to be opened.
#[derive(Clone, Debug)]
pub struct Opening {
    /// The program.
    pub program: PathBuf,
    /// Its data folder (`OUTPOST_HOME`).
    pub home: PathBuf,
    /// Size of the screen in pixels.
    pub screen: (u32, u32),
    /// Further environment.
    pub environment: Vec<(String, String)>,
    /// The Debian in which program, folder, display and driver are, where that is not this machine's own.
    pub inside: Option<Debian>,
}

impl Opening {
    /// The built program with `home` as its data folder on a 1280 × 720 screen.
    pub fn at(home: &Path) -> Opening {
        let (home, screen) = (home.to_owned(), (1280, 720));
        Opening { program: program(), home, screen, environment: Vec::new(), inside: None }
    }
}

/// The built desktop program: beside this test's own executable, or where `OUTPOST_PROGRAM` says.
pub fn program() -> PathBuf {
    built("outpost", "OUTPOST_PROGRAM")
}

/// The built `outpost-center`, likewise.
pub fn center_program() -> PathBuf {
    built("outpost-center", "OUTPOST_CENTER_PROGRAM")
}

fn built(name: &str, variable: &str) -> PathBuf {
    if let Some(path) = std::env::var_os(variable) {
        return path.into();
    }
    let own = std::env::current_exe().unwrap_or_default();
    let folder = own.ancestors().find(|folder| folder.join(name).is_file());
    folder.map_or_else(|| PathBuf::from(name), |folder| folder.join(name))
}

/// An open window that can be typed into and looked at.
pub struct Window {
    runtime: Runtime,
    client: Option<Client>,
    driver: Child,
    choices: Choices,
    _display: Display,
}

/// What the person chooses in the dialogs of the system, which no driver reaches: the program under test reads its answers from
/// a file (`OUTPOST_CHOOSES`, in `src-tauri/pick.rs`).
struct Choices {
    file: PathBuf,
}

impl Choices {
    fn of(port: u16) -> Choices {
        Choices { file: std::env::temp_dir().join(format!("outpost-chooses-{}-{port}", std::process::id())) }
    }
}

impl Drop for Choices {
    fn drop(&mut self) {
        // Where nothing was chosen there is none.
        let _ = std::fs::remove_file(&self.file);
    }
}

impl Window {
    /// Opens the program on a display of its own and connects to its window.
    pub fn open(opening: &Opening) -> Result<Window, Trouble> {
        let display = Display::start(opening)?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let choices = Choices::of(port);
        let mut driver = opening
            .inside
            .as_ref()
            .map_or_else(|| Command::new(DRIVER), |debian| debian.command_of_person(DRIVER))
            .arg(format!("--port={port}"))
            .env("DISPLAY", format!(":{}", display.number))
            .env("OUTPOST_HOME", &opening.home)
            .env("OUTPOST_CHOOSES", &choices.file)
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .env("NO_AT_BRIDGE", "1")
            .env("GDK_BACKEND", "x11")
            .env_remove("WAYLAND_DISPLAY")
            .envs(opening.environment.iter().map(|(name, value)| (name, value)))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("WebKitWebDriver (package webkit2gtk-driver): {error}"))?;
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let connected = runtime.block_on(connect(port, &opening.program));
        if connected.is_err() {
            let _ = driver.kill();
            let _ = driver.wait();
        }
        let window = Window { runtime, client: Some(connected?), driver, choices, _display: display };
        // Nothing but the window's own wish keeps it within a screen without a desktop.
        window.runtime.block_on(window.client()?.set_window_size(opening.screen.0, opening.screen.1))?;
        Ok(window)
    }

    /// Process ids of the program itself (not of WebKit's helpers).
    pub fn processes(&self) -> Vec<u32> {
        children_of(self.driver.id())
    }

    /// Runs a script in the page; `arguments` are its `arguments[0]` and so on.
    pub fn run(&self, script: &str, arguments: Vec<Value>) -> Result<Value, Trouble> {
        self.ask(self.client()?.execute(script, arguments))
    }

    /// Types text and keys into whatever has the focus.
    pub fn keys(&self, text: &str) -> Result<(), Trouble> {
        let mut actions = KeyActions::new("keyboard".into());
        for value in text.chars() {
            actions = actions.then(KeyAction::Down { value }).then(KeyAction::Up { value });
        }
        self.ask(self.client()?.perform_actions(actions))
    }

    /// Presses a key while another is held, such as Ctrl+Enter.
    pub fn chord(&self, held: char, pressed: char) -> Result<(), Trouble> {
        let actions = KeyActions::new("keyboard".into())
            .then(KeyAction::Down { value: held })
            .then(KeyAction::Down { value: pressed })
            .then(KeyAction::Up { value: pressed })
            .then(KeyAction::Up { value: held });
        self.ask(self.client()?.perform_actions(actions))
    }

    /// What the person will choose in the next dialog of the system; without it the person turns away from it.
    pub fn will_choose(&self, path: &Path) -> Result<(), Trouble> {
        let mut answers = std::fs::OpenOptions::new().create(true).append(true).open(&self.choices.file)?;
        Ok(writeln!(answers, "{}", path.display())?)
    }

    /// The page as a PNG picture.
    pub fn picture(&self) -> Result<Vec<u8>, Trouble> {
        self.ask(self.client()?.screenshot())
    }

    /// Waits until a script returns something other than null or false, and gives that.
    pub fn wait_for(&self, what: &str, script: &str, arguments: Vec<Value>) -> Result<Value, Trouble> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let seen = self.run(script, arguments.clone())?;
            if !seen.is_null() && seen != Value::Bool(false) {
                return Ok(seen);
            }
            if Instant::now() > deadline {
                let seen = "return [document.activeElement?.closest('[data-cell]')?.dataset.cell ?? document.activeElement?.outerHTML.slice(0, 200), document.body.innerText.slice(0, 600)]";
                let page = self.run(seen, vec![])?;
                return Err(
                    format!("waited {PATIENCE:?} for {what}; the focus, and what the page shows: {page}").into()
                );
            }
            std::thread::sleep(Duration::from_millis(15));
        }
    }

    /// Closes the window as a person would, by ending the program politely.
    pub fn close(mut self) -> Result<(), Trouble> {
        let programs = self.processes();
        let closed = match self.client.take() {
            Some(client) => self.ask(client.close()),
            None => Ok(()),
        };
        // It locks its vault before it ends: whoever opens that vault next must not come before.
        let deadline = Instant::now() + ENDING;
        while Instant::now() < deadline && programs.iter().any(|program| is_running(*program)) {
            std::thread::sleep(Duration::from_millis(15));
        }
        closed
    }

    /// Asks the driver. One that lost its window in the middle of an answer may never give it.
    fn ask<T, E: Into<Trouble>>(&self, question: impl Future<Output = Result<T, E>>) -> Result<T, Trouble> {
        match self.runtime.block_on(async { tokio::time::timeout(PATIENCE, question).await }) {
            Ok(answer) => answer.map_err(Into::into),
            Err(_) => Err(format!("the driver gave no answer in {PATIENCE:?}").into()),
        }
    }

    fn client(&self) -> Result<&Client, Trouble> {
        self.client.as_ref().ok_or_else(|| "the window is closed".into())
    }
}

/// Whether a process is there and has not ended; one that nobody has waited for is a name only.
fn is_running(process: u32) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"));
    status.is_ok_and(|status| !status.contains("State:\tZ"))
}

impl Drop for Window {
    fn drop(&mut self) {
        for process in self.processes() {
            let _ = Command::new("kill").args(["-KILL", &process.to_string()]).stderr(Stdio::null()).status();
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

async fn connect(port: u16, program: &Path) -> Result<Client, Trouble> {
    let mut wanted = serde_json::Map::new();
    wanted.insert("webkitgtk:browserOptions".into(), json!({ "binary": program, "args": [] }));
    let deadline = Instant::now() + PATIENCE;
    let url = format!("http://127.0.0.1:{port}");
    loop {
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(wanted.clone());
        let connected = tokio::time::timeout(PATIENCE, builder.connect(&url)).await;
        match connected.map_err(|_| format!("no window in {PATIENCE:?}"))? {
            Ok(client) => return Ok(client),
            Err(error) if Instant::now() > deadline => return Err(format!("no window: {error}").into()),
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

/// Direct children of a process, read from the kernel's own list.
fn children_of(parent: u32) -> Vec<u32> {
    let mut found = Vec::new();
    for folder in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Ok(process) = folder.file_name().to_string_lossy().parse::<u32>() else { continue };
        let stat = std::fs::read_to_string(folder.path().join("stat")).unwrap_or_default();
        // After the command in parentheses: state, then the parent's id.
        let after = stat.rsplit_once(") ").map_or("", |(_, rest)| rest);
        if after.split(' ').nth(1) == Some(&parent.to_string()) {
            found.push(process);
        }
    }
    found
}
