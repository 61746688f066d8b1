//! Making a practice site from the first screen.

use screens::Now;
use screens::messages::StartView;
use seal::Cost;
use site::{NewAccount, SiteComputer, SiteError, make_device};

use crate::center::CenterDesk;
use crate::center_folder::{CenterFolder, make_center, write_signers};
use crate::sample::{CHART, PASSWORD, SEED, SITE, STAFF, SUBJECTS};
use crate::trial::{Pace, Trial};

/// Makes a practice site, unless this computer has one: a center's keys, a vault with an account of each role, subjects with
/// answers, and some work left to do.
///
/// # Errors
/// What the disk says.
pub fn practise(computer: &mut SiteComputer, now: Now) -> Result<StartView, SiteError> {
    computer.leave(now);
    let start = computer.start_view()?;
    if start.vaults.iter().any(|vault| vault.practice) {
        return Ok(start);
    }
    make_site(computer, &Invented { seed: SEED, subjects: SUBJECTS, pace: Pace::LOOK }, now)?;
    computer.start_view()
}

/// What a practice site is invented from.
pub(crate) struct Invented {
    /// Settles every answer.
    pub(crate) seed: u64,
    /// How many patients.
    pub(crate) subjects: u32,
    /// How long the trial lasts.
    pub(crate) pace: Pace,
}

/// Founds a practice site and enters its patients.
pub(crate) fn make_site(computer: &mut SiteComputer, invented: &Invented, now: Now) -> Result<(), SiteError> {
    let (device, id) = make_device(SITE.0)?;
    let center = CenterFolder { folder: computer.home().practice_center(&id) };
    let contents = make_center(&center)?;
    let Invented { seed, subjects, pace } = *invented;
    let trial = Trial { vault: &id, seed, subjects, chart: CHART, until: now, pace };
    let begins = trial.begins();
    let administrator = NewAccount::new(STAFF[0].0, STAFF[0].1, PASSWORD.to_owned());
    computer.found_and_sign_in(&contents, &id, &device, &administrator, begins)?;
    add_staff(computer, &id, begins)?;
    write_signers(&center, &device, &computer.session(now)?.device_key())?;
    let telephone = CenterDesk::open(&center, SITE.0, &device)?;
    trial.enter(computer, &|code, _| telephone.answer(code))?;
    computer.lock(now)
}

/// Gives a practice vault its accounts and signs the nurse in. The administrator is signed in before.
///
/// # Errors
/// What the vault says.
pub fn add_staff(computer: &mut SiteComputer, vault: &str, now: Now) -> Result<(), SiteError> {
    let mut session = computer.session(now)?;
    for (user, name, role) in STAFF.into_iter().skip(1) {
        session.add(&NewAccount::new(user, name, PASSWORD.to_owned()), role, Cost::floor())?;
    }
    let accounts = STAFF.iter().map(|(user, _, role)| ((*user).to_owned(), *role)).collect();
    computer.show_practice_accounts(vault, accounts, PASSWORD)?;
    computer.lock(now)?;
    computer.unlock(vault, STAFF[1].0, PASSWORD, now).map(drop)
}
