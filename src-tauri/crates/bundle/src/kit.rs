//! What makes an empty installation a site's device. **Frozen format, version 1: do not modify.**
//!
//! A kit is a bundle of that purpose with two blobs: `kit.json`, this, and `study.xml`.

use casebook::EntryId;
use seal::{PublicKey, Recipient};
use serde::{Deserialize, Serialize};

use crate::Refusal;

const FORMAT: &str = "outpost-kit";

/// The content of `kit.json`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kit {
    /// `outpost-kit`.
    format: String,
    /// 1.
    version: u32,
    /// Study OID.
    pub study: String,
    /// Digest of the blob `study.xml`.
    pub study_sha256: EntryId,
    /// The site's id.
    pub site: String,
    /// The site's name.
    pub site_name: String,
    /// The center's signing key, the same that signs the kit.
    pub center_key: PublicKey,
    /// The center's operational age key: every bundle is encrypted to it.
    pub center_age: Recipient,
    /// The center's offline recovery age key: every bundle, and each vault's database key, is encrypted to it, too.
    pub recovery_age: Recipient,
    /// The first user's activation code.
    pub activation: String,
}

impl Kit {
    /// Name of the blob that holds it.
    pub const NAME: &'static str = "kit.json";
    /// Name of the blob that holds the study definition.
    pub const STUDY_NAME: &'static str = "study.xml";

    /// A kit.
    #[must_use]
    #[allow(clippy::too_many_arguments)] // each is a field of the frozen format
    pub fn new(
        study: &str,
        study_sha256: EntryId,
        site: &str,
        site_name: &str,
        center_key: PublicKey,
        center_age: Recipient,
        recovery_age: Recipient,
        activation: &str,
    ) -> Self {
        Self {
            format: FORMAT.to_owned(),
            version: 1,
            study: study.to_owned(),
            study_sha256,
            site: site.to_owned(),
            site_name: site_name.to_owned(),
            center_key,
            center_age,
            recovery_age,
            activation: activation.to_owned(),
        }
    }

    /// The blob's bytes.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec(self).expect("strings and numbers can always be written as JSON");
        bytes.push(b'\n');
        bytes
    }

    /// Reads the blob's bytes.
    ///
    /// # Errors
    /// [`Refusal::NewerVersion`], or [`Refusal::Damaged`] when it is not exactly what this format writes.
    pub fn read(bytes: &[u8]) -> Result<Self, Refusal> {
        #[derive(Deserialize)]
        struct Head {
            version: u32,
        }
        let damaged = || Refusal::Damaged("kit.json");
        let head: Head = serde_json::from_slice(bytes).map_err(|_| damaged())?;
        if head.version > 1 {
            return Err(Refusal::NewerVersion);
        }
        let kit: Self = serde_json::from_slice(bytes).map_err(|_| damaged())?;
        if kit.format == FORMAT && kit.version == 1 && kit.write() == bytes { Ok(kit) } else { Err(damaged()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes_only() {
        let key = seal::SigningKey::from_seed(&[3; 32]).public();
        let age = seal::Identity::make().recipient();
        let kit = Kit::new("ST.X", EntryId([1; 32]), "S01", "Sample hospital", key, age.clone(), age, "abcd-efgh");
        let bytes = kit.write();
        assert!(Kit::read(&bytes).is_ok_and(|read| read == kit));
        assert!(Kit::read(&bytes[..bytes.len() - 1]).is_err_and(|why| why == Refusal::Damaged("kit.json")));
        let newer = String::from_utf8_lossy(&bytes).replace("\"version\":1", "\"version\":2");
        assert!(Kit::read(newer.as_bytes()).is_err_and(|why| why == Refusal::NewerVersion));
    }

    #[test]
    fn a_frozen_kit_is_still_read() {
        let key = seal::SigningKey::from_seed(&[3; 32]).public();
        let age = "age1v94k5zz6jdxuel0lwwavpuw6z0sr0ycfc48uj4ctq95eh56qnc6qzq73am";
        let frozen = format!(
            "{{\"format\":\"outpost-kit\",\"version\":1,\"study\":\"ST.X\",\"study_sha256\":\"{}\",\"site\":\"S01\",\
             \"site_name\":\"Sample hospital\",\"center_key\":\"{key}\",\"center_age\":\"{age}\",\
             \"recovery_age\":\"{age}\",\"activation\":\"abcd-efgh\"}}\n",
            "01".repeat(32)
        );
        let kit = Kit::read(frozen.as_bytes()).expect("version 1 is frozen");
        assert_eq!((kit.site.as_str(), kit.activation.as_str()), ("S01", "abcd-efgh"));
    }
}
