//! What a site reads to the center. **Frozen format, version 0: do not modify.**

use std::fmt;
use std::str::FromStr;

use casebook::EntryId;
use seal::sha256;

use crate::code::{self, CodeError};

/// Characters without the check.
const LENGTH: usize = 18;
/// Characters of a group.
const GROUP: usize = 4;

/// A request for one allocation: 20 characters, in groups of four.
///
/// From the most significant bit: version (4 bits, 0), device (20, from the digest of its id), subject (14, the number in
/// its key), stratum (8), number of the request among its device's (12), and the first 32 bits of the request's entry id.
/// So the code stands for one entry of one log: whoever turns a vault back and asks again has another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestCode {
    device: u32,
    /// The number in the subject's key.
    pub subject: u16,
    /// Which stratum, from 0.
    pub stratum: u16,
    /// The how many-th request of its device, from 1.
    pub number: u16,
    entry: u32,
}

impl RequestCode {
    /// Most subjects of a site.
    pub const MOST_SUBJECTS: u16 = (1 << 14) - 1;
    /// Most strata of a study.
    pub const MOST_STRATA: u16 = 1 << 8;
    /// Most requests of a device.
    pub const MOST_REQUESTS: u16 = (1 << 12) - 1;

    /// The code of a request; none where a number is beyond what a code can say.
    #[must_use]
    pub fn new(device: &str, subject: u32, stratum: u32, number: u32, entry: EntryId) -> Option<Self> {
        let within = |number: u32, most: u16| u16::try_from(number).ok().filter(|number| *number <= most);
        Some(Self {
            device: tag(device),
            subject: within(subject, Self::MOST_SUBJECTS)?,
            stratum: within(stratum, Self::MOST_STRATA - 1)?,
            number: within(number, Self::MOST_REQUESTS)?,
            entry: first_bits(&entry),
        })
    }

    /// Whether it comes from this device.
    #[must_use]
    pub fn is_of(&self, device: &str) -> bool {
        self.device == tag(device)
    }

    /// Whether it stands for this entry.
    #[must_use]
    pub fn names(&self, entry: &EntryId) -> bool {
        self.entry == first_bits(entry)
    }

    /// The bits, as the release is bound to them.
    pub(super) fn bits(&self) -> u128 {
        let mut bits = u128::from(self.device);
        for (part, size) in [(self.subject, 14), (self.stratum, 8), (self.number, 12)] {
            bits = bits << size | u128::from(part);
        }
        bits << 32 | u128::from(self.entry)
    }
}

impl fmt::Display for RequestCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        code::grouped(f, &code::write(self.bits(), 0, LENGTH), GROUP)
    }
}

impl FromStr for RequestCode {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, CodeError> {
        let (bits, _) = code::read(text, LENGTH)?;
        if bits >> 86 != 0 {
            return Err(CodeError::Newer);
        }
        let part = |shift: u32, size: u32| u32::try_from(bits >> shift & ((1 << size) - 1)).unwrap_or_default();
        let small = |shift, size| u16::try_from(part(shift, size)).unwrap_or_default();
        Ok(Self {
            device: part(66, 20),
            subject: small(52, 14),
            stratum: small(44, 8),
            number: small(32, 12),
            entry: part(0, 32),
        })
    }
}

/// Twenty bits of a device's id: enough to tell a site's devices apart; the center looks for the one that they fit.
fn tag(device: &str) -> u32 {
    let digest = sha256(format!("outpost-device\n{device}").as_bytes());
    u32::from_be_bytes([0, digest[0], digest[1], digest[2]]) >> 4
}

fn first_bits(entry: &EntryId) -> u32 {
    let [a, b, c, d, ..] = entry.0;
    u32::from_be_bytes([a, b, c, d])
}
