//! The built-in study as one file: the trial with the dictionary that it asks for.
//!
//! The trial's file stays readable because the terms lie beside it; they are put together by the same loader by which a
//! center loads NCI's own spreadsheet, so what is practised is what a real study holds.

use std::sync::OnceLock;

use study::Document;
use study::dictionary::load::{DictionaryError, Loading, Names, merge, tabbed, terms};

use site::SiteError;

const SOURCE: &str = "US National Cancer Institute, CTCAE v5.0, 27 November 2017, without MedDRA codes; names (sample)";

/// The study that is practised, as it travels: one valid ODM file.
///
/// # Errors
/// The files that the program was built with don't fit together.
pub fn study_file() -> Result<&'static [u8], SiteError> {
    static MERGED: OnceLock<Vec<u8>> = OnceLock::new();
    if let Some(merged) = MERGED.get() {
        return Ok(merged);
    }
    let document =
        Document::parse(studies::TRIAL_NAME, studies::TRIAL).map_err(|faults| SiteError::Study(faults.len()))?;
    let merged = put_together(&document).map_err(|_| SiteError::Study(1))?;
    Ok(MERGED.get_or_init(|| merged.into_bytes()))
}

fn put_together(document: &Document) -> Result<String, DictionaryError> {
    let terms = terms(&tabbed(studies::CTCAE_TERMS))?;
    let names = Names::read(&tabbed(studies::CTCAE_NAMES), &terms)?;
    merge(document, &Loading { terms: &terms, names: &names, source: SOURCE, meddra_licence: None })
}
