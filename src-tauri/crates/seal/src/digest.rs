//! SHA-256 (FIPS 180-4), HMAC (RFC 2104) and HKDF (RFC 5869), all over SHA-256.

use std::io;

use ring::{digest, hkdf, hmac};
use zeroize::Zeroizing;

/// The SHA-256 of `bytes`.
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    into_array(digest::digest(&digest::SHA256, bytes).as_ref())
}

/// SHA-256 of what is written to it.
#[derive(Clone)]
pub struct Sha256(digest::Context);

impl Sha256 {
    /// The digest of nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self(digest::Context::new(&digest::SHA256))
    }

    /// Adds `bytes` to what is hashed.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The digest of everything taken in.
    #[must_use]
    pub fn finish(self) -> [u8; 32] {
        into_array(self.0.finish().as_ref())
    }
}

impl Default for Sha256 {
    fn default() -> Self {
        Self::new()
    }
}

impl io::Write for Sha256 {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// HMAC-SHA-256 of `message` under `key`.
#[must_use]
pub fn hmac_sha256(key: &[u8], message: &[u8]) -> [u8; 32] {
    into_array(hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), message).as_ref())
}

/// Whether `tag` is the HMAC-SHA-256 of `message` under `key`, compared in constant time.
#[must_use]
pub fn hmac_verify(key: &[u8], message: &[u8], tag: &[u8]) -> bool {
    hmac::verify(&hmac::Key::new(hmac::HMAC_SHA256, key), message, tag).is_ok()
}

/// A key for one purpose, derived from `secret` by HKDF-SHA-256 without salt; `label` names the purpose and its version.
#[must_use]
pub fn derive_key(secret: &[u8], label: &str) -> Zeroizing<[u8; 32]> {
    let mut key = Zeroizing::new([0; 32]);
    let pseudorandom = hkdf::Salt::new(hkdf::HKDF_SHA256, &[]).extract(secret);
    pseudorandom
        .expand(&[label.as_bytes()], hkdf::HKDF_SHA256)
        .and_then(|output| output.fill(&mut *key))
        .expect("32 bytes are within HKDF-SHA-256's limit of 255 × 32");
    key
}

fn into_array(bytes: &[u8]) -> [u8; 32] {
    bytes.try_into().expect("SHA-256 gives 32 bytes")
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::hex;

    #[test]
    fn sha256_known_answers() {
        // FIPS 180-4's examples: the empty message and "abc".
        assert_eq!(hex::encode(&sha256(b"")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        let mut stream = Sha256::new();
        stream.write_all(b"a").expect("a digest takes every byte");
        stream.write_all(b"bc").expect("a digest takes every byte");
        assert_eq!(hex::encode(&stream.finish()), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn hmac_known_answer() {
        // RFC 4231, test case 2.
        let tag = hmac_sha256(b"Jefe", b"what do ya want for nothing?");
        assert_eq!(hex::encode(&tag), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        assert!(hmac_verify(b"Jefe", b"what do ya want for nothing?", &tag));
        assert!(!hmac_verify(b"Jefe", b"what do ya want for nothing!", &tag));
        assert!(!hmac_verify(b"Jefe", b"what do ya want for nothing?", &tag[..31]));
    }

    #[test]
    fn hkdf_known_answer() {
        // RFC 5869, test case 3: no salt, no info; the first 32 bytes of its output.
        let key = derive_key(&[0x0b; 22], "");
        assert_eq!(hex::encode(&*key), "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d");
        assert_ne!(*derive_key(&[0x0b; 22], "a"), *derive_key(&[0x0b; 22], "b"));
    }
}
