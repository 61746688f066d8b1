//! The device's keys: one that signs its bundles and checkpoints, and one to which replies are encrypted.
//!
//! Who leaves may have kept a copy of the vault, and has its keys with it. So closing an account draws new ones, and writes them
//! into the next database alone, which the old key does not open. The former ones stay beside them: a reply that was made before
//! the center knew of the new ones is opened by those, and a checkpoint that they signed is this device's own. That there are new
//! ones is told in the journal (`device.rs`).

use rusqlite::Connection;
use seal::{Identity, PublicKey, SetHash, SigningKey, Zeroizing};

use crate::head::Card;
use crate::{VaultError, keys, records};

/// A former signing key's public half and an age identity as text, with what parts them, in bytes.
const FORMER_LINE: usize = 256;

/// The keys of a device.
pub(crate) struct DeviceKeys {
    /// What signs.
    pub(crate) signing: SigningKey,
    /// What opens replies.
    pub(crate) identity: Identity,
}

impl DeviceKeys {
    /// New random ones.
    pub(crate) fn make() -> Result<Self, VaultError> {
        Ok(Self { signing: SigningKey::make()?, identity: Identity::make() })
    }

    /// Those that count.
    ///
    /// # Errors
    /// [`VaultError::Damaged`] when they are not there.
    pub(crate) fn read(sql: &Connection) -> Result<Self, VaultError> {
        let gone = || VaultError::damaged("the device's identity is gone");
        let stored = secret(sql, keys::DEVICE_IDENTITY)?.ok_or_else(gone)?;
        let identity = std::str::from_utf8(&stored).ok().and_then(|text| text.parse().ok());
        Ok(Self { signing: signing_key(sql)?, identity: identity.ok_or_else(gone)? })
    }

    /// Keeps them as those that count.
    pub(crate) fn write(&self, sql: &Connection, side: &mut SetHash) -> Result<(), VaultError> {
        records::set(sql, side, keys::DEVICE_SEED, self.signing.seed().as_slice())?;
        records::set(sql, side, keys::DEVICE_IDENTITY, self.identity.to_secret().as_bytes())
    }
}

/// The signing key that counts.
///
/// # Errors
/// [`VaultError::Damaged`] when it is not there.
pub(crate) fn signing_key(sql: &Connection) -> Result<SigningKey, VaultError> {
    let seed = secret(sql, keys::DEVICE_SEED)?;
    let seed: Option<&[u8; 32]> = seed.as_ref().and_then(|seed| seed.as_slice().try_into().ok());
    Ok(SigningKey::from_seed(seed.ok_or_else(|| VaultError::damaged("the device's key is gone"))?))
}

/// What the device signs with and signed with before, the present key first.
pub(crate) fn signing_keys(sql: &Connection) -> Result<Vec<PublicKey>, VaultError> {
    let former = former(sql)?.into_iter().map(|former| former.signing);
    Ok([signing_key(sql)?.public()].into_iter().chain(former).collect())
}

/// Keys that the device had before.
pub(crate) struct Former {
    /// The public half of what signed.
    signing: PublicKey,
    /// What opened replies.
    pub(crate) identity: Identity,
}

/// The keys that the device had before, newest first. Vaults of versions before this one have none.
pub(crate) fn former(sql: &Connection) -> Result<Vec<Former>, VaultError> {
    let damaged = || VaultError::damaged("the device's former keys");
    let stored = secret(sql, keys::DEVICE_FORMER)?.unwrap_or_default();
    let text = std::str::from_utf8(&stored).map_err(|_| damaged())?;
    let read = |line: &str| {
        let (signing, identity) = line.split_once('\t')?;
        Some(Former { signing: signing.parse().ok()?, identity: identity.parse().ok()? })
    };
    text.lines().map(|line| read(line).ok_or_else(damaged)).collect()
}

/// Gives a copy of the database other keys: those that counted become former ones, and the journal does not tell of the new ones
/// yet. All of it or nothing.
pub(crate) fn replace_in(copy: &Connection, new: &DeviceKeys) -> Result<(), VaultError> {
    let all = copy.unchecked_transaction()?;
    let mut card = Card::read(&all)?;
    let present = DeviceKeys::read(&all)?;
    let before = secret(&all, keys::DEVICE_FORMER)?.unwrap_or_default();
    // With room for all of it, so that no part of it is left elsewhere in memory.
    let mut former = Zeroizing::new(Vec::with_capacity(FORMER_LINE + before.len()));
    former.extend_from_slice(present.signing.public().to_string().as_bytes());
    former.push(b'\t');
    former.extend_from_slice(present.identity.to_secret().as_bytes());
    former.push(b'\n');
    former.extend_from_slice(&before);
    records::set(&all, &mut card.side, keys::DEVICE_FORMER, &former)?;
    new.write(&all, &mut card.side)?;
    records::set(&all, &mut card.side, keys::DEVICE_UNTOLD, b"1")?;
    card.write(&all)?;
    Ok(all.commit()?)
}

/// Whether the journal does not tell of the present keys yet.
pub(crate) fn is_untold(sql: &Connection) -> Result<bool, VaultError> {
    Ok(records::setting(sql, keys::DEVICE_UNTOLD)?.is_some_and(|said| !said.is_empty()))
}

fn secret(sql: &Connection, key: &str) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError> {
    Ok(records::setting(sql, key)?.map(Zeroizing::new))
}
