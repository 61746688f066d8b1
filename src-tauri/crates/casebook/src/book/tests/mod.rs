//! Tests of the fold.

mod cases;
mod order;
mod speed;
mod versions;
mod world;
