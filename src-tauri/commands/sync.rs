//! Bundles out and in, and what goes with them: dialogs, long work and its end.

use screens::contract::requests;
use screens::messages::{ExportReport, ImportReport};
use tauri::{Manager, Runtime};

use super::asker::Asker;
use crate::answer::Answer;
use crate::pick;

pub async fn export_bundle<R: Runtime>(asker: &Asker<'_, R>, request: requests::ExportBundle) -> Answer<ExportReport> {
    let folder = pick::given(request.folder, pick::folder(asker.window.app_handle())).await?;
    let job = asker.worker.run_signed_in(move |session| session.export_begin(folder.as_ref())).await?;
    let written = asker.worker.run_off_thread(move |tell, cancel| job.run(&|step| tell(step), cancel)).await?;
    asker.worker.run_signed_in(move |session| session.export_finish(written)).await
}

pub async fn import_bundle<R: Runtime>(asker: &Asker<'_, R>, request: requests::ImportBundle) -> Answer<ImportReport> {
    let path = pick::given(request.path, pick::bundle(asker.window.app_handle())).await?;
    asker.worker.run_long(move |session| session.import_bundle(path.as_ref())).await
}

pub async fn cancel_work<R: Runtime>(asker: &Asker<'_, R>, _: requests::CancelWork) -> Answer<()> {
    asker.worker.cancel();
    Ok(())
}

pub async fn pick_folder<R: Runtime>(asker: &Asker<'_, R>, _: requests::PickFolder) -> Answer<Option<String>> {
    Ok(pick::folder(asker.window.app_handle()).await)
}

pub async fn pick_bundle<R: Runtime>(asker: &Asker<'_, R>, _: requests::PickBundle) -> Answer<Option<String>> {
    Ok(pick::bundle(asker.window.app_handle()).await)
}
