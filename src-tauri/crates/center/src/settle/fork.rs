//! Both branches of a forked log, and how one takes the other's place.

use super::branch_key::BranchKeys;
use super::error::SettleError;
use super::kept::reread;
use super::parked::Parked;
use crate::codes::note_recovery;
use crate::randomisation::{each_allocation_act, released};
use crate::store::{BundleRow, BundleState, Device, StoreError, StoredEntry, Tx};
use crate::{Center, CenterError, Stamp};
use casebook::act::Branch;
use casebook::{Act, EntryId, Line};
use seal::{hex, sha256};

/// How the act of a vault that was put back from a copy begins in an entry.
const RESTORED: &[u8] = b"\"act\":\"vault.restored\"";

/// The two branches of a log from where they part.
pub(super) struct Fork {
    pub(super) log: String,
    /// The first sequence number that has two entries.
    pub(super) seq: u64,
    /// The entries in force from there on.
    pub(super) held: Vec<Line>,
    /// The entries that are kept aside.
    pub(super) aside: Vec<Line>,
    /// Whether those are one branch without a gap.
    is_whole: bool,
    /// The first entry in force that can't be read; it is not among `held`.
    damaged: Option<u64>,
    /// Bundles that wait for an earlier one.
    pub(super) parked: Vec<Parked>,
    /// Which key signed which branch.
    pub(super) keys: BranchKeys,
}

impl Fork {
    /// Reads both; none where the log has no fork that waits to be settled.
    ///
    /// # Errors
    /// [`CenterError::Aside`] where an entry that is kept aside is damaged; when the database fails.
    pub(super) fn read(center: &Center, tx: &dyn Tx, log: &str) -> Result<Option<Self>, CenterError> {
        let Some(forked_at) = tx.log_state(log)?.forked_at else { return Ok(None) };
        let (mut aside, mut unreadable) = (Vec::new(), None);
        tx.aside(log, &mut |_, seq, id, bytes| {
            match reread(bytes, id) {
                Some(line) => aside.push(line),
                None => unreadable = unreadable.or(Some(seq)),
            }
            Ok(())
        })?;
        if let Some(seq) = unreadable {
            return Err(CenterError::Aside { log: log.to_owned(), seq, mended: false });
        }
        let first = aside.iter().map(|line: &Line| line.entry().seq).min();
        let seq = first.map_or(forked_at, |first| first.min(forked_at)).max(1);
        let (mut held, mut damaged) = (Vec::new(), None);
        tx.lines(log, seq, &mut |_, seq, id, bytes| {
            match reread(bytes, id) {
                Some(line) => held.push(line),
                None => damaged = damaged.or(Some(seq)),
            }
            Ok(())
        })?;
        let is_whole = is_chain(tx, log, &aside)?;
        let parked = Parked::all_of(center, tx, log)?;
        let keys = BranchKeys::read(tx, log, seq, [&held, &aside])?;
        Ok(Some(Self { log: log.to_owned(), seq, held, aside, is_whole, damaged, parked, keys }))
    }

    /// Stands for both branches as they are now: one that has grown since gives other digits.
    pub(super) fn mark(&self) -> String {
        let ids: Vec<u8> = self.held.iter().chain(&self.aside).flat_map(|line| line.id().0).collect();
        hex::encode(&sha256(&ids)[..8])
    }

    /// The bundles that may be of the branch that would be put aside, and bring something of it when their turn comes.
    pub(super) fn parked_beside(&self, kept: Branch) -> impl Iterator<Item = &Parked> {
        self.parked.iter().filter(move |parked| parked.of != Some(kept))
    }

    /// The branch that goes on, or the other one.
    pub(super) fn branch(&self, branch: Branch) -> &[Line] {
        match branch {
            Branch::Held => &self.held,
            Branch::Later => &self.aside,
        }
    }

    /// Whether a branch may go on. One that nobody can go on with may not where the other one may.
    pub(super) fn may_go_on(&self, tx: &dyn Tx, kept: Branch) -> Result<Result<(), SettleError>, CenterError> {
        let other = match kept {
            Branch::Held => Branch::Later,
            Branch::Later => Branch::Held,
        };
        if let Err(why) = self.takes_nothing_along(tx, kept)? {
            return Ok(Err(why));
        }
        let is_former = self.keys.is_former(kept) && self.takes_nothing_along(tx, other)?.is_ok();
        Ok(if is_former { Err(SettleError::Replaced) } else { Ok(()) })
    }

    /// Whether nothing that can't be taken back would go with the other branch: each slot that was released to the device belongs to a
    /// request that stays in force. A slot is given once, so the subject it was given to must not go.
    fn takes_nothing_along(&self, tx: &dyn Tx, kept: Branch) -> Result<Result<(), SettleError>, CenterError> {
        let mut requests = Vec::new();
        each_allocation_act(tx, &self.log, 1, &mut |seq, _, act| match act {
            Act::AllocationRequested(act) if seq < self.seq => requests.push((act.subject, act.number)),
            _ => {}
        })?;
        for line in self.branch(kept) {
            if let Act::AllocationRequested(act) = &line.entry().act {
                requests.push((act.subject.clone(), act.number));
            }
        }
        let released = released(tx)?.released;
        let ours = released.iter().filter(|act| *act.device == *self.log);
        let is_lost = ours.map(|act| (act.subject.clone(), act.number)).any(|slot| !requests.contains(&slot));
        if is_lost {
            return Ok(Err(SettleError::Released));
        }
        if kept == Branch::Later { self.may_give_way(tx) } else { Ok(Ok(())) }
    }

