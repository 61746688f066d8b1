//! The one place of this room that reads the clock.

use casebook::{Instant, Offset};
use center::Stamp;
use study::Oid;

/// Now, by this computer's clock and time zone.
#[expect(clippy::disallowed_methods, reason = "this is a program's edge: the clock is read here and passed in")]
pub fn stamp(by: &str) -> Stamp {
    let now = jiff::Zoned::now();
    Stamp {
        at: Instant::from_ms(now.timestamp().as_millisecond()),
        tz: Offset::from_minutes(now.offset().seconds() / 60),
        by: Oid::from(by),
    }
}
