//! What rules have to say: derived values with their trace, and findings in words.

use super::eval::Input;
use super::rule::StoredAs;
use super::value::Val;
use crate::value::{MOST_DIGITS, Value, display};
use crate::{CellKey, ItemKind, MetaDataVersion, Oid, Severity, Text};
use rust_decimal::{Decimal, RoundingStrategy};
use std::sync::Arc;

/// Digits after the point that a derived number keeps where its item does not say.
const KEPT: u32 = 12;

/// A derived value and how it came about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Derived {
    /// The text to store; none while something is missing.
    pub value: Option<String>,
    /// The cells that were looked at, each once, in the order in which the expression names them.
    pub inputs: Vec<Input>,
    /// OID of the method.
    pub rule: Oid,
    pub(super) formula: Text,
    pub(super) text: Arc<str>,
}

impl Derived {
    /// How the value came about, in words: the formula, what went into it, and what it waits for.
    pub fn trace(&self, study: &MetaDataVersion, language: &str) -> String {
        let formula = if self.formula.is_empty() { &*self.text } else { self.formula.get(language) };
        let used: Vec<String> = self
            .inputs
            .iter()
            .filter_map(|input| Some(format!("{} {}", input.label(study, language), input.shown(study, language)?)))
            .collect();
        let mut waiting: Vec<&str> = Vec::new();
        for input in self.inputs.iter().filter(|input| input.value.is_none()) {
            let label = input.label(study, language);
            if !waiting.contains(&label) {
                waiting.push(label);
            }
        }
        let chinese = language.split('-').next() == Some("zh");
        let (comma, semicolon, waits) = if chinese { ("，", "；", "等待：") } else { (", ", "; ", "waits for ") };
        let mut parts = vec![formula.to_owned()];
        if !used.is_empty() {
            parts.push(used.join(comma));
        }
        if self.value.is_none() && !waiting.is_empty() {
            parts.push(format!("{waits}{}", waiting.join(comma)));
        }
        parts.join(semicolon)
    }
}

impl Input {
    /// The value in words: a code by its label, a number with its unit. None where there is none.
    pub fn shown(&self, study: &MetaDataVersion, language: &str) -> Option<String> {
        let value = self.value.as_ref()?;
        let words = display(value, language);
        let Some(item) = study.items.get(&self.place.item) else { return Some(words) };
        if let Some(choice) = study.codelist_of(item).and_then(|list| list.choice(&value.stored())) {
            return Some(choice.label(language).to_owned());
        }
        let unit = self.unit.as_ref().or(item.standard_unit()).and_then(|unit| study.units.get(unit));
        match (value, unit) {
            (Value::Number(_), Some(unit)) => Some(format!("{words} {}", unit.symbol(language))),
            _ => Some(words),
        }
    }

    /// The question in `language` where it is short, else the name in rules.
    pub fn label<'a>(&'a self, study: &'a MetaDataVersion, language: &str) -> &'a str {
        let question = study.items.get(&self.place.item).map(|item| item.question(language));
        question.filter(|question| !question.is_empty() && question.chars().count() <= 40).unwrap_or(&self.name)
    }
}

/// A check that is not met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Id of the check that is not met: `<item>#<n>`.
    pub rule: Oid,
    /// What an unmet check means for the form.
    pub severity: Severity,
    /// What is said, perhaps with places for operands (`{SYSBP}`).
    pub message: Text,
    /// Key of the cell.
    pub place: CellKey,
    /// The cells that were looked at. A person's confirmation holds for these values.
    pub inputs: Vec<Input>,
    /// What surveys said, by the names of their functions.
    pub said: Vec<(Arc<str>, Text)>,
    /// Whether the dates of events had a say, too.
    pub dated: bool,
}

impl Found {
    /// The message in `language` with the operands' values in it.
    pub fn words(&self, study: &MetaDataVersion, language: &str) -> String {
        let template = self.message.get(language);
        let mut words = String::with_capacity(template.len());
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            words.push_str(before);
            let filled =
                after.split_once('}').and_then(|(name, tail)| Some((self.operand(study, name, language)?, tail)));
            match filled {
                Some((value, tail)) => {
                    words.push_str(&value);
                    rest = tail;
                }
                None => {
                    words.push('{');
                    rest = after;
                }
            }
        }
        words.push_str(rest);
        words
    }

    fn operand(&self, study: &MetaDataVersion, name: &str, language: &str) -> Option<String> {
        if let Some((_, words)) = self.said.iter().find(|(known, _)| **known == *name) {
            return Some(words.get(language).to_owned());
        }
        let short = name.rsplit('.').next().unwrap_or(name);
        let input = self.inputs.iter().find(|input| *input.name == *short)?;
        Some(input.shown(study, language).unwrap_or_else(|| "–".to_owned()))
    }
}

/// The text that a derived item stores: numbers to the digits that the item asks for, halves away from zero.
pub(super) fn stored(value: &Val<'_>, stored_as: StoredAs) -> Option<String> {
    let StoredAs { kind, digits } = stored_as;
    match value.to_value()? {
        Value::Number(number) if kind.is_numeric() => {
            let mut number = number;
            number.decimal = fit(number.decimal, if kind == ItemKind::Integer { Some(0) } else { digits })?;
            Some(number.to_string())
        }
        Value::DateTime(moment) if kind.is_date() => Some(moment.date().to_string()),
        value => {
            let text = value.stored();
            kind.read(&text).is_ok().then_some(text)
        }
    }
}

fn fit(decimal: Decimal, digits: Option<u32>) -> Option<Decimal> {
    let round = |places| decimal.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero);
    let mut fitted = match digits {
        None => round(KEPT).normalize(),
        Some(places) => {
            let mut rounded = round(places);
            rounded.rescale(places);
            rounded
        }
    };
    if fitted.is_zero() {
        fitted.set_sign_positive(true);
    }
    let plain = fitted.to_string();
    let count = plain.bytes().filter(u8::is_ascii_digit).count();
    (count <= MOST_DIGITS).then_some(fitted)
}
