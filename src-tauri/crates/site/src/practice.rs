//! Practising: a complete site with invented people and subjects, marked everywhere, whose bundles a real center refuses.
//!
//! Everything goes through the same acts as a person's; the same seed gives the same answers.

mod answers;
mod builtin;
mod census;
mod center;
mod chart;
mod course;
mod invent;
mod nurse;
mod patient;
mod trial;

use std::path::PathBuf;

use bundle::Kit;
use casebook::EntryId;
use seal::{AllowedSigners, Cost, Identity, SigningKey, sha256};
use vault::VaultError;

use crate::cards::Card;
use crate::desk::Desk;
use crate::founding::{Ground, make_device, read_study};
use crate::home::replace;
use crate::messages::{Role, StartView};
use crate::{NewAccount, Now, SiteError};

pub use builtin::study_file;
pub use census::Census;
pub use center::CenterDesk;
pub use trial::{Pace, Phone, Trial};

/// The password that the invented accounts share. Shown on the first screen: there is nothing to protect.
pub const PASSWORD: &str = "practice-harbour-42";
/// The invented accounts: user id, name, role.
pub const STAFF: [(&str, &str, Role); 4] = [
    ("admin1", "Administrator (sample)", Role::Administrator),
    ("nurse1", "Nurse (sample)", Role::Nurse),
    ("investigator1", "Investigator (sample)", Role::Investigator),
    ("assessor1", "Assessor (sample)", Role::Assessor),
];
/// The sample site.
pub const SITE: (&str, &str) = ("S01", "Sample Hospital (practice)");

/// What is usual in its patients' charts.
pub const CHART: &[u8] = include_bytes!("../../../studies/hcc-oligoprogression.practice.json");

/// What stands before the seed in a center's key file.
const SEED_LABEL: &str = "outpost-center-signing-seed-1 ";

/// Subjects of a practice site, and the seed of their answers.
const SUBJECTS: u32 = 3;
const SEED: u64 = 20_261_129;

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

impl Desk {
    /// Makes a practice site, unless this computer has one: a center's keys, a vault with an account of each role, subjects with
    /// answers, and some work left to do.
    ///
    /// # Errors
    /// What the disk says.
    pub fn practise(&mut self, now: Now) -> Result<StartView, SiteError> {
        self.lock(now)?;
        let start = self.start_view()?;
        if start.vaults.iter().any(|vault| vault.practice) {
            return Ok(start);
        }
        let (device, id) = make_device(SITE.0)?;
        let center = CenterFolder { folder: self.home.practice_center(&id) };
        let ground = make_center(&center)?;
        let trial = Trial { vault: &id, seed: SEED, subjects: SUBJECTS, chart: CHART, until: now, pace: Pace::LOOK };
        self.found_practice(&id, &ground, &device, trial.begins())?;
        write_signers(&center, &device, &self.signing_key(now)?)?;
        let telephone = CenterDesk::open(&center, SITE.0, &device)?;
        trial.enter(self, &|code, _| telephone.answer(code))?;
        self.lock(now)?;
        self.start_view()
    }

    /// Gives a practice vault its accounts and signs the nurse in. The administrator is signed in before.
    ///
    /// # Errors
    /// What the vault says.
    pub fn staff_practice(&mut self, vault: &str, now: Now) -> Result<(), SiteError> {
        let mut seat = self.seat(now)?;
        for (user, name, role) in STAFF.into_iter().skip(1) {
            seat.add(&NewAccount::new(user, name, PASSWORD.to_owned()), role, Cost::floor())?;
        }
        let study = seat.study().name.clone();
        let site = seat.site();
        let accounts = STAFF.iter().map(|(user, _, role)| ((*user).to_owned(), *role)).collect();
        let card = Card { study, site, practice: true, accounts: Some((accounts, PASSWORD.to_owned())) };
        card.lay(&self.home.vault(vault))?;
        self.lock(now)?;
        self.unlock(vault, STAFF[1].0, PASSWORD, now).map(drop)
    }

    fn found_practice(&mut self, id: &str, ground: &Ground, device: &str, now: Now) -> Result<(), SiteError> {
        let (user, name, _) = STAFF[0];
        let account = NewAccount::new(user, name, PASSWORD.to_owned());
        let open = self.found(ground, id, device, &account, now)?;
        self.sit(open)?;
        self.staff_practice(id, now)
    }

    fn signing_key(&mut self, now: Now) -> Result<seal::PublicKey, SiteError> {
        Ok(self.seat(now)?.session.open.device_key().public())
    }
}

/// Makes a practice center's keys and lays them into its folder.
fn make_center(center: &CenterFolder) -> Result<Ground, SiteError> {
    let signing = SigningKey::make().map_err(VaultError::from)?;
    let (age, recovery) = (Identity::make(), Identity::make());
    let study_xml = study_file()?;
    let study = read_study(study_xml)?;
    std::fs::create_dir_all(&center.folder)?;
    let seed = format!("{SEED_LABEL}{}\n", seal::hex::encode(signing.seed().as_slice()));
    replace(&center.signing(), seed.as_bytes())?;
    replace(&center.recovery(), recovery.to_file().as_bytes())?;
    replace(&center.agekey(), age.to_file().as_bytes())?;
    replace(&center.study(), study_xml)?;
    let kit = Kit::new(
        study.oid.as_str(),
        EntryId(sha256(study_xml)),
        SITE.0,
        SITE.1,
        signing.public(),
        age.recipient(),
        recovery.recipient(),
        "practice",
    );
    let slots = center::deal(center, &study)?;
    Ok(Ground { kit, study_xml: study_xml.to_vec(), practice: true, slots })
}

fn write_signers(center: &CenterFolder, device: &str, key: &seal::PublicKey) -> Result<(), SiteError> {
    let mut signers = AllowedSigners::default();
    signers.add(device, *key);
    replace(&center.allowed_signers(), signers.write(bundle::NAMESPACE).as_bytes())
}
