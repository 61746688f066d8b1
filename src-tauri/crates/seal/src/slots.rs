//! Key slots: the keys of a vault, sealed under each user's password and under recovery codes.
//!
//! The file is JSON, written in one exact form. Each slot is sealed by ChaCha20-Poly1305 (RFC 8439) under a key that
//! Argon2id (RFC 9106) derives from the password, bound to study, device, user and form. It holds the user's signing
//! seed, a wrap secret and an age identity; the database key and the device's public key lie beside it in a box, encrypted
//! to that identity and authenticated under the wrap secret. So the key can be replaced for everybody while nobody's
//! password is at hand, by who knows the wrap secrets, and nobody else can put another vault's key there.
//! Who knew the old key and left learns nothing of the new one.
//! The whole file carries an HMAC under a key derived from the database key: only who holds that key can change it.
//!
//! A slot of the first form has no wrap secret: it opens whatever key lies in its box.

mod file;
mod place;

use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};
use zeroize::{Zeroize, Zeroizing};

use crate::cost::derive;
use crate::recovery::{RecoveryCode, RecoveryCodes};
use crate::{
    Cost, Identity, SealError, derive_key, hex, hmac_sha256, hmac_verify, open_once, random, seal_once, sha256,
};
use file::{CodeSlot, File, Recovery, Slot};
use place::{Kept, Place, Who, boxed, boxed_first, unboxed};

pub use place::VaultKeys;

const MAC_LABEL: &str = "outpost keyslots mac v1";
/// The first form of a slot: its box is not authenticated.
const FIRST: u32 = 1;
/// The second: it is, by a wrap secret.
const SECOND: u32 = 2;
const SECRET: usize = 32;

/// Whose slot is made, and by which password it opens.
#[derive(Clone, Copy)]
pub struct NewSlot<'a> {
    /// User id.
    pub user: &'a str,
    /// The password, as typed.
    pub password: &'a str,
    /// What hashing it costs.
    pub cost: Cost,
}

/// What a password opens. Wiped when dropped; has no `Debug`.
pub struct Unlocked {
    /// The raw key of the database.
    pub db_key: Zeroizing<[u8; 32]>,
    /// The seed of the user's own signing key.
    pub signing_seed: Zeroizing<[u8; 32]>,
    /// What ties the key to this slot; none in a slot of the first form, in which anybody may have put it.
    pub bond: Option<Bond>,
}

/// What a recovery code opens. Wiped when dropped; has no `Debug`.
pub struct Recovered {
    /// The code's number in its set.
    pub code: u32,
    /// The set.
    pub set: u64,
    /// The raw key of the database.
    pub db_key: Zeroizing<[u8; 32]>,
    /// What ties the key to this slot.
    pub bond: Bond,
}

/// What ties a vault's key to a slot. Has no `Debug`.
#[derive(Clone)]
pub struct Bond {
    /// The public key of the device whose database the key opens.
    pub device: crate::PublicKey,
    /// The secret under which the key is authenticated.
    pub wrap: Wrap,
}

/// A slot's wrap secret, to be kept where only who holds the database key reads it. Wiped when dropped; has no `Debug`.
#[derive(Clone)]
pub struct Wrap {
    /// The slot: SHA-256 of what is sealed in it, another one each time that it is sealed anew.
    pub slot: [u8; 32],
    /// The secret.
    pub secret: Zeroizing<[u8; 32]>,
}

/// The key slots of one vault.
#[derive(Clone, PartialEq, Eq)]
pub struct KeySlots(File);

impl KeySlots {
    /// A file without any slot for the vault of `device` in `study`.
    #[must_use]
    pub fn new(study: &str, device: &str) -> Self {
        Self(File::new(study, device))
    }

    /// Reads the file's bytes. Whether they are authentic shows at [`KeySlots::unlock`], when the key is there.
    ///
    /// # Errors
    /// [`SealError::MalformedSlots`], [`SealError::NewerSlots`], or [`SealError::CostOutOfBounds`] when a slot asks for
    /// less than the floor or more than the ceiling.
    pub fn read(bytes: &[u8]) -> Result<Self, SealError> {
        File::read(bytes).map(Self)
    }

