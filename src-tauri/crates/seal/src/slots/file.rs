//! The file of key slots as it is written, in one spelling.

use serde::{Deserialize, Serialize};

use crate::{Cost, Recipient, SealError};

pub(super) const FORMAT: &str = "outpost-keyslots";
/// Every slot is of the first form, and there are no recovery codes.
const FIRST: u32 = 1;
/// Anything else.
const SECOND: u32 = 2;
const MAX_FILE: usize = 1 << 20;

/// The file. Do not modify: frozen as versions 1 and 2.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) format: String,
    pub(super) version: u32,
    pub(super) study: String,
    pub(super) device: String,
    pub(super) revision: u64,
    pub(super) slots: Vec<Slot>,
    /// Since version 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) recovery: Option<Recovery>,
    pub(super) mac: String,
}

/// One user's slot. Do not modify: frozen as versions 1 and 2.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Slot {
    pub(super) user: String,
    pub(super) cost: Cost,
    pub(super) salt: String,
    pub(super) nonce: String,
    /// First form: the signing seed, then the age identity's text. Second form: the wrap secret between the two.
    pub(super) sealed: String,
    pub(super) recipient: Recipient,
    /// An age file holding the database key; in the second form, then the device's public key.
    pub(super) key: String,
    /// Of the second form alone: what authenticates `key` under the wrap secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) tag: Option<String>,
}

/// The recovery codes that are left. Do not modify: frozen as version 2.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Recovery {
    pub(super) set: u64,
    pub(super) codes: Vec<CodeSlot>,
}

/// One recovery code's slot. Do not modify: frozen as version 2.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CodeSlot {
    pub(super) code: u32,
    /// The wrap secret, then the age identity's text.
    pub(super) sealed: String,
    pub(super) recipient: Recipient,
    pub(super) key: String,
    pub(super) tag: String,
}

impl File {
    /// Without any slot.
    pub(super) fn new(study: &str, device: &str) -> Self {
        Self {
            format: FORMAT.to_owned(),
            version: FIRST,
            study: study.to_owned(),
            device: device.to_owned(),
            revision: 0,
            slots: Vec::new(),
            recovery: None,
            mac: String::new(),
        }
    }

    /// Reads the one spelling.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, SealError> {
        if bytes.len() > MAX_FILE {
            return Err(SealError::MalformedSlots);
        }
        #[derive(Deserialize)]
        struct Head {
            format: String,
            version: u32,
        }
        let head: Head = serde_json::from_slice(bytes).map_err(|_| SealError::MalformedSlots)?;
        if head.format == FORMAT && head.version > SECOND {
            return Err(SealError::NewerSlots);
        }
        let file: Self = serde_json::from_slice(bytes).map_err(|_| SealError::MalformedSlots)?;
        if file.format != FORMAT || file.version != file.least_version() || file.written() != bytes {
            return Err(SealError::MalformedSlots);
        }
        if !file.slots.iter().all(|slot| slot.cost.is_sensible()) {
            return Err(SealError::CostOutOfBounds);
        }
        Ok(file)
    }

    /// The version that can say what it holds.
    pub(super) fn least_version(&self) -> u32 {
        let is_first = self.recovery.is_none() && self.slots.iter().all(|slot| slot.tag.is_none());
        if is_first { FIRST } else { SECOND }
    }

    /// Its bytes.
    pub(super) fn written(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec_pretty(self).expect("strings and numbers can always be written as JSON");
        bytes.push(b'\n');
        bytes
    }

    /// What the MAC covers: the file with an empty MAC.
    pub(super) fn authenticated(&self) -> Vec<u8> {
        Self { mac: String::new(), ..self.clone() }.written()
    }
}
