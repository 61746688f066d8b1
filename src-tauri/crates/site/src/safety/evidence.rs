//! What rules looked at: the evidence behind a finding, so that nobody has to believe it. An alert for radiation-induced liver
//! disease shows here which value, which limit, which fractions and which assessment speak for it.

use std::collections::BTreeSet;

use casebook::Book;
use study::rules::{Found, Input};
use study::{CellKey, Study};

use crate::messages::{Evidence, EvidenceFact};
use crate::words;

/// What the rules that say something of a cell looked at beside the cell itself.
pub(crate) fn evidence(study: &Study, book: &Book, key: &CellKey, lang: &str) -> Vec<Evidence> {
    let found = study.rules().findings(key, book);
    let told = found.iter().map(|found| Evidence { rule: found.rule.to_string(), facts: facts(study, found, lang) });
    told.filter(|evidence| !evidence.facts.is_empty()).collect()
}

fn facts(study: &Study, found: &Found, lang: &str) -> Vec<EvidenceFact> {
    let mut items: Vec<&study::Oid> = Vec::new();
    for input in found.inputs.iter().filter(|input| input.place != found.place && input.value.is_some()) {
        if !items.contains(&&input.place.item) {
            items.push(&input.place.item);
        }
    }
    let fact = |item: &&study::Oid| {
        let mut seen = BTreeSet::new();
        let mut inputs: Vec<&Input> = found
            .inputs
            .iter()
            .filter(|input| input.place.item == **item && input.value.is_some() && input.place != found.place)
            .filter(|input| seen.insert(&input.place))
            .collect();
        inputs.sort_by_key(|input| input.value.as_ref().map(study::value::Value::stored));
        let shown = |input: &Input| input.shown(study, lang).unwrap_or_default();
        let (first, last) = (shown(inputs.first()?), shown(inputs.last()?));
        let events: BTreeSet<_> = inputs.iter().map(|input| input.place.event_key()).collect();
        let visit = events.first().filter(|_| events.len() == 1);
        Some(EvidenceFact {
            name: inputs.first()?.label(study, lang).to_owned(),
            value: if first == last { first } else { format!("{first} – {last}") },
            count: u32::try_from(inputs.len()).unwrap_or(u32::MAX),
            visit: visit.map(|event| words::event_title(study, event, lang)).unwrap_or_default(),
        })
    };
    items.iter().filter_map(fact).collect()
}
