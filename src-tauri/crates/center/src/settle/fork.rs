//! Both branches of a forked log, and how one takes the other's place.

use super::branch_key::BranchKeys;
use super::branches::Branches;
use super::error::SettleError;
use super::kept::reread;
use super::parked::Parked;
use super::slots::Slot;
use crate::codes::note_recovery;
use crate::randomisation::released;
use crate::store::{BundleRow, BundleState, Device, StoreError, StoredEntry, Tx};
use crate::{Center, CenterError, Stamp};
use casebook::act::Branch;
use casebook::{Act, EntryId, Line};
use seal::{hex, sha256};
use std::collections::{BTreeSet, HashMap, HashSet};

/// How the act of a vault that was put back from a copy begins in an entry.
const RESTORED: &[u8] = b"\"act\":\"vault.restored\"";

/// The two branches of a log from where they part.
pub(super) struct Fork {
    pub(super) log: String,
    /// The first sequence number that has two entries.
    pub(super) seq: u64,
    /// The entries in force from there on.
    pub(super) held: Vec<Line>,
    /// The entries that are kept aside of the branch that came later. Where more than one branch is kept aside, that of the key that is
    /// approved now; where no such one stands out, all of them.
    pub(super) later: Vec<Line>,
    /// The entries that are kept aside of further branches, which go on in no case.
    pub(super) others: Vec<Line>,
    /// Those of all that is kept aside that can't be read, and that no bundle brings again: they are in neither.
    pub(super) lost: Vec<u64>,
    /// Whether the later branch is one, from an entry that is held on and without a gap.
    is_whole: bool,
    /// The first entry in force that can't be read; it is not among `held`.
    damaged: Option<u64>,
    /// Bundles that wait for an earlier one.
    pub(super) parked: Vec<Parked>,
    /// Which key signed which branch.
    pub(super) keys: BranchKeys,
    /// Slots that were released for a request of one branch, or for one that has not come.
    slots: Vec<Slot>,
}

impl Fork {
    /// Reads both; none where the log has no fork that waits to be settled.
    ///
    /// # Errors
    /// [`CenterError::Aside`] where an entry that is kept aside is damaged and can be taken again from its bundle; when the database
    /// fails.
    pub(super) fn read(center: &Center, tx: &dyn Tx, log: &str) -> Result<Option<Self>, CenterError> {
        let Some(forked_at) = tx.log_state(log)?.forked_at else { return Ok(None) };
        let Aside { lines: aside, lost, first } = Aside::read(center, tx, log)?;
        let seq = first.map_or(forked_at, |first| first.min(forked_at)).max(1);
        let (mut held, mut damaged) = (Vec::new(), None);
        tx.lines(log, seq, &mut |_, seq, id, bytes| {
            match reread(bytes, id) {
                Some(line) => held.push(line),
                None => damaged = damaged.or(Some(seq)),
            }
            Ok(())
        })?;
        let [later, others] = split(center, tx, log, aside)?;
        let is_whole = is_chain(tx, log, &later)?;
        let parked = Parked::all_of(center, tx, log, &others)?;
        let keys = BranchKeys::read(center, tx, log, &later)?;
        let slots = Slot::all_of(tx, log, seq, &others)?;
        Ok(Some(Self { log: log.to_owned(), seq, held, later, others, lost, is_whole, damaged, parked, keys, slots }))
    }

    /// Stands for all branches and slots as they are now: one that has grown since, or is put otherwise, gives other digits.
    pub(super) fn mark(&self) -> String {
        let lines = self.held.iter().chain(&self.later).chain(&self.others);
        let mut all: Vec<u8> = lines.flat_map(|line| line.id().0).collect();
        for slot in &self.slots {
            all.extend(format!("{}: {slot}\n", slot.subject).bytes());
        }
        hex::encode(&sha256(&all)[..8])
    }

    /// All entries that are put aside where a branch goes on, ascending.
    pub(super) fn gone(&self, kept: Branch) -> Vec<&Line> {
        let other = match kept {
            Branch::Held => &self.later,
            Branch::Later => &self.held,
        };
        let mut gone: Vec<&Line> = other.iter().chain(&self.others).collect();
        gone.sort_by_key(|line| (line.entry().seq, line.id()));
        gone
    }

    /// The bundles that may be of the branch that would be put aside, and bring something of it when their turn comes.
    pub(super) fn parked_beside(&self, kept: Branch) -> impl Iterator<Item = &Parked> {
        self.parked.iter().filter(move |parked| parked.of != Some(kept))
    }

