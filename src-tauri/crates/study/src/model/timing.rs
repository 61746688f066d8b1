//! When an event is planned.

use super::Expression;
use crate::Oid;

/// Where a plan counts from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// The recorded date of an event's first repeat.
    Event(Oid),
    /// A date entered in a form at an event's first repeat.
    Item {
        /// OID of the StudyEventDef.
        event: Oid,
        /// OID of the FormDef.
        form: Oid,
        /// OID of the ItemGroupDef.
        group: Oid,
        /// OID of the ItemDef.
        item: Oid,
    },
}

/// The plan of an event. Planned dates count from the anchor alone, so a delayed dose moves nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timing {
    /// Where the days count from.
    pub anchor: Anchor,
    /// Days from the anchor to the planned day of the first repeat.
    pub offset_days: i32,
    /// Days by which the event may be early.
    pub before_days: u32,
    /// Days by which the event may be late.
    pub after_days: u32,
    /// How often and until when it repeats; none for an event that takes place once.
    pub repeat: Option<Repetition>,
}

/// How an event repeats.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repetition {
    /// Days between planned repeats.
    pub every_days: u32,
    /// Most repeats that are ever planned.
    pub max: Option<u32>,
    /// How many repeats there are, where answers say so; as long as they do not, none is planned.
    pub times: Option<Expression>,
    /// Once this is true no further repeat is planned.
    pub until: Option<Expression>,
}
