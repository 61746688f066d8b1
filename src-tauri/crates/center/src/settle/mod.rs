//! A fork that a data manager settles: one branch of a device's log goes on, the other stays aside as evidence, and what it says is
//! asked about, so that nobody's work is lost.

mod branch_key;
mod branches;
mod error;
mod fork;
mod gone;
mod kept;
mod mend;
mod parked;
mod proposals;
mod rest;
mod said;
mod show;
mod slots;
mod unread;
mod words;

pub use error::SettleError;
pub(crate) use kept::each_aside;
pub use parked::ParkedView;
pub use proposals::Unasked;
pub use rest::{PutAside, SettledBy, SettledRest, UnreadBundle};
pub use show::{BranchView, ForkView, SlotView};

use crate::journal::keep_text;
use crate::store::{BundleState, StoreError, Tx};
use crate::{Center, CenterError, Stamp};
use casebook::CENTER;
use casebook::act::{Branch, LogSettled};
use fork::{Consent, Fork};
use kept::settled_by;
use parked::Parked;
use proposals::Proposals;
use said::last_words;
use serde::Serialize;
use slots::raise_lost;
use study::Oid;

/// What a data manager chooses.
#[derive(Clone, Copy, Debug)]
pub struct Choice<'a> {
    /// The device whose log has two branches.
    pub device: &'a str,
    /// The branch that goes on.
    pub keep: Branch,
    /// Why.
    pub reason: &'a str,
    /// What stands for the branches as they were shown ([`ForkView::mark`]): where they are others by now, nothing is done.
    pub shown: Option<&'a str>,
    /// Also where bundles wait for an earlier one and may be of the branch that is put aside: they are put aside with it.
    pub without_parked: bool,
    /// The subjects to whom slots were released by telephone for requests that have not come, and never will: each slot is named, and its
    /// alarm is raised.
    pub without_request: &'a [String],
    /// Also where no vault can go on with the branch, for it is signed by a key that the device has no more.
    pub without_vault: bool,
}

/// What came of it.
#[derive(Clone, Debug, Serialize)]
pub struct Settled {
    /// The device.
    pub device: String,
    /// The first sequence number that had two entries.
    pub seq: u64,
    /// The branch that goes on.
    pub kept: Branch,
    /// Entries of the other one.
    pub aside: u64,
    /// Queries that were raised about what the other one says.
    pub queries: u64,
    /// What it says and no query could ask about.
    pub unasked: Vec<Unasked>,
    /// Bundles that waited for an earlier one and were put aside with it: nobody is asked about what they say.
    pub parked: Vec<ParkedView>,
    /// Whether no vault can go on with it: it is signed by a key that the device has no more.
    pub without_vault: bool,
    /// Whether the same was chosen before, so that nothing was done.
    pub again: bool,
}

/// How a log was settled last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SettledStatus {
    /// The first sequence number that had two entries.
    pub seq: u64,
    /// The branch that goes on.
    pub kept: Branch,
    /// Entries of the log that were put aside for good, then and before.
    pub entries: u64,
}

impl Center {
    /// Settles a fork: all of it or nothing. The branch that is chosen goes on; the other one is kept as evidence, and for each
    /// value, date and answer of it that is not in force now a query is raised. The same choice once more does nothing.
    ///
    /// # Errors
    /// [`CenterError::NotSettled`] with the reason; when there is no such device, or the database fails.
    pub fn settle(&self, stamp: &Stamp, choice: &Choice<'_>) -> Result<Settled, CenterError> {
        if choice.reason.trim().is_empty() {
            return Err(SettleError::Reason.into());
        }
        let done = self.store.transact(|tx| {
            tx.device(choice.device)?.ok_or_else(|| CenterError::UnknownDevice(choice.device.to_owned()))?;
            match Fork::read(self, tx, choice.device)? {
                Some(fork) => self.settle_fork(tx, stamp, choice, &fork),
                None => settled_before(tx, choice),
            }
        })?;
        self.lay_out_receipts(choice.device)?;
        Ok(done)
    }

