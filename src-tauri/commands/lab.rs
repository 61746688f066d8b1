//! The register of laboratory limits, and what results lead to.

use site::messages::{LabEventRow, LabLineTyped, LabRegister};
use tauri::State;

use crate::answer::Answer;
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
