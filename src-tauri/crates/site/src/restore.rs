//! What can be done with a backup on any computer, whoever is signed in or nobody: looking at it, the restore drill, and
//! putting a vault back.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use screens::Now;
use screens::messages::{
    BackupAgainst, BackupView, DrillReport, Progress, ProgressStep, RestoreReport, Role, SetAside, WhySetAside,
};
use screens::permissions::{Command, check};
use seal::{PublicKey, Zeroizing};
use vault::{
    Backup, BackupContent, InPlace, Opener, OpensBy, RestoreStep, Restoring, SignsIn, Stamp, VaultError, VaultPlace,
    WhyAside,
};

use crate::backup::wish;
use crate::beside::Loan;
use crate::cards::Card;
use crate::clock::stamp;
use crate::computer::SiteComputer;
use crate::home::vault_id;
use crate::integrity::alarm;
use crate::roles::role_of;
use crate::{Home, SiteError, settings};

/// Work on a backup that is begun. Can be sent to another thread.
pub struct RestoreJob {
    fixed: Loan<Fixed>,
}

/// Who opens a backup.
pub struct OpensBackup<'a> {
    /// User id, as typed.
    pub user: &'a str,
    /// The account's password when the backup was made, or a recovery code that was left then.
    pub secret: &'a str,
    /// Whether it is a code.
    pub by_code: bool,
    /// Whether a key slot may put the vault back that does not say which vault it was made for.
    pub takes_unbound: bool,
}

/// Who can sign in to the vault that is in a backup's place, and lets it be looked into.
pub struct OpensHere<'a> {
    /// User id, as typed.
    pub user: &'a str,
    /// The account's password there, as it is today, or a recovery code that is left.
    pub secret: &'a str,
}

/// A backup, and who opens it.
struct Fixed {
    backup: Backup,
    user: String,
    secret: Zeroizing<String>,
    by_code: bool,
    takes_unbound: bool,
    stamp: Stamp,
    home: Home,
    path: PathBuf,
    asked_in: PathBuf,
}

impl RestoreJob {
    /// The restore drill: opens a copy and verifies everything in it. Neither the backup nor any vault is touched, and no copy
    /// stays behind.
    ///
    /// # Errors
    /// `WrongPassword`, `WrongCode`, `Wait`, `Exchanged`, `BadCopy`, `Cancelled`, `Full`, `NotYourRole` for an account that may make
    /// no backup.
    pub fn drill(self, tell: &dyn Fn(&Progress), cancel: &Arc<AtomicBool>) -> Result<BackupContent, SiteError> {
        self.fixed.spend(|fixed, session| {
            let stop = wish(cancel, session);
            let (vaults, beside) = (fixed.home.vaults(), fixed.path.parent().unwrap_or(Path::new(".")));
            let drill = |scratch: &Path| fixed.with(|by| fixed.backup.drill(scratch, by, &stop, told(tell)));
            let content = match drill(&vaults) {
                // A stick may have the room that this computer has not.
                Err(refused) if is_for_want_of_room(&refused) => drill(beside).map_err(|_| refused),
                drilled => drilled,
            }?;
            may_back_up(&content).map(|()| content)
        })
    }

    /// Makes a vault of the backup beside the others, verifies it, and gives it no name yet.
    ///
    /// # Errors
    /// As [`Self::drill`]; `SlotUnbound`.
    pub fn restore(self, tell: &dyn Fn(&Progress), cancel: &Arc<AtomicBool>) -> Result<Restoring, SiteError> {
        self.fixed.spend(|fixed, session| {
            let stop = wish(cancel, session);
            let restoring = fixed.with(|by| fixed.backup.restore(&fixed.home.vaults(), by, &stop, told(tell)))?;
            may_back_up(restoring.content()).map(|()| restoring)
        })
    }
}

impl Fixed {
    fn with<T>(&self, work: impl FnOnce(&Opener<'_>) -> T) -> T {
        let (functions, Self { user, secret, takes_unbound, stamp, asked_in, .. }) = (clinical::functions(), self);
        let by = if self.by_code { OpensBy::Code(secret) } else { OpensBy::Password(secret) };
        let (functions, takes_unbound, center_key) = (&functions, *takes_unbound, settings::CENTER_KEY);
        work(&Opener { user, by, takes_unbound, center_key, stamp, functions, asked_in })
    }
}

fn told(tell: &dyn Fn(&Progress)) -> impl FnMut(RestoreStep) {
    move |step| {
        let (step, vault::Progress { done, total }) = match step {
            RestoreStep::Copy(progress) => (ProgressStep::Read, progress),
            RestoreStep::Verify(progress) => (ProgressStep::Verify, progress),
        };
        tell(&Progress { step, done, total, seconds_left: None });
    }
}

fn is_for_want_of_room(refused: &VaultError) -> bool {
    match refused {
        VaultError::Full => true,
        VaultError::Io(error) => {
            matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::ReadOnlyFilesystem)
        }
        _ => false,
    }
}

