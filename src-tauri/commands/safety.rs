//! Reports of serious adverse events.

use screens::messages::ReportWritten;
use tauri::{AppHandle, Runtime, State};

use crate::answer::{Answer, refused};
use crate::pick;
use crate::worker::Worker;

/// Writes a report as PDF to `path`, or asks where.
#[tauri::command]
pub async fn sae_report<R: Runtime>(
    app: AppHandle<R>,
    worker: State<'_, Worker>,
    subject: String,
    cell: String,
    path: Option<String>,
    lang: String,
) -> Answer<ReportWritten> {
    let (whose, row) = (subject.clone(), cell.clone());
    let name = worker.seated(move |seat| seat.report_name(&whose, &row)).await?;
    let path = match path {
        Some(path) => Some(path),
        None => pick::save(&app, &name).await,
    };
    let path = path.ok_or_else(|| refused("cancelled", "no file was chosen"))?;
    worker.seated(move |seat| seat.sae_report(&subject, &cell, path.as_ref(), &lang)).await
}
