//! What the center reads back. **Frozen format, version 1: do not modify.**

use std::fmt;

use seal::{Zeroizing, sha256};

use crate::code::{self, CodeError};
use crate::{RequestCode, SlotKey};

/// Characters without the check.
const LENGTH: usize = 28;
/// Characters of a group.
const GROUP: usize = 5;
const MASK: &str = "outpost-release-1\n";

/// One slot's number and key, for one request: 30 characters, in groups of five.
///
/// The slot's number (12 bits) comes first, then its key (128 bits), combined with a digest of the request code by
/// exclusive or: entered at another request, it opens nothing. The key itself is what proves the code: its commitment was
/// published.
#[derive(Clone, PartialEq, Eq)]
pub struct ReleaseCode {
    slot: u16,
    masked: u128,
}

impl ReleaseCode {
    /// Most slots of a stratum.
    pub const MOST_SLOTS: u16 = (1 << 12) - 1;

    /// Releases a slot to a request; none where the slot's number is beyond what a code can say.
    #[must_use]
    pub fn new(request: &RequestCode, slot: u32, key: &SlotKey) -> Option<Self> {
        let slot = u16::try_from(slot).ok().filter(|slot| *slot <= Self::MOST_SLOTS)?;
        Some(Self { slot, masked: u128::from_be_bytes(**key) ^ mask(request) })
    }

    /// Which slot of the stratum, from 1.
    #[must_use]
    pub fn slot(&self) -> u32 {
        self.slot.into()
    }

    /// The slot's key, if the code was given for this request.
    #[must_use]
    pub fn key(&self, request: &RequestCode) -> SlotKey {
        Zeroizing::new((self.masked ^ mask(request)).to_be_bytes())
    }

    /// Reads a code, however it is spaced.
    ///
    /// # Errors
    /// Why it cannot be right.
    pub fn read(text: &str) -> Result<Self, CodeError> {
        let (masked, slot) = code::read(text, LENGTH)?;
        Ok(Self { slot, masked })
    }

    /// As it is read aloud. The code opens a slot, so it is no `Display`.
    #[must_use]
    pub fn spoken(&self) -> Zeroizing<String> {
        struct Grouped<'a>(&'a str);
        impl fmt::Display for Grouped<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                code::grouped(f, self.0, GROUP)
            }
        }
        let plain = Zeroizing::new(code::write(self.masked, self.slot, LENGTH));
        Zeroizing::new(Grouped(&plain).to_string())
    }
}

impl fmt::Debug for ReleaseCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ReleaseCode(slot {})", self.slot)
    }
}

fn mask(request: &RequestCode) -> u128 {
    let digest = sha256(format!("{MASK}{}", request.bits()).as_bytes());
    u128::from_be_bytes(std::array::from_fn(|at| digest[at]))
}
