//! `envelope.json`: the signed statement. **Frozen format, version 1: do not modify.**
//!
//! Written in one exact form (keys in the order below, no spaces, a final newline) and read only when writing what was
//! understood gives the same bytes. It holds no participant data.

use std::collections::BTreeSet;

use casebook::act::LogRange;
use casebook::{Checkpoint, EntryId, Instant};
use seal::{PublicKey, Recipient};
use serde::{Deserialize, Serialize};

use crate::{BundleError, limits};

const FORMAT: &str = "outpost-bundle";
const VERSION: u32 = 1;
/// What stands in place of an age key when a passphrase opens the bundle.
pub(crate) const PASSPHRASE: &str = "passphrase";

/// What a bundle is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Purpose {
    /// From a device to the center.
    Data,
    /// From the center to a device.
    Reply,
    /// From the center to an empty installation.
    Kit,
    /// Any of these between practice installations; which one stands in `practice_of`, so that nothing that looks for
    /// data, replies or kits can mistake it for a real one.
    Practice,
}

/// What a bundle does, real or for practice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A device's entries for the center.
    Data,
    /// The center's entries and receipts, and other devices' entries, for a device.
    Reply,
    /// What makes an empty installation a site's device.
    Kit,
}

/// Who made the bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sender {
    /// The site's id, or `center`.
    pub site: String,
    /// The sender's own log: the device id, or `center`. Also the principal of its signature.
    pub log: String,
    /// The key that signed.
    pub key: PublicKey,
    /// Where an answer is to be encrypted to.
    pub age: Recipient,
}

/// Who can open it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Addressee {
    /// Whose key it is.
    pub name: String,
    /// An age public key, or `passphrase`.
    pub age: String,
}

/// A run of one log's entries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogRun {
    /// Id of the log.
    pub log: String,
    /// `seq` of the first entry.
    pub first: u64,
    /// `seq` of the last entry.
    pub last: u64,
    /// `prev` of the first entry.
    pub prev: EntryId,
    /// Id of the last entry.
    pub head: EntryId,
}

impl From<&LogRun> for LogRange {
    fn from(run: &LogRun) -> Self {
        Self { log: run.log.as_str().into(), first: run.first, last: run.last }
    }
}

/// How far the sender holds a log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeldLog {
    /// Id of the log.
    pub log: String,
    /// `seq` of the last entry held without a gap.
    pub seq: u64,
    /// Id of that entry.
    pub head: EntryId,
}

/// A blob in the payload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BlobNote {
    /// What it is: `study.xml`, `receipt.json`, `kit.json` …
    pub name: String,
    /// Its digest, and its name in the payload.
    pub sha256: EntryId,
    /// Its size in bytes.
    pub size: u64,
}

/// The statement. The order of the fields is the order of the keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Envelope {
    /// Always `outpost-bundle`.
    pub format: String,
    /// Version of the format: 1.
    pub version: u32,
    /// What it is for.
    pub purpose: Purpose,
    /// What it practises, when it is for practice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub practice_of: Option<Kind>,
    /// OID of the study.
    pub study: String,
    /// Who made the bundle.
    pub sender: Sender,
    /// Who can open it.
    pub recipients: Vec<Addressee>,
    /// When it was made.
    pub at: Instant,
    /// The runs of entries, in the order of `entries.ndjson`, one per log.
    pub logs: Vec<LogRun>,
    /// The sender's own log when the bundle was made; a center has none.
    pub checkpoint: Option<Checkpoint>,
    /// What the sender holds of every log.
    pub has: Vec<HeldLog>,
    /// How many entries are in the payload.
    pub entries: u64,
    /// How many free texts are in the payload.
    pub texts: u64,
    /// Which blobs, in the payload's order.
    pub blobs: Vec<BlobNote>,
    /// SHA-256 of `README.txt`.
    pub readme_sha256: EntryId,
    /// SHA-256 of `sender.pub`.
    pub sender_pub_sha256: EntryId,
    /// SHA-256 of `payload.tar.zst.age`.
    pub payload_sha256: EntryId,
    /// Size of `payload.tar.zst.age` in bytes.
    pub payload_size: u64,
    /// Digest of the payload decrypted and decompressed.
    pub plain_sha256: EntryId,
    /// Size of the payload decrypted and decompressed, in bytes.
    pub plain_size: u64,
}

impl Envelope {
    pub(crate) const FORMAT: &'static str = FORMAT;
    pub(crate) const VERSION: u32 = VERSION;

    /// Reads the member's bytes.
    ///
    /// # Errors
    /// [`BundleError::NewerVersion`], or [`BundleError::Damaged`] when it is not exactly what this format writes or contradicts
    /// itself.
    pub fn read(bytes: &[u8]) -> Result<Self, BundleError> {
        #[derive(Deserialize)]
        struct Head {
            format: String,
            version: u32,
        }
        let damaged = BundleError::Damaged("envelope.json");
        let head: Head = serde_json::from_slice(bytes).map_err(|_| damaged.clone())?;
        if head.format == FORMAT && head.version > VERSION {
            return Err(BundleError::NewerVersion);
        }
        let envelope: Self = serde_json::from_slice(bytes).map_err(|_| damaged.clone())?;
        if envelope.write() != bytes || !envelope.is_coherent() {
            return Err(damaged);
        }
        if envelope.plain_size > limits::PLAIN || envelope.blobs.iter().any(|blob| blob.size > limits::BLOB) {
            return Err(BundleError::TooLarge("payload"));
        }
        if envelope.plain_size > envelope.payload_size.saturating_mul(limits::RATIO) {
            return Err(BundleError::Bomb);
        }
        Ok(envelope)
    }

