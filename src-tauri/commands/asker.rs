//! Who gives a command.

use tauri::{Runtime, WebviewWindow};

use crate::worker::Worker;

/// The window, with its way to the computer.
pub struct Asker<'a, R: Runtime> {
    pub window: &'a WebviewWindow<R>,
    pub worker: &'a Worker,
}
