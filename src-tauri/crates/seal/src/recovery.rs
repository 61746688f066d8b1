//! Recovery codes: typed once by whoever forgot a password, read out by the center.
//!
//! A set is made at a device, sealed to the center's recovery key as a text of its own form (`FORMAT.md` 6), and nowhere
//! kept in the clear. A code has 100 random bits: no derivation has to make guessing it dear.

use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::{SealError, random};

/// Crockford's base 32: no I, L, O or U to be misread or misheard.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Letters of a code: 100 bits.
const LENGTH: usize = 20;
/// Letters between two dashes.
const GROUP: usize = 4;
/// What a set's text begins with.
const HEADLINE: &str = "outpost-recovery-codes 1";

/// One code. Wiped when dropped; has no `Debug`.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct RecoveryCode([u8; LENGTH]);

impl RecoveryCode {
    /// A new random code.
    ///
    /// # Errors
    /// [`SealError::NoRandom`] when the operating system has no random numbers.
    pub fn make() -> Result<Self, SealError> {
        let drawn = random::<LENGTH>()?;
        // 32 letters divide 256: each is as likely as the others.
        Ok(Self(std::array::from_fn(|at| LETTERS[usize::from(drawn[at] & 31)])))
    }

    /// A code as somebody types it who hears it: in lower case, with or without dashes and blanks, with O for 0, I or L for
    /// 1, or in the wide letters of a Chinese keyboard.
    ///
    /// # Errors
    /// [`SealError::MalformedCode`] when these are not a code's letters.
    pub fn typed(text: &str) -> Result<Self, SealError> {
        let mut letters = Zeroizing::new([0; LENGTH]);
        let mut count = 0;
        for sign in text.chars().filter(|sign| !is_between(*sign)) {
            let letter = letter_of(sign).ok_or(SealError::MalformedCode)?;
            *letters.get_mut(count).ok_or(SealError::MalformedCode)? = letter;
            count += 1;
        }
        if count == LENGTH { Ok(Self(*letters)) } else { Err(SealError::MalformedCode) }
    }

    /// As it is read out: `7K2M-…`, five groups of four.
    #[must_use]
    pub fn spelled(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(LENGTH + LENGTH / GROUP));
        for (at, letter) in self.0.iter().enumerate() {
            if at > 0 && at % GROUP == 0 {
                text.push('-');
            }
            text.push(char::from(*letter));
        }
        text
    }

    /// The letters, as what a key is derived from.
    pub(crate) fn letters(&self) -> &[u8] {
        &self.0
    }
}

/// What may stand between a code's letters.
fn is_between(sign: char) -> bool {
    sign.is_whitespace() || matches!(sign, '-' | '_' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{ff0d}')
}

/// The letter that a typed sign stands for.
fn letter_of(sign: char) -> Option<u8> {
    let narrow = match u32::from(sign) {
        wide @ 0xff01..=0xff5e => u8::try_from(wide - 0xfee0).ok()?,
        _ => u8::try_from(sign).ok()?,
    };
    let letter = match narrow.to_ascii_uppercase() {
        b'O' => b'0',
        b'I' | b'L' => b'1',
        other => other,
    };
    LETTERS.contains(&letter).then_some(letter)
}

/// A device's set of codes, numbered from 1. Wiped when dropped; has no `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryCodes {
    device: String,
    set: u64,
    codes: Vec<RecoveryCode>,
}

impl RecoveryCodes {
    /// A new set of `count` codes, the `set`th of `device`.
    ///
    /// # Errors
    /// [`SealError::NoRandom`] when the operating system has no random numbers.
    pub fn make(device: &str, set: u64, count: u32) -> Result<Self, SealError> {
        let codes = (0..count).map(|_| RecoveryCode::make()).collect::<Result<_, _>>()?;
        Ok(Self { device: device.to_owned(), set, codes })
    }

    /// Id of the device whose vault they open.
    #[must_use]
    pub fn device(&self) -> &str {
        &self.device
    }

    /// Which set of this device it is, counted from 1.
    #[must_use]
    pub fn set(&self) -> u64 {
        self.set
    }

    /// How many codes there are.
    #[must_use]
    pub fn count(&self) -> u32 {
        u32::try_from(self.codes.len()).unwrap_or(u32::MAX)
    }

    /// The code of a number, counted from 1.
    #[must_use]
    pub fn code(&self, number: u32) -> Option<&RecoveryCode> {
        self.codes.get(usize::try_from(number).ok()?.checked_sub(1)?)
    }

    /// The codes with their numbers.
    pub fn numbered(&self) -> impl Iterator<Item = (u32, &RecoveryCode)> {
        (1..).zip(&self.codes)
    }

