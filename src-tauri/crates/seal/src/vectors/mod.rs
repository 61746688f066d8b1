//! Other people's vectors against what this room really calls. Each deviation is named with its reason.

mod age;
mod ed25519;
mod wycheproof;

use std::path::PathBuf;

/// A folder of public vectors beside the project; none, and a word about it, where it is not there.
fn shared(name: &str) -> Option<PathBuf> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../../shared/data/vectors")).join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: the public vectors are not there: shared/data/vectors/{name}");
    None
}
