//! The slot list: every slot of a study, sealed. **Frozen format, version 1: do not modify.**
//!
//! One line of JSON that says what is allocated, then one line per slot, stratum by stratum. `sha256sum` of the file is the
//! commitment's root; the center signs the file (`ssh-keygen -Y verify`, namespace `outpost-allocation`) and publishes both
//! before the first patient. A sealed slot holds the arm's code, padded to a constant length, so nothing shows by size.

use casebook::EntryId;
use seal::{SealError, Zeroizing, commitment, hex, open_once, random, seal_once, sha256};
use serde::{Deserialize, Serialize};

const FORMAT: &str = "outpost-slots";
/// Bytes of a slot before it is sealed: one for the length of the arm's code, the code, zeros.
const PLAIN: usize = 32;

/// A slot's key: 128 random bits, which seal that slot alone.
pub type SlotKey = Zeroizing<[u8; 16]>;

/// A new key.
///
/// # Errors
/// The operating system has no random bytes.
pub fn make_key() -> Result<SlotKey, SealError> {
    random()
}

/// Why a slot list cannot be used, or a slot not be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SlotError {
    /// Not exactly what this format writes.
    #[error("the slot list is damaged")]
    Damaged,
    /// Written by a newer version.
    #[error("the slot list needs a newer version of Outpost")]
    Newer,
    /// There is no such slot.
    #[error("there is no such slot")]
    NoSuch,
    /// The key is not the slot's.
    #[error("the key is not this slot's")]
    Key,
}

/// What a list is about: its first line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    format: String,
    version: u32,
    study: String,
    /// Codes of the strata's factors, in the order in which they count.
    strata: Vec<String>,
    /// Slots of each stratum.
    slots: u32,
}

/// A slot as it is published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Slot {
    stratum: u32,
    slot: u32,
    /// Commitment to the key.
    key: EntryId,
    sealed: String,
}

/// An arm and the key that seals it, in its place.
#[derive(Clone)]
pub struct Secret {
    /// The arm's code.
    pub arm: String,
    /// The slot's key.
    pub key: SlotKey,
}

/// The sealed slots of a study.
#[derive(Clone, PartialEq, Eq)]
pub struct SlotList {
    head: Head,
    slots: Vec<Slot>,
    bytes: Vec<u8>,
}

impl SlotList {
    /// Name of the blob that holds it.
    pub const NAME: &'static str = "slots.ndjson";
    /// Name of the blob that holds the center's signature of it.
    pub const SIGNATURE_NAME: &'static str = "slots.ndjson.sig";

    /// Seals the secrets of each stratum, which are named in their order; every stratum has as many.
    ///
    /// # Errors
    /// [`SlotError::Damaged`] when an arm's code is too long or the strata differ in length.
    pub fn seal(study: &str, strata: &[String], secrets: &[Vec<Secret>]) -> Result<Self, SlotError> {
        let slots = secrets.first().map_or(0, Vec::len);
        if strata.len() != secrets.len() || secrets.iter().any(|stratum| stratum.len() != slots) {
            return Err(SlotError::Damaged);
        }
        let head = Head {
            format: FORMAT.to_owned(),
            version: 1,
            study: study.to_owned(),
            strata: strata.to_vec(),
            slots: u32::try_from(slots).map_err(|_| SlotError::Damaged)?,
        };
        let context = sha256(&line(&head));
        let mut sealed = Vec::new();
        for (stratum, secrets) in (0..).zip(secrets) {
            for (slot, secret) in (1..).zip(secrets) {
                let plain = pad(&secret.arm).ok_or(SlotError::Damaged)?;
                let bytes = seal_once(&*secret.key, &place(&context, stratum, slot), &*plain);
                sealed.push(Slot {
                    stratum,
                    slot,
                    key: EntryId(commitment(&*secret.key)),
                    sealed: hex::encode(&bytes),
                });
            }
        }
        Ok(Self::of(head, sealed))
    }

    fn of(head: Head, slots: Vec<Slot>) -> Self {
        let mut bytes = line(&head);
        slots.iter().for_each(|slot| bytes.extend(line(slot)));
        Self { head, slots, bytes }
    }

