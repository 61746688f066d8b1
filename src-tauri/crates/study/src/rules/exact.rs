//! Arithmetic on exact decimals. Nothing here touches a binary floating-point number, so every machine gives the same
//! digits. Where a result is no decimal (roots, logarithms, quotients) it is rounded far below what any rule can see.

use rust_decimal::{Decimal, MathematicalOps, RoundingStrategy};

/// Digits after the point that logarithms, roots and broken powers keep. The series behind them are good to 24 digits.
const KEPT: u32 = 20;

/// Natural logarithms of 2 and 10, to 28 digits.
const LN_2: Decimal = Decimal::from_parts(0xAA7A_65BF, 0x81F5_2F01, 0x1665_943F, false, 28);
const LN_10: Decimal = Decimal::from_parts(0x9FA6_9733, 0x1414_B220, 0x4A66_8998, false, 28);

/// The logarithm to base ten of a positive number.
pub(super) fn log10(x: Decimal) -> Option<Decimal> {
    logarithm(x)?.checked_div(LN_10).map(rounded)
}

/// The natural logarithm of a positive number.
pub(super) fn ln(x: Decimal) -> Option<Decimal> {
    logarithm(x).map(rounded)
}

/// ln x = k·ln 2 + 2·artanh((m − 1) / (m + 1)) for x = m·2ᵏ with m near one, where the series is short.
fn logarithm(x: Decimal) -> Option<Decimal> {
    if x <= Decimal::ZERO {
        return None;
    }
    let (high, low) = (Decimal::new(15, 1), Decimal::new(75, 2));
    let (mut near, mut twos) = (x, 0i32);
    while near > high {
        near = near.checked_div(Decimal::TWO)?;
        twos += 1;
    }
    while near < low {
        near = near.checked_mul(Decimal::TWO)?;
        twos -= 1;
    }
    let ratio = near.checked_sub(Decimal::ONE)?.checked_div(near.checked_add(Decimal::ONE)?)?;
    let square = ratio.checked_mul(ratio)?;
    let (mut sum, mut power) = (Decimal::ZERO, ratio);
    for n in 0..40u32 {
        let term = power.checked_div(Decimal::from(2 * n + 1))?;
        if term.is_zero() {
            break;
        }
        sum = sum.checked_add(term)?;
        power = power.checked_mul(square)?;
    }
    LN_2.checked_mul(Decimal::from(twos))?.checked_add(sum.checked_mul(Decimal::TWO)?)
}

/// e to the power of x, as 2ᵏ·eʳ with r near zero, where the series is short.
pub(super) fn exp(x: Decimal) -> Option<Decimal> {
    let power = x.checked_div(LN_2)?.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
    let twos = i64::try_from(power).ok().filter(|twos| twos.abs() <= 95)?;
    let rest = x.checked_sub(power.checked_mul(LN_2)?)?;
    let (mut sum, mut term) = (Decimal::ONE, Decimal::ONE);
    for n in 1..40u32 {
        term = term.checked_mul(rest)?.checked_div(Decimal::from(n))?;
        if term.is_zero() {
            break;
        }
        sum = sum.checked_add(term)?;
    }
    let scale = whole_power(Decimal::TWO, twos.abs())?;
    if twos < 0 { sum.checked_div(scale) } else { sum.checked_mul(scale) }.map(rounded)
}

/// The square root of a number that is not negative.
pub(super) fn sqrt(x: Decimal) -> Option<Decimal> {
    x.sqrt().map(rounded)
}

/// The cube root.
pub(super) fn cbrt(x: Decimal) -> Option<Decimal> {
    let size = x.abs();
    if size.is_zero() {
        return Some(Decimal::ZERO);
    }
    // Newton's iteration from above falls until it can fall no further.
    let three = Decimal::from(3);
    let mut root = if size > Decimal::ONE { size } else { Decimal::ONE };
    while root > Decimal::from(10)
        && root.checked_mul(root).and_then(|square| square.checked_mul(root)).is_none_or(|cube| cube > size)
    {
        root = (root / Decimal::from(2)).max(Decimal::ONE);
    }
    root = root.checked_mul(Decimal::from(2))?;
    for _ in 0..200 {
        let quotient = size.checked_div(root)?.checked_div(root)?;
        let next = root.checked_mul(Decimal::from(2))?.checked_add(quotient)?.checked_div(three)?;
        if next >= root {
            break;
        }
        root = next;
    }
    Some(rounded(if x.is_sign_negative() { -root } else { root }))
}

/// `base` to the power of `exponent`; exact for whole exponents as long as 28 digits hold the result.
pub(super) fn pow(base: Decimal, exponent: Decimal) -> Option<Decimal> {
    if exponent.fract().is_zero() {
        let whole = i64::try_from(exponent.trunc()).ok().filter(|whole| whole.abs() <= 1000)?;
        if base.is_zero() && whole < 0 {
            return None;
        }
        return whole_power(base, whole);
    }
    if base <= Decimal::ZERO {
        return None;
    }
    exp(logarithm(base)?.checked_mul(exponent)?)
}

fn whole_power(base: Decimal, exponent: i64) -> Option<Decimal> {
    let mut result = Decimal::ONE;
    let mut square = base;
    let mut left = exponent.unsigned_abs();
    while left > 0 {
        if left & 1 == 1 {
            result = result.checked_mul(square)?;
        }
        left >>= 1;
        if left > 0 {
            square = square.checked_mul(square)?;
        }
    }
    if exponent < 0 { Decimal::ONE.checked_div(result).map(rounded) } else { Some(result) }
}

