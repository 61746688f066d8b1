//! The tasks that use the rooms themselves.

pub mod messages;
