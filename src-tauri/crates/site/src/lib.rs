//! The acts of a site computer: one function per thing a person does.
//!
//! A [`SiteComputer`] opens one of its vaults; a [`Session`] exists while somebody is signed in, and its methods are the acts:
//! `entering` (the form), `visits` (the subject), `grid` (the Tumours screen), `lab`, `randomising`, `report`, `versions`,
//! `transport` (bundles), `backup`, `people`; `views` shows the screens that `screens` draws. Each asks the one table in
//! [`screens::permissions`] first. This room has no window, and neither a clock nor a user of its own: [`screens::Now`] is passed
//! in, and the session knows who is signed in.
//!
//! A refusal has a code, on which the window branches:
//!
//! ```
//! use site::SiteError;
//! use vault::VaultError;
//!
//! let refusal = SiteError::from(VaultError::Wait { seconds: 30 });
//! assert_eq!(refusal.code(), "slow_down");
//! assert_eq!(refusal.wait_seconds(), Some(30));
//! ```

mod asked;
mod backup;
mod beside;
mod bringing;
mod cards;
mod clock;
mod codes;
mod computer;
mod dictionary;
mod entering;
mod error;
mod export;
mod files;
mod founding;
mod grid;
mod home;
mod import;
mod integrity;
mod kit_file;
mod lab;
mod masking;
mod noun;
mod people;
pub mod place;
mod randomising;
mod recovery;
mod report;
mod restore;
mod roles;
mod screen;
mod session;
mod settings;
mod transport;
mod versions;
mod views;
mod visits;
mod writing;

pub use asked::Act;
pub use backup::{BackupJob, BackupMade};
pub use clock::stamp;
pub use computer::{FaultError, SiteComputer};
pub use error::SiteError;
pub use export::{ExportJob, Written};
pub use founding::{KitContents, make_device, read_study};
pub use home::Home;
pub use kit_file::KitFile;
pub use noun::{Field, Noun};
pub use people::NewAccount;
pub use recovery::LostPassword;
pub use restore::{OpensBackup, OpensHere, RestoreJob};
pub use seal::Zeroizing;
pub use session::{OnProgress, Session};
