//! What an amendment changes: two metadata versions of one study compared.
//!
//! [`diff`] says in order what is new, changed and retired; [`unfit()`] names what must not change, because values that
//! were recorded would silently mean something else.

mod defs;
mod places;
mod unfit;
mod words;

pub use unfit::unfit;

use crate::{Oid, Study, Text};

/// What kind of definition differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// A visit.
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
    /// A clinical setting.
    Setting,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Fate {
    /// It is new.
    Added,
    /// It is asked no longer; what was recorded stays.
    Retired,
    /// An answer is now needed.
    Required,
    /// An answer is no longer needed.
    Optional,
    /// It goes by another code or name.
    Renamed,
    /// Its words differ.
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

impl Part {
    /// Its stable name.
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
    /// Its stable name.
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

/// What differs between two versions of a study, in the order of the new one; what is retired follows in the order of the
/// old one, kind by kind.
pub fn diff(old: &Study, new: &Study) -> Vec<Difference> {
    let mut found = Vec::new();
    places::events(old, new, &mut found);
    places::forms(old, new, &mut found);
    places::groups(old, new, &mut found);
    defs::items(old, new, &mut found);
    defs::codes(old, new, &mut found);
    defs::rules(old, new, &mut found);
    defs::settings(old, new, &mut found);
    found
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
