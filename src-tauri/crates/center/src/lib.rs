//! The coordinating center: what data managers do, as functions, and the storage beneath them.
//!
//! [`Center`] is one folder: keys, the study file, a database of entries, and every bundle as it was received. Time and
//! person come in with each act as a [`Stamp`], so that nothing here reads a clock. The program
//! `outpost-center` only speaks these functions.
//!
//! A folder without a center says so:
//!
//! ```
//! use center::{Center, CenterError};
//! use std::path::Path;
//! use study::Functions;
//!
//! let opened = Center::open(Path::new("no/center/here"), &Functions::default());
//! assert!(matches!(opened, Err(CenterError::NotACenter)));
//! ```

mod alarm;
mod amend;
mod begun;
mod beside;
mod check;
mod codes;
mod device;
mod error;
mod export;
mod fold;
mod folder;
mod import;
mod journal;
mod keys;
mod kit;
mod layout;
mod omission;
mod platform;
mod printable;
mod proof;
mod queries;
mod randomisation;
mod recovery;
mod redaction;
mod reply;
mod settle;
mod site;
mod staged;
mod status;
pub mod store;
mod versions;
mod workplace;

pub use alarm::AlarmKind;
pub use amend::Amendment;
pub use codes::{CodeUsed, RecoveryError, RecoveryStatus};
pub use device::{Approval, Revocation, RevokeWish};
pub use error::CenterError;
pub use export::Exported;
pub use folder::{Center, Founding};
pub use import::{ImportedBundle, Outcome};
pub use journal::check_person;
pub use keys::{NewFile, RECOVERY, write_new};
pub use kit::KitWithData;
pub use omission::Omission;
pub use platform::make_private;
pub use printable::Printable;
pub use proof::KitProof;
pub use randomisation::{AllocatedStatus, AllocationStatus, Audit, Release, ReleaseError, StratumStatus};
pub use recovery::{Caller, ReadOut};
pub use redaction::KeptText;
pub use reply::{Replied, ReplyWish};
pub use settle::{
    BranchView, Choice, ForkView, ParkedView, PutAside, SettleError, Settled, SettledBy, SettledRest, SettledStatus,
    SlotView, Unasked, UnreadBundle,
};
pub use status::{DeviceStatus, SiteStatus, Status};
pub use store::{Alarm, Device, DeviceState, Site};
pub use versions::Publication;

pub use casebook::Stamp;
pub use casebook::act::Branch;
