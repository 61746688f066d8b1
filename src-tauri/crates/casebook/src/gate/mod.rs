//! The gate: whether an act may be done now. One pure question, asked by site and center before every write.
//!
//! An act about a subject is put to the subject's [`Book`](crate::Book) ([`permits`](crate::Book::permits)), any other to
//! the [`TrialState`](crate::TrialState) ([`permits`](crate::TrialState::permits)). Both ask first who acts ([`roles`]), then what must
//! have come before. What merges from elsewhere is never put to the gate: an act that was done in good faith is folded.
//!
//! The gate judges acts, not typing: whether words were said at all, and whether a text is a value of its item's type, is
//! found out before there is an act. It sees no clock and no file: whether a metadata version is held and its day has come
//! is the site's to know.

mod author;
mod denied;
mod site;
mod subject;

pub use author::{Author, roles};
pub use denied::{DeniedError, Thing};
pub use subject::needs_recomputed;

#[cfg(test)]
mod tests;
