//! What a vault that is set aside for a backup had learnt since the backup was made, and its journal does not tell: the vault that takes
//! its place must know it, too.

use rusqlite::Connection;
use seal::KeySlots;

use crate::folder::{self, Folder};
use crate::slots::{self, Decides};
use crate::untold::Untold;
use crate::waiting::Waiting;
use crate::{Open, Stamp, Tx, VaultError};

/// What a vault knows beside its journal.
pub(crate) struct Learnt {
    /// What the center said, where its log waits.
    waiting: Option<Waiting>,
    /// Who came in by codes, and what was noticed.
    untold: Untold,
    /// Its set of recovery codes, and those that are left.
    left: Option<(u64, Vec<u32>)>,
}

impl Learnt {
    /// # Errors
    /// What can't be read of it.
    pub(crate) fn of(folder: &Folder, sql: &Connection, key: &[u8; 32]) -> Result<Self, VaultError> {
        let file = folder::read_small(&folder.slots()).ok().flatten().unwrap_or_default();
        let left = KeySlots::read(&slots::judge(sql, &file, key)?.in_force)?.codes_left();
        Ok(Self { waiting: Waiting::read(sql)?, untold: Untold::read(sql)?, left })
    }

    /// Takes the codes away that were used there.
    fn burn(&self, file: &mut KeySlots) {
        let Some((set, codes)) = file.codes_left() else { return };
        let is_left = |code: &u32| self.left.as_ref().is_none_or(|(of, left)| *of != set || left.contains(code));
        for code in codes.iter().filter(|code| !is_left(code) || self.untold.tells_of(set, **code)) {
            file.burn(*code);
        }
    }
}

impl Open {
    /// Takes over what another vault of this device had learnt. This one waits for the center.
    ///
    /// # Errors
    /// What the disk says: then it knows nothing of it.
    pub(crate) fn take_over(&mut self, learnt: &Learnt, stamp: &Stamp) -> Result<(), VaultError> {
        let burn = |file: &mut KeySlots, _: &_| {
            learnt.burn(file);
            Ok(Vec::new())
        };
        self.replace_slots(Decides::File, stamp, burn, |tx| tx.take_over(learnt))
    }
}

impl Tx<'_> {
    /// The center's word stands, and what keeps the log from going on: a reply that it makes from now on says how it is by then.
    fn take_over(&mut self, learnt: &Learnt) -> Result<(), VaultError> {
        if let (Some(own), Some(theirs)) = (self.state.waiting, learnt.waiting) {
            let waiting = Waiting { copy: own.copy, why: own.why, ..theirs };
            self.set(crate::keys::RESTORED, &waiting.bytes())?;
            self.state.waiting = Some(waiting);
        }
        self.keep_untold(&learnt.untold)
    }
}
