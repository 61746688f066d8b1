//! Founding a vault: from a kit, or for practice.

use std::fs;
use std::path::Path;

use allocation::{SLOTS_NAMESPACE, SlotError, SlotList};
use bundle::{BlobNote, Key, Kit, Sink};
use casebook::act::{DeviceEnrolled, StudyActivated, UserAdded};
use casebook::{EntryId, Line, TextRow};
use screens::Now;
use screens::messages::{KitView, Role, StartView};
use seal::{Cost, Identity, PublicKey, SigningKey, Zeroizing, sha256};
use study::{Oid, Study};
use vault::{Founding, Open, VaultError};

use crate::cards::Card;
use crate::clock::stamp;
use crate::codes::keep_codes;
use crate::computer::SiteComputer;
use crate::home::vault_id;
use crate::kit_file::{self, KitFile};
use crate::people::real_cost;
use crate::roles::journal_role;
use crate::writing::ActWriter;
use crate::{NewAccount, SiteError, settings, writing};

/// Characters of a device's id after the site's.
const DEVICE_NAME: usize = 8;

/// What a vault is founded on: what a kit says, or a practice center.
pub struct KitContents {
    /// The kit itself: site, center's keys, digest of the study.
    pub kit: Kit,
    /// The study file, as published.
    pub study_xml: Vec<u8>,
    /// Whether the vault is for practice.
    pub practice: bool,
    /// The sealed randomisation slots, signed by the center; a kit need not have any.
    pub slots: Option<SlotList>,
    /// Where the kit carries the data of its site, too.
    pub data: Option<KitFile>,
}

impl SiteComputer {
    /// Shows what a kit offers, with the center's key as words to be compared by phone.
    ///
    /// # Errors
    /// `Refused` with the reason.
    pub fn kit_look(&mut self, path: &Path, passphrase: &str) -> Result<KitView, SiteError> {
        let contents = open_kit(path, passphrase)?;
        let study = read_study(&contents.study_xml)?;
        Ok(KitView {
            study: study.name.clone(),
            site: contents.kit.site.clone(),
            site_name: contents.kit.site_name.clone(),
            center_words: contents.kit.center_key.words(),
            practice: contents.practice,
        })
    }

    /// Founds a vault from a kit, with its first account, an administrator's.
    ///
    /// # Errors
    /// `Refused` with the reason; what is wrong with the account; what the disk says.
    pub fn kit_found(
        &mut self,
        path: &Path,
        passphrase: &str,
        account: &NewAccount,
        now: Now,
    ) -> Result<StartView, SiteError> {
        self.leave(now);
        let contents = open_kit(path, passphrase)?;
        let (device, id) = make_device(&contents.kit.site)?;
        let open = self.found(&contents, &id, &device, account, now)?;
        // The vault stands. Who was told otherwise would found another one, with a device that the center must approve.
        let _ = open.lock(&stamp(now, &account.user));
        self.start_view()
    }

    /// The same into a folder of a given name, and the vault stays open with the first account signed in.
    ///
    /// # Errors
    /// As [`Self::kit_found`].
    pub fn kit_found_as(
        &mut self,
        vault: &str,
        path: &Path,
        passphrase: &str,
        account: &NewAccount,
        now: Now,
    ) -> Result<(), SiteError> {
        self.leave(now);
        let contents = open_kit(path, passphrase)?;
        let (device, _) = make_device(&contents.kit.site)?;
        self.found_and_sign_in(&contents, vault, &device, account, now)
    }

    /// Founds a vault without a kit's file, and signs its first account in.
    ///
    /// # Errors
    /// What is wrong with the account; what the disk says.
    pub fn found_and_sign_in(
        &mut self,
        contents: &KitContents,
        vault: &str,
        device: &str,
        account: &NewAccount,
        now: Now,
    ) -> Result<(), SiteError> {
        let open = self.found(contents, vault, device, account, now)?;
        self.start_session(open, now).map(drop)
    }

