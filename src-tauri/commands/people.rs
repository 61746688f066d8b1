//! Accounts and the device.

use screens::messages::{PeopleView, Role};
use site::Zeroizing;
use tauri::State;

use crate::answer::Answer;
use crate::worker::Worker;

/// Accounts and the device's fingerprint.
#[tauri::command]
pub async fn people_view(worker: State<'_, Worker>) -> Answer<PeopleView> {
    worker.seated(|seat| seat.people_view()).await
}

/// Adds an account.
#[tauri::command]
pub async fn user_add(
    worker: State<'_, Worker>,
    user: String,
    name: String,
    role: Role,
    password: String,
) -> Answer<PeopleView> {
    let account = site::NewAccount::new(&user, &name, password);
    worker.seated(move |seat| seat.user_add(&account, role)).await
}

/// Closes an account for good.
#[tauri::command]
pub async fn user_close(worker: State<'_, Worker>, user: String) -> Answer<PeopleView> {
    worker.seated(move |seat| seat.user_close(&user)).await
}

/// Changes the password of whoever is signed in.
#[tauri::command]
pub async fn change_password(worker: State<'_, Worker>, old: String, new: String) -> Answer<()> {
    let (old, new) = (Zeroizing::new(old), Zeroizing::new(new));
    worker.seated(move |seat| seat.change_password(&old, &new)).await
}
