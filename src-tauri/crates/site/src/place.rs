//! Looks keys up in the study, and refuses places that it does not have.

use study::{CellDef, CellKey, EventDef, EventKey, FormDef, FormKey, GroupDef, ItemDef, ItemRef, Study};

use crate::SiteError;
use crate::noun::Noun;

/// A cell with all that the study says of it.
pub struct FoundCell<'s> {
    /// The cell.
    pub key: CellKey,
    /// Its group.
    pub group: &'s GroupDef,
    /// The item in its group.
    pub at: &'s ItemRef,
    /// The item.
    pub item: &'s ItemDef,
}

/// The definition of an event.
pub fn event<'s>(study: &'s Study, key: &EventKey) -> Result<&'s EventDef, SiteError> {
    study.event_at(key).ok_or(SiteError::NoSuch(Noun::Event))
}

/// The definition of a form.
pub fn form<'s>(study: &'s Study, key: &FormKey) -> Result<&'s FormDef, SiteError> {
    study.form_at(key).ok_or(SiteError::NoSuch(Noun::Form))
}

/// The group of a form that an OID names.
pub fn group<'s>(study: &'s Study, form: &FormDef, oid: &str) -> Result<&'s GroupDef, SiteError> {
    let belongs = form.groups.iter().any(|at| at.group == *oid);
    study.groups.get(oid).filter(|_| belongs).ok_or(SiteError::NoSuch(Noun::Group))
}

/// The cell with its definitions.
pub fn cell<'s>(study: &'s Study, key: &CellKey) -> Result<FoundCell<'s>, SiteError> {
    let CellDef { group, at, item } = study.cell_at(key).ok_or(SiteError::NoSuch(Noun::Cell))?;
    Ok(FoundCell { key: key.clone(), group, at, item })
}

impl FoundCell<'_> {
    /// Whether the reveal of an allocation fills it in.
    pub fn is_allocated(&self, study: &Study) -> bool {
        casebook::is_allocated(study, &self.key.item)
    }
}
