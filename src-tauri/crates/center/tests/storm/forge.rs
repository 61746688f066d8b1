//! Bundles as a device makes them that holds its keys and keeps to nothing else: every step of the way from lines to a file,
//! and between any two of them whatever somebody wants to change. Written from bundle/FORMAT.md, without the packer.

use std::io::Write;

use bundle::{Addressee, BlobNote, Envelope, LogRun, NAMESPACE, Purpose, Sender};
use casebook::{Checkpoint, EntryId, Instant, LogEnd};
use seal::{Recipient, SigningKey, sha256};

use crate::device::Device;

/// What a bundle carries.
#[derive(Clone, Default)]
pub struct Content {
    /// Where the log ends before it.
    pub after: Option<LogEnd>,
    /// Lines of entries, each with its newline.
    pub entries: Vec<Vec<u8>>,
    /// Lines of texts, likewise.
    pub texts: Vec<Vec<u8>>,
    /// Names and contents.
    pub blobs: Vec<(String, Vec<u8>)>,
}

/// What lies on the table between two steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer {
    /// The archive of entries, texts and blobs.
    Plain,
    /// The same, compressed.
    Compressed,
    /// The same, encrypted.
    Payload,
    /// `envelope.json`, which is signed as it is then.
    Statement,
    /// The whole file.
    File,
}

/// Changes what lies on the table.
pub trait Spoiler {
    /// Changes bytes.
    fn bytes(&mut self, layer: Layer, bytes: &mut Vec<u8>);
    /// Changes what is said, before it is written and signed.
    fn envelope(&mut self, envelope: &mut Envelope);
}

/// Who makes bundles.
pub struct Forger {
    pub log: String,
    pub site: String,
    pub study: String,
    pub key: SigningKey,
    pub age: Recipient,
    pub to: Vec<(String, Recipient)>,
}

impl Forger {
    /// A device that holds its keys.
    pub fn of(device: &Device) -> Self {
        let Device { log, site, study, key, age, to, recovery, .. } = device.clone();
        let to = vec![("center".to_owned(), to), ("recovery".to_owned(), recovery)];
        Self { log, site, study, key, age, to }
    }

    /// Seals content into a file.
    pub fn seal(&self, content: &Content, spoiler: &mut dyn Spoiler) -> Vec<u8> {
        let mut plain = archive_of(content);
        spoiler.bytes(Layer::Plain, &mut plain);
        let mut compressed = zstd(&plain);
        spoiler.bytes(Layer::Compressed, &mut compressed);
        let mut payload = self.encrypt(&compressed);
        spoiler.bytes(Layer::Payload, &mut payload);
        let sender_pub = format!("{}\n", self.key.public()).into_bytes();
        let mut envelope = self.envelope(content, &sender_pub);
        (envelope.plain_size, envelope.plain_sha256) = (plain.len() as u64, EntryId(sha256(&plain)));
        (envelope.payload_size, envelope.payload_sha256) = (payload.len() as u64, EntryId(sha256(&payload)));
        spoiler.envelope(&mut envelope);
        let mut statement = envelope.write();
        spoiler.bytes(Layer::Statement, &mut statement);
        let signature = self.key.sign_ssh(NAMESPACE, &statement);
        let mut file = archive(&[
            ("README.txt", bundle::README.as_bytes()),
            ("envelope.json", &statement),
            ("envelope.json.sig", signature.as_bytes()),
            ("sender.pub", &sender_pub),
            ("payload.tar.zst.age", &payload),
        ]);
        spoiler.bytes(Layer::File, &mut file);
        file
    }

    fn encrypt(&self, bytes: &[u8]) -> Vec<u8> {
        let to: Vec<Recipient> = self.to.iter().map(|(_, key)| key.clone()).collect();
        let mut encrypting = seal::encrypt(&to, Vec::new()).expect("memory");
        encrypting.write_all(bytes).expect("memory");
        encrypting.finish().expect("memory")
    }

