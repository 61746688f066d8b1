//! Whether an allocation is what was published: opens every slot, and holds the releases against the list.

use super::released::{Given, Released, released};
use crate::{Center, CenterError};
use allocation::SLOTS_NAMESPACE;
use casebook::EntryId;
use serde::Serialize;
use std::collections::BTreeMap;

/// What an audit of the allocation found. Each part is true where it holds.
#[derive(Clone, Debug, Serialize)]
pub struct Audit {
    /// Digest of the slot list as it lies in the folder.
    pub root: EntryId,
    /// The center's log published exactly this root.
    pub published: bool,
    /// The center's signature fits the list.
    pub signed: bool,
    /// Every slot opens with its key and holds the arm of the ledger.
    pub opens: bool,
    /// Every block has a size of the law and holds the arms in their ratio.
    pub blocks: bool,
    /// The slots of each stratum were released in their order, each to one subject, each subject one; one more only where the first was lost
    /// and was another person's.
    pub sequence: bool,
    /// How many slots were dealt.
    pub slots: usize,
    /// Slots that were released.
    pub released: usize,
    /// Those of them that were lost with a branch, and are nobody's any more.
    pub lost: usize,
}

impl Audit {
    /// Whether all of it holds.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.published && self.signed && self.opens && self.blocks && self.sequence
    }
}

impl Center {
    /// Audits the allocation.
    ///
    /// # Errors
    /// When there is none, or its files cannot be read.
    pub fn audit_allocation(&self) -> Result<Audit, CenterError> {
        let (published, ledger, so_far) = self.store.read(|tx| {
            let published = self.published_slots(tx)?.ok_or(CenterError::NoAllocation)?;
            Ok::<_, CenterError>((published, self.ledger(tx)?, released(tx)?))
        })?;
        let list = &published.list;
        let opens = ledger.entries().iter().all(|entry| {
            let arm = entry.key().and_then(|key| list.open(entry.stratum, entry.slot, &key));
            arm.is_ok_and(|arm| arm == entry.arm)
        });
        let (sequence, released, lost) = sequence(&so_far);
        let every_slot = list.strata().len() * list.slots() as usize;
        Ok(Audit {
            root: list.root(),
            published: so_far.published.is_some_and(|act| act.root == list.root()),
            signed: seal::verify_ssh(&self.public_key(), SLOTS_NAMESPACE, list.bytes(), &published.signature).is_ok(),
            opens: opens && ledger.entries().len() == every_slot,
            blocks: ledger.keeps_the_law(),
            sequence,
            slots: every_slot,
            released,
            lost,
        })
    }
}

/// Whether the slots were released in their order, each to one subject; and how many were released, and are nobody's.
fn sequence(so_far: &Released) -> (bool, usize, usize) {
    let mut next: BTreeMap<u32, u32> = BTreeMap::new();
    let mut subjects: BTreeMap<&str, &Given> = BTreeMap::new();
    let (mut in_order, mut released, mut lost) = (true, 0, 0);
    for given in &so_far.given {
        let act = &given.act;
        let known = subjects.insert(act.subject.as_str(), given);
        if act.again {
            in_order &= known.is_some_and(|known| (known.act.stratum, known.act.slot) == (act.stratum, act.slot));
        } else {
            let slot = next.entry(act.stratum).or_insert(1);
            in_order &= known.is_none_or(|known| !known.is_own()) && act.slot == *slot;
            *slot += 1;
            released += 1;
            lost += usize::from(!given.is_own());
        }
    }
    (in_order, released, lost)
}
