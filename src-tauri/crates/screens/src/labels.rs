//! The study's words in the window's language: titles, values, ranges.

use rust_decimal::Decimal;
use study::value::display;
use study::{Comparator, EventDef, EventKey, ItemDef, Oid, Severity, Study};

/// Significant digits of a converted value beside a field: enough to compare, few enough to read.
const CONVERTED_DIGITS: u32 = 3;

/// The title of an event; where it may take place several times, with its number. A title may say where the number
/// goes: `Cycle {n}`, or `Cycle {n+1}` where the first repeat is the second cycle.
pub fn event_title(study: &Study, key: &EventKey, lang: &str) -> String {
    match study.events.get(&key.event) {
        Some(event) => numbered(event.title(lang), event, key),
        None => key.event.to_string(),
    }
}

/// The short label of an event, `TA 2`.
pub fn event_label(study: &Study, key: &EventKey) -> String {
    match study.events.get(&key.event) {
        Some(event) => numbered(&event.name, event, key),
        None => key.event.to_string(),
    }
}

fn numbered(title: &str, event: &EventDef, key: &EventKey) -> String {
    let next = key.repeat.number().map_or_else(|| key.repeat.to_string(), |n| (n + 1).to_string());
    if title.contains("{n}") || title.contains("{n+1}") {
        title.replace("{n+1}", &next).replace("{n}", &key.repeat)
    } else if event.repeating {
        format!("{title} {}", key.repeat)
    } else {
        title.to_owned()
    }
}

/// A form's title.
pub fn form_title(study: &Study, form: &str, lang: &str) -> String {
    study.forms.get(form).map_or_else(|| form.to_owned(), |form| form.title(lang).to_owned())
}

/// A stored value as a person reads it: codes by their label, dates in words, numbers with their digits.
pub fn value(study: &Study, item: &ItemDef, stored: &str, lang: &str) -> String {
    if let Some(choice) = study.codelist_of(item).and_then(|list| list.choice(stored)) {
        return choice.label(lang).to_owned();
    }
    match item.kind.read(stored) {
        Ok(value) => display(&value, lang),
        // What an older version of the study allowed stays readable.
        Err(_) => stored.to_owned(),
    }
}

/// The symbol of a unit, or nothing.
pub fn unit(study: &Study, unit: Option<&Oid>, lang: &str) -> String {
    unit.and_then(|oid| study.units.get(oid)).map(|unit| unit.symbol(lang).to_owned()).unwrap_or_default()
}

/// A decimal with few significant digits.
pub fn shortened(value: Decimal) -> Decimal {
    value.round_sf(CONVERTED_DIGITS).unwrap_or(value).normalize()
}

/// Lower and upper limit of the item's soft checks (of its hard ones where there are no soft ones), in the standard unit.
pub fn limits(item: &ItemDef) -> (Option<String>, Option<String>) {
    let bound = |severity: Severity, kinds: [Comparator; 2]| {
        item.checks
            .iter()
            .filter(|check| {
                check.severity == severity && check.unit.as_ref().is_none_or(|unit| Some(unit) == item.standard_unit())
            })
            .find(|check| check.comparator.is_some_and(|comparator| kinds.contains(&comparator)))
            .and_then(|check| check.values.first().cloned())
    };
    let both = |severity| {
        (bound(severity, [Comparator::Ge, Comparator::Gt]), bound(severity, [Comparator::Le, Comparator::Lt]))
    };
    match both(Severity::Soft) {
        (None, None) => both(Severity::Hard),
        soft => soft,
    }
}

/// The limits in words, `57–97 µmol/L`, `≤ 51 µmol/L`, or nothing.
pub fn range(study: &Study, item: &ItemDef, lang: &str) -> String {
    if !item.kind.is_numeric() {
        return String::new();
    }
    let numbers = match limits(item) {
        (Some(low), Some(high)) => format!("{low}–{high}"),
        (Some(low), None) => format!("≥ {low}"),
        (None, Some(high)) => format!("≤ {high}"),
        (None, None) => return String::new(),
    };
    format!("{numbers} {}", unit(study, item.standard_unit(), lang)).trim_end().to_owned()
}
