//! What makes an empty installation a site's device. **Frozen format, version 1: do not modify.**
//!
//! A kit is a bundle of that purpose with two blobs: `kit.json`, this, and `study.xml`. One may carry its site's data, too.

use casebook::EntryId;
use seal::{PublicKey, Recipient};
use serde::{Deserialize, Serialize};

use crate::BundleError;

/// The content of `kit.json`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kit {
    /// [`Kit::FORMAT`].
    pub format: String,
    /// [`Kit::VERSION`].
    pub version: u32,
    /// OID of the study.
    pub study: String,
    /// Digest of the blob `study.xml`.
    pub study_sha256: EntryId,
    /// Id of the site.
    pub site: String,
    /// Name of the site, for people.
    pub site_name: String,
    /// The center's signing key, the same that signs the kit.
    pub center_key: PublicKey,
    /// The center's operational age key: every bundle is encrypted to it.
    pub center_age: Recipient,
    /// The center's offline recovery age key: every bundle is encrypted to it, too.
    pub recovery_age: Recipient,
    /// A secret by which the device shows that it came by this kit: see [`crate::Activation`].
    pub activation: String,
}

impl Kit {
    /// What `format` says.
    pub const FORMAT: &'static str = "outpost-kit";
    /// The version that this program writes.
    pub const VERSION: u32 = 1;
    /// Name of the blob that holds it.
    pub const NAME: &'static str = "kit.json";
    /// Name of the blob that holds the study definition.
    pub const STUDY_NAME: &'static str = "study.xml";

    /// The bytes of the blob `kit.json`.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec(self).expect("strings and numbers can always be written as JSON");
        bytes.push(b'\n');
        bytes
    }

    /// Reads the blob's bytes.
    ///
    /// # Errors
    /// [`BundleError::NewerVersion`], or [`BundleError::Damaged`] when it is not exactly what this format writes.
    pub fn read(bytes: &[u8]) -> Result<Self, BundleError> {
        #[derive(Deserialize)]
        struct Head {
            version: u32,
        }
        let damaged = || BundleError::Damaged("kit.json");
        let head: Head = serde_json::from_slice(bytes).map_err(|_| damaged())?;
        if head.version > Self::VERSION {
            return Err(BundleError::NewerVersion);
        }
        let kit: Self = serde_json::from_slice(bytes).map_err(|_| damaged())?;
        if kit.format == Self::FORMAT && kit.version == Self::VERSION && kit.write() == bytes {
            Ok(kit)
        } else {
            Err(damaged())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes_only() {
        let key = seal::SigningKey::from_seed(&[3; 32]).public();
        let age = seal::Identity::make().recipient();
        let kit = Kit {
            format: Kit::FORMAT.to_owned(),
            version: Kit::VERSION,
            study: "ST.X".to_owned(),
            study_sha256: EntryId([1; 32]),
            site: "S01".to_owned(),
            site_name: "Sample hospital".to_owned(),
            center_key: key,
            center_age: age.clone(),
            recovery_age: age,
            activation: "abcd-efgh".to_owned(),
        };
        let bytes = kit.write();
        assert!(Kit::read(&bytes).is_ok_and(|read| read == kit));
        assert!(Kit::read(&bytes[..bytes.len() - 1]).is_err_and(|why| why == BundleError::Damaged("kit.json")));
        let newer = String::from_utf8_lossy(&bytes).replace("\"version\":1", "\"version\":2");
        assert!(Kit::read(newer.as_bytes()).is_err_and(|why| why == BundleError::NewerVersion));
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
