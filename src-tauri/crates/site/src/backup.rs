//! Backups: made beside the open vault, told of in its journal, and when the next one is due.
//!
//! A backup belongs to the session in which it was begun, as an export does: what it reads with is lent to it, and it goes again
//! where the session ends first.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use casebook::act::BackupWritten;
use casebook::trial_state::Device;
use screens::backup::{self, LastBackup};
use screens::messages::{BackupReport, BackupState, Progress, ProgressStep, SessionView};
use screens::permissions::{Command, check};
use vault::{BackupStep, BackupTerms, NewBackup, Stop};

use crate::beside::{Loan, SessionMark};
use crate::integrity::alarm;
use crate::session::Session;
use crate::{SiteError, cards, settings};

/// Days after which another backup is due, where the site has not chosen others.
const EVERY_DAYS: u32 = 7;

/// A backup that is begun and not yet written. Can be sent to another thread; a lock takes from it what it would read with.
pub struct BackupJob {
    fixed: Loan<vault::BackupJob>,
}

/// A backup that was written, read back and named. Dropping it removes it.
pub struct BackupMade {
    new: NewBackup,
    session: SessionMark,
}

impl BackupJob {
    /// Writes the backup. Nothing is left behind unless it is whole.
    ///
    /// # Errors
    /// `Full`, `Gone`, `Cancelled` also by a lock, and what else the disk says.
    pub fn run(self, tell: &dyn Fn(&Progress), cancel: &Arc<AtomicBool>) -> Result<BackupMade, SiteError> {
        self.fixed.spend(|job, session| {
            let new = job.run(&wish(cancel, session), |step| tell(&progress(step)))?;
            Ok(BackupMade { new, session: session.clone() })
        })
    }
}

/// The wish to stop: a person's, or the end of the session.
pub(crate) fn wish(cancel: &Arc<AtomicBool>, session: &SessionMark) -> Stop {
    let (cancel, session) = (Arc::clone(cancel), session.clone());
    Arc::new(move || cancel.load(Ordering::Relaxed) || session.has_ended())
}

fn progress(step: BackupStep) -> Progress {
    match step {
        BackupStep::Copy => Progress { step: ProgressStep::Write, done: 0, total: 0, seconds_left: None },
        BackupStep::Verify(vault::Progress { done, total }) => {
            Progress { step: ProgressStep::Verify, done, total, seconds_left: None }
        }
    }
}

impl Session<'_> {
    /// The folder into which the last backup was written; none before the first.
    ///
    /// # Errors
    /// The vault refuses.
    pub fn backup_folder(&self) -> Result<Option<PathBuf>, SiteError> {
        self.may(Command::BackupWrite)?;
        settings::folder(&self.signed_in.open, settings::BACKUP_FOLDER)
    }

    /// Begins a backup. The job can run on another thread while people go on working.
    ///
    /// # Errors
    /// `Gone` when the folder is not there; what the vault says.
    pub fn backup_begin(&mut self, folder: &Path) -> Result<BackupJob, SiteError> {
        self.may(Command::BackupWrite)?;
        let stamp = self.stamp();
        self.goes_on()?;
        let signed_in = &mut *self.signed_in;
        let terms = BackupTerms {
            to: folder.to_owned(),
            practice: signed_in.practice,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            beside: cards::files_beside(signed_in.open.folder()),
        };
        let job = signed_in.open.backup(terms, &stamp)?;
        Ok(BackupJob { fixed: signed_in.lender.lend(job) })
    }

    /// Journals a backup. One that can't be journaled, because the vault's own disk is full for example, stays: it may be needed
    /// all the more, and another one is due as before.
    ///
    /// # Errors
    /// `OtherSession` when the vault was locked since the backup was begun: then it is removed.
    pub fn backup_finish(&mut self, made: BackupMade) -> Result<BackupReport, SiteError> {
        self.may(Command::BackupWrite)?;
        let BackupMade { new, session } = made;
        if session != *self.signed_in.lender.session() {
            return Err(SiteError::OtherSession);
        }
        let end = new.note().end();
        let parent = new.path().parent().map(|folder| folder.to_string_lossy().into_owned()).unwrap_or_default();
        let written = self.write(|tx| {
            tx.write(BackupWritten { seq: end.seq, head: end.head })?;
            Ok(tx.set(settings::BACKUP_FOLDER, parent.as_bytes())?)
        });
        let stamp = self.stamp();
        self.signed_in.open.keep_checkpoint(&stamp);
        Ok(BackupReport {
            entries: new.note().entries,
            bytes: new.bytes(),
            alarms: new.alarms().iter().map(alarm).collect(),
            noted: written.is_ok(),
            folder: new.keep().to_string_lossy().into_owned(),
        })
    }

    /// Whether the vault's log goes on: else what is told in it at the end of long work need not be begun.
    pub(crate) fn goes_on(&self) -> Result<(), SiteError> {
        Ok(self.signed_in.open.goes_on()?)
    }

    /// When the vault was last backed up.
    pub(crate) fn backup_state(&mut self) -> Result<BackupState, SiteError> {
        let device = self.device();
        let open = &mut self.signed_in.open;
        let every_days = settings::number(open, settings::BACKUP_DAYS)?.unwrap_or(EVERY_DAYS).clamp(1, 90);
        let has_subjects = open.subjects().next().is_some();
        let people = open.trial_state()?;
        let keys = people.device_of(&device).and_then(Device::renewed_keys).map_or(0, |keys| keys.origin.seq);
        // Who lost the newest password would be kept out of an older backup, and who knew a former one let in.
        let accounts = people.accounts_of(&device).map(|(_, account)| account.changed.seq).max().unwrap_or(0);
        let last = people.log(&device).and_then(|log| log.backed_up.as_ref());
        let last = last.map(|(seq, origin)| LastBackup {
            at: origin.at.local(origin.tz),
            has_former_keys: *seq < keys,
            has_former_accounts: *seq < accounts,
        });
        Ok(backup::state(last, self.today(), every_days, has_subjects))
    }

    /// The same where another backup is due and whoever is signed in can make one. A practice site has nothing to lose, so that
    /// nobody is reminded of it at work.
    pub(crate) fn backup_due(&mut self) -> Result<Option<BackupState>, SiteError> {
        let may = check(Command::BackupWrite, Some(self.signed_in.role)).is_ok();
        if !may || self.signed_in.practice || self.signed_in.open.holds_back() {
            return Ok(None);
        }
        Ok(Some(self.backup_state()?).filter(|state| state.due))
    }

    /// Lets the log of a restored vault go on: a person says that the center holds nothing newer. Where only the checkpoint could not
    /// be read it is looked for once more, and work goes on with it or without; or it says that this is an older copy, which the view
    /// tells then.
    ///
    /// # Errors
    /// `Behind` when the center said otherwise; `Revoked` when what let this person in was taken away; what the vault says.
    pub fn restored_go_on(&mut self) -> Result<SessionView, SiteError> {
        self.may(Command::RestoredGoOn)?;
        let stamp = self.stamp();
        self.signed_in.open.go_on(&stamp)?;
        self.signed_in.look_anew(self.now)?;
        Ok(self.signed_in.view())
    }
}
