//! Bundles out and in, and what goes with them: dialogs, long work and its end.

use screens::contract::requests;
use screens::messages::{ChosenFor, ExportReport, ImportReport};
use tauri::Runtime;

use super::asker::Asker;
use crate::answer::Answer;
use crate::pick::{self, Question};

pub async fn export_bundle<R: Runtime>(asker: &Asker<'_, R>, request: requests::ExportBundle) -> Answer<ExportReport> {
    let folder = asker.folder(ChosenFor::ExportFolder, request.into, |session| session.export_folder()).await?;
    let job = asker.worker.run_signed_in(move |session| session.export_begin(&folder)).await?;
    let written = asker.worker.run_off_thread(move |tell, cancel| job.run(&|step| tell(step), cancel)).await?;
    asker.worker.run_signed_in(move |session| session.export_finish(written)).await
}

pub async fn import_bundle<R: Runtime>(asker: &Asker<'_, R>, _: requests::ImportBundle) -> Answer<ImportReport> {
    let path = pick::now(asker.window, Question::Bundle).await?;
    asker.worker.run_long(move |session| session.import_bundle(&path)).await
}

pub async fn cancel_work<R: Runtime>(asker: &Asker<'_, R>, _: requests::CancelWork) -> Answer<()> {
    asker.worker.cancel();
    Ok(())
}
