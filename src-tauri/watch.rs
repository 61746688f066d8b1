//! Locks the vault when nobody is there: after idle minutes, and after the machine has slept. Runs as a task of its own
//! on the shell's runtime, so that it holds even when the web view hangs.

use std::time::Duration;

use screens::contract::Event;
use screens::messages::{Idle, LockReason, Locked};
use tauri::{AppHandle, Emitter, Manager, Runtime};
use tokio::time::sleep;

use crate::log::noted;
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
    tauri::async_runtime::spawn(async move {
        while let Some(worker) = app.try_state::<Worker>() {
            let before = now().at_ms;
            sleep(LOOK).await;
            let slept = now().at_ms.saturating_sub(before) > SLEPT_MS;
            look(&app, &worker, slept).await;
        }
    });
}

async fn look<R: Runtime>(app: &AppHandle<R>, worker: &Worker, slept: bool) {
    let Some(limit) = worker.lock_after_seconds() else { return };
    let idle = worker.idle_ms() / 1000;
    if slept {
        lock(app, worker, "lock_after_sleep", LockReason::Sleep).await;
    } else if idle >= limit {
        lock(app, worker, "lock_when_idle", LockReason::Idle).await;
    } else if limit - idle <= WARNING_SECONDS {
        // Listening is the window's affair; the lock comes all the same.
        let _ = app.emit(Idle::NAME, Idle { seconds_left: limit - idle });
    }
}

async fn lock<R: Runtime>(app: &AppHandle<R>, worker: &Worker, name: &str, why: LockReason) {
    let (told, starts) = (app.clone(), worker.starts());
    worker.set_open(None);
    let locked = worker.run(move |computer, now| {
        let locked = computer.lock(now);
        // Told before anybody can sign in again, who would take it for their own lock.
        let _ = told.emit(Locked::NAME, Locked { why });
        locked
    });
    // The vault is locked even when its checkpoint could not be written; the next unlock says so.
    let _ = noted(name, locked).await;
    reload_when_stuck(app, worker, starts).await;
}

/// A web view that hangs would go on showing a subject: it is loaded anew unless it asks for the first screen in time.
async fn reload_when_stuck<R: Runtime>(app: &AppHandle<R>, worker: &Worker, starts: u64) {
    sleep(GRACE).await;
    if worker.starts() == starts
        && let Some(window) = app.get_webview_window("main")
    {
        let _ = window.reload();
    }
}
