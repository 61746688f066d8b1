//! Keys, slots, signatures, encryption, hashes.
//!
//! The only room that computes with secrets, and the only one that names a cryptographic library. It knows neither
//! files nor databases nor what is being protected: bytes in, bytes out.
//!
//! Everything made here can be checked with public programs: signatures with `ssh-keygen -Y verify`, encryption with
//! `age -d`, digests with `sha256sum`. Every decoder is strict: what it accepts, its encoder writes back byte for byte.
//!
//! A signature fits one message only:
//!
//! ```
//! use seal::{SealError, SigningKey, verify_ssh};
//!
//! let key = SigningKey::make()?;
//! let signature = key.sign_ssh("example", b"as it was said");
//! verify_ssh(&key.public(), "example", b"as it was said", &signature)?;
//!
//! let other = verify_ssh(&key.public(), "example", b"as it was not", &signature);
//! assert_eq!(other, Err(SealError::BadSignature));
//! # Ok::<(), SealError>(())
//! ```

mod aead;
mod cost;
mod crypt;
mod digest;
mod error;
mod fingerprint;
mod memory;
pub mod password;
mod random;
pub mod recovery;
mod set_hash;
mod sign;
mod signers;
mod slots;

pub use aead::{commitment, open_once, seal_once};
pub use cost::Cost;
pub use crypt::{
    Decrypted, Encrypting, Identity, Recipient, decrypt, decrypt_with_passphrase, encrypt, encrypt_to_passphrase,
};
pub use digest::{Sha256, derive_key, hmac_sha256, hmac_verify, sha256};
pub use error::SealError;
pub use fingerprint::fingerprint_words;
pub use memory::forbid_dumps;
pub use random::{Dice, random, random_name};
pub use set_hash::SetHash;
pub use sign::{PublicKey, SigningKey, verify_ssh};
pub use signers::{AllowedSigner, AllowedSigners, SignerStanding};
pub use slots::{Bond, KeySlots, NewSlot, Recovered, Unlocked, VaultKeys, Wrap};
pub use zeroize::Zeroizing;

pub mod hex;
#[cfg(test)]
mod vectors;
