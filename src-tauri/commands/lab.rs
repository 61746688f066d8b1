//! A laboratory's file.

use screens::contract::requests;
use screens::messages::LabFileOpened;
use tauri::{Manager, Runtime};

use super::asker::Asker;
use crate::answer::Answer;
use crate::pick;

pub async fn lab_file_open<R: Runtime>(asker: &Asker<'_, R>, request: requests::LabFileOpen) -> Answer<LabFileOpened> {
    let requests::LabFileOpen { path, lab, lang } = request;
    let path = pick::given(path, pick::table(asker.window.app_handle())).await?;
    asker.worker.run_signed_in(move |session| session.speaking(&lang).lab_file_open(path.as_ref(), &lab)).await
}
