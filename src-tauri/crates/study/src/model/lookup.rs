//! What the study says of the place that a key names; nothing for a place that this version does not have.

use super::{EventDef, FormDef, GroupDef, ItemDef, ItemRef, MetaDataVersion};
use crate::{CellKey, EventKey, FormKey, Oid, Repeat};

/// A cell with all that the study says of it.
#[derive(Clone, Copy, Debug)]
pub struct CellDef<'s> {
    /// The group in which it lies.
    pub group: &'s GroupDef,
    /// The item in its group.
    pub at: &'s ItemRef,
    /// The item.
    pub item: &'s ItemDef,
}

impl MetaDataVersion {
    /// The event that a key names: the first of its kind, or a numbered repeat of one that repeats.
    pub fn event_at(&self, key: &EventKey) -> Option<&EventDef> {
        self.repeat_of_event(&key.event, &key.repeat)
    }

    /// The form that a key names.
    pub fn form_at(&self, key: &FormKey) -> Option<&FormDef> {
        let event = self.repeat_of_event(&key.event, &key.event_repeat)?;
        let form = self.forms.get(&key.form).filter(|_| event.forms.iter().any(|at| at.form == key.form))?;
        (form.repeating || key.form_repeat == Repeat::first()).then_some(form)
    }

    /// The group of a form.
    pub fn group_at(&self, form: &FormKey, group: &Oid) -> Option<&GroupDef> {
        let belongs = self.form_at(form)?.groups.iter().any(|at| at.group == *group);
        self.groups.get(group).filter(|_| belongs)
    }

    /// The cell that a key names, whether or not its row was ever added.
    pub fn cell_at(&self, key: &CellKey) -> Option<CellDef<'_>> {
        let group = self.group_at(&key.form, &key.group)?;
        if !group.repeating && key.group_repeat != Repeat::first() {
            return None;
        }
        let at = group.items.iter().find(|at| at.item == key.item)?;
        Some(CellDef { group, at, item: self.items.get(&key.item)? })
    }

    /// Whether the program computes the item in its group, so that nobody types it.
    pub fn is_computed(&self, at: &ItemRef) -> bool {
        at.method.as_ref().and_then(|method| self.methods.get(method)).is_some_and(|method| method.computes)
    }

    fn repeat_of_event(&self, event: &Oid, repeat: &Repeat) -> Option<&EventDef> {
        let event = self.events.get(event)?;
        let counted = repeat.number().is_some_and(|n| n > 0);
        (*repeat == Repeat::first() || (event.repeating && counted)).then_some(event)
    }
}
