//! Compressing the payload's members as they come, in one pass and without knowing their sizes beforehand.
//!
//! A tar header states its file's size, so it can only be made after the content. The members are therefore compressed
//! as zstd frames of their own while they grow, and a small frame with the header is put before each at the end: zstd
//! reads frames that follow one another as one stream (RFC 8878, section 3). What is held in memory is compressed.

use std::io::{self, Write};

use zstd::stream::write::Encoder;

use crate::ustar;

/// zstd's usual level: what comes after costs more time than it saves bytes.
const LEVEL: i32 = 3;

/// One member that grows.
struct Growing {
    encoder: Encoder<'static, Vec<u8>>,
    size: u64,
}

impl Growing {
    fn new() -> io::Result<Self> {
        Ok(Self { encoder: Encoder::new(Vec::new(), LEVEL)?, size: 0 })
    }

    fn add(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.size += bytes.len() as u64;
        self.encoder.write_all(bytes)
    }

    fn pressed(&self) -> usize {
        self.encoder.get_ref().len()
    }
}

/// A payload that grows.
pub(crate) struct Press {
    entries: Growing,
    texts: Growing,
    blobs: Growing,
}

/// A payload, compressed, as frames to be written one after another.
pub(crate) struct Pressed {
    pub(crate) frames: Vec<Vec<u8>>,
    pub(crate) plain_size: u64,
}

impl Press {
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self { entries: Growing::new()?, texts: Growing::new()?, blobs: Growing::new()? })
    }

    pub(crate) fn entries(&mut self, lines: &[u8]) -> io::Result<()> {
        self.entries.add(lines)
    }

    pub(crate) fn texts(&mut self, lines: &[u8]) -> io::Result<()> {
        self.texts.add(lines)
    }

    pub(crate) fn blob(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let size = bytes.len() as u64;
        self.blobs.add(&ustar::header(name, size))?;
        self.blobs.add(bytes)?;
        self.blobs.add(&zeros(size))
    }

    /// How large it is by now, but for what the compressor still holds back (128 KiB uncompressed at most, per member).
    pub(crate) fn pressed(&self) -> usize {
        self.entries.pressed() + self.texts.pressed() + self.blobs.pressed()
    }

    /// How large it is uncompressed.
    pub(crate) fn plain(&self) -> u64 {
        self.entries.size + self.texts.size + self.blobs.size
    }

    pub(crate) fn finish(mut self) -> io::Result<Pressed> {
        self.blobs.add(&ustar::END)?;
        let before_entries = ustar::header("entries.ndjson", self.entries.size).to_vec();
        let mut before_texts = zeros(self.entries.size);
        before_texts.extend_from_slice(&ustar::header("texts.ndjson", self.texts.size));
        let before_blobs = zeros(self.texts.size);
        let around = before_entries.len() + before_texts.len() + before_blobs.len();
        let plain_size = self.plain() + around as u64;
        let frames = vec![
            zstd::bulk::compress(&before_entries, LEVEL)?,
            self.entries.encoder.finish()?,
            zstd::bulk::compress(&before_texts, LEVEL)?,
            self.texts.encoder.finish()?,
            zstd::bulk::compress(&before_blobs, LEVEL)?,
            self.blobs.encoder.finish()?,
        ];
        Ok(Pressed { frames, plain_size })
    }
}

fn zeros(size: u64) -> Vec<u8> {
    vec![0; usize::try_from(ustar::padding(size)).expect("padding is shorter than a block")]
}
