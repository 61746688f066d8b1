//! Ed25519 (RFC 8032) by ring, in OpenSSH's forms: `ssh-ed25519 AAAA…` keys and SSHSIG signatures
//! (OpenSSH PROTOCOL.sshsig).

use std::fmt;
use std::str::FromStr;

use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use serde::{Deserialize, Serialize};
use ssh_key::public::{Ed25519PublicKey, KeyData};
use ssh_key::{Algorithm, HashAlg, LineEnding, Signature, SshSig};
use zeroize::Zeroizing;

use crate::{SealError, fingerprint_words, random};

/// A longer armour than any Ed25519 signature needs; what is longer is not read.
const MAX_ARMOUR: usize = 1024;

/// The y coordinates, least significant byte first, of the eight points whose order divides 8 (RFC 7748's cofactor):
/// y = 0, 1, −1 and the two of order 8. The sign bit of x is left out.
const LOW_ORDER: [[u8; 32]; 5] = [
    [0; 32],
    one(),
    [
        0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf,
        0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05,
    ],
    [
        0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20,
        0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a,
    ],
    [
        0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f,
    ],
];

const fn one() -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes[0] = 1;
    bytes
}

/// An Ed25519 signing key. Only its 32-byte seed is kept, wiped when dropped.
#[derive(Clone)]
pub struct SigningKey {
    seed: Zeroizing<[u8; 32]>,
    public: PublicKey,
}

impl SigningKey {
    /// A new random key.
    ///
    /// # Errors
    /// [`SealError::NoRandom`] when the operating system has no random numbers.
    pub fn make() -> Result<Self, SealError> {
        Ok(Self::from_seed(&*random::<32>()?))
    }

    /// The key of a stored seed (RFC 8032's 32-byte private key).
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        let public =
            PublicKey(pair(seed).public_key().as_ref().try_into().expect("an Ed25519 public key has 32 bytes"));
        Self { seed: Zeroizing::new(*seed), public }
    }

    /// The seed, for storing it under encryption.
    #[must_use]
    pub fn seed(&self) -> &Zeroizing<[u8; 32]> {
        &self.seed
    }

    /// The public half of the key pair.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        self.public
    }

    /// The plain 64-byte signature of RFC 8032.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        pair(&self.seed).sign(message).as_ref().try_into().expect("an Ed25519 signature has 64 bytes")
    }

    /// The armoured SSH signature of `message` for the purpose `namespace`, byte for byte what
    /// `ssh-keygen -Y sign -n NAMESPACE` writes.
    ///
    /// # Panics
    /// When `namespace` is empty: it is always a constant of the program.
    #[must_use]
    pub fn sign_ssh(&self, namespace: &str, message: &[u8]) -> String {
        let signed = SshSig::signed_data(namespace, HashAlg::Sha512, message)
            .expect("a constant, non-empty namespace can be encoded");
        Signature::new(Algorithm::Ed25519, self.sign(&signed))
            .and_then(|signature| SshSig::new(self.public.key_data(), namespace, HashAlg::Sha512, signature))
            .and_then(|signature| signature.to_pem(LineEnding::LF))
            .expect("64 bytes are a well-formed Ed25519 signature")
    }
}

fn pair(seed: &[u8; 32]) -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(seed).expect("every 32 bytes are an Ed25519 seed")
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "SigningKey(of {})", self.public)
    }
}

/// An Ed25519 public key, known to be canonical and not of low order. Shown and stored as `ssh-ed25519 AAAA…`,
/// without a comment.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PublicKey([u8; 32]);

impl PublicKey {
    /// The key of 32 raw bytes.
    ///
    /// # Errors
    /// [`SealError::LowOrderKey`] or, when the coordinate is not below 2^255 − 19, [`SealError::MalformedKey`].
    pub fn from_bytes(bytes: [u8; 32]) -> Result<Self, SealError> {
        let mut coordinate = bytes;
        coordinate[31] &= 0x7f;
        if !below_prime(&coordinate) {
            return Err(SealError::MalformedKey);
        }
        if LOW_ORDER.contains(&coordinate) {
            return Err(SealError::LowOrderKey);
        }
        Ok(Self(bytes))
    }

