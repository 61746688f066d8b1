//! The form screen: questions, answers, and what concerns one cell.

use serde::Serialize;
use ts_rs::TS;

use super::{Choice, EarlierView, FormStatus, RetiredView};

/// A form with its questions: what does not change while entering. Fetched once per form and language.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FormShape {
    /// Form place.
    pub key: String,
    /// Form title.
    pub title: String,
    /// Event title.
    pub event_title: String,
    /// Groups of questions, in order.
    pub groups: Vec<GroupShape>,
}

/// A group of questions.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct GroupShape {
    /// Group OID.
    pub oid: String,
    /// Title; empty where it only repeats the form's.
    pub title: String,
    /// Whether rows may be added.
    pub repeating: bool,
    /// Questions.
    pub items: Vec<ItemShape>,
}

/// One question.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ItemShape {
    /// Item OID.
    pub oid: String,
    /// Short name, `CREAT`.
    pub name: String,
    /// The question in words.
    pub question: String,
    /// Which control shows it.
    pub control: Control,
    /// Greatest number of characters, where limited.
    pub length: Option<u32>,
    /// Choices, for codes.
    pub choices: Vec<Choice>,
    /// Symbol of the standard unit, or empty.
    pub unit: String,
    /// Symbols of all accepted units.
    pub units: Vec<String>,
    /// Range in words, `57–97 µmol/L`, or empty.
    pub range: String,
    /// Completion guideline, or empty.
    pub guideline: String,
    /// Whether an answer (or a reason why there is none) is needed for completion.
    pub mandatory: bool,
    /// Codes of the reasons that may stand instead of a value; empty for a derived item.
    pub missing: Vec<String>,
    /// Formula of a derived item in words, or else its expression.
    pub formula: Option<String>,
    /// OID of the item of the same row that this one goes with: of a term the words of the chart, of a grade the term.
    pub companion: Option<String>,
    /// Dictionary that the study names for it and that is not loaded, `CTCAE 5.0`, or empty.
    pub absent: String,
    /// The part that it plays in a laboratory panel.
    pub analyte: Option<super::AnalyteShape>,
}

/// A control of the form screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Control {
    /// One line of text.
    Text,
    /// Several lines of text.
    LongText,
    /// Number, with unit and qualifier where allowed.
    Number,
    /// Date, whole or partial.
    Date,
    /// Time of day.
    Time,
    /// Date and time, whole or partial.
    DateTime,
    /// Few choices shown side by side; digits pick.
    Choices,
    /// Many choices; typing filters.
    List,
    /// A term of a dictionary; typing searches it.
    Term,
    /// A grade of the term that stands in the companion.
    Grade,
    /// Computed; never typed.
    Derived,
    /// A file or picture kept as it is.
    File,
}

/// A term of the study's dictionary, with all that helps to choose it and its grade.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TermView {
    /// Code as stored.
    pub code: String,
    /// The term in words.
    pub label: String,
    /// The other name by which it was found, or empty.
    pub synonym: String,
    /// System organ class.
    pub soc: String,
    /// Definition, or empty.
    pub definition: String,
    /// Navigational note, or empty.
    pub note: String,
    /// Whether the term only says that free text follows.
    pub other: bool,
    /// The grades that it has, mildest first.
    pub grades: Vec<GradeView>,
}

/// A grade that a term has.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct GradeView {
    /// Its digit.
    pub grade: String,
    /// The dictionary's words for it.
    pub text: String,
}

/// A form as it stands: what every act on it returns.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FormState {
    /// Form place.
    pub key: String,
    /// Status.
    pub status: FormStatus,
    /// Visible items answered (or given a reason).
    pub answered: u32,
    /// Visible items that can be answered.
    pub total: u32,
    /// Whether this user may enter here.
    pub editable: bool,
    /// Whether a change needs a reason.
    pub reason_needed: bool,
    /// The event's date, if recorded.
    pub event_date: Option<String>,
    /// The rows of all groups, in the order of the form.
    pub rows: Vec<RowState>,
    /// What stands against completion, in the order of the form.
    pub blockers: Vec<Blocker>,
    /// Changes not yet confirmed by the center, for the whole vault.
    pub unsent: u32,
    /// The clocks of the reports of serious adverse events that stand in the form.
    pub clocks: Vec<super::ReportClock>,
    /// Values that the subject's version of the study no longer asks for.
    pub retired: Vec<RetiredView>,
}

/// The state of a form as it is sent to a UI: whole, or what changed since an earlier revision.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FormUpdate {
    /// Counts the updates of a session.
    pub revision: u32,
    /// The revision that this builds on: `rows` then hold only the cells that differ from it. None where they hold all.
    pub base: Option<u32>,
    /// The state.
    #[serde(flatten)]
    pub state: FormState,
}

