//! The protocol as a sheet: the schedule and the blank forms of a version.

use screens::guard::Command;
use screens::messages::{FormShape, OutlineEvent, OutlineView};
use screens::{labels, shape};
use study::{Anchor, EventDef, EventKey, EventKind, Study};

use crate::SiteError;
use crate::desk::Seat;

impl Seat<'_> {
    /// The schedule and the forms of a version.
    ///
    /// # Errors
    /// There is no such version.
    pub fn study_outline(&mut self, version: &str, lang: &str) -> Result<OutlineView, SiteError> {
        self.may(Command::StudyOutline)?;
        let study = self.version(version)?;
        Ok(OutlineView {
            version: study.mdv_name.clone(),
            events: study.events.iter().map(|event| outline(&study, event, lang)).collect(),
            forms: study.forms.iter().map(|form| (form.oid.to_string(), form.title(lang).to_owned())).collect(),
        })
    }

    /// A blank form of a version.
    ///
    /// # Errors
    /// There is no such version or form.
    pub fn study_form(&mut self, version: &str, form: &str, lang: &str) -> Result<FormShape, SiteError> {
        self.may(Command::StudyForm)?;
        let study = self.version(version)?;
        let event = study.events.iter().find(|event| event.forms.iter().any(|at| at.form == *form));
        let event = event.map_or("", |event| event.oid.as_str());
        shape::form(&study, &EventKey::new(event, "1").form(form, "1"), lang).ok_or(SiteError::NoSuch("form"))
    }
}

fn outline(study: &Study, event: &EventDef, lang: &str) -> OutlineEvent {
    let key = EventKey::new(event.oid.clone(), "1");
    let timing = event.timing.as_ref();
    let anchor = timing.map(|timing| match &timing.anchor {
        Anchor::Event(event) => labels::event_title(study, &EventKey::new(event.clone(), "1"), lang),
        Anchor::Item { item, .. } => study.items.get(item).map_or(item.as_str(), |item| item.question(lang)).to_owned(),
    });
    OutlineEvent {
        label: labels::event_label(study, &key),
        title: labels::event_title(study, &key, lang),
        kind: match event.kind {
            EventKind::Scheduled => "scheduled",
            EventKind::Unscheduled => "unscheduled",
            EventKind::Common => "common",
        }
        .to_owned(),
        anchor,
        offset: timing.map_or(0, |timing| timing.offset_days),
        window: timing.map_or((0, 0), |timing| (timing.before_days, timing.after_days)),
        every: timing.and_then(|timing| timing.repeat.as_ref()).map(|repeat| repeat.every_days),
        forms: event.forms.iter().map(|at| labels::form_title(study, &at.form, lang)).collect(),
    }
}
