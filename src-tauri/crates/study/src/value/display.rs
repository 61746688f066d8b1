//! Values in words.

use super::Value;
use super::date::PartialDate;

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A value as a person reads it in `language`: `21 Oct 2026`, `2026年10月21日`, `Oct 2026`, `<20`, `Yes`.
///
/// Languages other than English and Chinese get ISO 8601 dates. Codes are shown by their code list, not here.
pub fn display(value: &Value, language: &str) -> String {
    match value {
        Value::Text(text) => text.to_string(),
        Value::Number(number) => match number.qualifier {
            None => number.decimal.to_string(),
            Some(crate::Qualifier::AtMost) => format!("≤{}", number.decimal),
            Some(crate::Qualifier::AtLeast) => format!("≥{}", number.decimal),
            Some(qualifier) => format!("{}{}", qualifier.sign(), number.decimal),
        },
        Value::Date(date) => date_in_words(date, language),
        Value::Time(time) => time.to_string(),
        Value::DateTime(moment) => {
            let date = date_in_words(&moment.date(), language);
            match moment.time() {
                None => date,
                Some(time) if is(language, "en") => format!("{date}, {time}"),
                Some(time) => format!("{date} {time}"),
            }
        }
        Value::Bool(value) => match (value, is(language, "zh")) {
            (true, true) => "是",
            (false, true) => "否",
            (true, false) => "Yes",
            (false, false) => "No",
        }
        .to_owned(),
    }
}

fn is(language: &str, primary: &str) -> bool {
    language.split('-').next().is_some_and(|tag| tag.eq_ignore_ascii_case(primary))
}

fn date_in_words(date: &PartialDate, language: &str) -> String {
    let (year, month, day) = (date.year(), date.month(), date.day());
    if is(language, "zh") {
        let month = month.map(|month| format!("{month}月")).unwrap_or_default();
        let day = day.map(|day| format!("{day}日")).unwrap_or_default();
        return format!("{year}年{month}{day}");
    }
    if !is(language, "en") {
        return date.to_string();
    }
    let name = month.and_then(|month| MONTHS.get(usize::from(month) - 1));
    match (name, day) {
        (Some(name), Some(day)) => format!("{day} {name} {year}"),
        (Some(name), None) => format!("{name} {year}"),
        _ => year.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ItemKind;

    #[test]
    fn each_language_has_its_words() {
        let cases = [
            (ItemKind::Date, "2026-10-21", "21 Oct 2026", "2026年10月21日"),
            (ItemKind::PartialDate, "2026-10", "Oct 2026", "2026年10月"),
            (ItemKind::PartialDate, "2026", "2026", "2026年"),
            (ItemKind::DateTime, "2026-10-21T09:05", "21 Oct 2026, 09:05", "2026年10月21日 09:05"),
            (ItemKind::Boolean, "true", "Yes", "是"),
            (ItemKind::Float, "<=4.50", "≤4.50", "≤4.50"),
        ];
        for (kind, stored, english, chinese) in cases {
            let value = kind.read(stored).expect("a value");
            assert_eq!(display(&value, "en-GB"), english);
            assert_eq!(display(&value, "zh-CN"), chinese);
        }
        assert_eq!(display(&ItemKind::Date.read("2026-10-21").expect("a date"), "fr"), "2026-10-21");
    }
}
