//! Locks the vault when nobody is there: after idle minutes, and after the machine has slept. Runs on a thread of its
//! own, so that it holds even when the web view hangs.

use std::time::Duration;

use screens::contract::Event;
use screens::messages::{Idle, LockReason, Locked};
use tauri::{AppHandle, Emitter, Manager, Runtime};

use crate::worker::{Worker, now};

/// How often the watch looks.
const LOOK: Duration = Duration::from_secs(1);
/// A look that comes this much late means that the machine slept.
const SLEPT_MS: u64 = 30_000;
/// How long before locking the window is warned.
const WARNING_SECONDS: u64 = 60;
/// How long a window may show what it showed before it is loaded anew.
const GRACE: Duration = Duration::from_secs(2);

/// Starts the watch.
pub fn start<R: Runtime>(app: AppHandle<R>) {
    std::thread::spawn(move || {
        let mut last = now().at_ms;
        loop {
            std::thread::sleep(LOOK);
            let at = now().at_ms;
            let slept = at.saturating_sub(last) > SLEPT_MS;
            last = at;
            let Some(worker) = app.try_state::<Worker>() else { return };
            look(&app, &worker, slept);
        }
    });
}

fn look<R: Runtime>(app: &AppHandle<R>, worker: &Worker, slept: bool) {
    let Some(limit) = worker.lock_after_seconds() else { return };
    let idle = worker.idle_ms() / 1000;
    if slept || idle >= limit {
        lock(app, worker, if slept { LockReason::Sleep } else { LockReason::Idle });
    } else if limit - idle <= WARNING_SECONDS {
        // Listening is the window's affair; the lock comes all the same.
        let _ = app.emit(Idle::NAME, Idle { seconds_left: limit - idle });
    }
}

fn lock<R: Runtime>(app: &AppHandle<R>, worker: &Worker, why: LockReason) {
    let told = app.clone();
    let sent = worker.send(Box::new(move |desk| {
        // The vault is locked even when its checkpoint could not be written; the next unlock says so.
        let _ = desk.lock(now());
        let _ = told.emit(Locked::NAME, Locked { why });
        reload_when_stuck(told);
    }));
    if sent.is_ok() {
        worker.set_open(None);
    }
}

/// A web view that hangs would go on showing a subject: it is loaded anew unless it asks for the first screen in time.
fn reload_when_stuck<R: Runtime>(app: AppHandle<R>) {
    std::thread::spawn(move || {
        let before = app.state::<Worker>().starts();
        std::thread::sleep(GRACE);
        if app.state::<Worker>().starts() == before
            && let Some(window) = app.get_webview_window("main")
        {
            let _ = window.reload();
        }
    });
}
