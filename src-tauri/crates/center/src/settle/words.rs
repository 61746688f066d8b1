//! What the branch that was put aside says, in words for people at the site. They stand in free texts alone: never in a log of the
//! program, nor in an error.

use crate::store::{StoreError, Tx};
use casebook::act::{ItemSet, Stored};
use casebook::{Entry, MAX_TEXT, TextCommit, TextRow};

/// Most bytes of a value that a question quotes.
pub(super) const MOST_QUOTED: usize = 4 << 10;
/// Room that a question needs beside what it quotes: who and when have at most some hundred bytes.
const ROOM_OF_QUESTION: usize = 4 << 10;
/// Most bytes of a place, and of a line of the rest.
pub(super) const MOST_OF_PLACE: usize = 1 << 10;
const MOST_OF_LINE: usize = 16 << 10;
/// Room that the last line of the rest may need.
const ROOM: usize = 100;

/// Values and free texts as they are quoted.
pub(super) struct Quoted<'a> {
    pub(super) tx: &'a dyn Tx,
    /// The site that reads them: what is not its own is not quoted, whatever an entry names.
    pub(super) site: &'a str,
    /// Most bytes of each.
    pub(super) most: usize,
}

impl Quoted<'_> {
    /// An answer in words.
    pub(super) fn answer(&self, item: &ItemSet) -> Result<String, StoreError> {
        let unit = item.unit.as_ref().map_or_else(String::new, |unit| format!(" {}", cut(unit.as_str(), self.most)));
        Ok(match (&item.value, item.missing) {
            (Some(Stored::Plain(value)), _) => format!("\"{}\"{unit}", cut(value.as_str(), self.most)),
            (Some(Stored::Text(words)), _) => self.text(words.text)?,
            (None, Some(missing)) => format!("no value ({})", missing.code()),
            (None, None) => "nothing: it was emptied".to_owned(),
        })
    }

    /// Names and numbers of an act, which other programs may have written without bounds.
    pub(super) fn names(&self, names: &str) -> String {
        cut(names, self.most)
    }

    /// A free text, where it is held of the site.
    pub(super) fn held(&self, commit: TextCommit) -> Result<Option<TextRow>, StoreError> {
        self.tx.text(commit, self.site)
    }

    /// The words of a free text, where they are held of the site.
    pub(super) fn text(&self, commit: TextCommit) -> Result<String, StoreError> {
        let words = self.held(commit)?.map(|row| format!("\"{}\"", cut(row.text.as_str(), self.most)));
        Ok(words.unwrap_or_else(|| "a text that is not held".to_owned()))
    }
}

/// When, by whom, and where it stands.
pub(super) fn origin(entry: &Entry) -> String {
    format!("{} by {} (entry {} of {})", entry.at.local(entry.tz), entry.by, entry.seq, entry.log)
}

/// The question about what was put aside, as long as a free text may be at most.
pub(super) fn question(what: &str, entry: &Entry) -> String {
    // The words to the site come last, and stay.
    let what = cut(what, MAX_TEXT - ROOM_OF_QUESTION);
    format!(
        "This device's log had two branches, and the one that goes on does not hold what the other one says here: {what}, entered \
         {}. If that is right, enter it; if not, answer why.",
        origin(entry)
    )
}

/// As much of a value as is quoted.
pub(super) fn cut(value: &str, most: usize) -> String {
    if value.len() <= most {
        return value.to_owned();
    }
    let mut end = most;
    while !value.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}… ({} bytes in all)", &value[..end], value.len())
}

/// What no query could ask about, one line each, as long as a free text may be.
#[derive(Default)]
pub(super) struct Rest {
    lines: String,
    left_out: u64,
}

impl Rest {
    /// Adds a line; gives whether there was room.
    pub(super) fn add(&mut self, line: &str) -> bool {
        let line = cut(line, MOST_OF_LINE);
        let has_room = self.left_out == 0 && self.lines.len() + line.len() + ROOM < MAX_TEXT;
        if has_room {
            self.lines.push_str(&line);
            self.lines.push('\n');
        } else {
            self.left_out += 1;
        }
        has_room
    }

    /// All of it; none where there is nothing.
    pub(super) fn words(self) -> Option<String> {
        match self.left_out {
            0 if self.lines.is_empty() => None,
            0 => Some(self.lines),
            more => Some(format!("{}and {more} more, which are kept with the branch that was put aside\n", self.lines)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_long_is_cut_and_counted() {
        assert_eq!(cut("120", MOST_QUOTED), "120");
        let long = "é".repeat(MOST_QUOTED);
        assert_eq!(cut(&long, usize::MAX), long);
        let short = cut(&long, MOST_QUOTED);
        assert!(short.len() < MOST_QUOTED + 40 && short.ends_with(&format!("… ({} bytes in all)", long.len())));
        let mut rest = Rest::default();
        assert!(Rest::default().words().is_none());
        for _ in 0..100 {
            rest.add(&"x".repeat(1000));
        }
        let words = rest.words().expect("lines");
        assert!(
            words.len() <= MAX_TEXT
                && words.ends_with("and 35 more, which are kept with the branch that was put aside\n")
        );
    }
}
