//! The coordinating center: what data managers do, as functions, and the storage beneath them.
//!
//! [`Center`] is one folder: keys, the study file, a database of entries, and every bundle as it was received. Time and
//! person come in with each act as a [`Stamp`], so that nothing here reads a clock. The program
//! `outpost-center` only speaks these functions.

mod alarm;
mod amend;
mod check;
mod device;
mod error;
mod export;
mod folder;
mod ingest;
mod journal;
mod keys;
mod kit;
mod platform;
mod randomisation;
mod reply;
mod site;
mod status;
pub mod store;

pub use alarm::AlarmKind;
pub use amend::{Amendment, Publication};
pub use error::CenterError;
pub use folder::{Center, Founding};
pub use ingest::{Intake, Outcome};
pub use keys::{RECOVERY, replace as replace_file};
pub use platform::make_private;
pub use randomisation::{AllocatedStatus, AllocationStatus, Audit, Refused, Release, StratumStatus};
pub use status::{DeviceStatus, SiteStatus, Status};
pub use store::{Alarm, Device, DeviceState, Site};

use casebook::{Instant, Offset};
use study::Oid;

/// When and by whom something is done.
#[derive(Clone, Debug)]
pub struct Stamp {
    /// The clock.
    pub at: Instant,
    /// The local offset.
    pub tz: Offset,
    /// User id of the data manager.
    pub by: Oid,
}
