//! Exact decimal numbers, with the qualifier that laboratories print before them.

use super::ValueError;
use super::truth::{Comparison, Interval, Truth};
use crate::Qualifier;
use rust_decimal::Decimal;
use std::fmt;

/// Splits the qualifier from the text after it; `=` is none.
pub(crate) fn split_qualifier(text: &str) -> (Option<Qualifier>, &str) {
    let signs = [
        ("<=", Some(Qualifier::AtMost)),
        (">=", Some(Qualifier::AtLeast)),
        ("<", Some(Qualifier::Less)),
        (">", Some(Qualifier::Greater)),
        ("=", None),
    ];
    signs
        .into_iter()
        .find_map(|(sign, qualifier)| text.strip_prefix(sign).map(|rest| (qualifier, rest)))
        .unwrap_or((None, text))
}

/// A number as it was recorded: its digits keep the precision that was typed (`4.50` is not `4.5`).
///
/// Two numbers are `==` when qualifier and value are; whether `<5` *may be* 3 is asked with [`Number::compare`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Number {
    /// The number as typed, with its trailing zeros.
    pub decimal: Decimal,
    /// What stands before them; none for the number itself.
    pub qualifier: Option<Qualifier>,
}

impl Number {
    /// A number without a qualifier.
    pub fn exact(decimal: Decimal) -> Self {
        Self { decimal, qualifier: None }
    }

    /// The decimal, where the number is exact.
    pub fn as_exact(&self) -> Option<Decimal> {
        self.qualifier.is_none().then_some(self.decimal)
    }

    /// Reads stored text: `-4.50`, `<20`, `>=1210`. At most 28 digits.
    pub fn read(stored: &str) -> Result<Self, ValueError> {
        if stored.starts_with('=') {
            return Err(ValueError::Number);
        }
        let (qualifier, digits) = split_qualifier(stored);
        Ok(Self { decimal: read_decimal(digits)?, qualifier })
    }

    /// Asks a question about two numbers; `<20` stands for every number below 20.
    pub fn compare(&self, question: Comparison, other: &Self) -> Truth {
        if let (Some(a), Some(b)) = (self.as_exact(), other.as_exact()) {
            return Truth::from(question.of(a.cmp(&b)));
        }
        self.interval().compare(question, &other.interval())
    }

    fn interval(&self) -> Interval<Decimal> {
        let end = |inclusive| Some((self.decimal, inclusive));
        match self.qualifier {
            None => Interval::point(self.decimal),
            Some(Qualifier::Less) => Interval { low: None, high: end(false) },
            Some(Qualifier::AtMost) => Interval { low: None, high: end(true) },
            Some(Qualifier::Greater) => Interval { low: end(false), high: None },
            Some(Qualifier::AtLeast) => Interval { low: end(true), high: None },
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.qualifier.map_or("", Qualifier::sign), self.decimal)
    }
}

/// Most digits a number may have; more would not be exact.
pub const MOST_DIGITS: usize = 28;

/// Reads plain decimal digits (`-12.50`): a digit before and after the point, no exponent, no needless leading zero.
pub fn read_decimal(text: &str) -> Result<Decimal, ValueError> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(whole, fraction)| (whole, Some(fraction)));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !all_digits(whole) || fraction.is_some_and(|part| !all_digits(part)) {
        return Err(ValueError::Number);
    }
    if whole.len() + fraction.map_or(0, str::len) > MOST_DIGITS {
        return Err(ValueError::TooManyDigits);
    }
    if whole.len() > 1 && whole.starts_with('0') {
        return Err(ValueError::Number);
    }
    let decimal = Decimal::from_str_exact(text).map_err(|_| ValueError::TooManyDigits)?;
    if decimal.is_zero() && text.starts_with('-') { Err(ValueError::Number) } else { Ok(decimal) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn number(text: &str) -> Number {
        Number::read(text).expect("a number")
    }

    #[test]
    fn precision_is_kept() {
        for text in ["4.50", "0", "0.0", "-3.10", "<20", ">=1210", "1234567890123456789012345678"] {
            assert_eq!(number(text).to_string(), text);
        }
    }

    #[test]
    fn what_is_not_exact_or_not_canonical_is_refused() {
        for text in
            ["", "-", ".5", "5.", "1e3", "+1", "007", "-0", "-0.00", " 1", "1,5", "1_000", "=5", "<", "<<5", "٣", "NaN"]
        {
            assert_eq!(Number::read(text), Err(ValueError::Number), "{text}");
        }
        for text in ["12345678901234567890123456789", "0.1234567890123456789012345678"] {
            assert_eq!(Number::read(text), Err(ValueError::TooManyDigits), "{text}");
        }
    }

    #[test]
    fn qualified_numbers_are_intervals() {
        let ask = |a: &str, question, b: &str| number(a).compare(question, &number(b));
        assert_eq!(ask("<20", Comparison::Less, "20"), Truth::Yes);
        assert_eq!(ask("<20", Comparison::Less, "19"), Truth::Unknown);
        assert_eq!(ask("<20", Comparison::Greater, "20"), Truth::No);
        assert_eq!(ask(">1210", Comparison::Greater, "1000"), Truth::Yes);
        assert_eq!(ask("<=20", Comparison::AtMost, "20"), Truth::Yes);
        assert_eq!(ask("<=20", Comparison::Less, "20"), Truth::Unknown);
        assert_eq!(ask("<20", Comparison::Equal, "20"), Truth::No);
        assert_eq!(ask("<20", Comparison::Equal, "<20"), Truth::Unknown);
        assert_eq!(ask("<20", Comparison::Less, ">30"), Truth::Yes);
        assert_eq!(ask("4.50", Comparison::Equal, "4.5"), Truth::Yes);
    }

    proptest! {
        #[test]
        fn exact_comparison_agrees_with_integers(a in -1_000_000i64..1_000_000, b in -1_000_000i64..1_000_000, scale in 0u32..6) {
            let (x, y) = (Number::exact(Decimal::new(a, scale)), Number::exact(Decimal::new(b, scale)));
            prop_assert_eq!(x.compare(Comparison::Less, &y), Truth::from(a < b));
            prop_assert_eq!(x.compare(Comparison::Equal, &y), Truth::from(a == b));
        }

        #[test]
        fn stored_text_survives(text in "(<|>|<=|>=)?(-[1-9]|[1-9])[0-9]{0,10}(\\.[0-9]{1,10})?") {
            prop_assert_eq!(number(&text).to_string(), text);
        }
    }
}
