//! What a device's entries give away about allocation, when they are held against what was released.

use super::{Released, each_allocation_act, released};
use crate::store::{StoreError, Tx};
use crate::{AlarmKind, Center, CenterError};
use allocation::Plan;
use allocation::RequestCode;
use casebook::{Act, Entry, EntryId, Stored};
use study::{CellKey, Oid};

/// Entries of a bundle that are about allocation, kept while it is imported.
pub(crate) struct Watched {
    /// Where the arm stands.
    arm: Option<CellKey>,
    found: Vec<(u64, EntryId, What)>,
}

enum What {
    Asked,
    Told { subject: Oid, stratum: u32, slot: u32, arm: String },
    Entered { subject: Oid, arm: Option<String> },
}

impl Watched {
    pub(crate) fn new(plan: Option<&Plan>) -> Self {
        Self { arm: plan.map(|plan| plan.arm.clone()), found: Vec::new() }
    }

    /// Looks at one entry.
    pub(crate) fn look(&mut self, id: EntryId, entry: &Entry) {
        let Some(arm) = &self.arm else { return };
        let what = match &entry.act {
            Act::AllocationRequested(_) => What::Asked,
            Act::AllocationRevealed(act) => What::Told {
                subject: act.subject.clone(),
                stratum: act.stratum,
                slot: act.slot,
                arm: act.arm.as_str().to_owned(),
            },
            Act::ItemsSet(act) if act.form == arm.form => {
                let Some(set) = act.items.iter().find(|set| set.item == arm.item) else { return };
                let value = match &set.value {
                    Some(Stored::Plain(value)) => Some(value.as_str().to_owned()),
                    _ => None,
                };
                What::Entered { subject: act.subject.clone(), arm: value }
            }
            _ => return,
        };
        self.found.push((entry.seq, id, what));
    }
}

impl Center {
    /// What the watched entries of a device's log give away. Call after the log has been imported.
    pub(crate) fn judge_allocation(
        &self,
        tx: &dyn Tx,
        log: &str,
        watched: &Watched,
    ) -> Result<Vec<(AlarmKind, u64)>, CenterError> {
        if watched.found.is_empty() {
            return Ok(Vec::new());
        }
        let so_far = released(tx)?;
        if so_far.published.is_none() {
            return Ok(Vec::new());
        }
        let ledger = self.ledger(tx)?;
        let arm_of = |subject: &Oid| {
            let own = so_far.released.iter().find(|act| act.subject == *subject)?;
            Some((own, ledger.entry(own.stratum, own.slot)?.arm.as_str()))
        };
        let mut found = Vec::new();
        for (seq, id, what) in &watched.found {
            let wrong = match what {
                What::Asked => match is_other_request(tx, log, *id, &so_far) {
                    // What can't be compared is told, and stops nobody else's bundle.
                    Err(CenterError::Store(StoreError::Damaged(_))) => Some(AlarmKind::Request),
                    is_other => is_other?.then_some(AlarmKind::Request),
                },
                What::Told { subject, stratum, slot, arm } => match arm_of(subject) {
                    Some((own, held)) if (own.stratum, own.slot, held) == (*stratum, *slot, arm.as_str()) => None,
                    _ => Some(AlarmKind::Unreleased),
                },
                What::Entered { subject, arm } => {
                    let held = arm_of(subject).map(|(_, arm)| arm);
                    (held.is_none() || held != arm.as_deref()).then_some(AlarmKind::Arm)
                }
            };
            found.extend(wrong.map(|kind| (kind, *seq)));
        }
        Ok(found)
    }
}

/// Whether a request that has come is another than the one of its number that was released, or leaves one out that
/// was.
fn is_other_request(tx: &dyn Tx, log: &str, id: EntryId, so_far: &Released) -> Result<bool, CenterError> {
    let mut held = Vec::new();
    each_allocation_act(tx, log, 1, &mut |_, id, act| {
        if let Act::AllocationRequested(act) = act {
            held.push((id, act.number));
        }
    })?;
    // A branch that is kept aside is judged by the fork itself.
    let Some(number) = held.iter().find(|(held, _)| *held == id).map(|(_, number)| *number) else {
        return Ok(!so_far.names(log, id));
    };
    let named = |number: u32, id: EntryId| {
        so_far.of(log, number).any(|act| act.code.parse::<RequestCode>().is_ok_and(|code| code.names(&id)))
    };
    let other = so_far.of(log, number).next().is_some() && !named(number, id);
    // Going by the releases, not by the number: a device may claim to have asked four thousand million times.
    let left_out = so_far.released.iter().filter(|act| *act.device == *log && act.number < number).any(|act| {
        let earlier = act.number;
        !held.iter().any(|(id, number)| *number == earlier && named(earlier, *id))
    });
    Ok(other || left_out)
}

impl Released {
    fn of<'a>(&'a self, device: &'a str, number: u32) -> impl Iterator<Item = &'a casebook::act::AllocationReleased> {
        self.released.iter().filter(move |act| *act.device == *device && act.number == number)
    }

    /// Whether any release to this device was for this entry.
    fn names(&self, device: &str, id: EntryId) -> bool {
        let of_device = self.released.iter().filter(|act| *act.device == *device);
        of_device.filter_map(|act| act.code.parse::<RequestCode>().ok()).any(|code| code.names(&id))
    }
}
