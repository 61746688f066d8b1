//! What a vault that was put back from a backup knows while its log waits ([`crate::restored`]).

use casebook::{EntryId, LogEnd};
use rusqlite::Connection;

use crate::{VaultError, keys, records};

/// What a restored vault knows while it waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Waiting {
    /// Where the backup ends.
    pub(crate) copy: LogEnd,
    /// How far the center holds the log, as far as it said so.
    pub(crate) center: u64,
}

impl Waiting {
    /// Reads it; none as a rule.
    pub(crate) fn read(sql: &Connection) -> Result<Option<Self>, VaultError> {
        let Some(bytes) = records::setting(sql, keys::RESTORED)?.filter(|bytes| !bytes.is_empty()) else {
            return Ok(None);
        };
        let number = |at: usize| bytes.get(at..at + 8)?.try_into().ok().map(u64::from_le_bytes);
        let head: Option<[u8; 32]> = bytes.get(16..).and_then(|head| head.try_into().ok());
        match (number(0), number(8), head) {
            (Some(seq), Some(center), Some(head)) => {
                Ok(Some(Self { copy: LogEnd { seq, head: EntryId(head) }, center }))
            }
            _ => Err(VaultError::damaged("what is known of the restored copy")),
        }
    }

    /// As it is kept.
    pub(crate) fn bytes(self) -> Vec<u8> {
        [self.copy.seq.to_le_bytes().as_slice(), &self.center.to_le_bytes(), &self.copy.head.0].concat()
    }
}