    /// Reads a list.
    ///
    /// # Errors
    /// [`SlotError::Newer`], or [`SlotError::Damaged`] when it is not exactly what this format writes.
    pub fn read(bytes: &[u8]) -> Result<Self, SlotError> {
        #[derive(Deserialize)]
        struct Version {
            version: u32,
        }
        fn json<'a, T: Deserialize<'a>>(line: &'a [u8]) -> Result<T, SlotError> {
            serde_json::from_slice(line).map_err(|_| SlotError::Damaged)
        }
        let mut lines = bytes.split_inclusive(|byte| *byte == b'\n');
        let first = lines.next().ok_or(SlotError::Damaged)?;
        if json::<Version>(first)?.version > 1 {
            return Err(SlotError::Newer);
        }
        let head: Head = json(first)?;
        let slots = lines.map(json).collect::<Result<Vec<Slot>, _>>()?;
        let strata = u32::try_from(head.strata.len()).map_err(|_| SlotError::Damaged)?;
        let places = (0..strata).flat_map(|stratum| (1..=head.slots).map(move |slot| (stratum, slot)));
        let in_order = places.eq(slots.iter().map(|slot| (slot.stratum, slot.slot)));
        let list = Self::of(head, slots);
        let exact = list.head.format == FORMAT && list.head.version == 1 && list.bytes == bytes;
        if exact && in_order { Ok(list) } else { Err(SlotError::Damaged) }
    }

    /// The file's bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What is published: SHA-256 of the file.
    #[must_use]
    pub fn root(&self) -> EntryId {
        EntryId(sha256(&self.bytes))
    }

    /// Study OID.
    #[must_use]
    pub fn study(&self) -> &str {
        &self.head.study
    }

    /// The strata, each by its factors' codes.
    #[must_use]
    pub fn strata(&self) -> &[String] {
        &self.head.strata
    }

    /// Slots of each stratum.
    #[must_use]
    pub fn slots(&self) -> u32 {
        self.head.slots
    }

    /// Opens one slot: the arm's code.
    ///
    /// # Errors
    /// [`SlotError::NoSuch`]; [`SlotError::Key`] when the key is not the slot's.
    pub fn open(&self, stratum: u32, slot: u32, key: &SlotKey) -> Result<String, SlotError> {
        let held = self.slots.iter().find(|held| (held.stratum, held.slot) == (stratum, slot));
        let held = held.ok_or(SlotError::NoSuch)?;
        if commitment(&**key) != held.key.0 {
            return Err(SlotError::Key);
        }
        let sealed = bytes_of(&held.sealed).ok_or(SlotError::Damaged)?;
        let context = sha256(&line(&self.head));
        let plain = open_once(&**key, &place(&context, stratum, slot), &sealed).map_err(|_| SlotError::Damaged)?;
        unpad(&plain).ok_or(SlotError::Damaged)
    }
}

fn line(value: &impl Serialize) -> Vec<u8> {
    let mut bytes = serde_json::to_vec(value).expect("strings and numbers can always be written as JSON");
    bytes.push(b'\n');
    bytes
}

/// What a sealed slot is bound to: the list's first line, the stratum, the slot.
fn place(context: &[u8; 32], stratum: u32, slot: u32) -> Vec<u8> {
    [context.as_slice(), &stratum.to_be_bytes(), &slot.to_be_bytes()].concat()
}

fn pad(arm: &str) -> Option<Zeroizing<[u8; PLAIN]>> {
    let mut plain = Zeroizing::new([0; PLAIN]);
    plain[0] = u8::try_from(arm.len()).ok()?;
    plain.get_mut(1..=arm.len())?.copy_from_slice(arm.as_bytes());
    Some(plain)
}

fn unpad(plain: &[u8]) -> Option<String> {
    let (length, rest) = plain.split_first().filter(|_| plain.len() == PLAIN)?;
    let (arm, zeros) = rest.split_at_checked(usize::from(*length))?;
    let arm = std::str::from_utf8(arm).ok().filter(|arm| !arm.is_empty())?;
    zeros.iter().all(|byte| *byte == 0).then(|| arm.to_owned())
}

fn bytes_of(text: &str) -> Option<Vec<u8>> {
    // A sealed slot is 48 bytes: three times sixteen.
    let parts: Option<Vec<[u8; 16]>> =
        text.as_bytes().chunks(32).map(|part| hex::decode::<16>(std::str::from_utf8(part).ok()?).ok()).collect();
    parts.map(|parts| parts.concat())
}
