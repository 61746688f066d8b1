//! Laws that hold for every course, and a second implementation written from the text alone.

use super::*;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// What is seen of a target, most often a size.
fn measure() -> impl Strategy<Value = Measure> {
    prop_oneof![
        12 => (0u32..600).prop_map(|tenths| Measure::Size(Tenths::new(tenths))),
        2 => Just(Measure::Absent),
        1 => Just(Measure::TooSmall(None)),
        1 => (1u32..50).prop_map(|tenths| Measure::TooSmall(Some(Tenths::new(tenths)))),
        1 => prop::collection::vec((0u32..200).prop_map(|tenths| Measure::Size(Tenths::new(tenths))), 2..4)
            .prop_map(Measure::Split),
        1 => Just(Measure::NotEvaluable),
        1 => Just(Measure::NotDone),
    ]
}

fn other_state() -> impl Strategy<Value = NonTargetState> {
    use NonTargetState::*;
    prop_oneof![
        4 => Just(Present), 3 => Just(Absent), 1 => Just(Equivocal), 1 => Just(Progression), 1 => Just(NotEvaluable), 1 => Just(NotDone)
    ]
}

fn new_state() -> impl Strategy<Value = Option<NewState>> {
    use NewState::*;
    prop_oneof![12 => Just(None), 1 => Just(Some(Unequivocal)), 1 => Just(Some(Equivocal)), 1 => Just(Some(Refuted))]
}

fn markers() -> impl Strategy<Value = Markers> {
    prop_oneof![3 => Just(Markers::Unknown), 2 => Just(Markers::Normal), 1 => Just(Markers::Elevated)]
}

prop_compose! {
    fn visits(targets: usize, others: usize)(seen in prop::collection::vec(
        (
            prop::collection::vec(measure(), targets),
            prop::collection::vec(other_state(), others),
            new_state(),
            markers(),
        ),
        1..7,
    )) -> Vec<Assessment> {
        (1..)
            .zip(seen)
            .map(|(visit, (targets, others, new, markers))| Assessment {
                date: after(42 * visit),
                targets: (1..).zip(targets).map(|(n, measure)| (format!("T{n:02}"), reading(measure))).collect(),
                non_targets: (1..).zip(others).map(|(n, state)| (format!("NT{n:02}"), state)).collect(),
                new_lesions: new.map(|state| ("L01".to_owned(), state)).into_iter().collect(),
                markers,
            })
            .collect()
    }
}

prop_compose! {
    fn courses()(targets in 0usize..4, others in 0usize..3)(
        sizes in prop::collection::vec(100u32..900, targets),
        nodes in prop::collection::vec(any::<bool>(), targets),
        others in Just(others),
        markers in markers(),
        visits in visits(targets, others),
    ) -> Course {
        let is_node = |n: usize| nodes.get(n - 1).copied().unwrap_or(false);
        let target_of = |n: usize| if is_node(n) { node(&format!("T{n:02}")) } else { target(&format!("T{n:02}")) };
        let lesions = (1..=sizes.len()).map(target_of).chain((1..=others).map(|n| non_target(&format!("NT{n:02}"))));
        let baseline = Assessment {
            targets: (1..).zip(&sizes).map(|(n, size)| (format!("T{n:02}"), reading(Measure::Size(Tenths::new(*size))))).collect(),
            non_targets: (1..=others).map(|n| (format!("NT{n:02}"), NonTargetState::Present)).collect(),
            markers,
            ..Assessment::on(after(0))
        };
        course(lesions.collect(), baseline, visits)
    }
}

fn settings() -> impl Strategy<Value = Settings> {
    (any::<[bool; 5]>(), 20u32..90).prop_map(|([strict, markers, dated, back, _], stable_days)| Settings {
        partial_response: if strict { PartialResponse::Strict } else { PartialResponse::Persists },
        markers_for_complete: markers,
        equivocal: if dated { Equivocal::BackDated } else { Equivocal::AtConfirmation },
        reappearance: if back { Reappearance::Progression } else { Reappearance::BySize },
        stable_days,
        ..Settings::default()
    })
}

/// A whole multiple of every size.
fn scaled(course: &Course, factor: u32) -> Course {
    fn scale(measure: &Measure, factor: u32) -> Measure {
        match measure {
            Measure::Size(size) => Measure::Size(Tenths::new(size.tenths() * factor)),
            Measure::TooSmall(size) => Measure::TooSmall(size.map(|size| Tenths::new(size.tenths() * factor))),
            Measure::Split(parts) => Measure::Split(parts.iter().map(|part| scale(part, factor)).collect()),
            other => other.clone(),
        }
    }
    let mut course = course.clone();
    for seen in course.visits.iter_mut().chain([&mut course.baseline]) {
        seen.targets.values_mut().for_each(|reading| reading.measure = scale(&reading.measure, factor));
    }
    course
}

