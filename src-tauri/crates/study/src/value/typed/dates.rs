//! Dates as people write them.

use super::TypedValueError;
use crate::value::PartialDate;

/// Charts hold no other years; a year outside is a slip of the finger.
const YEARS: std::ops::RangeInclusive<u16> = 1800..=2199;

/// One part of a typed date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part<'a> {
    Digits(&'a str),
    Month(u8),
    Unknown,
}

/// The date, where day and month are known.
pub(super) fn whole(date: PartialDate) -> Result<PartialDate, TypedValueError> {
    if date.is_whole() { Ok(date) } else { Err(TypedValueError::DateNotWhole) }
}

/// Reads `12 3 2024`, `12.03.2024`, `2024-03`, `mar 2024`, `un/mar/2024`, `2024`, `2024年3月12日`, `20240312`, `12032024`.
pub(super) fn read(text: &str) -> Result<PartialDate, TypedValueError> {
    let parts = split(text).ok_or(TypedValueError::NotADate)?;
    match parts.as_slice() {
        [Part::Digits(run)] if run.len() == 8 => read_run(run),
        [Part::Digits(year)] if year.len() == 4 => make(year, None, None),
        [Part::Digits(year), month] if year.len() == 4 => make(year, Some(*month), None),
        [month, Part::Digits(year)] if year.len() == 4 => make(year, Some(*month), None),
        [Part::Digits(year), month, day] if year.len() == 4 => make(year, Some(*month), Some(*day)),
        // A month in words says what it is, wherever it stands.
        [Part::Month(month), day, Part::Digits(year)] if year.len() == 4 => {
            make(year, Some(Part::Month(*month)), Some(*day))
        }
        [day, month, Part::Digits(year)] if year.len() == 4 => make(year, Some(*month), Some(*day)),
        [.., Part::Digits(year)] if year.len() <= 2 && parts.len() > 1 => Err(TypedValueError::TwoDigitYear),
        _ => Err(TypedValueError::NotADate),
    }
}

/// Eight digits: year first or day first. Never both: the month of the one would be the century of the other.
fn read_run(run: &str) -> Result<PartialDate, TypedValueError> {
    let year_first = (&run[..4], &run[4..6], &run[6..]);
    let day_first = (&run[4..], &run[2..4], &run[..2]);
    let read = |(year, month, day)| make(year, Some(Part::Digits(month)), Some(Part::Digits(day)));
    match (read(year_first), read(day_first)) {
        (Ok(date), _) | (_, Ok(date)) => Ok(date),
        (Err(TypedValueError::YearOutOfRange), Err(fault)) | (Err(fault), Err(_)) => Err(fault),
    }
}

fn make(year: &str, month: Option<Part<'_>>, day: Option<Part<'_>>) -> Result<PartialDate, TypedValueError> {
    let year: u16 = year.parse().map_err(|_| TypedValueError::NotADate)?;
    if !YEARS.contains(&year) {
        return Err(TypedValueError::YearOutOfRange);
    }
    let number = |part: Part<'_>| match part {
        Part::Unknown => Ok(None),
        Part::Month(month) => Ok(Some(month)),
        Part::Digits(digits) if digits.len() <= 2 => digits.parse().map(Some).map_err(|_| TypedValueError::NotADate),
        Part::Digits(_) => Err(TypedValueError::NotADate),
    };
    let month = month.map(number).transpose()?.flatten();
    if matches!(day, Some(Part::Month(_))) {
        return Err(TypedValueError::NotADate);
    }
    let day = day.map(number).transpose()?.flatten();
    if month.is_none() && day.is_some() {
        return Err(TypedValueError::DayWithoutMonth);
    }
    PartialDate::new(year, month, day).ok_or(TypedValueError::NoSuchDate)
}

/// Splits at blanks and signs, and between digits and letters; none when a word is not known or there are too many.
fn split(text: &str) -> Option<Vec<Part<'_>>> {
    let is_separator = |c: char| c.is_whitespace() || matches!(c, '/' | '.' | '-' | ',' | '年' | '月' | '日' | '号');
    let mut parts = Vec::new();
    for word in text.split(is_separator).filter(|word| !word.is_empty()) {
        let mut rest = word;
        while let Some(first) = rest.chars().next() {
            let digits = first.is_ascii_digit();
            let end = rest.find(|c: char| c.is_ascii_digit() != digits).unwrap_or(rest.len());
            let (run, after) = rest.split_at(end);
            let ordinal =
                !digits && matches!(run.to_lowercase().as_str(), "st" | "nd" | "rd" | "th") && !parts.is_empty();
            if !ordinal {
                parts.push(if digits { Part::Digits(run) } else { named(run)? });
            }
            rest = after;
        }
        if parts.len() > 3 {
            return None;
        }
    }
    Some(parts)
}

