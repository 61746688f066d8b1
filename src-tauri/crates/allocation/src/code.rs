//! Codes that people read to each other: Crockford's base32 with two check characters.
//!
//! The alphabet has no I, L, O and U; I and L are read as 1, O as 0, in either case. The check characters are those of a
//! Reed–Solomon code over GF(32) with the roots α and α², whose words differ in three places or more: any one wrong
//! character, any two, and so any two characters changed over, are noticed (for words of up to 31 characters).

use std::fmt;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Check characters.
const CHECKS: usize = 2;

/// Why a code cannot be right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// Characters are missing or too many. Holds how many there should be.
    #[error("the code has {0} characters")]
    Length(usize),
    /// A character that no code has.
    #[error("a character that no code has")]
    Character,
    /// The check characters do not fit: something was misheard or mistyped.
    #[error("the check characters do not fit")]
    Check,
    /// A newer version's code.
    #[error("the code needs a newer version of Outpost")]
    Newer,
}

/// Multiplies in GF(32) = `GF(2)[x]` / (x⁵ + x² + 1).
const fn times(a: u8, b: u8) -> u8 {
    let (mut product, mut a, mut b) = (0, a, b);
    while b > 0 {
        if b & 1 == 1 {
            product ^= a;
        }
        a <<= 1;
        if a & 32 > 0 {
            a ^= 0b10_0101;
        }
        b >>= 1;
    }
    product
}

/// α, the root of the polynomial, and its square.
const ALPHA: u8 = 2;
const ALPHA_2: u8 = times(ALPHA, ALPHA);

/// The two characters that make the word divisible by (x + α)(x + α²).
fn checks(data: &[u8]) -> [u8; CHECKS] {
    let (sum, product) = (ALPHA ^ ALPHA_2, times(ALPHA, ALPHA_2));
    let mut rest = [0_u8; CHECKS];
    for digit in data {
        let lead = digit ^ rest[0];
        rest = [rest[1] ^ times(lead, sum), times(lead, product)];
    }
    rest
}

/// Writes the lowest `5 × length` bits of `bits`, most significant first, with check characters.
pub(super) fn write(mut bits: u128, high: u16, length: usize) -> String {
    let mut digits = vec![0_u8; length];
    let mut rest = u32::from(high);
    for digit in digits.iter_mut().rev() {
        *digit = u8::try_from(bits & 31).unwrap_or_default();
        bits = bits >> 5 | u128::from(rest & 31) << 123;
        rest >>= 5;
    }
    let check = checks(&digits);
    digits.iter().chain(&check).map(|digit| char::from(ALPHABET[usize::from(*digit)])).collect()
}

/// Reads what [`write()`] wrote, however it is spaced: the low 128 bits and those above.
pub(super) fn read(text: &str, length: usize) -> Result<(u128, u16), CodeError> {
    let mut digits = Vec::with_capacity(length + CHECKS);
    for sign in text.chars().filter(|sign| !sign.is_whitespace() && !matches!(sign, '-' | '–' | '.' | '_')) {
        let sign = match sign.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        };
        let digit = ALPHABET.iter().position(|known| char::from(*known) == sign).ok_or(CodeError::Character)?;
        digits.push(u8::try_from(digit).unwrap_or_default());
    }
    if digits.len() != length + CHECKS {
        return Err(CodeError::Length(length + CHECKS));
    }
    let (data, check) = digits.split_at(length);
    if checks(data) != *check {
        return Err(CodeError::Check);
    }
    let (mut low, mut high) = (0_u128, 0_u16);
    for digit in data {
        high = high << 5 | u16::try_from(low >> 123).unwrap_or_default();
        low = low << 5 | u128::from(*digit);
    }
    Ok((low, high))
}

/// Shows a code in groups, as it is read aloud.
pub(super) fn grouped(f: &mut fmt::Formatter<'_>, code: &str, size: usize) -> fmt::Result {
    for (at, sign) in code.chars().enumerate() {
        if at > 0 && at % size == 0 {
            f.write_str("-")?;
        }
        write!(f, "{sign}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_field_is_a_field() {
        for a in 1..32 {
            let mut products: Vec<u8> = (1..32).map(|b| times(a, b)).collect();
            products.sort_unstable();
            assert_eq!(products, (1..32).collect::<Vec<u8>>(), "{a} has an inverse");
        }
        let powers: std::collections::BTreeSet<u8> =
            std::iter::successors(Some(1), |power| Some(times(*power, ALPHA))).take(31).collect();
        assert_eq!(powers.len(), 31, "α is primitive");
    }

    #[test]
    fn there_and_back() {
        let bits = 0x0123_4567_89ab_cdef_0123_4567_89ab_cdef;
        assert_eq!(read(&write(bits, 0x0abc, 28), 28), Ok((bits, 0x0abc)));
        let small = bits & ((1 << 90) - 1);
        assert_eq!(read(&write(small, 0, 18), 18), Ok((small, 0)));
        assert_eq!(read("oil", 1), read("011", 1), "what is easily misread is read as what was meant");
        assert_eq!(read("U11", 1), Err(CodeError::Character));
        assert_eq!(read("11", 1), Err(CodeError::Length(3)));
    }

    #[test]
    fn every_single_error_and_every_change_over_is_noticed() {
        for (length, bits) in [(18, 0x2_f00d_1234_5678_9abc_def0_u128), (28, u128::MAX / 7)] {
            let code: Vec<char> = write(bits, 3, length).chars().collect();
            for place in 0..code.len() {
                for other in ALPHABET.iter().map(|sign| char::from(*sign)).filter(|other| *other != code[place]) {
                    let mut wrong = code.clone();
                    wrong[place] = other;
                    assert_eq!(read(&wrong.iter().collect::<String>(), length), Err(CodeError::Check));
                }
                for second in place + 1..code.len() {
                    let mut wrong = code.clone();
                    wrong.swap(place, second);
                    let read = read(&wrong.iter().collect::<String>(), length);
                    assert_eq!(read.is_err(), wrong != code, "{place} and {second}");
                }
            }
        }
    }
}
