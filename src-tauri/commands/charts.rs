//! Charts of the site's own data.

use screens::messages::{ChartsView, TimelineView};
use tauri::State;

use crate::answer::Answer;
use crate::worker::Worker;

/// One subject's course on one axis.
#[tauri::command]
pub async fn timeline(worker: State<'_, Worker>, subject: String, lang: String) -> Answer<TimelineView> {
    worker.seated(move |seat| seat.timeline(&subject, &lang)).await
}

/// Waterfall, spider and swimmer of this site's subjects.
#[tauri::command]
pub async fn charts(worker: State<'_, Worker>, lang: String) -> Answer<ChartsView> {
    worker.seated(move |seat| seat.charts(&lang)).await
}