fn named(word: &str) -> Option<Part<'static>> {
    const ENGLISH: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    const CHINESE: [&str; 12] = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"];
    let word = word.to_lowercase();
    if matches!(word.as_str(), "un" | "unk" | "uk" | "nk" | "x" | "xx" | "xxx" | "?" | "??" | "未知" | "不详" | "不明")
    {
        return Some(Part::Unknown);
    }
    let english =
        |name: &&str| word.len() >= 3 && name.starts_with(&word) || (word == "sept" && name.starts_with("sep"));
    let place = ENGLISH.iter().position(english).or_else(|| CHINESE.iter().position(|name| *name == word))?;
    u8::try_from(place + 1).ok().map(Part::Month)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn dates_are_typed_freely() {
        let cases = [
            ("12 3 2024", "2024-03-12"),
            ("12/3/2024", "2024-03-12"),
            ("3/4/2024", "2024-04-03"),
            ("12.03.2024", "2024-03-12"),
            ("2024-03-12", "2024-03-12"),
            ("2024/3/12", "2024-03-12"),
            ("12 mar 2024", "2024-03-12"),
            ("12mar2024", "2024-03-12"),
            ("March 12th, 2024", "2024-03-12"),
            ("mar 2024", "2024-03"),
            ("sept 2024", "2024-09"),
            ("un/mar/2024", "2024-03"),
            ("UN/UNK/2024", "2024"),
            ("2024", "2024"),
            ("2024-03", "2024-03"),
            ("3 2024", "2024-03"),
            ("03/2024", "2024-03"),
            ("2024年3月12日", "2024-03-12"),
            ("2024年3月", "2024-03"),
            ("2024年", "2024"),
            ("2024年十二月", "2024-12"),
            ("2024年3月不详", "2024-03"),
            ("20240312", "2024-03-12"),
            ("12032024", "2024-03-12"),
            ("29 2 2024", "2024-02-29"),
        ];
        for (typed, stored) in cases {
            assert_eq!(read(typed).map(|date| date.to_string()).as_deref(), Ok(stored), "{typed}");
        }
    }

    #[test]
    fn what_could_mean_two_things_or_none_is_refused() {
        let cases = [
            ("12/3/24", TypedValueError::TwoDigitYear),
            ("mar 24", TypedValueError::TwoDigitYear),
            ("29 2 2023", TypedValueError::NoSuchDate),
            ("12/13/2024", TypedValueError::NoSuchDate),
            ("12/un/2024", TypedValueError::DayWithoutMonth),
            ("1 1 0202", TypedValueError::YearOutOfRange),
            ("12 mar", TypedValueError::NotADate),
            ("12", TypedValueError::NotADate),
            ("soon", TypedValueError::NotADate),
            ("12 foo 2024", TypedValueError::NotADate),
            ("1 2 3 2024", TypedValueError::NotADate),
            ("2024 12 mar", TypedValueError::NotADate),
            ("ma 2024", TypedValueError::NotADate),
            ("31 4 2024", TypedValueError::NoSuchDate),
        ];
        for (typed, fault) in cases {
            assert_eq!(read(typed), Err(fault), "{typed}");
        }
    }

    proptest! {
        #[test]
        fn every_stored_date_can_be_typed(days in -60_000i32..80_000, precision in 0u8..3) {
            let date = PartialDate::from_day_number(days).expect("in the calendar");
            let cut = PartialDate::new(date.year(), date.month().filter(|_| precision > 0), date.day().filter(|_| precision > 1));
            let cut = cut.expect("a date cut off is a date");
            prop_assert_eq!(read(&cut.to_string()), Ok(cut));
        }

        #[test]
        fn eight_digits_mean_one_date(days in -60_000i32..80_000) {
            let date = PartialDate::from_day_number(days).expect("in the calendar");
            let (year, month, day) = (date.year(), date.month().unwrap_or(0), date.day().unwrap_or(0));
            prop_assert_eq!(read(&format!("{year:04}{month:02}{day:02}")), Ok(date));
            prop_assert_eq!(read(&format!("{day:02}{month:02}{year:04}")), Ok(date));
        }

        #[test]
        fn nothing_typed_panics(text in "\\PC{0,20}|[-0-9/. a-z年月日]{0,14}") {
            let _ = read(&text);
        }
    }
}
