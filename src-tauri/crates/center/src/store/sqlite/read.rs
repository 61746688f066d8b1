//! What stands in the rows of the tables, read into what it means.

use crate::store::{BundleRow, BundleState, Device, DeviceState, Site, StoreError};
use bundle::SignedReceipt;
use casebook::{EntryId, Instant};
use rusqlite::Row;

/// What the storage answers.
pub(super) type Stored<T> = Result<T, StoreError>;

/// Places and counts fit in 63 bits: the format's own bound is lower.
pub(super) fn int(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

pub(super) fn number(row: &Row<'_>, column: usize) -> Stored<u64> {
    u64::try_from(row.get::<_, i64>(column)?).map_err(|_| StoreError::Damaged("a number is negative"))
}

pub(super) fn perhaps(row: &Row<'_>, column: usize) -> Stored<Option<u64>> {
    Ok(row.get::<_, Option<i64>>(column)?.and_then(|held| u64::try_from(held).ok()))
}

pub(super) fn id(row: &Row<'_>, column: usize) -> Stored<EntryId> {
    Ok(EntryId(row.get::<_, [u8; 32]>(column)?))
}

pub(super) fn instant(row: &Row<'_>, column: usize) -> Stored<Instant> {
    Ok(Instant::from_ms(row.get(column)?))
}

pub(super) fn site(row: &Row<'_>) -> Stored<Site> {
    Ok(Site { id: row.get(0)?, name: row.get(1)?, added: instant(row, 2)? })
}

pub(super) fn device(row: &Row<'_>) -> Stored<Device> {
    let text = |column| row.get::<_, String>(column);
    Ok(Device {
        log: text(0)?,
        site: text(1)?,
        key: text(2)?.parse().map_err(|_| StoreError::Damaged("a device's key"))?,
        age: text(3)?.parse().map_err(|_| StoreError::Damaged("a device's recipient"))?,
        state: DeviceState::from_code(&text(4)?).ok_or(StoreError::Damaged("a device's state"))?,
        first_seen: instant(row, 5)?,
        last_seen: instant(row, 6)?,
        kit: perhaps(row, 7)?,
    })
}

pub(super) fn bundle(row: &Row<'_>) -> Stored<BundleRow> {
    let receipt: Option<Vec<u8>> = row.get(7)?;
    let signature: Option<String> = row.get(8)?;
    Ok(BundleRow {
        id: id(row, 0)?,
        log: row.get(1)?,
        first: number(row, 2)?,
        last: number(row, 3)?,
        received: instant(row, 4)?,
        state: BundleState::from_code(&row.get::<_, String>(5)?).ok_or(StoreError::Damaged("a bundle's state"))?,
        entries: number(row, 6)?,
        receipt: receipt.zip(signature).map(|(bytes, signature)| SignedReceipt { bytes, signature }),
    })
}
