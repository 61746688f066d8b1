//! The list of subjects.

use screens::messages::SubjectRow;
use tauri::State;

use crate::answer::Answer;
use crate::worker::Worker;

/// All subjects of this vault.
#[tauri::command]
pub async fn subjects(worker: State<'_, Worker>, lang: String) -> Answer<Vec<SubjectRow>> {
    worker.seated(move |seat| seat.subjects(&lang)).await
}

/// Registers the next subject and answers its key.
#[tauri::command]
pub async fn subject_register(worker: State<'_, Worker>) -> Answer<String> {
    worker.seated(|seat| seat.subject_register()).await
}
