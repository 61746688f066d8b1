//! Events, forms, groups and the smaller definitions.

use super::{Alias, Expression, Timing};
use crate::{Identified, Oid, Text};

/// What kind of event it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EventKind {
    /// Planned by the protocol.
    Scheduled,
    /// Happens when it happens.
    Unscheduled,
    /// Running logs: adverse events, medication, death.
    Common,
}

/// An event: a visit of the protocol, or a running log (ODM StudyEventDef).
#[derive(Clone, Debug)]
pub struct EventDef {
    /// OID, unique among the definitions of its kind.
    pub oid: Oid,
    /// Short label, such as `C1D1`.
    pub name: String,
    /// Title as people read it, by language.
    pub title: Text,
    /// Whether it may take place several times.
    pub repeating: bool,
    /// Whether it is planned, unplanned or a running log.
    pub kind: EventKind,
    /// Category, where the file gives one.
    pub category: Option<String>,
    /// Whether the protocol demands it.
    pub mandatory: bool,
    /// Its forms in order.
    pub forms: Vec<FormRef>,
    /// When it is planned.
    pub timing: Option<Timing>,
    /// Masked roles that it is open to; to other roles every event is.
    pub roles: Vec<String>,
    /// Names in other standards (`CDASH`, `SDTM` …).
    pub aliases: Vec<Alias>,
    /// Line of the definition.
    pub line: u32,
}

/// A form at an event.
#[derive(Clone, Debug)]
pub struct FormRef {
    /// OID of the FormDef.
    pub form: Oid,
    /// Whether the form must be filled.
    pub mandatory: bool,
    /// When this condition is true the form is not collected.
    pub condition: Option<Oid>,
    /// Line of the reference.
    pub line: u32,
}

/// A form: a page of questions at an event (ODM FormDef).
#[derive(Clone, Debug)]
pub struct FormDef {
    /// OID, unique among the definitions of its kind.
    pub oid: Oid,
    /// Name as the study file gives it.
    pub name: String,
    /// Title as people read it, by language.
    pub title: Text,
    /// Whether it may be filled several times at one event.
    pub repeating: bool,
    /// Its groups in order.
    pub groups: Vec<GroupRef>,
    /// Layout hint, where the study gives one.
    pub layout: Option<String>,
    /// Masked roles that may see and fill it; other roles may see and fill every form.
    pub roles: Vec<String>,
    /// Names in other standards (`CDASH`, `SDTM` …).
    pub aliases: Vec<Alias>,
    /// Line of the definition.
    pub line: u32,
}

/// A group in a form.
#[derive(Clone, Debug)]
pub struct GroupRef {
    /// OID of the ItemGroupDef.
    pub group: Oid,
    /// Whether it must be filled.
    pub mandatory: bool,
    /// When this condition is true the group is not collected.
    pub condition: Option<Oid>,
    /// Line of the reference.
    pub line: u32,
}

/// A group of items.
#[derive(Clone, Debug)]
pub struct GroupDef {
    /// OID, unique among the definitions of its kind.
    pub oid: Oid,
    /// Name as the study file gives it.
    pub name: String,
    /// Title as people read it, by language.
    pub title: Text,
    /// Whether it has rows.
    pub repeating: bool,
    /// Its items in order.
    pub items: Vec<ItemRef>,
    /// Layout hint, where the study gives one.
    pub layout: Option<String>,
    /// SDTM domain, where given.
    pub domain: Option<String>,
    /// Whether masked roles must not see it though its form is open to them.
    pub masked: bool,
    /// Names in other standards (`CDASH`, `SDTM` …).
    pub aliases: Vec<Alias>,
    /// Line of the definition.
    pub line: u32,
}

/// An item in a group.
#[derive(Clone, Debug)]
pub struct ItemRef {
    /// OID of the ItemDef.
    pub item: Oid,
    /// Whether it must be answered.
    pub mandatory: bool,
    /// When this condition is true the item is not collected.
    pub condition: Option<Oid>,
    /// The method that computes it; such an item is never typed.
    pub method: Option<Oid>,
    /// Line of the reference.
    pub line: u32,
}

/// A condition for skipping: true means not collected.
#[derive(Clone, Debug)]
pub struct ConditionDef {
    /// OID, unique among the definitions of its kind.
    pub oid: Oid,
    /// Name as the study file gives it.
    pub name: String,
    /// The condition in words.
    pub description: Text,
    /// The same as formal expressions.
    pub expressions: Vec<Expression>,
    /// Line of the definition.
    pub line: u32,
}

/// A method that computes an item.
#[derive(Clone, Debug)]
pub struct MethodDef {
    /// OID, unique among the definitions of its kind.
    pub oid: Oid,
    /// Name as the study file gives it.
    pub name: String,
    /// The formula in words.
    pub description: Text,
    /// Whether its ODM type is Computation (other types are kept and not evaluated).
    pub computes: bool,
    /// The same as formal expressions.
    pub expressions: Vec<Expression>,
    /// Line of the definition.
    pub line: u32,
}

/// A unit of measurement (ODM MeasurementUnit).
#[derive(Clone, Debug)]
pub struct UnitDef {
    /// OID, unique among the definitions of its kind.
    pub oid: Oid,
    /// Name as the study file gives it.
    pub name: String,
    /// Symbol as shown beside a value, by language.
    pub symbol: Text,
    /// Names elsewhere, such as `UCUM`.
    pub aliases: Vec<Alias>,
    /// Line of the definition.
    pub line: u32,
}

impl UnitDef {
    /// The symbol in `language`; the name where there is none.
    pub fn symbol(&self, language: &str) -> &str {
        if self.symbol.is_empty() { &self.name } else { self.symbol.get(language) }
    }
}

/// A clinical setting with its source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The value as text.
    pub value: String,
    /// Document and section that it comes from.
    pub citation: String,
}

macro_rules! identified {
    ($($def:ty),*) => {$(
        impl Identified for $def {
            fn oid(&self) -> &Oid {
                &self.oid
            }
        }
    )*};
}

identified!(EventDef, FormDef, GroupDef, ConditionDef, MethodDef, UnitDef);

macro_rules! titled {
    ($($def:ty),*) => {$(
        impl $def {
            /// The title in `language`; the name where there is none.
            pub fn title(&self, language: &str) -> &str {
                if self.title.is_empty() { &self.name } else { self.title.get(language) }
            }
        }
    )*};
}

titled!(EventDef, FormDef, GroupDef);
