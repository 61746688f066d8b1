//! Reading a bundle from the outside: structure, digests, signature, and whether it is meant for the reader.

use std::io::{Read, Seek, SeekFrom};

use casebook::EntryId;
use seal::{PublicKey, Sha256, sha256, verify_ssh};

use crate::payload::{self, Key, Sink};
use crate::{BundleError, Envelope, Kind, NAMESPACE, limits, tar};

const BUFFER: usize = 256 << 10;

/// A file that is whole and is, byte for byte, what the holder of its sender's key signed. Whether that sender is known
/// and the content good is not said.
pub struct Sealed<R> {
    source: R,
    payload_at: u64,
    envelope: Envelope,
    id: EntryId,
}

/// What a sender signed of a bundle. Of the payload nothing is known: it may be damaged or cut off.
pub struct SignedEnvelope {
    /// The envelope.
    pub envelope: Envelope,
    /// The bundle's id: SHA-256 of `envelope.json`.
    pub id: EntryId,
}

/// Who signed, as the reader knows it.
pub enum SenderTrust {
    /// The key that is on record for this sender.
    Known(PublicKey),
    /// A sender whose key was revoked.
    Revoked,
    /// No key is on record for this sender.
    Unknown,
}

/// What a reader takes in.
pub struct Admission<'a> {
    /// The study, or none for an empty installation that reads its kit.
    pub study: Option<&'a str>,
    /// The sender's site, or none where any will do.
    pub site: Option<&'a str>,
    /// What the bundle must do.
    pub kind: Kind,
    /// Whether this is a practice installation.
    pub practice: bool,
    /// The key that is on record for the sender, if any.
    pub sender: SenderTrust,
}

impl Admission<'_> {
    fn admits(&self, envelope: &Envelope) -> Result<(), BundleError> {
        match (envelope.is_practice(), self.practice) {
            (true, false) => return Err(BundleError::Practice),
            (false, true) => return Err(BundleError::NotPractice),
            _ => {}
        }
        if envelope.kind() != self.kind {
            return Err(BundleError::OtherPurpose);
        }
        if self.study.is_some_and(|study| study != envelope.study) {
            return Err(BundleError::OtherStudy);
        }
        match &self.sender {
            SenderTrust::Known(key) if *key == envelope.sender.key => {}
            SenderTrust::Revoked => return Err(BundleError::RevokedSender(envelope.sender.log.clone())),
            SenderTrust::Known(_) | SenderTrust::Unknown => return Err(unknown(envelope)),
        }
        if self.site.is_some_and(|site| site != envelope.sender.site) {
            return Err(BundleError::OtherSite);
        }
        Ok(())
    }
}

/// A bundle that may be opened.
pub struct Trusted<R>(Sealed<R>);

impl<R: Read + Seek> Sealed<R> {
    /// Reads everything but the payload's content: nothing is decrypted.
    ///
    /// # Errors
    /// The first reason found.
    pub fn inspect(mut source: R) -> Result<Self, BundleError> {
        let length = source.seek(SeekFrom::End(0))?;
        let SignedEnvelope { envelope, id } = read_signed(&mut source, length)?;
        let payload_at = check_payload(&mut source, &envelope, length)?;
        Ok(Self { source, payload_at, envelope, id })
    }

    /// The envelope alone, of a bundle whose payload may be damaged or cut off, where its sender is believed.
    ///
    /// # Errors
    /// The first reason against it.
    pub fn envelope_alone(mut source: R, admission: &Admission<'_>) -> Result<SignedEnvelope, BundleError> {
        let length = source.seek(SeekFrom::End(0))?;
        let signed = read_signed(&mut source, length)?;
        admission.admits(&signed.envelope)?;
        Ok(signed)
    }

    /// The envelope, whose signature fits; whether its sender is known is not said.
    pub fn envelope(&self) -> &Envelope {
        &self.envelope
    }

    /// SHA-256 of `envelope.json`.
    pub fn id(&self) -> EntryId {
        self.id
    }

    /// Gives the file back.
    pub fn into_source(self) -> R {
        self.source
    }

    /// Decides whether the bundle may be opened here.
    ///
    /// # Errors
    /// The first reason against it.
    pub fn admit(self, admission: &Admission<'_>) -> Result<Trusted<R>, BundleError> {
        admission.admits(&self.envelope)?;
        Ok(Trusted(self))
    }

    /// Skips the question whether it is meant for the reader: an auditor reads everybody's.
    pub(crate) fn trust(self) -> Trusted<R> {
        Trusted(self)
    }
}

impl<R: Read + Seek + Send> Trusted<R> {
    /// Decrypts, checks every line and hands it to `sink` in order: all entries, then all texts, then all blobs. All or
    /// nothing is for the sink to keep: nothing of what it was given may last unless this returns `Ok`.
    ///
    /// # Errors
    /// The first reason found, or what the sink answered.
    pub fn open<S: Sink>(mut self, key: &Key<'_>, sink: &mut S) -> Result<Sealed<R>, S::Error> {
        let sealed = &mut self.0;
        sealed.source.seek(SeekFrom::Start(sealed.payload_at)).map_err(BundleError::from)?;
        let payload = sealed.source.by_ref().take(sealed.envelope.payload_size);
        payload::read(payload, &sealed.envelope, key, sink)?;
        Ok(self.0)
    }

