//! A laboratory's file.

use screens::contract::requests;
use screens::messages::LabFileOpened;
use tauri::Runtime;

use super::asker::Asker;
use crate::answer::Answer;
use crate::pick::{self, Question};

pub async fn lab_file_open<R: Runtime>(asker: &Asker<'_, R>, request: requests::LabFileOpen) -> Answer<LabFileOpened> {
    let requests::LabFileOpen { lab, lang } = request;
    let path = pick::now(asker.window, Question::Table).await?;
    asker.worker.run_signed_in(move |session| session.speaking(&lang).lab_file_open(&path, &lab)).await
}
