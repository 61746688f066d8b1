//! Cells that no spreadsheet takes for a formula.
//!
//! Whoever types at a site writes into a statistician's spreadsheet, and a spreadsheet runs what begins like a formula. So an
//! apostrophe stands before it, in every cell of every table. It is lossless: an apostrophe that was typed at such a place
//! gets one, too, so taking off the first apostrophe at each of these places gives back what was typed.

use std::borrow::Cow;

/// The mark that makes text of what follows.
const MARK: char = '\'';
/// Where a spreadsheet that splits at other signs than commas begins a cell.
const SPLITS: [char; 4] = [';', '\t', '\r', '\n'];
/// How a formula begins, in both widths.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '\u{FF1D}', '\u{FF0B}', '\u{FF0D}', '\u{FF20}'];

/// The text of a cell as it is written: marked wherever a spreadsheet may begin a cell and would see a formula.
pub(crate) fn marked(cell: &str) -> Cow<'_, str> {
    if !cell.split(SPLITS).any(needs_mark) {
        return Cow::Borrowed(cell);
    }
    let mut text = String::with_capacity(cell.len() + 8);
    for part in cell.split_inclusive(SPLITS) {
        if needs_mark(part) {
            text.push(MARK);
        }
        text.push_str(part);
    }
    Cow::Owned(text)
}

fn needs_mark(part: &str) -> bool {
    // Spreadsheets look past blanks.
    let seen = part.trim_start_matches(is_blank);
    part.starts_with(MARK) || (seen.starts_with(FORMULA) && !is_number(seen))
}

fn is_blank(sign: char) -> bool {
    sign.is_whitespace() || sign.is_control() || matches!(sign, '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}')
}

/// Whether it is a number and nothing else: a sign, digits with one point or comma, an exponent.
fn is_number(text: &str) -> bool {
    let text = text.trim_end_matches(|sign| is_blank(sign) || SPLITS.contains(&sign));
    let unsigned = |text: &str| text.strip_prefix(['+', '-']).map_or_else(|| text.to_owned(), str::to_owned);
    let text = unsigned(text);
    let (number, exponent) = match text.split_once(['e', 'E']) {
        Some((number, exponent)) => (number, Some(unsigned(exponent))),
        None => (text.as_str(), None),
    };
    let (whole, rest) = number.split_once(['.', ',']).unwrap_or((number, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let has_digits = !(whole.is_empty() && rest.is_empty());
    has_digits && digits(whole) && digits(rest) && exponent.is_none_or(|e| !e.is_empty() && digits(&e))
}

#[cfg(test)]
mod tests {
    use super::marked;

    /// Finding M5.
    #[test]
    fn no_cell_begins_like_a_formula() {
        for (typed, written) in [
            ("=HYPERLINK(\"http://x\")", "'=HYPERLINK(\"http://x\")"),
            ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
            ("+1+1", "'+1+1"),
            ("-1+1", "'-1+1"),
            ("-1;-1", "-1;-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\u{FF1D}1+1", "'\u{FF1D}1+1"),
            (" =1+1", "' =1+1"),
            ("\u{A0}\u{FEFF}=1+1", "'\u{A0}\u{FEFF}=1+1"),
            ("\t=1+1", "\t'=1+1"),
            ("\r=1+1", "\r'=1+1"),
            ("fever\n=1+1", "fever\n'=1+1"),
            ("fever;=1+1", "fever;'=1+1"),
            ("fever;;@A1;x", "fever;;'@A1;x"),
            ("-", "'-"),
            ("--", "'--"),
            ("-1.5.2", "'-1.5.2"),
            ("-1e", "'-1e"),
            ("-.", "'-."),
            ("-e5", "'-e5"),
        ] {
            assert_eq!(marked(typed), written, "{typed:?}");
        }
    }

    #[test]
    fn numbers_and_plain_words_stay_as_they_are() {
        for plain in [
            "",
            "-1.5",
            "+130",
            "-0",
            "-.5",
            "-5.",
            "-1,5",
            "1.3e2",
            "-1.3E+02",
            "-1.5 ",
            "a=b",
            "1-2",
            "2026-01-05",
            "<5",
            "x@y",
            "it's",
            "\u{7535}\u{6c60}",
        ] {
            assert_eq!(marked(plain), plain);
        }
    }

    /// What was typed can be had again: the first apostrophe at each place where a cell may begin is not the typist's.
    #[test]
    fn the_marks_can_be_taken_off() {
        for typed in ["'=1", "''", "'s morgens", "a;'b", "=1;'=1;2", "-1;=2\n'+3"] {
            let parts = marked(typed);
            let parts = parts.split_inclusive([';', '\t', '\r', '\n']);
            let off: String = parts.map(|part| part.strip_prefix('\'').unwrap_or(part)).collect();
            assert_eq!(off, typed);
        }
    }
}
