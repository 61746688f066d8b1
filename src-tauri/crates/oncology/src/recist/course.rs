//! What is put into the engine: lesions, and what was seen of them at each assessment.

use super::{Day, Tenths};
use std::collections::BTreeMap;

/// What a lesion was declared to be at baseline. RECIST 1.1, section 4.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Measured at every assessment.
    Target,
    /// Followed by its presence.
    NonTarget,
}

/// Irradiation (or another local treatment) before baseline. RECIST 1.1, section 3.1.2.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PriorTreatment {
    /// None, or none known.
    #[default]
    None,
    /// Treated, and progression was demonstrated since: measurable.
    ProgressedSince,
    /// Treated, no progression since: usually not measurable.
    NotProgressed,
}

/// A lesion that was found at baseline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lesion {
    /// By which assessments refer to it; unique in a course: `T01`.
    pub id: String,
    /// Whether it is followed by its size (target) or by its presence (non-target).
    pub role: Role,
    /// The organ, compared as it is written. Lymph nodes are one organ whatever this says.
    pub organ: String,
    /// Whether it is a lymph node: measured by its short axis.
    pub node: bool,
    /// Local treatment before baseline.
    pub prior_treatment: PriorTreatment,
    /// Size at baseline of a non-target lesion, where one was recorded: looked at for a node only.
    pub size: Option<Tenths>,
}

/// What was seen of a target lesion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Longest diameter, of a node the short axis. Zero is absent.
    Size(Tenths),
    /// It disappeared.
    Absent,
    /// Seen, but too small to measure; a size that was recorded nevertheless.
    TooSmall(Option<Tenths>),
    /// Broken into parts: their sizes are summed.
    Split(Vec<Measure>),
    /// Grown together with another lesion that carries the common longest diameter; its identifier, where it is known.
    Merged(Option<String>),
    /// Imaged, but can't be measured reliably.
    NotEvaluable,
    /// Not imaged, or not recorded.
    NotDone,
}

/// A target lesion at an assessment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// What the image showed of its size.
    pub measure: Measure,
    /// Whether the lesion was treated locally (radiotherapy, ablation, surgery) since baseline. Counts from this assessment on.
    pub treated: bool,
}

/// What was seen of a non-target lesion. RECIST 1.1, sections 4.3.3 and 4.3.4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NonTargetState {
    /// Disappeared; of a node, short axis below 10 mm.
    Absent,
    /// Still there.
    Present,
    /// Perhaps progressing; to be settled by the next assessment.
    Equivocal,
    /// Unequivocal progression.
    Progression,
    /// Imaged, but can't be judged.
    NotEvaluable,
    /// Not imaged, or not recorded.
    NotDone,
}

/// What was seen of a lesion that was not there at baseline. RECIST 1.1, section 4.3.5.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewState {
    /// Certainly a new lesion.
    Unequivocal,
    /// Perhaps; to be settled by the next assessment.
    Equivocal,
    /// No new lesion after all, or no longer there.
    Refuted,
}

/// Tumour markers against their upper limit of normal. RECIST 1.1, section 3.2.2.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Markers {
    /// Not measured, or not followed.
    #[default]
    Unknown,
    /// All within normal limits.
    Normal,
    /// At least one above.
    Elevated,
}

/// One assessment: baseline or a later one. What isn't mentioned of a lesion was not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assessment {
    /// Date of the assessment.
    pub date: Day,
    /// Target lesions by identifier.
    pub targets: BTreeMap<String, Reading>,
    /// Non-target lesions by identifier.
    pub non_targets: BTreeMap<String, NonTargetState>,
    /// New lesions by an identifier of their own, the same at every assessment.
    pub new_lesions: BTreeMap<String, NewState>,
    /// State of the tumour markers.
    pub markers: Markers,
}

impl Assessment {
    /// An assessment of which nothing is known yet.
    pub fn on(date: Day) -> Self {
        Self {
            date,
            targets: BTreeMap::new(),
            non_targets: BTreeMap::new(),
            new_lesions: BTreeMap::new(),
            markers: Markers::Unknown,
        }
    }
}

/// Everything that the rules look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Course {
    /// From when stable disease is counted (first treatment or randomisation, as the protocol says); without it from baseline.
    pub start: Option<Day>,
    /// First anticancer treatment outside the protocol: later assessments make no best response.
    pub new_therapy: Option<Day>,
    /// Slice thickness of the baseline scan: a target is at least twice as large. Section 3.1.1.
    pub slice: Option<Tenths>,
    /// Lesions of the baseline, in any order.
    pub lesions: Vec<Lesion>,
    /// The assessment from which lesions are followed.
    pub baseline: Assessment,
    /// Later assessments, in any order.
    pub visits: Vec<Assessment>,
}
