//! What a person sees: pure views of a study and a subject's book, and the messages that carry them to a UI.
//!
//! A screen is a function of a [`View`]: one subject's book under its study, for one reader in one language at one moment.
//! [`contract`] lists every command with its request, its answer and its roles; [`messages`] are plain data with nothing
//! left to decide; [`roles`] are the sets of roles that the contract names, and [`permissions`] says whether a role may give a
//! command. This room knows no database, file, clock or random number: [`Now`] is passed in.
//!
//! Who may save what was typed:
//!
//! ```
//! use screens::permissions::{AccessError, Command, check};
//! use screens::messages::Role;
//!
//! assert_eq!(check(Command::SaveItem, Some(Role::Nurse)), Ok(()));
//! assert_eq!(check(Command::SaveItem, Some(Role::Administrator)), Err(AccessError::NotYourRole));
//! assert_eq!(check(Command::SaveItem, None), Err(AccessError::Locked));
//! ```

pub mod backup;
pub mod calendar;
pub mod charts;
pub mod checklist;
mod clock;
pub mod contract;
pub mod form;
pub mod history;
pub mod keys;
pub mod lab;
pub mod labels;
pub mod lists;
pub mod messages;
pub mod paper;
pub mod permissions;
pub mod roles;
pub mod safety;
pub mod subject;
pub mod tumours;
pub mod typed;
pub mod typescript;
pub mod versions;
mod view;

pub use clock::Now;
pub use view::{Frame, Reader, Texts, View};
