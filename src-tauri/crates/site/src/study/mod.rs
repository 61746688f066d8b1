//! The Study screen: which versions there are, what they change, who is under which, and what the protocol asks.

mod acts;
mod old;
mod preview;
mod sheet;

pub(crate) use acts::hold_published;
pub(crate) use old::{Elders, retired};

use std::sync::Arc;

use screens::guard::{self, Command};
use screens::labels;
use screens::messages::{DifferenceView, StudyView, SubjectVersion, VersionState, VersionView};
use study::amend::diff;
use study::{Oid, Study};

use crate::SiteError;
use crate::desk::Seat;

/// A version as the roster and the vault know it.
pub(crate) struct Known {
    /// Its OID.
    pub version: Oid,
    /// From which day, as the center said for this site.
    pub effective: Option<String>,
    /// Reference of the approval.
    pub approval: String,
    /// For the order: the place of its publication in the center's log; what was never published comes first.
    pub place: u64,
    /// The study, where it is held and readable.
    pub study: Option<Arc<Study>>,
}

impl Seat<'_> {
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
        let today = self.now.today();
        let summaries = self.session.open.summaries()?;
        let mut subjects = Vec::new();
        for summary in summaries.iter().filter(|summary| !summary.registrations.is_empty()) {
            let under = Arc::clone(self.session.open.study_under(summary)?);
            subjects.push(SubjectVersion {
                subject: summary.subject.clone(),
                version: under.mdv.to_string(),
                name: under.mdv_name.clone(),
                undo: summary.came_from().filter(|from| **from != under.mdv).map(ToString::to_string),
                conflict: summary.is_version_conflict(),
            });
        }
        subjects.sort_by(|a, b| a.subject.cmp(&b.subject));
        let version = |one: &Known| VersionView {
            version: one.version.to_string(),
            name: one.study.as_ref().map_or_else(|| one.version.to_string(), |study| study.mdv_name.clone()),
            effective: one.effective.clone(),
            approval: one.approval.clone(),
            state: match &one.study {
                None => VersionState::Unreadable,
                Some(study) if study.mdv == current.mdv => VersionState::InForce,
                Some(_) if one.is_early(&today) => VersionState::Early,
                Some(_) => VersionState::Ready,
            },
            subjects: u32::try_from(subjects.iter().filter(|under| *under.version == *one.version).count())
                .unwrap_or(u32::MAX),
        };
        Ok(StudyView {
            title: current.title().to_owned(),
            versions: known.iter().rev().map(version).collect(),
            may_change: guard::check(Command::SubjectMigrate, Some(self.session.role)).is_ok(),
            subjects,
        })
    }

    /// What `to` changes against `from`, in the study's words.
    ///
    /// # Errors
    /// There is no such version.
    pub fn study_differences(&mut self, from: &str, to: &str, lang: &str) -> Result<Vec<DifferenceView>, SiteError> {
        self.may(Command::StudyDifferences)?;
        let (old, new) = (self.version(from)?, self.version(to)?);
        let view = |one: &study::amend::Difference| DifferenceView {
            part: one.part.code().to_owned(),
            fate: one.fate.code().to_owned(),
            oid: one.oid.to_string(),
            // A title may say where the number of a repeat goes.
            title: one.title.get(lang).replace("{n+1}", "n+1").replace("{n}", "n"),
            place: one.place.get(lang).to_owned(),
            was: one.was.get(lang).to_owned(),
            now: one.now.get(lang).to_owned(),
        };
        Ok(diff(&old, &new).iter().map(view).collect())
    }

    /// The study of a version that this vault holds.
    pub(crate) fn version(&self, version: &str) -> Result<Arc<Study>, SiteError> {
        self.session.open.study_version(&Oid::from(version))?.ok_or(SiteError::NoSuch("version"))
    }

    /// Every version for this site, oldest first.
    pub(crate) fn versions(&mut self) -> Result<Vec<Known>, SiteError> {
        let site = self.site();
        let mut known: Vec<Known> = Vec::new();
        for (version, said) in self.session.open.roster()?.versions() {
            let mut acts: Vec<_> = said.published.values().filter(|(_, act)| is_for(&act.sites, &site)).collect();
            acts.sort_by_key(|(origin, _)| origin.seq);
            if let (Some((first, _)), Some((_, last))) = (acts.first(), acts.last()) {
                known.push(Known {
                    version: version.clone(),
                    effective: Some(last.effective.clone()),
                    approval: last.approval.clone(),
                    place: first.seq,
                    study: None,
                });
            }
        }
        let held: Vec<Oid> = self.session.open.versions().cloned().collect();
        for version in held {
            let study = self.session.open.study_version(&version)?;
            match known.iter_mut().find(|one| one.version == version) {
                Some(one) => one.study = study,
                None => known.push(Known { version, effective: None, approval: String::new(), place: 0, study }),
            }
        }
        known.sort_by(|a, b| (a.place, &a.version).cmp(&(b.place, &b.version)));
        Ok(known)
    }
}

impl Known {
    /// Whether its day is still to come.
    pub(crate) fn is_early(&self, today: &str) -> bool {
        self.effective.as_deref().is_some_and(|day| day > today)
    }
}

/// Whether what was published for `sites` is for `site`.
pub(crate) fn is_for(sites: &[Oid], site: &str) -> bool {
    sites.is_empty() || sites.iter().any(|one| *one == *site)
}

/// A form at a visit, in words.
pub(crate) fn place(study: &Study, key: &study::FormKey, lang: &str) -> String {
    format!("{} · {}", labels::event_title(study, &key.event_key(), lang), labels::form_title(study, &key.form, lang))
}
