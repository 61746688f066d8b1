//! The payload's last two steps: what was compressed is read back as a reader would, then encrypted by age.

use std::io::{self, BufReader, Read, Write};

use casebook::EntryId;
use seal::Recipient;

use crate::archive::{self, ArchiveError, BATCH, Counted, Part, each_line};
use crate::options::Recipients;
use crate::plan::Plan;
use crate::{BundleError, PackError, limits, payload};

/// The payload decrypted and decompressed.
pub(crate) struct Plain {
    pub(crate) sha256: EntryId,
    pub(crate) size: u64,
}

/// Decompresses what will be sent and takes it apart as a reader does: the digest and size announced are those that a
/// reader will find, and no line, text or blob is one that it refuses. That each line is an entry is certain from its
/// digest: it was read back when it was written.
pub(crate) fn read_back(frames: &[Vec<u8>], plan: &Plan) -> Result<Plain, PackError> {
    let decoder = zstd::Decoder::with_buffer(Frames { frames, at: 0 })?;
    let mut plain = BufReader::with_capacity(BATCH, Counted::new(decoder, limits::PLAIN));
    let (mut entries, mut text_count) = (0, 0);
    let taken_apart = archive::take_apart(&mut plain, &plan.blobs, &mut |part| {
        match part {
            Part::Lines(_, batch) => entries += each_line(&batch).count() as u64,
            Part::Texts(first, batch) => text_count += payload::texts(first, &batch)?.len() as u64,
            Part::Blob(..) => {}
        }
        Ok(())
    });
    match taken_apart {
        Ok(()) if (entries, text_count) == (plan.entries(), plan.texts) => {}
        Err(ArchiveError::Refused(refusal)) => return Err(PackError::NotReadBack(refusal)),
        Ok(()) | Err(ArchiveError::Stopped) => return Err(PackError::NotReadBack(BundleError::Damaged("payload"))),
    }
    let Counted { hash, left, .. } = plain.into_inner();
    Ok(Plain { sha256: EntryId(hash.finish()), size: limits::PLAIN - left })
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

/// The payload: the frames one after another, encrypted by age.
pub(crate) fn encrypt(frames: &[Vec<u8>], to: &Recipients) -> io::Result<Vec<u8>> {
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
