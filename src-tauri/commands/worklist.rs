//! The home screen: what is to be done.

use site::messages::WorklistView;
use tauri::State;

use crate::answer::Answer;
use crate::worker::Worker;

/// What is due, overdue, unfinished, queried.
#[tauri::command]
pub async fn worklist(worker: State<'_, Worker>, lang: String) -> Answer<WorklistView> {
    worker.seated(move |seat| seat.worklist(&lang)).await
}
