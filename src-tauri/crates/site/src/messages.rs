//! What crosses to the window: plain data, already computed, with nothing left to decide.
//!
//! `cargo xtask gen` writes `ui/src/ipc/messages.ts` from these types. Texts that come from the study are given in
//! the language that the window asks for; words of the program itself travel as codes and are spoken by the window.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use crate::typescript::typescript;

/// A vault on this computer, as the first screen lists it.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct VaultCard {
    /// Opaque name of the vault on this computer.
    pub id: String,
    /// The study's title.
    pub study: String,
    /// Site identifier, `S01`.
    pub site: String,
    /// Device identifier.
    pub device: String,
    /// Whether this is a practice vault; marked on every screen.
    pub practice: bool,
    /// For a practice vault only: its invented accounts, with the password that they share.
    pub practice_accounts: Option<PracticeAccounts>,
}

/// The invented accounts of a practice vault. Never present for a real one.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PracticeAccounts {
    /// User name and role of each account.
    pub users: Vec<(String, Role)>,
    /// The password that they share.
    pub password: String,
}

/// The first screen.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StartView {
    /// Version of the program.
    pub version: String,
    /// The vaults of this computer, last used first.
    pub vaults: Vec<VaultCard>,
    /// What this computer remembers of the window.
    pub preferences: Preferences,
}

/// What a computer remembers of its window; holds nothing of any study.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct Preferences {
    /// `en` or `zh-CN`; empty means the system's.
    pub language: String,
    /// `light`, `dark`, or empty for the system's.
    pub theme: String,
    /// Zoom in per cent, 100 to 200; 0 means 100.
    pub zoom: u16,
}

impl Preferences {
    /// What is not a choice of this version counts as none, so that an edited file harms nothing.
    pub(crate) fn within_bounds(mut self) -> Self {
        if !["en", "zh-CN"].contains(&self.language.as_str()) {
            self.language.clear();
        }
        if !["light", "dark"].contains(&self.theme.as_str()) {
            self.theme.clear();
        }
        if self.zoom != 0 {
            self.zoom = self.zoom.clamp(100, 200);
        }
        self
    }

    /// The zoom as a factor, 1 to 2.
    pub fn zoom_factor(&self) -> f64 {
        if self.zoom == 0 { 1.0 } else { f64::from(self.zoom.clamp(100, 200)) / 100.0 }
    }
}

/// A role at a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Site administrator: accounts, device, bundles; enters no data.
    Administrator,
    /// Research nurse: enters data.
    Nurse,
    /// Investigator: enters, reviews, signs.
    Investigator,
}

/// What a kit offers, before it founds a vault.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct KitView {
    /// The study's title.
    pub study: String,
    /// Site identifier and name.
    pub site: String,
    /// Name of the site.
    pub site_name: String,
    /// The center's signing key as words, to be compared by phone.
    pub center_words: String,
    /// Whether a practice center made it.
    pub practice: bool,
}

/// Who is signed in, and where.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SessionView {
    /// User id.
    pub user: String,
    /// Name as shown and signed.
    pub name: String,
    /// Role.
    pub role: Role,
    /// Site identifier.
    pub site: String,
    /// The study's title.
    pub study: String,
    /// Metadata version in force.
    pub study_version: String,
    /// Languages that the study is written in.
    pub languages: Vec<String>,
    /// Device identifier.
    pub device: String,
    /// The device's signing key as words.
    pub device_words: String,
    /// Whether this is practice.
    pub practice: bool,
    /// Idle minutes until the window locks.
    pub lock_after_minutes: u32,
    /// What was noticed on unlock.
    pub alarms: Vec<Alarm>,
}

/// Something that a person must be told about the vault itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Alarm {
    /// Stable code (`entry_edited`, `entries_missing`, `rolled_back`, `tables_stale`, `damaged`, `slots_stale`, `clock_suspect`); the window words it.
    pub code: String,
    /// Where, in the program's own terms: a log and a sequence number, never a value.
    pub place: String,
}

/// State of the background verification, for the foot of every screen.
#[derive(Clone, Debug, Default, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct IntegrityView {
    /// Whether the verification has finished.
    pub done: bool,
    /// Entries verified so far.
    pub verified: u64,
    /// Entries in all.
    pub total: u64,
    /// When it finished, `2026-11-23T13:40+08:00`.
    pub finished_at: Option<String>,
    /// What is wrong; empty when all is well.
    pub alarms: Vec<Alarm>,
}

