//! Founding a vault: all of it or nothing, under a temporary name until it is whole.

use std::fs;
use std::path::Path;

use casebook::ROW_FORMAT;
use rusqlite::Connection;
use seal::{Identity, KeySlots, PublicKey, SetHash, SigningKey, VaultKeys};
use study::{Functions, Study};

use crate::connection::open_writer;
use crate::device_keys::DeviceKeys;
use crate::folder::{self, Folder};
use crate::head::{Card, Head};
use crate::locked::VaultPlace;
use crate::migrations::{self, MIGRATIONS};
use crate::open::{Footing, Parts, Secrets};
use crate::slots::Next;
use crate::state::State;
use crate::studies::version_setting;
use crate::users::NewUser;
use crate::{Open, Stamp, Tx, VaultError, keys, records, slots, wraps};

/// What a new vault is made of.
pub struct Founding {
    /// The study file, as published.
    pub study_xml: Vec<u8>,
    /// The functions that the study's rules may call.
    pub functions: Functions,
    /// Site identifier.
    pub site: String,
    /// Device id.
    pub device: String,
    /// The device's signing key.
    pub signing: SigningKey,
    /// The device's age identity.
    pub identity: Identity,
    /// Further settings, such as the center's public keys.
    pub settings: Vec<(String, Vec<u8>)>,
}

impl Open {
    /// Founds a vault and opens it as its first user. `acts` writes the first entries (the device, the study, the
    /// account, whose public key it is given).
    ///
    /// # Errors
    /// [`VaultError::Taken`] when something is in the folder, [`VaultError::Study`] when the study file can't be used.
    pub fn found<E: From<VaultError>>(
        place: &VaultPlace,
        founding: &Founding,
        first: &NewUser<'_>,
        stamp: &Stamp,
        acts: impl FnOnce(&mut Tx<'_>, &PublicKey) -> Result<(), E>,
    ) -> Result<Self, E> {
        let secrets = Secrets {
            db_key: seal::random().map_err(VaultError::from)?,
            signing_seed: seal::random().map_err(VaultError::from)?,
        };
        let user_key = SigningKey::from_seed(&secrets.signing_seed).public();
        lay_out(place, founding, first, &secrets)?;
        let mut open = Self::enter_new(place, secrets, founding.functions.clone())?;
        let stamp = Stamp { by: first.user.into(), ..stamp.clone() };
        open.transact(&stamp, |tx| acts(tx, &user_key))?;
        open.begin_session(first.user, &stamp)?;
        Ok(open)
    }

    pub(crate) fn enter_new(place: &VaultPlace, secrets: Secrets, functions: Functions) -> Result<Self, VaultError> {
        let folder = Folder::new(&place.folder);
        let lock = folder.lock()?;
        let sql = open_writer(&folder.database(), &secrets.db_key, false)?;
        let state = State::read(&sql)?;
        let (checkpoint_file, footing) = (place.checkpoint.clone(), Footing::Firm);
        let parts = Parts { folder, checkpoint_file, lock, sql, footing, state, functions };
        Self::assemble(parts, secrets)
    }
}

/// Writes the folder under a temporary name and renames it, so that half a vault is never found.
fn lay_out(place: &VaultPlace, founding: &Founding, first: &NewUser<'_>, secrets: &Secrets) -> Result<(), VaultError> {
    if is_taken(&place.folder)? {
        return Err(VaultError::Taken);
    }
    let parent = place.folder.parent().unwrap_or(Path::new("."));
    folder::private_folder(parent)?;
    let beside = tempfile::Builder::new().prefix(".founding-").tempdir_in(parent)?;
    let folder = Folder::new(beside.path());
    let study = keys::parse_study(&founding.study_xml, &founding.functions)?;
    let mut file = KeySlots::new(study.oid.as_str(), &founding.device);
    let vault = VaultKeys { db_key: secrets.db_key.clone(), device: founding.signing.public() };
    let made = vec![file.put(&first.slot(), &secrets.signing_seed, &vault)?];
    let slots = Next { bytes: file.write(&secrets.db_key), made };
    let mut sql = open_writer(&folder.database(), &secrets.db_key, true)?;
    migrations::migrate(&mut sql, MIGRATIONS)?;
    let all = sql.transaction()?;
    fill(&all, founding, &study, &slots)?;
    all.commit()?;
    sql.close().map_err(|(_, error)| error)?;
    folder::sync_file(&folder.database())?;
    folder::replace_file(&folder.slots(), &slots.bytes)?;
    if place.folder.is_dir() {
        fs::remove_dir(&place.folder)?;
    }
    folder::rename(&beside.keep(), &place.folder)?;
    Ok(folder::sync_name(&place.folder)?)
}

fn fill(sql: &Connection, founding: &Founding, study: &Study, first: &Next) -> Result<(), VaultError> {
    let mut side = SetHash::new();
    let file = records::store(sql, &mut side, &founding.study_xml)?;
    records::set(sql, &mut side, keys::STUDY_FILE, &file)?;
    records::set(sql, &mut side, &version_setting(&study.metadata_version), &file)?;
    DeviceKeys { signing: founding.signing.clone(), identity: founding.identity.clone() }.write(sql, &mut side)?;
    for (key, value) in &founding.settings {
        records::set(sql, &mut side, key, value)?;
    }
    let (study, site, device) = (study.oid.to_string(), founding.site.clone(), founding.device.clone());
    Card { study, site, device, rows: ROW_FORMAT, side }.write(sql)?;
    Head::zero().insert(sql)?;
    slots::set_current(sql, &first.bytes)?;
    wraps::keep(sql, &first.made)
}

fn is_taken(folder: &Path) -> Result<bool, VaultError> {
    match fs::read_dir(folder) {
        Ok(mut found) => Ok(found.next().is_some()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error.into()),
    }
}
