//! Words as they are compared: without case and accents, British and American spelling alike.

use crate::value::fold_width;

/// A word in the two ways in which it is compared.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Word {
    /// Without case and accents.
    pub plain: String,
    /// In American spelling, too.
    pub american: String,
}

/// The words of a text, folded.
pub(super) fn words(text: &str) -> Vec<Word> {
    let lower = fold_width(text).to_lowercase();
    let parts = lower.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
    let word = |part: &str| {
        let plain: String = part.chars().map(self::plain).collect();
        Word { american: american(&plain), plain }
    };
    parts.map(word).collect()
}

/// Whether a word is written in signs that are not parted by blanks (Chinese, Japanese, Korean).
pub(super) fn is_unparted(word: &str) -> bool {
    word.chars().any(|c| matches!(c as u32, 0x2E80..=0x9FFF | 0xAC00..=0xD7AF | 0xF900..=0xFAFF | 0x20000..))
}

/// Spellings that differ between the continents, made one. The same is done to what is typed and to what is looked for, so a
/// word that only looks British loses nothing.
const SPELLINGS: &[(&str, &str)] = &[
    ("ae", "e"),
    ("oe", "e"),
    ("our", "or"),
    ("leuco", "leuko"),
    ("sulph", "sulf"),
    ("yse", "yze"),
    ("isation", "ization"),
    ("ising", "izing"),
    ("ised", "ized"),
    ("ise", "ize"),
    ("lling", "ling"),
    ("lled", "led"),
];

fn american(word: &str) -> String {
    let mut folded = word.to_owned();
    for (british, american) in SPELLINGS {
        if folded.contains(british) {
            folded = folded.replace(british, american);
        }
    }
    // "litre" and "liter", "fibre" and "fiber"; never a word of two letters.
    if folded.len() > 3 && folded.ends_with("re") {
        folded.truncate(folded.len() - 2);
        folded.push_str("er");
    }
    folded
}

/// A letter without its accent, as far as European languages write medicine.
fn plain(letter: char) -> char {
    match letter {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => 'a',
        'ç' => 'c',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ñ' => 'n',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' => 'o',
        'ù' | 'ú' | 'û' | 'ü' => 'u',
        other => other,
    }
}
