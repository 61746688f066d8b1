//! Writing bundles.
//!
//! Three threads share the work, so that an export takes about as long as compressing alone: the caller's reads and
//! pushes, one compresses and decides where to split, one reads back what was compressed, encrypts, hashes and signs.
//! Dropping the packer cancels.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::mem;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread::{self, JoinHandle};

use casebook::{EntryId, Instant, TextRow};
use seal::{Recipient, Sha256, SigningKey, Zeroizing, sha256};

use crate::envelope::PASSPHRASE;
use crate::press::{Press, Pressed};
use crate::{
    Addressee, BlobNote, Carried, Checkpoint, Envelope, Has, Kind, NAMESPACE, README, limits, ustar,
};

/// How many chunks may wait for the compressor.
const WAITING: usize = 4;
/// Largest chunk handed to the compressor.
const CHUNK: usize = 256 << 10;
/// Uncompressed size at which a bundle is closed whatever its compressed size.
const PLAIN_SPLIT: u64 = 1 << 30;

/// Why a bundle could not be made. Everything but `Failed` is a caller's mistake or a damaged vault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PackError {
    /// An entry does not follow the one before it.
    #[error("the chain of log {log} is broken at seq {seq}: nothing was exported")]
    Chain {
        /// The log.
        log: String,
        /// The `seq`.
        seq: u64,
    },
    /// A line is not an entry's.
    #[error("an entry of log {log} is damaged at seq {seq}: nothing was exported")]
    Line {
        /// The log.
        log: String,
        /// The `seq`.
        seq: u64,
    },
    /// A name, size or number is outside the format's bounds.
    #[error("outside the format's bounds: {0}")]
    Bounds(&'static str),
    /// The entries compress so well that every reader would take the bundle for a bomb.
    #[error("the content compresses too well to be told from a decompression bomb")]
    Ratio,
    /// Compressing or encrypting failed.
    #[error("the bundle could not be made: {0}")]
    Failed(io::ErrorKind),
}

impl From<io::Error> for PackError {
    fn from(error: io::Error) -> Self {
        Self::Failed(error.kind())
    }
}

/// To whom a bundle is encrypted.
#[derive(Clone)]
pub enum Recipients {
    /// To age keys, each with a name.
    Keys(Vec<(String, Recipient)>),
    /// To a passphrase, for whom it is meant.
    Passphrase(String, Zeroizing<String>),
}

/// What all bundles of one export say alike.
#[derive(Clone)]
pub struct Terms {
    /// What they do.
    pub kind: Kind,
    /// Whether they are for practice.
    pub practice: bool,
    /// Study OID.
    pub study: String,
    /// The sender's site, or `center`.
    pub site: String,
    /// The sender's own log.
    pub log: String,
    /// Where an answer is to be encrypted to.
    pub age: Recipient,
    /// To whom.
    pub to: Recipients,
    /// When.
    pub at: Instant,
    /// The sender's own log now.
    pub checkpoint: Option<Checkpoint>,
    /// What the sender holds.
    pub has: Vec<Has>,
    /// Size in bytes over which bundles are split at entry boundaries, within [`limits::SPLIT`].
    pub split: usize,
}

/// A finished bundle.
pub struct Packed {
    /// Its id: SHA-256 of its envelope.
    pub id: EntryId,
    /// Its file name.
    pub name: String,
    /// What it says of itself.
    pub envelope: Envelope,
    /// The file.
    pub bytes: Vec<u8>,
}

/// Entries with their texts, or a blob, cut where a bundle may end.
#[derive(Default)]
struct Chunk {
    runs: Vec<Carried>,
    lines: Vec<u8>,
    texts: Vec<u8>,
    text_count: u64,
    blob: Option<(String, Vec<u8>)>,
}

/// What a bundle will carry, before it is sealed.
struct Load {
    runs: Vec<Carried>,
    texts: u64,
    blobs: Vec<BlobNote>,
    pressed: Pressed,
}

/// Makes bundles from entries, texts and blobs.
pub struct Packer {
    to_press: Option<SyncSender<Chunk>>,
    ready: Receiver<Packed>,
    threads: Vec<JoinHandle<Result<(), PackError>>>,
    chunk: Chunk,
    chunk_size: usize,
    last: Option<(String, u64, EntryId)>,
}

