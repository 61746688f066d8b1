//! Randomisation: what a study says of it, the arms dealt, and the sealed slots that carry them.
//!
//! [`Plan`] is what the study file says; [`gates()`] are what must be true of a subject before. The center deals the arms into a
//! [`Ledger`], seals each under a key of its own and keeps the keys. [`SlotList`] is the public part: every sealed slot with a
//! commitment to its key, signed by the center before the first patient. A site names a patient by a [`RequestCode`]; the
//! center answers with a [`ReleaseCode`], which holds one slot's key and fits that request alone.

mod code;
mod deal;
mod gates;
mod ledger;
mod plan;
mod release;
mod request;
mod slots;

pub use code::CodeError;
pub use deal::{Dealt, deal};
pub use gates::{Gate, GateKind, gates};
pub use ledger::{Entry, Ledger};
pub use plan::{BLOCKS, Factor, Plan, PlanError, RATIO, SLOTS, value};
pub use release::ReleaseCode;
pub use request::RequestCode;
pub use slots::{Secret, SlotError, SlotKey, SlotList, make_key};

/// Namespace of the signature over a slot list.
pub const SLOTS_NAMESPACE: &str = "outpost-allocation";

#[cfg(test)]
mod tests;
