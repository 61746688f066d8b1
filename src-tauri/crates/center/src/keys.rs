//! The center's keys as files: its signing key, its operational age key, and the recovery key that belongs in a safe.

use crate::store::{Device, DeviceState};
use crate::{CenterError, Printable, beside, platform};
use casebook::{Instant, Offset};
use seal::{AllowedSigners, Identity, PublicKey, SigningKey, Zeroizing, hex};
use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::Path;

/// The seed of the key that signs bundles and receipts.
pub const SIGNING: &str = "center.key";
/// The age key to which every bundle is encrypted, as `age -i` takes it.
pub const OPERATIONAL: &str = "center.agekey";
/// The offline age key to which every bundle is encrypted, too.
pub const RECOVERY: &str = "recovery.agekey";
/// Who may sign, as `ssh-keygen -Y verify -f` takes it.
pub const SIGNERS: &str = "allowed_signers";

/// What the center signs: bundles, receipts and slot lists.
const OF_CENTER: &str = "outpost-bundle,outpost-receipt,outpost-allocation";
/// What devices sign.
const OF_DEVICES: &str = bundle::NAMESPACE;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
const SEED_LABEL: &str = "outpost-center-signing-seed-1 ";

/// What a center signs and decrypts with.
pub struct Keys {
    /// The key that signs receipts, replies and kits.
    pub signing: SigningKey,
    /// The identity that decrypts bundles of devices.
    pub age: Identity,
}

impl Keys {
    /// Draws keys and writes them into an empty folder; also gives the recovery key, which is not needed again.
    pub fn make(folder: &Path) -> Result<(Self, Identity), CenterError> {
        let keys = Self { signing: SigningKey::make()?, age: Identity::make() };
        let recovery = Identity::make();
        let seed = Zeroizing::new(hex::encode(keys.signing.seed().as_slice()));
        write_secret(&folder.join(SIGNING), Zeroizing::new(format!("{SEED_LABEL}{}\n", *seed)).as_bytes())?;
        write_secret(&folder.join(OPERATIONAL), keys.age.to_file().as_bytes())?;
        write_secret(&folder.join(RECOVERY), recovery.to_file().as_bytes())?;
        Ok((keys, recovery))
    }

    /// Takes over the keys that lie in another folder.
    pub fn adopt(from: &Path, folder: &Path) -> Result<(Self, Identity), CenterError> {
        for name in [SIGNING, OPERATIONAL, RECOVERY] {
            write_secret(&folder.join(name), read_secret(&from.join(name))?.as_bytes())?;
        }
        let recovery = read_secret(&folder.join(RECOVERY))?;
        let recovery = Identity::from_file(&recovery).map_err(|_| CenterError::Damaged(RECOVERY))?;
        Ok((Self::read(folder)?, recovery))
    }

    /// Reads the keys of a center.
    pub fn read(folder: &Path) -> Result<Self, CenterError> {
        let signing = read_secret(&folder.join(SIGNING))?;
        let seed = signing.trim().strip_prefix(SEED_LABEL.trim_end()).map(str::trim);
        let seed =
            Zeroizing::new(seed.and_then(|seed| hex::decode::<32>(seed).ok()).ok_or(CenterError::Damaged(SIGNING))?);
        let age = read_secret(&folder.join(OPERATIONAL))?;
        let age = Identity::from_file(&age).map_err(|_| CenterError::Damaged(OPERATIONAL))?;
        Ok(Self { signing: SigningKey::from_seed(&seed), age })
    }
}

/// Writes the list of those whose signatures count: of the center, of approved devices, and until a day of keys that these had
/// before.
pub fn write_signers(folder: &Path, center: PublicKey, devices: &[Device]) -> Result<(), CenterError> {
    let (mut own, mut others) = (AllowedSigners::default(), AllowedSigners::default());
    own.add(casebook::CENTER, center);
    for Device { log, key, state, last_seen, .. } in devices {
        match state {
            DeviceState::Approved => others.add(log, *key),
            // Nothing can be told of the signatures of a revoked device, nor of the keys that it had.
            DeviceState::Replaced if is_approved(devices, log) => others.add_former(log, *key, &day_after(*last_seen)),
            _ => {}
        }
    }
    let text = own.write(OF_CENTER) + &others.write(OF_DEVICES);
    replace(&folder.join(SIGNERS), text.as_bytes())
}

fn is_approved(devices: &[Device], log: &str) -> bool {
    devices.iter().any(|device| device.log == log && device.state == DeviceState::Approved)
}

