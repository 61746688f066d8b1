//! Calculators that need no center: grades, responses, and the sheet of constants.

pub mod constants;
pub mod grade;
pub mod recist;

/// A number as people write it. The library would also read `1_30`, a slip for 1.30 as likely as for 130.
fn number(text: &str) -> Option<rust_decimal::Decimal> {
    if text.contains('_') { None } else { text.parse().ok() }
}
