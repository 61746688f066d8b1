//! The Study screen: metadata versions, what an amendment changes, who is under which, blank forms and the schedule.

use serde::Serialize;
use ts_rs::TS;

/// The Study screen.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StudyView {
    /// The study's title.
    pub title: String,
    /// Its versions, newest first.
    pub versions: Vec<VersionView>,
    /// Subjects with the version that each is under.
    pub subjects: Vec<SubjectVersion>,
    /// Whether this user may put versions into force and migrate subjects.
    pub may_change: bool,
}

/// A metadata version.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct VersionView {
    /// Its OID.
    pub version: String,
    /// Its name.
    pub name: String,
    /// From which day, ISO 8601; none where the center's word has not come yet.
    pub effective: Option<String>,
    /// Reference of the approval, or empty.
    pub approval: String,
    /// Where it stands on this computer.
    pub state: VersionState,
    /// Subjects under it.
    pub subjects: u32,
}

/// Where a metadata version stands on this computer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum VersionState {
    /// New subjects are registered under it.
    InForce,
    /// It may be put into force.
    Ready,
    /// Its day has not come.
    Early,
    /// This program can't read it.
    Unreadable,
}

/// A subject and the version that it is under.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SubjectVersion {
    /// Subject key.
    pub subject: String,
    /// The version in force for it.
    pub version: String,
    /// Its name.
    pub name: String,
    /// The version to which undoing the last migration leads; none where there was none.
    pub undo: Option<String>,
    /// Whether two devices moved it to different versions.
    pub conflict: bool,
}

/// Kinds of definitions of a study.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DifferencePart {
    /// A visit.
    Event,
    /// A form.
    Form,
    /// A group of questions.
    Group,
    /// A question.
    Item,
    /// A choice of a code list.
    Code,
    /// An edit check.
    Check,
    /// A condition under which something is asked.
    Condition,
    /// A computation.
    Method,
    /// A unit.
    Unit,
    /// A setting of the study.
    Setting,
}

/// What becomes of a definition from one version to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DifferenceFate {
    /// It is new.
    Added,
    /// It is gone.
    Retired,
    /// It must now be answered.
    Required,
    /// It need not be answered any more.
    Optional,
    /// It goes by another code.
    Renamed,
    /// Its words change.
    Reworded,
    /// Its days change.
    Rescheduled,
    /// Something else of it changes.
    Changed,
}

/// One difference between two versions, in the study's words.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DifferenceView {
    /// What kind of definition.
    pub part: DifferencePart,
    /// What becomes of it.
    pub fate: DifferenceFate,
    /// OID.
    pub oid: String,
    /// What it is called.
    pub title: String,
    /// Where it stands, in words; empty where no one place is meant.
    pub place: String,
    /// What it was, or empty.
    pub was: String,
    /// What it is, or empty.
    pub now: String,
}

/// What migrating a subject would change.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PreviewView {
    /// Subject key.
    pub subject: String,
    /// The version that it is under.
    pub from: String,
    /// The version that it would be under.
    pub to: String,
    /// Lines, kind by kind.
    pub lines: Vec<PreviewLine>,
}

/// One change for a subject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PreviewLine {
    /// What kind of change.
    pub kind: PreviewKind,
    /// Form or event and visit, in words.
    pub place: String,
    /// The question, where one is meant.
    pub title: String,
    /// What it was: value, window, or empty.
    pub was: String,
    /// What it would be.
    pub now: String,
}

/// Kinds of change for a subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PreviewKind {
    /// A form declared complete against which something would stand.
    Falls,
    /// An item that must now be answered and is not.
    Lacking,
    /// A finding that would appear.
    Appears,
    /// A finding that would go.
    Goes,
    /// A value whose code is called otherwise or offered no longer.
    Renamed,
    /// A value that would be asked no longer; it stays readable.
    Retired,
    /// A value that would be asked again.
    Revived,
    /// A planned visit whose days move.
    Window,
}

/// The schedule and the forms of a version, as a sheet to read and print.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OutlineView {
    /// The version's name.
    pub version: String,
    /// Visits in the protocol's order.
    pub events: Vec<OutlineEvent>,
    /// Forms in the study's order: OID and title.
    pub forms: Vec<(String, String)>,
}

/// How a visit comes about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum VisitKind {
    /// By the plan.
    Scheduled,
    /// When it is needed.
    Unscheduled,
    /// It runs along with the whole course, as logs do.
    Common,
}

/// A visit of the schedule.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OutlineEvent {
    /// Short label.
    pub label: String,
    /// Title.
    pub title: String,
    /// How it comes about.
    pub kind: VisitKind,
    /// What the plan counts from, in words; none where there is no plan.
    pub anchor: Option<String>,
    /// Days from there.
    pub offset: i32,
    /// Days by which it may be early and late.
    pub window: (u32, u32),
    /// Days between repeats, where it repeats by plan.
    pub every: Option<u32>,
    /// Forms: titles.
    pub forms: Vec<String>,
}

/// A value that the subject's version no longer asks for: it stays readable.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RetiredView {
    /// Cell place.
    pub key: String,
    /// Question in words, as the version asked under which it was given.
    pub question: String,
    /// Value in words; empty where a reason stands instead, or where devices differ.
    pub value: String,
    /// Reason why there is no value, as a code, or empty.
    pub missing: String,
    /// Values of several devices that differ.
    pub conflict: Vec<String>,
    /// Name of the version under which it was given.
    pub version: String,
}

/// A value as an earlier version said it.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EarlierView {
    /// The words then.
    pub text: String,
    /// Name of the version under which it was given.
    pub version: String,
    /// What it is called now; empty where it is offered no longer.
    pub now: String,
}
