//! Free text: committed in the entry, kept beside it, so that it can be redacted while every chain still verifies.
//!
//! **Frozen format: do not modify.**

use crate::entry::MAX_LINE;
use crate::ids::TextCommit;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// A participant's datum: compares and travels like text, but no `Debug` shows it.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Private(Arc<str>);

impl Private {
    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The shared text.
    pub fn shared(&self) -> Arc<str> {
        Arc::clone(&self.0)
    }
}

impl From<&str> for Private {
    fn from(text: &str) -> Self {
        Private(text.into())
    }
}

impl From<String> for Private {
    fn from(text: String) -> Self {
        Private(text.into())
    }
}

impl fmt::Debug for Private {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

/// A free text as an entry holds it: its commitment only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FreeTextId {
    /// SHA-256 over salt and text.
    pub text: TextCommit,
}

/// A free text as it is kept beside the journal and travels in `texts.ndjson`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TextRow {
    /// SHA-256 over salt and text.
    pub commit: TextCommit,
    /// Sixteen or more random bytes, hexadecimal: keeps short texts from being guessed from their commitment.
    pub salt: String,
    /// The text.
    pub text: Private,
}

/// Least number of salt bytes.
pub const SALT_BYTES: usize = 16;

/// Most bytes of a free text. JSON may write one byte as six, so its line stays far below [`MAX_LINE`].
pub const MAX_TEXT: usize = 64 << 10;

/// A free text is longer than [`MAX_TEXT`]. Holds nothing of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the text is longer than 64 KiB")]
pub struct TextLengthError;

impl TextRow {
    /// The bytes whose SHA-256 is the commitment: salt, then text. `None` when the salt is malformed or too short.
    pub fn preimage(&self) -> Option<Vec<u8>> {
        let salt = self.salt.as_bytes();
        if !salt.len().is_multiple_of(2) || salt.len() < 2 * SALT_BYTES || salt.len() > 128 {
            return None;
        }
        let mut out = Vec::with_capacity(salt.len() / 2 + self.text.as_str().len());
        for pair in salt.chunks_exact(2) {
            let digit = |d: u8| match d {
                b'0'..=b'9' => Some(d - b'0'),
                b'a'..=b'f' => Some(d - b'a' + 10),
                _ => None,
            };
            out.push(digit(pair[0])? << 4 | digit(pair[1])?);
        }
        out.extend_from_slice(self.text.as_str().as_bytes());
        Some(out)
    }

    /// Makes a row from a random salt; `digest` is SHA-256.
    ///
    /// # Errors
    /// When the text is too long to be sent: it must not be kept either.
    pub fn new(
        salt: &[u8; SALT_BYTES],
        text: &str,
        digest: impl FnOnce(&[u8]) -> [u8; 32],
    ) -> Result<TextRow, TextLengthError> {
        if text.len() > MAX_TEXT {
            return Err(TextLengthError);
        }
        let bytes = [salt.as_slice(), text.as_bytes()].concat();
        let salt = salt.iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(TextRow { commit: TextCommit(digest(&bytes)), salt, text: text.into() })
    }

    /// Whether its line is short enough for a bundle. One that was kept before texts had a bound may not be.
    pub fn fits_line(&self) -> bool {
        self.line().len() <= MAX_LINE
    }

    /// Whether the text and its salt are what the commitment says; `digest` is SHA-256.
    pub fn holds(&self, digest: impl FnOnce(&[u8]) -> [u8; 32]) -> bool {
        self.preimage().is_some_and(|bytes| digest(&bytes) == self.commit.0)
    }

    /// One line of `texts.ndjson`, newline included.
    pub fn line(&self) -> Vec<u8> {
        // A struct of strings always serialises.
        let mut line = serde_json::to_vec(self).unwrap_or_default();
        line.push(b'\n');
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_shown_by_no_debug() {
        let row = TextRow::new(&[7; 16], "canary", |_| [1; 32]).expect("short");
        assert!(!format!("{row:?}").contains("canary"));
        assert_eq!(row.preimage(), Some([&[7; 16], b"canary".as_slice()].concat()));
        assert!(row.holds(|_| [1; 32]) && !row.holds(|_| [2; 32]));
    }

    #[test]
    fn a_frozen_line() {
        let row = TextRow::new(&[0xab; 16], "ordinary words", |_| [0x11; 32]).expect("short");
        let frozen = format!(
            "{{\"commit\":\"{}\",\"salt\":\"{}\",\"text\":\"ordinary words\"}}\n",
            "11".repeat(32),
            "ab".repeat(16)
        );
        assert_eq!(String::from_utf8(row.line()), Ok(frozen.clone()));
        assert_eq!(serde_json::from_str::<TextRow>(&frozen).expect("frozen"), row);
        let short = TextRow { salt: "ab".repeat(15), ..row };
        assert_eq!(short.preimage(), None);
    }

    /// The worst that JSON makes of a text: six bytes for one.
    #[test]
    fn every_text_that_is_kept_can_be_sent() {
        let worst = "\u{1}".repeat(MAX_TEXT);
        assert!(TextRow::new(&[7; 16], &worst, |_| [1; 32]).expect("within the bound").fits_line());
        let longer = "a".repeat(MAX_TEXT + 1);
        assert_eq!(TextRow::new(&[7; 16], &longer, |_| [1; 32]), Err(TextLengthError));
    }
}
