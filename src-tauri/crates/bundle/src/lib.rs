//! The travelling file: bytes in, values out.
//!
//! [`Packer`] takes entries, texts and blobs and gives finished bundles. [`Sealed::inspect`] reads one back as far as
//! anybody may: structure, digests, signature. [`Sealed::admit`] decides whether it is meant for the reader and made by
//! somebody known; only then does [`Trusted::open`] decrypt, and hands the lines on while it checks them. [`verify()`] is
//! all of that for an auditor.
//!
//! Nothing here knows a path, a database or a clock. Nothing is ever unpacked to a disk. Every byte of a bundle is
//! accounted for: what this room accepts, it would have written exactly so.

mod chain;
mod envelope;
#[cfg(test)]
mod fixture;
mod inner;
mod kit;
pub mod limits;
mod outer;
mod packer;
mod press;
mod receipt;
mod refusal;
mod sealer;
mod ustar;
mod verify;

pub use envelope::{Addressee, BlobNote, Carried, Envelope, Has, Kind, Purpose, Sender};
pub use inner::{Key, Sink};
pub use kit::Kit;
pub use outer::{Admission, Maker, Sealed, Trusted};
pub use packer::{PackError, Packed, Packer, Recipients, Terms};
pub use receipt::{Receipt, SignedReceipt};
pub use refusal::Refusal;
pub use verify::{Report, verify};

#[cfg(test)]
mod tests;

/// Namespace of the signature over `envelope.json`.
pub const NAMESPACE: &str = "outpost-bundle";
/// What `README.txt` says: for a stranger in ten years.
pub const README: &str = include_str!("README.txt");