/// Whoever must not see how much is entered learns it from no backup.
fn may_back_up(content: &BackupContent) -> Result<(), SiteError> {
    let role: Role = role_of(content.role)?;
    Ok(check(Command::BackupWrite, Some(role))?)
}

impl SiteComputer {
    /// What a folder says of itself that somebody takes for a backup. It is proven when it is opened.
    ///
    /// # Errors
    /// `NotABackup`, `Newer`, `Gone`.
    pub fn backup_look(&mut self, path: &Path) -> Result<BackupView, SiteError> {
        let backup = Backup::find(path)?;
        let note = backup.note();
        Ok(BackupView {
            site: note.site.clone(),
            device: note.device.clone(),
            practice: note.practice,
            at: note.at.local(note.tz),
            entries: self.may_see_much().then_some(note.entries),
            code_set: backup.code_set(),
            is_here: self.in_the_way(&note.device)?.is_some(),
        })
    }

    /// Begins work on a backup that `user` opens with the password that was in force when it was made.
    ///
    /// # Errors
    /// As [`Self::restore_begin_by`].
    pub fn restore_begin(
        &mut self,
        path: &Path,
        user: &str,
        password: &str,
        now: Now,
    ) -> Result<RestoreJob, SiteError> {
        let opens = OpensBackup { user, secret: password, by_code: false, takes_unbound: false };
        self.restore_begin_by(path, &opens, now)
    }

    /// Begins work on a backup.
    ///
    /// # Errors
    /// `NotABackup`, `Newer`, `Gone`.
    pub fn restore_begin_by(
        &mut self,
        path: &Path,
        opens: &OpensBackup<'_>,
        now: Now,
    ) -> Result<RestoreJob, SiteError> {
        self.home.make()?;
        // Work on a copy clears away what tells of them.
        self.home.give_names_back();
        let (user, secret) = (opens.user.trim().to_lowercase(), Zeroizing::new(opens.secret.to_owned()));
        let (backup, stamp) = (Backup::find(path)?, stamp(now, &user));
        let asked_in = self.asked_in(&backup.note().device)?;
        let &OpensBackup { by_code, takes_unbound, .. } = opens;
        let (home, path) = (self.home.clone(), path.to_owned());
        let fixed = Fixed { backup, user, secret, by_code, takes_unbound, stamp, home, path, asked_in };
        Ok(RestoreJob { fixed: self.lender().lend(fixed) })
    }

    /// Where a wrong password for a device's backup is counted: beside its vault, whose journal tells of it. Where there is none it
    /// is counted apart, and goes with the backup when that is put back.
    fn asked_in(&self, device: &str) -> Result<PathBuf, SiteError> {
        if let Some(here) = self.home.cards()?.into_iter().find(|card| card.device == device) {
            return Ok(self.home.vault(&here.id));
        }
        let apart = self.home.asked(&vault_id(device));
        // Without the folder it is counted for as long as the program runs.
        let _ = vault::private_folder(&apart);
        Ok(apart)
    }

    /// What a drill found, against the vault that is open.
    ///
    /// # Errors
    /// What the vault says.
    pub fn drill_finish(&mut self, content: &BackupContent) -> Result<DrillReport, SiteError> {
        let (against, behind) = self.against(content)?;
        Ok(DrillReport { against, behind, ..report(content) })
    }

    /// Whether a vault of the backup's device may be made on this computer.
    ///
    /// # Errors
    /// `DeviceHere` when there is one already; two of them would write one log.
    pub fn may_restore(&mut self, path: &Path) -> Result<(), SiteError> {
        let backup = Backup::find(path)?;
        self.is_free_for(&backup.note().device)
    }

    /// Gives a restored vault its name: from here on it is one of this computer's.
    ///
    /// # Errors
    /// `DeviceHere`, `Taken`, and what the disk says: nothing is left behind then.
    pub fn restore_finish(&mut self, restoring: Restoring) -> Result<RestoreReport, SiteError> {
        let vault = vault_id(&restoring.content().note.device);
        self.is_free_for(&restoring.content().note.device)?;
        let place = self.place(&vault)?;
        let content = restoring.name(&place)?;
        Ok(reported(vault, &place, &content, None))
    }

