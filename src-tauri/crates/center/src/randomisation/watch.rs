//! What a device's entries give away about allocation, when they are held against what was released.

use super::{Released, each_allocation_act, released};
use crate::store::{StoreError, Tx};
use crate::{AlarmKind, Center, CenterError};
use allocation::{Ledger, Plan, RequestCode};
use casebook::{Act, Entry, EntryId, Stored};
use std::collections::{BTreeMap, HashMap};
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
    ///
    /// Each log is read once for all of them: a device may send very many, and nobody else can write meanwhile.
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
        let given = Arms::all_of(&so_far, &ledger);
        let requests = match Requests::read(tx, log, &so_far) {
            // What can't be compared is told, and stops nobody else's bundle.
            Err(StoreError::Damaged(_)) => None,
            requests => Some(requests?),
        };
        let judged = watched.found.iter().filter_map(|(seq, id, what)| {
            let (is_wrong, kind) = match what {
                What::Asked => (requests.as_ref().is_none_or(|requests| requests.is_other(*id)), AlarmKind::Request),
                What::Told { subject, stratum, slot, arm } => {
                    let told = (*stratum, *slot, arm.as_str());
                    (given.of(subject) != Some(told), AlarmKind::Unreleased)
                }
                What::Entered { subject, arm } => {
                    let held = given.of(subject).map(|(_, _, arm)| arm);
                    (held.is_none() || held != arm.as_deref(), AlarmKind::Arm)
                }
            };
            is_wrong.then_some((kind, *seq))
        });
        Ok(judged.collect())
    }
}

/// The slot that each subject was given, as the ledger has it.
struct Arms<'a>(HashMap<&'a str, (u32, u32, &'a str)>);

impl<'a> Arms<'a> {
    fn all_of(so_far: &'a Released, ledger: &'a Ledger) -> Self {
        let entries = ledger.entries().iter();
        let arms: HashMap<_, _> = entries.map(|entry| ((entry.stratum, entry.slot), entry.arm.as_str())).collect();
        let mut given = HashMap::new();
        for act in so_far.given.iter().filter(|given| given.is_own()).map(|given| &given.act) {
            if let Some(arm) = arms.get(&(act.stratum, act.slot)) {
                given.entry(act.subject.as_str()).or_insert((act.stratum, act.slot, *arm));
            }
        }
        Self(given)
    }

    /// A subject's stratum, slot and arm.
    fn of(&self, subject: &Oid) -> Option<(u32, u32, &'a str)> {
        self.0.get(subject.as_str()).copied()
    }
}

/// The requests of a device's log, held against what was released to it.
struct Requests {
    /// The number of each request that is held.
    held: HashMap<EntryId, u32>,
    /// The codes that were answered, by the number of their request.
    answered: BTreeMap<u32, Vec<RequestCode>>,
    /// The first number that was answered for another entry than one that is held.
    left_out: Option<u32>,
}

impl Requests {
    fn read(tx: &dyn Tx, log: &str, so_far: &Released) -> Result<Self, StoreError> {
        let (mut held, mut ids) = (HashMap::new(), BTreeMap::<u32, Vec<EntryId>>::new());
        each_allocation_act(tx, log, &mut |id, act| {
            if let Act::AllocationRequested(act) = act {
                held.insert(id, act.number);
                ids.entry(act.number).or_default().push(id);
            }
        })?;
        let mut answered: BTreeMap<u32, Vec<RequestCode>> = BTreeMap::new();
        for given in so_far.in_force(log) {
            let codes = answered.entry(given.act.number).or_default();
            codes.extend(given.code().filter(|code| !codes.contains(code)));
        }
        // Going by the releases, not by the numbers: a device may claim to have asked four thousand million times.
        let is_held = |number: &u32, codes: &[RequestCode]| {
            let ids = ids.get(number);
            ids.is_some_and(|ids| ids.iter().any(|id| codes.iter().any(|code| code.names(id))))
        };
        let left_out = answered.iter().find(|(number, codes)| !is_held(number, codes)).map(|(number, _)| *number);
        Ok(Self { held, answered, left_out })
    }

    /// Whether a request that has come is another than the one of its number that was answered, or leaves one out that was.
    fn is_other(&self, id: EntryId) -> bool {
        let names = |codes: &Vec<RequestCode>| codes.iter().any(|code| code.names(&id));
        // A branch that is kept aside is judged by the fork itself.
        let Some(number) = self.held.get(&id) else { return !self.answered.values().any(names) };
        self.answered.get(number).is_some_and(|codes| !names(codes)) || self.left_out.is_some_and(|left| left < *number)
    }
}
