//! libFuzzer over the target that `FUZZ_TARGET` names; `cargo xtask fuzz` builds and runs it.

#![no_main]

use std::sync::LazyLock;

use outpost_fuzz::Target;

static TARGET: LazyLock<&Target> = LazyLock::new(|| {
    let name = std::env::var("FUZZ_TARGET").unwrap_or_default();
    Target::named(&name).unwrap_or_else(|| panic!("FUZZ_TARGET names no target: {name}"))
});

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| (TARGET.read)(bytes));
