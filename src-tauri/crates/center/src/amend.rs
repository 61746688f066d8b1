//! Metadata versions of the study: publishing one, and which there are.

use crate::fold::unfold_version;
use crate::keys;
use crate::site::site;
use crate::store::Tx;
use crate::versions::{Publication, Published, file_of, is_for, read_study, read_study_file, study_file};
use crate::{Center, CenterError, Stamp};
use casebook::EntryId;
use casebook::act::StudyPublished;
use seal::sha256;
use std::sync::Arc;
use study::amend::{Difference, diff, unfit};
use study::value::PartialDate;
use study::{Oid, Study, StudyIssue};

/// A metadata version that is to be published.
pub struct Amendment<'a> {
    /// Name of the study file, for its faults.
    pub name: &'a str,
    /// The study file.
    pub file: &'a [u8],
    /// From which day it may be put into force, ISO 8601.
    pub effective: &'a str,
    /// Reference of the approval.
    pub approval: &'a str,
    /// Sites that it is for; empty means all.
    pub sites: &'a [String],
}

impl Center {
    /// What a study file would change as the next version.
    ///
    /// # Errors
    /// All faults of the file, and all that keeps it from following the published versions.
    pub fn amendment(&self, name: &str, file: &[u8]) -> Result<Vec<Difference>, CenterError> {
        let study = read_study(name, file, &self.functions)?;
        let published = self.store.read(|tx| self.published_versions(tx))?;
        following(&published, &study)
    }

    /// Publishes a metadata version, or one that is published already for further sites. It travels with the next reply.
    ///
    /// # Errors
    /// As [`Self::amendment`]; when the day is no whole date, the approval is not named, or a site is unknown.
    pub fn publish(&self, stamp: &Stamp, amendment: &Amendment<'_>) -> Result<(Oid, Vec<Difference>), CenterError> {
        let day: Option<PartialDate> = amendment.effective.parse().ok();
        if day.is_none_or(|day| day.day().is_none()) {
            return Err(CenterError::Effective(amendment.effective.to_owned()));
        }
        let approval = amendment.approval.trim();
        if approval.is_empty() {
            return Err(CenterError::Approval);
        }
        let digest = EntryId(sha256(amendment.file));
        // What costs time and needs nothing of the center comes before the transaction.
        let study = read_study(amendment.name, amendment.file, &self.functions);
        // Alone among all writers, so that each version is held against the one that comes right before it.
        self.store.transact(|tx| {
            amendment.sites.iter().try_for_each(|id| site(tx, id).map(drop))?;
            let published = self.published_versions(tx)?;
            let known = published.versions.iter().find(|one| one.file == digest);
            let (version, differences) = match known {
                Some(known) => (known.study.metadata_version.clone(), Vec::new()),
                None => {
                    let study = study?;
                    let differences = following(&published, &study)?;
                    (study.metadata_version.clone(), differences)
                }
            };
            keys::replace(&study_file(&self.folder, digest), amendment.file)?;
            let act = StudyPublished {
                version: version.clone(),
                file: digest.hex(),
                effective: amendment.effective.to_owned(),
                approval: approval.to_owned(),
                sites: amendment.sites.iter().map(|site| Oid::from(site.as_str())).collect(),
            };
            self.write(tx, stamp, act)?;
            unfold_version(tx, &version)?;
            Ok((version, differences))
        })
    }

    /// Everything that was published, in that order.
    ///
    /// # Errors
    /// When the database fails.
    pub fn publications(&self) -> Result<Vec<Publication>, CenterError> {
        self.store.read(|tx| Ok(self.published_versions(tx)?.publications.clone()))
    }

    /// The published versions as a transaction sees them.
    pub(crate) fn published_versions(&self, tx: &dyn Tx) -> Result<Arc<Published>, CenterError> {
        self.versions.read(tx, &self.folder, &self.functions)
    }

    /// The study file that a new device of a site begins with: the latest one that is for the site and effective.
    pub(crate) fn file_for(&self, tx: &dyn Tx, stamp: &Stamp, site: &str) -> Result<EntryId, CenterError> {
        let today = stamp.at.local(stamp.tz);
        let is_for = |act: &StudyPublished| is_for(act, site) && *act.effective <= *today.get(..10).unwrap_or(&today);
        let published = self.published_versions(tx)?;
        let latest = published.publications.iter().rev().find(|one| is_for(&one.act));
        latest.map_or(Ok(self.card.study_sha256), |one| file_of(&one.act))
    }

    /// The bytes of a published study file.
    pub(crate) fn study_file(&self, digest: EntryId) -> Result<Vec<u8>, CenterError> {
        read_study_file(&self.folder, digest)
    }
}

/// What a study changes as the version after those that were published.
///
/// # Errors
/// All that keeps it from following them.
fn following(published: &Published, study: &Study) -> Result<Vec<Difference>, CenterError> {
    let versions = &published.versions;
    let mut faults: Vec<StudyIssue> = study.lacks.clone();
    for fault in versions.iter().flat_map(|version| unfit(&version.study, study)) {
        if !faults.contains(&fault) {
            faults.push(fault);
        }
    }
    if !faults.is_empty() {
        return Err(CenterError::Study(faults));
    }
    Ok(versions.last().map(|last| diff(&last.study, study)).unwrap_or_default())
}
