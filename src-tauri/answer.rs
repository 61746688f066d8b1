//! What a command answers.

use screens::messages::Refused;
use site::SiteError;

/// The answer of every command: a message, or a refusal whose code the window words.
pub type Answer<T> = Result<T, Refused>;

/// A refusal that the shell itself speaks.
pub fn refused(code: &str, message: &str) -> Refused {
    Refused { code: code.to_owned(), message: message.to_owned(), wait_seconds: None }
}

/// The room's error as the window receives it.
pub fn from_site(error: &SiteError) -> Refused {
    Refused { code: error.code().to_owned(), message: error.to_string(), wait_seconds: error.wait_seconds() }
}
