//! The protocol as a sheet: the schedule and the blank forms of a version.

use study::{Anchor, EventDef, EventKey, EventKind, Study};

use crate::messages::{FormShape, OutlineEvent, OutlineView, VisitKind};
use crate::{form, labels};

/// The schedule and the forms of a version.
pub fn outline(study: &Study, lang: &str) -> OutlineView {
    OutlineView {
        version: study.metadata_version_name.clone(),
        events: study.events.iter().map(|event| outline_event(study, event, lang)).collect(),
        forms: study.forms.iter().map(|form| (form.oid.to_string(), form.title(lang).to_owned())).collect(),
    }
}

/// A blank form of a version; none where it has no such form.
pub fn blank_form(study: &Study, form: &str, lang: &str) -> Option<FormShape> {
    let event = study.events.iter().find(|event| event.forms.iter().any(|at| at.form == *form));
    let event = event.map_or("", |event| event.oid.as_str());
    form::shape(study, &EventKey::new(event, "1").form(form, "1"), lang)
}

fn outline_event(study: &Study, event: &EventDef, lang: &str) -> OutlineEvent {
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
            EventKind::Scheduled => VisitKind::Scheduled,
            EventKind::Unscheduled => VisitKind::Unscheduled,
            EventKind::Common => VisitKind::Common,
        },
        anchor,
        offset: timing.map_or(0, |timing| timing.offset_days),
        window: timing.map_or((0, 0), |timing| (timing.before_days, timing.after_days)),
        every: timing.and_then(|timing| timing.repeat.as_ref()).map(|repeat| repeat.every_days),
        forms: event.forms.iter().map(|at| labels::form_title(study, &at.form, lang)).collect(),
    }
}
