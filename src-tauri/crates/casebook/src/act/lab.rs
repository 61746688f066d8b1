//! The register of laboratory limits.
//!
//! **Frozen format: do not modify.** Names, keys and their order are hashed and signed; later versions may only add acts.

use super::bounds::{check_bases, check_name};
use crate::ids::EntryId;
use serde::{Deserialize, Serialize};
use study::{Analyte, Oid};

/// Limits of normal that a laboratory names for an analyte; without both, an earlier line is withdrawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabRangeSet {
    /// The laboratory, by the name that panels give it.
    pub lab: String,
    /// Code of the analyte, `ALT`.
    pub analyte: String,
    /// Code of the sex that they hold for; none for both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sex: Option<String>,
    /// First day on which they hold, ISO 8601; none for ever since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Last day on which they hold; none for until further notice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Unit of the limits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<Oid>,
    /// Lower limit of normal, a decimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<String>,
    /// Upper limit of normal, a decimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<String>,
    /// Lines of the register that this replaces. Ascending.
    pub bases: Vec<EntryId>,
}

impl LabRangeSet {
    /// Whether it only withdraws.
    pub fn is_withdrawal(&self) -> bool {
        self.low.is_none() && self.high.is_none()
    }

    pub(super) fn check(&self) -> Result<(), &'static str> {
        check_name(&self.lab)?;
        if !Analyte::is_code(&self.analyte) {
            return Err("no analyte's code");
        }
        if let Some(sex) = &self.sex {
            check_name(sex)?;
        }
        let is_date = |date: &String| date.len() == 10 && date.bytes().all(|b| b.is_ascii_digit() || b == b'-');
        if !self.from.iter().chain(&self.to).all(is_date) {
            return Err("a date is not ISO 8601");
        }
        let is_decimal = |limit: &String| {
            (1..=30).contains(&limit.len()) && limit.bytes().all(|b| b.is_ascii_digit() || b == b'-' || b == b'.')
        };
        if !self.low.iter().chain(&self.high).all(is_decimal) {
            return Err("a limit is no decimal");
        }
        if self.is_withdrawal() && self.bases.is_empty() {
            return Err("nothing is withdrawn");
        }
        check_bases(&self.bases)
    }
}
