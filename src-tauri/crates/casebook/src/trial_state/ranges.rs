//! The register of laboratory limits: which limits of normal a laboratory named for an analyte, sex and time.
//!
//! What the register says is written beside a result when the result is entered; the fold of a subject never reads it.

use super::range_line::RangeLine;
use super::{TrialRow, TrialState};
use crate::act::LabRangeSet;
use crate::ids::EntryId;
use crate::row::Origin;
use std::collections::BTreeMap;

/// What is asked of the register.
#[derive(Clone, Copy, Debug)]
pub struct RangeQuestion<'a> {
    /// The laboratory.
    pub lab: &'a str,
    /// Code of the analyte.
    pub analyte: &'a str,
    /// Code of the subject's sex, where it is known.
    pub sex: Option<&'a str>,
    /// Day of the sample, ISO 8601.
    pub day: &'a str,
}

impl TrialState {
    pub(super) fn take_range(&mut self, id: EntryId, origin: Origin, act: &LabRangeSet) {
        for base in &act.bases {
            self.ranges.entry(*base).or_default().replaced = true;
            self.dirty.insert(TrialRow::Range(*base));
        }
        self.ranges.entry(id).or_default().said = Some((origin, act.clone()));
        self.dirty.insert(TrialRow::Range(id));
    }

    /// The lines that stand, by laboratory, analyte, sex and first day.
    pub fn ranges(&self) -> Vec<(EntryId, &Origin, &LabRangeSet)> {
        let mut lines: Vec<(EntryId, &Origin, &LabRangeSet)> = standing(&self.ranges).collect();
        lines.sort_by(|(a, _, one), (b, _, other)| order(*a, one).cmp(&order(*b, other)));
        lines
    }

    /// The laboratories that the register names.
    pub fn laboratories(&self) -> Vec<&str> {
        let mut labs: Vec<&str> = standing(&self.ranges).map(|(_, _, range)| range.lab.as_str()).collect();
        labs.sort_unstable();
        labs.dedup();
        labs
    }

    /// The limits that hold: those for the subject's sex before those for both. Lines that hold at once and differ hold
    /// nothing, because nobody may choose among them but a person.
    pub fn range(&self, asked: &RangeQuestion<'_>) -> Option<&LabRangeSet> {
        let holds = |range: &&LabRangeSet| {
            range.lab == asked.lab
                && range.analyte == asked.analyte
                && range.from.as_deref().is_none_or(|from| from <= asked.day)
                && range.to.as_deref().is_none_or(|to| asked.day <= to)
        };
        let of = |sex: Option<&str>| {
            let mut found = standing(&self.ranges)
                .map(|(_, _, range)| range)
                .filter(holds)
                .filter(|range| range.sex.as_deref() == sex);
            let first = found.next()?;
            let alike =
                |other: &LabRangeSet| (&other.low, &other.high, &other.unit) == (&first.low, &first.high, &first.unit);
            Some(found.all(alike).then_some(first))
        };
        asked.sex.and_then(|sex| of(Some(sex))).or_else(|| of(None)).flatten()
    }
}

fn standing(ranges: &BTreeMap<EntryId, RangeLine>) -> impl Iterator<Item = (EntryId, &Origin, &LabRangeSet)> {
    ranges.iter().filter(|(_, line)| !line.replaced).filter_map(|(id, line)| {
        let (origin, range) = line.said.as_ref()?;
        (!range.is_withdrawal()).then_some((*id, origin, range))
    })
}

type Order<'a> = (&'a str, &'a str, Option<&'a str>, Option<&'a str>, EntryId);

fn order(id: EntryId, range: &LabRangeSet) -> Order<'_> {
    (&range.lab, &range.analyte, range.sex.as_deref(), range.from.as_deref(), id)
}