/// The text of section 4.3.1 and tables 1 and 2, one assessment after the other, in plain words: no back-dating, no lasting
/// responses, no markers, no reappearance.
fn by_the_text(course: &Course) -> Vec<(Option<Response>, Option<Response>, Response)> {
    fn tenths(measure: &Measure) -> Option<u64> {
        match measure {
            Measure::Size(size) => Some(size.tenths().into()),
            Measure::Absent => Some(0),
            Measure::TooSmall(size) => Some(size.map_or(50, |size| size.tenths()).into()),
            Measure::Split(parts) => parts.iter().map(tenths).sum(),
            _ => None,
        }
    }
    fn gone(measure: &Measure, node: bool) -> bool {
        match measure {
            Measure::Absent => true,
            Measure::Size(size) => size.tenths() == 0 || (node && size.tenths() < 100),
            Measure::TooSmall(_) => node,
            Measure::Split(parts) => parts.iter().all(|part| gone(part, node)),
            _ => false,
        }
    }
    let of = |role| course.lesions.iter().filter(move |lesion| lesion.role == role).collect::<Vec<_>>();
    let (targets, others) = (of(Role::Target), of(Role::NonTarget));
    let size = |seen: &Assessment, id: &str| seen.targets.get(id).and_then(|reading| tenths(&reading.measure));
    let baseline: u64 = targets.iter().filter_map(|lesion| size(&course.baseline, &lesion.id)).sum();
    let mut sums = vec![baseline];
    let mut said = Vec::new();
    for seen in &course.visits {
        let nadir = *sums.iter().min().expect("baseline's");
        let sizes: Vec<Option<u64>> = targets.iter().map(|lesion| size(seen, &lesion.id)).collect();
        // What of a split lesion is known counts as known.
        let known: u64 = sizes.iter().flatten().sum();
        let whole = sizes.iter().all(Option::is_some);
        let all_gone = targets.iter().all(|lesion| gone(&seen.targets[&lesion.id].measure, lesion.node));
        let target = if targets.is_empty() {
            None
        } else if whole && all_gone {
            Some(Response::Cr)
        } else if 5 * known >= 6 * nadir && known >= nadir + 50 {
            Some(Response::Pd)
        } else if !whole {
            Some(Response::Ne)
        } else if 10 * known <= 7 * baseline {
            Some(Response::Pr)
        } else {
            Some(Response::Sd)
        };
        if whole && !targets.is_empty() {
            sums.push(known);
        }
        let states: Vec<NonTargetState> = others.iter().map(|lesion| seen.non_targets[&lesion.id]).collect();
        let any = |wanted: &[NonTargetState]| states.iter().any(|state| wanted.contains(state));
        use NonTargetState::*;
        let other = match () {
            () if others.is_empty() => None,
            () if any(&[Progression]) => Some(Response::Pd),
            () if any(&[NotEvaluable, NotDone]) => Some(Response::Ne),
            () if any(&[Present, Equivocal]) => Some(Response::NonCrNonPd),
            () => Some(Response::Cr),
        };
        let new = seen.new_lesions.values().any(|state| *state == NewState::Unequivocal);
        let overall = match (target, other) {
            _ if new => Response::Pd,
            (Some(Response::Pd), _) | (_, Some(Response::Pd)) => Response::Pd,
            (Some(Response::Cr), None | Some(Response::Cr)) => Response::Cr,
            (Some(Response::Cr), Some(_)) => Response::Pr,
            (Some(target), _) => target,
            (None, Some(other)) => other,
            (None, None) => Response::Ne,
        };
        said.push((target, other, overall));
    }
    said
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// The engine and the text read alike.
    #[test]
    fn as_the_text_says(course in courses()) {
        let plain = Settings {
            partial_response: PartialResponse::Strict,
            equivocal: Equivocal::AtConfirmation,
            markers_for_complete: false,
            reappearance: Reappearance::BySize,
            ..Settings::default()
        };
        let points = assess(&course, &plain).points;
        let said: Vec<_> = points.iter().map(|point| (point.target, point.non_target, point.overall)).collect();
        prop_assert_eq!(said, by_the_text(&course));
    }

    /// Neither the order of lesions nor of visits matters.
    #[test]
    fn order_does_not_matter(course in courses(), settings in settings(), turn in 0usize..5) {
        let mut turned = course.clone();
        turned.lesions.reverse();
        let turns = turn % turned.visits.len();
        turned.visits.rotate_left(turns);
        let (one, other) = (assess(&course, &settings), assess(&turned, &settings));
        prop_assert_eq!(&one.baseline, &other.baseline);
        let unplaced = |points: Vec<TimePoint>| points.into_iter().map(|point| TimePoint { visit: 0, ..point }).collect::<Vec<_>>();
        prop_assert_eq!(unplaced(one.points), unplaced(other.points));
        prop_assert_eq!((one.best, one.best_confirmed), (other.best, other.best_confirmed));
    }

    /// The nadir never rises, is at most baseline, and is the least of the sums that were wholly known.
    #[test]
    fn the_nadir_only_falls(course in courses(), settings in settings()) {
        let outcome = assess(&course, &settings);
        let mut least = outcome.baseline.sum;
        for point in &outcome.points {
            prop_assert_eq!(point.nadir, least);
            if let Some(sum) = point.sum {
                least = least.map(|least| least.min(sum));
            }
        }
    }

    /// Progression of any part is progression of the whole, and nothing else dates progression but a lesion that came back.
    #[test]
    fn progression_dominates(course in courses(), settings in settings()) {
        for point in assess(&course, &settings).points {
            let part = point.target == Some(Response::Pd)
                || point.non_target == Some(Response::Pd)
                || point.new_lesions == NewLesions::Unequivocal;
            prop_assert_eq!(part || matches!(point.why.rule, Rule::Reappeared | Rule::NodeReappeared), point.overall == Response::Pd);
        }
    }

    /// What is not known decides for progression at most, and complete response means that nothing is left.
    #[test]
    fn unknown_is_not_better(course in courses(), settings in settings()) {
        for point in assess(&course, &settings).points.iter().filter(|point| !point.used.is_empty()) {
            if point.sum.is_none() {
                prop_assert!(matches!(point.target, Some(Response::Ne | Response::Pd)));
                prop_assert!(point.from_baseline.is_none() && point.from_nadir.is_none());
            }
            let gone = point.used.iter().all(|used| used.gone && used.complete);
            prop_assert_eq!(gone, point.target == Some(Response::Cr));
        }
    }

    /// The rules in per cent don't care for the scale: without the limits in millimetres, three times every size reads the same.
    #[test]
    fn scale_does_not_matter_to_per_cents(course in courses(), settings in settings(), factor in 2u32..4) {
        let limits = |factor| Limits {
            node_normal: Tenths::new(100 * factor),
            too_small: Tenths::new(50 * factor),
            progression_min: Tenths::ZERO,
            ..Limits::default()
        };
        let responses = |course: &Course, factor| {
            let settings = Settings { limits: limits(factor), ..settings };
            assess(course, &settings).points.iter().map(|point| (point.target, point.overall)).collect::<Vec<_>>()
        };
        prop_assert_eq!(responses(&course, 1), responses(&scaled(&course, factor), factor));
    }

    /// A lasting response is the strict one or a partial response where that reads stable.
    #[test]
    fn lasting_responses_only_replace_stable_ones(course in courses(), settings in settings()) {
        let with = |partial_response| assess(&course, &Settings { partial_response, ..settings }).points;
        let pairs = with(PartialResponse::Persists).into_iter().zip(with(PartialResponse::Strict));
        for (lasting, strict) in pairs {
            let replaced = lasting.target == Some(Response::Pr) && strict.target == Some(Response::Sd);
            prop_assert!(lasting.target == strict.target || replaced);
        }
    }

    /// Confirmation never makes a best response better, and a confirmed one was seen.
    #[test]
    fn confirmation_is_never_better(course in courses(), settings in settings()) {
        let outcome = assess(&course, &settings);
        prop_assert!(outcome.best_confirmed.response >= outcome.best.response);
        if let (Some(first), Some(second)) = (outcome.best_confirmed.date, outcome.best_confirmed.confirmed) {
            prop_assert!(second.days_since(first) >= i64::from(settings.confirmation_days));
        }
    }

    /// Progression is dated back only, never forward; what was seen then never says it later.
    #[test]
    fn back_dating_only_moves_progression_forward_in_time(course in courses(), settings in settings()) {
        let with = |equivocal| assess(&course, &Settings { equivocal, ..settings });
        let (back, at) = (with(Equivocal::BackDated), with(Equivocal::AtConfirmation));
        let date = |outcome: &Outcome| outcome.progression().map(|point| point.date);
        match (date(&back), date(&at)) {
            (Some(back), Some(at)) => prop_assert!(back <= at),
            (back, at) => prop_assert_eq!(back, at),
        }
        let seen: Vec<_> = back.points.iter().map(|point| point.as_seen.overall).collect();
        prop_assert_eq!(seen, at.points.iter().map(|point| point.overall).collect::<Vec<_>>());
    }

    /// Every sentence has all its facts, in both languages, and names its section.
    #[test]
    fn every_reason_can_be_said(course in courses(), settings in settings()) {
        let outcome = assess(&course, &settings);
        let points = outcome.points.iter().flat_map(|point| {
            [Some(&point.why), point.target_why.as_ref(), point.non_target_why.as_ref(), point.new_lesions_why.as_ref()]
        });
        let all = points.flatten().chain(&outcome.baseline.notes).chain([&outcome.best.why, &outcome.best_confirmed.why]);
        for why in all {
            for language in ["en", "zh-CN"] {
                let words = why.words(language);
                prop_assert!(!words.contains('{') && !words.contains('}'), "{}", words);
                prop_assert!(words.contains(why.rule.section()));
            }
        }
    }
}

/// Names in braces of every sentence, alike in both languages.
#[test]
fn both_languages_name_the_same_facts() {
    let names = |text: &str| -> BTreeMap<String, ()> {
        let parts = text.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
        parts.map(|(name, _)| (name.to_owned(), ())).collect()
    };
    for rule in Rule::ALL {
        assert_eq!(names(rule.sentence("en")), names(rule.sentence("zh-CN")), "{rule:?}");
    }
}
