//! Documents for people, as PDF: headings, facts, tables, running text; Latin and Chinese.
//!
//! A [`Paper`] says what stands on it, in words; where it stands is decided here. The font travels with the program, so the
//! same paper gives the same bytes on every computer. The result is PDF/A-2a: it holds all that it needs to be read in
//! decades, and tells a screen reader what is a heading and what is a table.

mod face;
mod layout;
mod lines;
mod paint;

use screens::paper::Paper;

use crate::ExchangeError;
use face::Face;

/// The bytes of the PDF: the same for the same paper.
///
/// # Errors
/// When the font can't be read or the document does not keep to PDF/A, neither of which depends on what is printed.
pub fn pdf(paper: &Paper) -> Result<Vec<u8>, ExchangeError> {
    let face = Face::carried().ok_or(ExchangeError::Font)?;
    let sheets = layout::lay(paper, &face);
    paint::paint(paper, &face, &sheets)
}

#[cfg(test)]
mod tests;
