//! Both branches side by side, before anybody chooses. Counts, times and the keys of subjects; no value and no words.

use super::error::SettleError;
use super::fork::Fork;
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
    /// Why the branch that came later can't go on, where it can't.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub only_held: Option<String>,
    /// Why the branch held first can't be chosen, where it can't.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_held: Option<String>,
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
}

impl Center {
    /// Both branches of a device's log. Changes nothing.
    ///
    /// # Errors
    /// [`SettleError::NoFork`]; when there is no such device, or the database fails.
    pub fn fork(&self, device: &str) -> Result<ForkView, CenterError> {
        self.store.read(|tx| {
            tx.device(device)?.ok_or_else(|| CenterError::UnknownDevice(device.to_owned()))?;
            let fork = Fork::read(tx, device)?.ok_or_else(|| SettleError::NoFork(device.to_owned()))?;
            let why = |kept| Ok::<_, CenterError>(fork.may_go_on(tx, kept)?.err().map(|why| why.to_string()));
            let (only_held, not_held) = (why(Branch::Later)?, why(Branch::Held)?);
            let [held, later] = [Branch::Held, Branch::Later].map(|branch| BranchView::of(fork.branch(branch)));
            Ok(ForkView { device: fork.log.clone(), seq: fork.seq, held, later, only_held, not_held })
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
        }
    }
}