/// The home screen.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WorklistView {
    /// Lines, most urgent first.
    pub tasks: Vec<Task>,
    /// Counts for the page's head: task kind and number.
    pub counts: Vec<(TaskKind, u32)>,
}

/// One thing to do.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Task {
    /// What kind of work.
    pub kind: TaskKind,
    /// Subject key.
    pub subject: String,
    /// Event's place, `SE.C1D1[1]`.
    pub event: String,
    /// Event's title.
    pub event_title: String,
    /// Form's place where one form is meant; otherwise empty.
    pub form: String,
    /// Form's title, or empty.
    pub form_title: String,
    /// Planned date, ISO 8601, where there is one.
    pub planned: Option<String>,
    /// First and last day of the window.
    pub window: Option<(String, String)>,
    /// Days until the window closes; negative when it has closed.
    pub days_left: Option<i32>,
    /// How many items, findings or queries are concerned.
    pub count: u32,
}

/// Kinds of work on the worklist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TaskKind {
    /// The window has closed and nothing was entered.
    Overdue,
    /// A hard finding stands.
    MustChange,
    /// A query is open.
    Query,
    /// The window is open.
    Due,
    /// A form was begun and not completed.
    Unfinished,
    /// A soft finding waits for a word.
    Confirm,
    /// Planned within the next seven days.
    Upcoming,
}

/// A line of the list of subjects.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SubjectRow {
    /// Subject key, `S01-003`.
    pub subject: String,
    /// Short facts that the study marks for the head of a subject (sex, age …), in words.
    pub facts: Vec<String>,
    /// Last event with data: title.
    pub last_event: Option<String>,
    /// Next planned event: title.
    pub next_event: Option<String>,
    /// Next planned date.
    pub next_date: Option<String>,
    /// Urgency of the next event.
    pub next_state: Option<WindowState>,
    /// Forms complete and forms expected until now.
    pub complete: u32,
    /// Forms expected until now.
    pub expected: u32,
    /// Hard findings.
    pub must_change: u32,
    /// Soft findings not yet confirmed.
    pub confirm: u32,
    /// Open queries.
    pub queries: u32,
    /// Changes that the center has not confirmed.
    pub unsent: u32,
}

/// Where today lies against an event's window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum WindowState {
    /// Before the window.
    Upcoming,
    /// In the window.
    Due,
    /// After the window, nothing entered.
    Overdue,
    /// Done within the window.
    OnTime,
    /// Done before the window.
    Early,
    /// Done after the window.
    Late,
    /// Recorded as missed.
    Missed,
    /// No anchor date yet, or no timing.
    Unplanned,
}

/// The casebook of one subject as a matrix.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SubjectView {
    /// Subject key.
    pub subject: String,
    /// Short facts, in words.
    pub facts: Vec<String>,
    /// Columns: events in order of the schedule and of what happened.
    pub events: Vec<EventColumn>,
    /// Rows: forms in the study's order.
    pub forms: Vec<FormRow>,
    /// Events that may be added now (unscheduled, or the next repeat).
    pub addable: Vec<AddableEvent>,
    /// Where work goes on: form place, if any.
    pub next_form: Option<String>,
    /// Open queries.
    pub queries: u32,
    /// Hard findings.
    pub must_change: u32,
}

/// One column of the matrix.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EventColumn {
    /// Event place, `SE.SCR[1]`.
    pub key: String,
    /// Title in words, with the repeat where there are several.
    pub title: String,
    /// Short label, `TA 2`.
    pub label: String,
    /// Planned date.
    pub planned: Option<String>,
    /// First and last day of the window.
    pub window: Option<(String, String)>,
    /// The date it took place.
    pub date: Option<String>,
    /// Where it stands.
    pub state: WindowState,
    /// Whether two devices gave different dates.
    pub conflict: bool,
    /// Whether it takes place on a day of its own; logs that run along do not.
    pub dated: bool,
}

/// One row of the matrix.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FormRow {
    /// Form OID.
    pub oid: String,
    /// Title.
    pub title: String,
    /// One cell per column; none where the form does not belong to the event.
    pub cells: Vec<Option<FormMark>>,
}

/// A form at an event, as a mark.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FormMark {
    /// Form place, `SE.SCR[1]/F.VS[1]`.
    pub key: String,
    /// Title.
    pub title: String,
    /// Status mark.
    pub status: FormStatus,
    /// Hard findings.
    pub must_change: u32,
    /// Soft findings not confirmed.
    pub confirm: u32,
    /// Open queries.
    pub queries: u32,
    /// Whether everything in it is confirmed by the center.
    pub at_center: bool,
    /// Rows entered, for logs (adverse events); otherwise none.
    pub rows: Option<u32>,
}

