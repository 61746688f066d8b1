//! A practice trial without a window, made through the site room's own acts and a practice center's.
//!
//! The folder holds `center/` (a center that has approved the device), `vault/`, `password.txt` (user name and password,
//! a line each), `bundles/`, `allowed_signers` and `center.agekey`. The vault opens in the app when `OUTPOST_HOME` names
//! the folder. The same seed gives the same answers; keys are drawn anew.

use std::error::Error;
use std::fs::{self, File};
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use casebook::{Instant, Offset};
use center::{Center, CenterError, Founding, ImportedBundle, Outcome};
use practice::{CHART, Census, PASSWORD, Pace, SITE, STAFF, Trial, study_file};
use screens::Now;
use seal::Zeroizing;
use site::{Home, NewAccount, SiteComputer};
use study::Oid;
use vault::VaultPlace;

/// The vault's name on its computer.
pub const VAULT: &str = "vault";
/// What the practice kit is locked with; nothing real is ever protected by it.
const KIT_PASSPHRASE: &str = "practice-kit-passphrase";
/// The nurse among the invented accounts.
const NURSE: usize = 1;

/// Done, or what stopped it.
type Made<T> = Result<T, Box<dyn Error>>;

/// The study that is practised.
pub struct Material<'a> {
    /// Name of its file, for faults.
    pub name: &'a str,
    /// The study file.
    pub study: &'a [u8],
    /// What is usual in its patients' charts; empty where there is no such file.
    pub chart: &'a [u8],
}

/// Makes the folder with the trial that the program brings along.
///
/// # Errors
/// The folder holds something already, or what the disk says.
pub fn make(out: &Path, subjects: u32, seed: u64) -> Made<()> {
    let material = Material { name: "hcc-oligoprogression.xml", study: study_file()?, chart: CHART };
    make_of(out, &material, subjects, seed)
}

/// Makes the folder with any study.
///
/// # Errors
/// As [`make`]; the study has faults.
pub fn make_of(out: &Path, material: &Material<'_>, subjects: u32, seed: u64) -> Made<()> {
    let (chart, until, pace) = (material.chart, now(), Pace::of(subjects));
    make_trial(out, material, &Trial { vault: VAULT, seed, subjects, chart, until, pace })
}

/// Makes the folder with a trial that ends on another day than today.
///
/// # Errors
/// As [`make_of`].
pub fn make_trial(out: &Path, material: &Material<'_>, trial: &Trial<'_>) -> Made<()> {
    if fs::read_dir(out).is_ok_and(|mut inside| inside.next().is_some()) {
        return Err(format!("{} is not empty; name a new folder", out.display()).into());
    }
    fs::create_dir_all(out)?;
    // Whatever the umask says: it holds keys and a password, and looks like what a real one looks like.
    center::make_private(out)?;
    let out = &out.canonicalize()?;
    let center = make_center(out, material, trial.seed)?;
    let mut computer = found_site(out, &center, trial.begins())?;
    introduce(out, &center, &mut computer, trial.begins())?;
    trial.enter(&mut computer, &|code, now| {
        center.release(&stamp_at(now), code, None, None).ok().map(|release| release.code.to_string())
    })?;
    println!("{}", Census::take(&mut computer, now())?);
    export(&mut computer, &out.join("bundles"), now())?;
    computer.lock(now())?;
    fs::copy(out.join("center/allowed_signers"), out.join("allowed_signers"))?;
    fs::copy(out.join("center/center.agekey"), out.join("center.agekey"))?;
    fs::write(out.join("password.txt"), format!("{}\n{PASSWORD}\n", STAFF[NURSE].0))?;
    Ok(())
}

/// A computer before the folder's vault.
pub fn computer(out: &Path) -> SiteComputer {
    SiteComputer::new(home(out), Arc::new(|_| {}), Arc::new(AtomicBool::new(false)))
}

/// The folder's vault, for those who open it without a computer.
pub fn place(out: &Path) -> VaultPlace {
    VaultPlace { folder: home(out).vault(VAULT), checkpoint: home(out).checkpoint(VAULT) }
}

/// User name and password, from the folder's `password.txt`.
///
/// # Errors
/// The file cannot be read.
pub fn account(out: &Path) -> Made<(String, String)> {
    let text = fs::read_to_string(out.join("password.txt"))?;
    let mut lines = text.lines().map(str::to_owned);
    Ok((lines.next().unwrap_or_default(), lines.next().unwrap_or_default()))
}

/// Lets the folder's center take a bundle in; gives its words.
///
/// # Errors
/// When the center itself fails.
pub fn ingest(out: &Path, bundle: &Path) -> Made<String> {
    let center = Center::open(&out.join("center"), &clinical::functions())?;
    let imported = take(&center, bundle)?;
    Ok(imported.first().map(|bundle| bundle.outcome.to_string()).unwrap_or_default())
}

/// The wall clock. Programs may read it; rooms may not.
pub fn now() -> Now {
    let clock::Now { at_ms, offset_minutes } = clock::now();
    Now { at_ms: u64::try_from(at_ms).unwrap_or_default(), offset_minutes }
}

fn home(out: &Path) -> Home {
    Home { data: out.to_owned(), config: out.join("config") }
}

fn make_center(out: &Path, material: &Material<'_>, seed: u64) -> Made<Center> {
    let functions = clinical::functions();
    let founding = Founding { study_name: material.name, study: material.study, functions: &functions, practice: true };
    let center = Center::init(&out.join("center"), &founding, &stamp())?;
    center.add_site(&stamp(), SITE.0, SITE.1)?;
    match center.make_allocation(&stamp(), Some(seed)) {
        Ok(_) | Err(CenterError::NothingAllocated) => {}
        Err(error) => return Err(error.into()),
    }
    Ok(center)
}

