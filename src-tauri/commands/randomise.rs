//! Randomise: what stands against it, the request, the reveal.

use screens::messages::RandomiseView;
use tauri::State;

use crate::answer::Answer;
use crate::worker::Worker;

/// Where a subject's allocation stands.
#[tauri::command]
pub async fn randomise_view(worker: State<'_, Worker>, subject: String, lang: String) -> Answer<RandomiseView> {
    worker.seated(move |seat| seat.randomise_view(&subject, &lang)).await
}

/// Asks for a subject's allocation: there is no way back.
#[tauri::command]
pub async fn randomise_request(worker: State<'_, Worker>, subject: String, lang: String) -> Answer<RandomiseView> {
    worker.seated(move |seat| seat.randomise_request(&subject, &lang)).await
}

/// Opens the subject's slot with the center's code: there is no way back.
#[tauri::command]
pub async fn randomise_reveal(
    worker: State<'_, Worker>,
    subject: String,
    code: String,
    lang: String,
) -> Answer<RandomiseView> {
    worker.seated(move |seat| seat.randomise_reveal(&subject, &code, &lang)).await
}
