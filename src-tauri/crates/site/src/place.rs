//! Finds what a place names, and refuses places that the study does not have.

use std::str::FromStr;

use study::{CellKey, EventDef, EventKey, FormDef, FormKey, GroupDef, ItemDef, ItemRef, Repeat, Study};

use crate::SiteError;

/// A cell with all that the study says of it.
pub struct Spot<'s> {
    /// The cell.
    pub key: CellKey,
    /// Its group.
    pub group: &'s GroupDef,
    /// The item in its group.
    pub at: &'s ItemRef,
    /// The item.
    pub item: &'s ItemDef,
}

/// The event that a text names.
pub fn event<'s>(study: &'s Study, text: &str) -> Result<(EventKey, &'s EventDef), SiteError> {
    let key = EventKey::from_str(text).map_err(|_| SiteError::NoSuch("event"))?;
    let event = event_of(study, &key)?;
    Ok((key, event))
}

/// The event that a key names.
pub fn event_of<'s>(study: &'s Study, key: &EventKey) -> Result<&'s EventDef, SiteError> {
    let event = study.events.get(&key.event).ok_or(SiteError::NoSuch("event"))?;
    let counted = key.repeat.number().is_some_and(|n| n > 0);
    if key.repeat == Repeat::first() || (event.repeating && counted) {
        Ok(event)
    } else {
        Err(SiteError::NoSuch("event"))
    }
}

/// The form that a text names.
pub fn form<'s>(study: &'s Study, text: &str) -> Result<(FormKey, &'s FormDef), SiteError> {
    let key = FormKey::from_str(text).map_err(|_| SiteError::NoSuch("form"))?;
    let form = form_of(study, &key)?;
    Ok((key, form))
}

fn form_of<'s>(study: &'s Study, key: &FormKey) -> Result<&'s FormDef, SiteError> {
    let event = event_of(study, &key.event_key())?;
    let form = study.forms.get(&key.form).ok_or(SiteError::NoSuch("form"))?;
    let belongs = event.forms.iter().any(|at| at.form == key.form);
    let repeats = key.form_repeat == Repeat::first() || form.repeating;
    if belongs && repeats { Ok(form) } else { Err(SiteError::NoSuch("form")) }
}

/// The group of a form that a text names.
pub fn group<'s>(study: &'s Study, form: &FormDef, oid: &str) -> Result<&'s GroupDef, SiteError> {
    let belongs = form.groups.iter().any(|at| at.group == *oid);
    study.groups.get(oid).filter(|_| belongs).ok_or(SiteError::NoSuch("group"))
}

/// The cell that a text names.
pub fn cell<'s>(study: &'s Study, text: &str) -> Result<Spot<'s>, SiteError> {
    let key = CellKey::from_str(text).map_err(|_| SiteError::NoSuch("cell"))?;
    let group = group(study, form_of(study, &key.form)?, &key.group)?;
    if !group.repeating && key.group_repeat != Repeat::first() {
        return Err(SiteError::NoSuch("cell"));
    }
    let at = group.items.iter().find(|at| at.item == key.item).ok_or(SiteError::NoSuch("cell"))?;
    let item = study.items.get(&key.item).ok_or(SiteError::NoSuch("cell"))?;
    Ok(Spot { key, group, at, item })
}

impl Spot<'_> {
    /// Whether the reveal of an allocation fills it in.
    pub fn is_allocated(&self, study: &Study) -> bool {
        casebook::is_allocated(study, &self.key.item)
    }

    /// Whether the program computes it.
    pub fn is_derived(&self, study: &Study) -> bool {
        self.at.method.as_ref().and_then(|method| study.methods.get(method)).is_some_and(|method| method.computes)
    }
}
