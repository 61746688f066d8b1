//! Metadata versions of the study: publishing one, and which there are.

use crate::folder::{Center, read_study, study_file};
use crate::keys;
use crate::store::StoreError;
use crate::{CenterError, Stamp};
use casebook::act::StudyPublished;
use casebook::{Act, CENTER, EntryId, Line};
use seal::sha256;
use std::rc::Rc;
use study::amend::{Difference, diff, unfit};
use study::value::PartialDate;
use study::{Oid, Study, StudyIssue};

/// How the act that publishes a version begins in an entry: most entries of the center's log are not read for it.
const PUBLISHED: &[u8] = b"\"act\":\"study.published\"";

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

/// A metadata version, for sites as they were named.
#[derive(Clone, Debug)]
pub struct Publication {
    /// When it was published, local time.
    pub at: String,
    /// What was said.
    pub act: StudyPublished,
}

/// A published version with its study.
pub(crate) struct Version {
    pub(crate) study: Study,
    pub(crate) file: EntryId,
}

/// The versions in the order in which they were published.
pub(crate) type Versions = Rc<Vec<Version>>;

impl Center {
    /// What a study file would change as the next version.
    ///
    /// # Errors
    /// All faults of the file, and all that keeps it from following the published versions.
    pub fn amendment(&self, name: &str, file: &[u8]) -> Result<Vec<Difference>, CenterError> {
        let study = read_study(name, file, &self.functions)?;
        let versions = self.read_versions()?;
        let mut faults: Vec<StudyIssue> = study.lacks.clone();
        for fault in versions.iter().flat_map(|version| unfit(&version.study, &study)) {
            if !faults.contains(&fault) {
                faults.push(fault);
            }
        }
        if !faults.is_empty() {
            return Err(CenterError::Study(faults));
        }
        Ok(versions.last().map(|last| diff(&last.study, &study)).unwrap_or_default())
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
        amendment.sites.iter().try_for_each(|site| self.site(site).map(drop))?;
        let digest = EntryId(sha256(amendment.file));
        let known = self.read_versions()?.iter().find(|one| one.file == digest).map(|one| one.study.mdv.clone());
        let (version, differences) = match known {
            Some(version) => (version, Vec::new()),
            None => {
                let differences = self.amendment(amendment.name, amendment.file)?;
                (read_study(amendment.name, amendment.file, &self.functions)?.mdv.clone(), differences)
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
        self.transact(|_| self.write(stamp, act))?;
        self.versions.replace(None);
        Ok((version, differences))
    }

    /// Everything that was published, in that order.
    ///
    /// # Errors
    /// When the database fails.
    pub fn publications(&self) -> Result<Vec<Publication>, CenterError> {
        let mut found = Vec::new();
        self.store.lines(CENTER, 1, &mut |_, _, id, bytes| {
            if bytes.windows(PUBLISHED.len()).any(|part| part == PUBLISHED) {
                let line = Line::reread(bytes.to_vec(), id).map_err(|_| StoreError::Damaged("the center's log"))?;
                if let Act::StudyPublished(act) = &line.entry().act {
                    found.push(Publication { at: line.entry().at.local(line.entry().tz), act: act.clone() });
                }
            }
            Ok(())
        })?;
        Ok(found)
    }

    /// The study file that a new device of a site begins with: the latest one that is for the site and effective.
    pub(crate) fn file_for(&self, stamp: &Stamp, site: &str) -> Result<EntryId, CenterError> {
        let today = stamp.at.local(stamp.tz);
        let is_for = |act: &StudyPublished| is_for(act, site) && *act.effective <= *today.get(..10).unwrap_or(&today);
        let file = self.publications()?.into_iter().rev().find(|one| is_for(&one.act)).map(|one| one.act.file);
        match file {
            Some(file) => file.parse().map_err(|_| CenterError::Damaged("the center's log")),
            None => Ok(self.card.study_sha256),
        }
    }

    /// The published versions, each read once.
    pub(crate) fn read_versions(&self) -> Result<Versions, CenterError> {
        if let Some(known) = &*self.versions.borrow() {
            return Ok(Rc::clone(known));
        }
        let mut versions = vec![Version { study: self.study.clone(), file: self.card.study_sha256 }];
        for one in self.publications()? {
            let file: EntryId = one.act.file.parse().map_err(|_| CenterError::Damaged("the center's log"))?;
            if !versions.iter().any(|known| known.file == file) {
                let bytes = self.study_file(file)?;
                if sha256(&bytes) != file.0 {
                    return Err(CenterError::Damaged("a study file"));
                }
                versions.push(Version { study: read_study("study.xml", &bytes, &self.functions)?, file });
            }
        }
        let versions = Rc::new(versions);
        self.versions.replace(Some(Rc::clone(&versions)));
        Ok(versions)
    }
}

/// The study of a version; of the first where it is not known.
pub(crate) fn study_of<'v>(versions: &'v [Version], version: Option<&Oid>) -> Option<&'v Study> {
    let known = versions.iter().find(|one| Some(&one.study.mdv) == version);
    known.or(versions.first()).map(|one| &one.study)
}

/// Whether a publication is for a site.
pub(crate) fn is_for(act: &StudyPublished, site: &str) -> bool {
    act.sites.is_empty() || act.sites.iter().any(|one| *one == *site)
}
