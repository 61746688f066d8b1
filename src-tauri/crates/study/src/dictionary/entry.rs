//! What a dictionary knows of one term.

use crate::Text;
use std::sync::Arc;

/// What a dictionary knows of a term beyond its code and label.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// System organ class of MedDRA, by language.
    pub soc: Text,
    /// The words of grades 1 to 5; none for a grade that the term does not have.
    pub grades: [Option<Arc<str>>; 5],
    /// Definition; empty where there is none.
    pub definition: Arc<str>,
    /// Navigational note; empty where there is none.
    pub note: Arc<str>,
    /// Other names, in any language.
    pub synonyms: Vec<Arc<str>>,
    /// Whether the term only says that free text follows.
    pub other: bool,
}
