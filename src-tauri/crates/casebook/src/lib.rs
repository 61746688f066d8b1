//! What was answered: the journal's entries and their fold.
//!
//! An [`Entry`] is one immutable line of the journal and says one [`Act`]; [`Line`] is an entry with its bytes and its id.
//! This room touches no file, no clock, no randomness and no hash: digests and times are handed in.

pub mod act;
pub mod clock;
mod entry;
mod ids;
pub mod text;

pub use act::{Act, CENTER, Missing, Role, SYSTEM, Stored, bases, is_center};
pub use clock::{Instant, Offset, Tick};
pub use entry::{Entry, EntryError, Line, MAX_LINE, VERSION};
pub use ids::{EntryId, NotADigest, TextCommit};
pub use text::{Private, TextRow, Words};
