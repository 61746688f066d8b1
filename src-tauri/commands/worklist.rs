//! The system's print dialog.

use screens::contract::requests;
use tauri::Runtime;

use super::asker::Asker;
use crate::answer::{Answer, refused};

pub async fn print_page<R: Runtime>(asker: &Asker<'_, R>, _: requests::PrintPage) -> Answer<()> {
    asker.worker.run_signed_in(|session| session.may_print()).await?;
    asker.window.print().map_err(|error| refused("print", &error.to_string()))
}
