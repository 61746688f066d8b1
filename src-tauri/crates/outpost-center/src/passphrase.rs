//! The files in which people keep passphrases: a first line, as any editor writes it.

use crate::done::CommandError;
use crate::source::{MOST_OF_A_SECRET, read_file};
use seal::Zeroizing;
use std::path::Path;

/// Reads the first line of a file, without the spaces around it and without the mark by which Windows' editors begin.
///
/// UTF-8, or UTF-16 with its mark, as PowerShell's `>` writes it. Of either the same words give the same passphrase.
pub fn read_passphrase(file: &Path) -> Result<Zeroizing<String>, CommandError> {
    let bytes = Zeroizing::new(read_file(file, MOST_OF_A_SECRET)?);
    first_line(&bytes).ok_or_else(|| CommandError::Said(format!("{}: no text in UTF-8 or UTF-16", file.display())))
}

fn first_line(bytes: &[u8]) -> Option<Zeroizing<String>> {
    let text = match bytes {
        [0xFF, 0xFE, units @ ..] => wide(units, u16::from_le_bytes)?,
        [0xFE, 0xFF, units @ ..] => wide(units, u16::from_be_bytes)?,
        [0xEF, 0xBB, 0xBF, text @ ..] | text => Zeroizing::new(str::from_utf8(text).ok()?.to_owned()),
    };
    // UTF-16 without its mark is UTF-8 full of zeros.
    if text.contains('\0') {
        return None;
    }
    Some(Zeroizing::new(text.lines().next().unwrap_or("").trim().to_owned()))
}

fn wide(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<Zeroizing<String>> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units: Zeroizing<Vec<u16>> = Zeroizing::new(pairs.iter().map(|pair| unit(*pair)).collect());
    if rest.is_empty() { String::from_utf16(&units).ok().map(Zeroizing::new) } else { None }
}

#[cfg(test)]
mod tests {
    use super::first_line;

    const WORDS: &str = "  correct h\u{f6}rse \u{7535}\u{6c60}\t\r\nsecond line";

    fn wide(unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
        "\u{feff}".encode_utf16().chain(WORDS.encode_utf16()).flat_map(unit).collect()
    }

    #[test]
    fn every_editor_gives_the_same_passphrase() {
        let with_mark = format!("\u{feff}{WORDS}").into_bytes();
        for bytes in [WORDS.as_bytes().to_vec(), with_mark, wide(u16::to_le_bytes), wide(u16::to_be_bytes)] {
            let line = first_line(&bytes).expect("text");
            assert_eq!(*line, "correct h\u{f6}rse \u{7535}\u{6c60}", "{bytes:?}");
        }
    }

    #[test]
    fn what_is_no_text_gives_none() {
        let without_mark: Vec<u8> = "words".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let (half_a_unit, half_a_pair) = (vec![0xFF, 0xFE, 0x61], vec![0xFF, 0xFE, 0x00, 0xD8]);
        for bytes in [without_mark, half_a_unit, half_a_pair, vec![0x61, 0xE4]] {
            assert!(first_line(&bytes).is_none(), "{bytes:?}");
        }
        assert_eq!(first_line(&[]).expect("text").as_str(), "");
    }
}
