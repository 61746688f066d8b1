//! A study file as a lossless tree.
//!
//! Everything that XML means is kept: elements and attributes with their prefixes and order, text, CDATA sections,
//! comments and processing instructions, each with its line. What is not kept is spelling without meaning: quotes,
//! blanks inside tags, character references, the encoding. Names and texts are ranges of the source, so a document takes
//! little more memory than its file. Limits refuse hostile files before they cost anything; a DTD is refused whole,
//! which leaves no entity to expand.
//!
//! The parser is our own because none of the crates keeps all of that: roxmltree gives no CDATA sections and no writer,
//! quick-xml leaves well-formedness to its caller, and neither bounds what a hostile file may cost. Canonical XML and the
//! rewriting of single elements need both ends in one place. The tests compare it with roxmltree, on files and on
//! generated documents.

mod decode;
mod limits;
mod parse;
mod syntax;
mod tree;
mod write;

#[cfg(test)]
mod tests;

pub use tree::{Document, Element};
pub(crate) use write::{attribute, content};

use crate::StudyIssue;
use std::sync::Arc;

impl Document {
    /// Parses `bytes`; `file` names it in faults.
    ///
    /// # Errors
    /// The first place at which the bytes are not well-formed, or the limit that they exceed.
    pub fn parse(file: &str, bytes: &[u8]) -> Result<Self, Vec<StudyIssue>> {
        let file: Arc<str> = file.into();
        let fault = |syntax: syntax::XmlError| vec![StudyIssue::new(&file, syntax.line, None, syntax.reason)];
        let source = decode::decode(bytes).map_err(fault)?;
        parse::parse(file.clone(), source).map_err(fault)
    }

    /// The document as UTF-8 XML with a declaration.
    pub fn to_xml(&self) -> String {
        write::xml(self, &|_| None)
    }

    /// The document as XML in which `rewrite` gives what stands in the place of an element; none leaves it as it is.
    pub fn rewritten(&self, rewrite: &dyn Fn(Element<'_>) -> Option<String>) -> String {
        write::xml(self, rewrite)
    }

    /// The document in canonical form (Canonical XML 1.0 with comments): equal for two documents that mean the same.
    pub fn canonical(&self) -> Vec<u8> {
        write::canonical(self).into_bytes()
    }
}
