//! The list that a clinician signs: every constant of this room, with its unit, meaning, source and mark.
//!
//! Each module lists its own (`constants()`); a test compares the list with every `pub const` in the sources.

pub use crate::constant::{Constant, Mark};

/// Every constant of the room, module by module.
pub fn all() -> Vec<Constant> {
    [
        crate::albi::constants(),
        crate::body::constants(),
        crate::child_pugh::constants(),
        crate::ctcae::constants(),
        crate::dose::constants(),
        crate::intensity::constants(),
        crate::qtc::constants(),
        crate::recist::constants(),
        crate::rild::constants(),
        crate::staging::constants(),
    ]
    .concat()
}