    /// The file's bytes under the MAC of `db_key`. Each call raises the revision, which is to be repeated in the
    /// database so that an old file put back is noticed.
    pub fn write(&mut self, db_key: &[u8; 32]) -> Vec<u8> {
        self.0.revision += 1;
        self.0.version = self.0.least_version();
        self.0.mac = hex::encode(&hmac_sha256(&*derive_key(db_key, MAC_LABEL), &self.0.authenticated()));
        self.0.written()
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

    /// What hashing `user`'s password costs; none without a slot.
    #[must_use]
    pub fn cost(&self, user: &str) -> Option<Cost> {
        self.0.slots.iter().find(|slot| slot.user == user).map(|slot| slot.cost)
    }

    /// The slots that have a wrap secret, as [`Wrap::slot`] names them.
    pub fn wrapped(&self) -> impl Iterator<Item = [u8; 32]> {
        let users = self.0.slots.iter().filter(|slot| slot.tag.is_some());
        users.filter_map(|slot| id_of(&slot.sealed).ok()).chain(self.wrapped_codes())
    }

    /// Those of them that recovery codes open.
    pub fn wrapped_codes(&self) -> impl Iterator<Item = [u8; 32]> {
        self.codes().iter().filter_map(|slot| id_of(&slot.sealed).ok())
    }

    /// Adds a slot of the second form, or replaces the one that its user has.
    ///
    /// # Errors
    /// [`SealError::CostOutOfBounds`] under the floor, [`SealError::NoRandom`].
    pub fn put(&mut self, new: &NewSlot<'_>, seed: &[u8; 32], keys: &VaultKeys) -> Result<Wrap, SealError> {
        if !new.cost.is_sensible() {
            return Err(SealError::CostOutOfBounds);
        }
        let (slot, wrap) = self.sealed_slot(new, seed, keys)?;
        match self.0.slots.iter_mut().find(|known| known.user == slot.user) {
            Some(known) => *known = slot,
            None => self.0.slots.push(slot),
        }
        Ok(wrap)
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

    /// Makes slots for a set of recovery codes; those of the set before open nothing any more.
    ///
    /// # Errors
    /// [`SealError::NoRandom`].
    pub fn put_codes(&mut self, codes: &RecoveryCodes, keys: &VaultKeys) -> Result<Vec<Wrap>, SealError> {
        let set = codes.set();
        let made = codes.numbered().map(|(number, code)| self.code_slot(set, number, code, keys));
        let (slots, wraps) = made.collect::<Result<Vec<_>, _>>()?.into_iter().unzip();
        self.0.recovery = Some(Recovery { set, codes: slots });
        Ok(wraps)
    }

    /// Takes a code's slot away.
    pub fn burn(&mut self, code: u32) {
        if let Some(recovery) = &mut self.0.recovery {
            recovery.codes.retain(|slot| slot.code != code);
        }
    }

    /// Takes all codes away.
    pub fn forget_codes(&mut self) {
        self.0.recovery = None;
    }

    /// The set of recovery codes and the numbers of those that are left; none where no set was made.
    #[must_use]
    pub fn codes_left(&self) -> Option<(u64, Vec<u32>)> {
        let recovery = self.0.recovery.as_ref()?;
        Some((recovery.set, recovery.codes.iter().map(|slot| slot.code).collect()))
    }

    /// Puts other keys into every slot; passwords and codes stay as they are. For after [`KeySlots::remove`]. `secret_of`
    /// gives the wrap secret of a slot. Codes go where the secret of one is not at hand: others can be made at any time.
    ///
    /// # Errors
    /// [`SealError::WrapMissing`] when a secret is not at hand; [`SealError::MalformedSlots`] when the keys can't be
    /// encrypted.
    pub fn rekey(
        &mut self,
        keys: &VaultKeys,
        secret_of: impl Fn(&[u8; 32]) -> Option<Zeroizing<[u8; 32]>>,
    ) -> Result<(), SealError> {
        let secret = |sealed: &str| secret_of(&id_of(sealed)?).ok_or(SealError::WrapMissing);
        let (study, device) = (&*self.0.study.clone(), &*self.0.device.clone());
        for slot in &mut self.0.slots {
            if slot.tag.is_none() {
                slot.key = boxed_first(&slot.recipient, &keys.db_key)?;
                continue;
            }
            slot.key = boxed(&slot.recipient, keys)?;
            let place = Place { study, device, who: Who::User(&slot.user) };
            slot.tag = Some(place.tag(&*secret(&slot.sealed)?, &slot.key));
        }
        if self.codes().iter().any(|slot| secret(&slot.sealed).is_err()) {
            self.forget_codes();
        }
        let Some(Recovery { set, codes }) = &mut self.0.recovery else { return Ok(()) };
        for slot in codes {
            slot.key = boxed(&slot.recipient, keys)?;
            let place = Place { study, device, who: Who::Code { set: *set, code: slot.code } };
            slot.tag = place.tag(&*secret(&slot.sealed)?, &slot.key);
        }
        Ok(())
    }

    /// Opens `user`'s slot without asking whether the file was changed: to heal a file that was. A user without a slot costs one
    /// derivation, too, so that the time of the answer tells nobody who has an account.
    ///
    /// # Errors
    /// [`SealError::UnknownUser`], [`SealError::WrongPassword`], [`SealError::MalformedSlots`], or
    /// [`SealError::KeyExchanged`] when the password fits and the key was put there by somebody else.
    pub fn unlock_unverified(&self, user: &str, password: &str) -> Result<Unlocked, SealError> {
        match self.0.slots.iter().find(|slot| slot.user == user) {
            Some(slot) => self.open_slot(slot, password),
            None => {
                let cost = self.0.slots.first().map_or(Cost::floor(), |slot| slot.cost);
                derive(password.as_bytes(), &[0; 16], &cost)?;
                Err(SealError::UnknownUser)
            }
        }
    }

    /// Whether who wrote the file held this key.
    #[must_use]
    pub fn is_authentic(&self, db_key: &[u8; 32]) -> bool {
        hex::decode::<32>(&self.0.mac)
            .is_ok_and(|tag| hmac_verify(&*derive_key(db_key, MAC_LABEL), &self.0.authenticated(), &tag))
    }

    /// Opens `user`'s slot and checks the whole file's MAC.
    ///
    /// # Errors
    /// As [`KeySlots::unlock_unverified`], or [`SealError::SlotsAltered`] when the password fits and the file was still
    /// changed by something that did not hold the database key.
    pub fn unlock(&self, user: &str, password: &str) -> Result<Unlocked, SealError> {
        let unlocked = self.unlock_unverified(user, password)?;
        if self.is_authentic(&unlocked.db_key) { Ok(unlocked) } else { Err(SealError::SlotsAltered) }
    }

    /// Opens the slot of a recovery code, without asking whether the rest of the file was changed.
    ///
    /// # Errors
    /// [`SealError::WrongPassword`] when it is no code of the set or was used; [`SealError::MalformedSlots`]; or
    /// [`SealError::KeyExchanged`].
    pub fn recover(&self, code: &RecoveryCode) -> Result<Recovered, SealError> {
        let Recovery { set, codes } = self.0.recovery.as_ref().ok_or(SealError::WrongPassword)?;
        for slot in codes {
            let place = self.place(Who::Code { set: *set, code: slot.code });
            let sealed = hex::decode_vec(&slot.sealed).map_err(|_| SealError::MalformedSlots)?;
            let Ok(plain) = open_once(code.letters(), &place.of_code(), &sealed) else { continue };
            let (secret, identity) = plain.split_first_chunk::<SECRET>().ok_or(SealError::MalformedSlots)?;
            let kept = Kept { boxed: &slot.key, tag: &slot.tag };
            let keys = place.open(&kept, secret, &identity_of(identity)?)?;
            let wrap = Wrap { slot: sha256(&sealed), secret: Zeroizing::new(*secret) };
            let bond = Bond { device: keys.device, wrap };
            return Ok(Recovered { code: slot.code, set: *set, db_key: keys.db_key, bond });
        }
        Err(SealError::WrongPassword)
    }

    fn codes(&self) -> &[CodeSlot] {
        self.0.recovery.as_ref().map_or(&[], |recovery| &recovery.codes)
    }

    fn place<'a>(&'a self, who: Who<'a>) -> Place<'a> {
        Place { study: &self.0.study, device: &self.0.device, who }
    }

    fn sealed_slot(&self, new: &NewSlot<'_>, seed: &[u8; 32], keys: &VaultKeys) -> Result<(Slot, Wrap), SealError> {
        let (salt, nonce, secret) = (random::<16>()?, random::<12>()?, random::<SECRET>()?);
        let place = self.place(Who::User(new.user));
        let key = aead_key(&*derive(new.password.as_bytes(), &salt, &new.cost)?);
        let identity = Identity::make();
        let text = identity.to_secret();
        // Reserved at once: growing would leave a copy of the secrets behind.
        let mut sealed = Vec::with_capacity(2 * SECRET + text.len() + 16);
        sealed.extend_from_slice(seed);
        sealed.extend_from_slice(&*secret);
        sealed.extend_from_slice(text.as_bytes());
        let bound = Aad::from(place.of_password(SECOND, &new.cost, &*salt));
        key.seal_in_place_append_tag(Nonce::assume_unique_for_key(*nonce), bound, &mut sealed)
            .expect("two secrets and an identity are within ChaCha20-Poly1305's limit");
        let boxed = boxed(&identity.recipient(), keys)?;
        let slot = Slot {
            user: new.user.to_owned(),
            cost: new.cost,
            salt: hex::encode(&*salt),
            nonce: hex::encode(&*nonce),
            sealed: hex::encode(&sealed),
            recipient: identity.recipient(),
            tag: Some(place.tag(&secret, &boxed)),
            key: boxed,
        };
        Ok((slot, Wrap { slot: sha256(&sealed), secret }))
    }

    fn code_slot(
        &self,
        set: u64,
        number: u32,
        code: &RecoveryCode,
        keys: &VaultKeys,
    ) -> Result<(CodeSlot, Wrap), SealError> {
        let place = self.place(Who::Code { set, code: number });
        let (secret, identity) = (random::<SECRET>()?, Identity::make());
        let text = identity.to_secret();
        let mut plain = Zeroizing::new(Vec::with_capacity(SECRET + text.len()));
        plain.extend_from_slice(&*secret);
        plain.extend_from_slice(text.as_bytes());
        let sealed = seal_once(code.letters(), &place.of_code(), &plain);
        let boxed = boxed(&identity.recipient(), keys)?;
        let slot = CodeSlot {
            code: number,
            sealed: hex::encode(&sealed),
            recipient: identity.recipient(),
            tag: place.tag(&secret, &boxed),
            key: boxed,
        };
        Ok((slot, Wrap { slot: sha256(&sealed), secret }))
    }

    fn open_slot(&self, slot: &Slot, password: &str) -> Result<Unlocked, SealError> {
        let salt = hex::decode::<16>(&slot.salt).map_err(|_| SealError::MalformedSlots)?;
        let nonce = hex::decode::<12>(&slot.nonce).map_err(|_| SealError::MalformedSlots)?;
        let mut sealed = Zeroizing::new(hex::decode_vec(&slot.sealed).map_err(|_| SealError::MalformedSlots)?);
        let (id, place) = (sha256(&sealed), self.place(Who::User(&slot.user)));
        let form = if slot.tag.is_some() { SECOND } else { FIRST };
        let key = aead_key(&*derive(password.as_bytes(), &salt, &slot.cost)?);
        // The form is bound, too: who takes the tag away has no slot of the first form.
        let bound = Aad::from(place.of_password(form, &slot.cost, &salt));
        let plain = key
            .open_in_place(Nonce::assume_unique_for_key(nonce), bound, &mut sealed)
            .map_err(|_| SealError::WrongPassword)?;
        let (seed, rest) = plain.split_first_chunk::<SECRET>().ok_or(SealError::MalformedSlots)?;
        let signing_seed = Zeroizing::new(*seed);
        let unlocked = match &slot.tag {
            None => Unlocked { db_key: unboxed(&identity_of(rest)?, &slot.key)?, signing_seed, bond: None },
            Some(tag) => {
                let (secret, identity) = rest.split_first_chunk::<SECRET>().ok_or(SealError::MalformedSlots)?;
                let kept = Kept { boxed: &slot.key, tag };
                let keys = place.open(&kept, secret, &identity_of(identity)?)?;
                let wrap = Wrap { slot: id, secret: Zeroizing::new(*secret) };
                let bond = Some(Bond { device: keys.device, wrap });
                Unlocked { db_key: keys.db_key, signing_seed, bond }
            }
        };
        plain.zeroize();
        Ok(unlocked)
    }
}

fn identity_of(text: &[u8]) -> Result<Identity, SealError> {
    std::str::from_utf8(text).ok().and_then(|text| text.parse().ok()).ok_or(SealError::MalformedSlots)
}

/// The name of a slot by which its wrap secret is kept.
fn id_of(sealed: &str) -> Result<[u8; 32], SealError> {
    Ok(sha256(&hex::decode_vec(sealed).map_err(|_| SealError::MalformedSlots)?))
}

pub(crate) fn aead_key(bytes: &[u8; 32]) -> LessSafeKey {
    LessSafeKey::new(UnboundKey::new(&CHACHA20_POLY1305, bytes).expect("ChaCha20-Poly1305 takes 32 bytes"))
}

#[cfg(test)]
mod tests;
