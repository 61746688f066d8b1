//! Tumours: one subject's book as the RECIST engine sees it, and what the engine makes of it.
//!
//! A study binds its tumour forms to the concepts `tumour.*` ([`study::CONCEPTS`]) and states the protocol's choices as
//! settings; nothing here knows a form by its name. [`course()`] reads the book, keeps for everything that it read the cell
//! where it stands, and lets [`oncology::recist`] judge. Entered responses stand beside the computed ones, never instead.

mod course;
mod layout;
mod read;
mod settings;
mod survey;

pub(crate) use survey::add;

pub use course::{AssessmentPlace, Course, Entered, EnteredResponse, LesionPlace, NewPlace, OtherPlace, ReadingPlace};

use casebook::Book;
use layout::Layout;
use study::Study;

/// The tumours of a book. None where the study has no tumour forms, where its settings say what the engine does not know
/// (which [`Study::read`] refuses where the study's rules use them), or while there is no dated baseline.
pub fn course(study: &Study, book: &Book) -> Option<Course> {
    read::project(&Layout::of(study)?, &settings::read(study).ok()?, book)
}
