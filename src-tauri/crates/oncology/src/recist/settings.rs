//! What protocols settle differently, each choice by its name, and the rules' own limits.

use super::Tenths;

/// Whether a partial response lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartialResponse {
    /// Until progression: the patient who responded does not become stable again. EORTC, RECIST questions.
    Persists,
    /// Each assessment is compared with baseline anew.
    Strict,
}

/// What local treatment makes of a target lesion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TreatedTargets {
    /// Not evaluable from then on, unless the rest alone is progression. EORTC, RECIST questions, surgery and radiotherapy.
    NotEvaluable,
    /// Measured as before: the local treatment is part of the study treatment.
    Evaluable,
}

/// From when progression counts that was first equivocal. RECIST 1.1, sections 4.3.5 and 4.4.4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Equivocal {
    /// From the assessment that first saw it.
    BackDated,
    /// From the assessment that confirmed it.
    AtConfirmation,
}

/// What a complete response that the next assessment does not confirm was. RECIST 1.1, table 3 and its note a.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LostComplete {
    /// Truly complete: the disease came back. Stable disease if its duration is met, else progression.
    Complete,
    /// A partial response all along: followed by a partial response it is one.
    Partial,
    /// As recorded: stable disease if its duration is met, else not evaluable (as admiralonco derives it).
    AsRecorded,
}

/// The rules' own numbers. Eisenhauer EA et al., Eur J Cancer 2009;45:228 (RECIST 1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Target lesions at most. Section 4.2.
    pub targets: usize,
    /// Target lesions per organ at most; all lymph nodes are one organ. Section 4.2.
    pub targets_per_organ: usize,
    /// Least longest diameter of a target lesion. Section 3.1.1.
    pub target_min: Tenths,
    /// Least short axis of a nodal target. Section 3.1.1.
    pub node_target_min: Tenths,
    /// A node whose short axis is below is normal. Section 3.1.1.
    pub node_normal: Tenths,
    /// What a lesion counts that is seen but too small to measure. Section 4.3.2.
    pub too_small: Tenths,
    /// Shrinkage from baseline that is a partial response, per cent. Section 4.3.1.
    pub response_percent: u32,
    /// Growth from the nadir that is progression, per cent. Section 4.3.1.
    pub progression_percent: u32,
    /// Growth from the nadir that progression needs besides. Section 4.3.1.
    pub progression_min: Tenths,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            targets: 5,
            targets_per_organ: 2,
            target_min: Tenths::mm(10),
            node_target_min: Tenths::mm(15),
            node_normal: Tenths::mm(10),
            too_small: Tenths::mm(5),
            response_percent: 30,
            progression_percent: 20,
            progression_min: Tenths::mm(5),
        }
    }
}

/// What a lesion says that comes back after an overall complete response. Section 4.4.3, table 3, note a.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reappearance {
    /// Progression: a target node from the size at which nodes are abnormal, any other lesion whatever its size. EORTC, RECIST
    /// FAQ, "new or reappearing lesions" and "abnormal lymph node".
    Progression,
    /// Progression of any lesion but a target node, which must grow by the limits like any sum.
    NodesBySize,
    /// No more than its growth.
    BySize,
}

/// The choices that a protocol makes where RECIST 1.1 leaves one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Whether the best response that is reported needs confirmation: only where response is the primary endpoint of a
    /// non-randomised trial. Section 4.6.1.
    pub confirmation_required: bool,
    /// Least days between a response and its confirmation. Section 4.6.1.
    pub confirmation_days: u32,
    /// Assessments that are not evaluable allowed between the two; admiralonco, `max_nr_ne`.
    pub confirmation_ne: u32,
    /// Whether one stable assessment may lie between two partial responses; admiralonco, `accept_sd`.
    pub confirmation_sd: bool,
    /// Least days from the start for stable disease: six to eight weeks, the protocol says. Sections 4.4.3 and 4.6.3.
    pub stable_days: u32,
    /// Whether a partial response lasts.
    pub partial_response: PartialResponse,
    /// Locally treated target lesions.
    pub treated_targets: TreatedTargets,
    /// Whether markers that were elevated at baseline must be normal for a complete response. Section 3.2.2.
    pub markers_for_complete: bool,
    /// Equivocal progression that is confirmed.
    pub equivocal: Equivocal,
    /// Lesions that come back after a complete response.
    pub reappearance: Reappearance,
    /// Complete responses that are not confirmed.
    pub lost_complete: LostComplete,
    /// The rules' own numbers.
    pub limits: Limits,
}

impl Default for Settings {
    /// RECIST 1.1 as published, with the EORTC's answers where it is silent.
    fn default() -> Self {
        Self {
            confirmation_required: false,
            confirmation_days: 28,
            confirmation_ne: 1,
            confirmation_sd: false,
            stable_days: 42,
            partial_response: PartialResponse::Persists,
            treated_targets: TreatedTargets::NotEvaluable,
            markers_for_complete: true,
            equivocal: Equivocal::BackDated,
            reappearance: Reappearance::Progression,
            lost_complete: LostComplete::Complete,
            limits: Limits::default(),
        }
    }
}
