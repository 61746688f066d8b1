//! The acts on a subject's visits: registering the subject, dates, visits that are added or missed.

use casebook::FreeTextId;
use casebook::act::{EventAdded, EventDated, EventMissed, SubjectRegistered};
use screens::messages::SubjectView;
use screens::permissions::Command;
use study::{EventKey, Oid};

use crate::entering::said;
use crate::session::Session;
use crate::{SiteError, place};

impl Session<'_> {
    /// Registers the next subject and answers its key.
    ///
    /// # Errors
    /// The vault refuses.
    pub fn subject_register(&mut self) -> Result<String, SiteError> {
        self.may(Command::SubjectRegister)?;
        let site = self.site();
        let prefix = format!("{site}-");
        let number = |key: &str| key.strip_prefix(&prefix).and_then(|rest| rest.parse::<u32>().ok());
        let summaries = self.summaries()?;
        let last = summaries.iter().filter_map(|summary| number(&summary.subject)).max().unwrap_or(0);
        let key = format!("{prefix}{:03}", last + 1);
        let act = SubjectRegistered { subject: key.as_str().into(), site: site.as_str().into() };
        self.write(|tx| tx.write(act).map(drop))?;
        Ok(key)
    }

    /// Records when an event took place; an empty date withdraws an earlier one.
    ///
    /// # Errors
    /// `Unreadable` when it is no date; `ReasonNeeded` when a form of this event was completed before.
    pub fn event_date(
        &mut self,
        subject: &str,
        event: &EventKey,
        date: &str,
        reason: Option<&str>,
    ) -> Result<SubjectView, SiteError> {
        self.may(Command::EventDate)?;
        place::event(&*self.study_of(subject)?, event)?;
        let date = read_date(date)?;
        let book = self.known(subject)?;
        let bases = book.event_bases(event);
        let held = book.event(event).and_then(|event| event.date());
        if held == date.as_deref() && !book.event(event).is_some_and(casebook::book::Event::is_conflict) {
            return self.matrix_of(subject);
        }
        let reason = reason.map(str::trim).filter(|reason| !reason.is_empty());
        let (subject_key, event) = (Oid::from(subject), event.clone());
        self.write(move |tx| {
            let reason: Option<FreeTextId> = reason.map(|reason| tx.text(reason)).transpose()?;
            tx.write(EventDated { subject: subject_key, event, date: date.map(Into::into), bases, reason }).map(drop)
        })?;
        self.matrix_of(subject)
    }

    /// Adds an event that the schedule does not bring of itself.
    ///
    /// # Errors
    /// There is no such event, or it was added before.
    pub fn event_add(
        &mut self,
        subject: &str,
        oid: &str,
        repeat: &str,
        date: Option<&str>,
    ) -> Result<SubjectView, SiteError> {
        self.may(Command::EventAdd)?;
        let event = EventKey::new(oid, repeat);
        let date = date.map(read_date).transpose()?.flatten();
        let subject_key = Oid::from(subject);
        self.write(move |tx| {
            tx.write(EventAdded { subject: subject_key.clone(), event: event.clone() })?;
            if let Some(date) = date {
                let (bases, reason) = (Vec::new(), None);
                tx.write(EventDated { subject: subject_key, event, date: Some(date.into()), bases, reason })?;
            }
            Ok(())
        })?;
        self.matrix_of(subject)
    }

    /// Records that an event did not take place.
    ///
    /// # Errors
    /// `ReasonNeeded` without a reason; there is no such event.
    pub fn event_missed(&mut self, subject: &str, event: &EventKey, reason: &str) -> Result<SubjectView, SiteError> {
        self.may(Command::EventMissed)?;
        place::event(&*self.study_of(subject)?, event)?;
        let reason = said(reason)?;
        let bases = self.known(subject)?.event_bases(event);
        let (subject_key, event) = (Oid::from(subject), event.clone());
        self.write(move |tx| {
            let reason = tx.text(reason)?;
            tx.write(EventMissed { subject: subject_key, event, reason, bases }).map(drop)
        })?;
        self.matrix_of(subject)
    }
}

/// A date typed freely; nothing where it was emptied.
fn read_date(typed: &str) -> Result<Option<String>, SiteError> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    let date = study::value::typed_date(typed).map_err(|fault| SiteError::Unreadable(fault.into()))?;
    Ok(Some(date.to_string()))
}
