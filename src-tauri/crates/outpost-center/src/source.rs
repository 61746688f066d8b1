//! Opening a file that somebody else laid down.

use crate::done::CommandError;
use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::Path;

/// Opens a file to be read from its beginning to its end and again: a plain one, or a link to one. A pipe would be waited for
/// for ever, and a device has no end.
pub fn open_file(path: &Path) -> io::Result<BufReader<File>> {
    is_plain(&fs::metadata(path)?)?;
    let file = File::open(path)?;
    // It may have been exchanged meanwhile.
    is_plain(&file.metadata()?)?;
    Ok(BufReader::with_capacity(1 << 20, file))
}

/// Most bytes of a study definition, a table of terms or of values: the largest real ones are a few MiB.
pub const MOST_OF_A_TABLE: u64 = 64 << 20;
/// Most bytes of a list of signers.
pub const MOST_OF_A_LIST: u64 = 16 << 20;
/// Most bytes of a key or a passphrase.
pub const MOST_OF_A_SECRET: u64 = 64 << 10;

/// Reads a whole file of at most so many bytes, in one piece: of a secret no copy stays behind.
pub fn read_file(path: &Path, most: u64) -> Result<Vec<u8>, CommandError> {
    let read = || {
        let file = open_file(path)?.into_inner();
        let known = file.metadata()?.len();
        let too_large = || io::Error::other(format!("the file is larger than {}", size(most)));
        if known > most {
            return Err(too_large());
        }
        let mut bytes = Vec::with_capacity(usize::try_from(known).unwrap_or_default() + 1);
        // It may grow while it is read.
        file.take(most + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > most { Err(too_large()) } else { Ok(bytes) }
    };
    read().map_err(CommandError::file(path))
}

fn size(bytes: u64) -> String {
    if bytes < 1 << 20 { format!("{} KiB", bytes >> 10) } else { format!("{} MiB", bytes >> 20) }
}

fn is_plain(known: &fs::Metadata) -> io::Result<()> {
    if known.is_file() {
        Ok(())
    } else {
        Err(io::Error::other("this is no file: a pipe, a device or a folder is not read"))
    }
}
