//! What a reader is ready to take in, from whomever it comes.

/// The whole file.
pub const FILE: u64 = 512 << 20;
/// `README.txt`.
pub const README: u64 = 64 << 10;
/// `envelope.json`.
pub const ENVELOPE: u64 = 4 << 20;
/// `envelope.json.sig` and `sender.pub`, each.
pub const SIGNATURE: u64 = 1 << 10;
/// The payload, decompressed.
pub const PLAIN: u64 = 4 << 30;
/// The payload decompressed, as a multiple of the payload encrypted.
pub const RATIO: u64 = 200;
/// log2 of the largest zstd window: 8 MiB.
pub const WINDOW_LOG: u32 = 23;
/// One line, newline included.
pub const LINE: usize = casebook::MAX_LINE;
/// One blob: as large as the largest study file.
pub const BLOB: u64 = 64 << 20;
/// Names of studies, sites, logs and blobs.
pub const NAME: usize = 200;
/// Smallest and largest size at which bundles may be split.
pub const SPLIT: std::ops::RangeInclusive<usize> = (64 << 10)..=(64 << 20);
/// Size over which bundles are split unless set otherwise.
pub const USUAL_SPLIT: usize = 8 << 20;