    /// The branch that goes on, or the other one.
    pub(super) fn branch(&self, branch: Branch) -> &[Line] {
        match branch {
            Branch::Held => &self.held,
            Branch::Later => &self.later,
        }
    }

    /// Whether a branch may go on, with what the data manager consents to.
    ///
    /// What speaks against the branch held first counts only where the other one can go on: a fork that can be settled in no direction
    /// would stay for ever. What is lost then is named, and that no vault can go on is asked about.
    pub(super) fn may_go_on(
        &self,
        tx: &dyn Tx,
        kept: Branch,
        consent: Consent<'_>,
    ) -> Result<Result<(), SettleError>, CenterError> {
        let later = self.may_give_way(tx)?;
        let has_slot = self.slots.iter().any(|slot| slot.request.is_in(Branch::Later));
        let is_former = self.keys.is_former(kept);
        let refused = match (kept, later) {
            (Branch::Later, Err(why)) => Some(why),
            (Branch::Later, Ok(())) if is_former && !has_slot => Some(SettleError::Replaced),
            (Branch::Held, Ok(())) if has_slot => Some(SettleError::Released),
            (Branch::Held, Ok(())) if is_former => Some(SettleError::Replaced),
            _ if self.keys.is_of_no_vault(kept) && !consent.without_vault => Some(SettleError::NoVault),
            _ => None,
        };
        Ok(refused.or_else(|| self.not_come(consent.without_request)).map_or(Ok(()), Err))
    }

    /// The slots that were released for requests that have not come, unless their subjects were named.
    fn not_come(&self, named: &[String]) -> Option<SettleError> {
        let not_come = self.slots.iter().filter(|slot| slot.request.seq().is_none());
        let unnamed: Vec<&str> = not_come
            .map(|slot| slot.subject.as_str())
            .filter(|subject| !named.iter().any(|name| name == subject))
            .collect();
        if unnamed.is_empty() { None } else { Some(SettleError::NotCome(unnamed.join(", "))) }
    }

    /// The slots that are at stake: each is lost where some branch goes on.
    pub(super) fn slots(&self) -> &[Slot] {
        &self.slots
    }

    /// The slots whose request is in force no more where a branch goes on.
    pub(super) fn lost_slots(&self, kept: Branch) -> impl Iterator<Item = &Slot> {
        self.slots.iter().filter(move |slot| slot.is_lost_with(kept))
    }