    /// Whether the branch that came later may take the place of the one held first: nobody works with what would go.
    fn may_give_way(&self, tx: &dyn Tx) -> Result<Result<(), SettleError>, CenterError> {
        if !self.is_whole {
            return Ok(Err(SettleError::NotWhole));
        }
        if let Some(seq) = self.damaged {
            return Ok(Err(SettleError::Damaged(seq)));
        }
        let is_allocation = |act: &Act| matches!(act, Act::AllocationRequested(_) | Act::AllocationRevealed(_));
        if self.held.iter().any(|line| is_allocation(&line.entry().act)) {
            return Ok(Err(SettleError::Allocated));
        }
        let mut is_given = tx.given(&self.log)? >= self.seq;
        let site = tx.device(&self.log)?.map(|own| own.site);
        let is_beside =
            |other: &&Device| other.log != self.log && other.state.is_known() && Some(&other.site) == site.as_ref();
        for other in tx.devices()?.iter().filter(is_beside) {
            // Only its word on an entry that is held counts: anything else it can't have been given.
            if let Some(end) = tx.heard(&other.log, &self.log)?.filter(|end| end.seq >= self.seq) {
                is_given |= tx.id_at(&self.log, end.seq)? == Some(end.head);
            }
        }
        Ok(if is_given { Err(SettleError::Given) } else { Ok(()) })
    }

    /// Puts the branch that came later in the place of the one held first, which is kept aside from then on.
    pub(super) fn exchange(&self, tx: &mut dyn Tx) -> Result<(), CenterError> {
        let log = self.log.as_str();
        let bundles = tx.bundles(log, BundleState::Accepted)?;
        let brought_by = |seq: u64| bundles.iter().find(|row| (row.first..=row.last).contains(&seq)).map(|row| row.id);
        let was_restored = tx.log_state(log)?.restored_at.is_some_and(|at| at >= self.seq);
        tx.take_out(log, self.seq)?;
        tx.release_aside(log)?;
        for line in &self.held {
            let bundle = brought_by(line.entry().seq).unwrap_or(EntryId::ZERO);
            tx.quarantine(&StoredEntry::from(line), bundle)?;
        }
        if was_restored && let Some(at) = last_restored(tx, log)? {
            tx.set_restored(log, at)?;
        }
        for line in &self.aside {
            tx.append(&StoredEntry::from(line))?;
            match line.entry().act {
                Act::VaultRestored(_) => tx.set_restored(log, line.entry().seq)?,
                _ => note_recovery(&mut *tx, line.entry())?,
            }
        }
        Ok(())
    }

    /// Says of each bundle whether it is of the branch that goes on.
    pub(super) fn sort_bundles(
        &self,
        center: &Center,
        tx: &mut dyn Tx,
        stamp: &Stamp,
        kept: Branch,
    ) -> Result<(), CenterError> {
        let log = self.log.as_str();
        let later = tx.bundles(log, BundleState::Fork)?;
        set(tx, self.parked_beside(kept).map(|parked| parked.row.clone()).collect(), BundleState::Settled)?;
        if kept == Branch::Held {
            return set(tx, later, BundleState::Settled);
        }
        let mut gone = tx.bundles(log, BundleState::Accepted)?;
        gone.retain(|row| row.last >= self.seq);
        set(tx, gone, BundleState::Settled)?;
        let end = tx.log_state(log)?.end;
        let mut good = later;
        // The last one confirms what is held now; the others are in it.
        if let Some(last) = good.iter_mut().max_by_key(|row| (row.last, row.received, row.id)) {
            last.receipt = Some(center.sign_receipt(stamp, log, last.id, end));
        }
        set(tx, good, BundleState::Accepted)
    }
}

fn set(tx: &mut dyn Tx, rows: Vec<BundleRow>, state: BundleState) -> Result<(), CenterError> {
    Ok(rows.into_iter().try_for_each(|row| tx.put_bundle(&BundleRow { state, ..row }))?)
}

/// Whether lines, ascending by sequence number, are one branch: the first follows an entry that is held, each other one the one
/// before it.
fn is_chain(tx: &dyn Tx, log: &str, lines: &[Line]) -> Result<bool, StoreError> {
    let Some(first) = lines.first() else { return Ok(false) };
    let before = first.entry().seq - 1;
    let begins = match before {
        0 => first.entry().prev == EntryId::ZERO,
        seq => tx.id_at(log, seq)? == Some(first.entry().prev),
    };
    let follows =
        |pair: &[Line]| pair[1].entry().seq == pair[0].entry().seq + 1 && pair[1].entry().prev == pair[0].id();
    Ok(begins && lines.windows(2).all(follows))
}

/// The last entry held that says that the vault was put back from a copy.
fn last_restored(tx: &dyn Tx, log: &str) -> Result<Option<u64>, StoreError> {
    let mut last = None;
    tx.lines(log, 1, &mut |_, seq, _, bytes| {
        if bytes.windows(RESTORED.len()).any(|part| part == RESTORED) {
            last = Some(seq);
        }
        Ok(())
    })?;
    Ok(last)
}
