//! The other half of a slot list: arms, blocks and keys. It never leaves the center. **Frozen format, version 1: do not
//! modify.**

use seal::{Dice, SealError, Zeroizing, hex};
use serde::{Deserialize, Serialize};

use crate::slots::{Secret, SlotError, SlotKey, SlotList, make_key};
use crate::{Plan, deal};

const FORMAT: &str = "outpost-slot-ledger";

/// Everything that the center knows of its slots.
#[derive(Clone)]
pub struct Ledger {
    head: Head,
    entries: Vec<Entry>,
}

/// The law by which the arms were dealt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    format: String,
    version: u32,
    study: String,
    strata: Vec<String>,
    arms: Vec<String>,
    ratio: Vec<u32>,
    blocks: Vec<u32>,
    slots: u32,
    /// The seed of a practice list; a real one has none.
    seed: Option<u64>,
}

/// One slot.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Which stratum, from 0.
    pub stratum: u32,
    /// Which slot of it, from 1.
    pub slot: u32,
    /// The block, from 1.
    pub block: u32,
    /// The block's size.
    pub size: u32,
    /// The arm's code.
    pub arm: String,
    key: String,
}

impl Entry {
    /// The slot's key.
    ///
    /// # Errors
    /// [`SlotError::Damaged`].
    pub fn key(&self) -> Result<SlotKey, SlotError> {
        hex::decode(&self.key).map(Zeroizing::new).map_err(|_| SlotError::Damaged)
    }
}

impl Ledger {
    /// Deals every stratum of a plan and draws the keys. A seed settles the arms, never the keys.
    ///
    /// # Errors
    /// The operating system has no random bytes.
    pub fn make(study: &str, plan: &Plan, seed: Option<u64>) -> Result<Self, SealError> {
        let mut dice = seed.map_or_else(Dice::system, Dice::seeded);
        let strata = plan.strata();
        let mut entries = Vec::new();
        for (stratum, _) in (0..).zip(&strata) {
            for (slot, dealt) in (1..).zip(deal(plan, |n| dice.below(n))?) {
                let key = hex::encode(&*make_key()?);
                let arm = plan.arms[dealt.arm].clone();
                entries.push(Entry { stratum, slot, block: dealt.block, size: dealt.size, arm, key });
            }
        }
        let head = Head {
            format: FORMAT.to_owned(),
            version: 1,
            study: study.to_owned(),
            strata,
            arms: plan.arms.clone(),
            ratio: plan.ratio.clone(),
            blocks: plan.blocks.clone(),
            slots: plan.slots,
            seed,
        };
        Ok(Self { head, entries })
    }

    /// The public half.
    ///
    /// # Errors
    /// An arm's code is longer than a slot holds.
    pub fn seal(&self) -> Result<SlotList, SlotError> {
        let mut secrets: Vec<Vec<Secret>> = vec![Vec::new(); self.head.strata.len()];
        for entry in &self.entries {
            let stratum = secrets.get_mut(entry.stratum as usize).ok_or(SlotError::Damaged)?;
            stratum.push(Secret { arm: entry.arm.clone(), key: entry.key()? });
        }
        SlotList::seal(&self.head.study, &self.head.strata, &secrets)
    }

    /// The file's bytes: one line of JSON for the law, one per slot.
    #[must_use]
    pub fn write(&self) -> Zeroizing<Vec<u8>> {
        let mut bytes = Zeroizing::new(Vec::new());
        let mut line = |json: serde_json::Result<Vec<u8>>| {
            bytes.extend(json.expect("strings and numbers can always be written as JSON"));
            bytes.push(b'\n');
        };
        line(serde_json::to_vec(&self.head));
        self.entries.iter().for_each(|entry| line(serde_json::to_vec(entry)));
        bytes
    }

    /// Reads the file.
    ///
    /// # Errors
    /// [`SlotError::Newer`], or [`SlotError::Damaged`] when it is not exactly what this format writes.
    pub fn read(bytes: &[u8]) -> Result<Self, SlotError> {
        fn json<'a, T: Deserialize<'a>>(line: &'a [u8]) -> Result<T, SlotError> {
            serde_json::from_slice(line).map_err(|_| SlotError::Damaged)
        }
        #[derive(Deserialize)]
        struct Version {
            version: u32,
        }
        let mut lines = bytes.split_inclusive(|byte| *byte == b'\n');
        let first = lines.next().ok_or(SlotError::Damaged)?;
        if json::<Version>(first)?.version > 1 {
            return Err(SlotError::Newer);
        }
        let ledger = Self { head: json(first)?, entries: lines.map(json).collect::<Result<_, _>>()? };
        let exact = ledger.head.format == FORMAT && ledger.head.version == 1 && *ledger.write() == bytes;
        if exact { Ok(ledger) } else { Err(SlotError::Damaged) }
    }

    /// One slot.
    #[must_use]
    pub fn entry(&self, stratum: u32, slot: u32) -> Option<&Entry> {
        self.entries.iter().find(|entry| (entry.stratum, entry.slot) == (stratum, slot))
    }

    /// Every slot, stratum by stratum.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The seed of a practice list.
    #[must_use]
    pub fn seed(&self) -> Option<u64> {
        self.head.seed
    }

    /// Whether every block has one of the plan's sizes and holds the arms in their ratio; the last of a stratum may be cut.
    #[must_use]
    pub fn keeps_the_law(&self) -> bool {
        let Head { arms, ratio, blocks, slots, strata, .. } = &self.head;
        let together: u32 = ratio.iter().sum();
        let places = (0..strata.len() as u32).flat_map(|stratum| (1..=*slots).map(move |slot| (stratum, slot)));
        let mut sound = places.eq(self.entries.iter().map(|entry| (entry.stratum, entry.slot)));
        for block in self.entries.chunk_by(|a, b| (a.stratum, a.block) == (b.stratum, b.block)) {
            let (size, last) = (block[0].size, block[block.len() - 1].slot);
            let cut = last == *slots;
            sound &= blocks.contains(&size) && block.iter().all(|entry| entry.size == size);
            sound &= block.len() as u32 == size || (cut && (block.len() as u32) < size);
            for (arm, part) in arms.iter().zip(ratio) {
                let (count, due) =
                    (block.iter().filter(|entry| entry.arm == *arm).count() as u32, part * size / together);
                sound &= count == due || (cut && count <= due);
            }
            sound &= block.iter().all(|entry| arms.contains(&entry.arm));
        }
        sound
    }
}
