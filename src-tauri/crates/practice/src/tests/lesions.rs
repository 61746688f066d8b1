//! Hidden courses, judged by RECIST 1.1 as the engine computes it: it knows nothing of what is planned.

use std::collections::BTreeMap;

use oncology::recist::{
    Assessment, Course as Judged, Day, Lesion, Markers, Measure, NewState, NonTargetState, Outcome, PriorTreatment,
    Reading, Response, Role, Settings, Tenths, assess,
};
use study::value::PartialDate;

use crate::course::{Course, Progression};
use crate::invent::Dice;

/// Days between assessments of the trial that comes along.
const EVERY: i32 = 42;
/// Its assessments at most.
const ASSESSMENTS: i32 = 17;
/// The lesion that is no target, and the one that comes.
const OTHER: &str = "NT01";
const NEW: &str = "N01";

/// Many courses, in both arms.
fn courses() -> impl Iterator<Item = Course> {
    (0..1500).map(|number| {
        let mut course = Course::draw(&mut Dice::new(u64::from(number) / 500 + 40, number));
        course.treat(number % 2 == 1);
        course
    })
}

/// So many days after the first dose.
fn date(day: i32) -> Day {
    let first: PartialDate = "2026-01-05".parse().expect("a day");
    Day::read(&first.plus_days(day).expect("in our time").to_string()).expect("a whole day")
}

/// What an image shows of a target: nothing below half a millimetre, no size below five; of a node its short axis.
fn seen(course: &Course, lesion: usize, day: i32) -> Reading {
    let size = course.size(lesion, day).and_then(|size| u32::try_from(size).ok()).expect("no size is below zero");
    let measure = match (size, course.is_node(lesion)) {
        (0..5, false) => Measure::Absent,
        (0..50, false) => Measure::TooSmall(None),
        (size, _) => Measure::Size(Tenths::new(size)),
    };
    Reading { measure, treated: false }
}

fn assessment(course: &Course, day: i32) -> Assessment {
    let mut at = Assessment::on(date(day));
    at.targets = (0..course.targets()).map(|lesion| (format!("T{lesion}"), seen(course, lesion, day))).collect();
    let state = match course.non_targets(day) {
        "progressed" => NonTargetState::Progression,
        _ => NonTargetState::Present,
    };
    at.non_targets = BTreeMap::from([(OTHER.to_owned(), state)]);
    if course.has_new_lesion(day) {
        at.new_lesions = BTreeMap::from([(NEW.to_owned(), NewState::Unequivocal)]);
    }
    at.markers = Markers::Elevated;
    at
}

/// What the engine says of the assessments on these days.
fn judged(course: &Course, days: &[i32]) -> Outcome {
    let lesion = |id: String, role, organ: &str, node| {
        let organ = organ.to_owned();
        Lesion { id, role, organ, node, prior_treatment: PriorTreatment::None, size: None }
    };
    let targets = (0..course.targets())
        .map(|nth| lesion(format!("T{nth}"), Role::Target, course.organ(nth), course.is_node(nth)));
    let lesions = targets.chain([lesion(OTHER.into(), Role::NonTarget, "first", false)]).collect();
    let visits = days.iter().map(|day| assessment(course, *day)).collect();
    let baseline = assessment(course, -10);
    let start = Some(date(0));
    let slice = Some(Tenths::mm(5));
    assess(&Judged { start, new_therapy: None, slice, lesions, baseline, visits }, &Settings::default())
}

/// The days of the assessments that take place while the patient takes part.
fn planned(course: &Course) -> Vec<i32> {
    (1..=ASSESSMENTS).map(|nth| nth * EVERY).filter(|day| *day < course.end()).collect()
}

/// The same with visits a day early or late, a few outside their window, and a few missed.
fn kept_as_people_do(course: &Course) -> Vec<i32> {
    let mut dice = Dice::new(course.seed(), 77);
    let mut days = Vec::new();
    for (nth, day) in planned(course).into_iter().enumerate() {
        let off = if dice.chance(3) { 9 } else { i32::try_from(dice.below(3)).expect("small") - 1 };
        if nth == 0 || !dice.chance(2) {
            days.push(day + off);
        }
    }
    days.retain(|day| *day < course.end());
    days
}

/// The first assessment on which the planned progression can be seen. Growth begins on the day, the rest is there at once.
fn first_sight(course: &Course, days: &[i32]) -> Option<i32> {
    let grows = i32::from(course.how == Progression::Targets);
    days.iter().copied().find(|day| *day >= course.progression + grows)
}

#[test]
fn planned_progression_shows_at_the_next_assessment_and_at_none_before() {
    let mut shown = [0; 3];
    for (number, course) in courses().enumerate() {
        for days in [planned(&course), kept_as_people_do(&course)] {
            let outcome = judged(&course, &days);
            let expected = first_sight(&course, &days).map(date);
            let found = outcome.progression().map(|point| point.date);
            assert_eq!(found, expected, "{number}: {course:?}\n{:?}", outcome.progression().map(|point| &point.why));
            let kinds = [Progression::Targets, Progression::NewLesion, Progression::NonTargets];
            let kind = kinds.iter().position(|kind| *kind == course.how).expect("one of them");
            shown[kind] += usize::from(found.is_some());
        }
    }
    assert!(shown.iter().all(|count| *count > 200), "{shown:?}");
}

#[test]
fn every_assessment_can_be_judged() {
    let mut best = BTreeMap::new();
    for (number, course) in courses().enumerate() {
        let outcome = judged(&course, &planned(&course));
        assert!(outcome.points.iter().all(|point| point.overall != Response::Ne), "{number}: {course:?}");
        *best.entry(outcome.best.response.map(Response::code)).or_insert(0) += 1;
    }
    // Nobody progresses before the first assessment, and a complete response needs the other lesions gone, too.
    for response in [Response::Pr, Response::Sd] {
        assert!(best.get(&Some(response.code())).is_some_and(|count| *count > 300), "{best:?}");
    }
    for never in [Response::Cr, Response::Pd] {
        assert!(!best.contains_key(&Some(never.code())), "{best:?}");
    }
}

#[test]
fn lesions_are_chosen_as_recist_asks() {
    for (number, course) in courses().enumerate() {
        let notes = judged(&course, &[]).baseline.notes;
        let words: Vec<String> = notes.iter().map(|note| note.words("en")).collect();
        assert!(words.is_empty(), "{number}: {words:?}");
    }
}

#[test]
fn targets_keep_to_what_a_scan_can_show() {
    for course in courses() {
        for lesion in 0..course.targets() {
            let sizes: Vec<i32> = (-30..900).filter_map(|day| course.size(lesion, day)).collect();
            assert!(sizes.iter().all(|size| (0..5000).contains(size)), "{course:?}");
            assert_eq!(sizes[0], sizes[30], "before the first dose it is the baseline's");
            // From a day to the next nothing jumps but at progression.
            let most = sizes[0] / 20 + 5;
            let jumps = sizes.windows(2).filter(|pair| (pair[1] - pair[0]).abs() > most).count();
            assert!(jumps <= 1, "{jumps}: {course:?}");
        }
        assert_eq!(course.size(course.targets(), 0), None);
    }
}
