//! The worklist, the subjects, and one subject as a matrix.

use serde::Serialize;
use ts_rs::TS;

use super::BackupState;

/// The home screen.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WorklistView {
    /// Lines, most urgent first.
    pub tasks: Vec<Task>,
    /// Counts for the page's head: task kind and number.
    pub counts: Vec<(TaskKind, u32)>,
    /// Today, ISO 8601: where a calendar begins.
    pub today: String,
    /// When the vault was last backed up, where another backup is due and this person can make one.
    pub backup: Option<BackupState>,
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
    /// First cell of the row that is meant, or empty.
    pub cell: String,
    /// The adverse event that is meant, in few words: number, term and grade; or empty.
    pub about: String,
    /// Planned date, ISO 8601, where there is one.
    pub planned: Option<String>,
    /// First and last day of the window.
    pub window: Option<(String, String)>,
    /// Days until the window closes; negative when it has closed.
    pub days_left: Option<i32>,
    /// Minutes until a report must be with the sponsor; negative when the time has passed.
    pub minutes_left: Option<i32>,
    /// When it must be there, local, `2026-11-23T16:20`.
    pub deadline: Option<String>,
    /// How many items, findings or queries are concerned.
    pub count: u32,
    /// The day under which a calendar shows it: the planned day, today once that has passed and the window is open,
    /// and the last day of the window once it has closed. None where no day asks for it.
    pub day: Option<String>,
}

/// Kinds of work on the worklist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TaskKind {
    /// A serious adverse event is not reported yet.
    Serious,
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
    /// Title of the form.
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
    /// Title of the form.
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
