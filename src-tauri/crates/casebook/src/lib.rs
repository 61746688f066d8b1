//! What was answered: the journal's entries and their fold.
//!
//! An [`Entry`] is one immutable line of the journal and says one [`Act`]; [`Line`] is an entry with its bytes and its id.
//! This room touches no file, no clock, no randomness and no hash: digests and times are handed in.
//!
//! A log's first line reads back as it was written:
//!
//! ```
//! use casebook::act::SessionOpened;
//! use casebook::{EntryError, Line, LogHead, LogWriter, Stamp};
//!
//! fn digest(_: &[u8]) -> [u8; 32] {
//!     [7; 32] // a program hands in SHA-256
//! }
//! let mut log = LogWriter { study: "ST".into(), log: "S01-a".into(), head: LogHead::empty() };
//! let act = SessionOpened { user: "nurse1".into() };
//! let line = log.next(act.into(), None, &Stamp::new(1_795_421_702_113, 480, "nurse1"), digest)?.line;
//! assert_eq!(line.entry().seq, 1);
//! assert_eq!(Line::read(line.bytes(), line.id())?, line);
//! # Ok::<(), EntryError>(())
//! ```

pub mod act;
pub mod book;
pub mod clock;
mod entry;
pub mod fold;
pub mod gate;
mod history;
mod ids;
mod journal;
mod multi_value_register;
mod row;
mod summary;
pub mod text;
pub mod trial_state;

pub use act::{
    Act, CENTER, Role, SYSTEM, ScopeError, Speaker, SpeakerKeys, Stored, bases, is_center, is_of_site, site_of, speaks,
};
pub use book::{
    ALLOCATION_BLOCKS, ApplyError, Block, Blocker, Book, Cell, CellState, CellView, Confirmation, Derived, Event,
    EventFact, Finding, Form, FormState, FormStatus, Given, Move, Query, QueryStatus, RowState, Tally, is_allocated,
};
pub use clock::{Instant, Offset, Tick};
pub use entry::{Entry, EntryError, Line, MAX_LINE, VERSION};
pub use gate::{Author, DeniedError};
pub use history::{Change, history};
pub use ids::{DigestError, EntryId, TextCommit};
pub use journal::{Checkpoint, Digest, Link, LogEnd, LogHead, LogWriter, Stamp, Written};
pub use multi_value_register::MultiValueRegister;
pub use row::{Origin, ROW_FORMAT, RowChange, RowError, RowKey, RowKind};
pub use summary::{EventLine, FormLine, Headline, Overview, Summary};
pub use text::{FreeTextId, MAX_TEXT, Private, TextLengthError, TextRow};
pub use trial_state::TrialState;
