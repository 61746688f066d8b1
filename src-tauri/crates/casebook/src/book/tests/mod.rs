//! Tests of the fold.

mod cases;
mod order;
mod versions;
mod world;
