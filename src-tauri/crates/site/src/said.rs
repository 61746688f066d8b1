//! What a check says, in the study's words.

use casebook::Book;
use casebook::book::CellState;
use study::{CellKey, ItemDef, Oid, Study};

use crate::words;

/// The message of a rule, with `{NAME}` replaced by the value of the item of that name in the same row or form.
pub(crate) fn message(study: &Study, book: &Book, item: &ItemDef, key: &CellKey, rule: &Oid, lang: &str) -> String {
    let Some(check) = item.checks.iter().find(|check| check.id == *rule) else { return String::new() };
    let mut out = String::new();
    let mut rest = check.message.get(lang);
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, tail)) = after.split_once('}') else { break };
        out.push_str(before);
        match operand(study, book, key, name, lang) {
            Some(value) => out.push_str(&value),
            None => out.push_str(name),
        }
        rest = tail;
    }
    out.push_str(rest);
    out
}

fn operand(study: &Study, book: &Book, key: &CellKey, name: &str, lang: &str) -> Option<String> {
    let form = study.forms.get(&key.form.form)?;
    let own = study.groups.get(&key.group)?;
    let others = form.groups.iter().filter_map(|at| study.groups.get(&at.group)).filter(|group| !group.repeating);
    std::iter::once(own).chain(others).find_map(|group| {
        let at = group.items.iter().find(|at| at.item.short_name() == name)?;
        let item = study.items.get(&at.item)?;
        let repeat = if group.oid == own.oid { key.group_repeat.clone() } else { study::Repeat::first() };
        let place = key.form.cell(group.oid.clone(), repeat, item.oid.clone());
        match book.cell(&place)?.state() {
            CellState::Answered(given) => match given.value.as_ref()? {
                casebook::Stored::Plain(value) => Some(words::value(study, item, value.as_str(), lang)),
                casebook::Stored::Text(_) => None,
            },
            CellState::Derived(derived) => Some(words::value(study, item, derived.value.as_str(), lang)),
            _ => None,
        }
    })
}
