//! The first screen.

use site::messages::{Preferences, StartView};
use tauri::{State, WebviewWindow};

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
pub async fn set_preferences<R: tauri::Runtime>(
    worker: State<'_, Worker>,
    window: WebviewWindow<R>,
    preferences: Preferences,
) -> Answer<()> {
    let zoom = preferences.zoom_factor();
    worker.ask(move |desk, _| desk.set_preferences(preferences)).await?;
    // A web view that cannot zoom leaves the page as it is.
    let _ = window.set_zoom(zoom);
    Ok(())
}
