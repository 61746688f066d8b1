//! A laboratory's file.

use screens::contract::requests;
use screens::messages::LabFileOpened;
use tauri::{AppHandle, Runtime, State};

use crate::answer::{Answer, Asked};
use crate::pick;
use crate::worker::Worker;

#[tauri::command]
pub async fn lab_file_open<R: Runtime>(
    app: AppHandle<R>,
    worker: State<'_, Worker>,
    request: Asked<requests::LabFileOpen>,
) -> Answer<LabFileOpened> {
    let requests::LabFileOpen { path, lab, lang } = request.0;
    let path = pick::given(path, pick::table(&app)).await?;
    worker.run_signed_in(move |session| session.speaking(&lang).lab_file_open(path.as_ref(), &lab)).await
}
