//! What is kept aside of a log, as the branches that it is of: which entry follows which.

use casebook::{EntryId, Line};
use std::collections::HashMap;

/// Entries of a log and what follows each: by their place among those that were given. Its branches may share how they begin.
pub(super) struct Branches {
    before: Vec<Option<usize>>,
    after: Vec<Vec<usize>>,
}

impl Branches {
    /// Those of entries that ascend by their sequence numbers.
    pub(super) fn of<'a>(lines: impl IntoIterator<Item = &'a Line>) -> Self {
        let (mut places, mut before, mut after) = (HashMap::<(u64, EntryId), usize>::new(), Vec::new(), Vec::new());
        for (at, line) in lines.into_iter().enumerate() {
            let entry = line.entry();
            let follows = places.get(&(entry.seq.saturating_sub(1), entry.prev)).copied();
            if let Some(place) = follows {
                let after: &mut Vec<usize> = &mut after[place];
                after.push(at);
            }
            before.push(follows);
            after.push(Vec::new());
            places.insert((entry.seq, line.id()), at);
        }
        Self { before, after }
    }

    /// The last entries of all branches.
    pub(super) fn ends(&self) -> Vec<usize> {
        (0..self.after.len()).filter(|at| self.after[*at].is_empty()).collect()
    }

    /// The entries of the branch that ends there, in order, as far as each follows another one.
    pub(super) fn to(&self, end: usize) -> Vec<usize> {
        let mut branch: Vec<usize> = std::iter::successors(Some(end), |at| self.before[*at]).collect();
        branch.reverse();
        branch
    }

    /// The entries that follow one.
    pub(super) fn after(&self, at: usize) -> &[usize] {
        &self.after[at]
    }

    /// Goes through every branch from its first entry on: comes to each entry once, and leaves it when all that follows it was gone
    /// through.
    pub(super) fn walk(&self, each: &mut dyn FnMut(Step)) {
        let firsts = (0..self.before.len()).filter(|at| self.before[*at].is_none()).rev();
        let mut steps: Vec<Step> = firsts.map(Step::Come).collect();
        while let Some(step) = steps.pop() {
            if let Step::Come(at) = step {
                steps.push(Step::Leave(at));
                steps.extend(self.after[at].iter().rev().map(|next| Step::Come(*next)));
            }
            each(step);
        }
    }
}

/// A step of such a walk: an entry by its place.
#[derive(Clone, Copy)]
pub(super) enum Step {
    Come(usize),
    Leave(usize),
}
