//! A practice center's folder: its keys, and what an auditor would be given.

use std::path::PathBuf;

use allocation::{Ledger, Plan, SlotList};
use bundle::Kit;
use casebook::EntryId;
use seal::{AllowedSigners, Identity, SigningKey, sha256};
use site::Noun;
use site::{KitContents, SiteError, read_study};
use study::Study;
use vault::VaultError;
use vault::{private_folder, replace_file};

use crate::builtin::study_file;
use crate::sample::{SEED, SITE};

/// What stands before the seed in a center's key file.
const SEED_LABEL: &str = "outpost-center-signing-seed-1 ";

/// What a practice center's folder holds: what `outpost-center init --practice --keys` takes. Nothing real is ever
/// protected by these keys.
pub struct CenterFolder {
    /// The folder.
    pub folder: PathBuf,
}

impl CenterFolder {
    /// The seed of the signing key.
    pub fn signing(&self) -> PathBuf {
        self.folder.join("center.key")
    }

    /// The recovery age identity.
    pub fn recovery(&self) -> PathBuf {
        self.folder.join("recovery.agekey")
    }

    /// The operational age identity alone, as `age -d -i` takes it.
    pub fn agekey(&self) -> PathBuf {
        self.folder.join("center.agekey")
    }

    /// The device's signing key, as `ssh-keygen -Y verify` takes it.
    pub fn allowed_signers(&self) -> PathBuf {
        self.folder.join("allowed_signers")
    }

    /// The arms and keys of the randomisation slots.
    pub fn ledger(&self) -> PathBuf {
        self.folder.join("ledger.ndjson")
    }

    /// What was released of them, one act of the center's log per line.
    pub fn releases(&self) -> PathBuf {
        self.folder.join("releases.ndjson")
    }

    /// The study file.
    pub fn study(&self) -> PathBuf {
        self.folder.join("study.xml")
    }
}

/// Makes a practice center's keys and lays them into its folder.
pub(crate) fn make_center(center: &CenterFolder) -> Result<KitContents, SiteError> {
    let signing = SigningKey::make().map_err(VaultError::from)?;
    let (age, recovery) = (Identity::make(), Identity::make());
    let study_xml = study_file()?;
    let study = read_study(study_xml)?;
    private_folder(&center.folder)?;
    let seed = format!("{SEED_LABEL}{}\n", seal::hex::encode(signing.seed().as_slice()));
    replace_file(&center.signing(), seed.as_bytes())?;
    replace_file(&center.recovery(), recovery.to_file().as_bytes())?;
    replace_file(&center.agekey(), age.to_file().as_bytes())?;
    replace_file(&center.study(), study_xml)?;
    let kit = Kit {
        format: Kit::FORMAT.to_owned(),
        version: Kit::VERSION,
        study: study.oid.to_string(),
        study_sha256: EntryId(sha256(study_xml)),
        site: SITE.0.to_owned(),
        site_name: SITE.1.to_owned(),
        center_key: signing.public(),
        center_age: age.recipient(),
        recovery_age: recovery.recipient(),
        activation: "practice".to_owned(),
    };
    let slots = deal(center, &study)?;
    Ok(KitContents { kit, study_xml: study_xml.to_vec(), practice: true, slots, data: None })
}

pub(crate) fn write_signers(center: &CenterFolder, device: &str, key: &seal::PublicKey) -> Result<(), SiteError> {
    let mut signers = AllowedSigners::default();
    signers.add(device, *key);
    Ok(replace_file(&center.allowed_signers(), signers.write(bundle::NAMESPACE).as_bytes())?)
}

/// Deals the slots of a practice center, and gives their public half; none for a study that allocates nothing.
fn deal(center: &CenterFolder, study: &Study) -> Result<Option<SlotList>, SiteError> {
    let Some(plan) = Plan::of(study).ok().flatten() else { return Ok(None) };
    let ledger = Ledger::make(&study.oid, &plan, Some(SEED)).map_err(VaultError::from)?;
    replace_file(&center.ledger(), &ledger.write())?;
    ledger.seal().map(Some).map_err(|_| SiteError::NoSuch(Noun::Arm))
}
