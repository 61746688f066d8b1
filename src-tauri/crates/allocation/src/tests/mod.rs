//! Randomisation through this room's own door.

mod codes;
mod plan;
