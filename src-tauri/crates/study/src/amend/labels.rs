//! Differences in words, for the command line and the log. A window speaks its own language from the codes.

use super::difference::{Difference, Fate, Part};
use crate::{Check, Comparator, EventDef, Expression, Text};
use std::fmt;

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.part.code(), self.oid)?;
        let title = self.title.get("en");
        if !title.is_empty() {
            write!(f, " \"{title}\"")?;
        }
        if let Some(within) = &self.within {
            write!(f, " in {within}")?;
        }
        let fate = match (self.fate, self.part) {
            (Fate::Added, _) => "is new",
            (Fate::Retired, Part::Code) => "is offered no longer; recorded values stay",
            (Fate::Retired, Part::Form | Part::Group | Part::Item | Part::Event) => {
                "is asked no longer; recorded values stay"
            }
            (Fate::Retired, _) => "is gone",
            (Fate::Required, _) => "must now be answered",
            (Fate::Optional, _) => "need not be answered any more",
            (Fate::Renamed, _) => "goes by another code",
            (Fate::Reworded, _) => "is worded otherwise",
            (Fate::Rescheduled, _) => "is planned otherwise",
            (Fate::Changed, _) => "is changed",
        };
        write!(f, ": {fate}")?;
        match (self.was.get("en"), self.now.get("en")) {
            ("", "") => Ok(()),
            ("", now) => write!(f, ": {now}"),
            (was, "") => write!(f, " (was: {was})"),
            (was, now) => write!(f, ": {was} → {now}"),
        }
    }
}

/// The days of an event: `day 42 −3 +3 from SE.C1D1, every 42`.
pub(crate) fn plan(event: &EventDef) -> Text {
    use crate::Anchor;
    let Some(timing) = &event.timing else { return Text::default() };
    let anchor = match &timing.anchor {
        Anchor::Event(event) => event.to_string(),
        Anchor::Item { item, .. } => item.to_string(),
    };
    let (offset, before, after) = (timing.offset_days, timing.before_days, timing.after_days);
    let mut text = format!("{anchor} {offset:+} d [\u{2212}{before}, +{after}]");
    if let Some(repeat) = &timing.repeat {
        text.push_str(&format!(", / {} d", repeat.every_days));
        if let Some(max) = repeat.max {
            text.push_str(&format!(" × {max}"));
        }
        if let Some(until) = &repeat.until {
            text.push_str(&format!(", until {}", until.text.trim()));
        }
    }
    super::difference::plain(text)
}

/// What a check demands.
pub(crate) fn check(check: &Check) -> String {
    let sign = match check.comparator {
        Some(Comparator::Lt) => "<",
        Some(Comparator::Le) => "≤",
        Some(Comparator::Gt) => ">",
        Some(Comparator::Ge) => "≥",
        Some(Comparator::Eq) => "=",
        Some(Comparator::Ne) => "≠",
        Some(Comparator::In) => "∈",
        Some(Comparator::NotIn) => "∉",
        None => "",
    };
    let compared = format!("{sign} {}", check.values.join(", "));
    let unit = check.unit.as_ref().map(|unit| format!(" {unit}")).unwrap_or_default();
    let told = expressions(&check.expressions);
    format!("{} {unit}{told}", compared.trim()).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The expressions of a rule, one after another.
pub(crate) fn expressions(expressions: &[Expression]) -> String {
    let texts = expressions.iter().map(|one| one.text.split_whitespace().collect::<Vec<_>>().join(" "));
    texts.collect::<Vec<_>>().join("; ")
}