/// One row of one group (a group that does not repeat has one row, `1`).
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RowState {
    /// Group OID.
    pub group: String,
    /// Repeat key.
    pub repeat: String,
    /// Whether a change in this row needs a reason.
    pub reason_needed: bool,
    /// One state per item of the group's shape, in the same order.
    pub cells: Vec<CellState>,
}

/// One cell as it stands.
#[derive(Clone, Debug, Default, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CellState {
    /// Cell place, the name for every act on it.
    pub key: String,
    /// Whether the skip logic shows it.
    pub visible: bool,
    /// The value as a person reads it; empty when there is none.
    pub display: String,
    /// The value as it would be typed; what a control starts from.
    pub typed: String,
    /// Unit symbol in which it was entered.
    pub unit: String,
    /// Reason why there is no value, as a code, or empty.
    pub missing: String,
    /// What was typed and not yet accepted; survives a lock or a crash.
    pub draft: Option<String>,
    /// Who typed the draft, by name, where it was somebody else; empty otherwise. It is nobody's answer until somebody takes
    /// it over.
    pub draft_by: String,
    /// Why the draft cannot be read as this item's type: a code, or empty.
    pub draft_fault: String,
    /// Values of several devices that differ; empty when all agree.
    pub conflict: Vec<String>,
    /// Findings on this cell.
    pub findings: Vec<FindingView>,
    /// Quiet words beside the field: conversion, last value.
    pub converted: String,
    /// Last value at an earlier visit, in words.
    pub last: String,
    /// How a derived value came about, in words; what it waits for when it has none.
    pub trace: String,
    /// What stands beside a laboratory result.
    pub lab: Option<super::LabBeside>,
    /// Open queries.
    pub queries: u32,
    /// Whether the center has confirmed it.
    pub at_center: bool,
    /// How an earlier version said its value, where this one does not offer that.
    pub earlier: Option<EarlierView>,
}

/// What a rule says of a cell.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FindingView {
    /// The rule.
    pub rule: String,
    /// How grave.
    pub severity: Severity,
    /// The study's words.
    pub message: String,
    /// Who confirmed it with which comment, for a soft one.
    pub confirmed: Option<String>,
}

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Blocks completion.
    Hard,
    /// Must be confirmed with a comment.
    Soft,
}

/// Kinds of blockers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum BlockerKind {
    /// An answer is missing.
    Mandatory,
    /// A hard finding.
    Hard,
    /// A soft finding that nobody confirmed.
    Soft,
    /// Devices gave different values.
    Conflict,
    /// What was typed is not accepted.
    Draft,
}

/// What stands against completion.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Blocker {
    /// Cell place.
    pub key: String,
    /// Question in words.
    pub question: String,
    /// What must be done first.
    pub kind: BlockerKind,
    /// The rule, where one speaks.
    pub rule: String,
    /// The study's words, where there are any.
    pub message: String,
}

/// What the right-hand column shows of the focused cell.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CellView {
    /// Cell place.
    pub key: String,
    /// Question in words.
    pub question: String,
    /// Event title.
    pub event_title: String,
    /// Guideline.
    pub guideline: String,
    /// History, newest first.
    pub history: Vec<Change>,
    /// Queries, newest first.
    pub queries: Vec<QueryView>,
    /// Course of a number over the visits.
    pub course: Vec<CoursePoint>,
    /// Lower and upper limit of the study's plausible range for the course, where given.
    pub course_range: Option<(String, String)>,
    /// What the rules that speak of the cell looked at.
    pub evidence: Vec<super::Evidence>,
    /// What stands around the adverse event of the cell's row.
    pub around: Option<super::EventBeside>,
}

/// One change of a cell.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// Local time with offset.
    pub at: String,
    /// Name of the person.
    pub by: String,
    /// Device.
    pub device: String,
    /// What it was, in words; empty for a first value.
    pub old: String,
    /// What it became.
    pub new: String,
    /// Whether `new` is the code of a reason why there is no value.
    pub missing: bool,
    /// Why.
    pub reason: String,
    /// `seq` in its log.
    pub seq: u64,
}

/// How far a query is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum QueryState {
    /// It waits for an answer.
    Open,
    /// It waits for whoever raised it.
    Answered,
    /// Nothing is open any more.
    Closed,
}

/// A query on a cell.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryView {
    /// Query id.
    pub id: String,
    /// How far it is.
    pub state: QueryState,
    /// Who raised it; `system` for a conflict.
    pub by: String,
    /// When.
    pub at: String,
    /// Words.
    pub text: String,
    /// Answers so far.
    pub answers: Vec<Change>,
}

/// One point of a number's course.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CoursePoint {
    /// Event title, short.
    pub event: String,
    /// Date, where known.
    pub date: Option<String>,
    /// Value in the standard unit, as a decimal text.
    pub value: String,
    /// What stands before it: `<`, `>` or nothing.
    pub sign: String,
    /// Where a laboratory result lies by the limits recorded with it.
    pub side: Option<super::LabSide>,
    /// Whether this is the focused cell.
    pub here: bool,
}
