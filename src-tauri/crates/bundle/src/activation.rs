//! How a device shows that it was founded by a kit: FORMAT.md, section 5.
//!
//! The kit holds a secret, its activation code. Until the center has approved the device, its bundles carry a blob whose name is
//! made from that secret and from who sends: the center reads it in the signed envelope, before it opens anything, and whoever
//! only saw a bundle can make none for a key of his own.

use seal::{PublicKey, hex, hmac_sha256, hmac_verify};

use crate::Envelope;

/// What a device is to the center that approves it.
#[derive(Clone, Copy)]
pub struct Activation<'a> {
    /// OID of the study.
    pub study: &'a str,
    /// The device's site.
    pub site: &'a str,
    /// The device's id.
    pub device: &'a str,
    /// The key that signs its bundles.
    pub key: PublicKey,
}

impl<'a> Activation<'a> {
    /// What the blob holds; its name is what counts.
    pub const CONTENT: &'static [u8] = b"outpost-activation-1\n";
    /// Letters of the code in a new kit, of five random bits each: it can't be guessed from what an envelope shows.
    pub const CODE: usize = 26;
    const NAME: &'static str = "activation-";

    /// What a bundle's envelope says of its sender.
    #[must_use]
    pub fn of(envelope: &'a Envelope) -> Self {
        let sender = &envelope.sender;
        Self { study: &envelope.study, site: &sender.site, device: &sender.log, key: sender.key }
    }

    /// The blob's name under a kit's code. None under the short code of an older kit: who sees the name could try them all.
    #[must_use]
    pub fn blob_name(&self, code: &str) -> Option<String> {
        let tag = || hex::encode(&hmac_sha256(code.as_bytes(), self.message().as_bytes()));
        (code.len() >= Self::CODE).then(|| format!("{}{}", Self::NAME, tag()))
    }

    /// Whether an envelope, whose signature fits, carries the blob of this device under a kit's code.
    #[must_use]
    pub fn is_shown(&self, envelope: &Envelope, code: &str) -> bool {
        let mut tags = envelope.blobs.iter().filter_map(|blob| blob.name.strip_prefix(Self::NAME));
        let fits = |tag: &str| {
            hex::decode::<32>(tag).is_ok_and(|tag| hmac_verify(code.as_bytes(), self.message().as_bytes(), &tag))
        };
        code.len() >= Self::CODE && tags.any(fits)
    }

    /// None of the parts has a line's end in it.
    fn message(&self) -> String {
        let Self { study, site, device, key } = self;
        format!("outpost-activation-1\n{study}\n{site}\n{device}\n{key}\n")
    }
}

#[cfg(test)]
mod tests {
    use seal::{Identity, SigningKey};

    use super::*;
    use crate::fixture::{LOG, STUDY, data_for, key};
    use crate::{Packer, limits};

    const CODE: &str = "abcdefghijklmnopqrstuvwxyz";

    /// M3: who only saw a bundle can't show the kit for a key or a device of his own, nor who has another kit.
    #[test]
    fn m3_only_whoever_holds_the_kit_shows_it_for_a_key() {
        let center = Identity::make();
        let own = Activation { study: STUDY, site: "S01", device: LOG, key: key().public() };
        let name = own.blob_name(CODE).expect("a long code");
        let mut packer = Packer::begin(data_for(&center, limits::USUAL_SPLIT), &key()).expect("coherent");
        packer.blob(&name, Activation::CONTENT).expect("a blob");
        let envelope = packer.finish().expect("a bundle").remove(0).envelope;
        assert!(Activation::of(&envelope).is_shown(&envelope, CODE));
        assert!(!Activation::of(&envelope).is_shown(&envelope, &CODE.to_uppercase()), "another kit");
        let other = SigningKey::from_seed(&[9; 32]).public();
        for wrong in [
            Activation { key: other, ..own },
            Activation { device: "S01-other", ..own },
            Activation { site: "S02", ..own },
            Activation { study: "ST.OTHER", ..own },
        ] {
            assert!(!wrong.is_shown(&envelope, CODE));
        }
        assert_eq!(own.blob_name("abcd-efgh"), None, "the code of an older kit could be guessed");
        assert!(!own.is_shown(&envelope, ""));
    }

    /// FORMAT.md, section 5.
    #[test]
    fn the_name_is_frozen() {
        let own = Activation { study: "ST.X", site: "S01", device: "S01-k7f2m3pq", key: key().public() };
        let tag = hmac_sha256(
            CODE.as_bytes(),
            format!("outpost-activation-1\nST.X\nS01\nS01-k7f2m3pq\n{}\n", key().public()).as_bytes(),
        );
        assert_eq!(own.blob_name(CODE), Some(format!("activation-{}", hex::encode(&tag))));
    }
}
