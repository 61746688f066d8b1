//! Entries of forks as they are kept, and the entries of the center's log that settled them.

use crate::store::{EachEntry, StoreError, Tx};
use casebook::act::LogSettled;
use casebook::{Act, CENTER, EntryId, Line};
use seal::sha256;

/// Hands all entries of a log that are kept aside, for now or for good, to `each`.
pub(crate) fn each_aside(tx: &dyn Tx, log: &str, each: EachEntry<'_>) -> Result<(), StoreError> {
    tx.aside(log, &mut *each)?;
    for count in tx.settled(log)? {
        tx.put_aside(log, count.by, &mut *each)?;
    }
    Ok(())
}

/// An entry as it was taken in; none where it was damaged since.
pub(super) fn reread(bytes: &[u8], id: EntryId) -> Option<Line> {
    if sha256(bytes) != id.0 {
        return None;
    }
    Line::reread(bytes.to_vec(), id).ok()
}

/// The entry of the center's log that settled a fork.
pub(super) fn settled_by(tx: &dyn Tx, by: u64) -> Result<(LogSettled, Line), StoreError> {
    let damaged = || StoreError::Damaged("the center's log");
    let bytes = tx.line_at(CENTER, by)?.ok_or_else(damaged)?;
    let id = tx.id_at(CENTER, by)?.unwrap_or(EntryId::ZERO);
    let line = Line::reread(bytes, id).map_err(|_| damaged())?;
    match line.entry().act.clone() {
        Act::LogSettled(act) => Ok((act, line)),
        _ => Err(damaged()),
    }
}
