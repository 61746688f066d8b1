//! What stands beside a result: its limits, where it lies, the grade that rules propose.

use clinical::labs::{LabResult, Labs, Side};
use screens::labels;
use screens::messages::{GradeProposal, LabBeside, LabSide};
use study::{CellKey, ItemDef, Study};

use crate::reading;
use crate::safety::Around;

/// What stands beside the result in a cell; nothing where the cell holds none.
pub(crate) fn beside(
    study: &Study,
    labs: &Labs<'_>,
    key: &CellKey,
    item: &ItemDef,
    around: Option<&Around<'_>>,
    lang: &str,
) -> Option<LabBeside> {
    item.analyte()?;
    let result = labs.result(key)?;
    let side = result.side().map(side_of);
    let grade = labs.proposal(key).map(|proposal| GradeProposal {
        grade: proposal.grade,
        term: term(study, proposal.term, lang),
        words: proposal.words(lang),
        recordable: proposal.grade.is_some_and(|grade| grade > 0) && super::event::place(study).is_some(),
    });
    let event = around.and_then(|around| around.event_of(key));
    Some(LabBeside { limits: limits(study, item, &result, lang), side, grade, event })
}

/// A CTCAE term as the study's dictionary names it in a language; in English where it has no dictionary or not the term.
fn term(study: &Study, english: &str, lang: &str) -> String {
    let items = study.meanings.all("ae.term").iter().filter_map(|oid| study.items.get(oid));
    let mut known = items.filter_map(|item| study.codelist_of(item)?.choice(english));
    known.next().map_or(english, |choice| choice.label(lang)).to_owned()
}

/// Where the result in a cell lies.
pub(crate) fn side(labs: &Labs<'_>, key: &CellKey) -> Option<LabSide> {
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
fn limits(study: &Study, item: &ItemDef, result: &LabResult, lang: &str) -> String {
    let shown = |limit: rust_decimal::Decimal| reading::shortened(limit).to_string();
    let numbers = match (result.low.map(shown), result.high.map(shown)) {
        (Some(low), Some(high)) => format!("{low}–{high}"),
        (Some(low), None) => format!("≥ {low}"),
        (None, Some(high)) => format!("≤ {high}"),
        (None, None) => return String::new(),
    };
    format!("{numbers} {}", labels::unit(study, item.standard_unit(), lang)).trim_end().to_owned()
}