impl Packer {
    /// Starts an export. Every bundle is signed with `key`.
    ///
    /// # Errors
    /// [`PackError::Bounds`] when the terms do not make a coherent envelope.
    pub fn begin(terms: Terms, key: &SigningKey) -> Result<Self, PackError> {
        if !limits::SPLIT.contains(&terms.split) {
            return Err(PackError::Bounds("size at which bundles are split"));
        }
        let trial = envelope_of(&terms, key, &[], 0, Vec::new(), 1);
        Envelope::read(&trial.write()).map_err(|_| PackError::Bounds("study, sender, recipients or logs"))?;
        let chunk_size = (terms.split / 16).clamp(4 << 10, CHUNK);
        let split = terms.split;
        let key = key.clone();
        let (to_press, chunks) = sync_channel(WAITING);
        let (to_seal, loads) = sync_channel(1);
        let (done, ready) = channel();
        let threads = vec![
            thread::spawn(move || press_all(&chunks, &to_seal, split)),
            thread::spawn(move || seal_all(&loads, &done, &terms, &key)),
        ];
        Ok(Self { to_press: Some(to_press), ready, threads, chunk: Chunk::default(), chunk_size, last: None })
    }

    /// Adds an entry: the lines of one log one after another, in the order of `seq`.
    ///
    /// # Errors
    /// [`PackError::Chain`] when `seq` does not follow, [`PackError::Line`] when the line is not an entry's, or what went
    /// wrong meanwhile in the other threads.
    pub fn entry(&mut self, log: &str, seq: u64, id: EntryId, line: &[u8]) -> Result<(), PackError> {
        if self.chunk.lines.len() + self.chunk.texts.len() + line.len() > self.chunk_size {
            self.pass_on()?;
        }
        let prev = prev_of(line).filter(|_| line.len() <= limits::LINE && line.last() == Some(&b'\n'));
        let prev = prev.ok_or_else(|| PackError::Line { log: log.to_owned(), seq })?;
        match &mut self.last {
            Some((own, before, head)) if own == log => {
                if seq != *before + 1 || prev != *head {
                    return Err(PackError::Chain { log: log.to_owned(), seq });
                }
                (*before, *head) = (seq, id);
            }
            last => *last = Some((log.to_owned(), seq, id)),
        }
        match self.chunk.runs.last_mut() {
            Some(run) if run.log == log => (run.last, run.head) = (seq, id),
            _ => self.chunk.runs.push(Carried { log: log.to_owned(), first: seq, last: seq, prev, head: id }),
        }
        self.chunk.lines.extend_from_slice(line);
        Ok(())
    }

    /// Adds a text; it travels in the same bundle as the entry added before it.
    pub fn text(&mut self, row: &TextRow) {
        self.chunk.texts.extend_from_slice(&row.line());
        self.chunk.text_count += 1;
    }

    /// Adds a blob under a name that says what it is.
    ///
    /// # Errors
    /// [`PackError::Bounds`] when it is larger than [`limits::BLOB`], or what went wrong in the other threads.
    pub fn blob(&mut self, name: &str, bytes: &[u8]) -> Result<(), PackError> {
        if bytes.len() as u64 > limits::BLOB || name.is_empty() || name.len() > limits::NAME {
            return Err(PackError::Bounds("blob"));
        }
        self.pass_on()?;
        self.chunk.blob = Some((name.to_owned(), bytes.to_vec()));
        self.pass_on()
    }

    /// A bundle that is finished by now, if any: ask between entries, so that finished ones do not gather in memory.
    pub fn take_ready(&mut self) -> Option<Packed> {
        self.ready.try_recv().ok()
    }

    /// Ends the export and gives the bundles not taken yet, in order. Without anything added there is one, without
    /// entries.
    ///
    /// # Errors
    /// What went wrong; bundles taken before are void then.
    pub fn finish(mut self) -> Result<Vec<Packed>, PackError> {
        // The compressor closes the last bundle only at this mark: without it, a dropped packer would finish one.
        self.pass_on()?;
        self.send(Chunk::default())?;
        self.join()?;
        Ok(self.ready.try_iter().collect())
    }

    fn pass_on(&mut self) -> Result<(), PackError> {
        let chunk = mem::take(&mut self.chunk);
        if chunk.is_empty() { Ok(()) } else { self.send(chunk) }
    }

    fn send(&mut self, chunk: Chunk) -> Result<(), PackError> {
        let sent = self.to_press.as_ref().is_some_and(|to_press| to_press.send(chunk).is_ok());
        if sent { Ok(()) } else { self.join() }
    }

