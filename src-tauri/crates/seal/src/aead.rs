//! Sealing one small thing under a key of its own: ChaCha20-Poly1305 (RFC 8439).
//!
//! The key is derived from a secret that seals this one message and no other, so the nonce can stay zero. Poly1305 does not
//! commit to its key: whoever must not be able to open one ciphertext in two ways also publishes [`commitment`].

use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use zeroize::Zeroizing;

use crate::{SealError, derive_key};

const KEY: &str = "outpost-once-key-1";
const COMMITMENT: &str = "outpost-once-commitment-1";

/// Seals `plain` under a secret that must seal nothing else, bound to `context`.
#[must_use]
pub fn seal_once(secret: &[u8], context: &[u8], plain: &[u8]) -> Vec<u8> {
    let mut sealed = plain.to_vec();
    key(secret)
        .seal_in_place_append_tag(Nonce::assume_unique_for_key([0; NONCE_LEN]), Aad::from(context), &mut sealed)
        .expect("a few bytes are within ChaCha20-Poly1305's limit");
    sealed
}

/// Opens what [`seal_once`] sealed.
///
/// # Errors
/// [`SealError::WrongPassword`] for another secret, another context or altered bytes.
pub fn open_once(secret: &[u8], context: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let mut bytes = Zeroizing::new(sealed.to_vec());
    let length = key(secret)
        .open_in_place(Nonce::assume_unique_for_key([0; NONCE_LEN]), Aad::from(context), &mut bytes)
        .map_err(|_| SealError::WrongPassword)?
        .len();
    bytes.truncate(length);
    Ok(bytes)
}

/// What can be published of a secret of 128 random bits: it gives nothing of it away and fits no other.
#[must_use]
pub fn commitment(secret: &[u8]) -> [u8; 32] {
    *derive_key(secret, COMMITMENT)
}

fn key(secret: &[u8]) -> LessSafeKey {
    let bytes = derive_key(secret, KEY);
    LessSafeKey::new(UnboundKey::new(&CHACHA20_POLY1305, &*bytes).expect("ChaCha20-Poly1305 takes 32 bytes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opens_for_its_secret_and_context_only() {
        let sealed = seal_once(b"secret", b"here", b"plain");
        assert_eq!(sealed.len(), 5 + 16);
        assert_eq!(open_once(b"secret", b"here", &sealed).map(|plain| plain.to_vec()), Ok(b"plain".to_vec()));
        assert_eq!(open_once(b"Secret", b"here", &sealed), Err(SealError::WrongPassword));
        assert_eq!(open_once(b"secret", b"there", &sealed), Err(SealError::WrongPassword));
        for place in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[place] ^= 1;
            assert!(open_once(b"secret", b"here", &altered).is_err(), "byte {place}");
        }
        assert!(open_once(b"secret", b"here", &sealed[..3]).is_err());
    }

    #[test]
    fn a_commitment_tells_secrets_apart_and_is_not_the_key() {
        assert_ne!(commitment(b"one"), commitment(b"two"));
        assert_ne!(commitment(b"one"), *derive_key(b"one", KEY));
    }

    #[test]
    fn the_format_is_frozen() {
        let sealed = crate::hex::encode(&seal_once(&[7; 16], b"outpost", &[1; 4]));
        assert_eq!(sealed, FROZEN);
    }

    const FROZEN: &str = "5555cc48880b58a3ab1ef27d7fd145e470909dab";
}
