//! One subject: visits × forms.

use screens::messages::SubjectView;
use tauri::State;

use crate::answer::Answer;
use crate::worker::Worker;

/// The casebook as a matrix.
#[tauri::command]
pub async fn subject_view(worker: State<'_, Worker>, subject: String, lang: String) -> Answer<SubjectView> {
    worker.seated(move |seat| seat.subject_view(&subject, &lang)).await
}

/// Records when an event took place.
#[tauri::command]
pub async fn event_date(
    worker: State<'_, Worker>,
    subject: String,
    event: String,
    date: String,
    reason: Option<String>,
    lang: String,
) -> Answer<SubjectView> {
    worker.seated(move |seat| seat.event_date(&subject, &event, &date, reason.as_deref(), &lang)).await
}

/// Adds an event that the schedule does not bring of itself.
#[tauri::command]
pub async fn event_add(
    worker: State<'_, Worker>,
    subject: String,
    oid: String,
    repeat: String,
    date: Option<String>,
    lang: String,
) -> Answer<SubjectView> {
    worker.seated(move |seat| seat.event_add(&subject, &oid, &repeat, date.as_deref(), &lang)).await
}

/// Records that an event did not take place.
#[tauri::command]
pub async fn event_missed(
    worker: State<'_, Worker>,
    subject: String,
    event: String,
    reason: String,
    lang: String,
) -> Answer<SubjectView> {
    worker.seated(move |seat| seat.event_missed(&subject, &event, &reason, &lang)).await
}
