//! Input methods produce full-width signs; here they become the ones on an ASCII keyboard.

use std::borrow::Cow;

/// Replaces full-width letters, digits and punctuation, and typographic signs, by their ASCII twins.
pub fn fold(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let mut folded = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '\u{ff01}'..='\u{ff5e}' => folded.push(char::from_u32(u32::from(sign) - 0xfee0).unwrap_or(sign)),
            '\u{3000}' | '\u{a0}' | '\u{202f}' | '\u{2009}' => folded.push(' '),
            '。' | '·' => folded.push('.'),
            '、' => folded.push(','),
            '〈' | '《' => folded.push('<'),
            '〉' | '》' => folded.push('>'),
            '≤' | '≦' | '⩽' => folded.push_str("<="),
            '≥' | '≧' | '⩾' => folded.push_str(">="),
            '−' | '–' | '—' | '‐' | '‑' => folded.push('-'),
            _ => folded.push(sign),
        }
    }
    Cow::Owned(folded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_width_becomes_ascii() {
        assert_eq!(fold("１２．５　ｍｇ／ｄＬ"), "12.5 mg/dL");
        assert_eq!(fold("＜２０"), "<20");
        assert_eq!(fold("《20"), "<20");
        assert_eq!(fold("≤20"), "<=20");
        assert_eq!(fold("１２。５"), "12.5");
        assert_eq!(fold("2024年3月12日"), "2024年3月12日");
    }
}
