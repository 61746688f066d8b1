//! The rules, held against published numbers, the text's own sentences, and a second implementation.

mod best;
mod laws;
mod numbers;
mod rules;

use super::*;

/// Millimetres with at most one place.
pub(crate) fn mm(text: &str) -> Tenths {
    Tenths::from_mm(text.parse().expect("a decimal")).expect("a size in tenths")
}

pub(crate) fn day(text: &str) -> Day {
    Day::read(text).expect("a day")
}

/// The day so many days after 2024-01-01.
pub(crate) fn after(days: u32) -> Day {
    let mut date = (2024, 1, 1);
    for _ in 0..days {
        date = [(date.0, date.1, date.2 + 1), (date.0, date.1 + 1, 1), (date.0 + 1, 1, 1)]
            .into_iter()
            .find(|next| Day::new(next.0, next.1, next.2).is_some())
            .expect("one of the three follows");
    }
    Day::new(date.0, date.1, date.2).expect("a day")
}

pub(crate) fn target(id: &str) -> Lesion {
    Lesion {
        id: id.to_owned(),
        role: Role::Target,
        organ: "LIVER".to_owned(),
        node: false,
        prior_treatment: PriorTreatment::None,
        size: None,
    }
}

pub(crate) fn node(id: &str) -> Lesion {
    Lesion { node: true, organ: "LYMPH NODE".to_owned(), ..target(id) }
}

pub(crate) fn non_target(id: &str) -> Lesion {
    Lesion { role: Role::NonTarget, ..target(id) }
}

pub(crate) fn reading(measure: Measure) -> Reading {
    Reading { measure, treated: false }
}

/// An assessment of target lesions.
pub(crate) fn seen<const N: usize>(date: Day, targets: [(&str, Measure); N]) -> Assessment {
    let targets = targets.into_iter().map(|(id, measure)| (id.to_owned(), reading(measure))).collect();
    Assessment { targets, ..Assessment::on(date) }
}

pub(crate) fn course(lesions: Vec<Lesion>, baseline: Assessment, visits: Vec<Assessment>) -> Course {
    Course { start: None, new_therapy: None, slice: None, lesions, baseline, visits }
}

/// One target lesion measured every 42 days; the first size is baseline's.
pub(crate) fn one_lesion(sizes: &[&str]) -> Course {
    let mut seen =
        sizes.iter().zip(0..).map(|(size, place)| self::seen(after(42 * place), [("T01", Measure::Size(mm(size)))]));
    let baseline = seen.next().expect("a baseline");
    course(vec![target("T01")], baseline, seen.collect())
}

/// Codes of the target responses.
pub(crate) fn targets_of(course: &Course, settings: &Settings) -> Vec<&'static str> {
    assess(course, settings).points.iter().map(|point| point.target.map_or("-", Response::code)).collect()
}

/// Codes of the overall responses.
pub(crate) fn overall_of(course: &Course, settings: &Settings) -> Vec<&'static str> {
    assess(course, settings).points.iter().map(|point| point.overall.code()).collect()
}
