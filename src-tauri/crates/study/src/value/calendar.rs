//! The Gregorian calendar, as far as ISO 8601 dates need it.

/// First and last year that four digits can hold; year zero is no year of ours.
pub(crate) const YEARS: std::ops::RangeInclusive<u16> = 1..=9999;

/// Whether `year` has a 29 February.
pub(crate) fn is_leap(year: u16) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

/// Days of a month, 1–12; none for another number.
pub(crate) fn month_length(year: u16, month: u8) -> Option<u8> {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => Some(31),
        4 | 6 | 9 | 11 => Some(30),
        2 => Some(if is_leap(year) { 29 } else { 28 }),
        _ => None,
    }
}

/// Days since 1970-01-01 of a date that exists (Hinnant, "chrono-compatible low-level date algorithms", days_from_civil).
pub(crate) fn day_number(year: u16, month: u8, day: u8) -> i32 {
    let (month, day) = (i32::from(month), i32::from(day));
    let year = i32::from(year) - i32::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let shifted = if month > 2 { month - 3 } else { month + 9 };
    let day_of_year = (153 * shifted + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// The date of a day number (civil_from_days); none outside the years 1 to 9999.
pub(crate) fn date_of(day_number: i32) -> Option<(u16, u8, u8)> {
    let shifted = day_number.checked_add(719_468)?;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = u16::try_from(year_of_era + era * 400 + i32::from(month <= 2)).ok()?;
    if !YEARS.contains(&year) {
        return None;
    }
    Some((year, u8::try_from(month).ok()?, u8::try_from(day).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_four_hundred_years_follows_the_day_before() {
        let mut number = day_number(1900, 1, 1);
        assert_eq!(number, -25_567);
        for year in 1900..2300 {
            for month in 1..=12 {
                for day in 1..=month_length(year, month).expect("a month") {
                    assert_eq!(day_number(year, month, day), number);
                    assert_eq!(date_of(number), Some((year, month, day)));
                    number += 1;
                }
            }
        }
    }

    #[test]
    fn the_ends_of_the_calendar_hold() {
        assert_eq!(date_of(day_number(1, 1, 1)), Some((1, 1, 1)));
        assert_eq!(date_of(day_number(1, 1, 1) - 1), None);
        assert_eq!(date_of(day_number(9999, 12, 31) + 1), None);
        assert_eq!(date_of(i32::MAX), None);
        assert_eq!(month_length(1900, 2), Some(28));
        assert_eq!(month_length(2000, 2), Some(29));
        assert_eq!(month_length(2024, 13), None);
    }
}
