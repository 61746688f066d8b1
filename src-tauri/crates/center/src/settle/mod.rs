//! A fork that a data manager settles: one branch of a device's log goes on, the other stays aside as evidence, and what it says is
//! asked about, so that nobody's work is lost.

mod error;
mod fork;
mod proposals;
mod show;
mod words;

pub use error::SettleError;
pub use proposals::Unasked;
pub use show::{BranchView, ForkView};

use crate::journal::keep_text;
use crate::store::{BundleState, StoreError, Tx};
use crate::{Center, CenterError, Stamp};
use casebook::act::{Branch, LogSettled};
use casebook::{Act, CENTER, EntryId, Line};
use fork::Fork;
use proposals::{Proposals, last_words};
use serde::Serialize;
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
            match Fork::read(tx, choice.device)? {
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
        fork.may_go_on(tx, kept)??;
        let gone = match kept {
            Branch::Held => &fork.aside,
            Branch::Later => {
                fork.exchange(tx)?;
                &fork.held
            }
        };
        fork.sort_bundles(self, tx, stamp, kept)?;
        tx.drop_checkpoints(log, fork.seq)?;
        let Proposals { queries, unasked, rest, .. } = Proposals::of(self, stamp).ask(tx, &last_words(gone))?;
        let act = LogSettled {
            device: Oid::from(log),
            seq: fork.seq,
            kept,
            head: tx.log_state(log)?.end.head,
            reason: keep_text(tx, choice.reason.trim())?,
            rest: rest.words().map(|words| keep_text(tx, &words)).transpose()?,
        };
        self.write(tx, stamp, act)?;
        let by = tx.log_state(CENTER)?.end.seq;
        tx.settle(log, by)?;
        let aside = gone.len() as u64;
        Ok(Settled { device: log.to_owned(), seq: fork.seq, kept, aside, queries, unasked, again: false })
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
        again: true,
    })
}

/// How a log was settled last, where it was.
pub(crate) fn settled_status(tx: &dyn Tx, log: &str) -> Result<Option<SettledStatus>, StoreError> {
    let counts = tx.settled(log)?;
    let Some(last) = counts.last() else { return Ok(None) };
    let damaged = || StoreError::Damaged("the center's log");
    let bytes = tx.line_at(CENTER, last.by)?.ok_or_else(damaged)?;
    let id = tx.id_at(CENTER, last.by)?.unwrap_or(EntryId::ZERO);
    match &Line::reread(bytes, id).map_err(|_| damaged())?.entry().act {
        Act::LogSettled(LogSettled { seq, kept, .. }) => {
            let entries = counts.iter().map(|count| count.entries).sum();
            Ok(Some(SettledStatus { seq: *seq, kept: *kept, entries }))
        }
        _ => Err(damaged()),
    }
}
