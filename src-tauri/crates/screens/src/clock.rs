//! The clock is passed in: this room never reads one.

use casebook::{Instant, Offset};

/// The wall clock of one act, with the local offset then in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// Milliseconds since 1970, UTC.
    pub at_ms: u64,
    /// Minutes east of UTC.
    pub offset_minutes: i16,
}

impl Now {
    /// The moment, UTC.
    pub fn instant(self) -> Instant {
        Instant::from_ms(self.ms())
    }

    /// The local offset then in force.
    pub fn offset(self) -> Offset {
        Offset::from_minutes(i32::from(self.offset_minutes))
    }

    /// Local wall time, `2026-11-23T16:15:02+08:00`.
    pub fn local(self) -> String {
        self.instant().local(self.offset())
    }

    /// The local day, ISO 8601.
    pub fn today(self) -> String {
        self.local().chars().take(10).collect()
    }

    /// The same offset, later.
    #[must_use]
    pub fn later(self, ms: u64) -> Self {
        Self { at_ms: self.at_ms.saturating_add(ms), ..self }
    }

    /// Milliseconds since 1970, UTC, as a signed number.
    pub fn ms(self) -> i64 {
        i64::try_from(self.at_ms).unwrap_or(i64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::Now;

    #[test]
    fn the_day_is_the_local_one() {
        let late = Now { at_ms: 1_795_421_702_113, offset_minutes: 16 * 60 };
        assert_eq!(late.today(), "2026-11-24");
        assert_eq!(Now { offset_minutes: 0, ..late }.today(), "2026-11-23");
    }
}
