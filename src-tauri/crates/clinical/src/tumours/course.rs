//! A subject's tumours: lesions, assessments, what was entered and what the engine computes, each with its cells.

use oncology::recist::{self, Outcome, Response, Role, TimePoint};
use study::value::PartialDate;
use study::{CellKey, FormKey};

/// A lesion of the baseline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LesionPlace {
    /// Its identifier: `T01`.
    pub id: String,
    /// Target or not.
    pub role: Role,
    /// Code of its organ; empty where none was entered.
    pub organ: String,
    /// Whether it is a lymph node.
    pub node: bool,
    /// The cell of its identifier, whose row is the lesion's.
    pub cell: CellKey,
    /// The cell of its size at baseline, where the study asks for one.
    pub size: Option<CellKey>,
}

/// A row of a target lesion, or of a part of one, at an assessment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadingPlace {
    /// The lesion of the baseline: `T04`.
    pub lesion: String,
    /// What the row is called: `T04.1` of a part, else as the lesion.
    pub label: String,
    /// The cell of that name, whose row is the reading's.
    pub cell: CellKey,
    /// The cell of the state.
    pub state: Option<CellKey>,
    /// The cells that may hold its size, in the order of the form.
    pub sizes: Vec<CellKey>,
    /// The cell of the lesion with which it merged.
    pub into: Option<CellKey>,
    /// The cell that says that it was treated locally. May reveal the arm.
    pub treated: Option<CellKey>,
}

/// A row of a non-target lesion at an assessment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherPlace {
    /// The lesion of the baseline.
    pub lesion: String,
    /// The cell of its name, whose row is the reading's.
    pub cell: CellKey,
    /// The cell of the state.
    pub state: Option<CellKey>,
}

/// A row of a new lesion at an assessment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPlace {
    /// Its identifier, the same at every assessment.
    pub id: String,
    /// The cell of its name, whose row is the lesion's.
    pub cell: CellKey,
    /// The cell of its organ.
    pub organ: Option<CellKey>,
    /// The cell of its certainty.
    pub certainty: Option<CellKey>,
}

/// What a person entered as a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnteredResponse {
    /// The cell of the response.
    pub cell: CellKey,
    /// The code; none where there is no answer.
    pub code: Option<String>,
}

/// The entered responses of an assessment; none where the study does not ask.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entered {
    /// Of the target lesions.
    pub target: Option<EnteredResponse>,
    /// Of the non-target lesions.
    pub non_target: Option<EnteredResponse>,
    /// New lesions: `Y` or `N`.
    pub new_lesions: Option<EnteredResponse>,
    /// Of the time point.
    pub overall: Option<EnteredResponse>,
    /// Date of progression.
    pub progression_date: Option<EnteredResponse>,
}

/// An assessment after baseline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssessmentPlace {
    /// Its form.
    pub form: FormKey,
    /// The cell of its date.
    pub date: CellKey,
    /// The cell of the tumour markers.
    pub markers: Option<CellKey>,
    /// Rows of target lesions, as they are shown.
    pub readings: Vec<ReadingPlace>,
    /// Rows of non-target lesions.
    pub others: Vec<OtherPlace>,
    /// Rows of new lesions.
    pub new_lesions: Vec<NewPlace>,
    /// What was entered.
    pub entered: Entered,
    /// Whether every target lesion has been read here and has its size at baseline: until then a response that waits for
    /// sizes says "not evaluable" only because the entry goes on.
    pub targets_read: bool,
    /// Whether every non-target lesion has been read here.
    pub others_read: bool,
}

impl AssessmentPlace {
    /// Whether what is computed is more than a sign that entry goes on: progression always is.
    pub fn is_settled(&self, point: &TimePoint) -> bool {
        point.overall == Response::Pd || (self.targets_read && self.others_read)
    }
}

/// A subject's tumours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Course {
    /// What the engine was given. `visits` are those of `assessments`, in the same order.
    pub input: recist::Course,
    /// With which settings.
    pub settings: recist::Settings,
    /// What it made of it.
    pub outcome: Outcome,
    /// The baseline form.
    pub baseline: FormKey,
    /// The lesions of the baseline, targets first, as they are shown; `input.lesions` has the same order.
    pub lesions: Vec<LesionPlace>,
    /// The assessments by date.
    pub assessments: Vec<AssessmentPlace>,
    /// Assessments without a date: nothing can be said of them yet.
    pub undated: Vec<FormKey>,
}

impl Course {
    /// The assessments with what the engine says of each, by date.
    pub fn judged(&self) -> impl Iterator<Item = (&AssessmentPlace, &TimePoint)> {
        self.outcome.points.iter().filter_map(|point| Some((self.assessments.get(point.visit)?, point)))
    }

    /// The assessment of a form.
    pub fn at(&self, form: &FormKey) -> Option<(&AssessmentPlace, &TimePoint)> {
        self.judged().find(|(place, _)| place.form == *form)
    }
}

/// The day of a whole date.
pub(super) fn day(date: &PartialDate) -> Option<recist::Day> {
    recist::Day::new(i32::from(date.year()), u32::from(date.month()?), u32::from(date.day()?))
}
