//! Numbers that look like chance and are the same in every run, and bytes that they change.

/// SplitMix64.
#[derive(Clone)]
pub struct Chance(u64);

impl Chance {
    /// The chance of one case of a run: two cases have nothing to do with each other.
    pub fn new(seed: u64, case: u64) -> Self {
        let mut chance = Self(seed.rotate_left(32) ^ case);
        chance.0 = chance.number();
        chance
    }

    /// Any number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    /// A number below `end`; 0 where there is none.
    pub fn below(&mut self, end: usize) -> usize {
        (self.number() % end.max(1) as u64) as usize
    }

    /// True once in so many times.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// One of them.
    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

/// A few bytes set, cut out, doubled, or taken from another.
pub fn change(bytes: &mut Vec<u8>, other: &[u8], chance: &mut Chance) {
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
}
