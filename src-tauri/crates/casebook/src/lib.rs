//! What was answered: the journal's entries and their fold.
//!
//! An [`Entry`] is one immutable line of the journal and says one [`Act`]; [`Line`] is an entry with its bytes and its id.
//! This room touches no file, no clock, no randomness and no hash: digests and times are handed in.

pub mod act;
pub mod book;
pub mod clock;
mod entry;
pub mod fold;
pub mod gate;
mod history;
mod ids;
mod journal;
mod register;
pub mod roster;
mod row;
mod summary;
pub mod text;

pub use act::{Act, CENTER, Role, SYSTEM, Stored, bases, is_center};
pub use book::{
    ALLOCATION_BLOCKS, ApplyError, Block, Blocker, Book, Cell, CellState, CellView, Confirmation, Derived, Event,
    EventFact, Finding, Form, FormState, FormStatus, Given, Move, Query, QueryStatus, RowState, Tally, is_allocated,
};
pub use clock::{Instant, Offset, Tick};
pub use entry::{Entry, EntryError, Line, MAX_LINE, VERSION};
pub use gate::{Author, DeniedError};
pub use history::{Change, history};
pub use ids::{EntryId, NotADigest, TextCommit};
pub use journal::{Checkpoint, Digest, Link, LogEnd, LogHead, LogWriter, Stamp, Written};
pub use register::Register;
pub use roster::Roster;
pub use row::{Origin, ROW_FORMAT, RowChange, RowError, RowKey, RowKind};
pub use summary::{EventLine, FormLine, Headline, Overview, Summary};
pub use text::{Private, TextRow, Words};
