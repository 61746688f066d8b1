//! Randomisation slots: what travels in a kit, and what is read over the telephone.
//!
//! The center deals the arms, seals each under a key of its own and keeps the keys. [`SlotList`] is the public part: every
//! sealed slot with a commitment to its key, signed by the center before the first patient. A site names a patient by a
//! [`RequestCode`]; the center answers with a [`ReleaseCode`], which holds one slot's key and fits that request alone.

mod code;
mod ledger;
mod release;
mod request;
mod slots;

pub use code::CodeFault;
pub use ledger::{Entry, Ledger};
pub use release::ReleaseCode;
pub use request::RequestCode;
pub use slots::{Secret, SlotFault, SlotKey, SlotList, make_key};

/// Namespace of the signature over a slot list.
pub const SLOTS_NAMESPACE: &str = "outpost-allocation";

#[cfg(test)]
mod tests;
