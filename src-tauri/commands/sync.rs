//! The outbox, bundles out and in.

use screens::messages::{ExportReport, ImportReport, SyncView};
use tauri::{AppHandle, Runtime, State};

use crate::answer::{Answer, refused};
use crate::pick;
use crate::worker::Worker;

/// The outbox in words, and what was sent and received.
#[tauri::command]
pub async fn sync_view(worker: State<'_, Worker>) -> Answer<SyncView> {
    worker.seated(|seat| seat.sync_view()).await
}

/// Writes everything that the center has not confirmed into `folder`, or asks for one.
#[tauri::command]
pub async fn export_bundle<R: Runtime>(
    app: AppHandle<R>,
    worker: State<'_, Worker>,
    folder: Option<String>,
) -> Answer<ExportReport> {
    let folder = match folder {
        Some(folder) => Some(folder),
        None => pick::folder(&app).await,
    };
    let folder = folder.ok_or_else(|| refused("cancelled", "no folder was chosen"))?;
    let job = worker.seated(move |seat| seat.export_begin(folder.as_ref())).await?;
    let written = worker.beside(move |tell, cancel| job.run(&|step| tell(step), cancel)).await?;
    worker.seated(move |seat| seat.export_finish(&written)).await
}

/// Reads a bundle of the center, or asks for one.
#[tauri::command]
pub async fn import_bundle<R: Runtime>(
    app: AppHandle<R>,
    worker: State<'_, Worker>,
    path: Option<String>,
) -> Answer<ImportReport> {
    let path = match path {
        Some(path) => Some(path),
        None => pick::bundle(&app).await,
    };
    let path = path.ok_or_else(|| refused("cancelled", "no file was chosen"))?;
    worker.long(move |seat| seat.import_bundle(path.as_ref())).await
}

/// Stops the long work under way at its next step.
#[tauri::command]
pub fn cancel_work(worker: State<'_, Worker>) {
    worker.cancel();
}

/// Asks for a folder in the system's own dialog.
#[tauri::command]
pub async fn pick_folder<R: Runtime>(app: AppHandle<R>) -> Answer<Option<String>> {
    Ok(pick::folder(&app).await)
}

/// Asks for a bundle or kit in the system's own dialog.
#[tauri::command]
pub async fn pick_bundle<R: Runtime>(app: AppHandle<R>) -> Answer<Option<String>> {
    Ok(pick::bundle(&app).await)
}
