//! Times, and dates with times, as people write them.

use super::{TypedValueError, dates};
use crate::value::{PartialDateTime, Time};

/// The time, where hour and minute are known.
pub(super) fn whole(time: Time) -> Result<Time, TypedValueError> {
    if time.is_whole() { Ok(time) } else { Err(TypedValueError::TimeNotWhole) }
}

/// Reads `14:05`, `1405`, `14.05`, `2:05 pm`, `下午2点05分`, `14`.
pub(super) fn read(text: &str) -> Result<Time, TypedValueError> {
    if let Ok(time) = text.parse() {
        return Ok(time);
    }
    let lower = text.to_lowercase();
    let (half, clock) = split_half(lower.trim());
    let clock = clock.trim();
    let parts: Vec<&str> =
        clock.split([':', '.', 'h', '点', '时', '分', '秒']).map(str::trim).filter(|part| !part.is_empty()).collect();
    let number = |part: &str| {
        let short = part.len() <= 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        if short { part.parse::<u8>().map_err(|_| TypedValueError::NotATime) } else { Err(TypedValueError::NotATime) }
    };
    let (hour, minute, second) = match parts.as_slice() {
        [run] if run.len() == 4 && run.is_ascii() => (number(&run[..2])?, Some(number(&run[2..])?), None),
        [hour] => (number(hour)?, None, None),
        [hour, minute] => (number(hour)?, Some(number(minute)?), None),
        [hour, minute, second] => (number(hour)?, Some(number(minute)?), Some(number(second)?)),
        _ => return Err(TypedValueError::NotATime),
    };
    let hour = match half {
        None => hour,
        Some(_) if !(1..=12).contains(&hour) => return Err(TypedValueError::NotATime),
        Some(Half::Morning) => hour % 12,
        Some(Half::Afternoon) => hour % 12 + 12,
    };
    Time::new(hour, minute, second).ok_or(TypedValueError::NotATime)
}

#[derive(Clone, Copy)]
enum Half {
    Morning,
    Afternoon,
}

fn split_half(text: &str) -> (Option<Half>, &str) {
    let marks = [("am", Half::Morning), ("a.m.", Half::Morning), ("pm", Half::Afternoon), ("p.m.", Half::Afternoon)];
    if let Some((clock, half)) =
        marks.into_iter().find_map(|(mark, half)| text.strip_suffix(mark).map(|clock| (clock, half)))
    {
        return (Some(half), clock);
    }
    let marks = [("上午", Half::Morning), ("下午", Half::Afternoon), ("晚上", Half::Afternoon)];
    let found = marks.into_iter().find_map(|(mark, half)| text.strip_prefix(mark).map(|clock| (clock, half)));
    found.map_or((None, text), |(clock, half)| (Some(half), clock))
}

/// Reads a date followed by a time (`12 3 2024 14:05`, `2024-03-12T14:05`), or a date alone.
pub(super) fn read_moment(text: &str) -> Result<PartialDateTime, TypedValueError> {
    let breaks = text.char_indices().filter_map(|(at, c)| match c {
        'T' | 't' | ',' => Some((at, at + c.len_utf8())),
        '日' => Some((at + c.len_utf8(), at + c.len_utf8())),
        _ if c.is_whitespace() => Some((at, at + c.len_utf8())),
        _ => None,
    });
    for (end, start) in breaks {
        let (Some(left), Some(right)) = (text.get(..end), text.get(start..)) else { continue };
        if let (Ok(date), Ok(time)) = (dates::read(left), read(right.trim()))
            && let Some(moment) = PartialDateTime::new(date, Some(time))
        {
            return Ok(moment);
        }
    }
    let date = dates::read(text)?;
    PartialDateTime::new(date, None).ok_or(TypedValueError::NotADate)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn times_are_typed_freely() {
        let cases = [
            ("14:05", "14:05"),
            ("9:05", "09:05"),
            ("1405", "14:05"),
            ("14.05", "14:05"),
            ("14h05", "14:05"),
            ("2:05 pm", "14:05"),
            ("12:05 am", "00:05"),
            ("12 pm", "12"),
            ("14点05分", "14:05"),
            ("下午2点05分", "14:05"),
            ("14", "14"),
            ("14:05:30", "14:05:30"),
        ];
        for (typed, stored) in cases {
            assert_eq!(read(typed).map(|time| time.to_string()).as_deref(), Ok(stored), "{typed}");
        }
        for typed in ["24:00", "14:60", "13 pm", "0 am", "noon", "", "140", "1:2:3:4", "一点"] {
            assert_eq!(read(typed), Err(TypedValueError::NotATime), "{typed}");
        }
    }

    #[test]
    fn moments_are_a_date_and_a_time() {
        let cases = [
            ("12 3 2024 14:05", "2024-03-12T14:05"),
            ("2024-03-12T14:05", "2024-03-12T14:05"),
            ("2024-03-12T14:05:30+08:00", "2024-03-12T14:05:30+08:00"),
            ("12 oct 2024 2:05 pm", "2024-10-12T14:05"),
            ("2024年3月12日14:05", "2024-03-12T14:05"),
            ("2024年3月12日 下午2点05分", "2024-03-12T14:05"),
            ("12 3 2024", "2024-03-12"),
            ("2024 3 12", "2024-03-12"),
            ("mar 2024", "2024-03"),
            ("12 mar 2024 14", "2024-03-12T14"),
            ("2024", "2024"),
        ];
        for (typed, stored) in cases {
            assert_eq!(read_moment(typed).map(|moment| moment.to_string()).as_deref(), Ok(stored), "{typed}");
        }
        assert!(read_moment("mar 2024 14:05").is_err());
    }

    proptest! {
        #[test]
        fn nothing_typed_panics(text in "\\PC{0,20}|[-0-9/.: a-zT年月日点]{0,18}") {
            let _ = read_moment(&text);
            let _ = read(&text);
        }
    }
}
