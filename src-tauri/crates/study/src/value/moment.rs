//! Times of day, and dates with times, cut off where no more is known.

use super::ValueError;
use super::date::{PartialDate, fixed_digits};
use super::truth::{Comparison, Interval, Truth};
use rust_decimal::Decimal;
use std::fmt;
use std::str::FromStr;

const NANOS: i64 = 1_000_000_000;
const MINUTE: i64 = 60 * NANOS;
const DAY: i64 = 24 * 60 * MINUTE;

/// The step between one moment and the next: what is compared to the minute ends with its last minute.
fn unit(seconds: bool) -> i64 {
    if seconds { 1 } else { MINUTE }
}

/// A time of day: an hour, with the minute, second and fraction of it as far as known; optionally an offset from UTC.
///
/// `==` and the order are those of the parts, for sorting; which of two is earlier is asked with [`Time::compare`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Time {
    hour: u8,
    minute: Option<u8>,
    second: Option<u8>,
    /// Digits of the fraction and how many there are; at most nine.
    fraction: Option<(u32, u8)>,
    /// Minutes east of UTC.
    offset: Option<i16>,
}

impl Time {
    /// A time without offset; none where a part is out of range or is known though the one before it is not.
    pub fn new(hour: u8, minute: Option<u8>, second: Option<u8>) -> Option<Self> {
        let in_range = hour < 24 && minute.is_none_or(|minute| minute < 60) && second.is_none_or(|second| second < 60);
        let in_order = minute.is_some() || second.is_none();
        (in_range && in_order).then_some(Self { hour, minute, second, fraction: None, offset: None })
    }

    /// Hour of the day, 0 to 23.
    pub fn hour(&self) -> u8 {
        self.hour
    }

    /// The minute, where known.
    pub fn minute(&self) -> Option<u8> {
        self.minute
    }

    /// The second, where known.
    pub fn second(&self) -> Option<u8> {
        self.second
    }

    /// Minutes east of UTC, where recorded.
    pub fn offset_minutes(&self) -> Option<i16> {
        self.offset
    }

    /// Whether the minute is known, which is all that a clock on the wall tells.
    pub fn is_whole(&self) -> bool {
        self.minute.is_some()
    }

    /// Asks about the order of two times of the same day. Seconds count only where both have them.
    pub fn compare(&self, question: Comparison, other: &Self) -> Truth {
        let seconds = self.second.is_some() && other.second.is_some();
        self.interval(seconds).compare(question, &other.interval(seconds))
    }

    /// Nanoseconds of the day that it may be; to the minute unless `seconds` are asked for.
    fn interval(&self, seconds: bool) -> Interval<i64> {
        let hour = i64::from(self.hour) * 60 * MINUTE;
        let Some(minute) = self.minute else { return Interval::closed(hour, hour + 60 * MINUTE - unit(seconds)) };
        let minute = hour + i64::from(minute) * MINUTE;
        match self.second {
            Some(second) if seconds => {
                let fraction =
                    self.fraction.map_or(0, |(digits, count)| i64::from(digits) * 10i64.pow(9 - u32::from(count)));
                Interval::point(minute + i64::from(second) * NANOS + fraction)
            }
            _ => Interval::point(minute),
        }
    }

    fn read(text: &str) -> Result<Self, ValueError> {
        let (clock, offset) = split_offset(text)?;
        let mut parts = clock.split(':');
        let two = |part: Option<&str>| match part {
            None => Ok(None),
            Some(part) => fixed_digits(part, 2).and_then(|n| u8::try_from(n).ok()).map(Some).ok_or(ValueError::Time),
        };
        let hour = two(parts.next())?.ok_or(ValueError::Time)?;
        let minute = two(parts.next())?;
        let (second, fraction) = match parts.next() {
            None => (None, None),
            Some(part) => {
                let (whole, fraction) = part.split_once('.').map_or((part, None), |(whole, rest)| (whole, Some(rest)));
                (two(Some(whole))?, fraction.map(read_fraction).transpose()?)
            }
        };
        if parts.next().is_some() {
            return Err(ValueError::Time);
        }
        let time = Self::new(hour, minute, second).ok_or(ValueError::Time)?;
        Ok(Self { fraction, offset, ..time })
    }
}

