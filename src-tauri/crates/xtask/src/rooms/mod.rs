//! The tasks that use the rooms themselves.

pub mod bench;
pub mod messages;
