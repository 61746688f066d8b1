//! What a person sees: pure views of a study and a subject's book, and the messages that carry them to a UI.
//!
//! [`messages`] are plain data with nothing left to decide; [`guard`] says which role may call which command. This room
//! knows no database, file, clock or random number: [`Now`] is passed in.

pub mod calendar;
mod clock;
pub mod guard;
pub mod labels;
pub mod messages;
pub mod shape;
mod typescript;

pub use clock::Now;
pub use typescript::typescript;
