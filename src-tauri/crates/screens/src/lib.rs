//! What a person sees: pure views of a study and a subject's book, and the messages that carry them to a UI.
//!
//! A screen is a function of a [`View`]: one subject's book under its study, for one reader in one language at one moment.
//! [`messages`] are plain data with nothing left to decide; [`guard`] says which role may call which command. This room
//! knows no database, file, clock or random number: [`Now`] is passed in.

pub mod calendar;
pub mod charts;
pub mod checklist;
mod clock;
pub mod form;
pub mod guard;
pub mod history;
pub mod lab;
pub mod labels;
pub mod lists;
pub mod messages;
pub mod paper;
pub mod safety;
pub mod subject;
pub mod tumours;
pub mod typed;
mod typescript;
pub mod versions;
mod view;

pub use clock::Now;
pub use typescript::typescript;
pub use view::{Frame, Reader, Texts, View};
