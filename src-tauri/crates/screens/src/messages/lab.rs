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
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LabBeside {
    /// The limits that were recorded with it, in words, or empty.
    pub limits: String,
    /// Where it lies, where that can be told.
    pub side: Option<LabSide>,
    /// What the CTCAE's rules propose.
    pub grade: Option<GradeProposal>,
    /// The adverse event that is recorded of it, or that none is though its grade asks for one.
    pub event: Option<super::ResultEvent>,
}

/// A grade that rules propose and a person decides on.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct GradeProposal {
    /// 0 to 4; nothing where it could not be judged.
    pub grade: Option<u8>,
    /// The CTCAE term, in the screen's language where the study's dictionary has it.
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
    /// Code of the analyte.
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
    /// Name of the laboratory.
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
    /// When it was written.
    pub at: String,
    /// Whether another line holds on the same days and says something else: then neither is used.
    pub disputed: bool,
}

/// A line of the register as it was typed.
#[derive(Clone, Debug, Default, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LabLineTyped {
    /// Name of the laboratory.
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

/// How a laboratory's file is read: remembered for each laboratory.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct LabMapping {
    /// The laboratory.
    pub lab: String,
    /// Name of the column with the subject's key.
    pub subject: String,
    /// Name of the column with the day of the sample.
    pub date: String,
    /// Name of the column with the test.
    pub test: String,
    /// Name of the column with the result.
    pub result: String,
    /// Name of the column with the unit, or empty.
    pub unit: String,
    /// Name of the column with the lower limit, or empty.
    pub low: String,
    /// Name of the column with the upper limit, or empty.
    pub high: String,
    /// For each test of the file the analyte, or empty to leave it out.
    pub tests: Vec<LabPair>,
    /// For each unit of the file the symbol of the study.
    pub units: Vec<LabPair>,
}

/// A word of the file and what it means here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LabPair {
    /// In the file.
    pub said: String,
    /// Here; empty where nothing is meant.
    pub meant: String,
}

/// What an import would do with a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LabVerdict {
    /// It would be recorded.
    New,
    /// It stands already.
    Same,
    /// Something else stands: a person decides.
    Differs,
    /// The same result stands in an earlier row of the file.
    Again,
    /// An earlier row of the file says something else of the same result.
    Contradicts,
    /// The test is not mapped.
    NoTest,
    /// The test is left out.
    LeftOut,
    /// The unit is none of the analyte's.
    NoUnit,
    /// There is no such subject.
    NoSubject,
    /// The day cannot be read.
    NoDate,
    /// No visit that asks for the test lies near the day, or another sample stands there.
    NoVisit,
    /// The result is no number.
    NoNumber,
}

/// A row of a laboratory's file.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LabFileRow {
    /// Its line in the file.
    pub line: u32,
    /// Subject as the file says.
    pub subject: String,
    /// Day as the file says.
    pub date: String,
    /// Test as the file says.
    pub test: String,
    /// Result with its unit as the file says.
    pub result: String,
    /// Label of the visit, or empty.
    pub visit: String,
    /// What stands there, where something else does.
    pub standing: String,
    /// What an import would do.
    pub verdict: LabVerdict,
}

/// How many rows have a verdict.
#[derive(Clone, Debug, Serialize, TS)]
pub struct LabCount {
    /// The verdict.
    pub verdict: LabVerdict,
    /// How many rows have it.
    pub rows: u32,
}

/// A laboratory's file, read and held against what stands.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LabFileView {
    /// Encoding that was found.
    pub encoding: String,
    /// The sign between fields.
    pub delimiter: String,
    /// Names of the columns.
    pub columns: Vec<String>,
    /// How it is read.
    pub mapping: LabMapping,
    /// Whether the mapping was remembered from an earlier file.
    pub remembered: bool,
    /// Analytes that a test may mean.
    pub analytes: Vec<LabAnalyte>,
    /// Symbols that a unit may mean.
    pub units: Vec<String>,
    /// Rows in all.
    pub total: u32,
    /// How many rows have which verdict.
    pub counts: Vec<LabCount>,
    /// The first rows of the file, those that need a person before others.
    pub rows: Vec<LabFileRow>,
    /// Whether recording changes a completed form, which needs a reason.
    pub reason_needed: bool,
}

/// What an import recorded.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LabFileReport {
    /// Results recorded.
    pub results: u32,
    /// Panels that they belong to.
    pub panels: u32,
    /// Rows that were not taken.
    pub left: u32,
}

/// Why a laboratory's file cannot be read.
#[derive(Clone, Debug, Serialize, TS)]
pub struct LabFileFault {
    /// A code.
    pub code: String,
    /// The line, where one is to blame.
    pub line: Option<u32>,
}

/// A laboratory's file, or why it cannot be read.
#[derive(Clone, Debug, Serialize, TS)]
pub struct LabFileOpened {
    /// The file.
    pub file: Option<LabFileView>,
    /// The fault.
    pub fault: Option<LabFileFault>,
}
