//! Reasons: the rule that decided, its section in RECIST 1.1, and the facts, said in a sentence.
//!
//! Sections are those of Eisenhauer EA et al., Eur J Cancer 2009;45:228. `EORTC` is recist.eortc.org's questions and answers.

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
    /// Neither.
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
    /// A new lesion.
    NewLesion,
    /// An equivocal new lesion that was confirmed later.
    NewLesionBackDated,
    /// An equivocal new lesion.
    NewLesionEquivocal,
    /// A lesion came back after a complete response.
    Reappeared,
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
    /// Every rule.
    pub const ALL: [Self; 40] = [
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

    /// A stable word: `target-progression`.
    pub fn code(self) -> &'static str {
        self.entry().0
    }

    /// Where RECIST 1.1 (or, named, another source) says so.
    pub fn section(self) -> &'static str {
        self.entry().1
    }

    /// The sentence with its facts' names in braces. `zh…` is Simplified Chinese, any other language English.
    pub fn sentence(self, language: &str) -> &'static str {
        let (_, _, english, chinese) = self.entry();
        if language.starts_with("zh") { chinese } else { english }
    }

    fn entry(self) -> super::words::Entry {
        super::words::entry(self)
    }
}

/// A rule with the facts that it decided on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Why {
    /// The rule.
    pub rule: Rule,
    /// Facts by the names in the rule's sentence: sizes in millimetres, per cents, dates, identifiers of lesions.
    pub facts: Vec<(&'static str, String)>,
}

impl Why {
    pub(super) fn of(rule: Rule) -> Self {
        Self { rule, facts: Vec::new() }
    }

    pub(super) fn with(mut self, name: &'static str, fact: impl ToString) -> Self {
        self.facts.push((name, fact.to_string()));
        self
    }

    /// Said in a language, with its section.
    pub fn words(&self, language: &str) -> String {
        let mut words = self.rule.sentence(language).to_owned();
        for (name, fact) in &self.facts {
            // A figure below zero is read with a minus sign, not with a hyphen.
            let said = fact.strip_prefix('-').map_or_else(|| fact.clone(), |size| format!("−{size}"));
            words = words.replace(&format!("{{{name}}}"), &said);
        }
        let section = self.rule.section();
        if language.starts_with("zh") { format!("{words}（{section}）") } else { format!("{words} ({section})") }
    }
}
