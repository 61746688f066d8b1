//! The Study screen: which versions there are, what they change, who is under which, and what the protocol asks.

mod acts;

pub(crate) use acts::hold_published;

use std::sync::Arc;

use screens::messages::{DifferenceView, FormShape, OutlineView, PreviewView, StudyView, SubjectVersion};
use screens::permissions::Command;
use screens::versions::{self, KnownVersion};
use study::{Oid, Study};

use crate::SiteError;
use crate::noun::Noun;
use crate::session::Session;

impl Session<'_> {
    /// Versions and subjects.
    ///
    /// # Errors
    /// The vault refuses.
    pub fn study_view(&mut self) -> Result<StudyView, SiteError> {
        self.may(Command::StudyView)?;
        self.overview_of_study()
    }

    pub(crate) fn overview_of_study(&mut self) -> Result<StudyView, SiteError> {
        let (known, current) = (self.versions()?, self.study());
        let summaries = self.signed_in.open.summaries()?;
        let mut subjects = Vec::new();
        for summary in summaries.iter().filter(|summary| !summary.registrations.is_empty()) {
            let under = self.signed_in.open.study_under(summary)?;
            subjects.push(SubjectVersion {
                subject: summary.subject.clone(),
                version: under.metadata_version.to_string(),
                name: under.metadata_version_name.clone(),
                undo: summary.came_from().filter(|from| **from != under.metadata_version).map(ToString::to_string),
                conflict: summary.is_version_conflict(),
            });
        }
        self.draw_all(|frame, _| Ok(versions::overview(frame, &known, &current, subjects)))
    }

    /// What `to` changes against `from`, in the study's words.
    ///
    /// # Errors
    /// There is no such version.
    pub fn study_differences(&mut self, from: &str, to: &str) -> Result<Vec<DifferenceView>, SiteError> {
        self.may(Command::StudyDifferences)?;
        Ok(versions::differences(&*self.version(from)?, &*self.version(to)?, &self.language))
    }

    /// The schedule and the forms of a version.
    ///
    /// # Errors
    /// There is no such version.
    pub fn study_outline(&mut self, version: &str) -> Result<OutlineView, SiteError> {
        self.may(Command::StudyOutline)?;
        Ok(versions::outline(&*self.version(version)?, &self.language))
    }

    /// A blank form of a version.
    ///
    /// # Errors
    /// There is no such version or form.
    pub fn study_form(&mut self, version: &str, form: &str) -> Result<FormShape, SiteError> {
        self.may(Command::StudyForm)?;
        versions::blank_form(&*self.version(version)?, form, &self.language).ok_or(SiteError::NoSuch(Noun::Form))
    }

    /// What migrating a subject to a version would change. Nothing is written.
    ///
    /// # Errors
    /// There is no such subject or version.
    pub fn subject_preview(&mut self, subject: &str, version: &str) -> Result<PreviewView, SiteError> {
        self.may(Command::SubjectPreview)?;
        let to = self.version(version)?;
        let extras = self.extras(subject, None)?;
        self.draw(subject, |view| versions::preview(view, &extras, &to))
    }

    /// The study of a version that this vault holds.
    pub(crate) fn version(&self, version: &str) -> Result<Arc<Study>, SiteError> {
        self.signed_in.open.study_version(&Oid::from(version))?.ok_or(SiteError::NoSuch(Noun::Version))
    }

    /// Every version for this site, oldest first.
    pub(crate) fn versions(&mut self) -> Result<Vec<KnownVersion>, SiteError> {
        let site = self.site();
        let mut known: Vec<KnownVersion> = Vec::new();
        for (version, said) in self.signed_in.open.trial_state()?.versions() {
            let mut acts: Vec<_> = said.published.values().filter(|(_, act)| is_for(&act.sites, &site)).collect();
            acts.sort_by_key(|(origin, _)| origin.seq);
            if let (Some((first, _)), Some((_, last))) = (acts.first(), acts.last()) {
                known.push(KnownVersion {
                    version: version.clone(),
                    effective: Some(last.effective.clone()),
                    approval: last.approval.clone(),
                    place: first.seq,
                    study: None,
                });
            }
        }
        let held: Vec<Oid> = self.signed_in.open.versions().cloned().collect();
        for version in held {
            let study = self.signed_in.open.study_version(&version)?;
            match known.iter_mut().find(|one| one.version == version) {
                Some(one) => one.study = study,
                None => known.push(KnownVersion { version, effective: None, approval: String::new(), place: 0, study }),
            }
        }
        known.sort_by(|a, b| (a.place, &a.version).cmp(&(b.place, &b.version)));
        Ok(known)
    }
}

/// Whether what was published for `sites` is for `site`.
pub(crate) fn is_for(sites: &[Oid], site: &str) -> bool {
    sites.is_empty() || sites.iter().any(|one| *one == *site)
}
