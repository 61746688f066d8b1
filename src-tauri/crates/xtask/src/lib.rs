//! What the project's own commands and the tests of the whole system share.

#[cfg(feature = "rooms")]
pub mod practice;
pub mod tidy;
