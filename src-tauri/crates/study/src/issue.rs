//! What is wrong with a study file, told so that its author can mend it.

use crate::Oid;
use std::fmt;
use std::sync::Arc;

/// One thing in a study file that is wrong, or that the program keeps but does not act upon. A file with anything wrong
/// is no study.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StudyIssue {
    /// Name of the file as it was given.
    pub file: Arc<str>,
    /// Line, from 1; 0 where the file as a whole is meant.
    pub line: u32,
    /// The definition concerned, where it has an OID.
    pub oid: Option<Oid>,
    /// What is wrong, in words.
    pub reason: String,
}

impl StudyIssue {
    /// An issue at a line of the file.
    pub fn new(file: &Arc<str>, line: u32, oid: Option<&Oid>, reason: impl Into<String>) -> Self {
        Self { file: file.clone(), line, oid: oid.cloned(), reason: reason.into() }
    }
}

impl fmt::Display for StudyIssue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: ", self.file, self.line)?;
        if let Some(oid) = &self.oid {
            write!(f, "{oid}: ")?;
        }
        f.write_str(&self.reason)
    }
}
