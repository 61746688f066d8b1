//! The masked outcomes assessor: what the study closes to that role does not exist for whoever sits there.
//!
//! Every act reads the study and the books through [`Seat::study`], [`Seat::known`] and [`Seat::summaries`]; a masked seat
//! gets smaller ones there, so that no screen has to remember the mask. What is left for this file are words and numbers that
//! come from elsewhere: what unmasked people wrote, and how much they entered.

use std::collections::BTreeMap;
use std::sync::Arc;

use casebook::{Book, Summary};
use screens::messages::{Alarm, Role};
use study::{Oid, Study};

use crate::SiteError;
use crate::desk::{Seat, Session};
use crate::people::journal_role;

/// What stands between a person and the vault.
pub(crate) struct Mask {
    /// The masked role's name in a study file.
    role: &'static str,
    /// The smaller study of each metadata version that was looked at.
    studies: BTreeMap<Oid, Arc<Study>>,
    /// That of the version in force at signing in; nobody puts another into force from behind a mask.
    current: Arc<Study>,
    book: Book,
}

impl Mask {
    /// The mask of a role over a study; none for the roles that see all.
    pub(crate) fn of(role: Role, study: &Study) -> Result<Option<Self>, SiteError> {
        let Some(role) = journal_role(role).masked_as() else { return Ok(None) };
        let current = masked(study, role)?;
        let studies = BTreeMap::from([(study.mdv.clone(), Arc::clone(&current))]);
        Ok(Some(Self { role, studies, current, book: Book::new() }))
    }

    /// The smaller book that was read last.
    pub(crate) fn book(&self) -> &Book {
        &self.book
    }

    /// What the mask leaves of a study.
    pub(crate) fn over(&mut self, whole: &Study) -> Result<Arc<Study>, SiteError> {
        if let Some(known) = self.studies.get(&whole.mdv) {
            return Ok(Arc::clone(known));
        }
        let study = masked(whole, self.role)?;
        self.studies.insert(whole.mdv.clone(), Arc::clone(&study));
        Ok(study)
    }
}

fn masked(whole: &Study, role: &str) -> Result<Arc<Study>, SiteError> {
    let masked = whole.masked_for(role, &clinical::functions());
    Ok(Arc::new(masked.map_err(|faults| SiteError::Study(faults.len()))?))
}

impl Session {
    /// The study in force for new subjects, as whoever is signed in sees it.
    pub(crate) fn study(&self) -> Arc<Study> {
        Arc::clone(self.mask.as_ref().map_or(self.open.study(), |mask| &mask.current))
    }

    fn masked(&mut self, whole: Arc<Study>) -> Result<Arc<Study>, SiteError> {
        self.mask.as_mut().map_or(Ok(Arc::clone(&whole)), |mask| mask.over(&whole))
    }

    /// Takes the places out of alarms: how many entries a log has tells how much was done.
    pub(crate) fn told(&self, mut alarms: Vec<Alarm>) -> Vec<Alarm> {
        if self.mask.is_some() {
            alarms.iter_mut().for_each(|alarm| alarm.place.clear());
        }
        alarms
    }
}

impl Seat<'_> {
    /// Whether whoever sits here must not learn the arm.
    pub(crate) fn is_masked(&self) -> bool {
        self.session.mask.is_some()
    }

    /// The study that a subject is under, as whoever sits here sees it: every act on a subject asks this one.
    pub(crate) fn study_of(&mut self, subject: &str) -> Result<Arc<Study>, SiteError> {
        let whole = self.session.open.study_of(subject)?;
        self.session.masked(whole)
    }

    /// The study that a subject is under, going by its summary.
    pub(crate) fn study_under(&mut self, summary: &Summary) -> Result<Arc<Study>, SiteError> {
        let whole = Arc::clone(self.session.open.study_under(summary)?);
        self.session.masked(whole)
    }

    /// The study in force for new subjects; of a subject, the version that it is under counts.
    pub fn study(&self) -> Arc<Study> {
        self.session.study()
    }

    /// The book of a subject that is registered, as whoever sits here sees it.
    ///
    /// # Errors
    /// There is no such subject; what the vault says.
    pub fn known(&mut self, subject: &str) -> Result<&Book, SiteError> {
        let Session { open, mask, .. } = &mut *self.session;
        let study = mask.as_mut().map(|mask| mask.over(&*open.study_of(subject)?)).transpose()?;
        let whole = open.book(subject)?;
        if whole.registrations().is_empty() {
            return Err(SiteError::NoSuch("subject"));
        }
        match mask.as_mut().zip(study) {
            None => Ok(whole),
            Some((mask, study)) => {
                mask.book = whole.masked(&study);
                Ok(&mask.book)
            }
        }
    }

    /// One summary per subject, as whoever sits here sees it.
    pub(crate) fn summaries(&mut self) -> Result<Vec<Summary>, SiteError> {
        let whole = self.session.open.summaries()?;
        if !self.is_masked() {
            return Ok(whole);
        }
        let registered = whole.into_iter().filter(|summary| !summary.registrations.is_empty());
        registered.map(|summary| Ok(self.known(&summary.subject)?.summary())).collect()
    }

    /// How many changes of a subject, or of the whole vault, wait for the center. The arms differ in how much is entered.
    pub(crate) fn unsent(&self, subject: Option<&str>) -> Result<u32, SiteError> {
        let changes = match subject {
            _ if self.is_masked() => 0,
            Some(subject) => self.session.open.unsent_of(subject)?,
            None => self.session.open.outbox().changes,
        };
        Ok(u32::try_from(changes).unwrap_or(u32::MAX))
    }
}
