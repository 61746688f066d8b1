//! What a check answers.

use std::fmt;

/// Where a rule is broken.
#[derive(Debug, Clone, PartialEq)]
pub struct Offence {
    /// The room.
    pub room: String,
    /// The file, from the project's root.
    pub path: String,
    /// The line in it.
    pub line: usize,
    /// What is wrong, and what to do.
    pub what: String,
}

/// The workspace cannot be read.
#[derive(Debug)]
pub enum TidyError {
    /// A file or folder cannot be read.
    File(std::io::Error),
    /// Rust that does not parse.
    Syntax {
        /// The file, from the project's root.
        path: String,
        /// The parser's error.
        source: syn::Error,
    },
}

impl Offence {
    /// In one file of a room.
    pub fn new(room: &str, path: &str, line: usize, what: String) -> Self {
        Self { room: room.to_owned(), path: path.to_owned(), line, what }
    }
}

impl fmt::Display for Offence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.what)
    }
}

impl fmt::Display for TidyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(error) => error.fmt(f),
            Self::Syntax { path, source } => write!(f, "{path}:{}: {source}", source.span().start().line),
        }
    }
}

impl std::error::Error for TidyError {}

impl From<std::io::Error> for TidyError {
    fn from(error: std::io::Error) -> Self {
        Self::File(error)
    }
}
