//! Code lists.

use super::{Alias, Choice, ItemDef, ItemKind};
use crate::dictionary::Dictionary;
use crate::dictionary::search::Hit;
use crate::{Identified, Oid, Ordered};
use std::collections::HashMap;
use std::sync::Arc;

/// A list of codes.
#[derive(Clone, Debug)]
pub struct CodeList {
    /// OID, unique among the definitions of its kind.
    pub oid: Oid,
    /// Name as the study file gives it.
    pub name: String,
    /// Data type of the codes.
    pub kind: ItemKind,
    /// The codes in the order in which they are offered.
    pub choices: Vec<Choice>,
    /// Dictionary that holds the codes instead (`MedDRA`), with its version where given.
    pub external: Option<(String, Option<String>)>,
    /// What makes it a dictionary, where it is one.
    pub dictionary: Option<Dictionary>,
    /// Names in other standards (`CDASH`, `SDTM` …).
    pub aliases: Vec<Alias>,
    /// Line of the definition.
    pub line: u32,
    pub(crate) index: HashMap<Arc<str>, u32>,
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

    /// The terms that a typed text may mean, best first and at most `most`; none where the list is no dictionary.
    pub fn search(&self, typed: &str, most: usize) -> Option<Vec<Hit>> {
        Some(self.dictionary.as_ref()?.search(&self.choices, typed, most))
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
