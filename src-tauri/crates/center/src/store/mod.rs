//! What the center keeps, as two traits: [`Storage`] runs transactions, [`Tx`] is what one can read and write. The
//! embedded database is one way to keep it; every storage passes the suite in `tests/center/storage.rs`.

mod rows;
mod sqlite;

pub use rows::{
    Alarm, BundleRow, BundleState, Device, DeviceState, FoldState, KnownCheckpoint, KnownKit, LogState, RefusedFile,
    SettledCount, Site, StoredEntry,
};
pub use sqlite::Embedded;

use casebook::fold::EachRow;
use casebook::{EntryId, Instant, LogEnd, RowChange, RowKind, TextCommit, TextRow};
use seal::PublicKey;

/// The storage failed, or holds what no version of this program wrote.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused; in its own words.
    #[error("the center's database: {0}")]
    Database(String),
    /// A row that cannot be understood; names which.
    #[error("the center's database is damaged: {0}")]
    Damaged(&'static str),
    /// There is no database where one must be, or one that holds nothing.
    #[error("the center's database is gone or empty: put the center's folder back from a copy, whole")]
    Gone,
    /// What is asked would write, and nothing can be written where the database lies.
    #[error("the center's folder can't be written here: what is asked takes a copy of it on a disk that can be")]
    ReadOnly,
    /// Made by a newer version.
    #[error("a newer version of Outpost made the center's database")]
    NewerVersion,
}

/// What takes entries one after the other: log, sequence number, id and bytes.
pub type EachEntry<'a> = &'a mut dyn FnMut(&str, u64, EntryId, &[u8]) -> Result<(), StoreError>;

/// What takes folded rows of several subjects: subject, place and bytes.
pub type EachSubjectRow<'a> = &'a mut dyn FnMut(&str, &str, &[u8]) -> Result<(), StoreError>;

/// Keeps what the center holds. Shared by all callers: of many threads, and of many processes over one database.
///
/// Nothing is read or written outside a transaction, and none outlives the function that runs it: use
/// [`transact`](trait.Storage.html#method.transact) and [`read`](trait.Storage.html#method.read).
pub trait Storage: Send + Sync {
    /// Runs `work` over one view of the data that does not change meanwhile; does not wait for writers.
    ///
    /// # Errors
    /// When no transaction can begin; `work` has not run then.
    fn run_read(&self, work: &mut dyn FnMut(&dyn Tx)) -> Result<(), StoreError>;

    /// Runs `work` alone among all writers, so that what it reads holds until it is done. What it wrote lasts, synced, where
    /// it gives `true`, and is undone where it gives `false`.
    ///
    /// # Errors
    /// When no transaction can begin, or its end fails; nothing was written then.
    fn run_write(&self, work: &mut dyn FnMut(&mut dyn Tx) -> bool) -> Result<(), StoreError>;

    /// Whether nothing can be written where the storage lies, so that no transaction that writes can begin.
    fn is_read_only(&self) -> bool;

    /// Takes what was deleted out of all that the storage keeps beside its data, such as a log of writes, as far as nobody
    /// reads it just now.
    ///
    /// # Errors
    /// When the storage refuses.
    fn wipe(&self) -> Result<(), StoreError>;
}

impl dyn Storage {
    /// Reads over one view of the data.
    ///
    /// # Errors
    /// Those of `work`, and when no transaction can begin.
    pub fn read<T, E: From<StoreError>>(&self, work: impl FnOnce(&dyn Tx) -> Result<T, E>) -> Result<T, E> {
        let (mut work, mut done) = (Some(work), None);
        self.run_read(&mut |tx| done = work.take().map(|work| work(tx)))?;
        done.unwrap_or_else(|| Err(NOT_RUN.into()))
    }