    /// A statement that fits the content, but for what is not known yet of the payload.
    fn envelope(&self, content: &Content, sender_pub: &[u8]) -> Envelope {
        let ends: Vec<EntryId> = content.entries.iter().map(|line| EntryId(sha256(line))).collect();
        let after = content.after.unwrap_or(LogEnd::EMPTY);
        let (first, last) = (after.seq.saturating_add(1), after.seq.saturating_add(ends.len() as u64));
        let head = ends.last().copied().unwrap_or(after.head);
        let run = LogRun { log: self.log.clone(), first, last, prev: after.head, head };
        let note = |name: &str, bytes: &[u8]| BlobNote {
            name: name.to_owned(),
            sha256: EntryId(sha256(bytes)),
            size: bytes.len() as u64,
        };
        let checkpoint =
            Checkpoint { log: self.log.clone(), epoch: 1, seq: last, head, state: EntryId::ZERO, receipt: None };
        let (log, site, key, age) = (self.log.clone(), self.site.clone(), self.key.public(), self.age.clone());
        Envelope {
            format: "outpost-bundle".to_owned(),
            version: 1,
            purpose: Purpose::Data,
            practice_of: None,
            study: self.study.clone(),
            sender: Sender { site, log, key, age },
            recipients: self
                .to
                .iter()
                .map(|(name, key)| Addressee { name: name.clone(), age: key.to_string() })
                .collect(),
            at: Instant::from_ms(1_795_421_702_113),
            logs: if ends.is_empty() { Vec::new() } else { vec![run] },
            checkpoint: Some(checkpoint),
            has: Vec::new(),
            entries: ends.len() as u64,
            texts: content.texts.len() as u64,
            blobs: content.blobs.iter().map(|(name, bytes)| note(name, bytes)).collect(),
            readme_sha256: EntryId(sha256(bundle::README.as_bytes())),
            sender_pub_sha256: EntryId(sha256(sender_pub)),
            payload_sha256: EntryId::ZERO,
            payload_size: 0,
            plain_sha256: EntryId::ZERO,
            plain_size: 0,
        }
    }
}

fn archive_of(content: &Content) -> Vec<u8> {
    let (entries, texts) = (content.entries.concat(), content.texts.concat());
    let names: Vec<String> =
        content.blobs.iter().map(|(_, bytes)| format!("blobs/{}", EntryId(sha256(bytes)))).collect();
    let mut members: Vec<(&str, &[u8])> = vec![("entries.ndjson", &entries), ("texts.ndjson", &texts)];
    members.extend(names.iter().zip(&content.blobs).map(|(name, (_, bytes))| (name.as_str(), bytes.as_slice())));
    archive(&members)
}

/// A ustar archive, as section 1 has it.
fn archive(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = Vec::new();
    for (name, content) in members {
        archive.extend(header(name, content.len()));
        archive.extend_from_slice(content);
        archive.resize(archive.len().next_multiple_of(512), 0);
    }
    archive.resize(archive.len() + 1024, 0);
    archive
}

fn header(name: &str, size: usize) -> Vec<u8> {
    let mut block = vec![0; 512];
    let mut put = |at: usize, text: &str| block[at..at + text.len()].copy_from_slice(text.as_bytes());
    put(0, name);
    put(100, "0000644\x000000000\x000000000\0");
    put(124, &format!("{size:011o}\x0000000000000\0        0"));
    put(257, "ustar\x0000");
    put(329, "0000000\x000000000\0");
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}

/// One zstd frame of raw blocks (RFC 8878, section 3.1.1): as fast as copying.
fn zstd(plain: &[u8]) -> Vec<u8> {
    // A single segment whose size stands in four bytes.
    let mut frame = vec![0x28, 0xb5, 0x2f, 0xfd, 0b1010_0000];
    frame.extend_from_slice(&u32::try_from(plain.len()).expect("small").to_le_bytes());
    let mut blocks = plain.chunks(64 << 10).peekable();
    while let Some(block) = blocks.next() {
        let is_last = u32::from(blocks.peek().is_none());
        let head = u32::try_from(block.len()).expect("small") << 3 | is_last;
        frame.extend_from_slice(&head.to_le_bytes()[..3]);
        frame.extend_from_slice(block);
    }
    frame
}
