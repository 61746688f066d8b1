//! Square and cube roots of exact decimals by Newton's method.
//!
//! `rust_decimal` offers a square root that may panic and powers that are good to seven digits only; a dose or a score must not
//! turn on either.

use rust_decimal::Decimal;

/// Digits after the point to which a root is given.
const DIGITS: u32 = 20;
/// Newton's method doubles the right digits at each step: from any start that fits a decimal this is far more than enough.
const STEPS: usize = 160;

/// The square root of a number that is not negative, to 20 digits after the point.
pub(crate) fn square_root(number: Decimal) -> Option<Decimal> {
    newton(number, |x| x.checked_add(number.checked_div(x)?)?.checked_div(Decimal::TWO))
}

/// The cube root of a number that is not negative, to 20 digits after the point.
pub(crate) fn cube_root(number: Decimal) -> Option<Decimal> {
    newton(number, |x| {
        let square = x.checked_mul(x)?;
        x.checked_add(x)?.checked_add(number.checked_div(square)?)?.checked_div(Decimal::from(3))
    })
}

fn newton(number: Decimal, step: impl Fn(Decimal) -> Option<Decimal>) -> Option<Decimal> {
    if number.is_zero() {
        return Some(number);
    }
    if number.is_sign_negative() {
        return None;
    }
    let mut root = number.max(Decimal::ONE);
    for _ in 0..STEPS {
        let next = step(root)?;
        let done = (next - root).abs() <= Decimal::new(1, DIGITS + 4);
        root = next;
        if done {
            break;
        }
    }
    Some(root.round_dp(DIGITS).normalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dec(text: &str) -> Decimal {
        text.parse().expect("a decimal")
    }

    #[test]
    fn perfect_powers_are_exact() {
        for n in 0u32..200 {
            let n = Decimal::from(n);
            assert_eq!(square_root(n * n), Some(n), "{n}");
            assert_eq!(cube_root(n * n * n), Some(n), "{n}");
        }
    }

    #[test]
    fn known_digits() {
        assert_eq!(square_root(dec("2")), Some(dec("1.41421356237309504880")));
        assert_eq!(cube_root(dec("2")), Some(dec("1.25992104989487316477")));
        assert_eq!(cube_root(dec("0.5")), Some(dec("0.79370052598409973738")));
    }

    #[test]
    fn a_negative_number_has_no_root() {
        assert_eq!(square_root(dec("-1")), None);
        assert_eq!(cube_root(dec("-8")), None);
    }

    #[test]
    fn roots_of_very_small_and_very_large_numbers_come_to_an_end() {
        for text in ["0.0000000000000000000000000001", "0.000001", "99999999", "79228162514264337593543950335"] {
            let root = square_root(dec(text));
            assert!(root.is_none_or(|root| !root.is_sign_negative()), "{text}");
            let root = cube_root(dec(text));
            assert!(root.is_none_or(|root| !root.is_sign_negative()), "{text}");
        }
    }
}
