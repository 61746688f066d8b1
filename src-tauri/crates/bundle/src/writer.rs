//! Bundles from compressed chunks: a full one is read back, encrypted, described, signed and put together.

use std::io::{self, Cursor};
use std::mem;

use casebook::EntryId;
use seal::{SigningKey, sha256};

use crate::compress::{ChunkCompressor, CompressedChunk, Frame, skippable_frame, zeros};
use crate::encrypt::{encrypt, read_back};
use crate::envelope::PASSPHRASE;
use crate::plan::Plan;
use crate::{
    Addressee, BlobNote, Envelope, LogRun, NAMESPACE, PackError, PackOptions, Packed, README, Recipients, Sealed,
    Sender, limits, tar,
};

/// Uncompressed size at which a bundle is closed whatever its compressed size.
const PLAIN_SPLIT: u64 = 1 << 30;

/// What a bundle will carry.
#[derive(Default)]
struct Content {
    runs: Vec<LogRun>,
    entries: Vec<Frame>,
    texts: Vec<Frame>,
    text_count: u64,
    blobs: Vec<(BlobNote, Frame)>,
    size: usize,
    plain: u64,
}

/// Gathers compressed chunks and writes a bundle whenever one is full.
pub(crate) struct BundleWriter {
    options: PackOptions,
    key: SigningKey,
    /// Room for compressed content in a bundle.
    room: usize,
    content: Content,
}

impl BundleWriter {
    pub(crate) fn new(options: PackOptions, key: SigningKey) -> Self {
        // README, statement with its runs and blobs, headers, padding, age's header and tags.
        let around = README.len() + empty_envelope(&options, &key).len() + (12 << 10) + options.split / 2048;
        let room = options.split.saturating_sub(around).max(options.split / 4);
        Self { options, key, room, content: Content::default() }
    }

    /// Takes in a chunk; gives a bundle when one was full before it.
    pub(crate) fn take(&mut self, compressed: CompressedChunk) -> Result<Option<Packed>, PackError> {
        let is_new = self.content.plain == 0;
        let fits = self.content.size + compressed.size() <= self.room
            && self.content.plain + compressed.plain() <= PLAIN_SPLIT.min(self.room as u64 * limits::RATIO);
        let full = if is_new || fits { None } else { Some(mem::take(&mut self.content)) };
        let before = full.as_ref().unwrap_or(&self.content).runs.last().map(|run| (run.log.clone(), run.head));
        self.content.add(compressed, before)?;
        full.map(|full| self.seal(full)).transpose()
    }

    /// Gives the last bundle.
    pub(crate) fn finish(&mut self) -> Result<Packed, PackError> {
        let content = mem::take(&mut self.content);
        self.seal(content)
    }

    fn seal(&self, content: Content) -> Result<Packed, PackError> {
        let (options, key) = (&self.options, &self.key);
        let plan = Plan {
            runs: content.runs.clone(),
            texts: content.text_count,
            blobs: content.blobs.iter().map(|(note, _)| note.clone()).collect(),
        };
        let mut frames = content.frames()?;
        let plain = read_back(&frames, &plan)?;
        frames.extend(padding(&frames, plain.size));
        let payload = encrypt(&frames, &options.to)?;
        drop(frames);
        let mut envelope = envelope_of(options, key, plan, payload.len() as u64);
        envelope.payload_sha256 = EntryId(sha256(&payload));
        envelope.plain_size = plain.size;
        envelope.plain_sha256 = plain.sha256;
        let statement = envelope.write();
        Envelope::read(&statement).map_err(|_| PackError::Bounds("envelope"))?;
        let bytes = put_together(key, &statement, &payload)?;
        // What was read back above is the content; this is everything around it, under a reader's own limits.
        Sealed::inspect(Cursor::new(&bytes)).map_err(PackError::NotReadBack)?;
        Ok(Packed { id: EntryId(sha256(&statement)), name: envelope.file_name(), envelope, bytes })
    }
}

impl Content {
    /// `before` is the log and head of the chunk before, in this bundle or the one that was closed.
    fn add(&mut self, compressed: CompressedChunk, before: Option<(String, EntryId)>) -> Result<(), PackError> {
        if let (Some((log, head)), Some(run)) = (before, compressed.runs.first())
            && log == run.log
            && head != run.prev
        {
            return Err(PackError::Chain { log, seq: run.first });
        }
        self.size += compressed.size();
        self.plain += compressed.plain();
        for run in compressed.runs {
            match self.runs.last_mut() {
                Some(before) if before.log == run.log => (before.last, before.head) = (run.last, run.head),
                _ => self.runs.push(run),
            }
        }
        self.entries.extend(compressed.entries);
        self.texts.extend(compressed.texts);
        self.text_count += compressed.text_count;
        for (note, frame) in compressed.blobs {
            if self.blobs.iter().all(|(known, _)| known.sha256 != note.sha256) {
                self.blobs.push((note, frame));
            }
        }
        Ok(())
    }

