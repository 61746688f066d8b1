//! Both branches side by side, before anybody chooses. Counts, times and the keys of subjects; no value and no words.

use super::error::SettleError;
use super::fork::{Consent, Fork};
use super::parked::{Parked, ParkedView};
use super::slots::Slot;
use crate::store::{StoreError, Tx};
use crate::{Center, CenterError};
use casebook::Line;
use casebook::act::Branch;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// A log with two branches, as people look at it.
#[derive(Clone, Debug, Serialize)]
pub struct ForkView {
    /// The device.
    pub device: String,
    /// The first sequence number that has two entries.
    pub seq: u64,
    /// The branch held first.
    pub held: BranchView,
    /// The branch that came later.
    pub later: BranchView,
    /// What is kept aside of further branches, which go on in no case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub others: Option<BranchView>,
    /// The slots that were released by telephone and are lost with some choice.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub slots: Vec<SlotView>,
    /// Why the branch that came later can't go on, where it can't.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub only_held: Option<String>,
    /// Why the branch held first can't be chosen, where it can't.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_held: Option<String>,
    /// Bundles that wait for an earlier one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parked: Vec<ParkedView>,
    /// Bundles under other keys of the device that wait for approval: unopened, so of which branch they are is not known.
    pub waiting: u64,
    /// Stands for both branches as they are: to be given with the choice.
    pub mark: String,
}

/// A slot that is at stake.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SlotView {
    /// Subject key.
    pub subject: String,
    /// Which stratum, from 0.
    pub stratum: u32,
    /// Which slot of it, from 1.
    pub slot: u32,
    /// Whether its request has come.
    pub come: bool,
    /// The branch with the request; none where that has not come, or is in a further one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<Branch>,
    /// The branches with which it is lost, where one of them is chosen.
    pub lost_with: Vec<Branch>,
}

impl SlotView {
    fn of(slot: &Slot) -> Self {
        let lost_with = [Branch::Held, Branch::Later].into_iter().filter(|kept| slot.is_lost_with(*kept)).collect();
        let of = [Branch::Held, Branch::Later].into_iter().find(|branch| slot.request.is_in(*branch));
        let (subject, come) = (slot.subject.to_string(), slot.request.seq().is_some());
        Self { subject, stratum: slot.stratum, slot: slot.slot, come, of, lost_with }
    }
}

/// What one branch holds from the fork on.
#[derive(Clone, Debug, Serialize)]
pub struct BranchView {
    /// Its entries.
    pub entries: u64,
    /// The last sequence number.
    pub last: u64,
    /// When its first entry was written, by the device's clock.
    pub first_at: Option<String>,
    /// When its last entry was written.
    pub last_at: Option<String>,
    /// The subjects that it is about.
    pub subjects: BTreeSet<String>,
    /// How many acts of which name.
    pub acts: BTreeMap<&'static str, u64>,
    /// The key that signed it, as words.
    pub words: Option<String>,
}

impl Center {
    /// Both branches of a device's log. Changes nothing.
    ///
    /// # Errors
    /// [`SettleError::NoFork`]; when there is no such device, or the database fails.
    pub fn fork(&self, device: &str) -> Result<ForkView, CenterError> {
        self.store.read(|tx| {
            tx.device(device)?.ok_or_else(|| CenterError::UnknownDevice(device.to_owned()))?;
            let fork = Fork::read(self, tx, device)?.ok_or_else(|| SettleError::NoFork(device.to_owned()))?;
            let why = |kept| {
                Ok::<_, CenterError>(fork.may_go_on(tx, kept, Consent::default())?.err().map(|why| why.to_string()))
            };
            let (only_held, not_held) = (why(Branch::Later)?, why(Branch::Held)?);
            let [held, later] = [Branch::Held, Branch::Later].map(|branch| BranchView {
                words: fork.keys.of(branch).map(|key| key.words()),
                ..BranchView::of(fork.branch(branch))
            });
            let others = (!fork.others.is_empty()).then(|| BranchView::of(&fork.others));
            let slots = fork.slots().iter().map(SlotView::of).collect();
            let parked = fork.parked.iter().map(Parked::view).collect();
            let (waiting, mark) = (waiting(tx, device)?, fork.mark());
            Ok(ForkView {
                device: fork.log.clone(),
                seq: fork.seq,
                held,
                later,
                others,
                slots,
                only_held,
                not_held,
                parked,
                waiting,
                mark,
            })
        })
    }
}

impl BranchView {
    fn of(lines: &[Line]) -> Self {
        let at = |line: Option<&Line>| line.map(|line| line.entry().at.local(line.entry().tz));
        let mut acts = BTreeMap::new();
        for line in lines {
            *acts.entry(line.entry().act.name()).or_default() += 1;
        }
        let subjects = lines.iter().filter_map(|line| line.entry().act.subject());
        Self {
            entries: lines.len() as u64,
            last: lines.last().map_or(0, |line| line.entry().seq),
            first_at: at(lines.first()),
            last_at: at(lines.last()),
            subjects: subjects.map(ToString::to_string).collect(),
            acts,
            words: None,
        }
    }
}

/// How many bundles wait under keys of a log that nobody has approved.
fn waiting(tx: &dyn Tx, log: &str) -> Result<u64, StoreError> {
    let mut bundles = 0;
    for other in tx.devices()?.iter().filter(|other| other.asks_for(log)) {
        bundles += tx.waiting_bundles(log, other.key)?.len() as u64;
    }
    Ok(bundles)
}
