//! Breaking text into lines: at spaces, after hyphens and slashes, and between Chinese characters but for those that may
//! not begin or end a line (GB/T 15834-2011, 5.1.9).

use super::face::Face;

/// What may not begin a line.
const CLOSING: &str = "，。、；：！？）】》〉」』”’·…—～％)]}!?;:,.%";
/// What may not end a line.
const OPENING: &str = "（【《〈「『“‘([{";

/// The lines of a text that is to be `width` ems wide. Spaces at the end of a line stay with it, so that words stay apart
/// when they are copied.
pub(super) fn lines(face: &Face, text: &str, width: f32) -> Vec<String> {
    face.printable(text).split('\n').flat_map(|paragraph| paragraph_lines(face, paragraph, width)).collect()
}

fn paragraph_lines(face: &Face, paragraph: &str, width: f32) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0.0;
    for word in words(paragraph) {
        let wide = face.width(word.trim_end());
        if used + wide > width && !line.is_empty() {
            lines.push(std::mem::take(&mut line));
            used = 0.0;
        }
        if wide > width {
            // Longer than a whole line: cut where it is full.
            for sign in word.chars() {
                let one = face.width(sign.encode_utf8(&mut [0; 4]));
                if used + one > width && !line.is_empty() {
                    lines.push(std::mem::take(&mut line));
                    used = 0.0;
                }
                line.push(sign);
                used += one;
            }
        } else {
            line.push_str(word);
            used += face.width(word);
        }
    }
    lines.push(line);
    lines
}

/// The parts between which a line may end.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut start = 0;
    let mut signs = text.char_indices().peekable();
    while let Some((at, sign)) = signs.next() {
        let Some(&(end, next)) = signs.peek() else { break };
        if may_break(sign, next) && end > start {
            words.push(&text[start..end]);
            start = end;
        }
        debug_assert!(at < end);
    }
    words.push(&text[start..]);
    words
}

fn may_break(sign: char, next: char) -> bool {
    if next == ' ' || CLOSING.contains(next) || OPENING.contains(sign) {
        return false;
    }
    sign == ' ' || matches!(sign, '-' | '/' | '·' | '→') || is_wide(sign) || is_wide(next)
}

/// Chinese characters and their punctuation.
fn is_wide(sign: char) -> bool {
    matches!(u32::from(sign), 0x2E80..=0x9FFF | 0xF900..=0xFAFF | 0xFF00..=0xFF60 | 0x20000..=0x3FFFF)
}
