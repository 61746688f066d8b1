//! Writing bundles.
//!
//! The work is shared so that an export takes about as long as compressing alone: the caller's thread reads and pushes,
//! two check and compress, one decides where to split, reads back what was compressed, encrypts, hashes and signs.
//! Dropping the packer cancels.

use std::io;
use std::mem;
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::thread::{self, JoinHandle};

use casebook::{EntryId, TextRow};
use seal::SigningKey;

use crate::compress::{Chunk, ChunkCompressor, CompressedChunk};
use crate::writer::{BundleWriter, empty_envelope};
use crate::{Envelope, PackError, PackOptions, Packed, Recipients, limits};

const COMPRESSORS: usize = 2;
/// Chunks that may wait before and after each compressor.
const WAITING: usize = 1;
/// Largest chunk: as much as zstd's usual level looks back.
const CHUNK: usize = 2 << 20;

/// A file that travels beside the entries.
#[derive(Clone, Copy)]
pub struct Blob<'a> {
    /// A name that says what it is.
    pub name: &'a str,
    /// Its content.
    pub bytes: &'a [u8],
}

/// What goes from thread to thread, in order.
enum Piece<T> {
    More(T),
    End,
}

/// Makes bundles from entries, texts and blobs.
pub struct Packer {
    compressors: Vec<SyncSender<Piece<Chunk>>>,
    turn: usize,
    ready: Receiver<Packed>,
    writer: Option<JoinHandle<Result<(), PackError>>>,
    chunk: Chunk,
    chunk_size: usize,
    last: Option<(String, u64)>,
}

impl Packer {
    /// Starts an export. Every bundle is signed with `key`.
    ///
    /// # Errors
    /// [`PackError::Bounds`] when the options do not make a coherent envelope.
    pub fn begin(options: PackOptions, key: &SigningKey) -> Result<Self, PackError> {
        if !limits::SPLIT.contains(&options.split) {
            return Err(PackError::Bounds("size at which bundles are split"));
        }
        if matches!(&options.to, Recipients::Keys(keys) if keys.len() > limits::RECIPIENTS) {
            return Err(PackError::Bounds("number of recipients"));
        }
        Envelope::read(&empty_envelope(&options, key))
            .map_err(|_| PackError::Bounds("study, sender, recipients or logs"))?;
        let chunk_size = (options.split / 4).clamp(16 << 10, CHUNK);
        let (mut compressors, mut compressed) = (Vec::new(), Vec::new());
        for _ in 0..COMPRESSORS {
            let (to_compressor, chunks) = sync_channel(WAITING);
            let (to_writer, from_compressor) = sync_channel(WAITING);
            thread::spawn(move || compress_all(&chunks, &to_writer));
            compressors.push(to_compressor);
            compressed.push(from_compressor);
        }
        // Finished bundles must never wait for room: the caller may be waiting for room itself.
        let (done, ready) = channel();
        let mut writer = BundleWriter::new(options, key.clone());
        let writer = thread::spawn(move || write_all(&compressed, &mut writer, |packed| done.send(packed).is_ok()));
        Ok(Self { compressors, turn: 0, ready, writer: Some(writer), chunk: Chunk::default(), chunk_size, last: None })
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
    ///
    /// # Errors
    /// [`PackError::Bounds`] when its line is longer than [`limits::LINE`] (see [`TextRow::fits_line`]).
    pub fn text(&mut self, row: &TextRow) -> Result<(), PackError> {
        let line = row.line();
        if line.len() > limits::LINE {
            return Err(PackError::Bounds("text"));
        }
        self.chunk.texts.extend_from_slice(&line);
        self.chunk.text_count += 1;
        Ok(())
    }

    /// Adds a blob under a name that says what it is.
    ///
    /// # Errors
    /// [`PackError::Bounds`] when it is larger than [`limits::BLOB`], or what went wrong in the other threads.
    pub fn blob(&mut self, name: &str, bytes: &[u8]) -> Result<(), PackError> {
        self.blobs(&[Blob { name, bytes }])
    }

    /// Adds blobs that mean nothing without each other, such as a file and its signature: no split comes between them.
    ///
    /// # Errors
    /// As [`Packer::blob`].
    pub fn blobs(&mut self, together: &[Blob<'_>]) -> Result<(), PackError> {
        self.pass_on()?;
        for Blob { name, bytes } in together {
            if bytes.len() as u64 > limits::BLOB || name.is_empty() || name.len() > limits::NAME {
                return Err(PackError::Bounds("blob"));
            }
            self.chunk.blobs.push(((*name).to_owned(), bytes.to_vec()));
        }
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
        // Without this mark the writer makes nothing of what it still holds: a dropped packer is a cancelled one.
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
        let sent = self.compressors.get(self.turn).is_some_and(|compressor| compressor.send(piece).is_ok());
        self.turn = (self.turn + 1) % COMPRESSORS;
        // The threads end before their time only when one has failed.
        if sent { Ok(()) } else { self.join().and(Err(PackError::Failed(io::ErrorKind::BrokenPipe))) }
    }

    fn join(&mut self) -> Result<(), PackError> {
        self.compressors.clear();
        let broken = PackError::Failed(io::ErrorKind::BrokenPipe);
        self.writer.take().map_or(Ok(()), |writer| writer.join().unwrap_or(Err(broken)))
    }
}

impl Drop for Packer {
    fn drop(&mut self) {
        // Cancelled, or over: either way nobody waits for the outcome.
        let _ = self.join();
    }
}

fn compress_all(chunks: &Receiver<Piece<Chunk>>, to_writer: &SyncSender<Result<Piece<CompressedChunk>, PackError>>) {
    let mut compressor = ChunkCompressor::new().map_err(PackError::from);
    while let Ok(piece) = chunks.recv() {
        let compressed = match (piece, &mut compressor) {
            (Piece::End, _) => Ok(Piece::End),
            (Piece::More(_), Err(error)) => Err(error.clone()),
            (Piece::More(chunk), Ok(compressor)) => compressor.compress(chunk).map(Piece::More),
        };
        if to_writer.send(compressed).is_err() {
            return;
        }
    }
}

/// Takes from the compressors in turn, as they were given; `done` says whether anybody still waits.
fn write_all(
    compressed: &[Receiver<Result<Piece<CompressedChunk>, PackError>>],
    writer: &mut BundleWriter,
    done: impl Fn(Packed) -> bool,
) -> Result<(), PackError> {
    for turn in (0..compressed.len()).cycle() {
        let Ok(piece) = compressed[turn].recv() else { break };
        let (packed, over) = match piece? {
            Piece::More(compressed) => (writer.take(compressed)?, false),
            Piece::End => (Some(writer.finish()?), true),
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
