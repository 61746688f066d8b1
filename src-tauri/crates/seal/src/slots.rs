//! Key slots: the database key and each user's signing seed, sealed under that user's password.
//!
//! The file is JSON, written in one exact form. Each slot is sealed by ChaCha20-Poly1305 (RFC 8439) under a key that
//! Argon2id (RFC 9106) derives from the password, bound to study, device, user and version. It holds the user's signing
//! seed and an age identity; the database key lies beside it, encrypted to that identity. So the key can be replaced
//! for everybody while nobody's password is at hand, and who knew the old key and left learns nothing of the new one.
//! The whole file carries an HMAC under a key derived from the database key: only who holds that key can change it.

use std::io::{Read, Write};
use std::time::{Duration, Instant};

use argon2::{Algorithm, Argon2, Params, Version};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, Zeroizing};

use crate::{Identity, Recipient, SealError, decrypt, derive_key, encrypt, hex, hmac_sha256, hmac_verify, random};

const FORMAT: &str = "outpost-keyslots";
const VERSION: u32 = 1;
const MAC_LABEL: &str = "outpost keyslots mac v1";
const MAX_FILE: usize = 1 << 20;
const SEED: usize = 32;

/// What hashing a password costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cost {
    /// Argon2's memory cost in KiB.
    pub memory_kib: u32,
    /// Argon2's time cost: passes over the memory.
    pub passes: u32,
    /// Argon2's degree of parallelism.
    pub lanes: u32,
}

impl Cost {
    /// The least that is ever used or accepted: 64 MiB, three passes, one lane (RFC 9106 section 4's second choice has
    /// the same memory and passes with four lanes).
    #[must_use]
    pub const fn floor() -> Self {
        Self { memory_kib: 64 * 1024, passes: 3, lanes: 1 }
    }

    /// The most that is accepted, so that an edited file cannot exhaust the computer.
    const fn ceiling() -> Self {
        Self { memory_kib: 1024 * 1024, passes: 64, lanes: 16 }
    }

    /// The cost that takes about `target` (500 ms is meant) on this computer, never under the floor. More passes rather
    /// than more memory, so that an old laptop with 4 GB still opens it.
    ///
    /// # Errors
    /// [`SealError::CostOutOfBounds`] when the computer cannot spare 64 MiB.
    pub fn calibrate(target: Duration) -> Result<Self, SealError> {
        let floor = Self::floor();
        let start = Instant::now();
        derive(b"calibration", &[0; 16], &floor)?;
        let per_pass = start.elapsed().max(Duration::from_millis(1)) / floor.passes;
        let passes = target.as_nanos() / per_pass.as_nanos().max(1);
        let passes = u32::try_from(passes).unwrap_or(u32::MAX).clamp(floor.passes, Self::ceiling().passes);
        Ok(Self { passes, ..floor })
    }

    fn is_within(&self, least: &Self, most: &Self) -> bool {
        (least.memory_kib..=most.memory_kib).contains(&self.memory_kib)
            && (least.passes..=most.passes).contains(&self.passes)
            && (least.lanes..=most.lanes).contains(&self.lanes)
    }
}

/// What a password opens. Wiped when dropped; has no `Debug`.
pub struct Unlocked {
    /// The raw key of the database.
    pub db_key: Zeroizing<[u8; 32]>,
    /// The seed of the user's own signing key.
    pub signing_seed: Zeroizing<[u8; 32]>,
}

/// The file. Do not modify: frozen as version 1.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: String,
    version: u32,
    study: String,
    device: String,
    revision: u64,
    slots: Vec<Slot>,
    mac: String,
}

/// One user's slot. Do not modify: frozen as version 1.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Slot {
    user: String,
    cost: Cost,
    salt: String,
    nonce: String,
    /// The signing seed, then the age identity's text.
    sealed: String,
    recipient: Recipient,
    /// An age file holding the database key.
    key: String,
}

