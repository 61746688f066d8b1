//! The names of a vault's settings, and what is read from them.

use std::path::PathBuf;

use seal::{PublicKey, Recipient};
use vault::Open;

use crate::SiteError;
use crate::noun::Noun;

/// The center's signing key, an OpenSSH line.
pub(crate) const CENTER_KEY: &str = "center.key";
/// The center's operational age key.
pub(crate) const CENTER_AGE: &str = "center.age";
/// The center's offline recovery age key.
pub(crate) const RECOVERY_AGE: &str = "recovery.age";
/// There is one where the vault is for practice.
pub(crate) const PRACTICE: &str = "practice";
/// The sealed randomisation slots.
pub(crate) const SLOTS: &str = "allocation.slots";
/// The site's name.
pub(crate) const SITE_NAME: &str = "site.name";
/// Idle minutes until the vault locks.
pub(crate) const LOCK_MINUTES: &str = "lock.minutes";
/// Days after which another backup is due.
pub(crate) const BACKUP_DAYS: &str = "backup.days";
/// The folder into which the last backup was written.
pub(crate) const BACKUP_FOLDER: &str = "backup.folder";
/// The folder into which the last bundle was written.
pub(crate) const EXPORT_FOLDER: &str = "export.folder";

/// The activation code of the kit by which the vault was founded.
pub(crate) const ACTIVATION: &str = "kit.activation";

/// How the files of a laboratory are read.
pub(crate) fn lab_import(lab: &str) -> String {
    format!("lab.import.{lab}")
}

/// The center's signing key, as the kit gave it.
pub(crate) fn center_key(open: &Open) -> Result<PublicKey, SiteError> {
    text(open, CENTER_KEY)?.parse().map_err(|_| SiteError::NoSuch(Noun::CenterKey))
}

/// To whom every bundle is encrypted.
pub(crate) fn recipients(open: &Open) -> Result<Vec<(String, Recipient)>, SiteError> {
    Ok(vec![("center".to_owned(), recipient(open, CENTER_AGE)?), ("recovery".to_owned(), recovery(open)?)])
}

/// The center's offline recovery key.
pub(crate) fn recovery(open: &Open) -> Result<Recipient, SiteError> {
    recipient(open, RECOVERY_AGE)
}

fn recipient(open: &Open, name: &str) -> Result<Recipient, SiteError> {
    text(open, name)?.parse().map_err(|_| SiteError::NoSuch(Noun::CenterKey))
}

/// A setting as a number; none where it is not set or is none.
pub(crate) fn number(open: &Open, name: &str) -> Result<Option<u32>, SiteError> {
    Ok(open.setting(name)?.and_then(|text| String::from_utf8(text).ok()?.parse().ok()))
}

/// A setting as a text; empty where it is not set or is none.
pub(crate) fn words(open: &Open, name: &str) -> Result<String, SiteError> {
    Ok(open.setting(name)?.and_then(|text| String::from_utf8(text).ok()).unwrap_or_default())
}

/// A setting as a folder; none where it is not set or is none.
pub(crate) fn folder(open: &Open, name: &str) -> Result<Option<PathBuf>, SiteError> {
    Ok(Some(words(open, name)?).filter(|folder| !folder.is_empty()).map(PathBuf::from))
}

fn text(open: &Open, name: &str) -> Result<String, SiteError> {
    let bytes = open.setting(name)?.ok_or(SiteError::NoSuch(Noun::CenterKey))?;
    String::from_utf8(bytes).map_err(|_| SiteError::NoSuch(Noun::CenterKey))
}
