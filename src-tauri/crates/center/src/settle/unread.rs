//! Bundles that were put aside unread: they waited for an earlier one when their log's fork was settled. They are opened when somebody
//! asks what they say.

use super::rest::{PutAside, SettledRest, UnreadBundle};
use crate::store::{BundleRow, BundleState, StoreError, Tx};
use crate::{Center, CenterError};
use bundle::{BlobNote, BundleError, Sink};
use casebook::{Line, TextRow};

impl Center {
    /// Opens the bundles of a log that were put aside unread, each for the settlement that names it. Where an entry that settled can't be
    /// read, any bundle that no other one names may be of its.
    pub(super) fn add_unread(&self, tx: &dyn Tx, log: &str, rests: &mut [SettledRest]) -> Result<(), CenterError> {
        let damaged = rests.iter().position(|rest| rest.settled.is_none());
        for row in tx.bundles(log, BundleState::Settled)? {
            let named = rests.iter().position(|rest| rest.unread.contains(&row.id));
            let Some(at) = named.or(damaged) else { continue };
            let unread = self.unread(tx, &row)?;
            rests[at].bundles.extend(unread);
        }
        Ok(())
    }

    /// The bundles of a device that waited and were refused, such as when it was revoked, opened: those that say something that is in no
    /// log and was not put aside.
    ///
    /// # Errors
    /// When there is no such device, or the database fails.
    pub fn refused(&self, device: &str) -> Result<Vec<UnreadBundle>, CenterError> {
        self.store.read(|tx| {
            tx.device(device)?.ok_or_else(|| CenterError::UnknownDevice(device.to_owned()))?;
            let refused = tx.bundles(device, BundleState::Refused)?;
            let opened = refused.iter().map(|row| self.unread(tx, row));
            Ok(opened.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
        })
    }

    /// What a bundle brings that is kept nowhere else; none where all of it is.
    fn unread(&self, tx: &dyn Tx, row: &BundleRow) -> Result<Option<UnreadBundle>, CenterError> {
        let (first, last) = (row.first, row.last);
        let mut unread = Unread { tx, log: &row.log, said: Vec::new(), is_new: false, failed: None };
        let is_whole = self.read_kept(row.id, &mut unread).is_ok();
        let Unread { said, is_new, failed, .. } = unread;
        if let Some(failed) = failed {
            return Err(failed.into());
        }
        Ok(match (is_whole, is_new) {
            (false, _) => Some(UnreadBundle { first, last, said: Vec::new(), damaged: true }),
            (true, true) => Some(UnreadBundle { first, last, said, damaged: false }),
            (true, false) => None,
        })
    }
}

/// The entries of a bundle that are kept nowhere else. The others are let go as they are read: a bundle may be long.
struct Unread<'a> {
    tx: &'a dyn Tx,
    log: &'a str,
    said: Vec<PutAside>,
    /// Whether there was such an entry.
    is_new: bool,
    /// What the database said, where it failed.
    failed: Option<StoreError>,
}

impl Unread<'_> {
    fn add(&mut self, line: &Line) -> Result<(), StoreError> {
        let (seq, id) = (line.entry().seq, line.id());
        if *line.entry().log != *self.log
            || self.tx.is_settled(self.log, seq, id)?
            || self.tx.id_at(self.log, seq)? == Some(id)
        {
            return Ok(());
        }
        self.is_new = true;
        self.said.extend(PutAside::all_of(self.tx, line)?);
        Ok(())
    }
}

impl Sink for Unread<'_> {
    type Error = BundleError;

    fn line(&mut self, line: Line) -> Result<(), BundleError> {
        let added = self.add(&line);
        added.map_err(|failed| {
            self.failed = Some(failed);
            BundleError::Damaged("the center's database")
        })
    }

    fn text(&mut self, _: TextRow) -> Result<(), BundleError> {
        Ok(())
    }

    fn blob(&mut self, _: &BlobNote, _: Vec<u8>) -> Result<(), BundleError> {
        Ok(())
    }
}
