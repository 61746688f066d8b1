//! When and by whom: this room has no clock and knows no signed-in user, so both are passed in.

use std::sync::Arc;

use casebook::{Instant, Offset};

/// The wall clock and the user of one act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The wall clock.
    pub at: Instant,
    /// The local offset then in force.
    pub tz: Offset,
    /// User id, or `system`.
    pub by: Arc<str>,
}

impl Stamp {
    /// From milliseconds since 1970, minutes east of UTC, and a user id.
    pub fn new(at_ms: i64, tz_minutes: i32, by: &str) -> Self {
        Self { at: Instant::from_ms(at_ms), tz: Offset::from_minutes(tz_minutes), by: by.into() }
    }

    /// The same moment, by the program itself.
    pub fn by_system(&self) -> Self {
        Self { by: "system".into(), ..self.clone() }
    }
}