/// The site opens the center's kit as a real one would.
fn found_site(out: &Path, center: &Center, begins: Now) -> Made<SiteComputer> {
    let kit = out.join("S01.kit");
    fs::write(&kit, center.make_kit(&stamp(), SITE.0, KIT_PASSPHRASE)?.bytes)?;
    let mut computer = computer(out);
    let administrator = NewAccount::new(STAFF[0].0, STAFF[0].1, PASSWORD.to_owned());
    computer.kit_found_as(VAULT, &kit, KIT_PASSPHRASE, &administrator, begins)?;
    practice::add_staff(&mut computer, VAULT, begins)?;
    fs::remove_file(kit)?;
    Ok(computer)
}

fn export(computer: &mut SiteComputer, folder: &Path, now: Now) -> Made<Vec<PathBuf>> {
    fs::create_dir_all(folder)?;
    let report = computer.session(now)?.export_bundle(folder)?;
    Ok(report.files.into_iter().map(PathBuf::from).collect())
}

/// The device shows itself with a first bundle, which waits, and is approved: the center answers no request of a device
/// that it does not know. Nothing is taken in yet, so that the bundles can be.
fn introduce(out: &Path, center: &Center, computer: &mut SiteComputer, now: Now) -> Made<()> {
    let first = export(computer, &out.join("first"), now)?;
    let imported = take(center, first.first().ok_or("nothing was exported")?)?;
    fs::remove_dir_all(out.join("first"))?;
    match imported.first().map(|bundle| &bundle.outcome) {
        Some(Outcome::Waiting { device, .. }) => Ok(center.approve(&stamp(), device)?),
        other => Err(format!("the first bundle should wait for approval, not be {other:?}").into()),
    }
}

fn take(center: &Center, bundle: &Path) -> Made<Vec<ImportedBundle>> {
    let name = bundle.file_name().unwrap_or_default().to_string_lossy();
    Ok(center.import(&stamp(), &name, BufReader::new(File::open(bundle)?))?)
}

fn stamp() -> center::Stamp {
    stamp_at(now())
}

fn stamp_at(now: Now) -> center::Stamp {
    let at = Instant::from_ms(i64::try_from(now.at_ms).unwrap_or(i64::MAX));
    center::Stamp { at, tz: Offset::from_minutes(i32::from(now.offset_minutes)), by: Oid::from("practice") }
}

/// Derives the nurse's key and does nothing with it, to know what an unlock spends on that alone.
///
/// # Errors
/// The key slots cannot be read, or the password is wrong.
pub fn derive_only(out: &Path) -> Made<()> {
    let (user, password) = account(out)?;
    let bytes = fs::read(home(out).vault(VAULT).join("keyslots.json"))?;
    let slots = seal::KeySlots::read(&bytes)?;
    slots.unlock(&user, &Zeroizing::new(password))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_holds_something_stays_as_it_is() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("mine"), "mine").expect("a file");
        let told = make(folder.path(), 0, 1).expect_err("it is not empty").to_string();
        assert_eq!(told, format!("{} is not empty; name a new folder", folder.path().display()));
        assert_eq!(fs::read_dir(folder.path()).expect("the folder").count(), 1);
    }

    #[test]
    fn an_account_is_a_name_and_a_password() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(account(folder.path()).is_err(), "no file, no account");
        fs::write(folder.path().join("password.txt"), "nurse1\na word of several words\n").expect("a file");
        let (user, password) = account(folder.path()).expect("an account");
        assert_eq!((user.as_str(), password.as_str()), ("nurse1", "a word of several words"));
    }

    #[test]
    fn a_study_with_faults_makes_no_site() {
        let folder = tempfile::tempdir().expect("a folder");
        let out = folder.path().join("out");
        let material = Material { name: "broken.xml", study: b"<ODM>", chart: b"" };
        assert!(make_of(&out, &material, 1, 1).is_err());
        assert!(!out.join("password.txt").exists() && !out.join("vault").exists());
    }

    #[test]
    fn a_site_without_patients_is_whole_and_its_bundles_are_taken_in() {
        let folder = tempfile::tempdir().expect("a folder");
        let out = folder.path().join("deep/out");
        make(&out, 0, 1).expect("a practice site");
        for name in ["center", "vault", "bundles", "password.txt", "allowed_signers", "center.agekey"] {
            assert!(out.join(name).exists(), "{name}");
        }
        for name in ["S01.kit", "first"] {
            assert!(!out.join(name).exists(), "{name} was only for the way");
        }
        let (user, password) = account(&out).expect("an account");
        assert_eq!((user.as_str(), password.as_str()), (STAFF[NURSE].0, PASSWORD));
        derive_only(&out).expect("the password opens her key");
        let mut bundles = fs::read_dir(out.join("bundles")).expect("a folder").flatten();
        let bundle = bundles.next().expect("a bundle").path();
        let said = ingest(&out, &bundle).expect("the center works");
        assert!(said.starts_with("accepted"), "{said}");
        let again = ingest(&out, &bundle).expect("the center works");
        assert!(!again.starts_with("accepted"), "the same bundle brings nothing: {again}");
        let session = computer(&out).unlock(VAULT, &user, &password, now()).expect("she signs in");
        assert!(session.practice);
    }
}
