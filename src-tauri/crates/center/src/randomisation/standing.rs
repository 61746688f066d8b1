//! How allocation stands: what was released, and what the sites have sent of it. No arm is named.

use super::released::{Given, Lost, Released, released};
use crate::fold::each_behind;
use crate::store::Tx;
use crate::versions::Published;
use crate::{CenterError, Omission};
use allocation::SlotList;
use casebook::{Book, EntryId, Origin, RowKind};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// How allocation stands.
#[derive(Clone, Debug, Serialize)]
pub struct AllocationStatus {
    /// Digest of the slot list, as it was published.
    pub root: EntryId,
    /// The strata.
    pub strata: Vec<StratumStatus>,
    /// The subjects for whom anybody asked.
    pub subjects: Vec<AllocatedStatus>,
    /// Requests that got no slot.
    pub refused: u64,
}

/// How a stratum stands.
#[derive(Clone, Debug, Serialize)]
pub struct StratumStatus {
    /// Its factors' codes.
    pub stratum: String,
    /// Slots released.
    pub released: u64,
    /// How many slots were dealt.
    pub slots: u32,
}

/// How a subject's allocation stands.
#[derive(Clone, Debug, Serialize)]
pub struct AllocatedStatus {
    /// Subject key.
    pub subject: String,
    /// The device that asked.
    pub device: String,
    /// The stratum, by its factors' codes.
    pub stratum: String,
    /// The slot, once it was released.
    pub slot: Option<u32>,
    /// In words.
    pub state: &'static str,
}

/// What has come of a subject.
#[derive(Default)]
struct Come {
    device: String,
    stratum: u32,
    asked: bool,
    told: bool,
}

/// Which slots were released to whom, and what the sites have sent of it. Reads folded rows: carry them on before. Subjects
/// whose rows can't be read are added to `omitted`.
///
/// # Errors
/// When the database fails.
pub(crate) fn allocation_status(
    tx: &dyn Tx,
    published: &Published,
    list: &SlotList,
    omitted: &mut Vec<Omission>,
) -> Result<AllocationStatus, CenterError> {
    let so_far = released(tx)?;
    let name = |stratum: u32| list.strata().get(stratum as usize).cloned().unwrap_or_default();
    let mut come = come(tx, published, omitted)?;
    let mut subjects = Vec::new();
    let firsts = so_far.given.iter().filter(|given| !given.act.again);
    for given in firsts.clone() {
        let act = &given.act;
        let state = match so_far.stands(given) {
            Some(lost) => lost,
            None => come.remove(act.subject.as_str()).unwrap_or_default().state(),
        };
        let (subject, device) = (act.subject.to_string(), act.device.to_string());
        subjects.push(AllocatedStatus { subject, device, stratum: name(act.stratum), slot: Some(act.slot), state });
    }
    for (subject, has) in come {
        let state = if has.told { "REVEALED without a release" } else { "requested, never called in" };
        let (device, stratum) = (has.device, name(has.stratum));
        subjects.push(AllocatedStatus { subject, device, stratum, slot: None, state });
    }
    subjects.sort_by(|one, other| (&one.subject, one.slot).cmp(&(&other.subject, other.slot)));
    let strata = (0..).zip(list.strata()).map(|(number, stratum)| StratumStatus {
        stratum: stratum.clone(),
        released: firsts.clone().filter(|given| given.act.stratum == number).count() as u64,
        slots: list.slots(),
    });
    Ok(AllocationStatus { root: list.root(), strata: strata.collect(), subjects, refused: so_far.refused.len() as u64 })
}

impl Come {
    /// What has come of a subject whose slot was released, in words.
    fn state(&self) -> &'static str {
        match (self.asked, self.told) {
            (_, true) => "released, revealed",
            (true, false) => "released, request received",
            (false, false) => "released, request not yet received",
        }
    }
}

impl Released {
    /// How a lost slot stands, in words; none where it is not lost, or was released to its subject again.
    fn stands(&self, given: &Given) -> Option<&'static str> {
        let slot = (given.act.stratum, given.act.slot);
        let is_given = |other: &Given| other.lost.is_none() && (other.act.stratum, other.act.slot) == slot;
        match given.lost? {
            _ if self.given.iter().any(is_given) => None,
            Lost::OfSubject => {
                Some("LOST with a branch that was put aside: release it to this subject again, with --deviation")
            }
            Lost::OfNobody => Some("LOST with a branch that was put aside: this slot is nobody's any more"),
        }
    }
}

/// A device's act about a subject's allocation.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Heard {
    device: String,
    seq: u64,
    subject: String,
    stratum: u32,
    told: bool,
}

/// What the devices' logs hold of allocation, by subject.
fn come(
    tx: &dyn Tx,
    published: &Published,
    omitted: &mut Vec<Omission>,
) -> Result<BTreeMap<String, Come>, CenterError> {
    let mut heard = BTreeSet::new();
    let behind = each_behind(tx, published, omitted, &mut |subject, book| note(&mut heard, subject, book))?;
    tx.rows_of_kind(RowKind::Allocation, &mut |subject, place, bytes| {
        if behind.contains(subject) {
            return Ok(());
        }
        match Book::from_rows([(RowKind::Allocation, place, bytes)]) {
            Ok(row) => note(&mut heard, subject, &row),
            Err(_) => Omission::note_rows(subject, omitted),
        }
        Ok(())
    })?;
    let mut come: BTreeMap<String, Come> = BTreeMap::new();
    for Heard { device, subject, stratum, told, .. } in heard {
        let has = come.entry(subject).or_default();
        (has.device, has.stratum) = (device, stratum);
        has.asked |= !told;
        has.told |= told;
    }
    Ok(come)
}

/// Notes what a book holds of allocation.
fn note(heard: &mut BTreeSet<Heard>, subject: &str, book: &Book) {
    for (_, allocation) in book.allocations() {
        let mut note = |origin: &Origin, stratum, told| {
            let (device, subject) = (origin.log.to_string(), subject.to_owned());
            heard.insert(Heard { device, seq: origin.seq, subject, stratum, told });
        };
        allocation.asked.iter().for_each(|asked| note(&asked.origin, asked.stratum, false));
        allocation.told.iter().for_each(|told| note(&told.origin, told.stratum, true));
    }
}
