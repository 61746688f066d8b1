//! From an ODM file to a [`Study`].
//!
//! One pass reads the definitions ([`envelope`], [`shape`], [`item`], [`codes`], [`vendor`]), a second resolves what
//! refers to what ([`resolve`]); the rules are compiled last. Reading never stops at a fault: all are listed.

mod codes;
mod envelope;
mod foreign;
mod item;
mod reader;
mod resolve;
mod shape;
mod vendor;

#[cfg(test)]
mod tests;

use crate::{Document, Functions, Renamed, Rules, Study, StudyIssue};
use reader::Reader;

impl Study {
    /// Reads and checks the study definition in `bytes`; `name` is the file's name for faults, `functions` are those that
    /// its rules may call.
    ///
    /// # Errors
    /// Every fault of the file.
    pub fn read(name: &str, bytes: &[u8], functions: &Functions) -> Result<Self, Vec<StudyIssue>> {
        Self::from_document(&Document::parse(name, bytes)?, functions)
    }

    /// Reads and checks the study definition in a parsed document.
    ///
    /// # Errors
    /// Every fault of the document.
    pub fn from_document(document: &Document, functions: &Functions) -> Result<Self, Vec<StudyIssue>> {
        let mut reader = Reader::new(document);
        let Some(mut metadata) = envelope::read(&mut reader, document.root()) else {
            return Err(reader.into_faults());
        };
        resolve::check(&mut reader, &mut metadata);
        metadata.renamed = Renamed::of(&metadata.items, &metadata.codelists).into();
        // Functions that look at the whole casebook ask what items mean.
        metadata.meanings = reader.take_meanings();
        resolve::journaled(&mut reader, &metadata);
        let rules = Rules::compile(&metadata, functions).unwrap_or_else(|faults| {
            reader.add_faults(faults);
            Rules::default()
        });
        let foreign = foreign::attributes(&mut reader, document.root());
        metadata.lacks.extend(foreign);
        metadata.languages = reader.languages();
        let (faults, notes) = reader.finish();
        if faults.is_empty() {
            metadata.notes = notes;
            Ok(Self::new(metadata, rules))
        } else {
            Err(faults)
        }
    }
}
