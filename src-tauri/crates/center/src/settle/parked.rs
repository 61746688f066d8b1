//! Bundles of a forked log that wait for an earlier one: of which branch they are, as far as that shows.

use crate::Center;
use crate::store::{BundleRow, BundleState, StoreError, Tx};
use casebook::act::Branch;
use casebook::{EntryId, Line};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// A bundle that waits for an earlier one.
#[derive(Clone, Debug)]
pub(super) struct Parked {
    pub(super) row: BundleRow,
    /// Its branch; none where nothing that is known tells, or where it is of a further one.
    pub(super) of: Option<Branch>,
}

/// The same for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ParkedView {
    /// The first entry in it.
    pub first: u64,
    /// The last entry in it.
    pub last: u64,
    /// Its branch; none where nothing that is known tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<Branch>,
}

impl Parked {
    /// Those of a log that has a fork. One whose file is gone brings nothing any more, and is left out.
    /// `others` are the entries that are kept aside of further branches than the two.
    pub(super) fn all_of(center: &Center, tx: &dyn Tx, log: &str, others: &[Line]) -> Result<Vec<Self>, StoreError> {
        let mut found = Vec::new();
        let further: BTreeSet<EntryId> = others.iter().map(Line::id).collect();
        let mut ends: BTreeMap<(u64, EntryId), Branch> = BTreeMap::new();
        for row in tx.bundles(log, BundleState::Parked)? {
            let Some(run) = center.kept_run(row.id) else {
                // One that can't be read just now may be of either branch; damage may be made good.
                if !matches!(center.bundle_file(row.id).try_exists(), Ok(false)) {
                    found.push(Self { row, of: None });
                }
                continue;
            };
            let before = run.first.saturating_sub(1);
            let of = match ends.get(&(before, run.prev)) {
                Some(branch) => Some(*branch),
                None if further.contains(&run.prev) => None,
                None => branch_after(&tx.aside_at(log, before)?, run.prev),
            };
            if let Some(branch) = of {
                ends.insert((run.last, run.head), branch);
            }
            found.push(Self { row, of });
        }
        Ok(found)
    }

    pub(super) fn view(&self) -> ParkedView {
        ParkedView { first: self.row.first, last: self.row.last, of: self.of }
    }
}

/// The branch of what follows the entry `prev`, where `aside` are the entries that are kept aside at its place: what contradicts the
/// one branch that is there is of the other.
fn branch_after(aside: &[EntryId], prev: EntryId) -> Option<Branch> {
    match aside {
        one if one.contains(&prev) => Some(Branch::Later),
        [_] => Some(Branch::Held),
        _ => None,
    }
}
