//! Reading a payload: decrypt, decompress while counting, take the archive apart, check every line.
//!
//! One thread decrypts, decompresses, hashes and divides the lines into batches; two more parse and digest them; the caller's
//! own checks the chain and fills the sink. A batch is a quarter of a mebibyte, and only a few are under way.

use std::io::{self, BufReader, Read};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread;

use casebook::{EntryId, Line, TextRow};
use seal::{Identity, SealError, Sha256, sha256};

use crate::chain::Chain;
use crate::{BlobNote, BundleError, Envelope, limits, tar};

const BATCH: usize = 256 << 10;
const PARSERS: usize = 2;
/// Batches that may wait before and after each parser.
const WAITING: usize = 2;

/// What opens a bundle.
pub enum Key<'a> {
    /// The secret half of an age key.
    Identity(&'a Identity),
    /// The passphrase of a kit, as it was read by telephone.
    Passphrase(&'a str),
}

/// What takes in a bundle's content. An error stops the reading.
pub trait Sink {
    /// What the sink answers with; a refusal of this room is one of it.
    type Error: From<BundleError>;

    /// Takes an entry, checked and in its place in the chain.
    ///
    /// # Errors
    /// The sink's own.
    fn line(&mut self, line: Line) -> Result<(), Self::Error>;

    /// Takes a text that fits its commitment.
    ///
    /// # Errors
    /// The sink's own.
    fn text(&mut self, row: TextRow) -> Result<(), Self::Error>;

    /// Takes a blob that has the digest it is announced with.
    ///
    /// # Errors
    /// The sink's own.
    fn blob(&mut self, note: &BlobNote, bytes: Vec<u8>) -> Result<(), Self::Error>;
}

/// A piece of the archive, for a parser.
enum Batch {
    Lines(u64, Vec<u8>),
    Texts(u64, Vec<u8>),
    Blob(usize, Vec<u8>),
    End(Result<(), BundleError>),
}

/// What a parser read in a batch, for the caller's thread.
enum Parsed {
    Lines(Vec<Line>),
    Texts(Vec<TextRow>),
    Blob(usize, Vec<u8>),
    End,
}

/// Reads the payload that `envelope` announces and hands its content to `sink`.
pub(crate) fn read<R: Read + Send, S: Sink>(
    payload: R,
    envelope: &Envelope,
    key: &Key<'_>,
    sink: &mut S,
) -> Result<(), S::Error> {
    thread::scope(|scope| {
        let mut to_parsers = Vec::new();
        let mut from_parsers = Vec::new();
        for _ in 0..PARSERS {
            let (to_parser, batch) = sync_channel(WAITING);
            let (to_caller, parsed) = sync_channel(WAITING);
            scope.spawn(move || parse_all(&batch, &to_caller));
            to_parsers.push(to_parser);
            from_parsers.push(parsed);
        }
        let (taken, blob_taken) = channel();
        scope.spawn(move || {
            let mut archive = ArchiveReader { to: to_parsers, turn: 0, blob_taken };
            let outcome = archive.read(payload, envelope, key);
            // Nobody listening means that the caller has stopped already.
            let _ = archive.send(Batch::End(outcome));
        });
        // The receivers must go before the scope waits for its threads, or those would wait for room forever.
        fill(from_parsers, taken, envelope, sink)
    })
}

fn fill<S: Sink>(
    parsed: Vec<Receiver<Result<Parsed, BundleError>>>,
    taken: Sender<()>,
    envelope: &Envelope,
    sink: &mut S,
) -> Result<(), S::Error> {
    let mut chain = Chain::new(&envelope.logs);
    let mut texts = 0;
    for turn in (0..parsed.len()).cycle() {
        // A parser that is gone without an end has panicked: the file made this program fail, so it is not good.
        let parsed = parsed[turn].recv().unwrap_or(Err(BundleError::Damaged("payload")))?;
        match parsed {
            Parsed::Lines(lines) => {
                for line in lines {
                    let entry = line.entry();
                    if *entry.study != *envelope.study {
                        return Err(BundleError::OtherStudy.into());
                    }
                    chain.next(&entry.log, entry.seq, entry.prev, line.id())?;
                    sink.line(line)?;
                }
            }
            Parsed::Texts(rows) => {
                texts += rows.len() as u64;
                rows.into_iter().try_for_each(|row| sink.text(row))?;
            }
            Parsed::Blob(number, bytes) => {
                sink.blob(&envelope.blobs[number], bytes)?;
                // The archive waits for this, or it is gone and says why by its last word.
                let _ = taken.send(());
            }
            Parsed::End => break,
        }
    }
    chain.finish()?;
    if texts == envelope.texts { Ok(()) } else { Err(BundleError::Damaged("texts.ndjson").into()) }
}

/// Takes the archive apart: its members, in batches of whole lines.
struct ArchiveReader {
    to: Vec<SyncSender<Batch>>,
    turn: usize,
    /// Blobs may be large: the next is read when the one before was taken.
    blob_taken: Receiver<()>,
}

/// Why the archive is not read on.
enum ArchiveError {
    /// The caller has stopped and listens no more.
    Stopped,
    Refused(BundleError),
}

impl From<BundleError> for ArchiveError {
    fn from(refusal: BundleError) -> Self {
        Self::Refused(refusal)
    }
}

impl From<io::Error> for ArchiveError {
    fn from(error: io::Error) -> Self {
        Self::Refused(early(BundleError::from(error)))
    }
}

impl ArchiveReader {
    /// Hands to the parsers in turn, so that the caller finds the batches in order.
    fn send(&mut self, batch: Batch) -> Result<(), ArchiveError> {
        let sent = self.to[self.turn].send(batch).map_err(|_| ArchiveError::Stopped);
        self.turn = (self.turn + 1) % self.to.len();
        sent
    }

    fn read<R: Read>(&mut self, payload: R, envelope: &Envelope, key: &Key<'_>) -> Result<(), BundleError> {
        match self.try_read(payload, envelope, key) {
            Ok(()) | Err(ArchiveError::Stopped) => Ok(()),
            Err(ArchiveError::Refused(refusal)) => Err(refusal),
        }
    }

    fn try_read<R: Read>(&mut self, payload: R, envelope: &Envelope, key: &Key<'_>) -> Result<(), ArchiveError> {
        let payload = BufReader::with_capacity(BATCH, payload);
        let opened = match key {
            Key::Identity(identity) => seal::decrypt(identity, payload),
            Key::Passphrase(passphrase) => seal::decrypt_with_passphrase(passphrase, payload),
        };
        let decrypted = BufReader::with_capacity(BATCH, opened.map_err(age_refusal)?);
        let mut decoder = zstd::Decoder::with_buffer(decrypted)?;
        decoder.window_log_max(limits::WINDOW_LOG)?;
        let counted = Counted { inner: decoder, hash: Sha256::new(), left: envelope.plain_size };
        let mut plain = BufReader::with_capacity(BATCH, counted);
        self.archive(&mut plain, envelope)?;
        let counted = plain.into_inner();
        if counted.left != 0 || counted.hash.finish() != envelope.plain_sha256.0 {
            return Err(BundleError::Damaged("payload").into());
        }
        Ok(())
    }

    fn archive(&mut self, plain: &mut impl Read, envelope: &Envelope) -> Result<(), ArchiveError> {
        self.lines(plain, "entries.ndjson", Batch::Lines)?;
        self.lines(plain, "texts.ndjson", Batch::Texts)?;
        for (number, blob) in envelope.blobs.iter().enumerate() {
            let mut header = [0; 512];
            plain.read_exact(&mut header)?;
            if header != tar::header(&format!("blobs/{}", blob.sha256), blob.size) {
                return Err(BundleError::Damaged("blobs").into());
            }
            let mut bytes = Vec::new();
            plain.take(blob.size).read_to_end(&mut bytes)?;
            if bytes.len() as u64 != blob.size {
                return Err(BundleError::Damaged("blobs").into());
            }
            tar::read_padding(plain, "blobs", blob.size).map_err(early)?;
            self.send(Batch::Blob(number, bytes))?;
            self.blob_taken.recv().map_err(|_| ArchiveError::Stopped)?;
        }
        match tar::read_end(plain) {
            Err(BundleError::Trailing) => Err(BundleError::Damaged("payload").into()),
            end => Ok(end.map_err(early)?),
        }
    }

    /// Sends the lines of a member in batches.
    fn lines(
        &mut self,
        plain: &mut impl Read,
        name: &'static str,
        kind: fn(u64, Vec<u8>) -> Batch,
    ) -> Result<(), ArchiveError> {
        let size = tar::read_header(plain, name, limits::PLAIN).map_err(early)?;
        let mut left = size;
        let mut number = 1;
        let mut rest: Vec<u8> = Vec::new();
        while left > 0 {
            let part = left.min(BATCH as u64);
            let mut batch = Vec::with_capacity(rest.len() + BATCH);
            batch.append(&mut rest);
            let read = plain.take(part).read_to_end(&mut batch)?;
            if read as u64 != part {
                return Err(BundleError::Damaged(name).into());
            }
            left -= part;
            let end = batch.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
            rest.extend_from_slice(&batch[end..]);
            batch.truncate(end);
            if rest.len() >= limits::LINE {
                return Err(BundleError::TooLarge("line").into());
            }
            let count = batch.iter().filter(|byte| **byte == b'\n').count() as u64;
            if count > 0 {
                self.send(kind(number, batch))?;
                number += count;
            }
        }
        if !rest.is_empty() {
            return Err(BundleError::Damaged(name).into());
        }
        Ok(tar::read_padding(plain, name, size).map_err(early)?)
    }
}

/// Whatever age and zstd complain of, the bytes are at fault, and an early end is no damage of the medium: the file's
/// digest was right, so the sender made it so.
fn early(refusal: BundleError) -> BundleError {
    match refusal {
        BundleError::Truncated | BundleError::Unreadable(_) => BundleError::Damaged("payload"),
        other => other,
    }
}

fn age_refusal(error: SealError) -> BundleError {
    match error {
        SealError::NotForUs => BundleError::NotForUs,
        SealError::WrongPassword => BundleError::WrongPassphrase,
        _ => BundleError::Damaged("payload"),
    }
}

/// Hashes what passes and refuses more than was announced.
struct Counted<R> {
    inner: R,
    hash: Sha256,
    left: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        if read as u64 > self.left {
            return Err(io::Error::other(BundleError::Bomb));
        }
        self.left -= read as u64;
        self.hash.update(&buffer[..read]);
        Ok(read)
    }
}

