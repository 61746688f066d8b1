//! The assessments one after another, each against what came before, and the time point's overall response. RECIST 1.1,
//! section 4.4.1, tables 1 and 2.

use super::non_target::{self, MarkersSay};
use super::target::{self, Before, Weighed};
use super::{
    AsSeen, Assessment, Baseline, Change, Course, Day, Equivocal, Lesion, NewLesions, Reappearance, Response, Rule,
    Settings, TimePoint, TreatedTargets, Why, baseline,
};
use std::collections::BTreeSet;

/// Judges the baseline and every later assessment, in the order of their dates.
pub(super) fn judge_all(course: &Course, settings: &Settings) -> (Baseline, Vec<TimePoint>) {
    let mut walk = Walk::new(course, settings);
    let baseline = Baseline {
        used: walk.first.used.clone(),
        sum: walk.first.sum(),
        notes: baseline::notes(course, &walk.first, &settings.limits),
    };
    let mut order: Vec<usize> = (0..course.visits.len()).collect();
    order.sort_by_key(|&visit| course.visits[visit].date);
    let seen: Vec<&Assessment> = order.iter().map(|&visit| &course.visits[visit]).collect();
    let mut points: Vec<_> = order.iter().enumerate().map(|(place, &visit)| walk.step(visit, &seen[place..])).collect();
    if settings.equivocal == Equivocal::BackDated {
        let undated = Settings { equivocal: Equivocal::AtConfirmation, ..*settings };
        let mut walk = Walk::new(course, &undated);
        for (place, point) in points.iter_mut().enumerate() {
            point.as_seen = walk.step(point.visit, &seen[place..]).as_seen;
        }
    }
    (baseline, points)
}

struct Walk<'a> {
    course: &'a Course,
    settings: &'a Settings,
    targets: Vec<&'a Lesion>,
    non_targets: Vec<&'a Lesion>,
    first: Weighed,
    before: Before,
    /// Target lesions that were treated locally so far.
    treated: BTreeSet<String>,
    /// Complete response of the time point since baseline or the last progression.
    complete_since: Option<Day>,
}

/// The three parts of a time point, each with its reason.
struct Parts {
    target: Option<(Response, Why)>,
    non_target: Option<(Response, Why)>,
    new_lesions: (NewLesions, Option<Why>),
    markers: MarkersSay,
    reappeared: Option<Reappeared>,
}

/// Lesions that came back.
struct Reappeared {
    lesions: BTreeSet<String>,
    /// Whether all of them are target nodes.
    nodes: bool,
    /// Since when there had been a complete response.
    since: Day,
}

impl<'a> Walk<'a> {
    fn new(course: &'a Course, settings: &'a Settings) -> Self {
        let targets = target::targets(&course.lesions);
        let first = target::weigh(&targets, &course.baseline, &BTreeSet::new(), &settings.limits);
        let sum = first.sum();
        Self {
            course,
            settings,
            targets,
            non_targets: non_target::non_targets(&course.lesions),
            first,
            before: Before { baseline: sum, nadir: sum, responding_since: None },
            treated: BTreeSet::new(),
            complete_since: None,
        }
    }

    /// Judges the first of `seen`; the others follow it by date.
    fn step(&mut self, visit: usize, seen: &[&Assessment]) -> TimePoint {
        let (now, later) = (seen[0], &seen[1..]);
        self.note_treated(now);
        let weighed = target::weigh(&self.targets, now, &self.treated, &self.settings.limits);
        let markers = non_target::markers(self.course.baseline.markers, now.markers, self.settings);
        let parts = Parts {
            target: (!self.targets.is_empty()).then(|| target::respond(&weighed, &self.before, self.settings)),
            non_target: non_target::respond(&self.non_targets, now, later, markers, self.settings),
            new_lesions: non_target::new_lesions(now, later, self.settings),
            markers,
            reappeared: self.reappeared(&weighed, now),
        };
        let (overall, why) = overall(&parts);
        let sum = weighed.sum();
        let change = |from: Option<_>| Some(Change { from: from?, to: sum? });
        let (target, non_target) = (response(&parts.target), response(&parts.non_target));
        let new_lesions = parts.new_lesions.0;
        let point = TimePoint {
            visit,
            date: now.date,
            sum,
            known: weighed.known,
            nadir: self.before.nadir,
            from_baseline: change(self.before.baseline),
            from_nadir: change(self.before.nadir),
            target,
            non_target,
            new_lesions,
            overall,
            as_seen: AsSeen { target, non_target, new_lesions, overall },
            why,
            target_why: parts.target.map(|(_, why)| why),
            non_target_why: parts.non_target.map(|(_, why)| why),
            new_lesions_why: parts.new_lesions.1,
            used: weighed.used,
        };
        self.remember(&point);
        point
    }

