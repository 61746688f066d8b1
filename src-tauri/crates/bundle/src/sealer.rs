//! Making a bundle of what was compressed: when it is full, it is read back, encrypted, described, signed and put together.

use std::io::{self, Read, Write};
use std::mem;

use casebook::EntryId;
use seal::{Recipient, Sha256, SigningKey, sha256};

use crate::envelope::PASSPHRASE;
use crate::press::{Frame, Press, Pressed, zeros};
use crate::{
    Addressee, BlobNote, Carried, Envelope, NAMESPACE, PackError, Packed, README, Recipients, Sender, Terms, limits,
    ustar,
};

/// Uncompressed size at which a bundle is closed whatever its compressed size.
const PLAIN_SPLIT: u64 = 1 << 30;

/// What a bundle will carry.
#[derive(Default)]
struct Load {
    runs: Vec<Carried>,
    entries: Vec<Frame>,
    texts: Vec<Frame>,
    text_count: u64,
    blobs: Vec<(BlobNote, Frame)>,
    size: usize,
    plain: u64,
}

/// Gathers and seals.
pub(crate) struct Sealer {
    terms: Terms,
    key: SigningKey,
    /// Room for compressed content in a bundle.
    room: usize,
    load: Load,
}

impl Sealer {
    pub(crate) fn new(terms: Terms, key: SigningKey) -> Self {
        // README, statement with its runs and blobs, headers, padding, age's header and tags.
        let around = README.len() + trial(&terms, &key).len() + (12 << 10) + terms.split / 2048;
        let room = terms.split.saturating_sub(around).max(terms.split / 4);
        Self { terms, key, room, load: Load::default() }
    }

    /// Takes in a chunk; gives a bundle when one was full before it.
    pub(crate) fn take(&mut self, pressed: Pressed) -> Result<Option<Packed>, PackError> {
        let is_new = self.load.plain == 0;
        let fits = self.load.size + pressed.size() <= self.room && self.load.plain + pressed.plain() <= PLAIN_SPLIT;
        let full = if is_new || fits { None } else { Some(mem::take(&mut self.load)) };
        let before = full.as_ref().unwrap_or(&self.load).runs.last().map(|run| (run.log.clone(), run.head));
        self.load.add(pressed, before)?;
        full.map(|full| self.seal(full)).transpose()
    }

    /// Gives the last bundle.
    pub(crate) fn finish(&mut self) -> Result<Packed, PackError> {
        let load = mem::take(&mut self.load);
        self.seal(load)
    }

    fn seal(&self, load: Load) -> Result<Packed, PackError> {
        let (terms, key) = (&self.terms, &self.key);
        let plan = Plan {
            runs: load.runs.clone(),
            texts: load.text_count,
            blobs: load.blobs.iter().map(|(note, _)| note.clone()).collect(),
        };
        let frames = load.frames()?;
        let (plain_sha256, plain_size) = read_back(&frames)?;
        let payload = encrypted(&frames, &terms.to)?;
        drop(frames);
        let mut envelope = envelope_of(terms, key, plan, payload.len() as u64);
        envelope.payload_sha256 = EntryId(sha256(&payload));
        envelope.plain_size = plain_size;
        envelope.plain_sha256 = plain_sha256;
        if envelope.plain_size > envelope.payload_size * limits::RATIO {
            return Err(PackError::Ratio);
        }
        let statement = envelope.write();
        Envelope::read(&statement).map_err(|_| PackError::Bounds("envelope"))?;
        let bytes = put_together(key, &statement, &payload)?;
        Ok(Packed { id: EntryId(sha256(&statement)), name: envelope.file_name(), envelope, bytes })
    }
}

impl Load {
    /// `before` is the log and head of the chunk before, in this bundle or the one that was closed.
    fn add(&mut self, pressed: Pressed, before: Option<(String, EntryId)>) -> Result<(), PackError> {
        if let (Some((log, head)), Some(run)) = (before, pressed.runs.first())
            && log == run.log
            && head != run.prev
        {
            return Err(PackError::Chain { log, seq: run.first });
        }
        self.size += pressed.size();
        self.plain += pressed.plain();
        for run in pressed.runs {
            match self.runs.last_mut() {
                Some(before) if before.log == run.log => (before.last, before.head) = (run.last, run.head),
                _ => self.runs.push(run),
            }
        }
        self.entries.extend(pressed.entries);
        self.texts.extend(pressed.texts);
        self.text_count += pressed.text_count;
        let is_new = |note: &BlobNote| self.blobs.iter().all(|(known, _)| known.sha256 != note.sha256);
        if pressed.blob.as_ref().is_some_and(|(note, _)| is_new(note)) {
            self.blobs.extend(pressed.blob);
        }
        Ok(())
    }

