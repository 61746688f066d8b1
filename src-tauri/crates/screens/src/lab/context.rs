//! What is shown beside a result: its limits, on which side of them it lies, the grade that rules propose.

use clinical::labs::{LabResult, Labs, Side};
use study::{CellKey, ItemDef, Study};

use crate::messages::{GradeProposal, LabBeside, LabSide};
use crate::safety::Context;
use crate::{View, lab, labels};

/// What is shown beside the result in a cell; none where the cell holds no result. `adverse` names the result's adverse
/// event.
pub fn context(view: &View<'_>, labs: &Labs<'_>, key: &CellKey, adverse: Option<&Context<'_>>) -> Option<LabBeside> {
    let (study, lang) = (view.study, view.language);
    let item = study.items.get(&key.item)?;
    item.analyte()?;
    let result = labs.result(key)?;
    let grade = labs.proposal(key).map(|proposal| GradeProposal {
        grade: proposal.grade,
        term: term(study, proposal.term, lang),
        words: proposal.words(lang),
        recordable: proposal.grade.is_some_and(|grade| grade > 0) && lab::event_rows(study).is_some(),
    });
    Some(LabBeside {
        limits: limits(view, item, &result),
        side: result.side().map(side_of),
        grade,
        event: adverse.and_then(|adverse| adverse.event_of(key)),
    })
}

/// A CTCAE term as the study's dictionary names it in a language; in English where it has no dictionary or not the term.
fn term(study: &Study, english: &str, lang: &str) -> String {
    let items = study.meanings.all("ae.term").iter().filter_map(|oid| study.items.get(oid));
    let mut known = items.filter_map(|item| study.codelist_of(item)?.choice(english));
    known.next().map_or(english, |choice| choice.label(lang)).to_owned()
}

/// On which side of its limits the result in a cell lies.
pub fn side(labs: &Labs<'_>, key: &CellKey) -> Option<LabSide> {
    labs.result(key)?.side().map(side_of)
}

fn side_of(side: Side) -> LabSide {
    match side {
        Side::Low => LabSide::Low,
        Side::Within => LabSide::Within,
        Side::High => LabSide::High,
    }
}

/// `9–50 U/L`, `≤ 50 U/L`, or nothing; in the standard unit.
fn limits(view: &View<'_>, item: &ItemDef, result: &LabResult) -> String {
    let shown = |limit: rust_decimal::Decimal| labels::shortened(limit).to_string();
    let numbers = match (result.low.map(shown), result.high.map(shown)) {
        (Some(low), Some(high)) => format!("{low}–{high}"),
        (Some(low), None) => format!("≥ {low}"),
        (None, Some(high)) => format!("≤ {high}"),
        (None, None) => return String::new(),
    };
    format!("{numbers} {}", view.unit(item.standard_unit())).trim_end().to_owned()
}
