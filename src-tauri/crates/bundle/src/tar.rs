//! POSIX ustar (IEEE Std 1003.1, pax, "ustar Interchange Format") in one exact form: what
//! `tar --format=ustar --owner=0 --group=0 --numeric-owner --mtime=@0 --mode=0644 -b1` writes. **Frozen: do not modify.**

use std::io::Read;

use crate::BundleError;

/// Length of a header and unit of padding.
pub(crate) const BLOCK: u64 = 512;
/// Two empty blocks end an archive.
pub(crate) const END: [u8; 1024] = [0; 1024];

/// The header of a plain file. `name` has at most 100 ASCII bytes, `size` is below 8 GiB: both are ours.
pub(crate) fn header(name: &str, size: u64) -> [u8; 512] {
    let mut block = [0; 512];
    block[..name.len()].copy_from_slice(name.as_bytes());
    block[100..107].copy_from_slice(b"0000644");
    block[108..115].copy_from_slice(b"0000000");
    block[116..123].copy_from_slice(b"0000000");
    block[124..135].copy_from_slice(format!("{size:011o}").as_bytes());
    block[136..147].copy_from_slice(b"00000000000");
    block[148..156].copy_from_slice(b"        ");
    block[156] = b'0';
    block[257..265].copy_from_slice(b"ustar\x0000");
    block[329..336].copy_from_slice(b"0000000");
    block[337..344].copy_from_slice(b"0000000");
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
    block
}

/// How many zero bytes follow a content of `size` bytes.
pub(crate) fn padding(size: u64) -> u64 {
    (BLOCK - size % BLOCK) % BLOCK
}

/// Reads the header that must be `name`'s and gives the size of its content.
pub(crate) fn read_header(input: &mut impl Read, name: &'static str, most: u64) -> Result<u64, BundleError> {
    let mut block = [0; 512];
    input.read_exact(&mut block)?;
    let size = octal(&block[124..136]).ok_or(BundleError::Damaged(name))?;
    let wanted = header(name, size);
    // Another name (the first 100 bytes) or another kind than a plain file (byte 156) is another member.
    if wanted[..100] != block[..100] || wanted[156] != block[156] {
        return Err(BundleError::Members(name));
    }
    if wanted != block {
        return Err(BundleError::Damaged(name));
    }
    if size > most { Err(BundleError::TooLarge(name)) } else { Ok(size) }
}

/// Reads the zeros after a content of `size` bytes.
pub(crate) fn read_padding(input: &mut impl Read, name: &'static str, size: u64) -> Result<(), BundleError> {
    let mut block = [0; 512];
    let zeros = &mut block[..usize::try_from(padding(size)).expect("padding is shorter than a block")];
    input.read_exact(zeros)?;
    if zeros.iter().all(|byte| *byte == 0) { Ok(()) } else { Err(BundleError::Damaged(name)) }
}

/// Reads the two empty blocks and nothing after them.
pub(crate) fn read_end(input: &mut impl Read) -> Result<(), BundleError> {
    let mut end = [1; 1024];
    input.read_exact(&mut end)?;
    if end[0] != 0 {
        return Err(BundleError::Members("the end"));
    }
    if end != END {
        return Err(BundleError::Damaged("end of archive"));
    }
    match input.read(&mut [0])? {
        0 => Ok(()),
        _ => Err(BundleError::Trailing),
    }
}

fn octal(field: &[u8]) -> Option<u64> {
    let digits = field.strip_suffix(&[0])?;
    digits.iter().try_fold(0_u64, |sum, digit| match digit {
        b'0'..=b'7' => Some(sum << 3 | u64::from(digit - b'0')),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_that_tar_writes() {
        // GNU tar 1.34 with the options above, a file README.txt of six bytes: checksum field "010677\0 ".
        let header = header("README.txt", 6);
        assert_eq!(&header[..11], b"README.txt\0");
        assert_eq!(&header[100..157], b"0000644\x000000000\x000000000\x0000000000006\x0000000000000\x00010677\x00 0");
        assert_eq!(read_header(&mut header.as_slice(), "README.txt", 6), Ok(6));
        assert_eq!(read_header(&mut header.as_slice(), "README.txt", 5), Err(BundleError::TooLarge("README.txt")));
        assert_eq!(read_header(&mut header.as_slice(), "sender.pub", 6), Err(BundleError::Members("sender.pub")));
    }

    #[test]
    fn no_bit_of_a_header_may_change() {
        let good = header("sender.pub", 0o1234);
        for bit in 0..512 * 8 {
            let mut block = good;
            block[bit / 8] ^= 1 << (bit % 8);
            let other = bit / 8 < 100 || bit / 8 == 156;
            let why = if other { BundleError::Members("sender.pub") } else { BundleError::Damaged("sender.pub") };
            assert_eq!(read_header(&mut block.as_slice(), "sender.pub", u64::MAX), Err(why));
        }
    }

    #[test]
    fn padding_fills_a_block() {
        assert_eq!([0, 1, 511, 512, 513].map(padding), [0, 511, 1, 0, 511]);
    }
}