/// The second day after a moment, as `YYYYMMDD`: wherever it is read, and by whatever clock, it lies behind that moment.
fn day_after(moment: Instant) -> String {
    let later = Instant::from_ms(moment.ms().saturating_add(2 * DAY_MS)).local(Offset::from_minutes(0));
    later.chars().take(10).filter(char::is_ascii_digit).collect()
}

/// Writes a file whole or not at all: beside its place, synced, then renamed.
pub fn replace(file: &Path, bytes: &[u8]) -> Result<(), CenterError> {
    let mut beside = beside::new_in(folder_of(file)).map_err(CenterError::file(file))?;
    beside.write_all(bytes).map_err(CenterError::file(file))?;
    beside.as_file().sync_all().map_err(CenterError::file(file))?;
    platform::persist(beside, file).map_err(CenterError::file(file))?;
    platform::sync_name(file).map_err(CenterError::file(file))
}

fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A file that is to be written.
pub struct NewFile<'a> {
    /// Where.
    pub path: &'a Path,
    /// What it holds.
    pub bytes: &'a [u8],
}

/// Writes files of new names, all of them or none: where one is taken, nothing is written over. An empty file takes no name: it may
/// be what a program that died had begun.
///
/// # Errors
/// [`CenterError::Taken`] names the first that is there already; else what the system says.
pub fn write_new(files: &[NewFile<'_>]) -> Result<(), CenterError> {
    let mut reserved = Vec::new();
    let written = files.iter().try_for_each(|NewFile { path, .. }| {
        // The name is ours from here on: only an empty file is written over below.
        let held = platform::secret_file().open(path).and_then(free);
        let held = held.or_else(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => begun(path),
            _ => Err(error),
        });
        reserved.push(held.map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => CenterError::Taken(Printable(path.display()).to_string()),
            _ => CenterError::file(path)(error),
        })?);
        Ok(())
    });
    let ours = &files[..reserved.len()];
    if cfg!(windows) {
        // It puts nothing in the place of a file that is open.
        reserved.clear();
    }
    let written = written.and_then(|()| files.iter().try_for_each(|file| replace(file.path, file.bytes)));
    if written.is_err() {
        // That it failed is what counts: an empty file that stays takes no name.
        ours.iter().for_each(|file| drop(fs::remove_file(file.path)));
    }
    ours.iter().for_each(|file| beside::sweep_named(folder_of(file.path)));
    written
}

/// Opens an empty file that nobody is about to fill.
fn begun(path: &Path) -> io::Result<File> {
    let taken = || io::Error::from(io::ErrorKind::AlreadyExists);
    let is_empty = |known: fs::Metadata| known.is_file() && known.len() == 0;
    if !fs::symlink_metadata(path).is_ok_and(is_empty) {
        return Err(taken());
    }
    let open = free(File::options().write(true).open(path)?)?;
    if open.metadata().is_ok_and(is_empty) { Ok(open) } else { Err(taken()) }
}

/// Locks a file unless somebody else holds it. A file system without locks can't tell.
fn free(file: File) -> io::Result<File> {
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => Err(io::ErrorKind::AlreadyExists.into()),
        _ => Ok(file),
    }
}

/// Closes a new folder to other accounts of this computer. On Windows another program does that, so the caller of
/// [`crate::Center::init`] asks for it ([`platform::make_private`]), and what is made in the folder inherits its rights.
pub fn make_private(folder: &Path) -> Result<(), CenterError> {
    if cfg!(unix) { platform::make_private(folder).map_err(CenterError::file(folder)) } else { Ok(()) }
}

/// Writes a file that nobody else may read, and that is not there yet.
pub fn write_secret(file: &Path, bytes: &[u8]) -> Result<(), CenterError> {
    let mut open = platform::secret_file().open(file).map_err(CenterError::file(file))?;
    let written = open.write_all(bytes).and_then(|()| open.sync_all()).and_then(|()| platform::sync_name(file));
    if written.is_err() {
        // Half a secret would be in the way of the next attempt.
        let _ = fs::remove_file(file);
    }
    written.map_err(CenterError::file(file))
}

/// Reads a file of secrets.
pub fn read_secret_bytes(file: &Path) -> Result<Zeroizing<Vec<u8>>, CenterError> {
    fs::read(file).map(Zeroizing::new).map_err(CenterError::file(file))
}

fn read_secret(file: &Path) -> Result<Zeroizing<String>, CenterError> {
    fs::read_to_string(file).map(Zeroizing::new).map_err(CenterError::file(file))
}
