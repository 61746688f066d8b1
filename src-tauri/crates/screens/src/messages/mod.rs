//! What crosses to the window: plain data, already computed, with nothing left to decide.
//!
//! `cargo xtask gen` writes `ui/src/ipc/messages.ts` from these types. Texts that come from the study are given in
//! the language that the window asks for; words of the program itself travel as codes and are spoken by the window.

mod backup;
mod charts;
mod checklist;
mod choice;
mod choosing;
mod form;
mod lab;
mod lists;
mod randomise;
mod safety;
mod session;
mod study;
mod transport;
mod tumours;

pub use backup::*;
pub use charts::*;
pub use checklist::*;
pub use choice::*;
pub use choosing::*;
pub use form::*;
pub use lab::*;
pub use lists::*;
pub use randomise::*;
pub use safety::*;
pub use session::*;
pub use study::*;
pub use transport::*;
pub use tumours::*;
