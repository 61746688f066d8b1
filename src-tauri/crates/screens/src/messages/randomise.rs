//! Randomise: gates, request, reveal.

use serde::Serialize;
use ts_rs::TS;

/// Where a subject's allocation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RandomiseStep {
    /// The study allocates nothing here, or the vault holds no slots yet.
    Unavailable,
    /// Something is missing before it can be asked for.
    Gated,
    /// It can be asked for.
    Ready,
    /// It was asked for here; the center's answer is awaited.
    Asked,
    /// Another device asked.
    AskedElsewhere,
    /// It is known.
    Revealed,
}

/// The Randomise screen of a subject.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RandomiseView {
    /// Subject key.
    pub subject: String,
    /// Where it stands.
    pub step: RandomiseStep,
    /// What must be true before, in the order in which people see to it.
    pub gates: Vec<GateView>,
    /// The factors of stratification with the subject's levels.
    pub factors: Vec<FactorView>,
    /// The request, once it was made here.
    pub request: Option<RequestView>,
    /// The allocation, once it is known.
    pub allocation: Option<AllocationView>,
    /// The digest to which the center committed itself before the first patient.
    pub root: Option<String>,
    /// Whether whoever is signed in may ask and reveal.
    pub may_act: bool,
}

/// What must be true before an allocation is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum GateKind {
    /// The subject was registered once.
    Registered,
    /// Consent has a whole date.
    Consent,
    /// An answer is yes.
    Yes,
    /// A form is complete, and nothing hard stands against it.
    Form,
    /// A factor of stratification is known.
    Stratum,
    /// Something that has to be settled before is answered.
    Before,
}

/// One thing that must be true before an allocation is asked for.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct GateView {
    /// What it is about.
    pub kind: GateKind,
    /// Whether it is.
    pub open: bool,
    /// The form or question that it is about.
    pub title: String,
    /// The form where a person sees to it, with its event.
    pub form: Option<String>,
    /// The cell, where it is about one.
    pub cell: Option<String>,
}

/// A factor of stratification.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FactorView {
    /// The question.
    pub question: String,
    /// The subject's level; empty while it is not known.
    pub level: String,
}

/// A request that was made.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RequestView {
    /// The request code, in its groups.
    pub groups: Vec<String>,
    /// The how many-th request of this device.
    pub number: u32,
    /// When, local wall time.
    pub at: String,
    /// By whom.
    pub by: String,
}

/// An allocation.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AllocationView {
    /// The arm in words.
    pub arm: String,
    /// Randomisation number.
    pub number: String,
    /// When it was revealed, local wall time.
    pub at: String,
    /// By whom.
    pub by: String,
    /// The form that it was filled into.
    pub form: String,
}
