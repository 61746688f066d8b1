//! Bundles that were put aside unread: they waited for an earlier one when their log's fork was settled. They are opened when somebody
//! asks what they say.

use super::rest::{PutAside, SettledRest, UnreadBundle};
use crate::store::{BundleRow, BundleState, Tx};
use crate::{Center, CenterError};
use bundle::{BlobNote, BundleError, Sink};
use casebook::{Line, TextRow};
use std::collections::BTreeSet;

impl Center {
    /// Opens the bundles of a log that were put aside unread; each goes to the settlement that came next after it was received.
    pub(super) fn add_unread(&self, tx: &dyn Tx, log: &str, rests: &mut [SettledRest]) -> Result<(), CenterError> {
        for row in tx.bundles(log, BundleState::Settled)? {
            let is_next = |rest: &SettledRest| rest.told.as_ref().is_some_and(|told| told.settled >= row.received);
            let next = rests.iter().position(is_next);
            let Some(at) = next.or(rests.len().checked_sub(1)) else { return Ok(()) };
            let unread = self.unread(tx, &row, rests)?;
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
            let opened = refused.iter().map(|row| self.unread(tx, row, &[]));
            Ok(opened.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
        })
    }

    /// What a bundle brings that is kept nowhere else; none where all of it is.
    fn unread(&self, tx: &dyn Tx, row: &BundleRow, rests: &[SettledRest]) -> Result<Option<UnreadBundle>, CenterError> {
        let (first, last, damaged) = (row.first, row.last, true);
        let mut lines = Lines(Vec::new());
        if self.read_kept(row.id, &mut lines).is_err() {
            let aside: BTreeSet<u64> = rests.iter().flat_map(|rest| &rest.seqs).copied().collect();
            let fork = rests.iter().map(|rest| rest.seq).min().unwrap_or(0);
            let is_read = (first..=last).all(|seq| seq < fork || aside.contains(&seq));
            return Ok((!is_read).then(|| UnreadBundle { first, last, said: Vec::new(), damaged }));
        }
        let (mut said, mut is_read) = (Vec::new(), true);
        for line in lines.0.iter().filter(|line| *line.entry().log == *row.log) {
            let (seq, id) = (line.entry().seq, line.id());
            if !tx.is_settled(&row.log, seq, id)? && tx.id_at(&row.log, seq)? != Some(id) {
                is_read = false;
                said.extend(PutAside::all_of(tx, line)?);
            }
        }
        Ok((!is_read).then_some(UnreadBundle { first, last, said, damaged: false }))
    }
}

/// The entries of a bundle.
struct Lines(Vec<Line>);

impl Sink for Lines {
    type Error = BundleError;

    fn line(&mut self, line: Line) -> Result<(), BundleError> {
        self.0.push(line);
        Ok(())
    }

    fn text(&mut self, _: TextRow) -> Result<(), BundleError> {
        Ok(())
    }

    fn blob(&mut self, _: &BlobNote, _: Vec<u8>) -> Result<(), BundleError> {
        Ok(())
    }
}
