//! Codes and yes/no.

use super::TypedValueError;
use super::fold::fold;
use crate::{Choice, CodeList};

/// Finds the code that `text` means: the code itself, then a label in any language, then the place in the list from 1.
pub(super) fn read(list: &CodeList, text: &str) -> Result<String, TypedValueError> {
    if let Some(choice) = list.choice(text) {
        return Ok(choice.code.to_string());
    }
    let wanted = key(text);
    let by = |matches: &dyn Fn(&Choice) -> bool| {
        let mut found = list.choices.iter().filter(|choice| matches(choice));
        (found.next(), found.next().is_some())
    };
    let by_code = by(&|choice| key(&choice.code) == wanted);
    let by_label = || by(&|choice| choice.label.iter().any(|(_, label)| key(label) == wanted));
    let found = if by_code.0.is_some() { by_code } else { by_label() };
    match found {
        (Some(choice), false) => Ok(choice.code.to_string()),
        (Some(_), true) => Err(TypedValueError::AmbiguousChoice),
        (None, _) => by_place(list, text).ok_or(TypedValueError::NoSuchChoice),
    }
}

/// A digit picks by place, unless codes are numbers themselves: then 1 must not pick what is called 0.
fn by_place(list: &CodeList, text: &str) -> Option<String> {
    if list.choices.iter().any(|choice| choice.code.bytes().all(|byte| byte.is_ascii_digit())) {
        return None;
    }
    let place: usize = if text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok()? } else { return None };
    list.choices.get(place.checked_sub(1)?).map(|choice| choice.code.to_string())
}

/// Letters without case, full-width signs as ASCII, single blanks.
fn key(text: &str) -> String {
    fold(text).to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Yes or no in the words of either language.
pub(super) fn read_boolean(text: &str) -> Result<bool, TypedValueError> {
    match text.to_lowercase().as_str() {
        "true" | "t" | "yes" | "y" | "1" | "是" | "有" | "对" => Ok(true),
        "false" | "f" | "no" | "n" | "0" | "否" | "无" | "不" => Ok(false),
        _ => Err(TypedValueError::NotABoolean),
    }
}