/// The key slots of one vault.
#[derive(Clone, PartialEq, Eq)]
pub struct KeySlots(File);

impl KeySlots {
    /// A file without any slot for the vault of `device` in `study`.
    #[must_use]
    pub fn new(study: &str, device: &str) -> Self {
        Self(File {
            format: FORMAT.to_owned(),
            version: VERSION,
            study: study.to_owned(),
            device: device.to_owned(),
            revision: 0,
            slots: Vec::new(),
            mac: String::new(),
        })
    }

    /// Reads the file's bytes. Whether they are authentic shows at [`KeySlots::unlock`], when the key is there.
    ///
    /// # Errors
    /// [`SealError::MalformedSlots`], [`SealError::NewerSlots`], or [`SealError::CostOutOfBounds`] when a slot asks for
    /// less than the floor or more than the ceiling.
    pub fn read(bytes: &[u8]) -> Result<Self, SealError> {
        if bytes.len() > MAX_FILE {
            return Err(SealError::MalformedSlots);
        }
        #[derive(Deserialize)]
        struct Head {
            format: String,
            version: u32,
        }
        let head: Head = serde_json::from_slice(bytes).map_err(|_| SealError::MalformedSlots)?;
        if head.format == FORMAT && head.version > VERSION {
            return Err(SealError::NewerSlots);
        }
        let file: File = serde_json::from_slice(bytes).map_err(|_| SealError::MalformedSlots)?;
        if file.format != FORMAT || file.version != VERSION || written(&file) != bytes {
            return Err(SealError::MalformedSlots);
        }
        if !file.slots.iter().all(|slot| slot.cost.is_within(&Cost::floor(), &Cost::ceiling())) {
            return Err(SealError::CostOutOfBounds);
        }
        Ok(Self(file))
    }

    /// The file's bytes under the MAC of `db_key`. Each call raises the revision, which is to be repeated in the
    /// database so that an old file put back is noticed.
    pub fn write(&mut self, db_key: &[u8; 32]) -> Vec<u8> {
        self.0.revision += 1;
        self.0.mac = hex::encode(&hmac_sha256(&*derive_key(db_key, MAC_LABEL), &self.authenticated()));
        written(&self.0)
    }

