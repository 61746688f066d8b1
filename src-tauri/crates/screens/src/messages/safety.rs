//! Safety: the clock of a report, and what stands around an adverse event.

use serde::Serialize;
use ts_rs::TS;

/// Where the report of a serious adverse event stands against its clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ClockState {
    /// The moment of awareness is not recorded, so the clock can't run.
    Unaware,
    /// Not reported; there is time left.
    Due,
    /// Not reported; the time has passed.
    Overdue,
    /// Reported in time.
    InTime,
    /// Reported too late.
    Late,
}

/// The clock of one report.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReportClock {
    /// First cell of the report's row: the name for every act on it.
    pub cell: String,
    /// Number of the adverse event, or empty.
    pub event: String,
    /// The adverse event in few words: number, term and grade; empty where none has the number.
    pub title: String,
    /// Number of the report, or empty.
    pub report: String,
    /// Where it stands.
    pub state: ClockState,
    /// Minutes left, since the time passed, from awareness to the report, or too late; by the state.
    pub minutes: u32,
    /// When it must be with the sponsor, local, `2026-11-23T16:20`; nothing while awareness is not known.
    pub deadline: Option<String>,
    /// Hours that the study gives.
    pub hours: u32,
}

/// What the right-hand column shows around an adverse event.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EventBeside {
    /// Its number, term and grade.
    pub title: String,
    /// First day, ISO 8601, perhaps partial.
    pub onset: Option<String>,
    /// Day of the study, from the day of first treatment as 1; negative before.
    pub day: Option<i32>,
    /// The cycle in which it began: label and day of it.
    pub cycle: Option<(String, i32)>,
    /// Periods of treatment before it began, and those that it changed.
    pub drugs: Vec<DrugBefore>,
    /// Radiotherapy before it began.
    pub radiotherapy: Vec<CourseBefore>,
    /// Laboratory results behind it.
    pub labs: Vec<ResultBehind>,
}

/// A period of treatment around an adverse event.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DrugBefore {
    /// Drug in words.
    pub drug: String,
    /// Dose and how often, in words.
    pub dose: String,
    /// Whether the period is an interruption.
    pub paused: bool,
    /// First day, ISO 8601.
    pub from: String,
    /// Last day; none while it goes on.
    pub to: Option<String>,
    /// Day of the last dose before the event, by frequency and period.
    pub last: Option<String>,
    /// Days from the last dose to the event.
    pub since: Option<i32>,
    /// Whether the form says that the event changed the dose.
    pub because: bool,
    /// The period's form.
    pub form: String,
    /// Its first cell.
    pub cell: String,
}

/// The fractions to one target before an adverse event.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CourseBefore {
    /// Target in words.
    pub target: String,
    /// How many fractions.
    pub fractions: u32,
    /// Their doses together, in Gy; empty where one is not known.
    pub dose: String,
    /// Day of the first.
    pub first: String,
    /// Day of the last.
    pub last: String,
    /// Days from the last to the event.
    pub since: i32,
}

/// A laboratory result behind an adverse event.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ResultBehind {
    /// The question.
    pub name: String,
    /// Value with unit.
    pub value: String,
    /// The limits recorded with it, or empty.
    pub limits: String,
    /// Day of the sample.
    pub date: String,
    /// Visit.
    pub visit: String,
    /// The grade that the rules propose.
    pub grade: Option<u8>,
    /// Whether the event's own form names it.
    pub named: bool,
    /// The result's form.
    pub form: String,
    /// The result's cell.
    pub cell: String,
}

/// The adverse event of a laboratory result.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ResultEvent {
    /// Number, term and grade of the event; empty where none is recorded.
    pub title: String,
    /// The event's form.
    pub form: String,
    /// Its first cell.
    pub cell: String,
}

/// What a rule looked at when it said something of a cell.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Evidence {
    /// The rule.
    pub rule: String,
    /// What it looked at.
    pub facts: Vec<EvidenceFact>,
}

/// One question that a rule looked at, with what is answered.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EvidenceFact {
    /// The question.
    pub name: String,
    /// The answer in words; of many the first and the last.
    pub value: String,
    /// How many answers.
    pub count: u32,
    /// The visit, where all are of one.
    pub visit: String,
}

/// A report that was written.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReportWritten {
    /// The file.
    pub file: String,
    /// Its size in bytes.
    pub bytes: u32,
    /// SHA-256 of the file, which the journal holds, too.
    pub digest: String,
}
