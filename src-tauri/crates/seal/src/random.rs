//! Random bytes from the operating system.

use ring::rand::{SecureRandom, SystemRandom};
use zeroize::Zeroizing;

use crate::{SealError, sha256};

/// RFC 4648's base32 alphabet in lower case: no 0, 1, 8 or 9 to be misread over the phone.
const BASE32: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// `N` random bytes, wiped when dropped.
///
/// # Errors
/// [`SealError::NoRandom`] when the operating system has none.
pub fn random<const N: usize>() -> Result<Zeroizing<[u8; N]>, SealError> {
    let mut bytes = Zeroizing::new([0; N]);
    SystemRandom::new().fill(&mut *bytes).map_err(|_| SealError::NoRandom)?;
    Ok(bytes)
}

/// A random name of `length` characters (five bits each) for a device, a code or a file.
///
/// # Errors
/// [`SealError::NoRandom`] when the operating system has none.
pub fn random_name(length: usize) -> Result<String, SealError> {
    let mut name = String::with_capacity(length);
    for _ in 0..length {
        name.push(char::from(BASE32[usize::from(random::<1>()?[0] & 31)]));
    }
    Ok(name)
}

/// Numbers by chance: the operating system's, or a sequence that a seed settles.
///
/// The seeded sequence is SHA-256 of a label, the seed and a counter. It is for simulations and practice only.
pub struct Dice(Source);

enum Source {
    System,
    Seeded { seed: u64, counter: u64 },
}

impl Dice {
    /// The operating system's numbers.
    #[must_use]
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// The sequence of a seed.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self(Source::Seeded { seed, counter: 0 })
    }

    /// A number below `n`, each exactly as likely as the others; 0 for 0.
    ///
    /// # Errors
    /// [`SealError::NoRandom`] when the operating system has none.
    pub fn below(&mut self, n: u32) -> Result<u32, SealError> {
        let n = u64::from(n.max(1));
        // Numbers of the last, incomplete run of n are drawn again, or the first ones would be likelier.
        let even = u64::MAX - u64::MAX % n;
        loop {
            let number = self.next()?;
            if number < even {
                return Ok(u32::try_from(number % n).expect("less than a u32"));
            }
        }
    }

    fn next(&mut self) -> Result<u64, SealError> {
        match &mut self.0 {
            Source::System => Ok(u64::from_le_bytes(*random::<8>()?)),
            Source::Seeded { seed, counter } => {
                let digest = sha256(format!("outpost-dice-1\n{seed}\n{counter}").as_bytes());
                *counter += 1;
                Ok(u64::from_le_bytes(std::array::from_fn(|at| digest[at])))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_settles_its_sequence_and_every_number_occurs_alike() {
        let roll = |seed| {
            let mut dice = Dice::seeded(seed);
            (0..6_000).map(|_| dice.below(6).expect("no system needed")).collect::<Vec<_>>()
        };
        assert_eq!(roll(1), roll(1));
        assert_ne!(roll(1), roll(2));
        for face in 0..6 {
            let count = roll(1).into_iter().filter(|rolled| *rolled == face).count();
            assert!((880..1_120).contains(&count), "{face}: {count}");
        }
        assert!(Dice::system().below(1).is_ok_and(|number| number == 0));
        assert!(Dice::system().below(0).is_ok_and(|number| number == 0));
    }

    #[test]
    fn differs_each_time() {
        assert_ne!(*random::<32>().unwrap_or_default(), *random::<32>().unwrap_or_default());
        let name = random_name(8).unwrap_or_default();
        assert_eq!(name.len(), 8);
        assert!(name.bytes().all(|byte| BASE32.contains(&byte)));
    }
}