    /// How often the file was written.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.0.revision
    }

    /// OID of the study that the slots belong to.
    #[must_use]
    pub fn study(&self) -> &str {
        &self.0.study
    }

    /// Id of the device that the slots belong to.
    #[must_use]
    pub fn device(&self) -> &str {
        &self.0.device
    }

    /// The users that have a slot, in the order in which they were added.
    pub fn users(&self) -> impl Iterator<Item = &str> {
        self.0.slots.iter().map(|slot| slot.user.as_str())
    }

    /// Adds a slot for `user`.
    ///
    /// # Errors
    /// [`SealError::UserExists`], [`SealError::CostOutOfBounds`] under the floor, [`SealError::NoRandom`].
    pub fn add(&mut self, user: &str, password: &str, cost: &Cost, secrets: &Unlocked) -> Result<(), SealError> {
        if self.users().any(|known| known == user) {
            return Err(SealError::UserExists);
        }
        if !cost.is_within(&Cost::floor(), &Cost::ceiling()) {
            return Err(SealError::CostOutOfBounds);
        }
        let slot = self.sealed_slot(user, password, cost, secrets)?;
        self.0.slots.push(slot);
        Ok(())
    }

    /// Replaces `user`'s slot, for a new password.
    ///
    /// # Errors
    /// [`SealError::UnknownUser`], [`SealError::CostOutOfBounds`], [`SealError::NoRandom`].
    pub fn replace(&mut self, user: &str, password: &str, cost: &Cost, secrets: &Unlocked) -> Result<(), SealError> {
        if !cost.is_within(&Cost::floor(), &Cost::ceiling()) {
            return Err(SealError::CostOutOfBounds);
        }
        let place = self.0.slots.iter().position(|slot| slot.user == user).ok_or(SealError::UnknownUser)?;
        self.0.slots[place] = self.sealed_slot(user, password, cost, secrets)?;
        Ok(())
    }

    /// Removes `user`'s slot. The database key is still known to that user until the database is written anew.
    ///
    /// # Errors
    /// [`SealError::UnknownUser`].
    pub fn remove(&mut self, user: &str) -> Result<(), SealError> {
        let place = self.0.slots.iter().position(|slot| slot.user == user).ok_or(SealError::UnknownUser)?;
        self.0.slots.remove(place);
        Ok(())
    }

    /// Puts another database key into every slot; passwords stay as they are. For after [`KeySlots::remove`].
    ///
    /// # Errors
    /// [`SealError::MalformedSlots`] when the key can't be encrypted.
    pub fn rekey(&mut self, db_key: &[u8; 32]) -> Result<(), SealError> {
        for slot in &mut self.0.slots {
            slot.key = encrypted_key(&slot.recipient, db_key)?;
        }
        Ok(())
    }

    /// Opens `user`'s slot without asking whether the file was changed: to heal a file that was.
    ///
    /// # Errors
    /// [`SealError::UnknownUser`], [`SealError::WrongPassword`], [`SealError::MalformedSlots`].
    pub fn unlock_unverified(&self, user: &str, password: &str) -> Result<Unlocked, SealError> {
        let slot = self.0.slots.iter().find(|slot| slot.user == user).ok_or(SealError::UnknownUser)?;
        self.open_slot(slot, password)
    }

    /// Whether who wrote the file held this key.
    #[must_use]
    pub fn is_authentic(&self, db_key: &[u8; 32]) -> bool {
        hex::decode::<32>(&self.0.mac)
            .is_ok_and(|tag| hmac_verify(&*derive_key(db_key, MAC_LABEL), &self.authenticated(), &tag))
    }

    /// Opens `user`'s slot and checks the whole file's MAC.
    ///
    /// # Errors
    /// [`SealError::UnknownUser`], [`SealError::WrongPassword`], or [`SealError::SlotsAltered`] when the password fits and
    /// the file was still changed by something that did not hold the database key.
    pub fn unlock(&self, user: &str, password: &str) -> Result<Unlocked, SealError> {
        let unlocked = self.unlock_unverified(user, password)?;
        if self.is_authentic(&unlocked.db_key) { Ok(unlocked) } else { Err(SealError::SlotsAltered) }
    }

    /// What the MAC covers: the file with an empty MAC.
    fn authenticated(&self) -> Vec<u8> {
        written(&File { mac: String::new(), ..self.0.clone() })
    }

    fn sealed_slot(&self, user: &str, password: &str, cost: &Cost, secrets: &Unlocked) -> Result<Slot, SealError> {
        let salt = random::<16>()?;
        let nonce = random::<12>()?;
        let key = aead_key(&*derive(password.as_bytes(), &salt, cost)?);
        let identity = Identity::make();
        let secret = identity.to_secret();
        // Reserved at once: growing would leave a copy of the secrets behind.
        let mut sealed = Vec::with_capacity(SEED + secret.len() + 16);
        sealed.extend_from_slice(&*secrets.signing_seed);
        sealed.extend_from_slice(secret.as_bytes());
        key.seal_in_place_append_tag(
            Nonce::assume_unique_for_key(*nonce),
            Aad::from(self.binding(user, cost, &*salt)),
            &mut sealed,
        )
        .expect("a seed and an identity are within ChaCha20-Poly1305's limit");
        Ok(Slot {
            user: user.to_owned(),
            cost: *cost,
            salt: hex::encode(&*salt),
            nonce: hex::encode(&*nonce),
            sealed: hex::encode(&sealed),
            recipient: identity.recipient(),
            key: encrypted_key(&identity.recipient(), &secrets.db_key)?,
        })
    }

    fn open_slot(&self, slot: &Slot, password: &str) -> Result<Unlocked, SealError> {
        let salt = hex::decode::<16>(&slot.salt).map_err(|_| SealError::MalformedSlots)?;
        let nonce = hex::decode::<12>(&slot.nonce).map_err(|_| SealError::MalformedSlots)?;
        let mut sealed = Zeroizing::new(hex::decode_vec(&slot.sealed).map_err(|_| SealError::MalformedSlots)?);
        let key = aead_key(&*derive(password.as_bytes(), &salt, &slot.cost)?);
        let plain = key
            .open_in_place(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(self.binding(&slot.user, &slot.cost, &salt)),
                &mut sealed,
            )
            .map_err(|_| SealError::WrongPassword)?;
        let (seed, identity) = plain.split_first_chunk::<SEED>().ok_or(SealError::MalformedSlots)?;
        let identity = std::str::from_utf8(identity).map_err(|_| SealError::MalformedSlots)?;
        let identity = identity.parse().map_err(|_| SealError::MalformedSlots)?;
        let unlocked = Unlocked { db_key: decrypted_key(&identity, &slot.key)?, signing_seed: Zeroizing::new(*seed) };
        plain.zeroize();
        Ok(unlocked)
    }

    /// Study, device, user, version and cost, each with its length before it so that no two places give the same bytes.
    fn binding(&self, user: &str, cost: &Cost, salt: &[u8]) -> Vec<u8> {
        let numbers = [VERSION, cost.memory_kib, cost.passes, cost.lanes].map(u32::to_be_bytes).concat();
        let parts =
            [FORMAT.as_bytes(), self.0.study.as_bytes(), self.0.device.as_bytes(), user.as_bytes(), &numbers, salt];
        let mut binding = Vec::new();
        for part in parts {
            binding.extend_from_slice(&(part.len() as u64).to_be_bytes());
            binding.extend_from_slice(part);
        }
        binding
    }
}