fn read_fraction(text: &str) -> Result<(u32, u8), ValueError> {
    let count = u8::try_from(text.len()).ok().filter(|count| (1..=9).contains(count)).ok_or(ValueError::Time)?;
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(ValueError::Time);
    }
    Ok((text.parse().map_err(|_| ValueError::Time)?, count))
}

/// Splits `Z`, `+08:00` or `-05:30` off.
fn split_offset(text: &str) -> Result<(&str, Option<i16>), ValueError> {
    if let Some(clock) = text.strip_suffix('Z') {
        return Ok((clock, Some(0)));
    }
    let Some(at) = text.rfind(['+', '-']) else { return Ok((text, None)) };
    let (clock, offset) = text.split_at(at);
    let (sign, digits) = offset.split_at(1);
    let (hours, minutes) = digits.split_once(':').ok_or(ValueError::Time)?;
    let part = |text| fixed_digits(text, 2).and_then(|n| i16::try_from(n).ok()).ok_or(ValueError::Time);
    let (hours, minutes) = (part(hours)?, part(minutes)?);
    // `-00:00` would be a second spelling of UTC.
    if hours > 14 || minutes > 59 || (hours == 14 && minutes > 0) || (sign == "-" && hours == 0 && minutes == 0) {
        return Err(ValueError::Time);
    }
    let total = hours * 60 + minutes;
    Ok((clock, Some(if sign == "-" { -total } else { total })))
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}", self.hour)?;
        if let Some(minute) = self.minute {
            write!(f, ":{minute:02}")?;
        }
        if let Some(second) = self.second {
            write!(f, ":{second:02}")?;
        }
        if let Some((digits, count)) = self.fraction {
            write!(f, ".{digits:0width$}", width = usize::from(count))?;
        }
        match self.offset {
            None => Ok(()),
            Some(0) => f.write_str("Z"),
            Some(offset) => {
                let sign = if offset < 0 { '-' } else { '+' };
                write!(f, "{sign}{:02}:{:02}", offset.abs() / 60, offset.abs() % 60)
            }
        }
    }
}

impl FromStr for Time {
    type Err = ValueError;

    /// Reads ISO 8601: `14`, `14:05`, `14:05:30.25+08:00`.
    fn from_str(text: &str) -> Result<Self, ValueError> {
        Self::read(text)
    }
}

/// A date with a time, cut off where no more is known: `2024`, `2024-03-12`, `2024-03-12T14`, `2024-03-12T14:05`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PartialDateTime {
    date: PartialDate,
    time: Option<Time>,
}

impl PartialDateTime {
    /// A date, and a time where the date is whole.
    pub fn new(date: PartialDate, time: Option<Time>) -> Option<Self> {
        (time.is_none() || date.is_whole()).then_some(Self { date, time })
    }

    /// The date part.
    pub fn date(&self) -> PartialDate {
        self.date
    }

    /// The time, as far as known.
    pub fn time(&self) -> Option<Time> {
        self.time
    }

    /// Whether day and minute are known.
    pub fn is_whole(&self) -> bool {
        self.time.is_some_and(|time| time.is_whole())
    }

    /// Hours from this moment to another, exact to the minute; none unless both are known to the minute and tell their offset
    /// from UTC alike.
    pub fn hours_to(&self, other: &Self) -> Option<Decimal> {
        let minutes = |moment: &Self| {
            let time = moment.time?;
            let of_day = i64::from(time.hour) * 60 + i64::from(time.minute?) - i64::from(time.offset.unwrap_or(0));
            Some((i64::from(moment.date.day_number()?) * 24 * 60 + of_day, time.offset.is_some()))
        };
        let ((from, from_offset), (to, to_offset)) = (minutes(self)?, minutes(other)?);
        (from_offset == to_offset).then(|| Decimal::from(to - from) / Decimal::from(60))
    }

    /// Asks about the order of two moments. Seconds count only where both have them. Where just one of them tells its offset
    /// from UTC, the other may be anywhere on Earth.
    pub fn compare(&self, question: Comparison, other: &Self) -> Truth {
        let seconds = |moment: &Self| moment.time.is_some_and(|time| time.second.is_some());
        let seconds = seconds(self) && seconds(other);
        let offset = |moment: &Self| moment.time.and_then(|time| time.offset);
        let (mine, others) = (self.interval(seconds), other.interval(seconds));
        match (offset(self), offset(other)) {
            (None, None) => mine.compare(question, &others),
            (Some(a), Some(b)) => shift(mine, -a, -a).compare(question, &shift(others, -b, -b)),
            (Some(a), None) => shift(mine, -a, -a).compare(question, &anywhere(others)),
            (None, Some(b)) => anywhere(mine).compare(question, &shift(others, -b, -b)),
        }
    }