    /// The archive: members with their headers, padding and the end.
    fn frames(self) -> io::Result<Vec<Vec<u8>>> {
        let mut press = Press::new()?;
        let size = |frames: &[Frame]| frames.iter().map(|frame| frame.plain).sum::<u64>();
        let (entries, texts) = (size(&self.entries), size(&self.texts));
        let mut between = zeros(entries);
        between.extend_from_slice(&ustar::header("texts.ndjson", texts));
        let mut frames = vec![press.frame(&ustar::header("entries.ndjson", entries))?.bytes];
        frames.extend(self.entries.into_iter().map(|frame| frame.bytes));
        frames.push(press.frame(&between)?.bytes);
        frames.extend(self.texts.into_iter().map(|frame| frame.bytes));
        frames.push(press.frame(&zeros(texts))?.bytes);
        frames.extend(self.blobs.into_iter().map(|(_, frame)| frame.bytes));
        frames.push(press.frame(&ustar::END)?.bytes);
        Ok(frames)
    }
}

/// Decompresses what will be sent: the digest and size announced are those that a reader will find.
fn read_back(frames: &[Vec<u8>]) -> io::Result<(EntryId, u64)> {
    let mut hash = Sha256::new();
    let mut decoder = zstd::Decoder::with_buffer(Frames { frames, at: 0 })?;
    let mut buffer = vec![0; 256 << 10];
    let mut size = 0;
    loop {
        let read = decoder.read(&mut buffer)?;
        if read == 0 {
            return Ok((EntryId(hash.finish()), size));
        }
        hash.update(&buffer[..read]);
        size += read as u64;
    }
}

/// Frames one after another, without a copy.
struct Frames<'f> {
    frames: &'f [Vec<u8>],
    at: usize,
}

impl io::BufRead for Frames<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while let Some(frame) = self.frames.first()
            && frame.len() == self.at
        {
            self.frames = &self.frames[1..];
            self.at = 0;
        }
        Ok(self.frames.first().map_or(&[], |frame| &frame[self.at..]))
    }

    fn consume(&mut self, amount: usize) {
        self.at += amount;
    }
}

impl Read for Frames<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = io::BufRead::fill_buf(self)?.read(buffer)?;
        self.at += read;
        Ok(read)
    }
}

fn encrypted(frames: &[Vec<u8>], to: &Recipients) -> io::Result<Vec<u8>> {
    let size: usize = frames.iter().map(Vec::len).sum();
    let out = Vec::with_capacity(size + size / 1024 + (4 << 10));
    let mut encrypting = match to {
        Recipients::Keys(keys) => {
            let keys: Vec<Recipient> = keys.iter().map(|(_, key)| key.clone()).collect();
            seal::encrypt(&keys, out)?
        }
        Recipients::Passphrase(_, passphrase) => seal::encrypt_to_passphrase(passphrase, out)?,
    };
    frames.iter().try_for_each(|frame| encrypting.write_all(frame))?;
    encrypting.finish()
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
        bytes.extend_from_slice(&ustar::header(name, size));
        bytes.extend_from_slice(content);
        bytes.extend_from_slice(&zeros(size));
    }
    bytes.extend_from_slice(&ustar::END);
    if bytes.len() as u64 > limits::FILE { Err(PackError::Bounds("size of the file")) } else { Ok(bytes) }
}

fn sender_pub(key: &SigningKey) -> Vec<u8> {
    format!("{}\n", key.public()).into_bytes()
}

/// What an envelope says of the content.
#[derive(Default)]
struct Plan {
    runs: Vec<Carried>,
    texts: u64,
    blobs: Vec<BlobNote>,
}

/// An envelope under these terms that carries nothing: whether it can be read shows whether the terms are coherent.
pub(crate) fn trial(terms: &Terms, key: &SigningKey) -> Vec<u8> {
    envelope_of(terms, key, Plan::default(), 1).write()
}

fn envelope_of(terms: &Terms, key: &SigningKey, plan: Plan, payload_size: u64) -> Envelope {
    let (purpose, practice_of) = Envelope::purposes(terms.kind, terms.practice);
    let recipients = match &terms.to {
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
        study: terms.study.clone(),
        sender: Sender { site: terms.site.clone(), log: terms.log.clone(), key: key.public(), age: terms.age.clone() },
        recipients,
        at: terms.at,
        entries: plan.runs.iter().map(|run| run.last - run.first + 1).sum(),
        logs: plan.runs,
        checkpoint: terms.checkpoint.clone(),
        has: terms.has.clone(),
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
