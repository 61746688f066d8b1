//! Reading a payload: decrypt, decompress while counting, take the archive apart, check every line.
//!
//! One thread decrypts, decompresses, hashes and cuts the lines into batches; two more parse and digest them; the caller's
//! own checks the chain and fills the sink. A batch is a quarter of a mebibyte, and only a few are under way.

use std::io::{self, BufReader, Read};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread;

use casebook::{EntryId, Line, TextRow};
use seal::{Identity, SealError, Sha256, sha256};

use crate::chain::Chain;
use crate::{BlobNote, Envelope, Refusal, limits, ustar};

const BATCH: usize = 256 << 10;
const PARSERS: usize = 2;
/// Batches that may wait before and after each parser.
const WAITING: usize = 2;

/// What opens a bundle.
pub enum Key<'a> {
    /// An age identity.
    Identity(&'a Identity),
    /// A kit's passphrase.
    Passphrase(&'a str),
}

/// What takes in a bundle's content. An error stops the reading.
pub trait Sink {
    /// What the sink answers with; a refusal of this room is one of it.
    type Error: From<Refusal>;

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

/// What is cut from the archive, for a parser.
enum Raw {
    Lines(u64, Vec<u8>),
    Texts(u64, Vec<u8>),
    Blob(usize, Vec<u8>),
    End(Result<(), Refusal>),
}

/// What a parser made of it, for the caller's thread.
enum Made {
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
            let (to_parser, raw) = sync_channel(WAITING);
            let (to_caller, made) = sync_channel(WAITING);
            scope.spawn(move || parse_all(&raw, &to_caller));
            to_parsers.push(to_parser);
            from_parsers.push(made);
        }
        let (taken, blob_taken) = channel();
        scope.spawn(move || {
            let mut cutter = Cutter { to: to_parsers, turn: 0, blob_taken };
            let outcome = cutter.cut(payload, envelope, key);
            // Nobody listening means that the caller has stopped already.
            let _ = cutter.pass(Raw::End(outcome));
        });
        // The receivers must go before the scope waits for its threads, or those would wait for room forever.
        fill(from_parsers, taken, envelope, sink)
    })
}

fn fill<S: Sink>(
    parsed: Vec<Receiver<Result<Made, Refusal>>>,
    taken: Sender<()>,
    envelope: &Envelope,
    sink: &mut S,
) -> Result<(), S::Error> {
    let mut chain = Chain::new(&envelope.logs);
    let mut texts = 0;
    for turn in (0..parsed.len()).cycle() {
        // A parser that is gone without an end has panicked: the file made this program fail, so it is not good.
        let made = parsed[turn].recv().unwrap_or(Err(Refusal::Damaged("payload")))?;
        match made {
            Made::Lines(lines) => {
                for line in lines {
                    let entry = line.entry();
                    if *entry.study != *envelope.study {
                        return Err(Refusal::OtherStudy.into());
                    }
                    chain.next(&entry.log, entry.seq, entry.prev, line.id())?;
                    sink.line(line)?;
                }
            }
            Made::Texts(rows) => {
                texts += rows.len() as u64;
                rows.into_iter().try_for_each(|row| sink.text(row))?;
            }
            Made::Blob(number, bytes) => {
                sink.blob(&envelope.blobs[number], bytes)?;
                // The cutter waits for this, or it is gone and says why by its last word.
                let _ = taken.send(());
            }
            Made::End => break,
        }
    }
    chain.finish()?;
    if texts == envelope.texts { Ok(()) } else { Err(Refusal::Damaged("texts.ndjson").into()) }
}

/// Takes the archive apart.
struct Cutter {
    to: Vec<SyncSender<Raw>>,
    turn: usize,
    /// Blobs may be large: the next is read when the one before was taken.
    blob_taken: Receiver<()>,
}

/// The caller has stopped.
struct Stopped;

enum Cut {
    Stopped,
    Refused(Refusal),
}

impl From<Stopped> for Cut {
    fn from(_: Stopped) -> Self {
        Self::Stopped
    }
}

impl From<Refusal> for Cut {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<io::Error> for Cut {
    fn from(error: io::Error) -> Self {
        Self::Refused(early(Refusal::from(error)))
    }
}

impl Cutter {
    /// Hands to the parsers in turn, so that the caller finds the batches in order.
    fn pass(&mut self, raw: Raw) -> Result<(), Stopped> {
        let sent = self.to[self.turn].send(raw).map_err(|_| Stopped);
        self.turn = (self.turn + 1) % self.to.len();
        sent
    }

    fn cut<R: Read>(&mut self, payload: R, envelope: &Envelope, key: &Key<'_>) -> Result<(), Refusal> {
        match self.try_cut(payload, envelope, key) {
            Ok(()) | Err(Cut::Stopped) => Ok(()),
            Err(Cut::Refused(refusal)) => Err(refusal),
        }
    }

