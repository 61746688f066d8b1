//! Slots that were released by telephone for requests of a forked log. A slot is given once, so no branch goes with it unseen.

use crate::CenterError;
use crate::randomisation::released;
use crate::store::{StoreError, Tx};
use allocation::RequestCode;
use casebook::EntryId;
use casebook::act::{AllocationReleased, Branch};
use seal::sha256;
use std::collections::BTreeMap;
use std::fmt;
use study::Oid;

/// How an act that asks for a slot begins in an entry.
const REQUESTED: &[u8] = b"\"act\":\"allocation.requested\"";

/// A slot whose subject was released to it for a request that is not in force in both branches.
#[derive(Clone, Debug)]
pub(super) struct Slot {
    pub(super) subject: Oid,
    stratum: u32,
    slot: u32,
    /// The branch with the request, and its sequence number there; none where the request has not come.
    pub(super) request: Option<(Branch, u64)>,
}

/// An entry that a release may have been for.
struct Request {
    id: EntryId,
    seq: u64,
    of: Of,
}

/// Where a request stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    /// Before the fork.
    Both,
    One(Branch),
    /// In a branch that was put aside for good before: its slot was named then.
    Settled,
}

impl Slot {
    /// Those of a log whose branches part at the sequence number `fork`. A request is known by the entry that the release names, not by
    /// its subject and number: a vault and its copy give both to two people.
    ///
    /// # Errors
    /// When the center's own log can't be read, or the database fails.
    pub(super) fn all_of(tx: &dyn Tx, log: &str, fork: u64) -> Result<Vec<Self>, CenterError> {
        let requests = requests(tx, log, fork)?;
        let mut by_subject: BTreeMap<Oid, Vec<AllocationReleased>> = BTreeMap::new();
        for act in released(tx)?.released.into_iter().filter(|act| *act.device == *log) {
            by_subject.entry(act.subject.clone()).or_default().push(act);
        }
        let slots = by_subject.into_values().filter_map(|acts| Self::beside_one_branch(&acts, &requests));
        Ok(slots.collect())
    }

    /// A subject's slot, unless it stays whichever branch goes. It may have been released again, for another request.
    fn beside_one_branch(acts: &[AllocationReleased], requests: &[Request]) -> Option<Self> {
        let codes: Vec<RequestCode> = acts.iter().filter_map(|act| act.code.parse().ok()).collect();
        let named = |request: &&Request| codes.iter().any(|code| code.names(&request.id));
        let (gone, stays): (Vec<&Request>, Vec<&Request>) =
            requests.iter().filter(named).partition(|request| request.of == Of::Settled);
        let request = match stays.first() {
            Some(Request { of: Of::One(branch), seq, .. }) if stays.iter().all(|one| one.of == Of::One(*branch)) => {
                Some((*branch, *seq))
            }
            None if gone.is_empty() => None,
            _ => return None,
        };
        let AllocationReleased { subject, stratum, slot, .. } = acts.first()?.clone();
        Some(Self { subject, stratum, slot, request })
    }

    /// Whether its request would be of no branch in force where one goes on.
    pub(super) fn is_lost_with(&self, kept: Branch) -> bool {
        self.request.is_none_or(|(of, _)| of != kept)
    }
}

impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let why = match self.request {
            Some(_) => "its request was put aside",
            None => "its request has never come",
        };
        write!(f, "slot {} of stratum {} was released by telephone, and {why}", self.slot, self.stratum)
    }
}

/// All requests of a log. What can't be read any more is known by its id as well, so damage takes no request away.
fn requests(tx: &dyn Tx, log: &str, fork: u64) -> Result<Vec<Request>, StoreError> {
    let may_ask = |id: EntryId, bytes: &[u8]| {
        bytes.windows(REQUESTED.len()).any(|part| part == REQUESTED) || sha256(bytes) != id.0
    };
    let mut found = Vec::new();
    tx.lines(log, 1, &mut |_, seq, id, bytes| {
        if may_ask(id, bytes) {
            found.push(Request { id, seq, of: if seq < fork { Of::Both } else { Of::One(Branch::Held) } });
        }
        Ok(())
    })?;
    tx.aside(log, &mut |_, seq, id, bytes| {
        if may_ask(id, bytes) {
            found.push(Request { id, seq, of: Of::One(Branch::Later) });
        }
        Ok(())
    })?;
    for count in tx.settled(log)? {
        tx.put_aside(log, count.by, &mut |_, seq, id, _| {
            found.push(Request { id, seq, of: Of::Settled });
            Ok(())
        })?;
    }
    Ok(found)
}
