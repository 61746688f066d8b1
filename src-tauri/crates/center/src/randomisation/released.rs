//! What the center's log says of releases: which slots were given, and which of them are lost.
//!
//! A slot is lost where its request was put aside with a branch of its device's log, or never came. It is given to nobody else.

use crate::CenterError;
use crate::store::{StoreError, Tx};
use allocation::RequestCode;
use casebook::act::{AllocationPublished, AllocationRefused, AllocationReleased, LostSlot};
use casebook::{Act, CENTER, EntryId, Line};
use std::collections::{BTreeMap, BTreeSet};

/// How acts about allocation, an act that asks for a slot, and one that settles a fork stand in an entry.
const ALLOCATION: &[u8] = b"\"act\":\"allocation.";
const REQUESTED: &[u8] = b"\"act\":\"allocation.requested\"";
const SETTLED: &[u8] = b"\"act\":\"log.settled\"";

/// What the center's log says of releases.
#[derive(Default)]
pub(crate) struct Released {
    pub(crate) published: Option<AllocationPublished>,
    /// In the order of the log.
    pub(crate) given: Vec<Given>,
    pub(crate) refused: Vec<AllocationRefused>,
}

/// A slot as it was released once.
pub(crate) struct Given {
    /// The entry of the center's log that says so.
    pub(crate) id: EntryId,
    pub(crate) act: AllocationReleased,
    /// Whose the slot is, where this request is in force no more.
    pub(crate) lost: Option<Lost>,
}

/// Whose a lost slot is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lost {
    /// The subject's, who is one person in both branches: it may be released again, to that subject.
    OfSubject,
    /// Of somebody whom no log in force knows: the subject of that key is another person, and gets a slot of its own.
    OfNobody,
}

impl Given {
    /// The code of its request.
    pub(crate) fn code(&self) -> Option<RequestCode> {
        self.act.code.parse().ok()
    }

    /// Whether the slot is that of the subject whose key it names.
    pub(crate) fn is_own(&self) -> bool {
        self.lost != Some(Lost::OfNobody)
    }
}

impl Released {
    /// The slot of a subject; none where it has none, or where that was another person's.
    pub(crate) fn own(&self, subject: &str) -> Option<&AllocationReleased> {
        self.given.iter().find(|given| given.is_own() && *given.act.subject == *subject).map(|given| &given.act)
    }

    /// Whether a slot that was released under this key is nobody's.
    pub(crate) fn has_lost(&self, subject: &str) -> bool {
        self.given.iter().any(|given| !given.is_own() && *given.act.subject == *subject)
    }

    /// What was released to a device for requests that count: none of them is lost.
    pub(crate) fn in_force<'a>(&'a self, device: &'a str) -> impl Iterator<Item = &'a Given> {
        self.given.iter().filter(move |given| given.lost.is_none() && *given.act.device == *device)
    }

    fn take(&mut self, id: EntryId, act: Act) {
        match act {
            Act::AllocationPublished(act) => self.published = Some(act),
            Act::AllocationReleased(act) => self.given.push(Given { id, act, lost: None }),
            Act::AllocationRefused(act) => self.refused.push(act),
            Act::LogSettled(act) => act.lost.iter().for_each(|lost| self.lose(&act.device, lost)),
            _ => {}
        }
    }

    /// What was released of a slot until now is lost; a release that comes later is for another request.
    fn lose(&mut self, device: &str, lost: &LostSlot) {
        let whose = if lost.same_person { Lost::OfSubject } else { Lost::OfNobody };
        let of_slot = |given: &&mut Given| {
            let act = &given.act;
            *act.device == *device && (act.stratum, act.slot) == (lost.stratum, lost.slot)
        };
        self.given.iter_mut().filter(of_slot).for_each(|given| given.lost = Some(whose));
    }

    /// A request that was thought never to come and is in force by now gets its slot back.
    fn find_again(&mut self, tx: &dyn Tx) -> Result<(), StoreError> {
        let lost = self.given.iter().filter(|given| given.lost.is_some());
        let devices: BTreeSet<String> = lost.map(|given| given.act.device.to_string()).collect();
        let mut asked: BTreeMap<String, Vec<EntryId>> = BTreeMap::new();
        for device in devices {
            let ids = asked.entry(device.clone()).or_default();
            tx.lines(&device, 1, &mut |_, _, id, bytes| {
                if holds(bytes, REQUESTED) {
                    ids.push(id);
                }
                Ok(())
            })?;
        }
        for given in self.given.iter_mut().filter(|given| given.lost.is_some()) {
            let ids = asked.get(given.act.device.as_str()).map_or(&[][..], Vec::as_slice);
            if given.code().is_some_and(|code| ids.iter().any(|id| code.names(id))) {
                given.lost = None;
            }
        }
        Ok(())
    }
}

/// What was published, released and refused so far, and what is lost of it.
pub(crate) fn released(tx: &dyn Tx) -> Result<Released, CenterError> {
    let mut so_far = Released::default();
    each_act(tx, CENTER, &[ALLOCATION, SETTLED], &mut |id, act| so_far.take(id, act))?;
    so_far.find_again(tx)?;
    Ok(so_far)
}

/// Every act about allocation of a log, with its id.
pub(crate) fn each_allocation_act(
    tx: &dyn Tx,
    log: &str,
    take: &mut dyn FnMut(EntryId, Act),
) -> Result<(), StoreError> {
    each_act(tx, log, &[ALLOCATION], take)
}

/// Every act of a log whose entry holds one of these names. Looking for these is much faster than reading every line, and such acts are few.
fn each_act(tx: &dyn Tx, log: &str, names: &[&[u8]], take: &mut dyn FnMut(EntryId, Act)) -> Result<(), StoreError> {
    tx.lines(log, 1, &mut |_, _, id, bytes| {
        if names.iter().any(|name| holds(bytes, name)) {
            let line = Line::reread(bytes.to_vec(), id).map_err(|_| StoreError::Damaged("an entry"))?;
            take(id, line.into_parts().2.act);
        }
        Ok(())
    })
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}
