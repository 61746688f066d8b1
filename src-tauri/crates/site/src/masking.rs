//! The masked outcomes assessor: what the study closes to that role does not exist for whoever is signed in.
//!
//! Every act reads the study and the books through `Session::study`, `Session::known` and `Session::summaries`; a masked
//! session gets smaller ones there, so that no screen has to remember the mask. What others wrote and how much they entered
//! is kept back by `screens::View`.

use std::collections::BTreeMap;
use std::sync::Arc;

use casebook::Book;
use screens::messages::Role;
use study::{Oid, Study};

use crate::SiteError;
use crate::roles::journal_role;

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
        let studies = BTreeMap::from([(study.metadata_version.clone(), Arc::clone(&current))]);
        Ok(Some(Self { role, studies, current, book: Book::new() }))
    }

    /// What the mask leaves of a book.
    pub(crate) fn cover(&mut self, whole: &Book, study: &Study) -> &Book {
        self.book = whole.masked(study);
        &self.book
    }

    /// The smaller study in force for new subjects.
    pub(crate) fn current(&self) -> &Arc<Study> {
        &self.current
    }

    /// The smaller book that was read last.
    pub(crate) fn book(&self) -> &Book {
        &self.book
    }

    /// What the mask leaves of a study.
    pub(crate) fn over(&mut self, whole: &Study) -> Result<Arc<Study>, SiteError> {
        if let Some(known) = self.studies.get(&whole.metadata_version) {
            return Ok(Arc::clone(known));
        }
        let study = masked(whole, self.role)?;
        self.studies.insert(whole.metadata_version.clone(), Arc::clone(&study));
        Ok(study)
    }
}

fn masked(whole: &Study, role: &str) -> Result<Arc<Study>, SiteError> {
    let masked = whole.masked_for(role, &clinical::functions());
    Ok(Arc::new(masked.map_err(|faults| SiteError::Study(faults.len()))?))
}
