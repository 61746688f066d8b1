//! Signing in, locking, and what was noticed about the vault itself.

use screens::messages::{IntegrityView, SessionView};
use tauri::State;

use crate::answer::Answer;
use crate::worker::Worker;

/// Signs somebody in.
#[tauri::command]
pub async fn unlock(worker: State<'_, Worker>, vault: String, user: String, password: String) -> Answer<SessionView> {
    let password = site::Zeroizing::new(password);
    let session = worker.ask(move |desk, now| desk.unlock(&vault, &user, &password, now)).await?;
    worker.set_open(Some(session.lock_after_minutes));
    Ok(session)
}

/// Locks the vault.
#[tauri::command]
pub async fn lock(worker: State<'_, Worker>) -> Answer<()> {
    worker.set_open(None);
    worker.ask(|desk, now| desk.lock(now)).await
}

/// Notes that a person is there.
#[tauri::command]
pub fn touch(worker: State<'_, Worker>) {
    worker.touch();
}

/// How far the verification in the background has come, and what it found.
#[tauri::command]
pub async fn integrity(worker: State<'_, Worker>) -> Answer<IntegrityView> {
    worker.unnoticed(|seat| seat.integrity()).await
}
