//! The payload's last two steps: what was compressed is read back for its digest, then encrypted by age.

use std::io::{self, Read, Write};

use casebook::EntryId;
use seal::{Recipient, Sha256};

use crate::options::Recipients;

/// The payload decrypted and decompressed.
pub(crate) struct Plain {
    pub(crate) sha256: EntryId,
    pub(crate) size: u64,
}

/// Decompresses what will be sent: the digest and size announced are those that a reader will find.
pub(crate) fn read_back(frames: &[Vec<u8>]) -> io::Result<Plain> {
    let mut hash = Sha256::new();
    let mut decoder = zstd::Decoder::with_buffer(Frames { frames, at: 0 })?;
    let mut buffer = vec![0; 256 << 10];
    let mut size = 0;
    loop {
        let read = decoder.read(&mut buffer)?;
        if read == 0 {
            return Ok(Plain { sha256: EntryId(hash.finish()), size });
        }
        hash.update(&buffer[..read]);
        size += read as u64;
    }
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
