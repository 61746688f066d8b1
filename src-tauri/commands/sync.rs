//! Bundles out and in, and what goes with them: dialogs, long work and its end.

use screens::contract::requests;
use screens::messages::{ExportReport, ImportReport};
use tauri::{AppHandle, Runtime, State};

use crate::answer::{Answer, Asked};
use crate::pick;
use crate::worker::Worker;

#[tauri::command]
pub async fn export_bundle<R: Runtime>(
    app: AppHandle<R>,
    worker: State<'_, Worker>,
    request: Asked<requests::ExportBundle>,
) -> Answer<ExportReport> {
    let folder = pick::given(request.0.folder, pick::folder(&app)).await?;
    let job = worker.run_signed_in(move |session| session.export_begin(folder.as_ref())).await?;
    let written = worker.run_off_thread(move |tell, cancel| job.run(&|step| tell(step), cancel)).await?;
    worker.run_signed_in(move |session| session.export_finish(&written)).await
}

#[tauri::command]
pub async fn import_bundle<R: Runtime>(
    app: AppHandle<R>,
    worker: State<'_, Worker>,
    request: Asked<requests::ImportBundle>,
) -> Answer<ImportReport> {
    let path = pick::given(request.0.path, pick::bundle(&app)).await?;
    worker.run_long(move |session| session.import_bundle(path.as_ref())).await
}

#[tauri::command]
pub fn cancel_work(worker: State<'_, Worker>) {
    worker.cancel();
}

#[tauri::command]
pub async fn pick_folder<R: Runtime>(app: AppHandle<R>) -> Answer<Option<String>> {
    Ok(pick::folder(&app).await)
}

#[tauri::command]
pub async fn pick_bundle<R: Runtime>(app: AppHandle<R>) -> Answer<Option<String>> {
    Ok(pick::bundle(&app).await)
}
