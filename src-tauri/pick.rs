//! The system's own dialogs, opened by the shell: the window names no file, and needs no right to any.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use screens::keys::ChosenId;
use screens::messages::{Chosen, ChosenFor};
use tauri::{Manager, Runtime, WebviewWindow};
use tauri_plugin_dialog::{DialogExt, FilePath};
use tokio::sync::oneshot;

use crate::answer::{Answer, refused};
use crate::chosen::ChosenPlaces;

/// What a person is asked for.
pub enum Question<'a> {
    /// A folder.
    Folder,
    /// A bundle or a kit.
    Bundle,
    /// A laboratory's table.
    Table,
    /// Where a PDF is to be saved that would have this name.
    Pdf(&'a str),
}

/// Asks, and keeps the place for commands that come with the number of it; none where the person turns away.
pub async fn keep<R: Runtime>(window: &WebviewWindow<R>, purpose: ChosenFor) -> Option<Chosen> {
    let places = window.state::<ChosenPlaces>();
    let dialog = places.open_dialog();
    let question = match purpose {
        ChosenFor::Kit => Question::Bundle,
        ChosenFor::Backup | ChosenFor::ExportFolder | ChosenFor::BackupFolder => Question::Folder,
    };
    let path = ask(window, question).await?;
    places.keep(&dialog, purpose, path)
}

/// Asks for what is needed at once.
///
/// # Errors
/// `cancelled` when nothing was chosen, or the session ended meanwhile.
pub async fn now<R: Runtime>(window: &WebviewWindow<R>, question: Question<'_>) -> Answer<PathBuf> {
    let places = window.state::<ChosenPlaces>();
    let dialog = places.open_dialog();
    let path = ask(window, question).await.filter(|_| places.is_wanted(&dialog));
    path.ok_or_else(|| refused("cancelled", "nothing was chosen"))
}

/// The place that was chosen before.
///
/// # Errors
/// `choose_again` for a number under which nothing was chosen for this purpose since somebody signed in.
pub fn chosen<R: Runtime>(window: &WebviewWindow<R>, purpose: ChosenFor, id: ChosenId) -> Answer<PathBuf> {
    let path = window.state::<ChosenPlaces>().path(purpose, id);
    path.ok_or_else(|| refused("choose_again", "nothing that was chosen for this has that number"))
}

async fn ask<R: Runtime>(window: &WebviewWindow<R>, question: Question<'_>) -> Option<PathBuf> {
    if let Some(answers) = &window.state::<Dialogs>().answers {
        return answers.next();
    }
    let (reply, answer) = oneshot::channel();
    open(window, question, reply);
    answer.await.ok().flatten()?.into_path().ok()
}

fn open<R: Runtime>(window: &WebviewWindow<R>, question: Question<'_>, reply: oneshot::Sender<Option<FilePath>>) {
    let dialog = window.dialog().file();
    let answered = move |path| {
        // Whoever asked may have gone; then nobody wants the answer.
        let _ = reply.send(path);
    };
    match question {
        Question::Folder => dialog.pick_folder(answered),
        Question::Bundle => dialog.add_filter("Outpost", &["bundle", "kit"]).pick_file(answered),
        Question::Table => dialog.add_filter("CSV", &["csv", "txt", "tsv"]).pick_file(answered),
        Question::Pdf(name) => dialog.add_filter("PDF", &["pdf"]).set_file_name(name).save_file(answered),
    }
}

/// Who answers the dialogs.
pub struct Dialogs {
    /// None: a person.
    answers: Option<Answers>,
}

impl Dialogs {
    /// A person; or, in a program that was built to be tested, the file that `OUTPOST_CHOOSES` names as the program starts.
    /// In a release there is no such door.
    pub fn of_environment() -> Self {
        let file = if cfg!(debug_assertions) { std::env::var_os("OUTPOST_CHOOSES") } else { None };
        Self { answers: file.filter(|file| !file.is_empty()).map(|file| Answers::in_file(file.into())) }
    }
}

/// What tests choose, which drive a window and no dialog of the system: a path in each line, in their order. An empty line,
/// or none that is left, is a person who turns away. Lines may be added at any time.
struct Answers {
    file: PathBuf,
    taken: AtomicUsize,
}

impl Answers {
    fn in_file(file: PathBuf) -> Self {
        Self { file, taken: AtomicUsize::new(0) }
    }

    fn next(&self) -> Option<PathBuf> {
        let text = std::fs::read_to_string(&self.file).unwrap_or_default();
        let line = text.lines().nth(self.taken.load(Ordering::Relaxed))?;
        self.taken.fetch_add(1, Ordering::Relaxed);
        (!line.is_empty()).then(|| line.into())
    }
}

#[cfg(test)]
mod tests {
    use super::Answers;

    #[test]
    fn a_test_answers_dialogs_line_by_line() {
        let file = std::env::temp_dir().join(format!("outpost-chooses-{}", std::process::id()));
        let answers = Answers::in_file(file.clone());
        assert_eq!(answers.next(), None, "no file: the person turns away");
        std::fs::write(&file, "/media/one\n\n/media/two").expect("written");
        assert_eq!([answers.next(), answers.next()], [Some("/media/one".into()), None]);
        assert_eq!([answers.next(), answers.next()], [Some("/media/two".into()), None]);
        std::fs::write(&file, "/media/one\n\n/media/two\n/media/three\n").expect("written");
        assert_eq!(answers.next(), Some("/media/three".into()), "a line that was added later");
        std::fs::remove_file(&file).expect("removed");
    }
}
