//! How allocation stands: what was released, and what the sites have sent of it. No arm is named.

use crate::{Center, CenterError};
use casebook::Act;
use casebook::EntryId;
use serde::Serialize;
use std::collections::BTreeMap;

/// How allocation stands.
#[derive(Clone, Debug, Serialize)]
pub struct AllocationStatus {
    /// Digest of the slot list, as it was published.
    pub root: EntryId,
    /// The strata.
    pub strata: Vec<StratumStatus>,
    /// The subjects for whom anybody asked.
    pub subjects: Vec<AllocatedStatus>,
    /// Requests that got no slot.
    pub refused: u64,
}

/// How a stratum stands.
#[derive(Clone, Debug, Serialize)]
pub struct StratumStatus {
    /// Its factors' codes.
    pub stratum: String,
    /// Slots released.
    pub released: u64,
    /// Slots.
    pub slots: u32,
}

/// How a subject's allocation stands.
#[derive(Clone, Debug, Serialize)]
pub struct AllocatedStatus {
    /// Subject key.
    pub subject: String,
    /// The device that asked.
    pub device: String,
    /// The stratum, by its factors' codes.
    pub stratum: String,
    /// The slot, once it was released.
    pub slot: Option<u32>,
    /// In words.
    pub state: &'static str,
}

/// What has come of a subject.
#[derive(Default)]
struct Come {
    device: String,
    stratum: u32,
    asked: bool,
    told: bool,
}

impl Center {
    /// How allocation stands; nothing where no slots were dealt.
    ///
    /// # Errors
    /// When the database fails or the list cannot be read.
    pub(crate) fn allocation_status(&self) -> Result<Option<AllocationStatus>, CenterError> {
        let Some(published) = self.published()? else { return Ok(None) };
        let (list, so_far) = (published.list, self.released()?);
        let name = |stratum: u32| list.strata().get(stratum as usize).cloned().unwrap_or_default();
        let mut come = self.come()?;
        let mut subjects = BTreeMap::new();
        let firsts = so_far.released.iter().filter(|act| !act.again);
        for act in firsts.clone() {
            let has = come.remove(act.subject.as_str()).unwrap_or_default();
            let state = match (has.asked, has.told) {
                (_, true) => "released, revealed",
                (true, false) => "released, request received",
                (false, false) => "released, request not yet received",
            };
            let (subject, device) = (act.subject.to_string(), act.device.to_string());
            let (stratum, slot) = (name(act.stratum), Some(act.slot));
            subjects.insert(subject.clone(), AllocatedStatus { subject, device, stratum, slot, state });
        }
        for (subject, has) in come {
            let state = if has.told { "REVEALED without a release" } else { "requested, never called in" };
            let (device, stratum) = (has.device, name(has.stratum));
            subjects.insert(subject.clone(), AllocatedStatus { subject, device, stratum, slot: None, state });
        }
        let strata = (0..).zip(list.strata()).map(|(number, stratum)| StratumStatus {
            stratum: stratum.clone(),
            released: firsts.clone().filter(|act| act.stratum == number).count() as u64,
            slots: list.slots(),
        });
        Ok(Some(AllocationStatus {
            root: list.root(),
            strata: strata.collect(),
            subjects: subjects.into_values().collect(),
            refused: so_far.refused.len() as u64,
        }))
    }

    /// What the devices' logs hold of allocation, by subject.
    fn come(&self) -> Result<BTreeMap<String, Come>, CenterError> {
        let mut come: BTreeMap<String, Come> = BTreeMap::new();
        for device in self.store.devices()? {
            self.each_allocation_act(&device.log, &mut |_, _, act| {
                let (subject, stratum, told) = match act {
                    Act::AllocationRequested(act) => (act.subject, act.stratum, false),
                    Act::AllocationRevealed(act) => (act.subject, act.stratum, true),
                    _ => return,
                };
                let has = come.entry(subject.to_string()).or_default();
                (has.device, has.stratum) = (device.log.clone(), stratum);
                has.asked |= !told;
                has.told |= told;
            })?;
        }
        Ok(come)
    }
}
