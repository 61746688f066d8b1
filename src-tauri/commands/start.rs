//! The first screen.

use screens::contract::requests;
use screens::messages::{KitView, StartView};
use site::NewAccount;
use tauri::{Runtime, State, WebviewWindow};

use crate::answer::{Answer, Asked};
use crate::worker::Worker;

#[tauri::command]
pub async fn start_view(worker: State<'_, Worker>) -> Answer<StartView> {
    worker.count_start();
    worker.run(|computer, _| computer.start_view()).await
}

#[tauri::command]
pub async fn set_preferences<R: Runtime>(
    worker: State<'_, Worker>,
    window: WebviewWindow<R>,
    request: Asked<requests::SetPreferences>,
) -> Answer<()> {
    let preferences = request.0.preferences;
    let zoom = preferences.zoom_factor();
    worker.run(move |computer, _| computer.set_preferences(&preferences)).await?;
    // A web view that cannot zoom leaves the page as it is.
    let _ = window.set_zoom(zoom);
    Ok(())
}

#[tauri::command]
pub async fn practise(worker: State<'_, Worker>) -> Answer<StartView> {
    worker.run(practice::practise).await
}

#[tauri::command]
pub async fn kit_look(worker: State<'_, Worker>, request: Asked<requests::KitLook>) -> Answer<KitView> {
    let requests::KitLook { path, passphrase } = request.0;
    worker.run(move |computer, _| computer.kit_look(path.as_ref(), &passphrase)).await
}

#[tauri::command]
pub async fn kit_found(worker: State<'_, Worker>, request: Asked<requests::KitFound>) -> Answer<StartView> {
    let requests::KitFound { path, passphrase, user, name, password } = request.0;
    let account = NewAccount::new(&user, &name, password);
    worker.run(move |computer, now| computer.kit_found(path.as_ref(), &passphrase, &account, now)).await
}
