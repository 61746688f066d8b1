//! Sizes: whole tenths of a millimetre, so that no limit can turn on a binary rounding error.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use std::fmt;
use std::iter::Sum;

/// A diameter, a short axis, or a sum of them, in tenths of a millimetre.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tenths(u32);

/// No lesion is larger: two metres. It keeps every sum far from overflow.
const LARGEST: u32 = 20_000;

impl Tenths {
    /// A sum of no lesions, or of lesions that are gone.
    pub const ZERO: Self = Self(0);

    /// Whole millimetres.
    pub const fn mm(millimetres: u32) -> Self {
        Self(millimetres.saturating_mul(10))
    }

    /// Tenths of a millimetre.
    pub const fn new(tenths: u32) -> Self {
        Self(tenths)
    }

    /// The millimetres of a decimal; none below zero, above two metres, or finer than a tenth.
    pub fn from_mm(millimetres: Decimal) -> Option<Self> {
        let tenths = millimetres.checked_mul(Decimal::TEN)?;
        let whole = tenths.is_integer().then(|| tenths.to_u32())??;
        (whole <= LARGEST).then_some(Self(whole))
    }

    /// As tenths of a millimetre.
    pub const fn tenths(self) -> u32 {
        self.0
    }

    /// The size in millimetres.
    pub fn to_mm(self) -> Decimal {
        Decimal::new(i64::from(self.0), 1)
    }

    /// For products that must not overflow.
    pub(super) fn wide(self) -> i64 {
        i64::from(self.0)
    }
}

impl Sum for Tenths {
    fn sum<I: Iterator<Item = Self>>(sizes: I) -> Self {
        Self(sizes.fold(0, |sum, size| sum.saturating_add(size.0)))
    }
}

impl fmt::Display for Tenths {
    /// Millimetres with one place: `12.0`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0 / 10, self.0 % 10)
    }
}

/// How a sum differs from an earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// Sum at the earlier assessment.
    pub from: Tenths,
    /// Sum at this assessment.
    pub to: Tenths,
}

impl Change {
    /// The difference in tenths of a millimetre, below zero when it shrank.
    pub fn tenths(self) -> i64 {
        self.to.wide() - self.from.wide()
    }

    /// The difference in millimetres.
    pub fn to_mm(self) -> Decimal {
        Decimal::new(self.tenths(), 1)
    }

    /// The difference in per cent of the earlier sum, rounded half away from zero to `places` for showing (no response is decided
    /// by it); none when that sum is zero.
    pub fn percent(self, places: u32) -> Option<Decimal> {
        let ratio = Decimal::from(self.tenths() * 100).checked_div(Decimal::from(self.from.0))?;
        Some(ratio.round_dp_with_strategy(places, rust_decimal::RoundingStrategy::MidpointAwayFromZero))
    }

    /// Whether it grew by at least this many per cent; from zero, any size has.
    pub(super) fn grew_percent(self, percent: u32) -> bool {
        100 * self.to.wide() >= (100 + i64::from(percent)) * self.from.wide()
    }

    /// Whether it shrank by at least this many per cent.
    pub(super) fn shrank_percent(self, percent: u32) -> bool {
        100 * self.to.wide() <= (100 - i64::from(percent)) * self.from.wide()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Tenths> {
        Tenths::from_mm(text.parse().expect("a decimal"))
    }

    #[test]
    fn millimetres_are_read_exactly_or_not_at_all() {
        assert_eq!(read("12"), Some(Tenths::mm(12)));
        assert_eq!(read("12.30"), Some(Tenths::new(123)));
        assert_eq!(read("0"), Some(Tenths::ZERO));
        for refused in ["-1", "12.35", "2000.1", "79228162514264337593543950335"] {
            assert_eq!(read(refused), None, "{refused}");
        }
        assert_eq!(Tenths::new(123).to_string(), "12.3");
        assert_eq!(Tenths::new(123).to_mm().to_string(), "12.3");
    }

    #[test]
    fn changes() {
        let change = Change { from: Tenths::mm(90), to: Tenths::new(1079) };
        assert_eq!(change.to_mm().to_string(), "17.9");
        assert_eq!(change.percent(2).map(|p| p.to_string()).as_deref(), Some("19.89"));
        assert!(!change.grew_percent(20));
        assert_eq!(Change { from: Tenths::ZERO, to: Tenths::mm(1) }.percent(1), None);
    }
}
