//! One difference between two versions, and the words for its kinds.

use crate::{Oid, Text};

/// What kind of definition differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// An event: a visit of the protocol, or a running log (ODM StudyEventDef).
    Event,
    /// A form, or a form at a visit.
    Form,
    /// A group of a form.
    Group,
    /// An item of a group.
    Item,
    /// A code of a list.
    Code,
    /// A check of an item.
    Check,
    /// A condition for skipping.
    Condition,
    /// A method that computes an item.
    Method,
    /// A unit of an item.
    Unit,
    /// A clinical setting (`setting(…)` in rules).
    Setting,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Fate {
    /// The old version does not hold it.
    Added,
    /// It is asked no longer; what was recorded stays.
    Retired,
    /// An answer is now needed.
    Required,
    /// An answer is no longer needed.
    Optional,
    /// It goes by another code or name.
    Renamed,
    /// Its words differ, and nothing that is recorded or computed.
    Reworded,
    /// Its window or planned day differs.
    Rescheduled,
    /// What it says, computes or allows differs.
    Changed,
}

/// One difference between two versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What kind of definition.
    pub part: Part,
    /// What became of it.
    pub fate: Fate,
    /// The definition; of a check its rule, of a code its list.
    pub oid: Oid,
    /// What it is called, in words.
    pub title: Text,
    /// Where it stands, where one place is meant: form, group or item.
    pub within: Option<Oid>,
    /// What it is called where it stands.
    pub place: Text,
    /// What it was: code, words, limits, expression, days.
    pub was: Text,
    /// What it is now.
    pub now: Text,
}

/// A definition with what it is called.
#[derive(Clone, Copy)]
pub(super) struct Named<'a> {
    pub oid: &'a Oid,
    pub title: &'a Text,
}

impl Part {
    /// A stable word for messages and files.
    pub fn code(self) -> &'static str {
        match self {
            Self::Event => "event",
            Self::Form => "form",
            Self::Group => "group",
            Self::Item => "item",
            Self::Code => "code",
            Self::Check => "check",
            Self::Condition => "condition",
            Self::Method => "method",
            Self::Unit => "unit",
            Self::Setting => "setting",
        }
    }
}

impl Fate {
    /// A stable word for messages and files.
    pub fn code(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Retired => "retired",
            Self::Required => "required",
            Self::Optional => "optional",
            Self::Renamed => "renamed",
            Self::Reworded => "reworded",
            Self::Rescheduled => "rescheduled",
            Self::Changed => "changed",
        }
    }
}

impl Difference {
    pub(crate) fn new(part: Part, fate: Fate, oid: &Oid, title: &Text) -> Self {
        let blank = Text::default();
        let (place, was, now) = (blank.clone(), blank.clone(), blank);
        Self { part, fate, oid: oid.clone(), title: title.clone(), within: None, place, was, now }
    }

    pub(crate) fn at(mut self, within: &Oid, place: &Text) -> Self {
        (self.within, self.place) = (Some(within.clone()), place.clone());
        self
    }

    pub(crate) fn between(mut self, was: Text, now: Text) -> Self {
        (self.was, self.now) = (was, now);
        self
    }
}

/// A text that is the same in every language.
pub(crate) fn plain(text: impl AsRef<str>) -> Text {
    if text.as_ref().is_empty() { Text::default() } else { Text::new("", text.as_ref()) }
}

/// A title, or the name where there is none.
pub(crate) fn titled(title: &Text, name: &str) -> Text {
    if title.is_empty() { plain(name) } else { title.clone() }
}
