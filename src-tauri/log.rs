//! The shell's part in the program's own log: where it lies, and what of an act goes into it.

use std::time::Instant;

use program_log::LevelFilter;
use screens::contract::Command;
use tauri::{AppHandle, Runtime};

use crate::answer::Answer;
use crate::window;

/// Starts the log. A computer on which it cannot be written is worked on all the same: the log serves whoever looks after
/// the program, nobody's record depends on it.
pub fn start<R: Runtime>(app: &AppHandle<R>) {
    let folder = window::logs(app);
    if let Err(error) = &folder {
        eprintln!("Outpost keeps no log in files: {error}");
    }
    if let Err(error) = program_log::start("outpost", folder.ok().as_deref(), LevelFilter::INFO) {
        eprintln!("Outpost goes on without a log: {error}");
    }
}

/// What the window asks for by itself, twice a second while the vault is verified. That it was answered is no news, and would push
/// what people did out of the log.
const BY_ITSELF: [Command; 1] = [Command::Integrity];

/// Whether an act goes into the log: whatever was refused does.
fn is_news(name: &str, is_refused: bool) -> bool {
    is_refused || !BY_ITSELF.iter().any(|command| command.name() == name)
}

/// Does an act and notes its name, how long its answer took (with what a person took for a dialog) and, where it was
/// refused, the stable code. A refusal's message stays out: it may name a place.
pub async fn noted<T>(name: &str, act: impl Future<Output = Answer<T>>) -> Answer<T> {
    let began = Instant::now();
    let answer = act.await;
    if is_news(name, answer.is_err()) {
        program_log::act(name, began.elapsed(), answer.as_ref().err().map(|refused| &refused.code));
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A known fault: two lines a second, for as long as the verification takes.
    #[test]
    fn what_the_window_asks_by_itself_is_in_the_log_only_where_it_is_refused() {
        assert!(!is_news("integrity", false) && is_news("integrity", true));
        for name in ["save_item", "unlock", "lock", "sync_view"] {
            assert!(is_news(name, false) && is_news(name, true), "{name}");
        }
    }
}