    fn found(
        &mut self,
        contents: &KitContents,
        id: &str,
        device: &str,
        account: &NewAccount,
        now: Now,
    ) -> Result<Open, SiteError> {
        account.check()?;
        self.home.make()?;
        let place = self.place(id)?;
        let study = read_study(&contents.study_xml)?;
        let cost = if contents.practice { Cost::floor() } else { real_cost()? };
        let founding = founding(contents, device)?;
        let first = FirstActs::of(contents, &study, &founding, account);
        let (user, stamp) = (account.as_user(cost), stamp(now, &account.user));
        let is_new = !place.folder.exists();
        let founded = writing::found(&place, &founding, &user, &stamp, |tx, key| {
            first.write(tx, key)?;
            contents.data.as_ref().map_or(Ok(()), |data| data.bring_in(tx, &contents.kit.site, &stamp))
        });
        if founded.is_err() && is_new && contents.data.is_some() {
            drop_half(&place.folder);
        }
        let mut open = founded?;
        // The vault stands without them, and the next sign-in tries again.
        let _ = keep_codes(&mut open, now);
        let (title, site) = (study.name.clone(), contents.kit.site.clone());
        // The vault stands and can be opened without its card, which only tells the first screen more of it.
        let _ = Card { study: title, site, practice: contents.practice, accounts: None }.lay(&place.folder);
        Ok(open)
    }
}

/// Takes away a vault into which its site's data did not come: one without them would pass for the whole site. It goes under one
/// name at once, which nobody takes for a vault's.
fn drop_half(folder: &Path) {
    let hidden =
        folder.with_file_name(format!(".founding-{}", folder.file_name().unwrap_or_default().to_string_lossy()));
    // What is told is why the data did not come.
    let _ = fs::rename(folder, &hidden).and_then(|()| fs::remove_dir_all(&hidden));
}

/// A new device's id, and the name of its vault's folder.
///
/// # Errors
/// The operating system gives no random numbers.
pub fn make_device(site: &str) -> Result<(String, String), SiteError> {
    let device = format!("{site}-{}", seal::random_name(DEVICE_NAME).map_err(VaultError::from)?);
    let id = vault_id(&device);
    Ok((device, id))
}

/// What a vault is founded with: new keys, and what the kit says of its center.
fn founding(contents: &KitContents, device: &str) -> Result<Founding, SiteError> {
    let (signing, identity) = (SigningKey::make().map_err(VaultError::from)?, Identity::make());
    Ok(Founding {
        study_xml: contents.study_xml.clone(),
        functions: clinical::functions(),
        site: contents.kit.site.clone(),
        device: device.to_owned(),
        signing,
        identity,
        settings: settings_of(contents),
    })
}

/// The settings that a vault has from its kit.
fn settings_of(contents: &KitContents) -> Vec<(String, Vec<u8>)> {
    let mut settings = vec![
        (settings::CENTER_KEY.to_owned(), contents.kit.center_key.to_string().into_bytes()),
        (settings::CENTER_AGE.to_owned(), contents.kit.center_age.to_string().into_bytes()),
        (settings::RECOVERY_AGE.to_owned(), contents.kit.recovery_age.to_string().into_bytes()),
        (settings::SITE_NAME.to_owned(), contents.kit.site_name.clone().into_bytes()),
        (settings::ACTIVATION.to_owned(), contents.kit.activation.clone().into_bytes()),
    ];
    if let Some(slots) = &contents.slots {
        settings.push((settings::SLOTS.to_owned(), slots.bytes().to_vec()));
    }
    if contents.practice {
        settings.push((settings::PRACTICE.to_owned(), b"1".to_vec()));
    }
    settings
}

/// The acts with which every journal begins.
struct FirstActs {
    enrolled: DeviceEnrolled,
    activated: StudyActivated,
    user: Oid,
    name: String,
}

impl FirstActs {
    fn of(contents: &KitContents, study: &Study, founding: &Founding, account: &NewAccount) -> Self {
        Self {
            enrolled: DeviceEnrolled {
                site: Oid::from(founding.site.as_str()),
                device: Oid::from(founding.device.as_str()),
                key: founding.signing.public().to_string(),
                recipient: founding.identity.recipient().to_string(),
                program: env!("CARGO_PKG_VERSION").to_owned(),
                practice: contents.practice,
            },
            activated: StudyActivated {
                version: study.metadata_version.clone(),
                file: seal::hex::encode(&sha256(&contents.study_xml)),
            },
            user: Oid::from(account.user.as_str()),
            name: account.name.clone(),
        }
    }

