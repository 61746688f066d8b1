//! Target lesions: what each counts, their sum, and its response. RECIST 1.1, sections 4.3.1 and 4.3.2.

use super::{
    Assessment, Change, Day, How, Lesion, Limits, Measure, PartialResponse, Response, Role, Rule, Settings, Tenths,
    Used, Why,
};
use std::collections::BTreeSet;

/// The target lesions of an assessment.
pub(super) struct Weighed {
    pub used: Vec<Used>,
    /// Sum of what is known.
    pub known: Tenths,
    /// Lesions whose size isn't wholly known.
    pub missing: Vec<String>,
}

impl Weighed {
    /// Their sum, when all is known and there are any.
    pub fn sum(&self) -> Option<Tenths> {
        (self.missing.is_empty() && !self.used.is_empty()).then_some(self.known)
    }
}

/// The course's target lesions, by identifier.
pub(super) fn targets(lesions: &[Lesion]) -> Vec<&Lesion> {
    let mut targets: Vec<_> = lesions.iter().filter(|lesion| lesion.role == Role::Target).collect();
    targets.sort_by(|one, other| one.id.cmp(&other.id));
    targets
}

/// Weighs the target lesions; those in `treated` can't be judged.
pub(super) fn weigh(targets: &[&Lesion], seen: &Assessment, treated: &BTreeSet<String>, limits: &Limits) -> Weighed {
    let mut used: Vec<Used> = targets
        .iter()
        .map(|lesion| {
            let measure = seen.targets.get(&lesion.id).map_or(&Measure::NotDone, |reading| &reading.measure);
            let part = if treated.contains(&lesion.id) {
                Part::unknown(How::Treated)
            } else {
                part(measure, lesion.node, limits)
            };
            Used { lesion: lesion.id.clone(), size: part.size, how: part.how, complete: part.complete, gone: part.gone }
        })
        .collect();
    settle_merged(&mut used, seen);
    let missing = used.iter().filter(|used| !used.complete).map(|used| used.lesion.clone()).collect();
    Weighed { known: used.iter().filter_map(|used| used.size).sum(), missing, used }
}

/// What a measure comes to by itself.
struct Part {
    size: Option<Tenths>,
    how: How,
    complete: bool,
    gone: bool,
}

impl Part {
    fn unknown(how: How) -> Self {
        Self { size: None, how, complete: false, gone: false }
    }

    fn known(size: Tenths, how: How, gone: bool) -> Self {
        Self { size: Some(size), how, complete: true, gone }
    }
}

fn part(measure: &Measure, node: bool, limits: &Limits) -> Part {
    let normal = |size: Tenths| node && size < limits.node_normal;
    match measure {
        Measure::Size(Tenths::ZERO) | Measure::Absent => Part::known(Tenths::ZERO, How::Absent, true),
        Measure::Size(size) => Part::known(*size, How::Measured, normal(*size)),
        Measure::TooSmall(size) => {
            // A lesion that is seen is not nothing: a recorded size is kept, however small, unless it is zero.
            let size = size.filter(|size| *size > Tenths::ZERO).unwrap_or(limits.too_small);
            Part::known(size, How::TooSmall, normal(size))
        }
        Measure::Split(parts) => split(parts, node, limits),
        // Whether it is known is settled by the lesion that carries it.
        Measure::Merged(_) => Part::unknown(How::Merged),
        Measure::NotEvaluable => Part::unknown(How::NotEvaluable),
        Measure::NotDone => Part::unknown(How::NotDone),
    }
}

/// The parts of one lesion: summed; gone when each is (every part of a node below the limit). A part that merged with another
/// part counts there.
fn split(parts: &[Measure], node: bool, limits: &Limits) -> Part {
    let counted: Vec<_> = parts
        .iter()
        .filter(|part| !matches!(part, Measure::Merged(_)))
        .map(|measure| part(measure, node, limits))
        .collect();
    Part {
        size: counted.iter().any(|part| part.size.is_some()).then(|| counted.iter().filter_map(|part| part.size).sum()),
        how: How::Split,
        complete: !counted.is_empty() && counted.iter().all(|part| part.complete),
        gone: !counted.is_empty() && counted.iter().all(|part| part.gone),
    }
}

/// A merged lesion counts nothing itself. It is known when the lesion that carries it is; without a name, when another is
/// there to carry it or none is left.
fn settle_merged(used: &mut [Used], seen: &Assessment) {
    let carriers: Vec<Option<(bool, bool)>> = used.iter().map(|merged| carrier(merged, used, seen)).collect();
    for (merged, carrier) in used.iter_mut().zip(carriers) {
        if let Some((complete, gone)) = carrier {
            merged.size = complete.then_some(Tenths::ZERO);
            (merged.complete, merged.gone) = (complete, gone);
        }
    }
}