    fn settle_fork(
        &self,
        tx: &mut dyn Tx,
        stamp: &Stamp,
        choice: &Choice<'_>,
        fork: &Fork,
    ) -> Result<Settled, CenterError> {
        let (log, kept) = (choice.device, choice.keep);
        let Choice { without_request, without_vault, .. } = *choice;
        fork.may_go_on(tx, kept, Consent { without_request, without_vault })??;
        let parked = is_as_shown(choice, fork)?;
        let (gone, lost) = (fork.gone(kept), self.written_lost(tx, log, fork.seq, fork.lost_slots(kept))?);
        if kept == Branch::Later {
            self.close_gone_queries(tx, stamp, fork)?;
            fork.exchange(tx)?;
        }
        fork.sort_bundles(self, tx, stamp, kept)?;
        tx.drop_checkpoints(log, fork.seq)?;
        let mut proposals = Proposals::of(self, stamp).list_lost(fork, kept).ask(tx, &last_words(&gone))?;
        raise_lost(tx, stamp, log, fork.seq, fork.lost_slots(kept))?;
        let rest = proposals.keep_rest(tx)?;
        let Proposals { queries, unasked, .. } = proposals;
        let act = LogSettled {
            device: Oid::from(log),
            seq: fork.seq,
            kept,
            head: tx.log_state(log)?.end.head,
            reason: keep_text(tx, choice.reason.trim())?,
            rest,
            lost,
            unread: fork.parked_beside(kept).map(|parked| parked.row.id).collect(),
        };
        self.write(tx, stamp, act)?;
        let by = tx.log_state(CENTER)?.end.seq;
        tx.settle(log, by)?;
        let unreadable = if kept == Branch::Held { fork.lost.len() } else { 0 };
        let aside = (gone.len() + unreadable) as u64;
        let (device, seq, without_vault) = (log.to_owned(), fork.seq, fork.keys.is_of_no_vault(kept));
        Ok(Settled { device, seq, kept, aside, queries, unasked, parked, without_vault, again: false })
    }

    /// Lays out the receipts of a log where people find them. One that can't be written now is written by the next check.
    fn lay_out_receipts(&self, log: &str) -> Result<(), CenterError> {
        for row in self.store.read(|tx| tx.bundles(log, BundleState::Accepted))? {
            if let Some(receipt) = &row.receipt {
                self.has_receipt(row.id, receipt);
            }
        }
        Ok(())
    }
}

/// Whether the branches are those that were chosen between, and all there; gives the bundles that are put aside with one.
fn is_as_shown(choice: &Choice<'_>, fork: &Fork) -> Result<Vec<ParkedView>, SettleError> {
    if choice.shown.is_some_and(|shown| shown != fork.mark()) {
        return Err(SettleError::Changed);
    }
    let parked: Vec<ParkedView> = fork.parked_beside(choice.keep).map(Parked::view).collect();
    match parked.first() {
        Some(ParkedView { first, last, .. }) if !choice.without_parked => {
            Err(SettleError::Parked { bundles: parked.len() as u64, first: *first, last: *last })
        }
        _ => Ok(parked),
    }
}

/// The same choice as before does nothing; another one can't be.
fn settled_before(tx: &dyn Tx, choice: &Choice<'_>) -> Result<Settled, CenterError> {
    let known = settled_status(tx, choice.device)?.ok_or_else(|| SettleError::NoFork(choice.device.to_owned()))?;
    if known.kept != choice.keep {
        return Err(SettleError::Otherwise(known.kept).into());
    }
    Ok(Settled {
        device: choice.device.to_owned(),
        seq: known.seq,
        kept: known.kept,
        aside: known.entries,
        queries: 0,
        unasked: Vec::new(),
        parked: Vec::new(),
        without_vault: false,
        again: true,
    })
}

/// How a log was settled last, where it was.
pub(crate) fn settled_status(tx: &dyn Tx, log: &str) -> Result<Option<SettledStatus>, StoreError> {
    let counts = tx.settled(log)?;
    let Some(last) = counts.last() else { return Ok(None) };
    let LogSettled { seq, kept, .. } = settled_by(tx, last.by)?.0;
    let entries = counts.iter().map(|count| count.entries).sum();
    Ok(Some(SettledStatus { seq, kept, entries }))
}
