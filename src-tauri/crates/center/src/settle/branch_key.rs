//! Which key signed which branch of a fork: a branch goes on only by the key that is approved now.

use crate::Center;
use crate::store::{BundleState, StoreError, Tx};
use casebook::act::Branch;
use casebook::{EntryId, Line};
use seal::PublicKey;

/// The keys of both branches: who signed the bundles that brought their last entries. What entries say of keys is the word of whoever wrote
/// them, and a former key may name the new one.
pub(super) struct BranchKeys {
    /// Of the branch held first, and of the one that came later.
    held: Option<PublicKey>,
    later: Option<PublicKey>,
    /// The key that is approved now.
    approved: Option<PublicKey>,
}

impl BranchKeys {
    /// Reads them. `later` is the branch that came later. A bundle that can't be read any more tells of no key.
    pub(super) fn read(center: &Center, tx: &dyn Tx, log: &str, later: &[Line]) -> Result<Self, StoreError> {
        // Its last entry tells whose the branch held first is, also where that one can't be read any more.
        let held = brought_held(tx, log, tx.log_state(log)?.end.seq)?;
        let later = later.last().map(|line| tx.brought_aside(log, line.id())).transpose()?.flatten();
        Ok(Self {
            held: held.into_iter().find_map(|bundle| center.kept_signer(bundle)),
            later: later.and_then(|bundle| center.kept_signer(bundle)),
            approved: tx.device(log)?.map(|device| device.key),
        })
    }

    /// The key of a branch.
    pub(super) fn of(&self, branch: Branch) -> Option<PublicKey> {
        match branch {
            Branch::Held => self.held,
            Branch::Later => self.later,
        }
    }

    /// Whether a branch is known to be signed by another key than the one that is approved now: no vault can go on with it.
    pub(super) fn is_of_no_vault(&self, branch: Branch) -> bool {
        self.of(branch).is_some_and(|own| self.approved.is_some_and(|approved| own != approved))
    }

    /// Whether the key that is approved now is the other branch's, and not this one's.
    pub(super) fn is_former(&self, branch: Branch) -> bool {
        let [own, other] = match branch {
            Branch::Held => [self.held, self.later],
            Branch::Later => [self.later, self.held],
        };
        self.approved.is_some() && other == self.approved && own.is_some() && own != self.approved
    }
}

/// The bundles that hold the last entry that is held of a log, the one that brought it first: what came again later may be of another key.
fn brought_held(tx: &dyn Tx, log: &str, last: u64) -> Result<Vec<EntryId>, StoreError> {
    let mut rows = tx.bundles(log, BundleState::Accepted)?;
    rows.retain(|row| (row.first..=row.last).contains(&last));
    rows.sort_by_key(|row| row.received);
    Ok(rows.into_iter().map(|row| row.id).collect())
}
