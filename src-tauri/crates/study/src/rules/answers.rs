//! What rules read: the casebook of one subject, seen through four questions.

use crate::value::PartialDate;
use crate::{CellKey, EventKey, FormKey, Oid, Repeat};
use std::borrow::Cow;

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer<'a> {
    /// The stored text, as the journal holds it.
    pub value: Cow<'a, str>,
    /// The unit in which it was recorded; none for the item's standard unit.
    pub unit: Option<Oid>,
}

impl<'a> Answer<'a> {
    /// A stored text in the item's standard unit.
    pub fn new(value: &'a str) -> Self {
        Self { value: Cow::Borrowed(value), unit: None }
    }
}

/// The answers of one subject, as the casebook holds them at this moment.
///
/// Rules give the same result for the same answers, whatever the order in which the lists come: they sort what they need.
pub trait Answers {
    /// The one value of a cell, typed or derived. None where it is empty, holds a reason for a missing value, or holds
    /// several values that people have yet to settle.
    fn cell(&self, place: &CellKey) -> Option<Answer<'_>>;

    /// Every place where this form exists, at whatever event.
    fn forms(&self, form: &Oid) -> Vec<FormKey>;

    /// The rows of a repeating group, in the order in which they are shown, without those that were removed.
    fn rows(&self, form: &FormKey, group: &Oid) -> Vec<Repeat>;

    /// The recorded date of an event.
    fn event_date(&self, event: &EventKey) -> Option<PartialDate>;

    /// A number that no other answers of this process ever had: as long as it stays, every answer stays. None where that
    /// isn't known.
    fn edition(&self) -> Option<u64> {
        None
    }
}
