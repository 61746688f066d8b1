//! Tests of the fold.

mod cases;
mod order;
mod speed;
mod world;
