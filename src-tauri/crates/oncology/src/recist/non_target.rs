//! Non-target lesions, tumour markers and new lesions; equivocal progression and its back-dating. RECIST 1.1, sections 3.2.2,
//! 4.3.3 to 4.3.5, 4.4.4.

use super::{
    Assessment, Day, Equivocal, Lesion, Markers, NewLesions, NewState, NonTargetState, Response, Role, Rule, Settings,
    Why,
};
use std::collections::BTreeSet;

/// Whether the markers let a complete response stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MarkersSay {
    /// They do, or don't matter.
    Fine,
    /// They are above normal.
    Elevated,
    /// They were elevated at baseline and were not measured.
    Unknown,
}

/// Markers that were normal at baseline don't matter; those that were elevated must be normal.
pub(super) fn markers(baseline: Markers, now: Markers, settings: &Settings) -> MarkersSay {
    match (baseline, now) {
        _ if !settings.markers_for_complete => MarkersSay::Fine,
        (Markers::Normal, _) | (_, Markers::Normal) | (Markers::Unknown, Markers::Unknown) => MarkersSay::Fine,
        (_, Markers::Elevated) => MarkersSay::Elevated,
        (Markers::Elevated, Markers::Unknown) => MarkersSay::Unknown,
    }
}

/// The course's non-target lesions, by identifier.
pub(super) fn non_targets(lesions: &[Lesion]) -> Vec<&Lesion> {
    let mut others: Vec<_> = lesions.iter().filter(|lesion| lesion.role == Role::NonTarget).collect();
    others.sort_by(|one, other| one.id.cmp(&other.id));
    others
}

/// What an assessment says of a non-target lesion.
pub(super) fn state(seen: &Assessment, lesion: &Lesion) -> NonTargetState {
    seen.non_targets.get(&lesion.id).copied().unwrap_or(NonTargetState::NotDone)
}

/// Response of the non-target lesions; none where there are none. `later` are the assessments that follow, by date.
pub(super) fn respond(
    lesions: &[&Lesion],
    seen: &Assessment,
    later: &[&Assessment],
    markers: MarkersSay,
    settings: &Settings,
) -> Option<(Response, Why)> {
    if lesions.is_empty() {
        return None;
    }
    let those = |wanted: &[NonTargetState]| -> Vec<&str> {
        lesions.iter().filter(|lesion| wanted.contains(&state(seen, lesion))).map(|lesion| lesion.id.as_str()).collect()
    };
    let said = |rule, lesions: &[&str]| Why::of(rule).with("lesions", lesions.join(", "));
    let progressed = those(&[NonTargetState::Progression]);
    if !progressed.is_empty() {
        return Some((Response::Pd, said(Rule::NonTargetProgression, &progressed)));
    }
    if settings.equivocal == Equivocal::BackDated {
        let equivocal = those(&[NonTargetState::Equivocal]);
        let confirmed = equivocal.iter().filter_map(|id| Some((progressed_on(id, later)?, *id))).min();
        if let Some((date, id)) = confirmed {
            return Some((Response::Pd, said(Rule::NonTargetProgressionBackDated, &[id]).with("confirmed", date)));
        }
    }
    let unknown = those(&[NonTargetState::NotEvaluable, NonTargetState::NotDone]);
    if !unknown.is_empty() {
        return Some((Response::Ne, said(Rule::NonTargetNotEvaluable, &unknown)));
    }
    let present = those(&[NonTargetState::Present, NonTargetState::Equivocal]);
    if !present.is_empty() {
        return Some((Response::NonCrNonPd, said(Rule::NonTargetPresent, &present)));
    }
    Some(match markers {
        MarkersSay::Fine => (Response::Cr, Why::of(Rule::NonTargetComplete)),
        MarkersSay::Elevated => (Response::NonCrNonPd, Why::of(Rule::NonTargetMarkers)),
        MarkersSay::Unknown => (Response::Ne, Why::of(Rule::NonTargetMarkersUnknown)),
    })
}

/// When equivocal progression turned out to be progression: no assessment in between saw it otherwise.
fn progressed_on(lesion: &str, later: &[&Assessment]) -> Option<Day> {
    for seen in later {
        match seen.non_targets.get(lesion) {
            Some(NonTargetState::Progression) => return Some(seen.date),
            Some(NonTargetState::Absent | NonTargetState::Present) => return None,
            Some(NonTargetState::Equivocal | NonTargetState::NotEvaluable | NonTargetState::NotDone) | None => {}
        }
    }
    None
}

/// New lesions of an assessment.
pub(super) fn new_lesions(seen: &Assessment, later: &[&Assessment], settings: &Settings) -> (NewLesions, Option<Why>) {
    let those = |wanted: NewState| -> Vec<&str> {
        seen.new_lesions.iter().filter(|(_, state)| **state == wanted).map(|(id, _)| id.as_str()).collect()
    };
    let said = |rule, lesions: &[&str]| Why::of(rule).with("lesions", lesions.join(", "));
    let certain = those(NewState::Unequivocal);
    if !certain.is_empty() {
        return (NewLesions::Unequivocal, Some(said(Rule::NewLesion, &certain)));
    }
    let equivocal = those(NewState::Equivocal);
    if equivocal.is_empty() {
        return (NewLesions::None, None);
    }
    let confirmed = equivocal.iter().filter_map(|id| Some((certain_on(id, later)?, *id))).min();
    match confirmed {
        Some((date, id)) if settings.equivocal == Equivocal::BackDated => {
            let why = said(Rule::NewLesionBackDated, &[id]).with("confirmed", date);
            (NewLesions::Unequivocal, Some(why))
        }
        _ => (NewLesions::Equivocal, Some(said(Rule::NewLesionEquivocal, &equivocal))),
    }
}

/// When an equivocal new lesion turned out to be one: no assessment in between refuted it.
fn certain_on(lesion: &str, later: &[&Assessment]) -> Option<Day> {
    for seen in later {
        match seen.new_lesions.get(lesion) {
            Some(NewState::Unequivocal) => return Some(seen.date),
            Some(NewState::Refuted) => return None,
            Some(NewState::Equivocal) | None => {}
        }
    }
    None
}

/// Non-target lesions that are there again; nodes are judged by their size, which isn't known of them.
pub(super) fn present_again(lesions: &[&Lesion], seen: &Assessment) -> BTreeSet<String> {
    let again = lesions.iter().filter(|lesion| !lesion.node && state(seen, lesion) == NonTargetState::Present);
    again.map(|lesion| lesion.id.clone()).collect()
}
