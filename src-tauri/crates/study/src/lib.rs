//! What is asked: the study definition.
//!
//! A [`Study`] is read from one ODM 1.3.2 file with [`Study::read`]; every fault of the file is listed with its line and
//! OID. A [`Document`] is the same file as a lossless tree, for writing it back. Places in a casebook are the keys of
//! [`place`]. This room knows no other room, no file, no clock and no randomness.
//!
//! A place has one spelling, and a date may be known in part:
//!
//! ```
//! use study::CellKey;
//! use study::value::{Comparison, PartialDate, Truth};
//!
//! let cell: CellKey = "SE.SCR[1]/F.VS[1]/IG.VS[1]/IT.VS.SYSBP".parse()?;
//! assert_eq!(cell.form.to_string(), "SE.SCR[1]/F.VS[1]");
//! assert_eq!(cell.item.short_name(), "SYSBP");
//!
//! let onset: PartialDate = "2024-03".parse()?;
//! let dose: PartialDate = "2024-03-12".parse()?;
//! assert_eq!(onset.compare(Comparison::Less, &dose), Truth::Unknown);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod amend;
pub mod dictionary;
mod document;
mod issue;
mod mask;
mod model;
mod names;
mod ordered;
pub mod place;
mod read;
pub mod rules;
pub mod schedule;
mod study;
mod text;
pub mod value;

pub use document::{Document, Element};
pub use issue::StudyIssue;
pub(crate) use model::find_concept;
pub use model::*;
pub use names::{MAX_NAME, Oid, Repeat, is_name};
pub use ordered::{Identified, Ordered};
pub use place::{CellKey, EventKey, FormKey, PlaceError};
pub use rules::{Functions, Rules};
pub use study::Study;
pub use text::Text;
