//! The system's own dialogs, opened by the shell so that the window needs no right to any file.

use tauri::{AppHandle, Runtime};
use tauri_plugin_dialog::{DialogExt, FilePath};
use tokio::sync::oneshot;

use crate::answer::{Answer, refused};

/// The path that a request names, or else the one that a person chooses.
///
/// # Errors
/// `cancelled` when nothing was chosen.
pub async fn given(named: Option<String>, choose: impl Future<Output = Option<String>>) -> Answer<String> {
    let path = match named {
        Some(path) => Some(path),
        None => choose.await,
    };
    path.ok_or_else(|| refused("cancelled", "nothing was chosen"))
}

/// Asks for a folder.
pub async fn folder<R: Runtime>(app: &AppHandle<R>) -> Option<String> {
    let (reply, answer) = oneshot::channel();
    app.dialog().file().pick_folder(answered(reply));
    chosen(answer).await
}

/// Asks for a bundle or a kit.
pub async fn bundle<R: Runtime>(app: &AppHandle<R>) -> Option<String> {
    let (reply, answer) = oneshot::channel();
    app.dialog().file().add_filter("Outpost", &["bundle", "kit"]).pick_file(answered(reply));
    chosen(answer).await
}

/// Asks for a laboratory's table.
pub async fn table<R: Runtime>(app: &AppHandle<R>) -> Option<String> {
    let (reply, answer) = oneshot::channel();
    app.dialog().file().add_filter("CSV", &["csv", "txt", "tsv"]).pick_file(answered(reply));
    chosen(answer).await
}

/// Asks where a PDF is to be saved.
pub async fn save<R: Runtime>(app: &AppHandle<R>, name: &str) -> Option<String> {
    let (reply, answer) = oneshot::channel();
    app.dialog().file().add_filter("PDF", &["pdf"]).set_file_name(name).save_file(answered(reply));
    chosen(answer).await
}

fn answered(reply: oneshot::Sender<Option<FilePath>>) -> impl FnOnce(Option<FilePath>) + Send + 'static {
    move |path| {
        // Whoever asked may have gone; then nobody wants the answer.
        let _ = reply.send(path);
    }
}

async fn chosen(answer: oneshot::Receiver<Option<FilePath>>) -> Option<String> {
    let path = answer.await.ok().flatten()?.into_path().ok()?;
    path.into_os_string().into_string().ok()
}
