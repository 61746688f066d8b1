//! The register of laboratory limits, and what results lead to.

use screens::messages::{
    LabEventRow, LabFileOpened, LabFileReport, LabFileView, LabLineTyped, LabMapping, LabRegister,
};
use tauri::{AppHandle, Runtime, State};

use crate::answer::{Answer, refused};
use crate::pick;
use crate::worker::Worker;

/// The register.
#[tauri::command]
pub async fn lab_register(worker: State<'_, Worker>, lang: String) -> Answer<LabRegister> {
    worker.seated(move |seat| seat.lab_register(&lang)).await
}

/// Puts a line into the register.
#[tauri::command]
pub async fn lab_range_set(worker: State<'_, Worker>, line: LabLineTyped, lang: String) -> Answer<LabRegister> {
    worker.seated(move |seat| seat.lab_range_set(&line, &lang)).await
}

/// Withdraws a line of the register.
#[tauri::command]
pub async fn lab_range_withdraw(worker: State<'_, Worker>, line: String, lang: String) -> Answer<LabRegister> {
    worker.seated(move |seat| seat.lab_range_withdraw(&line, &lang)).await
}

/// Makes a row of an adverse event of what the rules propose for a result, once a person confirmed it.
#[tauri::command]
pub async fn lab_event(worker: State<'_, Worker>, subject: String, cell: String) -> Answer<LabEventRow> {
    worker.seated(move |seat| seat.lab_event(&subject, &cell)).await
}

/// Reads a laboratory's file, or asks for one.
#[tauri::command]
pub async fn lab_file_open<R: Runtime>(
    app: AppHandle<R>,
    worker: State<'_, Worker>,
    path: Option<String>,
    lab: String,
    lang: String,
) -> Answer<LabFileOpened> {
    let path = match path {
        Some(path) => Some(path),
        None => pick::table(&app).await,
    };
    let path = path.ok_or_else(|| refused("cancelled", "no file was chosen"))?;
    worker.seated(move |seat| seat.lab_file_open(path.as_ref(), &lab, &lang)).await
}

/// Reads the open file by another mapping.
#[tauri::command]
pub async fn lab_file_map(worker: State<'_, Worker>, mapping: LabMapping, lang: String) -> Answer<LabFileView> {
    worker.seated(move |seat| seat.lab_file_map(&mapping, &lang)).await
}

/// Records what the open file brings.
#[tauri::command]
pub async fn lab_file_import(
    worker: State<'_, Worker>,
    taken: Vec<u32>,
    reason: Option<String>,
) -> Answer<LabFileReport> {
    worker.seated(move |seat| seat.lab_file_import(&taken, reason.as_deref())).await
}

/// Puts the open file away.
#[tauri::command]
pub async fn lab_file_close(worker: State<'_, Worker>) -> Answer<()> {
    worker.seated(|seat| seat.lab_file_close()).await
}