    /// The bytes of `envelope.json`.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec(self).expect("strings, numbers and lists can always be written as JSON");
        bytes.push(b'\n');
        bytes
    }

    /// Whether it is for practice.
    #[must_use]
    pub fn is_practice(&self) -> bool {
        self.purpose == Purpose::Practice
    }

    /// What it does, real or for practice.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self.purpose {
            Purpose::Data => Kind::Data,
            Purpose::Reply => Kind::Reply,
            Purpose::Kit => Kind::Kit,
            // Only an incoherent envelope lacks it, and that is never given out.
            Purpose::Practice => self.practice_of.unwrap_or(Kind::Data),
        }
    }

    pub(crate) fn purposes(kind: Kind, practice: bool) -> (Purpose, Option<Kind>) {
        match (practice, kind) {
            (true, kind) => (Purpose::Practice, Some(kind)),
            (false, Kind::Data) => (Purpose::Data, None),
            (false, Kind::Reply) => (Purpose::Reply, None),
            (false, Kind::Kit) => (Purpose::Kit, None),
        }
    }

    /// The file's name: `<study>_<sender>_<first>-<last>.bundle`, ASCII only.
    #[must_use]
    pub fn file_name(&self) -> String {
        let own = self.logs.iter().find(|run| run.log == self.sender.log).or(self.logs.first());
        let range = own.map_or_else(
            || seal::hex::encode(&self.payload_sha256.bytes()[..4]),
            |run| format!("{}-{}", run.first, run.last),
        );
        let to = if self.kind() == Kind::Data { String::new() } else { self.addressee_part() };
        format!("{}_{}{to}_{range}.bundle", ascii(&self.study), ascii(&self.sender.log))
    }

    /// Replies of one center to many devices lie in one folder: the first addressee keeps their names apart.
    fn addressee_part(&self) -> String {
        self.recipients.first().map_or_else(String::new, |to| format!("-to-{}", ascii(&to.name)))
    }

    fn is_coherent(&self) -> bool {
        let names = [&self.study, &self.sender.site, &self.sender.log].into_iter();
        let names =
            names.chain(self.recipients.iter().map(|to| &to.name)).chain(self.blobs.iter().map(|blob| &blob.name));
        let names = names.chain(self.logs.iter().map(|run| &run.log)).chain(self.has.iter().map(|has| &has.log));
        self.format == FORMAT
            && self.version == VERSION
            && (self.purpose == Purpose::Practice) == self.practice_of.is_some()
            && names.into_iter().all(|name| is_name(name))
            && self.recipients_are_coherent()
            && self.logs_are_coherent()
            && unique(self.has.iter().map(|has| &has.log))
            && unique(self.blobs.iter().map(|blob| &blob.sha256))
            && self.checkpoint.as_ref().is_none_or(|checkpoint| checkpoint.log == self.sender.log)
    }

    fn recipients_are_coherent(&self) -> bool {
        let by_passphrase = self.recipients.iter().any(|to| to.age == PASSPHRASE);
        !self.recipients.is_empty()
            && if by_passphrase {
                self.recipients.len() == 1
            } else {
                self.recipients.iter().all(|to| to.age.parse::<Recipient>().is_ok())
            }
    }

    /// Each run has its entries, no log runs twice, and a device vouches for its own log only.
    fn logs_are_coherent(&self) -> bool {
        let counted = self.logs.iter().try_fold(0_u64, |sum, run| {
            let starts = (run.first == 1) == (run.prev == EntryId::ZERO);
            let holds = run.first >= 1 && run.last >= run.first && run.last < u64::MAX && starts;
            if holds { sum.checked_add(run.last - run.first + 1) } else { None }
        });
        counted == Some(self.entries)
            && unique(self.logs.iter().map(|run| &run.log))
            && (self.kind() != Kind::Data || self.logs.iter().all(|run| run.log == self.sender.log))
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.len() <= limits::NAME && !name.chars().any(char::is_control)
}

fn unique<T: Ord>(items: impl Iterator<Item = T>) -> bool {
    let mut seen = BTreeSet::new();
    items.into_iter().all(|item| seen.insert(item))
}

/// `text` with everything but letters, digits, `-` and `.` replaced, so that every file system and mail program takes it.
fn ascii(text: &str) -> String {
    let keep = |character: char| character.is_ascii_alphanumeric() || character == '-' || character == '.';
    text.chars().map(|character| if keep(character) { character } else { '-' }).take(60).collect()
}

#[cfg(test)]
mod tests;
