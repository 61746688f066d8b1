//! Names and words that come from outside, as a terminal may show them.

use std::fmt::{self, Display, Write};

/// Something on one line, without what a terminal obeys: control characters, and what turns the direction of writing, are
/// shown as JSON writes them (`\u001b`), so that a JSON string stays one.
pub struct Printable<T>(pub T);

impl<T: Display> Display for Printable<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(Escaping { to: f, keeps: &[] }, "{}", self.0)
    }
}

impl<T: Display> Printable<T> {
    /// The same for words of several lines and columns: line feeds and tabulators stay.
    #[must_use]
    pub fn lines(&self) -> String {
        let mut text = String::new();
        // A string takes everything.
        let _ = write!(Escaping { to: &mut text, keeps: &['\n', '\t'] }, "{}", self.0);
        text
    }
}

/// Escapes what passes through.
struct Escaping<'a, W> {
    to: &'a mut W,
    keeps: &'static [char],
}

impl<W: Write> Write for Escaping<'_, W> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for sign in text.chars() {
            if is_obeyed(sign) && !self.keeps.contains(&sign) {
                let mut units = [0; 2];
                sign.encode_utf16(&mut units).iter().try_for_each(|unit| write!(self.to, "\\u{unit:04x}"))?;
            } else {
                self.to.write_char(sign)?;
            }
        }
        Ok(())
    }
}

/// Whether a terminal does something at this character instead of showing it, or shows what follows in another order.
fn is_obeyed(sign: char) -> bool {
    sign.is_control()
        || matches!(sign, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
        || matches!(sign, '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

#[cfg(test)]
mod tests {
    use super::Printable;

    /// A low finding: names of files reached the terminal as they were.
    #[test]
    fn a_terminal_obeys_nothing_of_a_name() {
        for (name, shown) in [
            ("a\u{1b}[2Jb", "a\\u001b[2Jb"),
            ("a\nb: accepted 1 entries\r", "a\\u000ab: accepted 1 entries\\u000d"),
            ("\u{9b}31m\u{7f}", "\\u009b31m\\u007f"),
            ("a\u{202e}eldnub.b\u{2066}", "a\\u202eeldnub.b\\u2066"),
            ("\u{e0041}", "\\udb40\\udc41"),
            ("\u{7535}\u{6c60} it's S\u{e9}\\", "\u{7535}\u{6c60} it's S\u{e9}\\"),
        ] {
            assert_eq!(Printable(name).to_string(), shown);
        }
        assert_eq!(Printable("a\tb\n\u{1b}").lines(), "a\tb\n\\u001b");
        let json = serde_json::to_string("\u{202e}\u{9b}\n").expect("a string");
        assert_eq!(
            serde_json::from_str::<String>(&Printable(json).to_string()).expect("still JSON"),
            "\u{202e}\u{9b}\n"
        );
    }
}
