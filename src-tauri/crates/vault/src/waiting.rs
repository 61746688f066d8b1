//! What is known of a log that waits for the center ([`crate::restored`]).

use casebook::{EntryId, LogEnd};
use rusqlite::Connection;

use crate::{VaultError, keys, records};

/// What a vault knows while its log waits for the center.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Waiting {
    /// Where the copy ends that this vault is.
    pub(crate) copy: LogEnd,
    /// How far the center holds the log, as far as it said so. The head is zero where it is not known.
    pub(crate) center: LogEnd,
    /// What shows that it is a copy.
    pub(crate) why: Why,
    /// What the center said that nobody's word can get over.
    pub(crate) barred: Option<Bar>,
    /// How far the center's own log went in the newest reply that was heard: an older one takes nothing of it back. 0 where none
    /// said so.
    pub(crate) heard: u64,
}

/// What shows that a vault is a copy of what was there once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// It was put back from a backup on purpose.
    Backup,
    /// The checkpoint kept elsewhere contradicts it: somebody put an older folder back, or another one.
    Checkpoint,
}

/// Why the log can't go on as it stands, by the center's own word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bar {
    /// The center holds another entry at one of its places.
    OtherHistory {
        /// The place.
        seq: u64,
    },
    /// The center answers to keys that the device has drawn since.
    KeysReplaced,
}

impl Bar {
    pub(crate) fn error(self) -> VaultError {
        match self {
            Self::OtherHistory { seq } => VaultError::ForeignReceipt { seq },
            Self::KeysReplaced => VaultError::KeysReplaced,
        }
    }
}

impl Waiting {
    /// From here on.
    pub(crate) fn begin(copy: LogEnd, why: Why) -> Self {
        Self { copy, center: LogEnd::EMPTY, why, barred: None, heard: 0 }
    }

    /// Reads it; none as a rule.
    pub(crate) fn read(sql: &Connection) -> Result<Option<Self>, VaultError> {
        let Some(bytes) = records::setting(sql, keys::RESTORED)?.filter(|bytes| !bytes.is_empty()) else {
            return Ok(None);
        };
        let waiting = Fields(&bytes).waiting();
        waiting.map(Some).ok_or_else(|| VaultError::damaged("what is known of the restored copy"))
    }

    /// As it is kept.
    pub(crate) fn bytes(self) -> Vec<u8> {
        let Self { copy, center, why, barred, heard } = self;
        let why: u8 = match why {
            Why::Backup => 0,
            Why::Checkpoint => 1,
        };
        let (bar, at) = match barred {
            None => (0_u8, 0),
            Some(Bar::OtherHistory { seq }) => (1, seq),
            Some(Bar::KeysReplaced) => (2, 0),
        };
        let (copy_seq, center_seq, at) = (copy.seq.to_le_bytes(), center.seq.to_le_bytes(), at.to_le_bytes());
        [&copy_seq[..], &center_seq, &copy.head.0, &center.head.0, &[why, bar], &at, &heard.to_le_bytes()].concat()
    }
}

/// Its fields as they are kept, each version's behind those of the version before.
struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    const FIRST_VERSION: usize = 48;
    const SECOND_VERSION: usize = 90;

    fn waiting(&self) -> Option<Waiting> {
        let copy = LogEnd { seq: self.number(0)?, head: self.id(16)? };
        let begun = Waiting::begin(copy, Why::Backup);
        if self.0.len() == Self::FIRST_VERSION {
            return Some(Waiting { center: LogEnd { seq: self.number(8)?, head: EntryId::ZERO }, ..begun });
        }
        let why = match self.0.get(80)? {
            0 => Why::Backup,
            1 => Why::Checkpoint,
            _ => return None,
        };
        let barred = match self.0.get(81)? {
            0 => None,
            1 => Some(Bar::OtherHistory { seq: self.number(82)? }),
            2 => Some(Bar::KeysReplaced),
            _ => return None,
        };
        let heard = if self.0.len() == Self::SECOND_VERSION { 0 } else { self.number(90)? };
        Some(Waiting { center: LogEnd { seq: self.number(8)?, head: self.id(48)? }, why, barred, heard, ..begun })
    }

    fn number(&self, at: usize) -> Option<u64> {
        self.0.get(at..at + 8)?.try_into().ok().map(u64::from_le_bytes)
    }

    fn id(&self, at: usize) -> Option<EntryId> {
        self.0.get(at..at + 32)?.try_into().ok().map(EntryId)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What waits is read as it was kept, and as the versions before kept it.
    #[test]
    fn what_waits_is_read_as_it_was_kept() {
        let end = |seq, head| LogEnd { seq, head: EntryId([head; 32]) };
        let begun = Waiting::begin(end(7, 1), Why::Checkpoint);
        let told = Waiting { center: end(9, 2), ..begun };
        let barred = |bar| Waiting { barred: Some(bar), ..told };
        for waiting in [begun, told, barred(Bar::OtherHistory { seq: 5 }), barred(Bar::KeysReplaced)] {
            let heard = Waiting { heard: 30, ..waiting };
            assert_eq!(Fields(&heard.bytes()).waiting(), Some(heard));
            assert_eq!(Fields(&heard.bytes()[..90]).waiting(), Some(waiting));
        }
        let before = [&7_u64.to_le_bytes()[..], &9_u64.to_le_bytes(), &[1; 32]].concat();
        let known = Waiting { center: LogEnd { seq: 9, head: EntryId::ZERO }, why: Why::Backup, ..begun };
        assert_eq!(Fields(&before).waiting(), Some(known));
        assert_eq!(Fields(&before[..40]).waiting(), None);
    }
}
