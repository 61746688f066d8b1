//! The acts of a site computer: one function per thing a person does.

mod clock;
mod desk;
mod error;
pub mod guard;
mod home;
pub mod messages;
mod typescript;

pub use clock::Now;
pub use desk::{Desk, Seat};
pub use error::SiteError;
pub use home::Home;
