//! Every seed, and a few hundred changes of each, through its target: quick, without libFuzzer, the same every time.

#[allow(dead_code, reason = "others use more of it")]
#[path = "../mutate.rs"]
mod mutate;

use std::fs;
use std::path::Path;

use mutate::{Chance, change};
use outpost_fuzz::{TARGETS, Target};

/// Changes of each target's seeds.
const CHANGES: u64 = 300;

#[test]
fn seeds_and_their_neighbours_do_no_harm() {
    for target in TARGETS {
        let seeds = seeds(target);
        seeds.iter().for_each(|seed| (target.read)(seed));
        let mut chance = Chance::new(1, 0);
        for _ in 0..CHANGES {
            let (mut bytes, other) = (chance.pick(&seeds).clone(), chance.pick(&seeds));
            change(&mut bytes, other, &mut chance);
            (target.read)(&bytes);
        }
    }
}

fn seeds(target: &Target) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds").join(target.name);
    let mut files: Vec<_> =
        fs::read_dir(&folder).expect("a folder of seeds").flatten().map(|file| file.path()).collect();
    files.sort();
    assert!(!files.is_empty(), "{} has no seeds", target.name);
    files.iter().map(|file| fs::read(file).expect("a seed")).collect()
}
