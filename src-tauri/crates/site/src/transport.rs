//! Bundles out and in.

use std::path::{Path, PathBuf};

use casebook::{Act, CENTER, FreeTextId, is_of_site};
use screens::messages::{ExportReport, SettledView, SyncView, TransferKind, TransferState, TransferView};
use screens::permissions::Command;
use vault::Way;

use crate::export::{ExportJob, Written, has_new_keys};
use crate::session::Session;
use crate::{SiteError, settings};

/// Bundles that the screen lists.
const LISTED: usize = 100;
/// The act by which the center settles a log with two branches.
const SETTLED: &str = "log.settled";

impl Session<'_> {
    /// The outbox in words, and what was sent and received.
    ///
    /// # Errors
    /// The vault refuses.
    pub fn sync_view(&mut self) -> Result<SyncView, SiteError> {
        self.may(Command::SyncView)?;
        let (outbox, acknowledged) = (self.signed_in.open.outbox(), self.signed_in.open.acknowledged());
        let offset = casebook::Offset::from_minutes(i32::from(self.now.offset_minutes));
        let mut history = Vec::new();
        for record in self.signed_in.open.bundles()?.into_iter().take(LISTED) {
            let sent = record.way == Way::Sent;
            let waiting = sent && record.last > acknowledged;
            history.push(TransferView {
                at: record.at.local(offset),
                by: self.name_of(&record.by)?,
                kind: if sent { TransferKind::Exported } else { TransferKind::Imported },
                bundle: record.id.hex().chars().take(12).collect(),
                file: record.file,
                entries: record.entries,
                state: if waiting { TransferState::Waiting } else { TransferState::Confirmed },
            });
        }
        let receipt = self.signed_in.open.last_receipt()?;
        let backup = self.backup_state()?;
        Ok(SyncView {
            unsent: u32::try_from(outbox.changes).unwrap_or(u32::MAX),
            oldest_days: outbox.oldest.map(|at| self.today().days_since(&at.local(offset))),
            last_receipt: receipt.map(|(at, _)| at.local(offset)),
            history,
            suggested_folder: settings::words(&self.signed_in.open, settings::EXPORT_FOLDER)?,
            backup,
            backup_folder: settings::words(&self.signed_in.open, settings::BACKUP_FOLDER)?,
            new_words: self.new_words()?,
            settled: self.settled()?,
        })
    }

    /// The logs of this site that the center settled, newest first.
    fn settled(&self) -> Result<Vec<SettledView>, SiteError> {
        let (open, site) = (&self.signed_in.open, self.site());
        let held =
            |words: &FreeTextId| Ok::<_, SiteError>(open.text(&words.text)?.map(|row| row.text.as_str().to_owned()));
        let mut found = Vec::new();
        for line in open.lines_of_act(CENTER, SETTLED)?.iter().rev() {
            let entry = line.entry();
            let Act::LogSettled(act) = &entry.act else { continue };
            if !is_of_site(&act.device, &site) {
                continue;
            }
            let rest = act.rest.as_ref().map(held).transpose()?.flatten().unwrap_or_default();
            found.push(SettledView {
                at: entry.at.local(entry.tz),
                device: act.device.to_string(),
                reason: held(&act.reason)?,
                rest: rest.lines().map(str::to_owned).collect(),
            });
        }
        Ok(found)
    }

    /// The folder into which the last bundle was written; none before the first.
    ///
    /// # Errors
    /// The vault refuses.
    pub fn export_folder(&self) -> Result<Option<PathBuf>, SiteError> {
        self.may(Command::ExportBundle)?;
        settings::folder(&self.signed_in.open, settings::EXPORT_FOLDER)
    }

    /// The words of the device's key, from the closing of an account on until the center has confirmed what tells of it.
    fn new_words(&mut self) -> Result<Option<String>, SiteError> {
        let open = &mut self.signed_in.open;
        let is_new = has_new_keys(open)?;
        Ok(is_new.then(|| open.device_key().public().words()))
    }

    /// Writes everything that the center has not confirmed into `folder`.
    ///
    /// # Errors
    /// `Full`, `Gone`, `Cancelled` and what else the disk says: then nothing is left behind.
    pub fn export_bundle(&mut self, folder: &Path) -> Result<ExportReport, SiteError> {
        let job = self.export_begin(folder)?;
        let written = job.run(&|progress| (self.on_progress)(progress), self.cancel)?;
        self.export_finish(written)
    }

    /// Fixes what is to be exported. The job can run on another thread while people go on working.
    ///
    /// # Errors
    /// The vault refuses, or it does not know its center.
    pub fn export_begin(&mut self, folder: &Path) -> Result<ExportJob, SiteError> {
        self.may(Command::ExportBundle)?;
        self.goes_on()?;
        let stamp = self.stamp();
        ExportJob::new(self.signed_in, folder, &stamp)
    }

    /// Journals what was written.
    ///
    /// # Errors
    /// `OtherSession` when the vault was locked since the export was begun, and what the vault says: then the files are
    /// removed.
    pub fn export_finish(&mut self, written: Written) -> Result<ExportReport, SiteError> {
        self.may(Command::ExportBundle)?;
        if !written.is_of(self.signed_in.lender.session()) {
            return Err(SiteError::OtherSession);
        }
        let (stamp, user) = (self.stamp(), self.signed_in.user.clone());
        self.write(|tx| written.record(tx, &user))?;
        self.signed_in.open.keep_checkpoint(&stamp);
        Ok(written.keep())
    }
}