fn encrypted_key(recipient: &Recipient, db_key: &[u8; 32]) -> Result<String, SealError> {
    let sealed = encrypt(std::slice::from_ref(recipient), Vec::new()).and_then(|mut out| {
        out.write_all(db_key)?;
        out.finish()
    });
    Ok(hex::encode(&sealed.map_err(|_| SealError::MalformedSlots)?))
}

fn decrypted_key(identity: &Identity, sealed: &str) -> Result<Zeroizing<[u8; 32]>, SealError> {
    let sealed = hex::decode_vec(sealed).map_err(|_| SealError::MalformedSlots)?;
    let mut key = Zeroizing::new([0; 32]);
    let mut plain = decrypt(identity, sealed.as_slice()).map_err(|_| SealError::SlotsAltered)?;
    plain.read_exact(&mut *key).map_err(|_| SealError::SlotsAltered)?;
    if plain.read(&mut [0]).map_err(|_| SealError::SlotsAltered)? != 0 {
        return Err(SealError::SlotsAltered);
    }
    Ok(key)
}

fn written(file: &File) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(file).expect("strings and numbers can always be written as JSON");
    bytes.push(b'\n');
    bytes
}

pub(crate) fn aead_key(bytes: &[u8; 32]) -> LessSafeKey {
    LessSafeKey::new(UnboundKey::new(&CHACHA20_POLY1305, bytes).expect("ChaCha20-Poly1305 takes 32 bytes"))
}

fn derive(password: &[u8], salt: &[u8; 16], cost: &Cost) -> Result<Zeroizing<[u8; 32]>, SealError> {
    let params =
        Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(32)).map_err(|_| SealError::CostOutOfBounds)?;
    let mut key = Zeroizing::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(password, salt, &mut *key)
        .map_err(|_| SealError::CostOutOfBounds)?;
    Ok(key)
}

#[cfg(test)]
mod tests;
