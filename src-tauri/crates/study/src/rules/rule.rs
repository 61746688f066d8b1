//! One rule: what it is, where it stands, what it says.

use super::check::Comparing;
use super::node::{Program, Read};
use crate::{ItemKind, Oid, Severity, Text};

/// Number of a rule within its study.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RuleId(pub(super) u32);

impl RuleId {
    pub(super) fn index(self) -> usize {
        self.0 as usize
    }
}

/// What a rule is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RuleKind {
    /// Whether something is not collected.
    Condition,
    /// What a derived item's value is.
    Derivation,
    /// Whether a value is well.
    Check(Severity),
    /// Whether an event is planned no further.
    Until,
    /// How many repeats of an event there are.
    Times,
}

/// What a rule speaks of, as definitions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Target {
    /// The event, where a form is meant only at one event, or the event itself.
    pub event: Option<Oid>,
    /// OID of the form.
    pub form: Option<Oid>,
    /// The group; none where the form as a whole is meant.
    pub group: Option<Oid>,
    /// The item; none where the group as a whole is meant.
    pub item: Option<Oid>,
}

/// One rule at one place of the study. A check of an item that stands in two forms is two rules with one OID.
#[derive(Debug)]
pub struct Rule {
    /// Its name: of a check `<item>#<n>`, else the OID of the condition, method or event.
    pub oid: Oid,
    /// What it is for.
    pub kind: RuleKind,
    /// What it speaks of.
    pub target: Target,
    /// What a check says when it is not met; for a derivation, the formula in words.
    pub words: Text,
    pub(super) body: Body,
    pub(super) stored_as: StoredAs,
}

/// How a derived item's value is stored.
#[derive(Clone, Copy, Debug)]
pub(super) struct StoredAs {
    pub kind: ItemKind,
    /// Digits after the decimal point, where the item limits them.
    pub digits: Option<u32>,
}

/// The expressions and the comparison that a rule evaluates.
#[derive(Debug)]
pub(super) struct Body {
    /// All must be true for a check to be met; the only one of other rules.
    pub programs: Vec<Program>,
    /// The comparison of a range check.
    pub comparing: Option<Comparing>,
}

impl Rule {
    /// The expressions, as the study file has them.
    pub fn expressions(&self) -> impl Iterator<Item = &str> {
        self.body.programs.iter().map(|program| &*program.text)
    }

    pub(super) fn reads(&self) -> impl Iterator<Item = &Read> {
        let compared = self.body.comparing.iter().map(|comparing| &comparing.read);
        self.body.programs.iter().flat_map(|program| &program.reads).chain(compared)
    }

    pub(super) fn reads_dates(&self) -> bool {
        self.body.programs.iter().any(|program| program.reads_dates)
    }

    /// Whether others may read what this rule decides.
    pub(super) fn produces(&self) -> bool {
        matches!(self.kind, RuleKind::Condition | RuleKind::Derivation)
    }

    /// Whether what this rule decides bears on what `read` reads.
    pub(super) fn feeds(&self, read: &Read) -> bool {
        let same = |mine: &Option<Oid>, other: &Option<Oid>| match (mine, other) {
            (Some(mine), Some(other)) => mine == other,
            _ => true,
        };
        self.produces()
            && read.item.is_some()
            && self.target.form.as_ref() == Some(&read.form)
            && same(&self.target.event, &read.event)
            && same(&self.target.group, &read.group)
            && same(&self.target.item, &read.item)
    }
}