    /// The archive: members with their headers, padding and the end.
    fn frames(self) -> io::Result<Vec<Vec<u8>>> {
        let mut compressor = ChunkCompressor::new()?;
        let size = |frames: &[Frame]| frames.iter().map(|frame| frame.plain).sum::<u64>();
        let (entries, texts) = (size(&self.entries), size(&self.texts));
        let mut between = zeros(entries);
        between.extend_from_slice(&tar::header("texts.ndjson", texts));
        let mut frames = vec![compressor.frame(&tar::header("entries.ndjson", entries))?.bytes];
        frames.extend(self.entries.into_iter().map(|frame| frame.bytes));
        frames.push(compressor.frame(&between)?.bytes);
        frames.extend(self.texts.into_iter().map(|frame| frame.bytes));
        frames.push(compressor.frame(&zeros(texts))?.bytes);
        frames.extend(self.blobs.into_iter().map(|(_, frame)| frame.bytes));
        frames.push(compressor.frame(&tar::END)?.bytes);
        Ok(frames)
    }
}

/// What makes a payload long enough that no reader takes it for a bomb, where it compresses that well.
fn padding(frames: &[Vec<u8>], plain: u64) -> Option<Vec<u8>> {
    let size: u64 = frames.iter().map(|frame| frame.len() as u64).sum();
    let lacking = plain.div_ceil(limits::RATIO).saturating_sub(size);
    // A bundle's plain size is bounded, so this always fits.
    (lacking > 0).then(|| skippable_frame(u32::try_from(lacking).unwrap_or(u32::MAX)))
}

fn put_together(key: &SigningKey, statement: &[u8], payload: &[u8]) -> Result<Vec<u8>, PackError> {
    let signature = key.sign_ssh(NAMESPACE, statement);
    let members: [(&str, &[u8]); 5] = [
        ("README.txt", README.as_bytes()),
        ("envelope.json", statement),
        ("envelope.json.sig", signature.as_bytes()),
        ("sender.pub", &sender_pub(key)),
        ("payload.tar.zst.age", payload),
    ];
    let mut bytes = Vec::with_capacity(payload.len() + statement.len() + (16 << 10));
    for (name, content) in members {
        let size = content.len() as u64;
        bytes.extend_from_slice(&tar::header(name, size));
        bytes.extend_from_slice(content);
        bytes.extend_from_slice(&zeros(size));
    }
    bytes.extend_from_slice(&tar::END);
    if bytes.len() as u64 > limits::FILE { Err(PackError::Bounds("size of the file")) } else { Ok(bytes) }
}

fn sender_pub(key: &SigningKey) -> Vec<u8> {
    format!("{}\n", key.public()).into_bytes()
}

/// An envelope under these options that carries nothing: whether it can be read shows whether the options are coherent.
pub(crate) fn empty_envelope(options: &PackOptions, key: &SigningKey) -> Vec<u8> {
    envelope_of(options, key, Plan::default(), 1).write()
}

fn envelope_of(options: &PackOptions, key: &SigningKey, plan: Plan, payload_size: u64) -> Envelope {
    let (purpose, practice_of) = Envelope::purposes(options.kind, options.practice);
    let recipients = match &options.to {
        Recipients::Keys(keys) => {
            keys.iter().map(|(name, key)| Addressee { name: name.clone(), age: key.to_string() }).collect()
        }
        Recipients::Passphrase(name, _) => vec![Addressee { name: name.clone(), age: PASSPHRASE.to_owned() }],
    };
    Envelope {
        format: Envelope::FORMAT.to_owned(),
        version: Envelope::VERSION,
        purpose,
        practice_of,
        study: options.study.clone(),
        sender: Sender {
            site: options.site.clone(),
            log: options.log.clone(),
            key: key.public(),
            age: options.age.clone(),
        },
        recipients,
        at: options.at,
        entries: plan.entries(),
        logs: plan.runs,
        checkpoint: options.checkpoint.clone(),
        has: options.has.clone(),
        texts: plan.texts,
        blobs: plan.blobs,
        readme_sha256: EntryId(sha256(README.as_bytes())),
        sender_pub_sha256: EntryId(sha256(&sender_pub(key))),
        payload_sha256: EntryId::ZERO,
        payload_size,
        plain_sha256: EntryId::ZERO,
        plain_size: 0,
    }
}