    /// The same where this computer has a vault of that device that does not open any more, or holds less than the backup: it gets
    /// another name, by the reason and today's date, and stays whole. `here` is asked where it lies under another key than the
    /// backup.
    ///
    /// # Errors
    /// `VaultSound` when it is whole and holds what the backup does not; `SlotsMended` when only its key slots were damaged;
    /// `VaultShut` where `here` is needed; `WrongPasswordHere` and `Wait` of `here`; `InUse` while it is open; what could not be
    /// read of it; as [`Self::restore_finish`].
    pub fn restore_instead(
        &mut self,
        mut restoring: Restoring,
        here: Option<&OpensHere<'_>>,
        now: Now,
    ) -> Result<RestoreReport, SiteError> {
        let device = restoring.content().note.device.clone();
        let Some(there) = self.in_the_way(&device)? else { return self.restore_finish(restoring) };
        let why = match judged(&mut restoring, &there, here, now)? {
            InPlace::Aside(why) => why,
            InPlace::Sound => return Err(SiteError::VaultSound),
            InPlace::SlotsMended => return Err(SiteError::SlotsMended),
            InPlace::Shut => return Err(SiteError::VaultShut),
        };
        let vault = vault_id(&device);
        let place = self.place(&vault)?;
        let (content, aside) = restoring.name_instead(&there, why, &now.today(), &place)?;
        let aside = aside.map(|folder| SetAside { folder: folder.to_string_lossy().into_owned(), why: told_why(why) });
        Ok(reported(vault, &place, &content, aside))
    }

    fn is_free_for(&self, device: &str) -> Result<(), SiteError> {
        if self.in_the_way(device)?.is_some() { Err(SiteError::DeviceHere) } else { Ok(()) }
    }

    /// What lies where a vault of a device would be put back, or is one already. It need not be one that opens.
    fn in_the_way(&self, device: &str) -> Result<Option<PathBuf>, SiteError> {
        if let Some(here) = self.home.cards()?.into_iter().find(|card| card.device == device) {
            return Ok(Some(self.home.vault(&here.id)));
        }
        let folder = self.home.vault(&vault_id(device));
        Ok(folder.try_exists()?.then_some(folder))
    }

    fn against(&mut self, content: &BackupContent) -> Result<(BackupAgainst, u64), SiteError> {
        let end = content.note.end();
        let Some(open) = self.open_unmasked().filter(|open| *open.device() == *content.note.device) else {
            return Ok((BackupAgainst::Nothing, 0));
        };
        let last = open.logs().first().map_or(0, |own| own.seq);
        let there = open.line(&content.note.device, end.seq)?;
        if there.is_none_or(|line| line.id() != end.head) {
            return Ok((BackupAgainst::OtherHistory, 0));
        }
        let behind = last - end.seq;
        Ok((if behind == 0 { BackupAgainst::Same } else { BackupAgainst::Behind }, behind))
    }
}

/// How the vault that is there stands to the backup.
fn judged(
    restoring: &mut Restoring,
    there: &Path,
    here: Option<&OpensHere<'_>>,
    now: Now,
) -> Result<InPlace, SiteError> {
    let Some(OpensHere { user, secret }) = here else { return Ok(restoring.judge(there, None)?) };
    let user = user.trim().to_lowercase();
    let by = SignsIn { user: &user, secret, stamp: &stamp(now, &user) };
    restoring.judge(there, Some(&by)).map_err(|refused| match refused {
        // The backup's own password was right.
        VaultError::WrongPassword => SiteError::WrongPasswordHere,
        other => other.into(),
    })
}

fn told_why(why: WhyAside) -> WhySetAside {
    match why {
        WhyAside::Damaged => WhySetAside::Damaged,
        WhyAside::Older => WhySetAside::Older,
        WhyAside::Foreign => WhySetAside::Foreign,
        WhyAside::Unknown => WhySetAside::Unknown,
    }
}

/// Lays the vault's card beside it, where the backup had none, and says what was put back.
fn reported(vault: String, place: &VaultPlace, content: &BackupContent, set_aside: Option<SetAside>) -> RestoreReport {
    if Card::read(&place.folder).is_none() {
        let (study, site) = (content.study.clone(), content.note.site.clone());
        // The vault stands and can be opened without its card, which only tells the first screen more of it.
        let _ = Card { study, site, practice: content.note.practice, accounts: None }.lay(&place.folder);
    }
    RestoreReport {
        vault,
        content: report(content),
        set_aside,
        device_words: content.device_words.clone(),
        center_words: content.center_key.as_deref().and_then(words_of).unwrap_or_default(),
    }
}

/// A key's fingerprint as words; none for what is no key.
fn words_of(key: &[u8]) -> Option<String> {
    Some(std::str::from_utf8(key).ok()?.parse::<PublicKey>().ok()?.words())
}

fn report(content: &BackupContent) -> DrillReport {
    let note = &content.note;
    DrillReport {
        study: content.study.clone(),
        site: note.site.clone(),
        device: note.device.clone(),
        practice: note.practice,
        at: note.at.local(note.tz),
        entries: content.entries,
        subjects: u32::try_from(content.subjects).unwrap_or(u32::MAX),
        newest: content.newest.map(|(at, tz)| at.local(tz)),
        was_older: content.was_older,
        alarms: content.alarms.iter().map(alarm).collect(),
        against: BackupAgainst::Nothing,
        behind: 0,
    }
}
