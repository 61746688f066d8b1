//! Fingerprints as words that two people can compare by telephone.
//!
//! The list is BIP-0039's English one (github.com/bitcoin/bips, bip-0039/english.txt): 2,048 common words, no two of
//! which share their first four letters.

use crate::sha256;

const LIST: &str = include_str!("bip39-english.txt");
/// Ten words of eleven bits: 2^110 attempts for a second key that reads the same.
const COUNT: usize = 10;

/// `bytes` (a public key in SSH wire form) as ten words: the first 110 bits of its SHA-256, eleven bits each, most
/// significant bit first.
#[must_use]
pub fn fingerprint_words(bytes: &[u8]) -> String {
    let digest = sha256(bytes);
    let mut words = Vec::with_capacity(COUNT);
    for number in 0..COUNT {
        let index = (number * 11..number * 11 + 11)
            .fold(0, |index, bit| index << 1 | usize::from(digest[bit / 8] >> (7 - bit % 8) & 1));
        words.push(LIST.lines().nth(index).expect("eleven bits index a list of 2,048 words"));
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_the_published_one() {
        // SHA-256 of english.txt as given in many BIP-0039 implementations' test suites.
        assert_eq!(
            crate::hex::encode(&sha256(LIST.as_bytes())),
            "2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda"
        );
        assert_eq!(LIST.lines().count(), 2048);
    }

    #[test]
    fn words_follow_the_bits() {
        // SHA-256("abc") starts ba7816bf…: its first eleven bits are 10111010011, the list's entry 1491.
        let words = fingerprint_words(b"abc");
        assert_eq!(words.split(' ').next(), LIST.lines().nth(0b101_1101_0011));
        assert_eq!(words.split(' ').count(), 10);
    }
}
