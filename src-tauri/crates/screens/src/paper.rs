//! What is printed: the content of a document, before anything is set in type.

/// A moment with the local offset then in force, for the document's own date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Year, 0 to 9999.
    pub year: u16,
    /// Month, day, hour, minute, second.
    pub parts: [u8; 5],
    /// Minutes east of UTC.
    pub offset_minutes: i16,
}

impl Moment {
    /// The moment of a local time, `2026-11-23T16:15:02+08:00`; a part that can't be read is 0.
    pub fn local(local: &str, offset_minutes: i16) -> Self {
        let part = |from: usize, to: usize| local.get(from..to).and_then(|digits| digits.parse().ok()).unwrap_or(0);
        let year = local.get(..4).and_then(|year| year.parse().ok()).unwrap_or(0);
        Self { year, parts: [part(5, 7), part(8, 10), part(11, 13), part(14, 16), part(17, 19)], offset_minutes }
    }
}

/// A document. Holds data of a participant: it has no `Debug`.
pub struct Paper {
    /// Title; also the document's own.
    pub title: String,
    /// Language of the words, `en` or `zh-CN`.
    pub lang: String,
    /// When it was made.
    pub made: Moment,
    /// The line at the head of every page.
    pub head: String,
    /// The line at the foot of every page, beside its number.
    pub foot: String,
    /// How pages are numbered: `Page {n} of {of}`.
    pub number: String,
    /// Its content, from top to bottom.
    pub blocks: Vec<Block>,
}

/// A part of a document.
pub enum Block {
    /// Heading of a section.
    Heading(String),
    /// Words that must not be missed.
    Notice(String),
    /// Names and their values, below each other.
    Facts(Vec<(String, String)>),
    /// A table.
    Table {
        /// Heads of its columns.
        head: Vec<String>,
        /// Share of the width of each column.
        widths: Vec<f32>,
        /// Its rows.
        rows: Vec<Vec<String>>,
    },
    /// Running text; lines are kept.
    Text(String),
}