/// Whether the lesion that carries a merged one is known, and gone; none of a lesion that has not merged.
fn carrier(merged: &Used, used: &[Used], seen: &Assessment) -> Option<(bool, bool)> {
    if merged.how != How::Merged {
        return None;
    }
    let into = |lesion: &str| match seen.targets.get(lesion).map(|reading| &reading.measure) {
        Some(Measure::Merged(into)) => into.as_deref(),
        _ => None,
    };
    let Some(mut name) = into(&merged.lesion) else {
        let mut others = used.iter().filter(|other| other.how != How::Merged).peekable();
        let gone = others.peek().is_some() && others.clone().all(|other| other.complete && other.gone);
        let there = others.any(|other| other.size > Some(Tenths::ZERO));
        return Some((there || gone, gone));
    };
    // A lesion may merge into one that itself merged; a circle carries nothing.
    for _ in used {
        match used.iter().find(|other| other.lesion == name) {
            Some(other) if other.how != How::Merged => return Some((other.complete, other.gone)),
            Some(other) => match into(&other.lesion) {
                Some(next) => name = next,
                None => break,
            },
            None => break,
        }
    }
    Some((false, false))
}

/// What earlier assessments left behind.
#[derive(Clone, Copy, Default)]
pub(super) struct Before {
    pub baseline: Option<Tenths>,
    pub nadir: Option<Tenths>,
    /// First response of the target lesions since baseline or the last progression.
    pub responding_since: Option<Day>,
}

/// Their response, and why.
pub(super) fn respond(weighed: &Weighed, before: &Before, settings: &Settings) -> (Response, Why) {
    let limits = &settings.limits;
    if weighed.missing.is_empty() && weighed.used.iter().all(|used| used.gone) {
        let why = Why::of(Rule::TargetComplete).with("sum", weighed.known).with("normal", limits.node_normal);
        return (Response::Cr, why);
    }
    if let Some(why) = progression(weighed, before, limits) {
        return (Response::Pd, why);
    }
    let Some(sum) = weighed.sum() else {
        let why =
            Why::of(Rule::TargetNotEvaluable).with("lesions", weighed.missing.join(", ")).with("sum", weighed.known);
        return (Response::Ne, why);
    };
    let (Some(baseline), Some(nadir)) = (before.baseline, before.nadir) else {
        return (Response::Ne, Why::of(Rule::TargetNoBaseline));
    };
    let from_baseline = Change { from: baseline, to: sum };
    let facts =
        |rule| Why::of(rule).with("sum", sum).with("baseline", baseline).with("percent", percent(from_baseline));
    let grown = Change { from: nadir, to: sum }.to_mm();
    if from_baseline.shrank_percent(limits.response_percent) {
        return (Response::Pr, facts(Rule::TargetPartial).with("limit", limits.response_percent));
    }
    match (settings.partial_response, before.responding_since) {
        (PartialResponse::Persists, Some(since)) => {
            let why = Why::of(Rule::TargetPartialPersists).with("since", since).with("sum", sum);
            (Response::Pr, why.with("mm", grown).with("nadir", nadir))
        }
        _ => (Response::Sd, facts(Rule::TargetStable).with("mm", grown).with("nadir", nadir)),
    }
}

/// Growth from the nadir beyond both limits, of all or of the known part.
fn progression(weighed: &Weighed, before: &Before, limits: &Limits) -> Option<Why> {
    let change = Change { from: before.nadir?, to: weighed.known };
    let grew = change.grew_percent(limits.progression_percent) && change.tenths() >= limits.progression_min.wide();
    if !grew {
        return None;
    }
    let rule = if !weighed.missing.is_empty() {
        Rule::TargetProgressionKnownPart
    } else if change.from == Tenths::ZERO {
        Rule::TargetProgressionFromNothing
    } else {
        Rule::TargetProgression
    };
    let why = Why::of(rule).with("sum", weighed.known).with("mm", change.to_mm()).with("percent", percent(change));
    let why =
        why.with("nadir", change.from).with("min_mm", limits.progression_min).with("limit", limits.progression_percent);
    Some(why.with("lesions", weighed.missing.join(", ")))
}

/// For a sentence: two places, so that 19.96 % does not read as 20 %.
fn percent(change: Change) -> String {
    change.percent(2).map_or_else(String::new, |percent| percent.normalize().to_string())
}