    fn note_treated(&mut self, now: &Assessment) {
        if self.settings.treated_targets == TreatedTargets::NotEvaluable {
            let treated = now.targets.iter().filter(|(_, reading)| reading.treated).map(|(lesion, _)| lesion.clone());
            self.treated.extend(treated);
        }
    }

    /// After a complete response, what is seen again is progression, as far as the protocol says; of a target node, what is
    /// abnormal again.
    fn reappeared(&self, weighed: &Weighed, now: &Assessment) -> Option<Reappeared> {
        let since = self.complete_since.filter(|_| self.settings.reappearance != Reappearance::BySize)?;
        let with_nodes = self.settings.reappearance == Reappearance::Progression;
        let seen = self.targets.iter().zip(&weighed.used);
        let seen = seen.filter(|(_, used)| !used.gone && used.size.is_some_and(|size| size.tenths() > 0));
        let (nodes, others): (Vec<&Lesion>, Vec<&Lesion>) =
            seen.map(|(lesion, _)| lesion).partition(|lesion| lesion.node);
        let mut lesions = non_target::present_again(&self.non_targets, now);
        lesions.extend(others.into_iter().map(|lesion| lesion.id.clone()));
        let alone = lesions.is_empty();
        lesions.extend(nodes.into_iter().filter(|_| with_nodes).map(|lesion| lesion.id.clone()));
        (!lesions.is_empty()).then_some(Reappeared { lesions, nodes: alone, since })
    }

    /// Only an assessment whose target lesions are all known can set the nadir.
    fn remember(&mut self, point: &TimePoint) {
        if let Some(sum) = point.sum {
            self.before.nadir = Some(self.before.nadir.map_or(sum, |nadir| nadir.min(sum)));
        }
        match (point.overall, point.target) {
            (Response::Pd, _) => (self.before.responding_since, self.complete_since) = (None, None),
            (_, Some(Response::Cr | Response::Pr)) => {
                self.before.responding_since = self.before.responding_since.or(Some(point.date));
            }
            _ => {}
        }
        if point.overall == Response::Cr {
            self.complete_since = self.complete_since.or(Some(point.date));
        }
    }
}

fn response(part: &Option<(Response, Why)>) -> Option<Response> {
    part.as_ref().map(|(response, _)| *response)
}

/// Tables 1 and 2: progression of any part decides, then the target lesions, then the others.
fn overall(parts: &Parts) -> (Response, Why) {
    for part in [&parts.target, &parts.non_target].into_iter().flatten() {
        if part.0 == Response::Pd {
            return part.clone();
        }
    }
    if let (NewLesions::Unequivocal, Some(why)) = &parts.new_lesions {
        return (Response::Pd, why.clone());
    }
    if let Some(Reappeared { lesions, nodes, since }) = &parts.reappeared {
        let rule = if *nodes { Rule::NodeReappeared } else { Rule::Reappeared };
        let lesions: Vec<_> = lesions.iter().map(String::as_str).collect();
        return (Response::Pd, Why::of(rule).with("lesions", lesions.join(", ")).with("since", since));
    }
    match (&parts.target, &parts.non_target) {
        (Some((Response::Cr, why)), None) => match parts.markers {
            MarkersSay::Fine => (Response::Cr, why.clone()),
            MarkersSay::Elevated | MarkersSay::Unknown => (Response::Pr, Why::of(Rule::CompleteButMarkers)),
        },
        (Some((Response::Cr, why)), Some((Response::Cr, _))) => (Response::Cr, why.clone()),
        (Some((Response::Cr, _)), Some((non_target, _))) => {
            (Response::Pr, Why::of(Rule::CompleteButNonTarget).with("non_target", non_target.code()))
        }
        (Some(target), _) => target.clone(),
        (None, Some(non_target)) => non_target.clone(),
        (None, None) => (Response::Ne, Why::of(Rule::NoLesions)),
    }
}