/// Status of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FormStatus {
    /// Nothing entered.
    Empty,
    /// Something entered.
    Started,
    /// Declared complete by a person.
    Complete,
    /// Declared not done, with a reason.
    NotDone,
}

/// An event that may be added.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AddableEvent {
    /// Event OID.
    pub oid: String,
    /// Title, with the repeat that it would get.
    pub title: String,
    /// The repeat that it would get.
    pub repeat: String,
}

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
    /// Computed; never typed.
    Derived,
    /// A file or picture kept as it is.
    File,
}

/// One choice of a code list.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Choice {
    /// Code as stored.
    pub code: String,
    /// Label in words.
    pub label: String,
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
    /// The event's date is drawn from these heads when it is changed.
    pub rows: Vec<RowState>,
    /// What stands against completion, in the order of the form.
    pub blockers: Vec<Blocker>,
    /// Changes not yet confirmed by the center, for the whole vault.
    pub unsent: u32,
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
#[derive(Clone, Debug, Default, Serialize, TS)]
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
    /// Open queries.
    pub queries: u32,
    /// Whether the center has confirmed it.
    pub at_center: bool,
}

/// What a rule says of a cell.
#[derive(Clone, Debug, Serialize, TS)]
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

/// What stands against completion.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Blocker {
    /// Cell place.
    pub key: String,
    /// Question in words.
    pub question: String,
    /// `mandatory`, `hard`, `soft`, `conflict` or `draft`.
    pub kind: String,
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

/// A query on a cell.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryView {
    /// Query id.
    pub id: String,
    /// `open`, `answered` or `closed`.
    pub state: String,
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
    /// Whether this is the focused cell.
    pub here: bool,
}

/// The Sync screen.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SyncView {
    /// Changes not yet confirmed by the center.
    pub unsent: u32,
    /// Age of the oldest in days.
    pub oldest_days: Option<u32>,
    /// Time of the last receipt.
    pub last_receipt: Option<String>,
    /// What was sent and received, newest first.
    pub history: Vec<TransferView>,
    /// Where the last bundle was written, as a suggestion.
    pub suggested_folder: String,
}

/// A bundle that was written or read here.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TransferView {
    /// When.
    pub at: String,
    /// By whom.
    pub by: String,
    /// `exported` or `imported`.
    pub kind: String,
    /// Bundle id, first 12 characters.
    pub bundle: String,
    /// File name.
    pub file: String,
    /// Entries in it.
    pub entries: u64,
    /// `waiting` or `confirmed`.
    pub state: String,
}

/// Progress of long work.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Progress {
    /// `collect`, `seal`, `write`, `verify`, `read` or `done`.
    pub step: String,
    /// Done so far.
    pub done: u64,
    /// In all.
    pub total: u64,
    /// Seconds left, estimated; none while unknown.
    pub seconds_left: Option<u32>,
}

/// What an export wrote.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ExportReport {
    /// Files written, re-read and synced.
    pub files: Vec<String>,
    /// Entries in all.
    pub entries: u64,
    /// Bytes in all.
    pub bytes: u64,
}

/// What an import brought.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ImportReport {
    /// New entries.
    pub entries: u64,
    /// Changes that are now confirmed by the center.
    pub confirmed: u32,
    /// Changes still waiting.
    pub unsent: u32,
    /// `accepted`, `already_held` or `parked`.
    pub outcome: String,
}

/// The People and device screen.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PeopleView {
    /// Accounts.
    pub people: Vec<Person>,
    /// Device identifier.
    pub device: String,
    /// Device's signing key as words.
    pub device_words: String,
}

/// One account.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Person {
    /// User id.
    pub user: String,
    /// Name.
    pub name: String,
    /// Role.
    pub role: Role,
    /// Whether it may sign in.
    pub open: bool,
}

/// A refusal as the window receives it.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Refused {
    /// Stable code; the window branches on nothing else.
    pub code: String,
    /// English words for the log of a developer; holds no participant data.
    pub message: String,
    /// Seconds to wait, for `slow_down`; otherwise none.
    pub wait_seconds: Option<u32>,
}

/// Event `idle`: nobody was noticed for a while, and the vault will lock.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Idle {
    /// Seconds until it locks.
    pub seconds_left: u64,
}

/// Event `locked`: the vault was locked by the shell; the window must forget what it shows.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Locked {
    /// `idle` or `sleep`.
    pub why: String,
}
