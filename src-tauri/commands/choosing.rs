//! Files and folders that a person chooses, for commands that come with the number of the choice.

use screens::contract::requests;
use screens::messages::Chosen;
use tauri::Runtime;

use super::asker::Asker;
use crate::answer::Answer;
use crate::pick;

pub async fn choose<R: Runtime>(asker: &Asker<'_, R>, request: requests::Choose) -> Answer<Option<Chosen>> {
    Ok(pick::keep(asker.window, request.purpose).await)
}
