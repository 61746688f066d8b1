//! Code lists and reasons for a missing value.

use super::{Alias, ItemDef, ItemKind};
use crate::dictionary::{Dictionary, Entry};
use crate::{Identified, Oid, Ordered, Text};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::Arc;

/// A list of codes.
#[derive(Clone, Debug)]
pub struct CodeList {
    /// OID.
    pub oid: Oid,
    /// Name.
    pub name: String,
    /// Data type of the codes.
    pub kind: ItemKind,
    /// The codes in the order in which they are offered.
    pub choices: Vec<Choice>,
    /// Dictionary that holds the codes instead (`MedDRA`), with its version where given.
    pub external: Option<(String, Option<String>)>,
    /// What makes it a dictionary, where it is one.
    pub dictionary: Option<Dictionary>,
    /// Names elsewhere.
    pub aliases: Vec<Alias>,
    /// Line of the definition.
    pub line: u32,
    pub(crate) index: HashMap<Arc<str>, u32>,
}

/// One code.
#[derive(Clone, Debug)]
pub struct Choice {
    /// Code as stored.
    pub code: Arc<str>,
    /// Label; empty where the code speaks for itself.
    pub label: Text,
    /// What it was called in earlier versions (alias `was`): values recorded so are read as this code, and stay as they were
    /// recorded.
    pub was: Vec<Arc<str>>,
    /// Rank for ordinal comparisons, where the file gives one.
    pub rank: Option<rust_decimal::Decimal>,
    /// What the dictionary says of it, where the list is one.
    pub entry: Option<Arc<Entry>>,
    /// Names elsewhere.
    pub aliases: Vec<Alias>,
}

impl CodeList {
    /// The choice with this code.
    pub fn choice(&self, code: &str) -> Option<&Choice> {
        self.index.get(code).map(|&place| &self.choices[place as usize])
    }

    /// The choice that a recorded code means now: the one with this code, or the one that was once called so.
    pub fn meant(&self, code: &str) -> Option<&Choice> {
        self.choice(code).or_else(|| self.choices.iter().find(|choice| choice.was.iter().any(|was| **was == *code)))
    }
}

impl Choice {
    /// The label in `language`; the code where there is no label.
    pub fn label(&self, language: &str) -> &str {
        if self.label.is_empty() { &self.code } else { self.label.get(language) }
    }
}

impl Identified for CodeList {
    fn oid(&self) -> &Oid {
        &self.oid
    }
}

/// Codes of earlier versions, by item, with what they are called now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Renamed {
    by_item: HashMap<Oid, HashMap<Arc<str>, Arc<str>>>,
}

impl Renamed {
    pub(crate) fn of(items: &Ordered<ItemDef>, lists: &Ordered<CodeList>) -> Self {
        let mut by_item = HashMap::new();
        for item in items {
            let Some(list) = item.codelist.as_ref().and_then(|list| lists.get(list)) else { continue };
            let pairs = list.choices.iter().flat_map(|one| one.was.iter().map(|was| (was.clone(), one.code.clone())));
            let pairs: HashMap<_, _> = pairs.collect();
            if !pairs.is_empty() {
                by_item.insert(item.oid.clone(), pairs);
            }
        }
        Self { by_item }
    }

    /// What a recorded value of an item is called now.
    pub fn now<'a>(&'a self, item: &Oid, value: &'a str) -> &'a str {
        if self.by_item.is_empty() {
            return value;
        }
        self.by_item.get(item).and_then(|codes| codes.get(value)).map_or(value, |now| now)
    }
}

/// Why a cell holds no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// The examination or question was not done.
    NotDone,
    /// Nobody knows.
    Unknown,
    /// Does not apply to this subject.
    NotApplicable,
    /// Was not asked.
    NotAsked,
    /// The subject refused.
    Refused,
}

impl Missing {
    /// Every reason, in the order in which they are offered.
    pub const ALL: [Self; 5] = [Self::NotDone, Self::Unknown, Self::NotApplicable, Self::NotAsked, Self::Refused];

    /// The code as stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotDone => "not_done",
            Self::Unknown => "unknown",
            Self::NotApplicable => "not_applicable",
            Self::NotAsked => "not_asked",
            Self::Refused => "refused",
        }
    }

    /// The reason with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }
}
