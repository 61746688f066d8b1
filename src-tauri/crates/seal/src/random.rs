//! Random bytes from the operating system.

use ring::rand::{SecureRandom, SystemRandom};
use zeroize::Zeroizing;

use crate::SealError;

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differs_each_time() {
        assert_ne!(*random::<32>().unwrap_or_default(), *random::<32>().unwrap_or_default());
        let name = random_name(8).unwrap_or_default();
        assert_eq!(name.len(), 8);
        assert!(name.bytes().all(|byte| BASE32.contains(&byte)));
    }
}
