//! The rules of RECIST 1.1 that can decide a response, a best response or a remark on the baseline.

/// A rule that decided something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// Target lesions grew by the limits.
    TargetProgression,
    /// Target lesions came back from a sum of nothing.
    TargetProgressionFromNothing,
    /// What was measured alone is progression.
    TargetProgressionKnownPart,
    /// Nothing is left of the target lesions.
    TargetComplete,
    /// Target lesions shrank by the limit.
    TargetPartial,
    /// A partial response that has not progressed since.
    TargetPartialPersists,
    /// Neither partial response nor progression.
    TargetStable,
    /// Some target lesion isn't known.
    TargetNotEvaluable,
    /// The baseline isn't known.
    TargetNoBaseline,
    /// A non-target lesion progressed unequivocally.
    NonTargetProgression,
    /// Its equivocal progression was confirmed later.
    NonTargetProgressionBackDated,
    /// Nothing is left of the non-target lesions.
    NonTargetComplete,
    /// Nothing is left, but the markers are not normal.
    NonTargetMarkers,
    /// Nothing is left, but the markers were not measured.
    NonTargetMarkersUnknown,
    /// Some non-target lesion is still there.
    NonTargetPresent,
    /// Some non-target lesion isn't known.
    NonTargetNotEvaluable,
    /// An unequivocal new lesion.
    NewLesion,
    /// An equivocal new lesion that was confirmed later.
    NewLesionBackDated,
    /// An equivocal new lesion.
    NewLesionEquivocal,
    /// A lesion came back after a complete response.
    Reappeared,
    /// A target node, and nothing else, is abnormal again after a complete response.
    NodeReappeared,
    /// Target lesions are gone, the non-target lesions are not.
    CompleteButNonTarget,
    /// Target lesions are gone, the markers stand in the way.
    CompleteButMarkers,
    /// There are no lesions to follow.
    NoLesions,
    /// The best of the responses.
    BestSeen,
    /// The best of the responses, confirmed.
    BestConfirmed,
    /// Stable long enough.
    BestStable,
    /// A response that was not confirmed, stable long enough.
    BestStableUnconfirmed,
    /// Progression before anything better lasted long enough.
    BestProgression,
    /// A complete response that the next assessment did not confirm.
    BestLostComplete,
    /// Nothing lasted long enough.
    BestTooEarly,
    /// Nothing could be judged.
    BestNotEvaluable,
    /// No assessment.
    BestNone,
    /// More target lesions than allowed.
    TooManyTargets,
    /// More target lesions in an organ than allowed.
    TooManyInOrgan,
    /// A target lesion that is too small.
    TargetTooSmall,
    /// A nodal target that is too small.
    NodeTargetTooSmall,
    /// A node of normal size among the non-target lesions.
    NodeNormal,
    /// A target lesion without a size at baseline.
    TargetNotMeasured,
    /// A target lesion that was treated before and has not progressed.
    TargetTreatedBefore,
    /// An assessment before baseline.
    BeforeBaseline,
}

impl Rule {
    /// Every rule, in the order of this list.
    pub const ALL: [Self; 41] = [
        Self::TargetProgression,
        Self::TargetProgressionFromNothing,
        Self::TargetProgressionKnownPart,
        Self::TargetComplete,
        Self::TargetPartial,
        Self::TargetPartialPersists,
        Self::TargetStable,
        Self::TargetNotEvaluable,
        Self::TargetNoBaseline,
        Self::NonTargetProgression,
        Self::NonTargetProgressionBackDated,
        Self::NonTargetComplete,
        Self::NonTargetMarkers,
        Self::NonTargetMarkersUnknown,
        Self::NonTargetPresent,
        Self::NonTargetNotEvaluable,
        Self::NewLesion,
        Self::NewLesionBackDated,
        Self::NewLesionEquivocal,
        Self::Reappeared,
        Self::NodeReappeared,
        Self::CompleteButNonTarget,
        Self::CompleteButMarkers,
        Self::NoLesions,
        Self::BestSeen,
        Self::BestConfirmed,
        Self::BestStable,
        Self::BestStableUnconfirmed,
        Self::BestProgression,
        Self::BestLostComplete,
        Self::BestTooEarly,
        Self::BestNotEvaluable,
        Self::BestNone,
        Self::TooManyTargets,
        Self::TooManyInOrgan,
        Self::TargetTooSmall,
        Self::NodeTargetTooSmall,
        Self::NodeNormal,
        Self::TargetNotMeasured,
        Self::TargetTreatedBefore,
        Self::BeforeBaseline,
    ];
}