    /// Waits for the threads and gives the first thing that went wrong, the sealing thread's before the compressor's
    /// (which then only saw its neighbour gone).
    fn join(&mut self) -> Result<(), PackError> {
        self.to_press = None;
        let gone = || Err(PackError::Failed(io::ErrorKind::BrokenPipe));
        let outcomes: Vec<_> = self.threads.drain(..).rev().map(|thread| thread.join().unwrap_or_else(|_| gone())).collect();
        outcomes.into_iter().collect()
    }
}

impl Drop for Packer {
    fn drop(&mut self) {
        // Cancelled, or over: either way nobody waits for the outcome.
        let _ = self.join();
    }
}

impl Chunk {
    fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.texts.is_empty() && self.blob.is_none()
    }
}

/// `prev` of an entry's line, taken from its place in the frozen format without reading the rest.
fn prev_of(line: &[u8]) -> Option<EntryId> {
    const KEY: &[u8] = b",\"prev\":\"";
    let head = &line[..line.len().min(2048)];
    let at = head.windows(KEY.len()).position(|window| window == KEY)? + KEY.len();
    std::str::from_utf8(line.get(at..at + 64)?).ok()?.parse().ok()
}

/// The compressing thread.
fn press_all(chunks: &Receiver<Chunk>, to_seal: &SyncSender<Load>, split: usize) -> Result<(), PackError> {
    // What the compressor holds back, envelope and headers must fit beside what is counted.
    let full = split.saturating_sub(512 << 10).max(split / 2);
    let mut load = Loading::new()?;
    while let Ok(chunk) = chunks.recv() {
        let end = chunk.is_empty();
        if end || (!load.is_empty() && (load.press.pressed() >= full || load.press.plain() >= PLAIN_SPLIT)) {
            let full = mem::replace(&mut load, Loading::new()?);
            if to_seal.send(full.finish()?).is_err() || end {
                return Ok(());
            }
        }
        load.take(chunk)?;
    }
    Ok(())
}

/// A load that grows.
struct Loading {
    press: Press,
    runs: Vec<Carried>,
    texts: u64,
    blobs: Vec<BlobNote>,
}

impl Loading {
    fn new() -> io::Result<Self> {
        Ok(Self { press: Press::new()?, runs: Vec::new(), texts: 0, blobs: Vec::new() })
    }

    fn is_empty(&self) -> bool {
        self.press.plain() == 0
    }

    fn take(&mut self, chunk: Chunk) -> io::Result<()> {
        for run in chunk.runs {
            match self.runs.last_mut() {
                Some(before) if before.log == run.log => (before.last, before.head) = (run.last, run.head),
                _ => self.runs.push(run),
            }
        }
        self.press.entries(&chunk.lines)?;
        self.press.texts(&chunk.texts)?;
        self.texts += chunk.text_count;
        if let Some((name, bytes)) = chunk.blob {
            let sha256 = EntryId(sha256(&bytes));
            if self.blobs.iter().all(|blob| blob.sha256 != sha256) {
                self.press.blob(&format!("blobs/{sha256}"), &bytes)?;
                self.blobs.push(BlobNote { name, sha256, size: bytes.len() as u64 });
            }
        }
        Ok(())
    }

    fn finish(self) -> io::Result<Load> {
        Ok(Load { runs: self.runs, texts: self.texts, blobs: self.blobs, pressed: self.press.finish()? })
    }
}

/// The sealing thread.
fn seal_all(loads: &Receiver<Load>, done: &Sender<Packed>, terms: &Terms, key: &SigningKey) -> Result<(), PackError> {
    while let Ok(load) = loads.recv() {
        if done.send(seal_one(load, terms, key)?).is_err() {
            break;
        }
    }
    Ok(())
}

fn seal_one(load: Load, terms: &Terms, key: &SigningKey) -> Result<Packed, PackError> {
    let plain_sha256 = read_back(&load)?;
    let payload = encrypted(&load.pressed, &terms.to)?;
    let mut envelope = envelope_of(terms, key, &load.runs, load.texts, load.blobs, payload.len() as u64);
    envelope.payload_sha256 = EntryId(sha256(&payload));
    envelope.plain_size = load.pressed.plain_size;
    envelope.plain_sha256 = plain_sha256;
    if envelope.plain_size > envelope.payload_size * limits::RATIO {
        return Err(PackError::Ratio);
    }
    let statement = envelope.write();
    Envelope::read(&statement).map_err(|_| PackError::Bounds("envelope"))?;
    let signature = key.sign_ssh(NAMESPACE, &statement);
    let members: [(&str, &[u8]); 5] = [
        ("README.txt", README.as_bytes()),
        ("envelope.json", &statement),
        ("envelope.json.sig", signature.as_bytes()),
        ("sender.pub", &sender_pub(key)),
        ("payload.tar.zst.age", &payload),
    ];
    let mut bytes = Vec::with_capacity(payload.len() + statement.len() + (32 << 10));
    for (name, content) in members {
        let size = content.len() as u64;
        bytes.extend_from_slice(&ustar::header(name, size));
        bytes.extend_from_slice(content);
        bytes.resize(bytes.len() + usize::try_from(ustar::padding(size)).expect("shorter than a block"), 0);
    }
    bytes.extend_from_slice(&ustar::END);
    if bytes.len() as u64 > limits::FILE {
        return Err(PackError::Bounds("size of the file"));
    }
    Ok(Packed { id: EntryId(sha256(&statement)), name: envelope.file_name(), envelope, bytes })
}

