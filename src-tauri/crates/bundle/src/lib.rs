//! The travelling file: bytes in, values out.
//!
//! [`Packer`] takes entries, texts and blobs and gives finished bundles. [`Sealed::inspect`] reads one back as far as
//! anybody may: structure, digests, signature. [`Sealed::admit`] decides whether it is meant for the reader and made by
//! somebody known; only then does [`Trusted::open`] decrypt, and hands the lines on while it checks them. [`verify()`] is
//! all of that for an auditor.
//!
//! Nothing here knows a path, a database or a clock. Nothing is ever unpacked to a disk. Every byte of a bundle is
//! accounted for: what this room accepts, it would have written exactly so.
//!
//! What is no bundle is refused by name:
//!
//! ```
//! use bundle::{BundleError, Sealed};
//! use std::io::Cursor;
//!
//! let refusal = Sealed::inspect(Cursor::new(b"a letter".to_vec())).err();
//! assert_eq!(refusal, Some(BundleError::NotABundle));
//! ```

mod activation;
mod archive;
mod chain;
mod compress;
mod container;
mod encrypt;
mod envelope;
mod error;
#[cfg(test)]
mod fixture;
mod kit;
pub mod limits;
mod options;
mod packer;
mod payload;
mod plan;
mod receipt;
mod tar;
mod verify;
mod writer;

pub use activation::Activation;
pub use container::{Admission, Sealed, SenderTrust, SignedEnvelope, Trusted};
pub use envelope::{Addressee, BlobNote, Envelope, HeldLog, Kind, LogRun, Purpose, Sender};
pub use error::{BundleError, PackError};
pub use kit::Kit;
pub use options::{PackOptions, Packed, Recipients};
pub use packer::{Blob, Packer};
pub use payload::{Key, Sink};
pub use receipt::{Receipt, SignedReceipt};
pub use verify::{Report, Signers, verify};

#[cfg(test)]
mod tests;

/// Namespace of the signature over `envelope.json`.
pub const NAMESPACE: &str = "outpost-bundle";
/// What `README.txt` says: for a stranger in ten years.
pub const README: &str = include_str!("README.txt");
