//! Documents for people, as PDF: headings, facts, tables, running text; Latin and Chinese.
//!
//! A [`Paper`] says what stands on it, in words; where it stands is decided here. The font travels with the program, so the
//! same paper gives the same bytes on every computer. The result is PDF/A-2a: it holds all that it needs to be read in
//! decades, and tells a screen reader what is a heading and what is a table.

mod face;
mod layout;
mod lines;
mod paint;

use crate::ExchangeError;
use face::Face;

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

/// What is to be printed. Holds data of a participant: it has no `Debug`.
pub struct Paper {
    /// Title; also the document's own.
    pub title: String,
    /// Language of the words, `en` or `zh-CN`.
    pub lang: String,
    /// When it was made.
    pub made: Moment,
    /// What stands at the head of every page.
    pub head: String,
    /// What stands at the foot of every page, beside its number.
    pub foot: String,
    /// How pages are numbered: `Page {n} of {of}`.
    pub number: String,
    /// What stands on it.
    pub blocks: Vec<Block>,
}

/// A part of a paper.
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

impl Paper {
    /// The bytes of the PDF: the same for the same paper.
    ///
    /// # Errors
    /// When the font can't be read or the document does not keep to PDF/A, neither of which depends on what is printed.
    pub fn to_pdf(&self) -> Result<Vec<u8>, ExchangeError> {
        let face = Face::carried().ok_or(ExchangeError::Font)?;
        let sheets = layout::lay(self, &face);
        paint::paint(self, &face, &sheets)
    }
}

#[cfg(test)]
mod tests;
