//! A digest of a set that can be kept up to date one member at a time.
//!
//! LtHash (Bellare and Micciancio 1997; Lewi, Kim, Maykov and Weis, "Securing Update Propagation with Homomorphic
//! Hashing", IACR 2019/227) with 1,024 lanes of 32 bits: each member is stretched by BLAKE3's extendable output and
//! added lane by lane. Finding two sets with one digest is a lattice problem that the 2019 paper puts above 2^500 for
//! these parameters. A member may be added more than once; it must then be removed as often.

use zeroize::Zeroize;

use crate::{SealError, sha256};

const LANES: usize = 1024;
/// Keeps these digests apart from every other use of BLAKE3.
const CONTEXT: &str = "outpost 2026 set hash v1";

/// An order-independent digest of a set of byte strings.
#[derive(Clone, PartialEq, Eq)]
pub struct SetHash {
    lanes: Box<[u32; LANES]>,
}

impl SetHash {
    /// Length of [`SetHash::bytes`] in bytes.
    pub const LENGTH: usize = LANES * 4;

    /// The digest of the empty set.
    #[must_use]
    pub fn new() -> Self {
        Self { lanes: Box::new([0; LANES]) }
    }

    /// Adds a member; once more each time.
    pub fn add(&mut self, member: &[u8]) {
        self.each_lane(member, u32::wrapping_add);
    }

    /// Takes `member` out. Taking out what was never put in gives a set that is equal to no real one.
    pub fn remove(&mut self, member: &[u8]) {
        self.each_lane(member, u32::wrapping_sub);
    }

    /// Puts in every member of `other`, as often as it is there.
    pub fn merge(&mut self, other: &Self) {
        for (lane, more) in self.lanes.iter_mut().zip(other.lanes.iter()) {
            *lane = lane.wrapping_add(*more);
        }
    }

    /// The running state, to be stored and given to [`SetHash::from_bytes`].
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        self.lanes.iter().flat_map(|lane| lane.to_le_bytes()).collect()
    }

    /// The state that [`SetHash::bytes`] gave.
    ///
    /// # Errors
    /// [`SealError::MalformedHex`] when the length is not [`SetHash::LENGTH`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SealError> {
        if bytes.len() != Self::LENGTH {
            return Err(SealError::MalformedHex);
        }
        let mut set = Self::new();
        for (lane, chunk) in set.lanes.iter_mut().zip(bytes.chunks_exact(4)) {
            *lane = u32::from_le_bytes([chunk[0], chunk[1], chunk[2], chunk[3]]);
        }
        Ok(set)
    }

    /// The digest: SHA-256 of the state.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        sha256(&self.bytes())
    }

    fn each_lane(&mut self, member: &[u8], combine: fn(u32, u32) -> u32) {
        let mut stretched = [0; Self::LENGTH];
        let mut hasher = blake3::Hasher::new_derive_key(CONTEXT);
        hasher.update(member);
        hasher.finalize_xof().fill(&mut stretched);
        for (lane, chunk) in self.lanes.iter_mut().zip(stretched.chunks_exact(4)) {
            *lane = combine(*lane, u32::from_le_bytes([chunk[0], chunk[1], chunk[2], chunk[3]]));
        }
        stretched.zeroize();
    }
}

impl Default for SetHash {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for SetHash {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "SetHash({})", crate::hex::encode(&self.digest()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn order_and_detours_do_not_matter(
            members in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..12),
            detour in prop::collection::vec(any::<u8>(), 0..40),
        ) {
            let mut forth = SetHash::new();
            let mut back = SetHash::new();
            for member in &members {
                forth.add(member);
            }
            back.add(&detour);
            for member in members.iter().rev() {
                back.add(member);
            }
            prop_assert_ne!(&forth, &back);
            back.remove(&detour);
            prop_assert_eq!(&forth, &back);
            prop_assert_eq!(SetHash::from_bytes(&forth.bytes()), Ok(back));
        }
    }

    #[test]
    fn merging_is_union() {
        let (mut left, mut right, mut both) = (SetHash::new(), SetHash::new(), SetHash::new());
        left.add(b"a");
        right.add(b"b");
        both.add(b"b");
        both.add(b"a");
        left.merge(&right);
        assert_eq!(left.digest(), both.digest());
        assert_ne!(left.digest(), right.digest());
    }

    #[test]
    fn state_is_frozen() {
        // A stored state digest must still be found equal by every later version.
        let mut set = SetHash::new();
        set.add(b"one");
        set.add(b"two");
        assert_eq!(
            crate::hex::encode(&set.digest()),
            "45063bf7e3819ac42d12756ea5e988ebd55e508adbf7c47b6d0b120e8b7fc94f"
        );
    }
}