    /// Reads and writes in one transaction: all of it lasts when `work` gives `Ok`, none of it otherwise.
    ///
    /// # Errors
    /// Those of `work`, and when the transaction can't begin or end.
    pub fn transact<T, E: From<StoreError>>(&self, work: impl FnOnce(&mut dyn Tx) -> Result<T, E>) -> Result<T, E> {
        let (mut work, mut done) = (Some(work), None);
        self.run_write(&mut |tx| {
            done = work.take().map(|work| work(tx));
            matches!(done, Some(Ok(_)))
        })?;
        done.unwrap_or_else(|| Err(NOT_RUN.into()))
    }
}

const NOT_RUN: StoreError = StoreError::Damaged("the storage ran no transaction");

/// What a transaction can do. Functions that write take `&mut self`, so what is lent for reading can't.
///
/// Every function fails with [`StoreError::Database`] when the database refuses and with [`StoreError::Damaged`] when a row
/// is not what a version of this program writes.
#[allow(clippy::missing_errors_doc)] // said once above, for all of them
pub trait Tx {
    /// Every site, by its identifier.
    fn sites(&self) -> Result<Vec<Site>, StoreError>;
    /// The site with this identifier.
    fn site(&self, id: &str) -> Result<Option<Site>, StoreError>;
    /// Adds a site; fails where its identifier is taken.
    fn put_site(&mut self, site: &Site) -> Result<(), StoreError>;

    /// Every device, by its log; of one log each key that waits, was rejected or replaced, in the order in which they were heard of.
    fn devices(&self) -> Result<Vec<Device>, StoreError>;
    /// The device that writes this log, with the key that people have approved.
    fn device(&self, log: &str) -> Result<Option<Device>, StoreError>;
    /// Adds a device, or replaces what is known of it: by its log and key, and of one that is known by its log.
    fn put_device(&mut self, device: &Device) -> Result<(), StoreError>;
    /// Forgets a device whose key is not the one of its log, the bundles of it that wait, and the alarms that told of its key. Gives
    /// those bundles: their files can go.
    fn drop_waiting(&mut self, log: &str, key: PublicKey) -> Result<Vec<EntryId>, StoreError>;
    /// Notes that a known device was heard of; an earlier time than known changes nothing.
    fn touch_device(&mut self, log: &str, at: Instant) -> Result<(), StoreError>;

    /// Notes a kit that was made for a site, with its activation code.
    fn put_kit(&mut self, site: &str, made: Instant, code: &str) -> Result<(), StoreError>;
    /// The kits that were made for a site, newest first.
    fn kits(&self, site: &str) -> Result<Vec<KnownKit>, StoreError>;

