//! Lists the commands that the window may call; see `lib.rs`.
fn main() {}
