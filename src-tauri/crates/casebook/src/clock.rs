//! Time as the journal writes it: an instant in UTC, the local offset then in force, and the hybrid logical clock.

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// A time was not written as the journal writes times.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a well-formed time")]
pub struct TimeError;

/// Milliseconds of a day.
const DAY_MS: i64 = 86_400_000;
/// 9999-12-31T23:59:59.999Z.
const LATEST_MS: i64 = 253_402_300_799_999;
/// The greatest millisecond of a tick that is read: one more than is written, because earlier versions could write it.
const LATEST_READ: u64 = LATEST_MS.unsigned_abs() + 1;

/// A point of the wall clock in UTC, milliseconds since 1970, written `2026-11-23T08:15:02.113Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Instant(i64);

impl Instant {
    /// From milliseconds since 1970; clamped to the years 1970 to 9999, which is all that the journal can write.
    pub fn from_ms(ms: i64) -> Self {
        Instant(ms.clamp(0, LATEST_MS))
    }

    /// Milliseconds since 1970.
    pub fn ms(self) -> i64 {
        self.0
    }

    /// Local wall time with its offset, `2026-11-23T16:15:02+08:00`.
    pub fn local(self, tz: Offset) -> String {
        let shifted = Instant::from_ms(self.0 + i64::from(tz.minutes()) * 60_000).to_string();
        format!("{}{tz}", &shifted[..19])
    }
}

/// Days since 1970 to year, month, day (Howard Hinnant, "chrono-compatible low-level date algorithms").
fn civil(days: i64) -> (i64, i64, i64) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    (yoe + era * 400 + i64::from(month <= 2), month, doy - (153 * mp + 2) / 5 + 1)
}

/// Year, month, day to days since 1970 (the same source).
fn days(year: i64, month: i64, day: i64) -> i64 {
    let y = year - i64::from(month <= 2);
    let era = y.div_euclid(400);
    let yoe = y.rem_euclid(400);
    let doy = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    era * 146_097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719_468
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = civil(self.0.div_euclid(DAY_MS));
        let ms = self.0.rem_euclid(DAY_MS);
        let (hour, minute) = (ms / 3_600_000, ms / 60_000 % 60);
        let (second, milli) = (ms / 1000 % 60, ms % 1000);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z")
    }
}

/// Reads the digits `text[from..to]`.
fn digits(text: &[u8], from: usize, to: usize) -> Result<i64, TimeError> {
    text[from..to].iter().try_fold(0, |sum, digit| match digit {
        b'0'..=b'9' => Ok(sum * 10 + i64::from(digit - b'0')),
        _ => Err(TimeError),
    })
}

impl FromStr for Instant {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        let b = text.as_bytes();
        let marks = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':'), (19, b'.'), (23, b'Z')];
        if b.len() != 24 || marks.iter().any(|&(at, mark)| b[at] != mark) {
            return Err(TimeError);
        }
        let (year, month, day) = (digits(b, 0, 4)?, digits(b, 5, 7)?, digits(b, 8, 10)?);
        let (hour, minute) = (digits(b, 11, 13)?, digits(b, 14, 16)?);
        let (second, milli) = (digits(b, 17, 19)?, digits(b, 20, 23)?);
        if year < 1970 || !(1..=12).contains(&month) || hour > 23 || minute > 59 || second > 59 {
            return Err(TimeError);
        }
        let date = days(year, month, day);
        if civil(date) != (year, month, day) {
            return Err(TimeError);
        }
        Ok(Instant(date * DAY_MS + hour * 3_600_000 + minute * 60_000 + second * 1000 + milli))
    }
}

/// The local offset from UTC, written `+08:00`; never `Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Offset(i16);

impl Offset {
    /// From minutes east of UTC; clamped to ±23:59.
    pub fn from_minutes(minutes: i32) -> Self {
        Offset(minutes.clamp(-1439, 1439) as i16)
    }

    /// Minutes east of UTC.
    pub fn minutes(self) -> i32 {
        i32::from(self.0)
    }
}

impl fmt::Display for Offset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { '-' } else { '+' };
        let minutes = self.0.unsigned_abs();
        write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
    }
}

impl FromStr for Offset {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        let b = text.as_bytes();
        if b.len() != 6 || b[3] != b':' {
            return Err(TimeError);
        }
        let (hours, minutes) = (digits(b, 1, 3)?, digits(b, 4, 6)?);
        if hours > 23 || minutes > 59 {
            return Err(TimeError);
        }
        let all = (hours * 60 + minutes) as i16;
        match b[0] {
            b'+' => Ok(Offset(all)),
            b'-' if all > 0 => Ok(Offset(-all)),
            _ => Err(TimeError),
        }
    }
}

/// Hybrid logical clock, written `<ms>.<counter>`: rises over everything seen. It orders displays and decides nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tick {
    /// Greatest wall clock seen, milliseconds since 1970.
    pub ms: u64,
    /// Events within that millisecond, and while the wall clock stands behind.
    pub counter: u32,
}

impl Tick {
    /// The last one that is written.
    const LAST: Tick = Tick { ms: LATEST_MS.unsigned_abs(), counter: u32::MAX };

