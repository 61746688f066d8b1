//! Who gives a command.

use std::path::PathBuf;

use screens::keys::ChosenId;
use screens::messages::ChosenFor;
use site::{Session, SiteError};
use tauri::{Runtime, WebviewWindow};

use crate::answer::Answer;
use crate::pick::{self, Question};
use crate::worker::Worker;

/// The window, with its way to the computer.
pub struct Asker<'a, R: Runtime> {
    pub window: &'a WebviewWindow<R>,
    pub worker: &'a Worker,
}

impl<R: Runtime> Asker<'_, R> {
    /// The folder that was chosen; without a choice the `last` one, which the vault remembers; else a person is asked.
    ///
    /// # Errors
    /// `choose_again`, `cancelled`; what the vault says.
    pub async fn folder(
        &self,
        purpose: ChosenFor,
        chosen: Option<ChosenId>,
        last: fn(&mut Session<'_>) -> Result<Option<PathBuf>, SiteError>,
    ) -> Answer<PathBuf> {
        if let Some(id) = chosen {
            return pick::chosen(self.window, purpose, id);
        }
        match self.worker.run_signed_in(last).await? {
            Some(folder) => Ok(folder),
            None => pick::now(self.window, Question::Folder).await,
        }
    }
}
