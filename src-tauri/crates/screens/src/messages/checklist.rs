//! The sheet that a nurse takes along to a visit: what to collect, and what is open.

use serde::Serialize;
use ts_rs::TS;

use super::{FormStatus, WindowState};

/// A visit as a list to tick off. It names the participant by the subject key alone.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChecklistView {
    /// The study's name.
    pub study: String,
    /// The study's version.
    pub version: String,
    /// Site.
    pub site: String,
    /// Subject key.
    pub subject: String,
    /// The visit.
    pub visit: String,
    /// Planned day, ISO 8601.
    pub planned: Option<String>,
    /// First and last day of the window.
    pub window: Option<(String, String)>,
    /// Day on which it took place.
    pub date: Option<String>,
    /// Where today lies.
    pub state: WindowState,
    /// The day of printing.
    pub printed: String,
    /// What is to be collected, form by form.
    pub forms: Vec<ChecklistForm>,
    /// Findings and queries of other visits that are still open.
    pub open: Vec<OpenPoint>,
}

/// A form of the visit.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChecklistForm {
    /// Form place.
    pub key: String,
    /// Title.
    pub title: String,
    /// Where it stands.
    pub status: FormStatus,
    /// What is asked.
    pub items: Vec<ChecklistItem>,
    /// Findings and queries here that are still open.
    pub open: Vec<OpenPoint>,
}

/// A question to ask or a value to measure.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChecklistItem {
    /// The question.
    pub question: String,
    /// Symbol of the unit, or empty.
    pub unit: String,
    /// Plausible range in words, or empty.
    pub range: String,
    /// Choices in words, where they are few.
    pub choices: Vec<String>,
    /// Whether it is needed for completion.
    pub mandatory: bool,
    /// Whether it stands once for each row that is added.
    pub repeating: bool,
    /// Whether it is answered already.
    pub answered: bool,
    /// The value at the latest earlier visit, or empty. Free text is never printed.
    pub last: String,
}

/// Kinds of open points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum OpenKind {
    /// A hard finding.
    Hard,
    /// A soft finding that nobody confirmed.
    Soft,
    /// An open query.
    Query,
}

/// Something that waits for a word.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OpenPoint {
    /// What waits.
    pub kind: OpenKind,
    /// The visit and the form, or empty where they are plain.
    pub place: String,
    /// The question.
    pub question: String,
    /// The study's words on it; empty for a query, whose words are free text.
    pub message: String,
}
