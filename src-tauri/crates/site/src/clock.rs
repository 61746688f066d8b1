//! The stamp of a journal line from the clock that is passed in.

use screens::Now;
use vault::Stamp;

/// The moment of an act with the person who acts.
pub fn stamp(now: Now, by: &str) -> Stamp {
    Stamp::new(now.ms(), i32::from(now.offset_minutes), by)
}
