//! Which key signed which branch of a fork: a branch goes on only by the key that is approved now.

use crate::store::{StoreError, Tx};
use casebook::act::Branch;
use casebook::{Act, Line};
use seal::PublicKey;

/// How the act that names a device's keys begins in an entry.
const ENROLLED: &[u8] = b"\"act\":\"device.enrolled\"";

/// The keys of both branches, as their entries name them last.
pub(super) struct BranchKeys {
    /// Of the branch held first, and of the one that came later.
    held: Option<PublicKey>,
    later: Option<PublicKey>,
    /// The key that is approved now.
    approved: Option<PublicKey>,
}

impl BranchKeys {
    /// Reads them. `branches` are the one held first and the one that came later, which part at the sequence number `seq`.
    pub(super) fn read(tx: &dyn Tx, log: &str, seq: u64, branches: [&[Line]; 2]) -> Result<Self, StoreError> {
        let mut before = None;
        tx.lines(log, 1, &mut |_, at, id, bytes| {
            if at < seq && bytes.windows(ENROLLED.len()).any(|part| part == ENROLLED) {
                before = Line::reread(bytes.to_vec(), id).ok().as_ref().and_then(named).or(before);
            }
            Ok(())
        })?;
        let [held, later] = branches.map(|lines| lines.iter().rev().find_map(named).or(before));
        Ok(Self { held, later, approved: tx.device(log)?.map(|device| device.key) })
    }

    /// The key of a branch.
    pub(super) fn of(&self, branch: Branch) -> Option<PublicKey> {
        match branch {
            Branch::Held => self.held,
            Branch::Later => self.later,
        }
    }

    /// Whether the key that is approved now is the other branch's, and not this one's.
    pub(super) fn is_former(&self, branch: Branch) -> bool {
        let [own, other] = match branch {
            Branch::Held => [self.held, self.later],
            Branch::Later => [self.later, self.held],
        };
        self.approved.is_some() && other == self.approved && own != self.approved
    }
}

/// The key that an entry names as its device's.
fn named(line: &Line) -> Option<PublicKey> {
    match &line.entry().act {
        Act::DeviceEnrolled(act) => act.key.parse().ok(),
        _ => None,
    }
}
