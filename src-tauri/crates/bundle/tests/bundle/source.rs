//! Media that fail, end early or lie about their length.

use crate::forger::Good;
use crate::journal::{Kept, STUDY};
use bundle::{Admission, BundleError, Key, Kind, Sealed, SenderTrust, limits};
use std::io::{self, Cursor, ErrorKind, Read, Seek, SeekFrom};

/// A medium that fails at the byte `fails_at`, and gives `step` bytes at a time.
struct Medium<'a> {
    file: Cursor<&'a [u8]>,
    fails_at: u64,
    step: usize,
}

impl Read for Medium<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.fails_at.saturating_sub(self.file.position());
        if left == 0 {
            return Err(ErrorKind::BrokenPipe.into());
        }
        let most = buffer.len().min(self.step).min(usize::try_from(left).unwrap_or(usize::MAX));
        self.file.read(&mut buffer[..most])
    }
}

impl Seek for Medium<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

fn open(good: &Good, medium: Medium<'_>) -> Result<Kept, BundleError> {
    let mut kept = Kept::default();
    let sender = SenderTrust::Known(good.device.public());
    let admission = Admission { study: Some(STUDY), site: Some("S01"), kind: Kind::Data, practice: false, sender };
    Sealed::inspect(medium)?.admit(&admission)?.open(&Key::Identity(&good.center), &mut kept)?;
    Ok(kept)
}

#[test]
fn a_medium_may_give_one_byte_at_a_time() {
    let good = Good::make();
    for step in [1, 7, 511, 513] {
        let medium = Medium { file: Cursor::new(&good.packed.bytes), fails_at: u64::MAX, step };
        assert_eq!(open(&good, medium).map(|kept| kept.lines.len()), Ok(12), "{step}");
    }
}

#[test]
fn a_medium_that_fails_is_named_and_nothing_else_is_said_of_the_bundle() {
    let good = Good::make();
    for fails_at in (0..good.packed.bytes.len() as u64).step_by(61) {
        let medium = Medium { file: Cursor::new(&good.packed.bytes), fails_at, step: 4096 };
        assert_eq!(open(&good, medium), Err(BundleError::Unreadable(ErrorKind::BrokenPipe)), "at {fails_at}");
    }
}

/// A medium that says that it is as long as this.
struct Long(u64);

impl Read for Long {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        panic!("a file that is too long is not read")
    }
}

impl Seek for Long {
    fn seek(&mut self, _: SeekFrom) -> io::Result<u64> {
        Ok(self.0)
    }
}

#[test]
fn a_file_too_long_is_not_read_at_all() {
    assert_eq!(Sealed::inspect(Long(limits::FILE + 1)).err(), Some(BundleError::TooLarge("file")));
}