    /// Nanoseconds since 1970-01-01T00:00 on the wall clock that it may be.
    fn interval(&self, seconds: bool) -> Interval<i128> {
        let day = |number: i32| i128::from(number) * i128::from(DAY);
        match self.time {
            None => {
                Interval::closed(day(self.date.earliest()), day(self.date.latest()) + i128::from(DAY - unit(seconds)))
            }
            Some(time) => {
                let of_day = time.interval(seconds);
                let at = |end: Option<(i64, bool)>| {
                    end.map(|(nanos, inside)| (day(self.date.earliest()) + i128::from(nanos), inside))
                };
                Interval { low: at(of_day.low), high: at(of_day.high) }
            }
        }
    }
}

fn shift(interval: Interval<i128>, low_minutes: i16, high_minutes: i16) -> Interval<i128> {
    let by = |end: Option<(i128, bool)>, minutes: i16| {
        end.map(|(nanos, inside)| (nanos + i128::from(minutes) * i128::from(MINUTE), inside))
    };
    Interval { low: by(interval.low, low_minutes), high: by(interval.high, high_minutes) }
}

/// Local time without an offset is between 14 hours ahead of UTC and 12 hours behind it.
fn anywhere(interval: Interval<i128>) -> Interval<i128> {
    shift(interval, -14 * 60, 12 * 60)
}

impl fmt::Display for PartialDateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.date)?;
        match self.time {
            Some(time) => write!(f, "T{time}"),
            None => Ok(()),
        }
    }
}

impl FromStr for PartialDateTime {
    type Err = ValueError;

    /// Reads ISO 8601, cut off at any part.
    fn from_str(text: &str) -> Result<Self, ValueError> {
        let (date, time) = text.split_once('T').map_or((text, None), |(date, time)| (date, Some(time)));
        let time = time.map(Time::read).transpose()?;
        Self::new(date.parse()?, time).ok_or(ValueError::Date)
    }
}

