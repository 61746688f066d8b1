//! What speaks against the choice of lesions at baseline. RECIST 1.1, sections 3.1 and 4.2. Notes only: nothing is refused.

use super::target::Weighed;
use super::{Course, How, Lesion, Limits, PriorTreatment, Role, Rule, Tenths, Why};
use std::collections::BTreeMap;

pub(super) fn notes(course: &Course, first: &Weighed, limits: &Limits) -> Vec<Why> {
    let mut notes = Vec::new();
    if first.used.len() > limits.targets {
        notes.push(Why::of(Rule::TooManyTargets).with("count", first.used.len()).with("limit", limits.targets));
    }
    notes.extend(per_organ(&course.lesions, limits));
    let mut lesions: Vec<&Lesion> = course.lesions.iter().collect();
    lesions.sort_by(|one, other| one.id.cmp(&other.id));
    notes.extend(lesions.iter().flat_map(|lesion| of_lesion(lesion, course, first, limits)));
    let early = course.visits.iter().map(|visit| visit.date).filter(|date| *date < course.baseline.date).min();
    notes.extend(
        early.map(|date| Why::of(Rule::BeforeBaseline).with("date", date).with("baseline", course.baseline.date)),
    );
    notes
}

/// All lymph nodes are one organ, apart from every organ's own lesions.
fn per_organ(lesions: &[Lesion], limits: &Limits) -> Vec<Why> {
    let mut organs: BTreeMap<(bool, &str), Vec<&str>> = BTreeMap::new();
    for lesion in lesions.iter().filter(|lesion| lesion.role == Role::Target) {
        let organ = if lesion.node { "" } else { lesion.organ.as_str() };
        organs.entry((lesion.node, organ)).or_default().push(&lesion.id);
    }
    let crowded = organs.into_values().filter(|lesions| lesions.len() > limits.targets_per_organ);
    crowded
        .map(|mut lesions| {
            lesions.sort_unstable();
            Why::of(Rule::TooManyInOrgan).with("lesions", lesions.join(", ")).with("limit", limits.targets_per_organ)
        })
        .collect()
}

fn of_lesion(lesion: &Lesion, course: &Course, first: &Weighed, limits: &Limits) -> Vec<Why> {
    let said = |rule, size: Tenths, limit: Tenths| {
        Why::of(rule).with("lesion", &lesion.id).with("size", size).with("limit", limit)
    };
    let mut notes = Vec::new();
    if lesion.role == Role::NonTarget {
        let normal = lesion.size.filter(|size| lesion.node && *size < limits.node_normal);
        notes.extend(normal.map(|size| said(Rule::NodeNormal, size, limits.node_normal)));
        return notes;
    }
    let used = first.used.iter().find(|used| used.lesion == lesion.id && used.how != How::Merged);
    match used.and_then(|used| used.size.filter(|_| used.complete)) {
        None => notes.push(Why::of(Rule::TargetNotMeasured).with("lesion", &lesion.id)),
        Some(size) if lesion.node && size < limits.node_target_min => {
            notes.push(said(Rule::NodeTargetTooSmall, size, limits.node_target_min));
        }
        Some(size) => {
            let twice = course.slice.filter(|_| !lesion.node).map_or(0, |slice| slice.tenths().saturating_mul(2));
            let least = limits.target_min.max(Tenths::new(twice));
            notes.extend((!lesion.node && size < least).then(|| said(Rule::TargetTooSmall, size, least)));
        }
    }
    if lesion.prior_treatment == PriorTreatment::NotProgressed {
        notes.push(Why::of(Rule::TargetTreatedBefore).with("lesion", &lesion.id));
    }
    notes
}
