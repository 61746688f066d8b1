//! Laboratory panels: limits recorded with results, the register that they come from, adverse events made of results, a
//! laboratory's own files.

mod error;
mod event;
mod import;
mod limits;
mod register;

pub use error::LabLineError;
pub(crate) use import::Loaded;
pub(crate) use limits::{Coming, PendingItem};
