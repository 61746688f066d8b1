//! Reads the text of a place, and refuses places that the study does not have.

use std::str::FromStr;

use study::{CellDef, CellKey, EventDef, EventKey, FormDef, FormKey, GroupDef, ItemDef, ItemRef, Study};

use crate::SiteError;
use crate::noun::Noun;

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
    let key = EventKey::from_str(text).map_err(|_| SiteError::NoSuch(Noun::Event))?;
    let event = study.event_at(&key).ok_or(SiteError::NoSuch(Noun::Event))?;
    Ok((key, event))
}

/// The form that a text names.
pub fn form<'s>(study: &'s Study, text: &str) -> Result<(FormKey, &'s FormDef), SiteError> {
    let key = FormKey::from_str(text).map_err(|_| SiteError::NoSuch(Noun::Form))?;
    let form = study.form_at(&key).ok_or(SiteError::NoSuch(Noun::Form))?;
    Ok((key, form))
}

/// The group of a form that a text names.
pub fn group<'s>(study: &'s Study, form: &FormDef, oid: &str) -> Result<&'s GroupDef, SiteError> {
    let belongs = form.groups.iter().any(|at| at.group == *oid);
    study.groups.get(oid).filter(|_| belongs).ok_or(SiteError::NoSuch(Noun::Group))
}

/// The cell that a text names.
pub fn cell<'s>(study: &'s Study, text: &str) -> Result<Spot<'s>, SiteError> {
    let key = CellKey::from_str(text).map_err(|_| SiteError::NoSuch(Noun::Cell))?;
    let CellDef { group, at, item } = study.cell_at(&key).ok_or(SiteError::NoSuch(Noun::Cell))?;
    Ok(Spot { key, group, at, item })
}

impl Spot<'_> {
    /// Whether the reveal of an allocation fills it in.
    pub fn is_allocated(&self, study: &Study) -> bool {
        casebook::is_allocated(study, &self.key.item)
    }
}
