//! Charts: one subject's course on one axis, and all subjects of this site beside each other.

use serde::Serialize;
use ts_rs::TS;

/// A subject's course: drug, radiotherapy, scans, adverse events and laboratory results on one axis of days.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TimelineView {
    /// Subject key.
    pub subject: String,
    /// Short facts, in words.
    pub facts: Vec<String>,
    /// First day of the axis, ISO 8601.
    pub first: String,
    /// Last day of the axis.
    pub last: String,
    /// Today, where it lies on the axis.
    pub today: String,
    /// Day of the first study treatment.
    pub day1: Option<String>,
    /// Periods of treatment, in order of time.
    pub drugs: Vec<PeriodBar>,
    /// Fractions of radiotherapy, in order of time.
    pub fractions: Vec<FractionMark>,
    /// Scans, in order of time.
    pub scans: Vec<ScanMark>,
    /// Adverse events, in order of time.
    pub adverse: Vec<AdverseBar>,
    /// Courses of laboratory results.
    pub labs: Vec<ResultLine>,
    /// Milestones, in order of time.
    pub milestones: Vec<Milestone>,
}

/// A stretch of time that something was given.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PeriodBar {
    /// What, in words.
    pub label: String,
    /// How much, in words; empty where it is not known.
    pub dose: String,
    /// Whether nothing was given: an interruption.
    pub paused: bool,
    /// First day.
    pub from: String,
    /// Last day; today where it goes on.
    pub to: String,
    /// Whether it goes on.
    pub open: bool,
}

/// One fraction of radiotherapy.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FractionMark {
    /// Day.
    pub date: String,
    /// Dose in words; empty where it is not known.
    pub dose: String,
}

/// One scan.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ScanMark {
    /// Day.
    pub date: String,
    /// The visit, short.
    pub visit: String,
    /// Whether it is the baseline.
    pub baseline: bool,
    /// Sum of diameters in words; empty where it is not known.
    pub sum: String,
    /// Change of the sum from baseline in per cent, one decimal; none at baseline and where it is not known.
    pub change: Option<String>,
    /// Overall response as entered: a code, or empty.
    pub response: String,
}

/// An adverse event.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AdverseBar {
    /// The event in words.
    pub term: String,
    /// Worst grade, 1 to 5; 0 where it is not known.
    pub grade: u8,
    /// Whether it is serious.
    pub serious: bool,
    /// First day that it can have begun.
    pub from: String,
    /// Last day that it can have lasted to; today where it goes on.
    pub to: String,
    /// Whether it goes on.
    pub open: bool,
}

/// The course of one laboratory result.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ResultLine {
    /// The analyte in words.
    pub name: String,
    /// Symbol of the standard unit.
    pub unit: String,
    /// Day and value in the standard unit, in order of time.
    pub points: Vec<(String, String)>,
}

/// A day that matters to the whole course.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Milestone {
    /// What happened.
    pub kind: MilestoneKind,
    /// Day.
    pub date: String,
}

/// Days of a subject's course that a timeline marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MilestoneKind {
    /// Consent was given.
    Consent,
    /// First study treatment.
    Day1,
    /// Death.
    Death,
    /// End of treatment.
    End,
    /// Last day on which the subject is known to live.
    LastAlive,
}

/// All subjects of this site beside each other.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChartsView {
    /// Arms that a subject was allocated to, in the study's order: code and words.
    pub arms: Vec<(String, String)>,
    /// Subjects that were registered here.
    pub subjects: u32,
    /// Changes in per cent at which a chart draws a line: partial response, progression.
    pub guides: Vec<i32>,
    /// Best change of the sum per subject, from the greatest growth to the greatest shrinkage.
    pub waterfall: Vec<BestBar>,
    /// Change of the sum over time, by subject.
    pub spider: Vec<ChangeLine>,
    /// Time on treatment, the longest first.
    pub swimmer: Vec<SwimLane>,
}

/// A subject's best change.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BestBar {
    /// Subject key.
    pub subject: String,
    /// Code of the arm, or empty.
    pub arm: String,
    /// Smallest change of the sum up to progression, from baseline in per cent, one decimal.
    pub change: String,
    /// Day of that scan.
    pub date: String,
    /// Best overall response as the RECIST engine reports it: a code, or empty.
    pub response: String,
}

/// A subject's changes over time.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChangeLine {
    /// Subject key.
    pub subject: String,
    /// Code of the arm, or empty.
    pub arm: String,
    /// Days from the baseline scan, and the change in per cent, one decimal; the baseline itself is 0 on day 0.
    pub points: Vec<(i32, String)>,
    /// Response as entered at each of these points: a code, or empty.
    pub responses: Vec<String>,
}

/// A subject's time on treatment.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SwimLane {
    /// Subject key.
    pub subject: String,
    /// Code of the arm, or empty.
    pub arm: String,
    /// Days from the first study treatment to its end, or to today while it goes on.
    pub days: i32,
    /// Whether treatment goes on.
    pub open: bool,
    /// Days from the first study treatment to the last day of which anything is known.
    pub followed: i32,
    /// What happened, in order of time: days from the first study treatment, and a code (`CR`, `PR`, `SD`,
    /// `NON-CR/NON-PD`, `PD`, `NE`, `death`).
    pub marks: Vec<(i32, String)>,
}