    fn try_cut<R: Read>(&mut self, payload: R, envelope: &Envelope, key: &Key<'_>) -> Result<(), Cut> {
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
            return Err(Refusal::Damaged("payload").into());
        }
        Ok(())
    }

    fn archive(&mut self, plain: &mut impl Read, envelope: &Envelope) -> Result<(), Cut> {
        self.lines(plain, "entries.ndjson", Raw::Lines)?;
        self.lines(plain, "texts.ndjson", Raw::Texts)?;
        for (number, blob) in envelope.blobs.iter().enumerate() {
            let mut header = [0; 512];
            plain.read_exact(&mut header)?;
            if header != ustar::header(&format!("blobs/{}", blob.sha256), blob.size) {
                return Err(Refusal::Damaged("blobs").into());
            }
            let mut bytes = Vec::new();
            plain.take(blob.size).read_to_end(&mut bytes)?;
            if bytes.len() as u64 != blob.size {
                return Err(Refusal::Damaged("blobs").into());
            }
            ustar::read_padding(plain, "blobs", blob.size).map_err(early)?;
            self.pass(Raw::Blob(number, bytes))?;
            self.blob_taken.recv().map_err(|_| Stopped)?;
        }
        match ustar::read_end(plain) {
            Err(Refusal::Trailing) => Err(Refusal::Damaged("payload").into()),
            end => Ok(end.map_err(early)?),
        }
    }

    /// Cuts a member at its line ends.
    fn lines(&mut self, plain: &mut impl Read, name: &'static str, raw: fn(u64, Vec<u8>) -> Raw) -> Result<(), Cut> {
        let size = ustar::read_header(plain, name, limits::PLAIN).map_err(early)?;
        let mut left = size;
        let mut number = 1;
        let mut rest: Vec<u8> = Vec::new();
        while left > 0 {
            let part = left.min(BATCH as u64);
            let mut batch = Vec::with_capacity(rest.len() + BATCH);
            batch.append(&mut rest);
            let read = plain.take(part).read_to_end(&mut batch)?;
            if read as u64 != part {
                return Err(Refusal::Damaged(name).into());
            }
            left -= part;
            let end = batch.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
            rest.extend_from_slice(&batch[end..]);
            batch.truncate(end);
            if rest.len() >= limits::LINE {
                return Err(Refusal::TooLarge("line").into());
            }
            let count = batch.iter().filter(|byte| **byte == b'\n').count() as u64;
            if count > 0 {
                self.pass(raw(number, batch))?;
                number += count;
            }
        }
        if !rest.is_empty() {
            return Err(Refusal::Damaged(name).into());
        }
        Ok(ustar::read_padding(plain, name, size).map_err(early)?)
    }
}

/// Whatever age and zstd complain of, the bytes are at fault, and an early end is no damage of the medium: the file's
/// digest was right, so the sender made it so.
fn early(refusal: Refusal) -> Refusal {
    match refusal {
        Refusal::Truncated | Refusal::Unreadable(_) => Refusal::Damaged("payload"),
        other => other,
    }
}

fn age_refusal(error: SealError) -> Refusal {
    match error {
        SealError::NotForUs => Refusal::NotForUs,
        SealError::WrongPassword => Refusal::WrongPassphrase,
        _ => Refusal::Damaged("payload"),
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
            return Err(io::Error::other(Refusal::Bomb));
        }
        self.left -= read as u64;
        self.hash.update(&buffer[..read]);
        Ok(read)
    }
}

fn parse_all(raw: &Receiver<Raw>, made: &SyncSender<Result<Made, Refusal>>) {
    while let Ok(raw) = raw.recv() {
        if made.send(parse(raw)).is_err() {
            return;
        }
    }
}

fn parse(raw: Raw) -> Result<Made, Refusal> {
    match raw {
        Raw::Lines(first, batch) => each_line(first, &batch, |line, bytes| {
            Line::read(bytes, EntryId(sha256(bytes))).map_err(|why| Refusal::Entry { line, why })
        })
        .map(Made::Lines),
        Raw::Texts(first, batch) => each_line(first, &batch, |line, bytes| {
            let row = bytes.strip_suffix(b"\n").and_then(|json| serde_json::from_slice::<TextRow>(json).ok());
            row.filter(|row| row.line() == bytes && row.holds(sha256)).ok_or(Refusal::Text(line))
        })
        .map(Made::Texts),
        Raw::Blob(number, bytes) => Ok(Made::Blob(number, bytes)),
        Raw::End(outcome) => outcome.map(|()| Made::End),
    }
}

fn each_line<T>(first: u64, batch: &[u8], read: impl Fn(u64, &[u8]) -> Result<T, Refusal>) -> Result<Vec<T>, Refusal> {
    batch.split_inclusive(|byte| *byte == b'\n').zip(first..).map(|(bytes, number)| read(number, bytes)).collect()
}
