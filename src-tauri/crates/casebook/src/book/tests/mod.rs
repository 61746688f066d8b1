//! Tests of the fold.

mod order;
mod speed;
mod world;
