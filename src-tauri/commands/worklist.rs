//! The home screen: what is to be done.

use screens::messages::{ChecklistView, WorklistView};
use tauri::{Runtime, State, WebviewWindow};

use crate::answer::{Answer, refused};
use crate::worker::Worker;

/// What is due, overdue, unfinished, queried.
#[tauri::command]
pub async fn worklist(worker: State<'_, Worker>, lang: String) -> Answer<WorklistView> {
    worker.seated(move |seat| seat.worklist(&lang)).await
}

/// A visit as a list to tick off.
#[tauri::command]
pub async fn visit_checklist(
    worker: State<'_, Worker>,
    subject: String,
    event: String,
    lang: String,
) -> Answer<ChecklistView> {
    worker.seated(move |seat| seat.visit_checklist(&subject, &event, &lang)).await
}

/// Hands the page to the system's own print dialog.
#[tauri::command]
pub async fn print_page<R: Runtime>(worker: State<'_, Worker>, window: WebviewWindow<R>) -> Answer<()> {
    worker.seated(|seat| seat.may_print()).await?;
    window.print().map_err(|error| refused("print", &error.to_string()))
}
