//! Compressing the payload's members as they come, in one pass and without knowing their sizes beforehand.
//!
//! A tar header states its file's size, so it can only be made after the content. Each chunk of each member is therefore
//! a zstd frame of its own, and small frames with the headers are put between them at the end: zstd reads frames that
//! follow one another as one stream (RFC 8878, section 3). What is held in memory is compressed.

use std::io;

use casebook::EntryId;
use seal::sha256;
use zstd::bulk::Compressor;

use crate::{BlobNote, LogRun, PackError, limits, tar};

/// zstd's usual level: what comes after costs more time than it saves bytes.
const LEVEL: i32 = 3;

/// Entries with their texts, or blobs that belong together, cut where a bundle may end.
#[derive(Default)]
pub(crate) struct Chunk {
    /// Log and first `seq` of each run, and how many entries it has.
    pub(crate) runs: Vec<(String, u64, u64)>,
    pub(crate) ids: Vec<Option<EntryId>>,
    pub(crate) lines: Vec<u8>,
    pub(crate) texts: Vec<u8>,
    pub(crate) text_count: u64,
    pub(crate) blobs: Vec<(String, Vec<u8>)>,
}

impl Chunk {
    pub(crate) fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.texts.is_empty() && self.blobs.is_empty()
    }

    pub(crate) fn size(&self) -> usize {
        self.lines.len() + self.texts.len()
    }
}

/// A run of bytes, compressed.
pub(crate) struct Frame {
    pub(crate) bytes: Vec<u8>,
    pub(crate) plain: u64,
}

/// A chunk, checked and compressed.
pub(crate) struct CompressedChunk {
    pub(crate) runs: Vec<LogRun>,
    pub(crate) entries: Option<Frame>,
    pub(crate) texts: Option<Frame>,
    pub(crate) text_count: u64,
    /// Each with header and padding.
    pub(crate) blobs: Vec<(BlobNote, Frame)>,
}

impl CompressedChunk {
    fn frames(&self) -> impl Iterator<Item = &Frame> {
        self.entries.iter().chain(&self.texts).chain(self.blobs.iter().map(|(_, frame)| frame))
    }

    /// How much room it takes.
    pub(crate) fn size(&self) -> usize {
        self.frames().map(|frame| frame.bytes.len()).sum()
    }

    pub(crate) fn plain(&self) -> u64 {
        self.frames().map(|frame| frame.plain).sum()
    }
}

/// Compresses one chunk after another.
pub(crate) struct ChunkCompressor {
    compressor: Compressor<'static>,
    /// As large as the worst case asks for; what is kept is cut to size.
    buffer: Vec<u8>,
}

impl ChunkCompressor {
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self { compressor: Compressor::new(LEVEL)?, buffer: Vec::new() })
    }

    pub(crate) fn compress(&mut self, chunk: Chunk) -> Result<CompressedChunk, PackError> {
        let runs = check(&chunk)?;
        let mut blobs = Vec::with_capacity(chunk.blobs.len());
        for (name, bytes) in chunk.blobs {
            let note = BlobNote { name, sha256: EntryId(sha256(&bytes)), size: bytes.len() as u64 };
            let mut member = tar::header(&format!("blobs/{}", note.sha256), note.size).to_vec();
            member.extend_from_slice(&bytes);
            member.extend_from_slice(&zeros(note.size));
            blobs.push((note, self.frame(&member)?));
        }
        let entries = if chunk.lines.is_empty() { None } else { Some(self.frame(&chunk.lines)?) };
        let texts = if chunk.texts.is_empty() { None } else { Some(self.frame(&chunk.texts)?) };
        Ok(CompressedChunk { runs, entries, texts, text_count: chunk.text_count, blobs })
    }

    pub(crate) fn frame(&mut self, plain: &[u8]) -> io::Result<Frame> {
        self.buffer.clear();
        self.buffer.reserve(zstd::zstd_safe::compress_bound(plain.len()));
        self.compressor.compress_to_buffer(plain, &mut self.buffer)?;
        Ok(Frame { bytes: self.buffer.as_slice().to_vec(), plain: plain.len() as u64 })
    }
}

/// A frame that decompresses to nothing (RFC 8878, section 3.1.2: a skippable frame), so that a payload that compresses
/// better than readers believe is as long as they expect.
pub(crate) fn skippable_frame(size: u32) -> Vec<u8> {
    const MAGIC: u32 = 0x184D_2A50;
    let mut frame = [MAGIC.to_le_bytes(), size.to_le_bytes()].concat();
    frame.resize(frame.len() + size as usize, 0);
    frame
}

/// Zeros after a content of `size` bytes.
pub(crate) fn zeros(size: u64) -> Vec<u8> {
    vec![0; usize::try_from(tar::padding(size)).expect("padding is shorter than a block")]
}

/// Checks that each line has the digest it is known by and follows the one before it: a vault that was damaged since the
/// lines were written must be found before a bundle leaves.
fn check(chunk: &Chunk) -> Result<Vec<LogRun>, PackError> {
    let mut lines = chunk.lines.split_inclusive(|byte| *byte == b'\n').zip(&chunk.ids);
    let mut carried = Vec::with_capacity(chunk.runs.len());
    for (log, first, count) in &chunk.runs {
        let mut run: Option<LogRun> = None;
        for seq in *first..first + count {
            let damaged = || PackError::Line { log: log.clone(), seq };
            let (line, id) = lines.next().ok_or_else(damaged)?;
            let prev = prev_of(line).ok_or_else(damaged)?;
            let own = EntryId(sha256(line));
            if line.len() > limits::LINE || line.last() != Some(&b'\n') || id.is_some_and(|id| id != own) {
                return Err(damaged());
            }
            match &mut run {
                None => run = Some(LogRun { log: log.clone(), first: seq, last: seq, prev, head: own }),
                Some(run) if run.head == prev => (run.last, run.head) = (seq, own),
                Some(_) => return Err(PackError::Chain { log: log.clone(), seq }),
            }
        }
        carried.extend(run);
    }
    match lines.next() {
        None => Ok(carried),
        Some(_) => Err(PackError::Bounds("lines")),
    }
}

/// `prev` of an entry's line, taken from its place in the frozen format without reading the rest.
fn prev_of(line: &[u8]) -> Option<EntryId> {
    const KEY: &[u8] = b",\"prev\":\"";
    let head = &line[..line.len().min(2048)];
    let at = head.windows(KEY.len()).position(|window| window == KEY)? + KEY.len();
    std::str::from_utf8(line.get(at..at + 64)?).ok()?.parse().ok()
}