/// Rounds to `places` digits after the point, halves away from zero as hospitals do; negative places round to tens.
pub(super) fn round(x: Decimal, places: i64) -> Option<Decimal> {
    if let Ok(places) = u32::try_from(places) {
        return Some(x.round_dp_with_strategy(places.min(28), RoundingStrategy::MidpointAwayFromZero));
    }
    let unit = whole_power(Decimal::TEN, places.checked_neg().filter(|places| *places <= 28)?)?;
    let tens = x.checked_div(unit)?.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
    tens.checked_mul(unit)
}

/// A quotient; none for division by zero.
pub(super) fn divide(a: Decimal, b: Decimal) -> Option<Decimal> {
    a.checked_div(b)
}

fn rounded(x: Decimal) -> Decimal {
    x.round_dp_with_strategy(KEPT, RoundingStrategy::MidpointAwayFromZero).normalize()
}

/// The index that a decimal is, where it is a whole number that can be one.
pub(super) fn as_index(decimal: Decimal) -> Option<usize> {
    if decimal.fract().is_zero() { usize::try_from(decimal.trunc()).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().expect("a decimal")
    }

    #[test]
    fn known_digits() {
        // Reference digits: Python's decimal module at 40 digits.
        assert_eq!(log10(decimal("34.2")), Some(decimal("1.53402610605613503134")));
        assert_eq!(log10(decimal("17")), Some(decimal("1.23044892137827392854")));
        assert_eq!(log10(decimal("0.001")), Some(decimal("-3")));
        assert_eq!(LN_2.to_string(), "0.6931471805599453094172321215");
        assert_eq!(LN_10.to_string(), "2.3025850929940456840179914547");
        assert_eq!(log10(decimal("70")), Some(decimal("1.84509804001425683071")));
        assert_eq!(log10(decimal("0.0000000001")), Some(decimal("-10")));
        assert_eq!(log10(decimal("1210000000")), Some(decimal("9.08278537031645008150")));
        assert_eq!(ln(decimal("2")), Some(decimal("0.69314718055994530942")));
        assert_eq!(sqrt(decimal("3600")), Some(decimal("60")));
        assert_eq!(sqrt(decimal("2")), Some(decimal("1.41421356237309504880")));
        assert_eq!(cbrt(decimal("0.125")), Some(decimal("0.5")));
        assert_eq!(cbrt(decimal("-27")), Some(decimal("-3")));
        assert_eq!(cbrt(decimal("0.8")), Some(decimal("0.92831776672255577848")));
        assert_eq!(pow(decimal("1.1"), decimal("3")), Some(decimal("1.331")));
        assert_eq!(pow(decimal("2"), decimal("-2")), Some(decimal("0.25")));
        assert_eq!(exp(decimal("1")), Some(decimal("2.71828182845904523536")));
        assert_eq!(exp(decimal("-10.5")), Some(decimal("0.00002753644934974716")));
        assert_eq!(pow(decimal("70"), decimal("0.425")), Some(decimal("6.08368426972812011306")));
        assert_eq!(round(decimal("2.5"), 0), Some(decimal("3")));
        assert_eq!(round(decimal("-2.5"), 0), Some(decimal("-3")));
        assert_eq!(round(decimal("1.005"), 2), Some(decimal("1.01")));
        assert_eq!(round(decimal("1250"), -2), Some(decimal("1300")));
    }

    #[test]
    fn what_has_no_result_has_none() {
        for result in [
            log10(Decimal::ZERO),
            sqrt(decimal("-1")),
            divide(Decimal::ONE, Decimal::ZERO),
            pow(Decimal::ZERO, decimal("-1")),
            pow(decimal("-8"), decimal("0.5")),
            exp(decimal("1000")),
            pow(decimal("10"), decimal("1000")),
        ] {
            assert_eq!(result, None);
        }
    }

    #[test]
    fn extremes_end_quickly() {
        let huge = Decimal::MAX;
        let tiny = decimal("0.0000000000000000000000000001");
        for x in [huge, tiny, -huge, decimal("79228162514264337593543950335")] {
            let _ = (log10(x), ln(x), sqrt(x), cbrt(x), exp(x), round(x, 28), round(x, -28), round(x, i64::MIN));
            let _ = (pow(x, decimal("0.5")), pow(x, decimal("1.5")), pow(tiny, x), pow(huge, x));
        }
    }

    proptest! {
        #[test]
        fn sums_and_products_agree_with_integers(a in -1_000_000_000i64..1_000_000_000, b in -1_000_000_000i64..1_000_000_000, scale in 0u32..7) {
            let (x, y) = (Decimal::new(a, scale), Decimal::new(b, scale));
            prop_assert_eq!(x.checked_add(y), Some(Decimal::new(a + b, scale)));
            let product = i128::from(a) * i128::from(b);
            prop_assert_eq!(x.checked_mul(y), Decimal::try_from_i128_with_scale(product, scale * 2).ok());
        }

        #[test]
        fn roots_undo_powers(n in 1i64..100_000) {
            let x = Decimal::from(n);
            prop_assert_eq!(sqrt(x * x), Some(x));
            prop_assert_eq!(cbrt(x * x * x), Some(x));
        }
    }
}
