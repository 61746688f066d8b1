//! What a command is asked and what it answers.

use screens::contract::Request;
use screens::messages::AnswerError;
use site::SiteError;
use tauri::Runtime;
use tauri::ipc::{CommandArg, CommandItem, InvokeError};

/// The answer of every command: a message, or a refusal whose code the window words.
pub type Answer<T> = Result<T, AnswerError>;

/// A refusal that the shell itself speaks.
pub fn refused(code: &str, message: &str) -> AnswerError {
    AnswerError { code: code.to_owned(), message: message.to_owned(), wait_seconds: None }
}

/// The room's error as the window receives it.
pub fn from_site(error: &SiteError) -> AnswerError {
    AnswerError { code: error.code().to_owned(), message: error.to_string(), wait_seconds: error.wait_seconds() }
}

/// A request as the window sent it, with its keys parsed. One that cannot be read is refused with a code, and the
/// refusal names none of its values. The refusal is the act's own answer, so that it is noted like any other.
pub struct Asked<Q>(pub Answer<Q>);

impl<'de, R: Runtime, Q: Request> CommandArg<'de, R> for Asked<Q> {
    fn from_command(command: CommandItem<'de, R>) -> Result<Self, InvokeError> {
        Ok(Self(Q::deserialize(command).map_err(|_| refused("no_such", "the request cannot be read"))))
    }
}
