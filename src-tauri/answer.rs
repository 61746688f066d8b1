//! What a command is asked and what it answers.

use screens::contract::{LONGEST_TEXT, Request};
use screens::messages::AnswerError;
use serde_json::Value;
use site::SiteError;
use tauri::Runtime;
use tauri::ipc::{CommandArg, CommandItem, InvokeBody, InvokeError};

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
        // Asked before anything is made of it: the copies that acts make of a text are bounded by this, whatever the act.
        let holds_longer = match command.message.payload() {
            InvokeBody::Json(sent) => holds_longer_text(sent),
            // No command takes bytes.
            InvokeBody::Raw(_) => false,
        };
        if holds_longer {
            return Ok(Self(Err(refused("too_long", "a text of the request is too long"))));
        }
        Ok(Self(Q::deserialize(command).map_err(|_| refused("no_such", "the request cannot be read"))))
    }
}

/// Whether a text in it is longer than any that a request may hold.
fn holds_longer_text(sent: &Value) -> bool {
    match sent {
        Value::String(text) => text.len() > LONGEST_TEXT,
        Value::Array(all) => all.iter().any(holds_longer_text),
        Value::Object(all) => all.iter().any(|(name, value)| name.len() > LONGEST_TEXT || holds_longer_text(value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{LONGEST_TEXT, holds_longer_text};

    /// What no act would take is refused at the window's door, wherever it stands in a request.
    #[test]
    fn a_text_that_is_too_long_for_any_act_is_refused_at_the_door() {
        let most = "a".repeat(LONGEST_TEXT);
        let longer = "é".repeat(LONGEST_TEXT / 2 + 1);
        let places = |text: &str| {
            [
                json!({ "request": { "typed": text } }),
                json!({ "request": { "subjects": ["S01-001", text] } }),
                json!({ "request": { "mapping": { "tests": [{ "said": text, "meant": "" }] } } }),
                json!({ "request": { text: 1 } }),
            ]
        };
        assert!(places(&most).iter().all(|sent| !holds_longer_text(sent)));
        assert!(places(&longer).iter().all(holds_longer_text));
        assert!(!holds_longer_text(&json!({ "request": { "taken": [1, 2.5, null, true] } })));
    }
}
