//! Free text: committed in the entry, kept beside it, so that it can be redacted while every chain still verifies.
//!
//! **Frozen format: do not modify.**

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
    pub fn new(salt: &[u8; SALT_BYTES], text: &str, digest: impl FnOnce(&[u8]) -> [u8; 32]) -> TextRow {
        let bytes = [salt.as_slice(), text.as_bytes()].concat();
        let salt = salt.iter().map(|byte| format!("{byte:02x}")).collect();
        TextRow { commit: TextCommit(digest(&bytes)), salt, text: text.into() }
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
        let row = TextRow::new(&[7; 16], "canary", |_| [1; 32]);
        assert!(!format!("{row:?}").contains("canary"));
        assert_eq!(row.preimage(), Some([&[7; 16], b"canary".as_slice()].concat()));
        assert!(row.holds(|_| [1; 32]) && !row.holds(|_| [2; 32]));
    }

    #[test]
    fn a_frozen_line() {
        let row = TextRow::new(&[0xab; 16], "ordinary words", |_| [0x11; 32]);
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
}
