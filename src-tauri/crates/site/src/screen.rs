//! How a screen comes out of the vault: what it is drawn from is read first, `screens` draws, and a free text that can't be
//! read makes the whole screen fail.

use std::cell::RefCell;
use std::sync::Arc;

use casebook::book::Given;
use casebook::{Book, FreeTextId, Stored, TextCommit};
use screens::form::{Extras, PriorVersions};
use screens::{Frame, Reader, View};
use study::{FormKey, Oid};
use vault::VaultError;

use crate::SiteError;
use crate::session::{Session, SignedIn};

impl SignedIn {
    /// Who looks at the screens.
    pub(crate) fn reader(&self) -> Reader {
        Reader {
            role: self.role,
            site: self.open.site().to_owned(),
            device: Oid::from(self.open.device()),
            confirmed: self.open.acknowledged(),
            practice: self.practice,
        }
    }

    /// The book that was read last, as whoever is signed in sees it.
    fn book_in_memory(&self, subject: &str) -> Result<&Book, SiteError> {
        let book = match &self.mask {
            Some(mask) => Some(mask.book()),
            None => self.open.book_in_memory(subject),
        };
        Ok(book.ok_or(VaultError::Missing("book"))?)
    }
}

impl Session<'_> {
    /// Draws a screen of many subjects, or of none.
    pub(crate) fn draw_all<T>(
        &mut self,
        screen: impl FnOnce(&Frame<'_>, &SignedIn) -> Result<T, SiteError>,
    ) -> Result<T, SiteError> {
        self.signed_in.open.trial_state()?;
        let session = &*self.signed_in;
        let (reader, failed) = (session.reader(), RefCell::new(None));
        let texts = |commit: &TextCommit| match session.open.text(commit) {
            Ok(row) => row.map(|row| row.text.as_str().to_owned()),
            Err(error) => {
                failed.borrow_mut().get_or_insert(error);
                None
            }
        };
        let trial_state = session.open.trial_state_in_memory().ok_or(VaultError::Missing("trial state"))?;
        let frame = Frame { trial_state, texts: &texts, reader: &reader, language: &self.language, now: self.now };
        let drawn = screen(&frame, session)?;
        match failed.into_inner() {
            None => Ok(drawn),
            Some(error) => Err(VaultError::into(error)),
        }
    }

    /// Draws a screen of a subject.
    pub(crate) fn draw<T>(&mut self, subject: &str, screen: impl FnOnce(&View<'_>) -> T) -> Result<T, SiteError> {
        let study = self.study_of(subject)?;
        self.known(subject)?;
        self.draw_all(|frame, session| Ok(screen(&frame.of(&study, session.book_in_memory(subject)?))))
    }

    /// What the screens of one form, or of all forms of a subject, show beside its book.
    pub(crate) fn extras(&mut self, subject: &str, form: Option<&FormKey>) -> Result<Extras, SiteError> {
        let present = self.study_of(subject)?.metadata_version.clone();
        let book = self.known(subject)?;
        let forms: Vec<&FormKey> = match form {
            Some(form) => vec![form],
            None => book.forms().map(|(key, _)| key).collect(),
        };
        let wanted: Vec<Oid> = forms.into_iter().flat_map(|form| PriorVersions::wanted(book, form, &present)).collect();
        let mut prior = PriorVersions::default();
        for version in wanted {
            if let Some(study) = self.signed_in.open.study_version(&version)? {
                prior.insert(study);
            }
        }
        let mut extras = Extras { prior, unsent: self.unsent(None)?, ..Extras::default() };
        self.add_drafts(&mut extras, subject, form)?;
        Ok(extras)
    }

    /// Adds what was typed and is no answer yet, with the names of others who typed it. Whoever is masked sees only what that
    /// person typed: others may have written about the arm.
    fn add_drafts(&mut self, extras: &mut Extras, subject: &str, form: Option<&FormKey>) -> Result<(), SiteError> {
        let masked = self.is_masked();
        let SignedIn { open, user, .. } = &mut *self.signed_in;
        let device = Oid::from(open.device());
        let drafts = match form {
            Some(form) => open.drafts(subject, form)?,
            None => open.all_drafts(subject)?,
        };
        for draft in drafts {
            if draft.by != *user {
                if masked {
                    continue;
                }
                let name = open.trial_state()?.name_of(&device, &Oid::from(draft.by.as_str())).to_owned();
                extras.drafts_by.insert(draft.cell.clone(), name);
            }
            extras.drafts.insert(draft.cell, draft.words);
        }
        Ok(())
    }

    /// A free text; empty when it was redacted or has not come yet.
    pub(crate) fn free_text(&self, id: FreeTextId) -> Result<String, SiteError> {
        let row = self.signed_in.open.text(&id.text)?;
        Ok(row.map(|row| row.text.as_str().to_owned()).unwrap_or_default())
    }

    /// A value as stored, free text looked up.
    pub(crate) fn stored(&self, given: &Given) -> Result<String, SiteError> {
        match &given.value {
            Some(Stored::Plain(value)) => Ok(value.as_str().to_owned()),
            Some(Stored::Text(id)) => self.free_text(*id),
            None => Ok(String::new()),
        }
    }

    /// The study that says what a form is called and where it stands: the subject's, or else the newest that has it.
    pub(crate) fn study_with(&mut self, subject: &str, form: &FormKey) -> Result<Arc<study::Study>, SiteError> {
        let present = self.study_of(subject)?;
        if present.has_form(form) || self.is_masked() || self.known(subject)?.retired_cells(&present, form).is_empty() {
            return Ok(present);
        }
        let with = self.versions()?.into_iter().rev().filter_map(|known| known.study);
        Ok(with.into_iter().find(|study| study.has_form(form)).unwrap_or(present))
    }
}
