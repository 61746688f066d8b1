//! Range checks by comparison: exact, aware of units, silent where something is missing or not convertible.

use super::answers::Answer;
use super::eval::{Input, meaning};
use super::item_info::ItemInfo;
use super::node::Read;
use super::value::Val;
use crate::value::{Comparison, Truth, Value};
use crate::{CellKey, Check, Comparator, Oid};
use std::sync::Arc;

/// A comparison with constants.
#[derive(Debug)]
pub(super) struct Comparing {
    comparator: Comparator,
    /// As the study file gives them.
    values: Vec<Value>,
    /// Unit of the values; none for the standard unit.
    unit: Option<Oid>,
    pub item: Arc<ItemInfo>,
    pub read: Read,
}

impl Comparing {
    /// The comparison of a check, where it has one.
    ///
    /// # Errors
    /// When a constant is no value of the item's type, or there are too many or too few.
    pub fn of(check: &Check, item: &Arc<ItemInfo>, read: Read) -> Result<Option<Self>, String> {
        let Some(comparator) = check.comparator else { return Ok(None) };
        if check.values.is_empty() {
            return if check.expressions.is_empty() { Err("compares with nothing".to_owned()) } else { Ok(None) };
        }
        let is_list = matches!(comparator, Comparator::In | Comparator::NotIn);
        if !is_list && check.values.len() > 1 {
            return Err("compares with several values; only IN and NOTIN do".to_owned());
        }
        let mut values = Vec::with_capacity(check.values.len());
        for text in &check.values {
            let value = item.kind.read(text.trim()).map_err(|fault| format!("compares with `{text}`: {fault}"))?;
            values.push(value);
        }
        Ok(Some(Self { comparator, values, unit: check.unit.clone(), item: item.clone(), read }))
    }

    /// Whether the answer is well.
    pub fn holds(&self, answer: Option<Answer<'_>>) -> Truth {
        let Some(answer) = answer else { return Truth::Unknown };
        let same_unit = answer.unit == self.unit;
        // In one unit nothing needs to be converted, not even where no factor is known.
        let unit = if same_unit { None } else { answer.unit.as_ref() };
        let value = meaning(answer.value, unit, &self.item);
        let ask = |question| {
            self.values.first().map_or(Truth::Unknown, |limit| value.compare(question, &self.limit(limit, same_unit)))
        };
        match self.comparator {
            Comparator::Lt => ask(Comparison::Less),
            Comparator::Le => ask(Comparison::AtMost),
            Comparator::Gt => ask(Comparison::Greater),
            Comparator::Ge => ask(Comparison::AtLeast),
            Comparator::Eq => ask(Comparison::Equal),
            Comparator::Ne => ask(Comparison::Unequal),
            Comparator::In => self.is_one(&value, same_unit),
            Comparator::NotIn => self.is_one(&value, same_unit).negate(),
        }
    }

    /// What was compared: in the standard unit, or in its own where there is no factor.
    pub fn input(&self, place: &CellKey, answer: Option<Answer<'_>>) -> Input {
        let (value, unit) = match answer {
            None => (None, None),
            Some(answer) => {
                let unit = answer.unit.clone().filter(|unit| self.item.factor(Some(unit)).is_none());
                let from = if unit.is_some() { None } else { answer.unit.as_ref() };
                (meaning(answer.value, from, &self.item).to_value(), unit)
            }
        };
        Input { place: place.clone(), name: self.item.name.clone(), value, unit }
    }

    fn limit(&self, limit: &Value, same_unit: bool) -> Val<'_> {
        let unit = if same_unit { None } else { self.unit.as_ref() };
        match limit {
            Value::Number(_) => meaning(limit.stored().into(), unit, &self.item),
            other => Val::of(other.clone()),
        }
    }

    fn is_one(&self, value: &Val<'_>, same_unit: bool) -> Truth {
        let equal = |limit: &Value| value.compare(Comparison::Equal, &self.limit(limit, same_unit));
        self.values.iter().fold(Truth::No, |any, limit| any.or(equal(limit)))
    }
}
