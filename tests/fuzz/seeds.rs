//! Every seed, and a few hundred changes of each, through its target: quick, without libFuzzer, the same every time.

use std::fs;
use std::path::Path;

use outpost_fuzz::{TARGETS, Target};

/// Changes of each target's seeds.
const CHANGES: u64 = 300;

#[test]
fn seeds_and_their_neighbours_do_no_harm() {
    for target in TARGETS {
        let seeds = seeds(target);
        seeds.iter().for_each(|seed| (target.read)(seed));
        let mut chance = Chance(1);
        for _ in 0..CHANGES {
            let seed = &seeds[chance.below(seeds.len())];
            let other = &seeds[chance.below(seeds.len())];
            (target.read)(&changed(seed, other, &mut chance));
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

/// A seed with a few bytes set, cut out, doubled, or taken from another.
fn changed(seed: &[u8], other: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=chance.below(4) {
        let at = chance.below(bytes.len());
        let to = (at + chance.below(16)).min(bytes.len());
        match chance.below(5) {
            0 => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << chance.below(8)),
            1 => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte = b"\0\n\"0-{<,\xff"[chance.below(9)]),
            2 => drop(bytes.drain(at..to)),
            3 => bytes.extend_from_within(at..to),
            _ => {
                let from = chance.below(other.len());
                let part = &other[from..(from + chance.below(64)).min(other.len())];
                drop(bytes.splice(at..to, part.iter().copied()));
            }
        }
    }
    bytes
}

/// Numbers that look like chance (SplitMix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ mixed >> 31) % end.max(1) as u64) as usize
    }
}
