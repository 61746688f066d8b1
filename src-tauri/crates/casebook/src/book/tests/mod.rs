//! Tests of the fold.

mod cases;
pub mod order;
mod versions;
pub mod world;
