//! The Tumours screen: lesions × assessments, what RECIST 1.1 makes of them, and what was entered.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{AddableEvent, Choice, FindingView, FormStatus};

/// The tumours of one subject.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TumoursView {
    /// Subject key.
    pub subject: String,
    /// Whether this user may enter here.
    pub editable: bool,
    /// Whether the study reports the confirmed best response.
    pub confirmation_required: bool,
    /// Whether a partial response lasts until progression.
    pub response_persists: bool,
    /// Least days from the start for stable disease.
    pub stable_days: u32,
    /// The form in which lesions are chosen, where there is one.
    pub baseline_form: Option<String>,
    /// Baseline, then the assessments by date; empty while no baseline scan is dated.
    pub columns: Vec<TumourColumn>,
    /// Target lesions, non-target lesions, new lesions.
    pub rows: Vec<TumourRow>,
    /// The lines of responses, with what may be entered.
    pub lines: Vec<ResponseLine>,
    /// Best overall response without confirmation.
    pub best: Option<BestResponse>,
    /// Best overall response with confirmation.
    pub best_confirmed: Option<BestResponse>,
    /// Change of the sum from baseline that is a partial response, per cent.
    pub response_limit: String,
    /// Change of the sum from baseline from which on the next scan would be progression, per cent; none without a sum.
    pub progression_limit: Option<String>,
    /// What speaks against the choice of lesions, in words.
    pub notes: Vec<String>,
    /// Assessments that may be added now.
    pub addable: Vec<AddableEvent>,
    /// States of a target lesion that may stand instead of a size.
    pub states: Vec<Choice>,
    /// States of a non-target lesion.
    pub other_states: Vec<Choice>,
    /// How certain a new lesion is.
    pub certainties: Vec<Choice>,
    /// Organs of a new lesion.
    pub organs: Vec<Choice>,
}

/// A scan.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TumourColumn {
    /// The form's place.
    pub form: String,
    /// The event in words.
    pub title: String,
    /// The event, short.
    pub label: String,
    /// Date of the scan, ISO 8601.
    pub date: Option<String>,
    /// Day of the study; the first treatment is day 1.
    pub day: Option<i64>,
    /// Whether this is the baseline.
    pub baseline: bool,
    /// The form's status.
    pub status: FormStatus,
    /// Whether all lesions are read: until then what is computed only says that entry goes on.
    pub settled: bool,
    /// Sum of the target lesions in millimetres; none while one of them is not known.
    pub sum: Option<String>,
    /// Sum of what is known, where that is not the whole.
    pub known: Option<String>,
    /// Whether no sum is smaller.
    pub nadir: bool,
    /// From baseline, per cent.
    pub from_baseline: Option<String>,
    /// From the nadir before, millimetres.
    pub from_nadir: Option<String>,
    /// From the nadir before, per cent.
    pub from_nadir_percent: Option<String>,
    /// One for each of the lines; empty at baseline.
    pub responses: Vec<ResponseCell>,
    /// Why the response is what it is, in words: the time point first, then its parts.
    pub why: Vec<String>,
    /// The response before a later assessment dated progression back to this one.
    pub as_seen: Option<String>,
}

/// Which response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ResponseKind {
    /// Of the target lesions.
    Target,
    /// Of the non-target lesions.
    NonTarget,
    /// New lesions.
    New,
    /// Of the time point.
    Overall,
}

/// A line of responses.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ResponseLine {
    /// Of which lesions, or overall.
    pub kind: ResponseKind,
    /// What may be entered; empty where the study does not ask.
    pub choices: Vec<Choice>,
}

/// A response at an assessment.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ResponseCell {
    /// Computed code; none where there is nothing to judge.
    pub computed: Option<String>,
    /// Cell of the entered one, the name for every act on it; none where the study does not ask.
    pub cell: Option<String>,
    /// Entered code, or empty.
    pub entered: String,
    /// Whether what was entered is not what is computed.
    pub disagrees: bool,
    /// Findings on the entered one.
    pub findings: Vec<FindingView>,
}

/// What a lesion is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LesionRole {
    /// A target lesion: measured at each scan.
    Target,
    /// Watched.
    NonTarget,
    /// Came after baseline.
    New,
}

/// A lesion.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TumourRow {
    /// Identifier, `T01`.
    pub id: String,
    /// What it is.
    pub role: LesionRole,
    /// Organ in words.
    pub organ: String,
    /// Place in the organ, as written.
    pub place: String,
    /// Whether it is a lymph node, whose short axis is measured.
    pub node: bool,
    /// One for each column.
    pub cells: Vec<TumourCell>,
}

/// A new lesion as a person enters it.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct NewLesion {
    /// Code of the organ.
    pub organ: String,
    /// Place in the organ.
    pub place: String,
    /// Code of how certain it is.
    pub certainty: String,
}

/// A lesion at a scan.
#[derive(Clone, Debug, Default, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TumourCell {
    /// Code of its state, or empty.
    pub state: String,
    /// Its size as it was entered, with another unit than millimetres named; or empty.
    pub size: String,
    /// What it counts in the sum, in millimetres, where it is a target lesion and known.
    pub mm: Option<String>,
    /// Whether nothing is left of it: absent, or a node of normal size.
    pub gone: bool,
    /// Rows that it has at this scan: more than one where it broke up, which the form alone can enter.
    pub parts: u32,
    /// Whether it was treated locally since baseline. May reveal the arm.
    pub treated: bool,
    /// What was typed and not yet accepted.
    pub draft: Option<String>,
    /// Findings on it.
    pub findings: Vec<FindingView>,
    /// Cell to go to in the form, where there is a row.
    pub cell: Option<String>,
}

/// A best overall response.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BestResponse {
    /// Code; none without any assessment.
    pub response: Option<String>,
    /// Why, in words.
    pub why: String,
}
