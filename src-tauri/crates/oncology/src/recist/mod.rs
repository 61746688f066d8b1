//! RECIST 1.1: what the measurements of a patient's lesions mean.
//!
//! A pure function, [`assess`]: lesions and assessments in, sums, responses and reasons out. Sizes are whole tenths of a
//! millimetre ([`Tenths`]), so that no limit turns on a rounding error. Where protocols differ there is a named setting
//! ([`Settings`]) with the published rule as default. Source: Eisenhauer EA et al., "New response evaluation criteria in solid
//! tumours: revised RECIST guideline (version 1.1)", Eur J Cancer 2009;45:228–247; each [`Why`] names its section. mRECIST and
//! iRECIST are out of scope.
//!
//! | what | file |
//! |---|---|
//! | what is put in | `course.rs` |
//! | what comes out | `outcome.rs` |
//! | sums and response of target lesions | `target.rs` |
//! | non-target lesions, new lesions, back-dating | `non_target.rs` |
//! | the assessments one after another | `timepoint.rs` |
//! | best overall response | `best.rs` |
//! | notes on the choice of lesions at baseline | `baseline.rs` |
//! | the rules, and their sentences | `rule.rs`, `reason.rs`, `labels.rs` |

mod baseline;
mod best;
mod constants;
mod course;
mod day;
mod labels;
mod non_target;
mod outcome;
mod reason;
mod rule;
mod settings;
mod size;
mod target;
#[cfg(test)]
mod tests;
mod timepoint;

pub use best::{Timed, best_response};
pub use constants::constants;
pub use course::{
    Assessment, Course, Lesion, Markers, Measure, NewState, NonTargetState, PriorTreatment, Reading, Role,
};
pub use day::Day;
pub use outcome::{AsSeen, Baseline, Best, How, NewLesions, Outcome, Response, TimePoint, Used};
pub use reason::Why;
pub use rule::Rule;
pub use settings::{Equivocal, Limits, LostComplete, PartialResponse, Reappearance, Settings, TreatedTargets};
pub use size::{Change, Tenths};

/// Judges a course: every assessment, and the best of them with and without confirmation.
///
/// The order of lesions and visits does not matter. A lesion that an assessment does not mention was not done; what an
/// assessment says of a lesion that the course does not list is ignored.
pub fn assess(course: &Course, settings: &Settings) -> Outcome {
    let (baseline, points) = timepoint::judge_all(course, settings);
    let timed: Vec<_> = points.iter().map(|point| Timed { date: point.date, response: point.overall }).collect();
    let start = course.start.unwrap_or(course.baseline.date);
    Outcome {
        baseline,
        best: best_response(&timed, start, course.new_therapy, false, settings),
        best_confirmed: best_response(&timed, start, course.new_therapy, true, settings),
        points,
        confirmation_required: settings.confirmation_required,
    }
}