    /// Every log of which an entry was stored or quarantined, by name.
    fn logs(&self) -> Result<Vec<String>, StoreError>;
    /// How far a log is held.
    fn log_state(&self, log: &str) -> Result<LogState, StoreError>;
    /// The id of the entry at a sequence number, where one is held.
    fn id_at(&self, log: &str, seq: u64) -> Result<Option<EntryId>, StoreError>;
    /// The bytes of the entry at a sequence number, where one is held.
    fn line_at(&self, log: &str, seq: u64) -> Result<Option<Vec<u8>>, StoreError>;
    /// Hands the entries of a log from the sequence number `from` on to `each`, in order.
    fn lines(&self, log: &str, from: u64, each: EachEntry<'_>) -> Result<(), StoreError>;
    /// Appends the next entry of a log. The folded rows of its subject are behind from then on.
    fn append(&mut self, entry: &StoredEntry<'_>) -> Result<(), StoreError>;
    /// Marks the first sequence number of a log that has two entries; a later one than known changes nothing. What is held
    /// stays as it is.
    fn set_fork(&mut self, log: &str, at: u64) -> Result<(), StoreError>;
    /// Notes the entry of a log that says that its device's vault was put back from a copy.
    fn set_restored(&mut self, log: &str, at: u64) -> Result<(), StoreError>;
    /// Notes that an entry that is held is about recovery codes, so that nobody reads whole logs for those.
    fn note_recovery(&mut self, log: &str, seq: u64) -> Result<(), StoreError>;
    /// Hands the entries of a log that were noted so to `each`, in order.
    fn recovery_lines(&self, log: &str, each: EachEntry<'_>) -> Result<(), StoreError>;
    /// Keeps an entry of a fork's other branch aside, with the bundle that brought it.
    fn quarantine(&mut self, entry: &StoredEntry<'_>, bundle: EntryId) -> Result<(), StoreError>;
    /// How many entries of a log are kept aside and wait for people to settle the fork.
    fn quarantined(&self, log: &str) -> Result<u64, StoreError>;
    /// Hands those entries to `each`, by their sequence number and id.
    fn aside(&self, log: &str, each: EachEntry<'_>) -> Result<(), StoreError>;
    /// The ids of those of them that stand at a sequence number.
    fn aside_at(&self, log: &str, seq: u64) -> Result<Vec<EntryId>, StoreError>;
    /// The bundle that brought an entry that is kept aside and waits.
    fn brought_aside(&self, log: &str, id: EntryId) -> Result<Option<EntryId>, StoreError>;
    /// Hands the entries that the entry `by` of the center's log put aside for good to `each`, by their sequence number.
    fn put_aside(&self, log: &str, by: u64, each: EachEntry<'_>) -> Result<(), StoreError>;
    /// Replaces the bytes of an entry that is kept aside, for now or for good.
    fn mend_aside(&mut self, log: &str, id: EntryId, line: &[u8]) -> Result<(), StoreError>;
    /// Takes those entries out of what is kept aside: they are in force, or about to be.
    fn release_aside(&mut self, log: &str) -> Result<(), StoreError>;
    /// Takes the entries of a log from the sequence number `from` on out of what is held, with all that is noted of them. Their
    /// subjects are folded anew when they are next read.
    fn take_out(&mut self, log: &str, from: u64) -> Result<(), StoreError>;
    /// Ends a fork: what is kept aside of the log and waited stays aside for good, as the entry `by` of the center's log says.
    fn settle(&mut self, log: &str, by: u64) -> Result<(), StoreError>;
    /// Whether an entry was put aside for good.
    fn is_settled(&self, log: &str, seq: u64, id: EntryId) -> Result<bool, StoreError>;
    /// The entries of a log that were put aside for good: by which entries of the center's log, and how many by each.
    fn settled(&self, log: &str) -> Result<Vec<SettledCount>, StoreError>;
    /// The last entry of a log that was given to another device than its own; 0 for none.
    fn given(&self, log: &str) -> Result<u64, StoreError>;
    /// Notes how far a log was given to another device; less than known changes nothing.
    fn put_given(&mut self, log: &str, seq: u64) -> Result<(), StoreError>;

    /// The keys of all subjects that an entry names, in order.
    fn subjects(&self) -> Result<Vec<String>, StoreError>;
    /// Hands the entries about a subject to `each`, each log in its order. Of a log only those after the
    /// sequence number that `heard` gives for it.
    fn lines_of(&self, subject: &str, heard: &dyn Fn(&str) -> u64, each: EachEntry<'_>) -> Result<(), StoreError>;

    /// Keeps a free text beside the journal, once, as the words of a site, or of the center; not one that was redacted.
    fn put_text(&mut self, text: &TextRow, of: &str) -> Result<(), StoreError>;
    /// Notes that a free text that is held is a site's, too.
    fn share_text(&mut self, commit: TextCommit, with: &str) -> Result<(), StoreError>;
    /// Deletes the words of a free text for good, whether they have come or not.
    fn redact(&mut self, commit: TextCommit) -> Result<(), StoreError>;
    /// Notes that the text `copy` quotes the words of another.
    fn put_quote(&mut self, commit: TextCommit, copy: TextCommit) -> Result<(), StoreError>;
    /// The texts that quote the words of this one.
    fn quotes(&self, commit: TextCommit) -> Result<Vec<TextCommit>, StoreError>;
    /// The free text with this commitment, where it is one of this site's, or of the center's: whoever names a text in an entry has not
    /// brought it by that.
    fn text(&self, commit: TextCommit, of: &str) -> Result<Option<TextRow>, StoreError>;
    /// Whose text this is or was, before it was redacted: sites, and the center; nobody's where it never came.
    fn text_of(&self, commit: TextCommit) -> Result<Vec<String>, StoreError>;

    /// How far the folded rows of a subject are.
    fn fold_state(&self, subject: &str) -> Result<FoldState, StoreError>;
    /// The first `most` subjects after the key `after` whose folded rows are not current, by key.
    fn unfolded(&self, after: &str, most: usize) -> Result<Vec<String>, StoreError>;
    /// Hands every folded row of a subject to `each`.
    fn each_row(&self, subject: &str, each: EachRow<'_>) -> Result<(), StoreError>;
    /// Hands every folded row of one kind to `each`, subject by subject.
    fn rows_of_kind(&self, kind: RowKind, each: EachSubjectRow<'_>) -> Result<(), StoreError>;
    /// Replaces, adds and removes folded rows of a subject that an entry names.
    fn write_rows(&mut self, subject: &str, changes: &[RowChange]) -> Result<(), StoreError>;
    /// Says that the folded rows of a subject hold every entry, as of now.
    fn set_folded(&mut self, subject: &str) -> Result<(), StoreError>;
    /// Removes every folded row of a subject: they are folded anew when they are next needed.
    fn discard_rows(&mut self, subject: &str) -> Result<(), StoreError>;

    /// The checkpoints of a log that bundles have brought.
    fn checkpoints(&self, log: &str) -> Result<Vec<KnownCheckpoint>, StoreError>;
    /// Notes a checkpoint of a log, once.
    fn put_checkpoint(&mut self, log: &str, checkpoint: KnownCheckpoint) -> Result<(), StoreError>;

    /// How far a device said last that it holds a log.
    fn heard(&self, device: &str, log: &str) -> Result<Option<LogEnd>, StoreError>;
    /// Notes how far a device says that it holds a log.
    fn put_heard(&mut self, device: &str, log: &str, end: LogEnd) -> Result<(), StoreError>;

    /// The bundle with this id, where it is kept.
    fn bundle(&self, id: EntryId) -> Result<Option<BundleRow>, StoreError>;
    /// Adds a bundle, or replaces what is known of it.
    fn put_bundle(&mut self, row: &BundleRow) -> Result<(), StoreError>;
    /// Notes whose key signed a bundle that waits.
    fn put_signer(&mut self, bundle: EntryId, key: PublicKey) -> Result<(), StoreError>;
    /// The bundles that one key signed for a log and that wait, by their first entry.
    fn waiting_bundles(&self, log: &str, key: PublicKey) -> Result<Vec<BundleRow>, StoreError>;
    /// The bundles of all devices that wait although their key is the approved one, by log and first entry.
    fn approved_waiting(&self) -> Result<Vec<BundleRow>, StoreError>;
    /// Forgets the checkpoints of a log from the sequence number `from` on that are not those of entries held.
    fn drop_checkpoints(&mut self, log: &str, from: u64) -> Result<(), StoreError>;
    /// The bundles of a log in one state, by their first entry.
    fn bundles(&self, log: &str, state: BundleState) -> Result<Vec<BundleRow>, StoreError>;
    /// The parked bundles of all logs, by log and first entry.
    fn parked(&self) -> Result<Vec<BundleRow>, StoreError>;

    /// Every alarm, oldest first.
    fn alarms(&self) -> Result<Vec<Alarm>, StoreError>;
    /// Raises an alarm, once for a log, a kind, a place and a bundle.
    fn put_alarm(&mut self, alarm: &Alarm) -> Result<(), StoreError>;
    /// The latest files that were refused, newest first.
    fn refused_files(&self, most: u32) -> Result<Vec<RefusedFile>, StoreError>;
    /// Notes a file that was refused.
    fn put_refused_file(&mut self, refused: &RefusedFile) -> Result<(), StoreError>;

    /// Fails where the database's own check finds damage.
    fn check(&self) -> Result<(), StoreError>;
}
