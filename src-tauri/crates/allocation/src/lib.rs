//! Randomisation: what a study says of it, the arms dealt, and the sealed slots that carry them.
//!
//! [`Plan`] is what the study file says; [`gates()`] are what must be true of a subject before. The center deals the arms into a
//! [`Ledger`], seals each under a key of its own and keeps the keys. [`SlotList`] is the public part: every sealed slot with a
//! commitment to its key, signed by the center before the first patient. A site names a patient by a [`RequestCode`]; the
//! center answers with a [`ReleaseCode`], which holds one slot's key and fits that request alone.
//!
//! A code is read however it was written down, and a misheard one is noticed:
//!
//! ```
//! use allocation::{CodeError, RequestCode};
//! use casebook::EntryId;
//!
//! let request = RequestCode::new("S01-k7f2m3pq", 3, 2, 1, EntryId([0xab; 32])).expect("within bounds");
//! let spoken = request.to_string();
//! assert_eq!(spoken, "1RAK-T00C-1006-NTQA-XB3A");
//! assert_eq!(spoken.to_lowercase().replace('-', " ").parse::<RequestCode>(), Ok(request));
//! assert_eq!("1RAJ-T00C-1006-NTQA-XB3A".parse::<RequestCode>(), Err(CodeError::Check));
//! ```

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