    /// Whether the branch that came later may take the place of the one held first: nobody works with what would go.
    fn may_give_way(&self, tx: &dyn Tx) -> Result<Result<(), SettleError>, CenterError> {
        if let Some(seq) = self.lost.first() {
            return Ok(Err(SettleError::Lost(*seq)));
        }
        if !self.is_whole {
            return Ok(Err(SettleError::NotWhole));
        }
        if let Some(seq) = self.damaged {
            return Ok(Err(SettleError::Damaged(seq)));
        }
        // A request that nobody answered gives nobody anything: it is asked again. Nor is a slot told that was not released so.
        if self.tells_a_slot(tx)? || self.slots.iter().any(|slot| slot.request.is_in(Branch::Held)) {
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

    /// Whether the branch held first tells the arm of a slot that was released to this device and to that subject. Anything else may be
    /// made up, by a former key, too.
    fn tells_a_slot(&self, tx: &dyn Tx) -> Result<bool, CenterError> {
        let told = self.held.iter().filter_map(|line| match &line.entry().act {
            Act::AllocationRevealed(act) => Some((act.subject.as_str(), act.stratum, act.slot)),
            _ => None,
        });
        let told: BTreeSet<_> = told.collect();
        if told.is_empty() {
            return Ok(false);
        }
        let so_far = released(tx)?;
        let mut given = so_far.in_force(&self.log).map(|given| &given.act);
        Ok(given.any(|act| told.contains(&(act.subject.as_str(), act.stratum, act.slot))))
    }

    /// Puts the branch that came later in the place of the one held first, which is kept aside from then on.
    pub(super) fn exchange(&self, tx: &mut dyn Tx) -> Result<(), CenterError> {
        let log = self.log.as_str();
        let bundles = tx.bundles(log, BundleState::Accepted)?;
        let brought_by = |seq: u64| bundles.iter().find(|row| (row.first..=row.last).contains(&seq)).map(|row| row.id);
        let was_restored = tx.log_state(log)?.restored_at.is_some_and(|at| at >= self.seq);
        let of_others = self.others.iter().map(|line| tx.brought_aside(log, line.id()));
        let of_others = of_others.collect::<Result<Vec<_>, _>>()?;
        tx.take_out(log, self.seq)?;
        tx.release_aside(log)?;
        let held = self.held.iter().map(|line| (line, brought_by(line.entry().seq)));
        for (line, bundle) in held.chain(self.others.iter().zip(of_others)) {
            tx.quarantine(&StoredEntry::from(line), bundle.unwrap_or(EntryId::ZERO))?;
        }
        if was_restored && let Some(at) = last_restored(tx, log)? {
            tx.set_restored(log, at)?;
        }
        for line in &self.later {
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
        // A bundle that ends in a further branch goes aside with that. Of one that can't be read any more nobody knows.
        let (mut good, further) = later.into_iter().partition::<Vec<_>, _>(|row| {
            self.others.is_empty() || center.kept_run(row.id).is_some_and(|run| self.is_of_later(run.last, run.head))
        });
        set(tx, further, BundleState::Settled)?;
        // The last one confirms what is held now; the others are in it.
        if let Some(last) = good.iter_mut().max_by_key(|row| (row.last, row.received, row.id)) {
            last.receipt = Some(center.sign_receipt(stamp, log, last.id, end));
        }
        set(tx, good, BundleState::Accepted)
    }

    fn is_of_later(&self, seq: u64, id: EntryId) -> bool {
        self.later.iter().any(|line| line.entry().seq == seq && line.id() == id)
    }
}

/// What a data manager consents to lose.
#[derive(Clone, Copy, Default)]
pub(super) struct Consent<'a> {
    /// The subjects whose slots were released for requests that have not come.
    pub(super) without_request: &'a [String],
    /// That no vault can go on.
    pub(super) without_vault: bool,
}

/// What is kept aside of a log and waits.
struct Aside {
    lines: Vec<Line>,
    /// The sequence numbers of those that can't be read and that no bundle brings again.
    lost: Vec<u64>,
    /// The first sequence number of all of them.
    first: Option<u64>,
}

impl Aside {
    fn read(center: &Center, tx: &dyn Tx, log: &str) -> Result<Self, CenterError> {
        let (mut lines, mut damaged, mut first) = (Vec::new(), Vec::new(), None);
        tx.aside(log, &mut |_, seq, id, bytes| {
            first = first.or(Some(seq));
            match reread(bytes, id) {
                Some(line) => lines.push(line),
                None => damaged.push((seq, id)),
            }
            Ok(())
        })?;
        for (seq, id) in &damaged {
            // What the check makes good again is asked about then.
            if center.brought(tx, log, *seq, *id)?.is_some() {
                return Err(CenterError::Aside { log: log.to_owned(), seq: *seq, mended: false });
            }
        }
        Ok(Self { lines, lost: damaged.into_iter().map(|(seq, _)| seq).collect(), first })
    }
}

fn set(tx: &mut dyn Tx, rows: Vec<BundleRow>, state: BundleState) -> Result<(), CenterError> {
    Ok(rows.into_iter().try_for_each(|row| tx.put_bundle(&BundleRow { state, ..row }))?)
}

/// The branch that came later, and what is kept aside of further ones. Where there are more, that one which the key that is approved now has
/// signed: whoever has a former key may send as many as he likes beside it.
fn split(center: &Center, tx: &dyn Tx, log: &str, aside: Vec<Line>) -> Result<[Vec<Line>; 2], StoreError> {
    let branches = Branches::of(&aside);
    let ends = branches.ends();
    let approved = tx.device(log)?.map(|device| device.key);
    let mut signers = HashMap::new();
    let mut own = Vec::new();
    if ends.len() > 1 {
        for end in ends {
            let Some(bundle) = tx.brought_aside(log, aside[end].id())? else { continue };
            let signer = *signers.entry(bundle).or_insert_with(|| center.kept_signer(bundle));
            if signer.is_some() && signer == approved {
                own.push(end);
            }
        }
    }
    let [own] = own[..] else { return Ok([aside, Vec::new()]) };
    let of_later: HashSet<usize> = branches.to(own).into_iter().collect();
    let (mut later, mut others) = (Vec::new(), Vec::new());
    for (at, line) in aside.into_iter().enumerate() {
        if of_later.contains(&at) { later.push(line) } else { others.push(line) }
    }
    Ok([later, others])
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
