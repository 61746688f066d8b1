//! The acts of a site computer: one function per thing a person does.
//!
//! A [`Desk`] is a computer with its vaults; it opens one. A [`Seat`] exists while somebody is signed in and has the acts
//! of the screens: `entering` (the form), `matrix` (the subject), `lists` (worklist, subjects), `history` (one cell),
//! `transport` (bundles), `people`, `charts`, `checklist`. Each asks the one table in [`screens::guard`] first. This room has no window, and neither a
//! clock nor a user of its own: [`screens::Now`] is passed in, and the seat knows who sits there.

mod asked;
mod cards;
mod clock;
mod desk;
mod dictionary;
mod entering;
mod error;
mod export;
mod founding;
mod grid;
mod home;
mod import;
mod integrity;
mod lab;
mod masking;
mod matrix;
mod people;
pub mod place;
mod randomising;
mod report;
mod screen;
mod study;
mod transport;
mod views;
mod writing;

pub use asked::Act;
pub use clock::stamp;
pub use desk::{Desk, Seat, Tell};
pub use error::SiteError;
pub use export::{ExportJob, Written};
pub use founding::{KitContents, make_device, read_study};
pub use home::{Home, replace as replace_file};
pub use people::NewAccount;
pub use seal::Zeroizing;