    /// The tick that follows `self`, the greatest one seen, when the wall clock stands at `now`. The last one that is
    /// written is followed by itself: within a log `seq` orders.
    #[must_use]
    pub fn next(self, now: Instant) -> Tick {
        if self >= Tick::LAST {
            return Tick::LAST;
        }
        let now = now.ms().unsigned_abs();
        if now > self.ms {
            return Tick { ms: now, counter: 0 };
        }
        match self.counter.checked_add(1) {
            Some(counter) => Tick { ms: self.ms, counter },
            None => Tick { ms: self.ms + 1, counter: 0 },
        }
    }

    /// As much of a tick from elsewhere as a writer whose wall clock stands at `now` follows: a day beyond its own clock at
    /// most, so that no other clock takes it to the end of time.
    #[must_use]
    pub(crate) fn as_seen(self, now: Instant) -> Tick {
        self.min(Tick { ms: Instant::from_ms(now.ms() + DAY_MS).ms().unsigned_abs(), counter: 0 })
    }
}

impl fmt::Display for Tick {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.ms, self.counter)
    }
}

impl FromStr for Tick {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        let (ms, counter) = text.split_once('.').ok_or(TimeError)?;
        let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !all_digits(ms) || !all_digits(counter) {
            return Err(TimeError);
        }
        let ms: u64 = ms.parse().map_err(|_| TimeError)?;
        // Beyond the year 9999 nothing is written, but for what earlier versions wrote when a clock came to its end.
        if ms > LATEST_READ {
            return Err(TimeError);
        }
        Ok(Tick { ms, counter: counter.parse().map_err(|_| TimeError)? })
    }
}

macro_rules! as_text {
    ($name:ident, $expected:literal) => {
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Text;
                impl Visitor<'_> for Text {
                    type Value = $name;
                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str($expected)
                    }
                    fn visit_str<E: de::Error>(self, text: &str) -> Result<$name, E> {
                        text.parse().map_err(E::custom)
                    }
                }
                deserializer.deserialize_str(Text)
            }
        }
    };
}

as_text!(Instant, "an instant such as 2026-11-23T08:15:02.113Z");
as_text!(Offset, "an offset such as +08:00");
as_text!(Tick, "a tick such as 1764000000000.0");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_there_and_back() {
        for text in [
            "1970-01-01T00:00:00.000Z",
            "2026-11-23T08:15:02.113Z",
            "2024-02-29T23:59:59.999Z",
            "9999-12-31T23:59:59.999Z",
        ] {
            assert_eq!(text.parse::<Instant>().expect(text).to_string(), text);
        }
        assert_eq!("2026-11-23T08:15:02.113Z".parse::<Instant>().map(Instant::ms), Ok(1_795_421_702_113));
        for text in [
            "2026-02-29T00:00:00.000Z",
            "2026-11-23T24:00:00.000Z",
            "2026-11-23 08:15:02.113Z",
            "2026-11-23T08:15:02Z",
            "2026-00-01T00:00:00.000Z",
        ] {
            assert_eq!(text.parse::<Instant>(), Err(TimeError), "{text}");
        }
    }

    #[test]
    fn offsets_and_local_time() {
        for text in ["+08:00", "-03:30", "+00:00"] {
            assert_eq!(text.parse::<Offset>().expect(text).to_string(), text);
        }
        for text in ["Z", "-00:00", "+8:00", "+24:00", "08:00"] {
            assert_eq!(text.parse::<Offset>(), Err(TimeError), "{text}");
        }
        let at: Instant = "2026-11-23T23:15:02.113Z".parse().expect("well-formed");
        assert_eq!(at.local(Offset::from_minutes(480)), "2026-11-24T07:15:02+08:00");
    }

    #[test]
    fn ticks_only_rise() {
        let start: Tick = "1000.4".parse().expect("well-formed");
        assert_eq!(start.next(Instant::from_ms(900)).to_string(), "1000.5");
        assert_eq!(start.next(Instant::from_ms(1001)).to_string(), "1001.0");
        assert_eq!(Tick { ms: 7, counter: u32::MAX }.next(Instant::from_ms(0)), Tick { ms: 8, counter: 0 });
        let last: Tick = "253402300799999.4294967295".parse().expect("well-formed");
        assert_eq!(last.next(Instant::from_ms(i64::MAX)), last, "a tick that nobody could read is never written");
        for text in ["1000", "1000.", "-1.0", "+1.0", "999999999999999.0", "253402300800001.0"] {
            assert_eq!(text.parse::<Tick>(), Err(TimeError), "{text}");
        }
    }

    /// C1: a log whose last tick was written by an earlier version at the end of time is read, and goes on within it.
    #[test]
    fn c1_what_an_earlier_version_wrote_at_the_end_of_time_is_read() {
        for text in ["253402300800000.0", "253402300800000.7"] {
            let tick: Tick = text.parse().expect("earlier versions wrote it");
            assert_eq!(tick.to_string(), text);
            let next = tick.next(Instant::from_ms(1000));
            assert_eq!(next.to_string(), "253402300799999.4294967295", "every version reads it");
            assert_eq!(next.next(Instant::from_ms(1000)), next);
        }
    }
}
