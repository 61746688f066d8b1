//! Signing in, locking, and what was noticed about the vault itself.

use screens::contract::requests;
use screens::messages::{IntegrityView, SessionView};
use tauri::State;

use crate::answer::{Answer, Asked};
use crate::worker::Worker;

#[tauri::command]
pub async fn unlock(worker: State<'_, Worker>, request: Asked<requests::Unlock>) -> Answer<SessionView> {
    let requests::Unlock { vault, user, password } = request.0;
    let password = site::Zeroizing::new(password);
    let session = worker.run(move |computer, now| computer.unlock(&vault, &user, &password, now)).await?;
    worker.set_open(Some(session.lock_after_minutes));
    Ok(session)
}

#[tauri::command]
pub async fn lock(worker: State<'_, Worker>) -> Answer<()> {
    worker.set_open(None);
    worker.run(|computer, now| computer.lock(now)).await
}

#[tauri::command]
pub fn touch(worker: State<'_, Worker>) {
    worker.touch();
}

#[tauri::command]
pub async fn integrity(worker: State<'_, Worker>) -> Answer<IntegrityView> {
    worker.run_background(|session| session.integrity()).await
}
