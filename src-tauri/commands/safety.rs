//! The report of a serious adverse event as a file.

use screens::contract::requests;
use screens::messages::ReportWritten;
use tauri::Runtime;

use super::asker::Asker;
use crate::answer::Answer;
use crate::pick::{self, Question};

pub async fn sae_report<R: Runtime>(asker: &Asker<'_, R>, request: requests::SaeReport) -> Answer<ReportWritten> {
    let requests::SaeReport { subject, cell, lang } = request;
    let (whose, row) = (subject.clone(), cell.clone());
    let name = asker.worker.run_signed_in(move |session| session.report_name(&whose, &row)).await?;
    let path = pick::now(asker.window, Question::Pdf(&name)).await?;
    asker.worker.run_signed_in(move |session| session.speaking(&lang).sae_report(&subject, &cell, &path)).await
}
