//! Writing bundles.
//!
//! The work is shared so that an export takes about as long as compressing alone: the caller's thread reads and pushes,
//! two check and compress, one decides where to split, reads back what was compressed, encrypts, hashes and signs.
//! Dropping the packer cancels.

use std::io;
use std::mem;
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::thread::{self, JoinHandle};

use casebook::{Checkpoint, EntryId, Instant, TextRow};
use seal::{Recipient, SigningKey, Zeroizing};

use crate::press::{Chunk, Press, Pressed};
use crate::sealer::{Sealer, trial};
use crate::{Envelope, Has, Kind, limits};

const PRESSES: usize = 2;
/// Chunks that may wait before and after each press.
const WAITING: usize = 1;
/// Largest chunk: as much as zstd's usual level looks back.
const CHUNK: usize = 2 << 20;

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
    /// A line is not the entry that it is known as.
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
    /// Size in bytes over which bundles are split at entry boundaries, within [`limits::SPLIT`]. Only a blob that is
    /// larger by itself makes a larger bundle.
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

/// What goes from thread to thread, in order.
enum Piece<T> {
    More(T),
    End,
}

/// Makes bundles from entries, texts and blobs.
pub struct Packer {
    presses: Vec<SyncSender<Piece<Chunk>>>,
    turn: usize,
    ready: Receiver<Packed>,
    sealer: Option<JoinHandle<Result<(), PackError>>>,
    chunk: Chunk,
    chunk_size: usize,
    last: Option<(String, u64)>,
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
        Envelope::read(&trial(&terms, key)).map_err(|_| PackError::Bounds("study, sender, recipients or logs"))?;
        let chunk_size = (terms.split / 4).clamp(16 << 10, CHUNK);
        let (mut presses, mut pressed) = (Vec::new(), Vec::new());
        for _ in 0..PRESSES {
            let (to_press, chunks) = sync_channel(WAITING);
            let (to_sealer, from_press) = sync_channel(WAITING);
            thread::spawn(move || press_all(&chunks, &to_sealer));
            presses.push(to_press);
            pressed.push(from_press);
        }
        // Finished bundles must never wait for room: the caller may be waiting for room itself.
        let (done, ready) = channel();
        let mut sealer = Sealer::new(terms, key.clone());
        let sealer = thread::spawn(move || seal_all(&pressed, &mut sealer, |packed| done.send(packed).is_ok()));
        Ok(Self { presses, turn: 0, ready, sealer: Some(sealer), chunk: Chunk::default(), chunk_size, last: None })
    }

    /// Adds an entry: the lines of one log one after another, in the order of `seq`. Whether the line has the digest `id`,
    /// where that was kept apart from it, and follows the one before it is found by the time of [`Packer::finish`].
    ///
    /// # Errors
    /// [`PackError::Chain`] when `seq` does not follow, or what went wrong meanwhile in the other threads.
    pub fn entry(&mut self, log: &str, seq: u64, id: impl Into<Option<EntryId>>, line: &[u8]) -> Result<(), PackError> {
        if self.chunk.size() + line.len() > self.chunk_size {
            self.pass_on()?;
        }
        match &mut self.last {
            Some((own, before)) if own == log => {
                if seq != *before + 1 {
                    return Err(PackError::Chain { log: log.to_owned(), seq });
                }
                *before = seq;
            }
            last => *last = Some((log.to_owned(), seq)),
        }
        match self.chunk.runs.last_mut() {
            Some((own, _, count)) if own == log => *count += 1,
            _ => self.chunk.runs.push((log.to_owned(), seq, 1)),
        }
        self.chunk.ids.push(id.into());
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
        self.pass_on()?;
        // Without this mark the sealer makes nothing of what it still holds: a dropped packer is a cancelled one.
        self.send(Piece::End)?;
        self.join()?;
        Ok(self.ready.try_iter().collect())
    }

    fn pass_on(&mut self) -> Result<(), PackError> {
        if self.chunk.is_empty() {
            return Ok(());
        }
        let next = Chunk { lines: Vec::with_capacity(self.chunk.lines.len()), ..Chunk::default() };
        let chunk = mem::replace(&mut self.chunk, next);
        self.send(Piece::More(chunk))
    }

    fn send(&mut self, piece: Piece<Chunk>) -> Result<(), PackError> {
        let sent = self.presses.get(self.turn).is_some_and(|press| press.send(piece).is_ok());
        self.turn = (self.turn + 1) % PRESSES;
        // The threads end before their time only when one has failed.
        if sent { Ok(()) } else { self.join().and(Err(PackError::Failed(io::ErrorKind::BrokenPipe))) }
    }

    fn join(&mut self) -> Result<(), PackError> {
        self.presses.clear();
        let broken = PackError::Failed(io::ErrorKind::BrokenPipe);
        self.sealer.take().map_or(Ok(()), |sealer| sealer.join().unwrap_or(Err(broken)))
    }
}

impl Drop for Packer {
    fn drop(&mut self) {
        // Cancelled, or over: either way nobody waits for the outcome.
        let _ = self.join();
    }
}

fn press_all(chunks: &Receiver<Piece<Chunk>>, to_sealer: &SyncSender<Result<Piece<Pressed>, PackError>>) {
    let mut press = Press::new().map_err(PackError::from);
    while let Ok(piece) = chunks.recv() {
        let pressed = match (piece, &mut press) {
            (Piece::End, _) => Ok(Piece::End),
            (Piece::More(_), Err(error)) => Err(error.clone()),
            (Piece::More(chunk), Ok(press)) => press.press(chunk).map(Piece::More),
        };
        if to_sealer.send(pressed).is_err() {
            return;
        }
    }
}

/// Takes from the presses in turn, as they were given; `done` says whether anybody still waits.
fn seal_all(
    pressed: &[Receiver<Result<Piece<Pressed>, PackError>>],
    sealer: &mut Sealer,
    done: impl Fn(Packed) -> bool,
) -> Result<(), PackError> {
    for turn in (0..pressed.len()).cycle() {
        let Ok(piece) = pressed[turn].recv() else { break };
        let (packed, over) = match piece? {
            Piece::More(pressed) => (sealer.take(pressed)?, false),
            Piece::End => (Some(sealer.finish()?), true),
        };
        if over || packed.is_some() {
            let wanted = packed.is_none_or(&done);
            if over || !wanted {
                break;
            }
        }
    }
    Ok(())
}
