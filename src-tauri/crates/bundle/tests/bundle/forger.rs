//! A good bundle with every key that had a part in it, and what their holders could make of it.

use crate::archive::{Member, join, split};
use crate::journal::{Kept, STUDY, Written, log};
use bundle::{
    Admission, BundleError, Envelope, Key, Kind, NAMESPACE, PackOptions, Packed, Packer, Recipients, Sealed,
    SenderTrust, limits,
};
use casebook::{EntryId, Instant};
use seal::{Identity, SigningKey, sha256};
use std::io::{Cursor, Read, Write};

pub const LOG: &str = "S01-k7f2m3pq";

/// The device that signs, the center that opens, and the device's bundle.
pub struct Good {
    pub device: SigningKey,
    pub center: Identity,
    pub packed: Packed,
    pub written: Vec<Written>,
}

impl Good {
    /// Twelve entries, every other with a text, and two blobs.
    pub fn make() -> Self {
        let (device, center) = (SigningKey::from_seed(&[5; 32]), Identity::make());
        let written = log(LOG, 1, &[4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
        let mut packer = Packer::begin(options(Kind::Data, LOG, &center), &device).expect("coherent options");
        for entry in &written {
            packer.entry(LOG, entry.seq, entry.id, &entry.line).expect("the log is chained");
            entry.text.iter().for_each(|row| packer.text(row).expect("a short text"));
        }
        packer.blob("study.xml", b"<ODM/>").expect("a small blob");
        packer.blob("note.txt", &[b'x'; 700]).expect("a small blob");
        let packed = packer.finish().expect("a bundle").remove(0);
        Self { device, center, packed, written }
    }

    /// What the center makes of a file: it knows the device.
    pub fn open(&self, file: &[u8]) -> Result<Kept, BundleError> {
        let sender = SenderTrust::Known(self.device.public());
        open(file, Kind::Data, sender, &self.center)
    }

    /// The members of the file: README, envelope, signature, key, payload.
    pub fn members(&self) -> Vec<Member> {
        split(&self.packed.bytes)
    }

    /// What a thief can do who has no key: other members, properly put together.
    pub fn repacked(&self, change: impl FnOnce(&mut Vec<Member>)) -> Vec<u8> {
        let mut members = self.members();
        change(&mut members);
        join(&members)
    }

    /// What the device can do: another envelope, signed.
    pub fn restated(&self, change: impl FnOnce(&mut Envelope)) -> Vec<u8> {
        let mut envelope = self.packed.envelope.clone();
        change(&mut envelope);
        self.repacked(|members| {
            members[1].content = envelope.write();
            members[2].content = self.device.sign_ssh(NAMESPACE, &members[1].content).into_bytes();
        })
    }

    /// The members of the payload: entries, texts, blobs.
    pub fn inner(&self) -> Vec<Member> {
        split(&self.plain())
    }

    /// The payload's archive.
    pub fn plain(&self) -> Vec<u8> {
        plain(&self.packed.bytes, &self.center)
    }

    /// What the device can do: another payload, compressed by `compress`, encrypted, described and signed. Counts of the
    /// envelope stay what `change` makes of them.
    pub fn retold(
        &self,
        compress: impl FnOnce(&[u8]) -> Vec<u8>,
        change: impl FnOnce(&mut Envelope, &mut Vec<Member>),
    ) -> Vec<u8> {
        let (mut envelope, mut inner) = (self.packed.envelope.clone(), self.inner());
        change(&mut envelope, &mut inner);
        self.sealed(envelope, &join(&inner), compress)
    }

    /// As [`Good::retold`], from the payload's bytes.
    pub fn sealed(&self, mut envelope: Envelope, plain: &[u8], compress: impl FnOnce(&[u8]) -> Vec<u8>) -> Vec<u8> {
        let mut encrypting = seal::encrypt(&[self.center.recipient()], Vec::new()).expect("age encrypts");
        encrypting.write_all(&compress(plain)).expect("memory is enough");
        let payload = encrypting.finish().expect("memory is enough");
        envelope.plain_sha256 = EntryId(sha256(plain));
        envelope.plain_size = plain.len() as u64;
        envelope.payload_sha256 = EntryId(sha256(&payload));
        envelope.payload_size = payload.len() as u64;
        self.repacked(|members| {
            members[1].content = envelope.write();
            members[2].content = self.device.sign_ssh(NAMESPACE, &members[1].content).into_bytes();
            members[4].content = payload;
        })
    }
}

/// The usual compression.
pub fn zstd(plain: &[u8]) -> Vec<u8> {
    zstd::encode_all(plain, 3).expect("memory is enough")
}

/// The payload's archive, decrypted and decompressed without the room.
pub fn plain(file: &[u8], center: &Identity) -> Vec<u8> {
    let payload = &split(file)[4].content;
    let mut compressed = Vec::new();
    seal::decrypt(center, payload.as_slice()).expect("it is the center's").read_to_end(&mut compressed).expect("whole");
    zstd::decode_all(compressed.as_slice()).expect("it is zstd")
}

pub fn open(file: &[u8], kind: Kind, sender: SenderTrust, to: &Identity) -> Result<Kept, BundleError> {
    let mut kept = Kept::default();
    let admission = Admission { study: Some(STUDY), site: Some("S01"), kind, practice: false, sender };
    Sealed::inspect(Cursor::new(file))?.admit(&admission)?.open(&Key::Identity(to), &mut kept)?;
    Ok(kept)
}

pub fn options(kind: Kind, log: &str, to: &Identity) -> PackOptions {
    PackOptions {
        kind,
        practice: false,
        study: STUDY.to_owned(),
        site: "S01".to_owned(),
        log: log.to_owned(),
        age: to.recipient(),
        to: Recipients::Keys(vec![("center".to_owned(), to.recipient())]),
        at: Instant::from_ms(1_795_421_702_113),
        checkpoint: None,
        has: Vec::new(),
        split: limits::USUAL_SPLIT,
    }
}
