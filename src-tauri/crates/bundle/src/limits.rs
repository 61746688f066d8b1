//! What a reader is ready to take in, from whomever it comes.

/// Most bytes of the whole file.
pub const FILE: u64 = 512 << 20;
/// Most bytes of `README.txt`.
pub const README: u64 = 64 << 10;
/// Most bytes of `envelope.json`.
pub const ENVELOPE: u64 = 4 << 20;
/// Most bytes of `envelope.json.sig`, and of `sender.pub`.
pub const SIGNATURE: u64 = 1 << 10;
/// Most bytes of the payload, decompressed.
pub const PLAIN: u64 = 4 << 30;
/// How many times larger than encrypted the payload may become.
pub const RATIO: u64 = 200;
/// log2 of the largest zstd window: 8 MiB.
pub const WINDOW_LOG: u32 = 23;
/// Most bytes of one line, newline included.
pub const LINE: usize = casebook::MAX_LINE;
/// Most bytes of one blob: as large as the largest study file.
pub const BLOB: u64 = 64 << 20;
/// Most recipients of a bundle: the age header that names them all stays under the 16 KiB that readers take.
pub const RECIPIENTS: usize = 128;
/// Most bytes of a name of a study, site, log or blob.
pub const NAME: usize = 200;
/// Smallest and largest size at which bundles may be split.
pub const SPLIT: std::ops::RangeInclusive<usize> = (64 << 10)..=(64 << 20);
/// Size over which bundles are split unless set otherwise.
pub const USUAL_SPLIT: usize = 8 << 20;
