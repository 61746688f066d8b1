//! The center's signed word of what it holds. **Frozen format, version 1: do not modify.**

use casebook::{EntryId, Instant};
use seal::{PublicKey, SigningKey, sha256, verify_ssh};
use serde::{Deserialize, Serialize};

use crate::BundleError;

/// What a receipt says: that after taking in `bundle` the center held `log` without a gap up to `seq`, whose id is `head`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// [`Receipt::FORMAT`].
    pub format: String,
    /// [`Receipt::VERSION`].
    pub version: u32,
    /// OID of the study.
    pub study: String,
    /// The center's key that signs.
    pub center: PublicKey,
    /// Whether it is for practice.
    pub practice: bool,
    /// SHA-256 of `envelope.json`.
    pub bundle: EntryId,
    /// Id of the log.
    pub log: String,
    /// The last `seq` held without a gap.
    pub seq: u64,
    /// Id of that entry.
    pub head: EntryId,
    /// When the bundle was taken in, by the center's clock.
    pub at: Instant,
}

/// A receipt with its signature: two blobs of a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedReceipt {
    /// The receipt's bytes: one line of JSON.
    pub bytes: Vec<u8>,
    /// Their armoured SSH signature.
    pub signature: String,
}

impl Receipt {
    /// What `format` says.
    pub const FORMAT: &'static str = "outpost-receipt";
    /// Namespace of the signature.
    pub const NAMESPACE: &'static str = "outpost-receipt";
    /// The version that this program writes.
    pub const VERSION: u32 = 1;

    /// Signs it. The same receipt and key always give the same bytes.
    #[must_use]
    pub fn sign(&self, key: &SigningKey) -> SignedReceipt {
        let bytes = self.write();
        let signature = key.sign_ssh(Self::NAMESPACE, &bytes);
        SignedReceipt { bytes, signature }
    }

    fn write(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec(self).expect("strings and numbers can always be written as JSON");
        bytes.push(b'\n');
        bytes
    }
}

impl SignedReceipt {
    /// Digest of the receipt's bytes, as a checkpoint names it.
    #[must_use]
    pub fn id(&self) -> EntryId {
        EntryId(sha256(&self.bytes))
    }

    /// The names under which receipt and signature travel as blobs.
    #[must_use]
    pub fn blob_names(&self) -> [String; 2] {
        let id = self.id().hex();
        [format!("receipt-{}.json", &id[..16]), format!("receipt-{}.json.sig", &id[..16])]
    }

    /// What it says, if it is `center`'s.
    ///
    /// # Errors
    /// [`BundleError::Signature`], [`BundleError::NewerVersion`], or [`BundleError::Damaged`] when it is not exactly what this format
    /// writes.
    pub fn verify(&self, center: &PublicKey) -> Result<Receipt, BundleError> {
        verify_ssh(center, Receipt::NAMESPACE, &self.bytes, &self.signature).map_err(BundleError::Signature)?;
        #[derive(Deserialize)]
        struct Head {
            version: u32,
        }
        let damaged = || BundleError::Damaged("receipt");
        let head: Head = serde_json::from_slice(&self.bytes).map_err(|_| damaged())?;
        if head.version > Receipt::VERSION {
            return Err(BundleError::NewerVersion);
        }
        let receipt: Receipt = serde_json::from_slice(&self.bytes).map_err(|_| damaged())?;
        let exact =
            receipt.write() == self.bytes && receipt.format == Receipt::FORMAT && receipt.version == Receipt::VERSION;
        if exact && receipt.center == *center { Ok(receipt) } else { Err(damaged()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn receipt(key: &SigningKey, practice: bool) -> Receipt {
        Receipt {
            format: Receipt::FORMAT.to_owned(),
            version: Receipt::VERSION,
            study: "ST.X".to_owned(),
            center: key.public(),
            practice,
            bundle: EntryId([1; 32]),
            log: "S01-k7f2m3pq".to_owned(),
            seq: 9,
            head: EntryId([2; 32]),
            at: Instant::from_ms(1_795_421_702_113),
        }
    }

    #[test]
    fn only_the_center_gives_receipts() {
        let key = SigningKey::from_seed(&[3; 32]);
        let receipt = receipt(&key, false);
        let signed = receipt.sign(&key);
        assert_eq!(signed, receipt.sign(&key));
        assert_eq!(signed.verify(&key.public()), Ok(receipt));
        let other = SigningKey::from_seed(&[4; 32]).public();
        assert_eq!(signed.verify(&other), Err(BundleError::Signature(seal::SealError::OtherKey)));
        for place in 0..signed.bytes.len() {
            let mut altered = signed.clone();
            altered.bytes[place] ^= 1;
            assert!(altered.verify(&key.public()).is_err(), "byte {place}");
        }
    }

    #[test]
    fn a_frozen_receipt_is_still_written_and_read() {
        let key = SigningKey::from_seed(&[3; 32]);
        let receipt = receipt(&key, true);
        let signed = receipt.sign(&key);
        assert_eq!(
            String::from_utf8_lossy(&signed.bytes),
            format!(
                "{{\"format\":\"outpost-receipt\",\"version\":1,\"study\":\"ST.X\",\"center\":\"{}\",\"practice\":true,\
                 \"bundle\":\"{}\",\"log\":\"S01-k7f2m3pq\",\"seq\":9,\"head\":\"{}\",\"at\":\"2026-11-23T08:15:02.113Z\"}}\n",
                key.public(),
                "01".repeat(32),
                "02".repeat(32)
            )
        );
        assert_eq!(
            seal::hex::encode(&sha256(signed.signature.as_bytes())),
            "34c372380276002d32c59db3cd3ae96407b082aca77ca52f2c6b5532c5f50580"
        );
    }
}
