//! Dates of which the day, or the month and the day, may be unknown.

use super::ValueError;
use super::calendar::{self, YEARS};
use super::truth::{Comparison, Interval, Truth};
use std::fmt;
use std::str::FromStr;

/// A date with its precision. It exists in the calendar; its year is 1 to 9999.
///
/// `==` and the order are those of the text (`2024` before `2024-01` before `2024-01-01`), for sorting; which of two
/// partly known dates is earlier is asked with [`PartialDate::compare`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PartialDate {
    year: u16,
    /// 1 to the greatest; 0 where it is unknown.
    month: u8,
    /// 1 to the greatest; 0 where it is unknown.
    day: u8,
}

impl PartialDate {
    /// A date, of which day, or month and day, may be unknown; none when the calendar has no such date.
    pub fn new(year: u16, month: Option<u8>, day: Option<u8>) -> Option<Self> {
        if !YEARS.contains(&year) {
            return None;
        }
        match (month, day) {
            (None, None) => Some(Self { year, month: 0, day: 0 }),
            (None, Some(_)) => None,
            (Some(month), day) => {
                let length = calendar::month_length(year, month)?;
                let fits = day.is_none_or(|day| (1..=length).contains(&day));
                fits.then_some(Self { year, month, day: day.unwrap_or(0) })
            }
        }
    }

    /// The date this many days after 1970-01-01.
    pub fn from_day_number(days: i32) -> Option<Self> {
        calendar::date_of(days).map(|(year, month, day)| Self { year, month, day })
    }

    /// Year, 1800 to 2199.
    pub fn year(&self) -> u16 {
        self.year
    }

    /// The month, 1–12, where known.
    pub fn month(&self) -> Option<u8> {
        (self.month > 0).then_some(self.month)
    }

    /// The day of the month, where known.
    pub fn day(&self) -> Option<u8> {
        (self.day > 0).then_some(self.day)
    }

    /// Whether the day is known.
    pub fn is_whole(&self) -> bool {
        self.day > 0
    }

    /// The earliest day it may be, in days since 1970-01-01.
    pub fn earliest(&self) -> i32 {
        calendar::day_number(self.year, self.month.max(1), self.day.max(1))
    }

    /// The latest day it may be, in days since 1970-01-01.
    pub fn latest(&self) -> i32 {
        let month = if self.month == 0 { 12 } else { self.month };
        let day = if self.day == 0 { calendar::month_length(self.year, month).unwrap_or(31) } else { self.day };
        calendar::day_number(self.year, month, day)
    }

    /// Days since 1970-01-01, where the day is known.
    pub fn day_number(&self) -> Option<i32> {
        self.is_whole().then(|| self.earliest())
    }

    /// The date `days` later (earlier when negative), where the day is known and the calendar reaches so far.
    pub fn plus_days(&self, days: i32) -> Option<Self> {
        Self::from_day_number(self.day_number()?.checked_add(days)?)
    }

    /// Days from this date to `other`, where both days are known.
    pub fn days_to(&self, other: &Self) -> Option<i32> {
        Some(other.day_number()? - self.day_number()?)
    }

    /// Asks about the order of two dates: yes or no only when it holds for every day that they may be.
    pub fn compare(&self, question: Comparison, other: &Self) -> Truth {
        self.interval().compare(question, &other.interval())
    }

    pub(crate) fn interval(&self) -> Interval<i32> {
        Interval::closed(self.earliest(), self.latest())
    }

    /// Completed years from this date (a birth) to `other`, where every day that they may be gives the same number.
    ///
    /// Who was born on 29 February completes a year on 1 March of a common year.
    pub fn years_to(&self, other: &Self) -> Option<i32> {
        let completed = |from: i32, to: i32| {
            let ((from_year, from_month, from_day), (to_year, to_month, to_day)) =
                (calendar::date_of(from)?, calendar::date_of(to)?);
            let short = i32::from((to_month, to_day) < (from_month, from_day));
            Some(i32::from(to_year) - i32::from(from_year) - short)
        };
        let most = completed(self.earliest(), other.latest())?;
        let least = completed(self.latest(), other.earliest())?;
        (most == least).then_some(most)
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        if self.month > 0 {
            write!(f, "-{:02}", self.month)?;
        }
        if self.day > 0 {
            write!(f, "-{:02}", self.day)?;
        }
        Ok(())
    }
}

/// A number of exactly `len` ASCII digits.
pub(crate) fn fixed_digits(text: &str, len: usize) -> Option<u16> {
    if text.len() == len && text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None }
}

impl FromStr for PartialDate {
    type Err = ValueError;