    /// Gives the file back, unopened.
    pub fn into_source(self) -> R {
        self.0.source
    }

    /// The envelope, whose signature fits; whether its sender is known is not said.
    pub fn envelope(&self) -> &Envelope {
        &self.0.envelope
    }

    /// SHA-256 of `envelope.json`.
    pub fn id(&self) -> EntryId {
        self.0.id
    }
}

/// The members before the payload, whose signature and digests fit.
fn read_signed<R: Read + Seek>(source: &mut R, length: u64) -> Result<SignedEnvelope, BundleError> {
    source.seek(SeekFrom::Start(0))?;
    if length > limits::FILE {
        return Err(BundleError::TooLarge("file"));
    }
    check_beginning(source)?;
    source.seek(SeekFrom::Start(0))?;
    let readme = member(source, "README.txt", limits::README)?;
    let statement = member(source, "envelope.json", limits::ENVELOPE)?;
    let signature = member(source, "envelope.json.sig", limits::SIGNATURE)?;
    let sender_pub = member(source, "sender.pub", limits::SIGNATURE)?;
    // The key comes from the file itself: whether it is anybody's is decided at `admit`.
    let key = read_key(&sender_pub)?;
    let armour = std::str::from_utf8(&signature).map_err(|_| BundleError::Damaged("envelope.json.sig"))?;
    verify_ssh(&key, NAMESPACE, &statement, armour).map_err(BundleError::Signature)?;
    let envelope = Envelope::read(&statement)?;
    if sha256(&readme) != envelope.readme_sha256.0 {
        return Err(BundleError::Damaged("README.txt"));
    }
    if key != envelope.sender.key {
        return Err(BundleError::Signature(seal::SealError::OtherKey));
    }
    if sha256(&sender_pub) != envelope.sender_pub_sha256.0 {
        return Err(BundleError::Damaged("sender.pub"));
    }
    Ok(SignedEnvelope { envelope, id: EntryId(sha256(&statement)) })
}

pub(crate) fn unknown(envelope: &Envelope) -> BundleError {
    BundleError::UnknownSender { log: envelope.sender.log.clone(), words: envelope.sender.key.words() }
}

fn check_beginning(source: &mut impl Read) -> Result<(), BundleError> {
    let mut start = Vec::new();
    source.take(tar::BLOCK).read_to_end(&mut start)?;
    let is_tar = start.get(257..262).is_some_and(|magic| magic == b"ustar");
    let is_named = start.starts_with(b"README.txt\0");
    match (is_tar || is_named, start.len() as u64 == tar::BLOCK) {
        (true, _) => Ok(()),
        (false, true) => Err(BundleError::NotABundle),
        (false, false) if start.is_empty() => Err(BundleError::Truncated),
        (false, false) => Err(BundleError::NotABundle),
    }
}

fn member(source: &mut impl Read, name: &'static str, most: u64) -> Result<Vec<u8>, BundleError> {
    let size = tar::read_header(source, name, most)?;
    let mut content = Vec::new();
    source.take(size).read_to_end(&mut content)?;
    if content.len() as u64 != size {
        return Err(BundleError::Truncated);
    }
    tar::read_padding(source, name, size)?;
    Ok(content)
}

fn read_key(sender_pub: &[u8]) -> Result<PublicKey, BundleError> {
    let damaged = BundleError::Damaged("sender.pub");
    let line = std::str::from_utf8(sender_pub).ok().and_then(|line| line.strip_suffix('\n'));
    match line.ok_or(damaged.clone())?.parse() {
        Err(seal::SealError::LowOrderKey) => Err(BundleError::Signature(seal::SealError::LowOrderKey)),
        key => key.map_err(|_| damaged),
    }
}

/// Checks that the payload is as signed and the last thing in the file; gives where it starts.
fn check_payload<R: Read + Seek>(source: &mut R, envelope: &Envelope, length: u64) -> Result<u64, BundleError> {
    let name = "payload.tar.zst.age";
    let size = tar::read_header(source, name, limits::FILE)?;
    let start = source.stream_position()?;
    let end = start + size + tar::padding(size) + tar::END.len() as u64;
    if length < end {
        return Err(BundleError::Truncated);
    }
    if size != envelope.payload_size {
        return Err(BundleError::Damaged(name));
    }
    let mut hash = Sha256::new();
    let mut buffer = vec![0; BUFFER];
    let mut left = size;
    while left > 0 {
        let part = buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        source.read_exact(&mut buffer[..part])?;
        hash.update(&buffer[..part]);
        left -= part as u64;
    }
    if hash.finish() != envelope.payload_sha256.0 {
        return Err(BundleError::Damaged(name));
    }
    tar::read_padding(source, name, size)?;
    tar::read_end(source)?;
    Ok(start)
}
