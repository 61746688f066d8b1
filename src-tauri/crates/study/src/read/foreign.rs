//! What other programs say in attributes of their own: kept, and named, so that nobody believes that it is acted upon.

use super::reader::{Reader, shown};
use crate::{Element, StudyIssue};
use std::collections::BTreeMap;

/// Parts of names under which programs keep what decides what is asked, computed or accepted: REDCap's `BranchingLogic`,
/// `Calculation`, `TextValidationType` and `RequiredField`, and their like.
const LOGIC: [&str; 12] = [
    "branch",
    "skip",
    "logic",
    "calc",
    "formula",
    "valid",
    "required",
    "constraint",
    "relevant",
    "condition",
    "expression",
    "enable",
];

/// Notes the attributes of other namespaces from an element downwards, each name once; those that bear logic are answered as
/// what the study lacks.
pub fn attributes(reader: &mut Reader, from: Element<'_>) -> Vec<StudyIssue> {
    let mut seen: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    // A file may be deeper than the stack.
    let mut left = vec![from];
    while let Some(element) = left.pop() {
        for (name, _) in element.attributes().filter(|(name, _)| is_foreign(name)) {
            let (first, count) = seen.entry(name).or_insert((element.line(), 0));
            *first = (*first).min(element.line());
            *count += 1;
        }
        left.extend(element.children());
    }
    let mut lacks = Vec::new();
    for (name, (line, count)) in seen {
        let times = if count > 1 { format!(" ({count} times)") } else { String::new() };
        if bears_logic(name) {
            let reason = format!("{} may bear logic, which is kept and not acted upon{times}", shown(name));
            lacks.push(StudyIssue::new(reader.file(), line, None, reason));
        } else {
            reader.note(line, None, format!("{} is kept and not used{times}", shown(name)));
        }
    }
    lacks
}

/// Whether a name has a prefix that is neither XML's own nor declares one.
fn is_foreign(name: &str) -> bool {
    name.split_once(':').is_some_and(|(prefix, _)| !matches!(prefix, "xml" | "xmlns"))
}

fn bears_logic(name: &str) -> bool {
    let name = name.to_lowercase();
    LOGIC.iter().any(|part| name.contains(part))
}
