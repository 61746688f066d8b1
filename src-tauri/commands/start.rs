//! The first screen.

use screens::messages::{KitView, Preferences, StartView};
use tauri::{Runtime, State, WebviewWindow};

use crate::answer::Answer;
use crate::worker::Worker;

/// What the first screen shows.
#[tauri::command]
pub async fn start_view(worker: State<'_, Worker>) -> Answer<StartView> {
    worker.count_start();
    worker.ask(|desk, _| desk.start_view()).await
}

/// Remembers language, theme and zoom on this computer.
#[tauri::command]
pub async fn set_preferences<R: Runtime>(
    worker: State<'_, Worker>,
    window: WebviewWindow<R>,
    preferences: Preferences,
) -> Answer<()> {
    let zoom = preferences.zoom_factor();
    worker.ask(move |desk, _| desk.set_preferences(&preferences)).await?;
    // A web view that cannot zoom leaves the page as it is.
    let _ = window.set_zoom(zoom);
    Ok(())
}

/// Makes a practice site.
#[tauri::command]
pub async fn practise(worker: State<'_, Worker>) -> Answer<StartView> {
    worker.ask(practice::practise).await
}

/// Shows what a kit offers.
#[tauri::command]
pub async fn kit_look(worker: State<'_, Worker>, path: String, passphrase: String) -> Answer<KitView> {
    worker.ask(move |desk, _| desk.kit_look(path.as_ref(), &passphrase)).await
}

/// Founds a vault from a kit, with its first account.
#[tauri::command]
pub async fn kit_found(
    worker: State<'_, Worker>,
    path: String,
    passphrase: String,
    user: String,
    name: String,
    password: String,
) -> Answer<StartView> {
    let account = site::NewAccount::new(&user, &name, password);
    worker.ask(move |desk, now| desk.kit_found(path.as_ref(), &passphrase, &account, now)).await
}