/// Decompresses what will be sent, for its digest, and checks on the way that each line is what the next one follows:
/// a vault that was damaged since the lines were written must be found before the bundle leaves.
fn read_back(load: &Load) -> Result<EntryId, PackError> {
    let frames: Vec<&[u8]> = load.pressed.frames.iter().map(Vec::as_slice).collect();
    let chained = frames.iter().fold(Box::new(io::empty()) as Box<dyn Read>, |before, frame| Box::new(before.chain(*frame)));
    let mut plain = Hashing { inner: BufReader::with_capacity(CHUNK, zstd::Decoder::new(chained)?), hash: Sha256::new() };
    plain.skip(ustar::BLOCK)?;
    let mut line = Vec::new();
    for run in &load.runs {
        let mut before = run.prev;
        for seq in run.first..=run.last {
            line.clear();
            plain.line(&mut line)?;
            if prev_of(&line) != Some(before) {
                // The line before this one does not have the digest that this one was written after.
                return Err(PackError::Line { log: run.log.clone(), seq: seq.saturating_sub(1).max(run.first) });
            }
            before = EntryId(sha256(&line));
        }
        if before != run.head {
            return Err(PackError::Line { log: run.log.clone(), seq: run.last });
        }
    }
    plain.skip(u64::MAX)?;
    Ok(EntryId(plain.hash.finish()))
}

/// Reads and hashes.
struct Hashing<R> {
    inner: R,
    hash: Sha256,
}

impl<R: BufRead> Hashing<R> {
    fn line(&mut self, line: &mut Vec<u8>) -> io::Result<()> {
        self.inner.read_until(b'\n', line)?;
        self.hash.update(line);
        Ok(())
    }

    fn skip(&mut self, most: u64) -> io::Result<()> {
        io::copy(&mut self.inner.by_ref().take(most), &mut self.hash).map(drop)
    }
}

fn encrypted(pressed: &Pressed, to: &Recipients) -> io::Result<Vec<u8>> {
    let size: usize = pressed.frames.iter().map(Vec::len).sum();
    let out = Vec::with_capacity(size + size / 1024 + (4 << 10));
    let mut encrypting = match to {
        Recipients::Keys(keys) => {
            let keys: Vec<Recipient> = keys.iter().map(|(_, key)| key.clone()).collect();
            seal::encrypt(&keys, out)?
        }
        Recipients::Passphrase(_, passphrase) => seal::encrypt_to_passphrase(passphrase, out)?,
    };
    for frame in &pressed.frames {
        encrypting.write_all(frame)?;
    }
    encrypting.finish()
}

fn sender_pub(key: &SigningKey) -> Vec<u8> {
    format!("{}\n", key.public()).into_bytes()
}

fn envelope_of(
    terms: &Terms,
    key: &SigningKey,
    runs: &[Carried],
    texts: u64,
    blobs: Vec<BlobNote>,
    payload_size: u64,
) -> Envelope {
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
        sender: crate::Sender {
            site: terms.site.clone(),
            log: terms.log.clone(),
            key: key.public(),
            age: terms.age.clone(),
        },
        recipients,
        at: terms.at,
        logs: runs.to_vec(),
        checkpoint: terms.checkpoint.clone(),
        has: terms.has.clone(),
        entries: runs.iter().map(|run| run.last - run.first + 1).sum(),
        texts,
        blobs,
        readme_sha256: EntryId(sha256(README.as_bytes())),
        sender_pub_sha256: EntryId(sha256(&sender_pub(key))),
        payload_sha256: EntryId::ZERO,
        payload_size,
        plain_sha256: EntryId::ZERO,
        plain_size: 0,
    }
}
