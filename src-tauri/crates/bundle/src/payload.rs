//! Reading a payload: decrypt, decompress while counting, take the archive apart, check every line.
//!
//! One thread decrypts, decompresses, hashes and divides the lines into batches; two more parse and digest them; the caller's
//! own checks the chain and fills the sink. A batch is a quarter of a mebibyte, and only a few are under way.

use std::io::{BufReader, Read};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread;

use casebook::{EntryId, Line, TextRow};
use seal::{Identity, SealError, sha256};

use crate::archive::{self, ArchiveError, BATCH, Counted, Part, each_line};
use crate::chain::Chain;
use crate::{BlobNote, BundleError, Envelope, limits};

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

/// What a parser is given.
enum Batch {
    Part(Part),
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
        let mut plain = BufReader::with_capacity(BATCH, Counted::new(decoder, envelope.plain_size));
        archive::take_apart(&mut plain, &envelope.blobs, &mut |part| self.pass_on(part))?;
        let Counted { left, hash, .. } = plain.into_inner();
        if left != 0 || hash.finish() != envelope.plain_sha256.0 {
            return Err(BundleError::Damaged("payload").into());
        }
        Ok(())
    }

    /// Sends a part to the parsers; the next blob is read when this one was taken.
    fn pass_on(&mut self, part: Part) -> Result<(), ArchiveError> {
        let is_blob = matches!(part, Part::Blob(..));
        self.send(Batch::Part(part))?;
        if is_blob { self.blob_taken.recv().map_err(|_| ArchiveError::Stopped) } else { Ok(()) }
    }
}

fn age_refusal(error: SealError) -> BundleError {
    match error {
        SealError::NotForUs => BundleError::NotForUs,
        SealError::WrongPassword => BundleError::WrongPassphrase,
        _ => BundleError::Damaged("payload"),
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
        Batch::Part(Part::Lines(first, batch)) => numbered(first, &batch, |line, bytes| {
            Line::read(bytes, EntryId(sha256(bytes))).map_err(|why| BundleError::Entry { line, why })
        })
        .map(Parsed::Lines),
        Batch::Part(Part::Texts(first, batch)) => texts(first, &batch).map(Parsed::Texts),
        Batch::Part(Part::Blob(number, bytes)) => Ok(Parsed::Blob(number, bytes)),
        Batch::End(outcome) => outcome.map(|()| Parsed::End),
    }
}

/// Reads lines of texts: each is what its commitment says.
pub(crate) fn texts(first: u64, batch: &[u8]) -> Result<Vec<TextRow>, BundleError> {
    numbered(first, batch, |line, bytes| {
        let row = bytes.strip_suffix(b"\n").and_then(|json| serde_json::from_slice::<TextRow>(json).ok());
        row.filter(|row| row.line() == bytes && row.holds(sha256)).ok_or(BundleError::Text(line))
    })
}

fn numbered<T>(
    first: u64,
    batch: &[u8],
    read: impl Fn(u64, &[u8]) -> Result<T, BundleError>,
) -> Result<Vec<T>, BundleError> {
    each_line(batch).zip(first..).map(|(bytes, number)| read(number, bytes)).collect()
}
