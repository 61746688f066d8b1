//! The outbox, receipts, and the history of bundles.

use casebook::act::ReceiptAccepted;
use casebook::{EntryId, Instant};
use study::Oid;

use crate::entries::{self, OWN_LOG, Place};
use crate::records::Record;
use crate::{Open, Tx, VaultError};

/// What the center has not confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outbox {
    /// Changes to data, as people count them; housekeeping entries are sent along and not counted.
    pub changes: u64,
    /// When the oldest of these changes was made.
    pub oldest: Option<Instant>,
    /// First entry of this device's log that goes into the next bundle.
    pub first: u64,
    /// Last one; less than `first` when there is none.
    pub last: u64,
}

/// Which way a bundle went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Written here.
    Sent,
    /// Read here.
    Received,
}

impl Way {
    fn code(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Received => "received",
        }
    }
}

/// A bundle in the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BundleRecord {
    /// SHA-256 of its envelope.
    pub id: EntryId,
    /// When it was written or read.
    pub at: Instant,
    /// Which way.
    pub way: Way,
    /// File name, without its folder.
    pub file: String,
    /// By whom.
    pub by: String,
    /// First entry of this device's log in it; 0 for a received one.
    pub first: u64,
    /// Last one; 0 for a received one.
    pub last: u64,
    /// Entries in it.
    pub entries: u64,
}

/// How [`BundleRecord`] is stored besides its columns. Only ever extended by optional fields.
#[derive(serde::Serialize, serde::Deserialize)]
struct StoredRecord {
    file: String,
    by: String,
    first: u64,
    last: u64,
    entries: u64,
}

/// A receipt whose signature the caller has verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedReceipt {
    /// The bundle that it is for.
    pub bundle: EntryId,
    /// Last entry of this device's log that the center holds.
    pub seq: u64,
    /// Id of that entry.
    pub head: EntryId,
    /// The center's time.
    pub at: Instant,
    /// The receipt as signed.
    pub bytes: Vec<u8>,
}

impl Open {
    /// What the center has not confirmed.
    pub fn outbox(&self) -> Outbox {
        let head = &self.state.head;
        Outbox {
            changes: head.pending,
            oldest: (head.pending > 0).then_some(head.pending_at),
            first: head.acknowledged + 1,
            last: head.log.end.seq,
        }
    }

    /// Last entry of this device's log that the center confirmed.
    pub fn acknowledged(&self) -> u64 {
        self.state.head.acknowledged
    }

    /// Bundles written and read here, newest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn bundles(&self) -> Result<Vec<BundleRecord>, VaultError> {
        let mut read = self.sql.prepare_cached("SELECT id, at_ms, way, record FROM bundle ORDER BY at_ms DESC, id")?;
        let mut rows = read.query([])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let broken = || VaultError::damaged("bundle history");
            let stored: StoredRecord = serde_json::from_str(row.get_ref(3)?.as_str()?).map_err(|_| broken())?;
            found.push(BundleRecord {
                id: row.get_ref(0)?.as_str()?.parse().map_err(|_| broken())?,
                at: Instant::from_ms(row.get(1)?),
                way: if row.get_ref(2)?.as_str()? == Way::Sent.code() { Way::Sent } else { Way::Received },
                file: stored.file,
                by: stored.by,
                first: stored.first,
                last: stored.last,
                entries: stored.entries,
            });
        }
        Ok(found)
    }

    /// Whether a bundle was read here.
    pub(crate) fn has_read(&self, bundle: &EntryId) -> Result<bool, VaultError> {
        let mut read = self.sql.prepare_cached("SELECT EXISTS (SELECT 1 FROM bundle WHERE id = ?1 AND way = ?2)")?;
        Ok(read.query_row((bundle.hex(), Way::Received.code()), |row| row.get(0))?)
    }

    /// The receipt that confirms most: when the center gave it, and its bytes.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn last_receipt(&self) -> Result<Option<(Instant, Vec<u8>)>, VaultError> {
        let mut read = self.sql.prepare_cached("SELECT at_ms, bytes FROM receipt ORDER BY seq DESC, bundle LIMIT 1")?;
        let mut rows = read.query([])?;
        let found = rows.next()?.map(|row| Ok::<_, VaultError>((Instant::from_ms(row.get(0)?), row.get(1)?)));
        found.transpose()
    }
}

impl Tx<'_> {
    /// Adds a bundle to the history; one that stands there already is left as it is.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn record_bundle(&mut self, bundle: &BundleRecord) -> Result<(), VaultError> {
        let BundleRecord { file, by, first, last, entries, .. } = bundle.clone();
        let stored = StoredRecord { file, by, first, last, entries };
        let record = serde_json::to_string(&stored).map_err(|_| VaultError::damaged("bundle history"))?;
        let (id, at_ms, way) = (bundle.id.hex(), bundle.at.ms(), bundle.way.code());
        let added = self
            .sql
            .prepare_cached("INSERT OR IGNORE INTO bundle (id, at_ms, way, record) VALUES (?1, ?2, ?3, ?4)")?
            .execute((&id, at_ms, way, &record))?;
        if added == 1 {
            Record::Bundle { id: &id, at_ms, way, record: &record }.add(&mut self.state.card.side);
            self.state.card.write(self.sql)?;
        }
        Ok(())
    }

    /// Takes the center's word that it holds this device's log up to an entry: journals it and clears the outbox up to
    /// there. The same receipt again changes nothing and gives `false`.
    ///
    /// # Errors
    /// [`VaultError::ForeignReceipt`] when the entry is not the one in this log.
    pub fn accept_receipt(&mut self, receipt: &VerifiedReceipt) -> Result<bool, VaultError> {
        let held = entries::bytes(self.sql, Place::new(OWN_LOG, receipt.seq))?;
        if held.is_none_or(|line| seal::sha256(&line) != receipt.head.0) {
            return Err(VaultError::ForeignReceipt { seq: receipt.seq });
        }
        let bundle = receipt.bundle.hex();
        let added = self
            .sql
            .prepare_cached(
                "INSERT OR IGNORE INTO receipt (bundle, seq, head, at_ms, bytes) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute((&bundle, receipt.seq, receipt.head.0, receipt.at.ms(), &receipt.bytes))?;
        if added == 0 {
            return Ok(false);
        }
        Record::Receipt { bundle: &bundle, bytes: &receipt.bytes }.add(&mut self.state.card.side);
        self.state.card.write(self.sql)?;
        self.write(ReceiptAccepted {
            bundle: receipt.bundle,
            log: Oid::from(self.state.card.device.as_str()),
            seq: receipt.seq,
            head: receipt.head,
            at: receipt.at,
        })?;
        if receipt.seq > self.state.head.acknowledged {
            self.state.head.acknowledged = receipt.seq;
            self.count_pending()?;
        }
        Ok(true)
    }

    /// Counts what stands after the last confirmed entry. Reads those lines once per receipt.
    fn count_pending(&mut self) -> Result<(), VaultError> {
        let head = &mut self.state.head;
        (head.pending, head.pending_at) = (0, Instant::from_ms(0));
        let (from, to) = (Place::new(OWN_LOG, head.acknowledged + 1), Place::new(OWN_LOG, head.log.end.seq));
        let mut read =
            self.sql.prepare_cached("SELECT line FROM entry WHERE place BETWEEN ?1 AND ?2 ORDER BY place")?;
        let mut rows = read.query((from.0, to.0))?;
        while let Some(row) = rows.next()? {
            head.count_pending(entries::line(row.get(0)?)?.entry());
        }
        Ok(())
    }
}
