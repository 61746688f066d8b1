//! What a person types and what stands on the terminal then, as data: `tests/commands/*.md`, each with the folder
//! `NAME.in` that its commands are typed in. After a wanted change of words: `TRYCMD=overwrite cargo test -p outpost-center`.

use std::path::PathBuf;

#[test]
fn the_terminal_shows_what_the_pages_say() {
    let program = PathBuf::from(env!("CARGO_BIN_EXE_outpost-center"));
    trycmd::TestCases::new().register_bin("outpost-center", program).case("tests/commands/*.md");
}
