//! Laboratory panels: what a UI shows beside a result, and the register of limits.

mod context;
mod register;

pub use context::{context, side};
pub use register::{asked_analytes, limit_item, register, sexes};

use study::{CellKey, EventKey, FormKey, GroupDef, ItemDef, Repeat, Study};

use crate::messages::{Choice, Control, FormShape};

/// Concept: the day on which the sample of a panel was taken.
pub const SAMPLE_DATE: &str = "lab.sample_date";
/// Concept: the laboratory of a panel.
pub const LABORATORY: &str = "lab.laboratory";

/// Whether a group holds laboratory results.
pub fn is_panel(study: &Study, group: &GroupDef) -> bool {
    items(study, group).any(|item| item.analyte().is_some())
}

/// Whether a form holds laboratory results.
pub fn is_panel_form(study: &Study, form: &FormKey) -> bool {
    let groups = study.forms.get(&form.form).into_iter().flat_map(|form| &form.groups);
    groups.filter_map(|at| study.groups.get(&at.group)).any(|group| is_panel(study, group))
}

/// The items of a group.
pub fn items<'s>(study: &'s Study, group: &'s GroupDef) -> impl Iterator<Item = &'s ItemDef> {
    group.items.iter().filter_map(|at| study.items.get(&at.item))
}

/// The item of a group that means a concept.
pub fn meaning<'s>(study: &'s Study, group: &'s GroupDef, concept: &str) -> Option<&'s ItemDef> {
    items(study, group).find(|item| study.meanings.is(&item.oid, concept))
}

/// The cell of another item of the same row.
pub fn neighbour(key: &CellKey, item: &ItemDef) -> CellKey {
    key.form.cell(key.group.clone(), key.group_repeat.clone(), item.oid.clone())
}

/// Offers the laboratories of the register where a panel asks for its own; another may still be typed.
pub fn offer(study: &Study, shape: &mut FormShape, labs: &[&str]) {
    let asked = shape.groups.iter_mut().flat_map(|group| &mut group.items);
    for item in asked.filter(|item| !labs.is_empty() && study.meanings.is(&item.oid.as_str().into(), LABORATORY)) {
        item.control = Control::List;
        item.choices = labs.iter().map(|lab| Choice { code: (*lab).to_owned(), label: (*lab).to_owned() }).collect();
    }
}

/// The repeating group in which adverse events are recorded, and the form that holds it.
pub struct EventRows<'s> {
    /// The form at the first event that has it.
    pub form: FormKey,
    /// The group.
    pub group: &'s GroupDef,
}

/// Where a result's adverse event is recorded: the study's first repeating group whose items mean a grade and a first day.
pub fn event_rows(study: &Study) -> Option<EventRows<'_>> {
    let means = |group: &GroupDef, concept: &str| meaning(study, group, concept).is_some();
    let rows = |group: &&GroupDef| group.repeating && means(group, "ae.grade") && means(group, "ae.start");
    study.events.iter().find_map(|event| {
        event.forms.iter().find_map(|at| {
            let form = study.forms.get(&at.form)?;
            let group = form.groups.iter().filter_map(|at| study.groups.get(&at.group)).find(rows)?;
            let key = EventKey::new(event.oid.clone(), Repeat::first()).form(form.oid.clone(), Repeat::first());
            Some(EventRows { form: key, group })
        })
    })
}
