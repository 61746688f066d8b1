//! Tests of the fold.

mod order;
mod world;
