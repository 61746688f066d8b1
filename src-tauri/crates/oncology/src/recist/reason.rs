//! Reasons: the rule that decided and the facts, in a sentence that names its section of RECIST 1.1.
//!
//! Sections are those of Eisenhauer EA et al., Eur J Cancer 2009;45:228. `EORTC` is recist.eortc.org's questions and answers.

use super::rule::Rule;

/// A rule with the facts that it decided on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Why {
    /// The rule that decided.
    pub rule: Rule,
    /// Facts by the names in the rule's sentence: sizes in millimetres, per cents, dates, identifiers of lesions.
    pub facts: Vec<(&'static str, String)>,
}

impl Why {
    pub(super) fn of(rule: Rule) -> Self {
        Self { rule, facts: Vec::new() }
    }

    pub(super) fn with(mut self, name: &'static str, fact: impl ToString) -> Self {
        self.facts.push((name, fact.to_string()));
        self
    }

    /// Said in a language, with its section.
    pub fn words(&self, language: &str) -> String {
        let mut words = self.rule.sentence(language).to_owned();
        for (name, fact) in &self.facts {
            // A figure below zero is read with a minus sign, not with a hyphen.
            let said = fact.strip_prefix('-').map_or_else(|| fact.clone(), |size| format!("−{size}"));
            words = words.replace(&format!("{{{name}}}"), &said);
        }
        let section = self.rule.section();
        if language.starts_with("zh") { format!("{words}（{section}）") } else { format!("{words} ({section})") }
    }
}