/// What is surely known of an ODM "incomplete" date (`2024---12`, `2024-03-12T-:05`): everything before the first
/// unknown part. The stored text itself is kept as it is.
pub(crate) fn known_part(text: &str) -> Option<&str> {
    let year = text.get(..4)?;
    if year.starts_with('-') {
        return None;
    }
    let (date, time) = text.split_once('T').map_or((text, None), |(date, time)| (date, Some(time)));
    let known = |len: usize| {
        let part = date.get(len - 3..len).and_then(|part| part.strip_prefix('-'));
        part.is_some_and(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    if !known(7) {
        return Some(year);
    }
    if !known(10) {
        return date.get(..7);
    }
    let Some(time) = time else { return Some(date) };
    let clock: usize = time.split_inclusive(':').take_while(|part| !part.starts_with('-')).map(str::len).sum();
    let upto = date.len() + 1 + clock;
    let cut = text.get(..upto)?.trim_end_matches(':');
    Some(if clock == 0 { date } else { cut })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn moment(text: &str) -> PartialDateTime {
        text.parse().expect("a moment")
    }

    fn time(text: &str) -> Time {
        text.parse().expect("a time")
    }

    #[test]
    fn hours_between_moments() {
        let hours = |from: &str, to: &str| {
            let moment = |text: &str| text.parse::<PartialDateTime>().expect("a moment");
            moment(from).hours_to(&moment(to)).map(|hours| hours.normalize().to_string())
        };
        assert_eq!(hours("2026-03-01T14:30", "2026-03-02T14:45").as_deref(), Some("24.25"));
        assert_eq!(hours("2026-03-02T00:00", "2026-03-01T23:30").as_deref(), Some("-0.5"));
        assert_eq!(hours("2026-03-01T14:30+08:00", "2026-03-01T07:30+01:00").as_deref(), Some("0"));
        assert_eq!(hours("2026-03-01T14", "2026-03-02T14:45"), None, "no minute");
        assert_eq!(hours("2026-03-01", "2026-03-02T14:45"), None);
        assert_eq!(hours("2026-03-01T14:30", "2026-03-02T14:30+08:00"), None, "anywhere on Earth");
    }

    #[test]
    fn text_is_kept() {
        for text in ["14", "14:05", "14:05:30", "14:05:30.250", "14:05Z", "14:05+08:00", "00:00:00.000000001-05:30"] {
            assert_eq!(time(text).to_string(), text);
        }
        for text in ["2024", "2024-03", "2024-03-12", "2024-03-12T14", "2024-03-12T14:05:09Z"] {
            assert_eq!(moment(text).to_string(), text);
        }
        for text in [
            "",
            "24:00",
            "14:60",
            "1:05",
            "14:5",
            "14:05:61",
            "14:05:30.",
            "14:05+8",
            "14:05+15:00",
            "14:05-00:00",
            "14:05:00:00",
        ] {
            assert_eq!(text.parse::<Time>(), Err(ValueError::Time), "{text}");
        }
        assert!("2024-03T14:05".parse::<PartialDateTime>().is_err());
        assert!("2024-03-12T".parse::<PartialDateTime>().is_err());
    }

    #[test]
    fn order_is_known_when_the_known_parts_decide() {
        let ask = |a: &str, question, b: &str| moment(a).compare(question, &moment(b));
        assert_eq!(ask("2024-03-12T14:05", Comparison::Less, "2024-03-12T14:06"), Truth::Yes);
        assert_eq!(ask("2024-03-12T14:05", Comparison::Equal, "2024-03-12T14:05:30"), Truth::Yes);
        assert_eq!(ask("2024-03-12T14:05:10", Comparison::Less, "2024-03-12T14:05:10.5"), Truth::Yes);
        assert_eq!(ask("2024-03-12", Comparison::Less, "2024-03-12T14:05"), Truth::Unknown);
        assert_eq!(ask("2024-03", Comparison::Less, "2024-04-01T00:00"), Truth::Yes);
        assert_eq!(ask("2024-03-12T14", Comparison::Less, "2024-03-12T14:00"), Truth::No);
        assert_eq!(ask("2024-03-12T14:00+08:00", Comparison::Equal, "2024-03-12T06:00Z"), Truth::Yes);
        assert_eq!(ask("2024-03-12T14:00+08:00", Comparison::Less, "2024-03-12T14:00"), Truth::Unknown);
        assert_eq!(ask("2024-03-12T14:00+08:00", Comparison::Less, "2024-03-13T14:00"), Truth::Yes);
    }

    #[test]
    fn incomplete_dates_are_known_up_to_their_first_hole() {
        let cases = [
            ("2024---12", Some("2024")),
            ("2024-03--", Some("2024-03")),
            ("2024-03-12", Some("2024-03-12")),
            ("2024-03-12T-:05", Some("2024-03-12")),
            ("2024-03-12T14:-:09", Some("2024-03-12T14")),
            ("2024-03-12T14:05", Some("2024-03-12T14:05")),
            ("-----12", None),
            ("年年", None),
        ];
        for (text, known) in cases {
            assert_eq!(known_part(text), known, "{text}");
        }
    }

    proptest! {
        #[test]
        fn times_compare_as_all_their_minutes_do(a in 0u8..4, ma in proptest::option::of(0u8..60), b in 0u8..4, mb in proptest::option::of(0u8..60)) {
            let (x, y) = (Time::new(a, ma, None).expect("a time"), Time::new(b, mb, None).expect("a time"));
            let minutes = |hour: u8, minute: Option<u8>| minute.map_or(0..=59, |m| m..=m).map(move |m| u32::from(hour) * 60 + u32::from(m));
            for question in [Comparison::Less, Comparison::AtMost, Comparison::Equal] {
                let answers: Vec<bool> = minutes(a, ma).flat_map(|p| minutes(b, mb).map(move |q| question.of(p.cmp(&q)))).collect();
                let expected = match (answers.contains(&true), answers.contains(&false)) {
                    (true, false) => Truth::Yes,
                    (false, true) => Truth::No,
                    _ => Truth::Unknown,
                };
                prop_assert_eq!(x.compare(question, &y), expected);
            }
        }

        #[test]
        fn nothing_read_panics(text in "\\PC{0,24}") {
            let _ = text.parse::<PartialDateTime>();
            let _ = text.parse::<Time>();
            let _ = known_part(&text);
        }
    }
}
