//! Laboratory panels: what stands beside a result, the register of limits, the import of a laboratory's file.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Choice;

/// What an item of a panel holds of its analyte.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LabPart {
    /// The result.
    Result,
    /// Lower limit of normal.
    Low,
    /// Upper limit of normal.
    High,
    /// Whether a result out of the limits matters clinically.
    Significance,
}

/// The analyte that a question belongs to.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AnalyteShape {
    /// Code, `ALT`.
    pub code: String,
    /// What the question asks of it.
    pub part: LabPart,
}

/// Where a result lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LabSide {
    /// Below its lower limit.
    Low,
    /// Within the limits.
    Within,
    /// Above its upper limit.
    High,
}

/// What stands beside a laboratory result.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LabBeside {
    /// The limits that were recorded with it, in words, or empty.
    pub limits: String,
    /// Where it lies, where that can be told.
    pub side: Option<LabSide>,
    /// What the CTCAE's rules propose.
    pub grade: Option<GradeProposal>,
}

/// A grade that rules propose and a person decides on.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct GradeProposal {
    /// 0 to 4; nothing where it could not be judged.
    pub grade: Option<u8>,
    /// The CTCAE term.
    pub term: String,
    /// How it came about, in words.
    pub words: String,
    /// Whether an adverse event can be made of it here.
    pub recordable: bool,
}

/// The register of laboratory limits.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LabRegister {
    /// Laboratories that the register names.
    pub labs: Vec<String>,
    /// Analytes that the study asks for.
    pub analytes: Vec<LabAnalyte>,
    /// Codes of the sexes.
    pub sexes: Vec<Choice>,
    /// Its lines.
    pub lines: Vec<LabLine>,
}

/// An analyte that may have limits.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LabAnalyte {
    /// Code.
    pub code: String,
    /// In words.
    pub question: String,
    /// Symbols of its units, the standard one first.
    pub units: Vec<String>,
}

/// A line of the register.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LabLine {
    /// Its entry.
    pub id: String,
    /// Laboratory.
    pub lab: String,
    /// Code of the analyte.
    pub analyte: String,
    /// The analyte in words.
    pub question: String,
    /// Code of the sex, or empty for both.
    pub sex: String,
    /// First day, or empty.
    pub from: String,
    /// Last day, or empty.
    pub to: String,
    /// Lower limit as typed, or empty.
    pub low: String,
    /// Upper limit as typed, or empty.
    pub high: String,
    /// Symbol of the unit.
    pub unit: String,
    /// Who wrote it.
    pub by: String,
    /// When.
    pub at: String,
    /// Whether another line holds on the same days and says something else: then neither is used.
    pub disputed: bool,
}

/// A line of the register as it was typed.
#[derive(Clone, Debug, Default, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LabLineTyped {
    /// Laboratory.
    pub lab: String,
    /// Code of the analyte.
    pub analyte: String,
    /// Code of the sex, or empty for both.
    pub sex: String,
    /// First day, or empty.
    pub from: String,
    /// Last day, or empty.
    pub to: String,
    /// Lower limit, or empty.
    pub low: String,
    /// Upper limit, or empty.
    pub high: String,
    /// Symbol of the unit, or empty for the standard one.
    pub unit: String,
    /// The line that it replaces, or empty.
    pub replaces: String,
}

/// Where a row of an adverse event was made.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LabEventRow {
    /// Form place.
    pub form: String,
    /// The row's first cell that a person goes on with.
    pub cell: String,
}
