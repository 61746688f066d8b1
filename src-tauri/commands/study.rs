//! The study itself: versions, previews, migration, blank forms.

use screens::messages::{DifferenceView, FormShape, OutlineView, PreviewView, StudyView};
use tauri::State;

use crate::answer::Answer;
use crate::worker::Worker;

/// Versions, and who is under which.
#[tauri::command]
pub async fn study_view(worker: State<'_, Worker>) -> Answer<StudyView> {
    worker.seated(|seat| seat.study_view()).await
}

/// What one version changes against another.
#[tauri::command]
pub async fn study_differences(
    worker: State<'_, Worker>,
    from: String,
    to: String,
    lang: String,
) -> Answer<Vec<DifferenceView>> {
    worker.seated(move |seat| seat.study_differences(&from, &to, &lang)).await
}

/// The schedule and the forms of a version.
#[tauri::command]
pub async fn study_outline(worker: State<'_, Worker>, version: String, lang: String) -> Answer<OutlineView> {
    worker.seated(move |seat| seat.study_outline(&version, &lang)).await
}

/// A blank form of a version.
#[tauri::command]
pub async fn study_form(worker: State<'_, Worker>, version: String, form: String, lang: String) -> Answer<FormShape> {
    worker.seated(move |seat| seat.study_form(&version, &form, &lang)).await
}

/// What migrating a subject would change.
#[tauri::command]
pub async fn subject_preview(
    worker: State<'_, Worker>,
    subject: String,
    version: String,
    lang: String,
) -> Answer<PreviewView> {
    worker.seated(move |seat| seat.subject_preview(&subject, &version, &lang)).await
}

/// Puts a version into force for new subjects.
#[tauri::command]
pub async fn study_activate(worker: State<'_, Worker>, version: String) -> Answer<StudyView> {
    worker.seated(move |seat| seat.study_activate(&version)).await
}

/// Migrates subjects to a version, or back.
#[tauri::command]
pub async fn subject_migrate(
    worker: State<'_, Worker>,
    subjects: Vec<String>,
    version: String,
    reason: String,
) -> Answer<StudyView> {
    worker.seated(move |seat| seat.subject_migrate(&subjects, &version, &reason)).await
}
