//! The commands, as the contract in `screens` lists them: an act of the room `site` needs no word here; what opens a
//! dialog, works beside the open vault or concerns the window alone has its body in one of these files.

mod lab;
mod people;
mod safety;
mod start;
mod sync;
mod unlock;
mod worklist;

use screens::contract::{Request, requests};
use tauri::State;

use crate::answer::{Answer, Asked};
use crate::worker::Worker;
use lab::*;
use people::*;
use safety::*;
use start::*;
use sync::*;
use unlock::*;
use worklist::*;

/// Makes the Tauri command of each act and the handler of all commands.
macro_rules! tauri_commands {
    ($($screen:ident {
        $($(#[$doc:meta])+ $name:ident $Request:ident { $($fields:tt)* } -> $Answer:ty, $allowed:expr $(, $how:ident)?;)*
    })*) => {
        $($(tauri_command!($name $Request $($how)?);)*)*

        /// Runs whichever command the window gives.
        pub fn handler<R: tauri::Runtime>() -> impl Fn(tauri::ipc::Invoke<R>) -> bool + Send + Sync + 'static {
            tauri::generate_handler![$($($name),*),*]
        }
    };
}

macro_rules! tauri_command {
    ($name:ident $Request:ident shell) => {};
    ($name:ident $Request:ident $($act:ident)?) => {
        #[tauri::command]
        async fn $name(
            worker: State<'_, Worker>,
            request: Asked<requests::$Request>,
        ) -> Answer<<requests::$Request as Request>::Answer> {
            worker.answer(request.0).await
        }
    };
}

screens::each_command!(tauri_commands);