    /// The text that is sealed to the center's recovery key.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        // Reserved at once: growing would leave a copy of the codes behind.
        let room = HEADLINE.len() + self.device.len() + 64 + self.codes.len() * (LENGTH + 20);
        let mut text = Zeroizing::new(String::with_capacity(room));
        text.push_str(HEADLINE);
        text.push_str("\ndevice ");
        text.push_str(&self.device);
        text.push_str("\nset ");
        text.push_str(&self.set.to_string());
        text.push('\n');
        for (number, code) in self.numbered() {
            text.push_str(&number.to_string());
            text.push(' ');
            text.push_str(&code.spelled());
            text.push('\n');
        }
        text
    }

    /// Reads that text.
    ///
    /// # Errors
    /// [`SealError::MalformedCodes`] for any other spelling of it.
    pub fn parse(text: &str) -> Result<Self, SealError> {
        let mut lines = text.lines();
        let mut after = |word: &str| lines.next().and_then(|line| line.strip_prefix(word)).map(str::to_owned);
        let (headline, device, set) = (after(HEADLINE), after("device "), after("set "));
        let (Some(_), Some(device), Some(set)) = (headline, device, set) else { return Err(SealError::MalformedCodes) };
        let set = set.parse().map_err(|_| SealError::MalformedCodes)?;
        let codes = lines.map(|line| {
            let (_, code) = line.split_once(' ').ok_or(SealError::MalformedCodes)?;
            RecoveryCode::typed(code).map_err(|_| SealError::MalformedCodes)
        });
        let read = Self { device, set, codes: codes.collect::<Result<_, _>>()? };
        if *read.to_text() == text { Ok(read) } else { Err(SealError::MalformedCodes) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn spelled(text: &str) -> Result<String, SealError> {
        RecoveryCode::typed(text).map(|code| code.spelled().to_string())
    }

    /// H6: a code is heard over the telephone and typed by hand.
    #[test]
    fn h6_a_code_is_read_as_people_type_it() {
        let code = "7K2M-01AB-CDEF-GHJK-MNPQ";
        for typed in [
            code,
            "7k2m01abcdefghjkmnpq",
            " 7k2m olab cdef ghjk mnpq ",
            "7K2M–OIAB–CDEF–GHJK–MNPQ",
            "７Ｋ２Ｍ－０１ＡＢ－ＣＤＥＦ－ＧＨＪＫ－ＭＮＰＱ",
        ] {
            assert_eq!(spelled(typed).as_deref(), Ok(code), "{typed}");
        }
        for wrong in ["", "7K2M-01AB-CDEF-GHJK-MNP", "7K2M-01AB-CDEF-GHJK-MNPQ7", "7K2M-01AB-CDEF-GHJK-MNPU", "é"] {
            assert_eq!(spelled(wrong), Err(SealError::MalformedCode), "{wrong}");
        }
    }

    /// H6: the center reads what the device wrote, and nothing else.
    #[test]
    fn h6_a_set_is_read_back_in_its_one_spelling() {
        let codes = RecoveryCodes::make("S01-k7f2m3pq", 3, 10).expect("there are random numbers");
        let text = codes.to_text();
        let read = RecoveryCodes::parse(&text).ok();
        assert!(read.as_ref() == Some(&codes));
        assert_eq!((codes.device(), codes.set(), codes.count()), ("S01-k7f2m3pq", 3, 10));
        assert!(codes.code(0).is_none() && codes.code(11).is_none() && codes.code(10).is_some());
        let lower = text.to_lowercase();
        let (line, more) = (text.replace("\n2 ", "\n3 "), format!("{}\n", *text));
        for other in
            [lower.as_str(), &line, &more, text.trim_end(), &text[1..], &text.replace("codes 1", "codes 12"), ""]
        {
            assert_eq!(RecoveryCodes::parse(other).err(), Some(SealError::MalformedCodes), "{other}");
        }
    }

    #[test]
    fn codes_differ_and_every_letter_occurs() {
        let codes = RecoveryCodes::make("S01-k7f2m3pq", 1, 200).expect("there are random numbers");
        let mut all: Vec<String> = codes.numbered().map(|(_, code)| code.spelled().to_string()).collect();
        let letters: std::collections::BTreeSet<char> = all.concat().chars().filter(|sign| *sign != '-').collect();
        assert_eq!(letters.len(), LETTERS.len());
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 200);
    }

    proptest! {
        #[test]
        fn whatever_is_typed_is_a_code_or_none(text in "\\PC{0,40}") {
            if let Ok(code) = RecoveryCode::typed(&text) {
                prop_assert!(RecoveryCode::typed(&code.spelled()).is_ok_and(|again| again == code));
            }
        }

        #[test]
        fn whatever_is_read_as_a_set_is_written_back(text in "(outpost-recovery-codes 1\n)?(device [a-z]{0,4}\n)?(set [0-9]{1,2}\n)?(1 [0-9A-Z-]{24}\n)?") {
            if let Ok(codes) = RecoveryCodes::parse(&text) {
                let written = codes.to_text();
                prop_assert_eq!(written.as_str(), text);
            }
        }
    }
}