fn parse_all(batch: &Receiver<Batch>, parsed: &SyncSender<Result<Parsed, BundleError>>) {
    while let Ok(batch) = batch.recv() {
        if parsed.send(parse(batch)).is_err() {
            return;
        }
    }
}

fn parse(batch: Batch) -> Result<Parsed, BundleError> {
    match batch {
        Batch::Lines(first, batch) => each_line(first, &batch, |line, bytes| {
            Line::read(bytes, EntryId(sha256(bytes))).map_err(|why| BundleError::Entry { line, why })
        })
        .map(Parsed::Lines),
        Batch::Texts(first, batch) => each_line(first, &batch, |line, bytes| {
            let row = bytes.strip_suffix(b"\n").and_then(|json| serde_json::from_slice::<TextRow>(json).ok());
            row.filter(|row| row.line() == bytes && row.holds(sha256)).ok_or(BundleError::Text(line))
        })
        .map(Parsed::Texts),
        Batch::Blob(number, bytes) => Ok(Parsed::Blob(number, bytes)),
        Batch::End(outcome) => outcome.map(|()| Parsed::End),
    }
}

fn each_line<T>(
    first: u64,
    batch: &[u8],
    read: impl Fn(u64, &[u8]) -> Result<T, BundleError>,
) -> Result<Vec<T>, BundleError> {
    batch.split_inclusive(|byte| *byte == b'\n').zip(first..).map(|(bytes, number)| read(number, bytes)).collect()
}
