//! The archive inside a payload, taken apart: its members in batches of whole lines, and its blobs. Readers take in what
//! comes out of it; a writer sends what it is about to seal through it.

use std::io::{self, Read};

use seal::Sha256;

use crate::{BlobNote, BundleError, limits, tar};

/// Bytes that are read at once.
pub(crate) const BATCH: usize = 256 << 10;

/// A piece of the archive.
pub(crate) enum Part {
    /// Whole lines of entries, and the number of the first, from 1.
    Lines(u64, Vec<u8>),
    /// Whole lines of texts, likewise.
    Texts(u64, Vec<u8>),
    /// A blob, by its place in the envelope.
    Blob(usize, Vec<u8>),
}

/// Why the archive is not read on.
pub(crate) enum ArchiveError {
    /// Whoever takes the parts wants no more.
    Stopped,
    /// It is not an archive as this format has it.
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

/// Takes the archive apart that holds these blobs, and hands its parts to `each` in their order.
pub(crate) fn take_apart(
    plain: &mut impl Read,
    blobs: &[BlobNote],
    each: &mut impl FnMut(Part) -> Result<(), ArchiveError>,
) -> Result<(), ArchiveError> {
    lines(plain, "entries.ndjson", &mut |first, lines| each(Part::Lines(first, lines)))?;
    lines(plain, "texts.ndjson", &mut |first, lines| each(Part::Texts(first, lines)))?;
    for (number, blob) in blobs.iter().enumerate() {
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
        each(Part::Blob(number, bytes))?;
    }
    match tar::read_end(plain) {
        Err(BundleError::Trailing) => Err(BundleError::Damaged("payload").into()),
        end => Ok(end.map_err(early)?),
    }
}

/// Hands out the lines of a member in batches; a line that is too long is refused wherever the batches fall.
fn lines(
    plain: &mut impl Read,
    name: &'static str,
    each: &mut impl FnMut(u64, Vec<u8>) -> Result<(), ArchiveError>,
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
        let longest = each_line(&batch).map(<[u8]>::len).max().unwrap_or(0);
        if longest > limits::LINE || rest.len() >= limits::LINE {
            return Err(BundleError::TooLarge("line").into());
        }
        let count = each_line(&batch).count() as u64;
        if count > 0 {
            each(number, batch)?;
            number += count;
        }
    }
    if !rest.is_empty() {
        return Err(BundleError::Damaged(name).into());
    }
    Ok(tar::read_padding(plain, name, size).map_err(early)?)
}

/// The lines of a batch, each with its newline.
pub(crate) fn each_line(batch: &[u8]) -> impl Iterator<Item = &[u8]> {
    batch.split_inclusive(|byte| *byte == b'\n')
}

/// Hashes what passes and refuses more than was announced.
pub(crate) struct Counted<R> {
    inner: R,
    pub(crate) hash: Sha256,
    /// Bytes that may still come.
    pub(crate) left: u64,
}

impl<R> Counted<R> {
    /// Lets `most` bytes pass.
    pub(crate) fn new(inner: R, most: u64) -> Self {
        Self { inner, hash: Sha256::new(), left: most }
    }
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

/// Whatever age and zstd complain of, the bytes are at fault, and an early end is no damage of the medium: the file's
/// digest was right, so the sender made it so.
fn early(refusal: BundleError) -> BundleError {
    match refusal {
        BundleError::Truncated | BundleError::Unreadable(_) => BundleError::Damaged("payload"),
        other => other,
    }
}
