//! What comes out of the engine.

use super::{Change, Day, Tenths, Why};

/// A response: of the target lesions, of the non-target lesions, of the time point, or the best of all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Response {
    /// Complete response.
    Cr,
    /// Partial response.
    Pr,
    /// Stable disease.
    Sd,
    /// Neither complete response nor progression of disease that isn't measured.
    NonCrNonPd,
    /// Progressive disease.
    Pd,
    /// Not evaluable.
    Ne,
}

impl Response {
    /// Every response, the best first.
    pub const ALL: [Self; 6] = [Self::Cr, Self::Pr, Self::Sd, Self::NonCrNonPd, Self::Pd, Self::Ne];

    /// CDISC's code: `CR`, `PR`, `SD`, `NON-CR/NON-PD`, `PD`, `NE`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Cr => "CR",
            Self::Pr => "PR",
            Self::Sd => "SD",
            Self::NonCrNonPd => "NON-CR/NON-PD",
            Self::Pd => "PD",
            Self::Ne => "NE",
        }
    }

    /// The response of a code.
    pub fn named(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|response| response.code() == code)
    }
}

/// How a target lesion entered a sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// As measured.
    Measured,
    /// Absent: nothing.
    Absent,
    /// Too small to measure.
    TooSmall,
    /// Sum of its parts.
    Split,
    /// In the lesion with which it merged.
    Merged,
    /// Not at all: can't be measured reliably.
    NotEvaluable,
    /// Not at all: not imaged or not recorded.
    NotDone,
    /// Not at all: treated locally.
    Treated,
}

impl How {
    /// A stable word: `measured`, `too-small`, ….
    pub fn code(self) -> &'static str {
        match self {
            Self::Measured => "measured",
            Self::Absent => "absent",
            Self::TooSmall => "too-small",
            Self::Split => "split",
            Self::Merged => "merged",
            Self::NotEvaluable => "not-evaluable",
            Self::NotDone => "not-done",
            Self::Treated => "treated",
        }
    }
}

/// A target lesion in a sum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Used {
    /// Identifier of the lesion.
    pub lesion: String,
    /// What is known of its size; of a lesion that broke up, perhaps of some parts only.
    pub size: Option<Tenths>,
    /// How it came about.
    pub how: How,
    /// Whether the size is the whole one.
    pub complete: bool,
    /// Whether nothing is left of it: absent, or a node of normal size.
    pub gone: bool,
}

/// New lesions at a time point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NewLesions {
    /// No new lesion.
    None,
    /// At most equivocal ones.
    Equivocal,
    /// At least one certain one.
    Unequivocal,
}

impl NewLesions {
    /// `N`, `EQUIVOCAL`, `Y`.
    pub fn code(self) -> &'static str {
        match self {
            Self::None => "N",
            Self::Equivocal => "EQUIVOCAL",
            Self::Unequivocal => "Y",
        }
    }
}

/// The responses of a time point without what a later assessment told of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AsSeen {
    /// Of the target lesions.
    pub target: Option<Response>,
    /// Of the non-target lesions.
    pub non_target: Option<Response>,
    /// Whether new lesions were seen.
    pub new_lesions: NewLesions,
    /// Of the time point.
    pub overall: Response,
}

/// One assessment with its sums, responses and reasons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimePoint {
    /// Index in [`super::Course::visits`].
    pub visit: usize,
    /// Date of the assessment.
    pub date: Day,
    /// The target lesions, by identifier.
    pub used: Vec<Used>,
    /// Sum of the target lesions; none while one of them isn't known, or where there are none.
    pub sum: Option<Tenths>,
    /// Sum of what is known.
    pub known: Tenths,
    /// Least sum before this assessment, baseline's included.
    pub nadir: Option<Tenths>,
    /// Change of the sum from baseline.
    pub from_baseline: Option<Change>,
    /// Change of the sum from the nadir.
    pub from_nadir: Option<Change>,
    /// Of the target lesions; none where there are none.
    pub target: Option<Response>,
    /// Of the non-target lesions; none where there are none.
    pub non_target: Option<Response>,
    /// Whether new lesions were seen.
    pub new_lesions: NewLesions,
    /// Of the time point.
    pub overall: Response,
    /// The responses as they were before a later assessment dated progression back to this one.
    pub as_seen: AsSeen,
    /// The rule that decided, with its facts.
    pub why: Why,
    /// Why the target lesions' response is what it is.
    pub target_why: Option<Why>,
    /// Why the non-target lesions' response is what it is.
    pub non_target_why: Option<Why>,
    /// Why new lesions count as they do.
    pub new_lesions_why: Option<Why>,
}

/// The baseline with its sum and remarks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Baseline {
    /// The target lesions, by identifier.
    pub used: Vec<Used>,
    /// Their sum; none while one of them isn't known, or where there are none.
    pub sum: Option<Tenths>,
    /// What speaks against the choice of lesions.
    pub notes: Vec<Why>,
}

/// Best overall response of a course (RECIST 1.1, 4.4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Best {
    /// None without any assessment.
    pub response: Option<Response>,
    /// Date of the assessment that gave it; of a confirmed response, the first of the two.
    pub date: Option<Day>,
    /// Date of the assessment that confirmed it.
    pub confirmed: Option<Day>,
    /// The rule that decided, with its facts.
    pub why: Why,
}

/// A whole course with its best response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Target lesions and their sum at baseline.
    pub baseline: Baseline,
    /// Later assessments, by date.
    pub points: Vec<TimePoint>,
    /// Best overall response without confirmation.
    pub best: Best,
    /// Best overall response with confirmation.
    pub best_confirmed: Best,
    /// Whether the protocol reports the confirmed one.
    pub confirmation_required: bool,
}

impl Outcome {
    /// The best overall response that the protocol reports.
    pub fn reported(&self) -> &Best {
        if self.confirmation_required { &self.best_confirmed } else { &self.best }
    }

    /// The first time point with progressive disease.
    pub fn progression(&self) -> Option<&TimePoint> {
        self.points.iter().find(|point| point.overall == Response::Pd)
    }
}
