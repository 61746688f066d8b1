//! A fork that a person settled.
//!
//! **Frozen format: do not modify.** Names, keys and their order are hashed and signed; later versions may only add acts.

use super::bounds::check_name;
use crate::ids::EntryId;
use crate::text::FreeTextId;
use serde::{Deserialize, Serialize};
use std::fmt;
use study::Oid;

/// Which branch of a fork goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Branch {
    /// The one that the center held first.
    Held,
    /// The one that came later and was kept aside until then.
    Later,
}

impl fmt::Display for Branch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Held => "the branch held first",
            Self::Later => "the branch that came later",
        })
    }
}

/// The center decided which branch of a device's log goes on. The other one is kept as evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogSettled {
    /// Device identifier, which is its log's.
    pub device: Oid,
    /// The first sequence number that had two entries.
    pub seq: u64,
    /// Which branch goes on.
    pub kept: Branch,
    /// The last entry of the log as it was held then, on that branch.
    pub head: EntryId,
    /// The reason, as a free text.
    pub reason: FreeTextId,
    /// What the other branch says and no query could ask about, as a free text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rest: Option<FreeTextId>,
    /// The slots that were released for requests of the other branch, or for ones that never came.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lost: Vec<LostSlot>,
    /// The bundles that were put aside unread.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unread: Vec<EntryId>,
}

/// A slot that was released for a request that is in force no more, or never came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LostSlot {
    /// Subject key, `S01-003`, for which it was released.
    pub subject: Oid,
    /// Which stratum, from 0.
    pub stratum: u32,
    /// Which slot of it, from 1.
    pub slot: u32,
    /// Whether the subject was registered before the branches parted, and so is one person in both.
    pub same_person: bool,
}

impl LogSettled {
    pub(super) fn check(&self) -> Result<(), &'static str> {
        check_name(&self.device)?;
        self.lost.iter().try_for_each(|lost| check_name(&lost.subject))?;
        if self.seq == 0 { Err("a log begins with seq 1") } else { Ok(()) }
    }
}
