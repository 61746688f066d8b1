//! What a slot is bound to, and the box in it that holds the vault's keys.

use std::io::{Read, Write};

use zeroize::Zeroizing;

use super::file::FORMAT;
use crate::{
    Cost, Identity, PublicKey, Recipient, SealError, decrypt, derive_key, encrypt, hex, hmac_sha256, hmac_verify,
};

const BOX_LABEL: &str = "outpost keyslots box v2";
const KEY: usize = 32;

/// The keys of a vault.
#[derive(Clone)]
pub struct VaultKeys {
    /// The raw key of its database. Wiped when dropped.
    pub db_key: Zeroizing<[u8; 32]>,
    /// The public key of its device.
    pub device: PublicKey,
}

/// Whose slot it is.
#[derive(Clone, Copy)]
pub(super) enum Who<'a> {
    User(&'a str),
    Code { set: u64, code: u32 },
}

/// Which slot of which vault it is.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) study: &'a str,
    pub(super) device: &'a str,
    pub(super) who: Who<'a>,
}

impl Place<'_> {
    /// What a password's seal is bound to: study, device, user, the slot's form and cost.
    pub(super) fn of_password(&self, form: u32, cost: &Cost, salt: &[u8]) -> Vec<u8> {
        let numbers = [form, cost.memory_kib, cost.passes, cost.lanes].map(u32::to_be_bytes).concat();
        let (_, name) = self.named();
        joined(&[FORMAT.as_bytes(), self.study.as_bytes(), self.device.as_bytes(), &name, &numbers, salt])
    }

    /// What a code's seal is bound to.
    pub(super) fn of_code(&self) -> Vec<u8> {
        self.with(FORMAT.as_bytes())
    }

    /// The tag of a box, which only who knows the wrap secret can make.
    pub(super) fn tag(&self, wrap: &[u8; 32], boxed: &str) -> String {
        hex::encode(&hmac_sha256(&*derive_key(wrap, BOX_LABEL), &self.with(boxed.as_bytes())))
    }

    /// Opens a box whose tag fits.
    pub(super) fn open(&self, kept: &Kept<'_>, wrap: &[u8; 32], identity: &Identity) -> Result<VaultKeys, SealError> {
        let tag = hex::decode::<32>(kept.tag).map_err(|_| SealError::MalformedSlots)?;
        // Before anything of it is used.
        if !hmac_verify(&*derive_key(wrap, BOX_LABEL), &self.with(kept.boxed.as_bytes()), &tag) {
            return Err(SealError::KeyExchanged);
        }
        let both: Zeroizing<[u8; 2 * KEY]> = unboxed(identity, kept.boxed)?;
        let (db_key, device) = both.split_at(KEY);
        let device: [u8; KEY] = device.try_into().map_err(|_| SealError::MalformedSlots)?;
        let device = PublicKey::from_bytes(device).map_err(|_| SealError::MalformedSlots)?;
        let mut keys = VaultKeys { db_key: Zeroizing::new([0; KEY]), device };
        keys.db_key.copy_from_slice(db_key);
        Ok(keys)
    }

    fn with(&self, content: &[u8]) -> Vec<u8> {
        let (kind, name) = self.named();
        joined(&[self.study.as_bytes(), self.device.as_bytes(), kind, &name, content])
    }

    fn named(&self) -> (&'static [u8], Vec<u8>) {
        match self.who {
            Who::User(user) => (b"user", user.as_bytes().to_vec()),
            Who::Code { set, code } => (b"code", [set.to_be_bytes().as_slice(), &code.to_be_bytes()].concat()),
        }
    }
}

/// A box with its tag, as they stand in the file.
#[derive(Clone, Copy)]
pub(super) struct Kept<'a> {
    pub(super) boxed: &'a str,
    pub(super) tag: &'a str,
}

/// The box of the second form: the database's key and the device's public key.
pub(super) fn boxed(recipient: &Recipient, keys: &VaultKeys) -> Result<String, SealError> {
    let mut both = Zeroizing::new([0; 2 * KEY]);
    let (db_key, device) = both.split_at_mut(KEY);
    db_key.copy_from_slice(&*keys.db_key);
    device.copy_from_slice(keys.device.as_bytes());
    sealed_to(recipient, &*both)
}

/// The box of the first form: the database's key alone, which anybody may put there.
pub(super) fn boxed_first(recipient: &Recipient, db_key: &[u8; KEY]) -> Result<String, SealError> {
    sealed_to(recipient, db_key)
}

fn sealed_to(recipient: &Recipient, plain: &[u8]) -> Result<String, SealError> {
    let sealed = encrypt(std::slice::from_ref(recipient), Vec::new()).and_then(|mut out| {
        out.write_all(plain)?;
        out.finish()
    });
    Ok(hex::encode(&sealed.map_err(|_| SealError::MalformedSlots)?))
}

/// What a box holds, which is exactly so long.
pub(super) fn unboxed<const N: usize>(identity: &Identity, boxed: &str) -> Result<Zeroizing<[u8; N]>, SealError> {
    let sealed = hex::decode_vec(boxed).map_err(|_| SealError::MalformedSlots)?;
    let mut held = Zeroizing::new([0; N]);
    let mut plain = decrypt(identity, sealed.as_slice()).map_err(|_| SealError::SlotsAltered)?;
    plain.read_exact(&mut *held).map_err(|_| SealError::SlotsAltered)?;
    if plain.read(&mut [0]).map_err(|_| SealError::SlotsAltered)? != 0 {
        return Err(SealError::SlotsAltered);
    }
    Ok(held)
}

/// Parts one after another, each with its length before it so that no two places give the same bytes.
fn joined(parts: &[&[u8]]) -> Vec<u8> {
    let mut all = Vec::new();
    for part in parts {
        all.extend_from_slice(&(part.len() as u64).to_be_bytes());
        all.extend_from_slice(part);
    }
    all
}
