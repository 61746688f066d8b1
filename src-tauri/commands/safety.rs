//! The report of a serious adverse event as a file.

use screens::contract::requests;
use screens::messages::ReportWritten;
use tauri::{AppHandle, Runtime, State};

use crate::answer::{Answer, Asked};
use crate::pick;
use crate::worker::Worker;

#[tauri::command]
pub async fn sae_report<R: Runtime>(
    app: AppHandle<R>,
    worker: State<'_, Worker>,
    request: Asked<requests::SaeReport>,
) -> Answer<ReportWritten> {
    let requests::SaeReport { subject, cell, path, lang } = request.0;
    let (whose, row) = (subject.clone(), cell.clone());
    let name = worker.run_signed_in(move |session| session.report_name(&whose, &row)).await?;
    let path = pick::given(path, pick::save(&app, &name)).await?;
    worker.run_signed_in(move |session| session.speaking(&lang).sae_report(&subject, &cell, path.as_ref())).await
}
