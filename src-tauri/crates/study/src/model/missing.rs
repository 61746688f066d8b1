//! Reasons for a missing value.

use serde::{Deserialize, Serialize};

/// Why a cell holds no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// The examination or question was not done.
    NotDone,
    /// The answer is not known and cannot be found out.
    Unknown,
    /// Does not apply to this subject.
    NotApplicable,
    /// The question was not asked.
    NotAsked,
    /// The subject refused.
    Refused,
}

impl Missing {
    /// Every reason, in the order in which they are offered.
    pub const ALL: [Self; 5] = [Self::NotDone, Self::Unknown, Self::NotApplicable, Self::NotAsked, Self::Refused];

    /// The code as stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotDone => "not_done",
            Self::Unknown => "unknown",
            Self::NotApplicable => "not_applicable",
            Self::NotAsked => "not_asked",
            Self::Refused => "refused",
        }
    }

    /// The reason with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }
}
