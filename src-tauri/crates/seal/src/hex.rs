//! Lower-case hexadecimal, the one spelling of every digest.

use crate::SealError;

const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// `bytes` in lower-case hexadecimal.
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

/// The bytes that `text` spells. Upper case is refused: a digest has one spelling only.
///
/// # Errors
/// [`SealError::MalformedHex`] when a character is not one of `0-9a-f` or the length is not exactly `2 * N`.
pub fn decode<const N: usize>(text: &str) -> Result<[u8; N], SealError> {
    let mut bytes = [0; N];
    decode_into(text.as_bytes(), &mut bytes)?;
    Ok(bytes)
}

/// As [`decode`], for a length known only at run time.
///
/// # Errors
/// [`SealError::MalformedHex`], as for [`decode`] and for an odd number of digits.
pub fn decode_vec(text: &str) -> Result<Vec<u8>, SealError> {
    let mut bytes = vec![0; text.len() / 2];
    decode_into(text.as_bytes(), &mut bytes)?;
    Ok(bytes)
}

fn decode_into(text: &[u8], bytes: &mut [u8]) -> Result<(), SealError> {
    if text.len() != bytes.len() * 2 {
        return Err(SealError::MalformedHex);
    }
    for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
        *byte = nibble(pair[0])? << 4 | nibble(pair[1])?;
    }
    Ok(())
}

fn nibble(digit: u8) -> Result<u8, SealError> {
    match digit {
        b'0'..=b'9' => Ok(digit - b'0'),
        b'a'..=b'f' => Ok(digit - b'a' + 10),
        _ => Err(SealError::MalformedHex),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spells_one_way_only() {
        assert_eq!(encode(&[0x00, 0x9f, 0xe0]), "009fe0");
        assert_eq!(decode::<3>("009fe0"), Ok([0x00, 0x9f, 0xe0]));
        assert_eq!(decode_vec("009fe0"), Ok(vec![0x00, 0x9f, 0xe0]));
        for wrong in ["009FE0", "009fe", "009fe000", "g09fe0", " 09fe0", "+09fe0"] {
            assert_eq!(decode::<3>(wrong), Err(SealError::MalformedHex), "{wrong}");
        }
        assert_eq!(decode_vec("0"), Err(SealError::MalformedHex));
    }
}
