//! A choice that a list of any screen offers.

use serde::Serialize;
use ts_rs::TS;

/// One choice of a code list.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Choice {
    /// Code as stored.
    pub code: String,
    /// Label in words.
    pub label: String,
}
