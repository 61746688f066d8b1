//! Putting a version into force, and migrating subjects.

use std::sync::Arc;

use casebook::act::SubjectMigrated;
use screens::messages::StudyView;
use screens::permissions::Command;
use study::{Oid, Study};
use vault::VaultError;

use super::is_for;
use crate::SiteError;
use crate::entering::said;
use crate::noun::Noun;
use crate::session::Session;
use crate::writing::ActWriter;

impl Session<'_> {
    /// Puts a version into force for new subjects; those who are registered stay on theirs.
    ///
    /// # Errors
    /// There is no such version; `NotYet` before its day.
    pub fn study_activate(&mut self, version: &str) -> Result<StudyView, SiteError> {
        self.may(Command::StudyActivate)?;
        let study = self.effective(version)?;
        if self.study().metadata_version != study.metadata_version {
            self.write(|tx| tx.activate_version(&study.metadata_version))?;
        }
        self.overview_of_study()
    }

    /// Migrates subjects to a version: forward, or back again. Nothing that was recorded changes.
    ///
    /// # Errors
    /// `ReasonNeeded` without a reason; there is no such version or subject; `NotYet` before the version's day.
    pub fn subject_migrate(
        &mut self,
        subjects: &[String],
        version: &str,
        reason: &str,
    ) -> Result<StudyView, SiteError> {
        self.may(Command::SubjectMigrate)?;
        let reason = said(reason)?;
        let to = self.effective(version)?.metadata_version.clone();
        let mut moves: Vec<(Oid, Oid, Vec<casebook::EntryId>)> = Vec::new();
        for subject in subjects {
            let from = self.study_of(subject)?.metadata_version.clone();
            let book = self.known(subject)?;
            if from != to || book.is_version_conflict() {
                moves.push((Oid::from(subject.as_str()), from, book.version_bases()));
            }
        }
        self.write(|tx| {
            for (subject, from, bases) in moves {
                let reason = tx.text(reason)?;
                tx.write(SubjectMigrated { subject, from, to: to.clone(), reason, bases })?;
            }
            Ok(())
        })?;
        self.overview_of_study()
    }

    /// A version whose day has come.
    fn effective(&mut self, version: &str) -> Result<Arc<Study>, SiteError> {
        let today = self.now.today();
        let known = self.versions()?.into_iter().find(|one| one.version == *version);
        let known = known.ok_or(SiteError::NoSuch(Noun::Version))?;
        if known.is_early(&today) {
            return Err(SiteError::NotYet);
        }
        known.study.ok_or(SiteError::NoSuch(Noun::Version))
    }
}

/// Keeps the versions that the center published for this site and whose files have come; gives the names of the new ones.
/// One that this program can't read stays where it is: the bundle that brought it is good all the same.
pub(crate) fn hold_published(tx: &mut ActWriter<'_, '_>, site: &str) -> Result<Vec<String>, VaultError> {
    let mut wanted: Vec<(u64, Oid, String)> = Vec::new();
    for (version, said) in tx.trial_state()?.versions() {
        for (origin, act) in said.published.values().filter(|(_, act)| is_for(&act.sites, site)) {
            wanted.push((origin.seq, version.clone(), act.file.clone()));
        }
    }
    wanted.sort();
    let mut come = Vec::new();
    for (_, version, file) in wanted {
        let digest = file.parse::<casebook::EntryId>().map(|id| id.0).ok();
        let bytes = digest.filter(|_| !tx.holds_version(&version)).map(|id| tx.stored(&id)).transpose()?.flatten();
        let Some(bytes) = bytes else { continue };
        match tx.hold_version(&version, &bytes) {
            Ok(study) => come.push(study.metadata_version_name.clone()),
            Err(VaultError::Study { .. } | VaultError::OtherStudy) => {}
            Err(other) => return Err(other),
        }
    }
    Ok(come)
}
