//! Days, counted: what the rules need of a calendar.

use std::fmt;

/// A day of the Gregorian calendar, as the number of days since 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i32);

impl Day {
    /// The day of a year (0 to 9999), month and day of the month; none when the calendar has no such day.
    pub fn new(year: i32, month: u32, day: u32) -> Option<Self> {
        let (year, month, day) =
            (i32::from(u16::try_from(year).ok()?), i32::try_from(month).ok()?, i32::try_from(day).ok()?);
        if year > 9999 || !(1..=12).contains(&month) {
            return None;
        }
        let date = Self(days(year, month, day));
        (day >= 1 && date.civil() == (year, month, day)).then_some(date)
    }

    /// A day written `2024-03-12`.
    pub fn read(text: &str) -> Option<Self> {
        let digits = |from: usize, to: usize| {
            let part = text.get(from..to)?;
            part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse().ok())?
        };
        let bytes = text.as_bytes();
        if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
            return None;
        }
        Self::new(i32::try_from(digits(0, 4)?).ok()?, digits(5, 7)?, digits(8, 10)?)
    }

    /// Days from an earlier day to this one; below zero when that is the later.
    pub fn days_since(self, earlier: Self) -> i64 {
        i64::from(self.0) - i64::from(earlier.0)
    }

    /// Year, month and day of the month.
    pub fn civil(self) -> (i32, i32, i32) {
        let shifted = self.0 + 719_468;
        let era = shifted.div_euclid(146_097);
        let of_era = shifted.rem_euclid(146_097);
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * of_year + 2) / 153;
        let day = of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        (year_of_era + era * 400 + i32::from(month <= 2), month, day)
    }
}

/// Days since 1970-01-01, with years that begin in March so that the leap day comes last (the usual integer algorithm).
fn days(year: i32, month: i32, day: i32) -> i32 {
    let year = year - i32::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    let of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + of_year;
    era * 146_097 + of_era - 719_468
}

impl fmt::Display for Day {
    /// ISO 8601: `2024-03-12`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.civil();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_and_written() {
        for text in ["1970-01-01", "2000-02-29", "2024-12-31", "2023-03-01", "0000-03-01", "9999-12-31"] {
            assert_eq!(Day::read(text).map(|day| day.to_string()).as_deref(), Some(text));
        }
        for text in [
            "2023-02-29",
            "2024-13-01",
            "2024-00-10",
            "2024-01-00",
            "2024-1-01",
            "20240-1-1",
            "2024-03",
            "+024-01-01",
            "２024-01-0",
        ] {
            assert_eq!(Day::read(text), None, "{text}");
        }
    }

    #[test]
    fn days_follow_each_other() {
        let (first, last) = (Day::read("1890-01-01"), Day::read("2110-01-01"));
        let (Some(first), Some(last)) = (first, last) else { panic!("both are days") };
        assert_eq!(last.days_since(first), 220 * 365 + 53);
        for day in (first.0..=last.0).map(Day) {
            let (year, month, dom) = day.civil();
            assert_eq!(days(year, month, dom), day.0);
            assert_eq!(Day::read(&day.to_string()), Some(day));
        }
    }
}
