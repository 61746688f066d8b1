//! Practising: a complete site with invented people and subjects, marked everywhere, whose bundles a real center refuses.
//!
//! Everything goes through the same acts as a person's; the same seed gives the same answers.

mod answers;
mod builtin;
mod census;
mod center;
mod center_folder;
mod chart;
mod course;
mod invent;
mod nurse;
mod patient;
mod sample;
mod sheet;
mod start;
#[cfg(test)]
mod tests;
mod trial;

pub use builtin::study_file;
pub use census::Census;
pub use center::CenterDesk;
pub use center_folder::CenterFolder;
pub use nurse::Phone;
pub use sample::{CHART, PASSWORD, SITE, STAFF};
pub use start::{add_staff, practise};
pub use trial::{Pace, Trial};
