//! What the project's own commands and the tests of the whole system share.

pub mod debian;
#[cfg(feature = "rooms")]
pub mod practice;
pub mod tidy;
