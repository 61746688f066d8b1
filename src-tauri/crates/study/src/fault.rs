//! What is wrong with a study file, told so that its author can mend it.

use crate::Oid;
use std::fmt;
use std::sync::Arc;

/// One fault of a study file. A file with any fault is not a study.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Name of the file as it was given.
    pub file: Arc<str>,
    /// Line, from 1; 0 where the file as a whole is meant.
    pub line: u32,
    /// The definition concerned, where it has an OID.
    pub oid: Option<Oid>,
    /// What is wrong, in words.
    pub reason: String,
}

impl Fault {
    /// A fault at a line.
    pub fn new(file: &Arc<str>, line: u32, oid: Option<&Oid>, reason: impl Into<String>) -> Self {
        Self { file: file.clone(), line, oid: oid.cloned(), reason: reason.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: ", self.file, self.line)?;
        if let Some(oid) = &self.oid {
            write!(f, "{oid}: ")?;
        }
        f.write_str(&self.reason)
    }
}

impl std::error::Error for Fault {}

/// Something that a study file holds and that this program keeps but does not act upon; told like a [`Fault`].
pub type Note = Fault;