    /// The raw 32 bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The fingerprint as `ssh-keygen -l` shows it: `SHA256:…`.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        self.key_data().fingerprint(HashAlg::Sha256).to_string()
    }

    /// The fingerprint as ten words to be compared by telephone: the same SHA-256 as [`PublicKey::fingerprint`].
    #[must_use]
    pub fn words(&self) -> String {
        let mut wire = Vec::with_capacity(51);
        for part in [b"ssh-ed25519".as_slice(), &self.0] {
            wire.extend_from_slice(&u32::try_from(part.len()).expect("32 fits").to_be_bytes());
            wire.extend_from_slice(part);
        }
        fingerprint_words(&wire)
    }

    /// Checks a plain 64-byte signature of RFC 8032.
    ///
    /// # Errors
    /// [`SealError::BadSignature`].
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), SealError> {
        UnparsedPublicKey::new(&ED25519, &self.0).verify(message, signature).map_err(|_| SealError::BadSignature)
    }

    fn key_data(&self) -> KeyData {
        KeyData::Ed25519(Ed25519PublicKey(self.0))
    }
}

/// Whether the number, least significant byte first and with its top bit clear, is below 2^255 − 19.
fn below_prime(coordinate: &[u8; 32]) -> bool {
    coordinate[31] != 0x7f || coordinate[1..31].iter().any(|byte| *byte != 0xff) || coordinate[0] < 0xed
}

impl FromStr for PublicKey {
    type Err = SealError;

    /// Reads exactly `ssh-ed25519 AAAA…`: no comment, no spare space, no line end.
    fn from_str(line: &str) -> Result<Self, SealError> {
        let key = ssh_key::PublicKey::from_openssh(line).map_err(|_| SealError::MalformedKey)?;
        let key = Self::from_bytes(key.key_data().ed25519().ok_or(SealError::MalformedKey)?.0)?;
        if key.to_string() == line { Ok(key) } else { Err(SealError::MalformedKey) }
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = ssh_key::PublicKey::new(self.key_data(), "").to_openssh().map_err(|_| fmt::Error)?;
        out.write_str(line.trim_end())
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "PublicKey({self})")
    }
}

impl TryFrom<String> for PublicKey {
    type Error = SealError;

    fn try_from(line: String) -> Result<Self, SealError> {
        line.parse()
    }
}

impl From<PublicKey> for String {
    fn from(key: PublicKey) -> Self {
        key.to_string()
    }
}

/// Checks that `armoured` is `key`'s SSH signature of `message` for the purpose `namespace`.
///
/// Stricter than `ssh-keygen -Y verify`: the armour must be exactly what [`SigningKey::sign_ssh`] would write, so that
/// no byte of it can be changed unnoticed.
///
/// # Errors
/// [`SealError::MalformedSignature`], [`SealError::WrongNamespace`], [`SealError::OtherKey`] or
/// [`SealError::BadSignature`].
pub fn verify_ssh(key: &PublicKey, namespace: &str, message: &[u8], armoured: &str) -> Result<(), SealError> {
    if armoured.len() > MAX_ARMOUR {
        return Err(SealError::MalformedSignature);
    }
    let signature = SshSig::from_pem(armoured).map_err(|_| SealError::MalformedSignature)?;
    let again = signature.to_pem(LineEnding::LF).map_err(|_| SealError::MalformedSignature)?;
    if again != armoured
        || signature.version() != SshSig::VERSION
        || !signature.reserved().is_empty()
        || signature.hash_alg() != HashAlg::Sha512
        || signature.algorithm() != Algorithm::Ed25519
    {
        return Err(SealError::MalformedSignature);
    }
    if signature.namespace() != namespace {
        return Err(SealError::WrongNamespace);
    }
    if signature.public_key() != &key.key_data() {
        return Err(SealError::OtherKey);
    }
    let signed = SshSig::signed_data(namespace, HashAlg::Sha512, message).map_err(|_| SealError::WrongNamespace)?;
    key.verify(&signed, signature.signature_bytes())
}

#[cfg(test)]
mod tests;
