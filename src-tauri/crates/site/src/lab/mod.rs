//! Laboratory panels: limits beside results, the register that they come from, grades, a laboratory's own files.

mod beside;
mod event;
mod import;
mod limits;
mod register;

pub(crate) use beside::{beside, side};
pub(crate) use import::Loaded;
pub(crate) use limits::Coming;
pub use register::LabFault;

use screens::messages::{Choice, Control, FormShape};
use study::{CellKey, FormKey, GroupDef, ItemDef, Study};

/// Concept: the day on which the sample of a panel was taken.
pub(crate) const SAMPLE_DATE: &str = "lab.sample_date";
/// Concept: the laboratory of a panel.
pub(crate) const LABORATORY: &str = "lab.laboratory";

/// Whether a group holds laboratory results.
pub(crate) fn is_panel(study: &Study, group: &GroupDef) -> bool {
    items(study, group).any(|item| item.analyte().is_some())
}

/// Whether a form holds laboratory results.
pub(crate) fn is_panel_form(study: &Study, form: &FormKey) -> bool {
    let groups = study.forms.get(&form.form).into_iter().flat_map(|form| &form.groups);
    groups.filter_map(|at| study.groups.get(&at.group)).any(|group| is_panel(study, group))
}

/// The items of a group.
pub(crate) fn items<'s>(study: &'s Study, group: &'s GroupDef) -> impl Iterator<Item = &'s ItemDef> {
    group.items.iter().filter_map(|at| study.items.get(&at.item))
}

/// The item of a group that means a concept.
pub(crate) fn meaning<'s>(study: &'s Study, group: &'s GroupDef, concept: &str) -> Option<&'s ItemDef> {
    items(study, group).find(|item| study.meanings.is(&item.oid, concept))
}

/// The cell of another item of the same row.
pub(crate) fn neighbour(key: &CellKey, item: &ItemDef) -> CellKey {
    key.form.cell(key.group.clone(), key.group_repeat.clone(), item.oid.clone())
}

/// Offers the laboratories of the register where a panel asks for its own; another may still be typed.
pub(crate) fn offer(study: &Study, shape: &mut FormShape, labs: &[&str]) {
    let asked = shape.groups.iter_mut().flat_map(|group| &mut group.items);
    for item in asked.filter(|item| !labs.is_empty() && study.meanings.is(&item.oid.as_str().into(), LABORATORY)) {
        item.control = Control::List;
        item.choices = labs.iter().map(|lab| Choice { code: (*lab).to_owned(), label: (*lab).to_owned() }).collect();
    }
}
