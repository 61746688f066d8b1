//! What an invented patient's chart says: a file beside the study names, for its items, what is usual.
//!
//! The study stays data: this program knows kinds of answers (numbers around a mean, weighted codes, days around a
//! milestone, a word of the hidden [`Course`](super::course::Course)), the file says which item takes which. An item
//! that it leaves out is answered from its type and limits alone.

use std::collections::BTreeMap;

use serde::Deserialize;
use study::Oid;

/// The chart's file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Chart {
    /// Code of the arm that gets the local treatment.
    #[serde(default)]
    pub(super) local_arm: String,
    /// Visits that happen at a milestone and not by the schedule.
    #[serde(default)]
    pub(super) events: BTreeMap<Oid, EventPlan>,
    /// Visits that are made up for and never missed: a dose that is due is given later.
    #[serde(default)]
    pub(super) kept: Vec<Oid>,
    /// Forms that only some patients have. Others are filled wherever they are asked for.
    #[serde(default)]
    pub(super) forms: BTreeMap<Oid, When>,
    /// Running records that are entered before the next visit once their patients have them, not at the end.
    #[serde(default)]
    pub(super) early: Vec<Oid>,
    /// Rows of repeating groups.
    #[serde(default)]
    pub(super) groups: BTreeMap<Oid, Rows>,
    /// Answers by item.
    #[serde(default)]
    pub(super) items: BTreeMap<Oid, Draw>,
}

/// A visit at a milestone.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EventPlan {
    /// The milestone.
    pub(super) at: Milestone,
    /// Days after it.
    #[serde(default)]
    pub(super) after: i32,
}

/// A day in a patient's course.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Milestone {
    /// The visit at hand; in a running record the last visit.
    Visit,
    /// The date in this row that was answered first.
    Row,
    /// Informed consent.
    Consent,
    /// First study treatment.
    Day1,
    /// The dose was changed for an adverse event.
    Change,
    /// Treatment ended: progression, death or leaving.
    End,
    /// The day of death.
    Death,
}

/// Who has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum When {
    /// Patients who began treatment.
    Treated,
    /// Those of them in the arm with local treatment.
    Local,
    /// Those of them whose dose was not changed.
    Unchanged,
    /// Those whose dose was changed for an adverse event.
    Changed,
    /// Those of them who went on at a lower dose.
    Reduced,
    /// Those of them who paused, and went on at the same dose.
    Interrupted,
    /// Those whose treatment ended.
    Ended,
    /// Those whose disease progressed.
    Progressed,
    /// Those who died.
    Died,
    /// Those who left or were lost.
    Left,
    /// Those who progressed, lived on, and began another treatment.
    Switched,
    /// Those with a new lesion by this visit.
    NewLesion,
    /// Nobody at all.
    Never,
}

/// Rows of a repeating group.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rows {
    /// Least and most rows.
    #[serde(default)]
    pub(super) count: [u32; 2],
    /// As many rows as the course has of this.
    #[serde(default)]
    pub(super) course: Option<String>,
    /// What whole rows say, each with its weight; a row takes one.
    #[serde(default)]
    pub(super) rows: Vec<Template>,
    /// Rows only when this holds.
    #[serde(default)]
    pub(super) when: Option<When>,
    /// Each template once, in order, instead of by chance.
    #[serde(default)]
    pub(super) each: bool,
    /// One row for each row of another group of the same visit that says this.
    #[serde(default)]
    pub(super) per: Option<Source>,
}

/// Rows that rows of another group hang on.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Source {
    /// The form that holds them.
    pub(super) form: Oid,
    /// Their group.
    pub(super) group: Oid,
    /// Only rows in which this item says this code.
    pub(super) item: Oid,
    /// The code.
    pub(super) code: String,
}

/// A row.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Template {
    /// How often among the others.
    #[serde(default = "one")]
    pub(super) weight: u32,
    /// Only for these patients.
    #[serde(default)]
    pub(super) when: Option<When>,
    /// Where it fits, the first row is such a one, and no other.
    #[serde(default)]
    pub(super) first: bool,
    /// Only for patients of whom these items say these codes.
    #[serde(default)]
    pub(super) only: BTreeMap<Oid, String>,
    /// Its answers.
    pub(super) items: BTreeMap<Oid, Draw>,
}

/// How an answer is found.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Draw {
    /// Always this.
    Say(String),
    /// A number around a mean.
    Number(Number),
    /// One of several, by weight in order.
    Codes(Vec<(String, u32)>),
    /// A day near a milestone: milestone, least and most days after it.
    Day(Milestone, i32, i32),
    /// What the course says under a name, by way of these words where they differ.
    Course(String, #[serde(default)] BTreeMap<String, String>),
    /// The number of the row after these letters, with so many digits.
    Count(String, usize),
    /// Rows in parts of so many: the number of the part after these letters.
    Part(String, usize),
    /// The place within such a part, from 1.
    Within(usize),
    /// A day after a milestone, and so many days more for each row within a part: milestone, first, step, rows of a part.
    Step(Milestone, i32, i32, usize),
    /// The number of the visit, where one repeats.
    Nth,
    /// What this item of the row says on which this row hangs.
    Copy(Oid),
    /// So many hours, least and most, after what this item says in the same row or in the one on which it hangs.
    Hours(Oid, u32, u32),
    /// Nothing: the item stays empty.
    Leave,
}

/// A patient's own mean, and what a visit adds.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Number {
    /// Thousandths; means of laboratories have few digits.
    pub(super) mean: f64,
    /// Between patients.
    pub(super) sd: f64,
    /// Between visits of one patient.
    #[serde(default)]
    pub(super) walk: f64,
    /// Added for each hundred days after progression.
    #[serde(default)]
    pub(super) decline: f64,
    /// Never below.
    #[serde(default)]
    pub(super) least: Option<f64>,
    /// Digits after the point.
    #[serde(default)]
    pub(super) digits: u32,
}

fn one() -> u32 {
    1
}
