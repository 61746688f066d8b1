//! The tumours of one subject.

use screens::messages::TumoursView;
use tauri::State;

use crate::answer::Answer;
use crate::worker::Worker;

/// Lesions × assessments, with what RECIST makes of them.
#[tauri::command]
pub async fn tumours_view(worker: State<'_, Worker>, subject: String, lang: String) -> Answer<TumoursView> {
    worker.seated(move |seat| seat.tumours_view(&subject, &lang)).await
}

/// Says of a lesion what a scan shows.
#[tauri::command]
pub async fn tumour_read(
    worker: State<'_, Worker>,
    subject: String,
    form: String,
    lesion: String,
    typed: String,
    reason: Option<String>,
    lang: String,
) -> Answer<TumoursView> {
    worker.seated(move |seat| seat.tumour_read(&subject, &form, &lesion, &typed, reason.as_deref(), &lang)).await
}

/// Adds a new lesion to an assessment.
#[tauri::command]
pub async fn tumour_new(
    worker: State<'_, Worker>,
    subject: String,
    form: String,
    organ: String,
    place: String,
    certainty: String,
    lang: String,
) -> Answer<TumoursView> {
    let lesion = site::NewLesion { organ, place, certainty };
    worker.seated(move |seat| seat.tumour_new(&subject, &form, &lesion, &lang)).await
}
