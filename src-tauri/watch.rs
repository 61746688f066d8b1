//! Locks the vault when nobody is there: after idle minutes, and after the machine has slept. Runs as a task of its own
//! on the shell's runtime, so that it holds even when the web view hangs.

use std::pin::pin;
use std::time::Duration;

use screens::contract::Event;
use screens::messages::{self, LockReason};
use tauri::{AppHandle, Emitter, Manager, Runtime};
use tokio::time::{sleep, timeout};

use crate::log::noted;
use crate::presence::{Idle, has_slept};
use crate::window;
use crate::worker::Worker;

/// How often the watch looks.
const LOOK: Duration = Duration::from_secs(1);
/// How long the window goes on showing what it shows while an act under way holds up the lock.
const PATIENCE: Duration = Duration::from_secs(2);

/// Starts the watch. Each look is a task of its own, so that one that panics is not the last.
pub fn start<R: Runtime>(app: AppHandle<R>) {
    tauri::async_runtime::spawn(async move {
        loop {
            let before = clock::steady();
            sleep(LOOK).await;
            let slept = has_slept(before, clock::steady());
            let _ = tauri::async_runtime::spawn(look(app.clone(), slept)).await;
        }
    });
}

async fn look<R: Runtime>(app: AppHandle<R>, slept: bool) {
    let worker = app.state::<Worker>();
    match worker.idle() {
        Idle::Locked => {}
        _ if slept => lock(&app, &worker, "lock_after_sleep", LockReason::Sleep).await,
        Idle::Gone => lock(&app, &worker, "lock_when_idle", LockReason::Idle).await,
        Idle::Leaving { seconds_left } => {
            // Listening is the window's affair; the lock comes all the same.
            let _ = app.emit(messages::Idle::NAME, messages::Idle { seconds_left });
        }
        Idle::Here => {}
    }
}

async fn lock<R: Runtime>(app: &AppHandle<R>, worker: &Worker, name: &str, why: LockReason) {
    // Long work would hold up the lock until its end.
    worker.cancel();
    let told = app.clone();
    let locked = worker.run(move |computer, now| {
        let locked = computer.lock(now);
        // Told before anybody can sign in again, who would take it for their own lock.
        window::forget(&told, why);
        locked
    });
    // The vault is locked even when its checkpoint could not be written; the log says so.
    let mut locked = pin!(noted(name, locked));
    if timeout(PATIENCE, &mut locked).await.is_err() {
        // An act hangs. What the window shows need not wait for it.
        window::forget(app, why);
        let _ = locked.await;
    }
}
