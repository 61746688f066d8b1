//! The commands, as the contract in `screens` lists them: an act of the room `site` needs no word here; what opens a
//! dialog, works beside the open vault or concerns the window alone has its body in the file of its screen.

mod asker;
mod backup;
mod choosing;
mod lab;
mod people;
mod safety;
mod start;
mod sync;
mod unlock;
mod worklist;

use screens::contract::{Command, Request, requests};
use tauri::{Runtime, State, WebviewWindow};

use crate::answer::{Answer, Asked};
use crate::log::noted;
use crate::worker::Worker;
use asker::Asker;

/// Makes the Tauri command of each act and the handler of all commands. Every command passes through here, and is noted
/// in the program's log.
macro_rules! tauri_commands {
    ($($screen:ident {
        $($(#[$doc:meta])+ $name:ident $Request:ident { $($fields:tt)* } -> $Answer:ty, $allowed:expr $(, $how:ident)?;)*
    })*) => {
        $($(
            #[tauri::command]
            async fn $name<R: Runtime>(
                window: WebviewWindow<R>,
                worker: State<'_, Worker>,
                request: Asked<requests::$Request>,
            ) -> Answer<<requests::$Request as Request>::Answer> {
                let asker = Asker { window: &window, worker: &worker };
                noted(Command::$Request.name(), async { body!(asker, request.0?, $screen $name $($how)?) }).await
            }
        )*)*

        /// Runs whichever command the window gives.
        pub fn handler<R: Runtime>() -> impl Fn(tauri::ipc::Invoke<R>) -> bool + Send + Sync + 'static {
            tauri::generate_handler![$($($name),*),*]
        }
    };
}

macro_rules! body {
    ($asker:ident, $request:expr, $screen:ident $name:ident shell) => {
        $screen::$name(&$asker, $request).await
    };
    ($asker:ident, $request:expr, $screen:ident $name:ident $($act:ident)?) => {
        $asker.worker.answer($request).await
    };
}

screens::each_command!(tauri_commands);
