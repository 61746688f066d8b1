//! `cargo xtask run | test | gen | practice | bench`.
fn main() {}
