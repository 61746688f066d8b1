//! Opening a file that somebody else laid down.

use std::fs::{self, File};
use std::io::{self, BufReader};
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

fn is_plain(known: &fs::Metadata) -> io::Result<()> {
    if known.is_file() { Ok(()) } else { Err(io::Error::other("this is no file")) }
}
