//! What rules looked at: the evidence behind a finding, so that nobody has to believe it. An alert for radiation-induced liver
//! disease shows here which value, which limit, which fractions and which assessment speak for it.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use study::CellKey;
use study::rules::{Found, Input};
use study::value::Value;

use super::texts::Text;
use crate::View;
use crate::messages::{Evidence, EvidenceFact};

/// Letters of a name.
const LONGEST: usize = 72;

/// What the rules that say something of a cell looked at beside the cell itself.
pub fn evidence(view: &View<'_>, key: &CellKey) -> Vec<Evidence> {
    let found = view.study.rules().findings(key, view.book);
    let told = found.iter().map(|found| Evidence { rule: found.rule.to_string(), facts: facts(view, found) });
    told.filter(|evidence| !evidence.facts.is_empty()).collect()
}

fn facts(view: &View<'_>, found: &Found) -> Vec<EvidenceFact> {
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
        inputs.sort_by_cached_key(|input| rank(view, input));
        let shown = |input: &Input| input.shown(view.study, view.language).unwrap_or_default();
        let (first, last) = (shown(inputs.first()?), shown(inputs.last()?));
        let events: BTreeSet<_> = inputs.iter().map(|input| input.place.event_key()).collect();
        let visit = events.first().filter(|_| events.len() == 1);
        Some(EvidenceFact {
            name: name(view, inputs.first()?),
            value: if first == last { first } else { format!("{first} – {last}") },
            count: u32::try_from(inputs.len()).unwrap_or(u32::MAX),
            visit: visit.map(|event| view.event_title(event)).unwrap_or_default(),
        })
    };
    items.iter().filter_map(fact).collect()
}

/// The place of an operand among others of its item: numbers by what they are in the standard unit, the rest as it is stored.
fn rank(view: &View<'_>, input: &Input) -> (Option<Decimal>, Option<String>) {
    let number = match &input.value {
        Some(Value::Number(number)) => Some(number.decimal),
        _ => None,
    };
    let item = view.study.items.get(&input.place.item);
    let standard = number.zip(item).and_then(|(number, item)| item.to_standard(number, input.unit.as_ref()));
    (standard.or(number), input.value.as_ref().map(Value::stored))
}

/// The question, with the title of its group (or form) before it where other questions are worded alike: `Fraction: Date`.
fn name(view: &View<'_>, input: &Input) -> String {
    let (study, lang) = (view.study, view.language);
    let Some(item) = study.items.get(&input.place.item) else { return input.name.to_string() };
    let question = match item.question(lang) {
        "" => &*input.name,
        question => question,
    };
    let alike = study.items.iter().filter(|other| other.question(lang) == question).count() > 1;
    let group = study.groups.get(&input.place.group).map(|group| group.title(lang)).filter(|title| !title.is_empty());
    let form = || view.form_title(&input.place.form);
    let full = match alike {
        true => format!("{}{}{question}", group.map_or_else(form, str::to_owned), Text::Colon.of(lang)),
        false => question.to_owned(),
    };
    shortened(&full)
}

/// Cut off before the word that is too long for a narrow column.
fn shortened(words: &str) -> String {
    let Some((end, _)) = words.char_indices().nth(LONGEST) else { return words.to_owned() };
    let cut = &words[..end];
    let whole = cut.rsplit_once(' ').map_or(cut, |(before, _)| before);
    format!("{}…", whole.trim_end_matches([',', ';', ':', ' ']))
}

#[cfg(test)]
mod tests {
    use super::shortened;

    #[test]
    fn a_long_name_ends_with_a_whole_word() {
        assert_eq!(
            shortened("Alanine aminotransferase: upper limit of normal"),
            "Alanine aminotransferase: upper limit of normal"
        );
        let long = "Does the patient have liver metastases, or any other disease of the liver, in the eyes of the investigator?";
        let short = shortened(long);
        assert!(short.ends_with("of the…"), "{short}");
        assert!(short.chars().count() <= super::LONGEST + 1 && long.starts_with(short.trim_end_matches('…')));
        assert_eq!(shortened(&"肝".repeat(90)).chars().count(), super::LONGEST + 1);
    }
}
