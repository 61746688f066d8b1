//! Slots that were released by telephone for requests of a forked log. A slot is given once, so no branch goes with it unseen.

use crate::fold::read_book;
use crate::randomisation::{Given, released};
use crate::store::{Alarm, StoreError, Tx};
use crate::{AlarmKind, Center, CenterError, Stamp};
use allocation::RequestCode;
use casebook::act::{Branch, LostSlot};
use casebook::{EntryId, Line};
use seal::sha256;
use std::collections::{BTreeMap, HashSet};
use std::fmt;
use study::Oid;

/// How an act that asks for a slot begins in an entry.
const REQUESTED: &[u8] = b"\"act\":\"allocation.requested\"";

/// A slot whose subject was released to it for a request that is not in force in both branches.
#[derive(Clone, Debug)]
pub(super) struct Slot {
    pub(super) subject: Oid,
    pub(super) stratum: u32,
    pub(super) slot: u32,
    /// The entry of the center's log that released it.
    pub(super) release: EntryId,
    pub(super) request: Asked,
}

/// Where the request of such a slot stands, with its sequence number there.
#[derive(Clone, Copy, Debug)]
pub(super) enum Asked {
    In(Branch, u64),
    /// In a further branch, which goes on in no case.
    Further(u64),
    /// It has not come.
    NotCome,
}

impl Asked {
    pub(super) fn seq(self) -> Option<u64> {
        match self {
            Self::In(_, seq) | Self::Further(seq) => Some(seq),
            Self::NotCome => None,
        }
    }

    pub(super) fn is_in(self, branch: Branch) -> bool {
        matches!(self, Self::In(of, _) if of == branch)
    }
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
    Further,
    /// In a branch that was put aside for good before: its slot was named then.
    Settled,
}

impl Slot {
    /// Those of a log whose branches part at the sequence number `fork`; `others` are the entries of further branches. A request is known by
    /// the entry that the release names, not by its subject and number: a vault and its copy give both to two people.
    ///
    /// # Errors
    /// When the center's own log can't be read, or the database fails.
    pub(super) fn all_of(tx: &dyn Tx, log: &str, fork: u64, others: &[Line]) -> Result<Vec<Self>, CenterError> {
        let mut requests = requests(tx, log, fork)?;
        let further: HashSet<EntryId> = others.iter().map(Line::id).collect();
        let of_further = requests.iter_mut().filter(|request| further.contains(&request.id));
        of_further.for_each(|request| request.of = Of::Further);
        let so_far = released(tx)?;
        // What was lost by an earlier choice is at stake no more.
        let mut by_slot: BTreeMap<(&Oid, u32, u32), Vec<&Given>> = BTreeMap::new();
        for given in so_far.in_force(log) {
            let act = &given.act;
            by_slot.entry((&act.subject, act.stratum, act.slot)).or_default().push(given);
        }
        let slots = by_slot.into_values().filter_map(|given| Self::beside_one_branch(&given, &requests));
        Ok(slots.collect())
    }

    /// A subject's slot, unless it stays whichever branch goes. It may have been released again, for another request.
    fn beside_one_branch(given: &[&Given], requests: &[Request]) -> Option<Self> {
        let codes: Vec<RequestCode> = given.iter().filter_map(|given| given.code()).collect();
        let named: Vec<&Request> =
            requests.iter().filter(|request| codes.iter().any(|code| code.names(&request.id))).collect();
        let stays: Vec<&&Request> = named.iter().filter(|one| matches!(one.of, Of::Both | Of::One(_))).collect();
        let request = match (stays.first(), named.first()) {
            (Some(Request { of: Of::One(branch), seq, .. }), _)
                if stays.iter().all(|one| one.of == Of::One(*branch)) =>
            {
                Asked::In(*branch, *seq)
            }
            (None, None) => Asked::NotCome,
            (None, Some(_)) => Asked::Further(named.iter().find(|one| one.of == Of::Further)?.seq),
            _ => return None,
        };
        let Given { id: release, act, .. } = given.first()?;
        let (subject, stratum, slot) = (act.subject.clone(), act.stratum, act.slot);
        Some(Self { subject, stratum, slot, release: *release, request })
    }

    /// Whether its request would be of no branch in force where one goes on.
    pub(super) fn is_lost_with(&self, kept: Branch) -> bool {
        !self.request.is_in(kept)
    }
}

impl Center {
    /// Slots that are lost by what becomes of a log from the sequence number `fork` on, as they are written down. Asked before a
    /// branch is put aside.
    pub(super) fn written_lost<'s>(
        &self,
        tx: &dyn Tx,
        log: &str,
        fork: u64,
        lost: impl Iterator<Item = &'s Slot>,
    ) -> Result<Vec<LostSlot>, CenterError> {
        let published = self.published_versions(tx)?;
        let lost = lost.map(|Slot { subject, stratum, slot, .. }| {
            let same_person = match read_book(tx, &published, subject) {
                // Of whom nothing can be read nobody knows who that is: nothing of another person is given to such a one.
                Err(CenterError::Store(StoreError::Damaged(_))) => false,
                book => {
                    let book = book?;
                    let mut registered = book.registrations().iter();
                    registered.any(|one| *one.origin.log != *log || one.origin.seq < fork)
                }
            };
            Ok(LostSlot { subject: subject.clone(), stratum: *stratum, slot: *slot, same_person })
        });
        lost.collect()
    }
}

/// Raises the slots that stay with nobody, each by itself: whoever was randomised by one is in no branch that is in force. An alarm is known by
/// its place and its bundle; several slots may have one place, so that it is the entry of the release that tells them apart.
pub(super) fn raise_lost<'s>(
    tx: &mut dyn Tx,
    stamp: &Stamp,
    log: &str,
    fork: u64,
    mut lost: impl Iterator<Item = &'s Slot>,
) -> Result<(), StoreError> {
    let (at, kind) = (stamp.at, AlarmKind::LostSlot);
    lost.try_for_each(|slot| {
        let (seq, bundle) = (slot.request.seq().unwrap_or(fork), slot.release);
        tx.put_alarm(&Alarm { at, kind, log: log.to_owned(), seq, last: None, bundle })
    })
}

impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let why = match self.request {
            Asked::In(..) | Asked::Further(_) => "its request was put aside",
            Asked::NotCome => "its request has never come",
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
