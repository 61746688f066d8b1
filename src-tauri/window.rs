//! The one window: its folders, what it loads, what it may never load, and that it forgets what it showed.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use clock::ClockError;
use screens::contract::Event;
use screens::messages::{LockReason, Locked};
use site::Home;
use tauri::webview::NewWindowResponse;
use tauri::{AppHandle, Emitter, Manager, Runtime, Url, WebviewWindowBuilder};
use tauri_plugin_dialog::{DialogExt, MessageDialogKind};
use tokio::time::sleep;

/// How long a window may show what it showed before it is loaded anew.
const GRACE: Duration = Duration::from_secs(2);

/// How often the window asked for the first screen: its sign that it let go of what it showed.
#[derive(Default)]
pub struct Starts(AtomicU64);

impl Starts {
    /// Notes that it asked.
    pub fn count(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    fn so_far(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Tells the window that the vault was locked. A web view that hangs would go on showing a subject: it is loaded anew unless
/// it asks for the first screen in time.
pub fn forget<R: Runtime>(app: &AppHandle<R>, why: LockReason) {
    let starts = app.state::<Starts>().so_far();
    // A window that does not listen is loaded anew.
    let _ = app.emit(Locked::NAME, Locked { why });
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        sleep(GRACE).await;
        let heard = app.state::<Starts>().so_far() != starts;
        if let (false, Some(window)) = (heard, app.get_webview_window("main")) {
            let _ = window.reload();
        }
    });
}

/// The data folder of this computer.
pub fn home<R: Runtime>(app: &AppHandle<R>) -> tauri::Result<Home> {
    match given_home() {
        Some(folder) => Ok(Home { config: folder.join("config"), data: folder }),
        None => Ok(Home { data: app.path().app_local_data_dir()?, config: app.path().app_config_dir()? }),
    }
}

/// The folder of the program's own log.
pub fn logs<R: Runtime>(app: &AppHandle<R>) -> tauri::Result<PathBuf> {
    match given_home() {
        Some(folder) => Ok(folder.join("logs")),
        None => app.path().app_log_dir(),
    }
}

/// The folder that tests and trainers give to hold everything.
fn given_home() -> Option<PathBuf> {
    std::env::var_os("OUTPOST_HOME").filter(|folder| !folder.is_empty()).map(PathBuf::from)
}

/// The port of `devUrl`.
const DEV_PORT: u16 = 1420;

/// Opens the window.
pub fn open<R: Runtime>(app: &AppHandle<R>) -> tauri::Result<()> {
    let Some(config) = app.config().app.windows.first().cloned() else {
        return Err(tauri::Error::WindowNotFound);
    };
    // What a web view keeps of a session would lie in the clear, so it keeps nothing. A driven window needs the shared
    // context, which WebKit gives to ordinary sessions only.
    let driven = std::env::var("TAURI_WEBVIEW_AUTOMATION").is_ok_and(|value| value == "true");
    WebviewWindowBuilder::from_config(app, &config)?
        .incognito(!driven)
        .devtools(cfg!(debug_assertions))
        .on_navigation(own)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .build()?;
    Ok(())
}

/// Says why the program cannot work on this computer, in the languages of its people, and ends it when that was read.
pub fn refuse<R: Runtime>(app: &AppHandle<R>, error: &ClockError) {
    let text = format!(
        "{error}\n\n本机的日期和时间或时区未正确设置。请在系统设置中设置日期、时间和时区，然后重新启动 Outpost。"
    );
    eprintln!("Outpost could not start: {error}");
    let handle = app.clone();
    let dialog = app.dialog().message(text).title("Outpost").kind(MessageDialogKind::Error);
    dialog.show(move |_| handle.exit(1));
}

/// Whether an address is the program's own page.
fn own(url: &Url) -> bool {
    match url.scheme() {
        "tauri" => true,
        // Windows serves the program's own scheme under this name; nothing leaves the computer.
        "http" | "https" if url.host_str() == Some("tauri.localhost") => true,
        // Vite's server, while the UI is being written: never in a program that carries its UI.
        "http" => tauri::is_dev() && url.host_str() == Some("127.0.0.1") && url.port() == Some(DEV_PORT),
        "about" => url.path() == "blank",
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::own;

    #[test]
    fn nothing_remote_is_ever_loaded() {
        for (address, allowed) in [
            ("tauri://localhost/", true),
            ("http://tauri.localhost/index.html", true),
            ("about:blank", true),
            ("https://example.org/", false),
            ("http://127.0.0.1:8470/", false),
            ("file:///etc/passwd", false),
            ("data:text/html,x", false),
            ("javascript:alert(1)", false),
            ("http://tauri.localhost.example.org/", false),
        ] {
            assert_eq!(own(&address.parse().expect("a URL")), allowed, "{address}");
        }
    }
}
