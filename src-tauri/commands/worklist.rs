//! The system's print dialog.

use tauri::{Runtime, State, WebviewWindow};

use crate::answer::{Answer, refused};
use crate::worker::Worker;

#[tauri::command]
pub async fn print_page<R: Runtime>(worker: State<'_, Worker>, window: WebviewWindow<R>) -> Answer<()> {
    worker.run_signed_in(|session| session.may_print()).await?;
    window.print().map_err(|error| refused("print", &error.to_string()))
}