    /// Reads ISO 8601: `2024`, `2024-03`, `2024-03-12`.
    fn from_str(text: &str) -> Result<Self, ValueError> {
        let mut parts = text.split('-');
        let mut next = |len| match parts.next() {
            None => Ok(None),
            Some(part) => fixed_digits(part, len).map(Some).ok_or(ValueError::Date),
        };
        let year = next(4)?.ok_or(ValueError::Date)?;
        let (month, day) = (next(2)?, next(2)?);
        if parts.next().is_some() {
            return Err(ValueError::Date);
        }
        let narrow = |part: Option<u16>| part.map(|part| u8::try_from(part).unwrap_or(0));
        Self::new(year, narrow(month), narrow(day)).ok_or(ValueError::NoSuchDate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn date(text: &str) -> PartialDate {
        text.parse().expect("a date")
    }

    /// Every day that a date may be.
    fn completions(date: &PartialDate) -> Vec<PartialDate> {
        let months = date.month().map_or(1..=12, |month| month..=month);
        months
            .flat_map(|month| {
                let days = date.day().map_or(1..=31, |day| day..=day);
                days.filter_map(move |day| PartialDate::new(date.year(), Some(month), Some(day)))
            })
            .collect()
    }

    fn any_date() -> impl Strategy<Value = PartialDate> {
        (2022u16..2026, proptest::option::of(1u8..=12), proptest::option::of(1u8..=28))
            .prop_map(|(year, month, day)| PartialDate::new(year, month, month.and(day)).expect("a date"))
    }

    fn join(answers: impl Iterator<Item = bool>) -> Truth {
        let mut seen = (false, false);
        answers.for_each(|answer| if answer { seen.0 = true } else { seen.1 = true });
        match seen {
            (true, false) => Truth::Yes,
            (false, true) => Truth::No,
            _ => Truth::Unknown,
        }
    }

    #[test]
    fn text_is_iso_with_its_precision() {
        for text in ["2024", "2024-03", "2024-03-12", "0001-01-01", "2024-02-29"] {
            assert_eq!(date(text).to_string(), text);
        }
        for text in ["", "24", "2024-3", "2024-03-12-01", "2024-03-", "2024/03/12", "2024-0３", " 2024", "+024"] {
            assert_eq!(text.parse::<PartialDate>(), Err(ValueError::Date), "{text}");
        }
        for text in ["2023-02-29", "2024-00", "2024-13", "2024-04-31", "2024-01-00", "0000"] {
            assert_eq!(text.parse::<PartialDate>(), Err(ValueError::NoSuchDate), "{text}");
        }
    }

    #[test]
    fn days_and_years_between() {
        assert_eq!(date("2024-02-28").days_to(&date("2024-03-01")), Some(2));
        assert_eq!(date("2024-02").days_to(&date("2024-03-01")), None);
        assert_eq!(date("2024-12-31").plus_days(1), Some(date("2025-01-01")));
        assert_eq!(date("1960-03-12").years_to(&date("2024-03-11")), Some(63));
        assert_eq!(date("1960-03-12").years_to(&date("2024-03-12")), Some(64));
        assert_eq!(date("1960-03").years_to(&date("2024-04-01")), Some(64));
        assert_eq!(date("1960-03").years_to(&date("2024-03-20")), None);
        assert_eq!(date("1960").years_to(&date("2024-12-31")), Some(64));
        assert_eq!(date("2004-02-29").years_to(&date("2025-02-28")), Some(20));
        assert_eq!(date("2004-02-29").years_to(&date("2025-03-01")), Some(21));
    }

    proptest! {
        // Each case compares up to 365² pairs of days.
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn comparison_agrees_with_every_completion(a in any_date(), b in any_date()) {
            for question in [Comparison::Less, Comparison::AtMost, Comparison::Greater, Comparison::AtLeast, Comparison::Equal, Comparison::Unequal] {
                let (all_a, all_b) = (completions(&a), completions(&b));
                let answers = all_a.iter().flat_map(|x| all_b.iter().map(move |y| question.of(x.earliest().cmp(&y.earliest()))));
                prop_assert_eq!(a.compare(question, &b), join(answers), "{} {:?} {}", a, question, b);
            }
        }

        #[test]
        fn years_agree_with_every_completion(a in any_date(), b in any_date()) {
            let mut seen: Vec<Option<i32>> = completions(&a).iter()
                .flat_map(|x| completions(&b).into_iter().map(move |y| x.years_to(&y)))
                .collect();
            seen.dedup();
            seen.sort();
            seen.dedup();
            prop_assert_eq!(a.years_to(&b), if seen.len() == 1 { seen[0] } else { None });
        }

        #[test]
        fn day_arithmetic_inverts(days in -100_000i32..100_000, from in -30_000i32..60_000) {
            let start = PartialDate::from_day_number(from).expect("in the calendar");
            let end = start.plus_days(days).expect("in the calendar");
            prop_assert_eq!(start.days_to(&end), Some(days));
        }
    }
}