    /// Writes them; `key` is the first account's.
    fn write(self, tx: &mut ActWriter<'_, '_>, key: &PublicKey) -> Result<(), SiteError> {
        tx.write(self.enrolled)?;
        tx.write(self.activated)?;
        let role = journal_role(Role::Administrator);
        tx.write(UserAdded { user: self.user, name: self.name, role, key: Some(key.to_string()), must_change: false })?;
        Ok(())
    }
}

/// Reads a study file with the functions that rules may call.
///
/// # Errors
/// How many faults the file has.
pub fn read_study(xml: &[u8]) -> Result<Study, SiteError> {
    Study::read("study.xml", xml, &clinical::functions()).map_err(|faults| SiteError::Study(faults.len()))
}

/// Opens a kit, all of it: that what it carries is whole is known before a vault is founded.
fn open_kit(path: &Path, passphrase: &str) -> Result<KitContents, SiteError> {
    let trusted = kit_file::admit(path)?;
    let (id, maker) = (trusted.id(), trusted.envelope().sender.key);
    let (practice, entries) = (trusted.envelope().is_practice(), trusted.envelope().entries);
    let mut blobs = Blobs::default();
    let passphrase = Zeroizing::new(passphrase.trim().to_owned());
    trusted.open(&Key::Passphrase(&passphrase), &mut blobs)?;
    let kit = Kit::read(&blobs.kit.ok_or(bundle::BundleError::Damaged("kit.json"))?)?;
    if kit.center_key != maker {
        return Err(bundle::BundleError::Damaged("kit.json").into());
    }
    // With data there are all versions of the study.
    let mut studies = blobs.studies.into_iter();
    let study_xml = studies.find(|study| kit.study_sha256 == EntryId(sha256(study)));
    let study_xml = study_xml.ok_or(bundle::BundleError::Damaged("study.xml"))?;
    let slots = match (blobs.slots, blobs.signature) {
        (Some(slots), Some(signature)) => Some(read_slots(&kit.center_key, &kit.study, &slots, &signature)?),
        _ => None,
    };
    let data = (entries > 0).then(|| KitFile::new(path, passphrase, id));
    Ok(KitContents { kit, study_xml, practice, slots, data })
}

/// Reads a slot list that the center signed for this study.
pub(crate) fn read_slots(
    center: &PublicKey,
    study: &str,
    slots: &[u8],
    signature: &[u8],
) -> Result<SlotList, bundle::BundleError> {
    let damaged = || bundle::BundleError::Damaged("slots.ndjson");
    let signature = std::str::from_utf8(signature).map_err(|_| damaged())?;
    seal::verify_ssh(center, SLOTS_NAMESPACE, slots, signature).map_err(bundle::BundleError::Signature)?;
    let slots = SlotList::read(slots).map_err(|why| match why {
        SlotError::Newer => bundle::BundleError::NewerVersion,
        _ => damaged(),
    })?;
    if slots.study() == study { Ok(slots) } else { Err(bundle::BundleError::OtherStudy) }
}

/// The blobs of a kit.
#[derive(Default)]
struct Blobs {
    kit: Option<Vec<u8>>,
    studies: Vec<Vec<u8>>,
    slots: Option<Vec<u8>>,
    signature: Option<Vec<u8>>,
}

impl Sink for Blobs {
    type Error = SiteError;

    /// Taken in when the vault is founded.
    fn line(&mut self, _: Line) -> Result<(), SiteError> {
        Ok(())
    }

    fn text(&mut self, _: TextRow) -> Result<(), SiteError> {
        Ok(())
    }

    fn blob(&mut self, note: &BlobNote, bytes: Vec<u8>) -> Result<(), SiteError> {
        match note.name.as_str() {
            Kit::NAME => self.kit = Some(bytes),
            Kit::STUDY_NAME => self.studies.push(bytes),
            SlotList::NAME => self.slots = Some(bytes),
            SlotList::SIGNATURE_NAME => self.signature = Some(bytes),
            _ => {}
        }
        Ok(())
    }
}
