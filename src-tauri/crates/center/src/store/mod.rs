//! What the center keeps, as a trait: the embedded database is one way to keep it.

mod rows;
mod sqlite;

pub use rows::{Alarm, BundleRow, BundleState, Device, DeviceState, LogState, Mark, Refused, Site};
pub use sqlite::Embedded;

use casebook::{EntryId, Instant, TextCommit, TextRow};

/// The storage failed, or holds what no version of this program wrote.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database's own words.
    #[error("the center's database: {0}")]
    Database(String),
    /// A row that cannot be understood.
    #[error("the center's database is damaged: {0}")]
    Damaged(&'static str),
    /// Made by a newer version.
    #[error("a newer version of Outpost made the center's database")]
    NewerVersion,
}

/// An entry as it is stored.
pub struct Kept<'a> {
    /// Its log.
    pub log: &'a str,
    /// Its place in the log.
    pub seq: u64,
    /// Its id.
    pub id: EntryId,
    /// Its bytes.
    pub line: &'a [u8],
    /// The subject that it concerns.
    pub subject: Option<&'a str>,
}

/// What takes entries one after the other: log, place, id and bytes.
pub type Visit<'a> = &'a mut dyn FnMut(&str, u64, EntryId, &[u8]) -> Result<(), StoreError>;

/// What the center keeps. Every function stands alone; between [`Storage::begin`] and [`Storage::commit`] they hold or
/// fall together.
#[allow(missing_docs)] // each name is its documentation; the rows say what they hold
pub trait Storage: Send {
    fn begin(&self) -> Result<(), StoreError>;
    fn commit(&self) -> Result<(), StoreError>;
    fn rollback(&self);

    fn sites(&self) -> Result<Vec<Site>, StoreError>;
    fn site(&self, id: &str) -> Result<Option<Site>, StoreError>;
    fn put_site(&self, site: &Site) -> Result<(), StoreError>;

    fn devices(&self) -> Result<Vec<Device>, StoreError>;
    fn device(&self, log: &str) -> Result<Option<Device>, StoreError>;
    fn put_device(&self, device: &Device) -> Result<(), StoreError>;

    /// How far a log is held; nothing held is place 0.
    fn log_state(&self, log: &str) -> Result<LogState, StoreError>;
    /// Marks the first place of a log that has two entries.
    fn set_fork(&self, log: &str, at: u64) -> Result<(), StoreError>;
    /// Appends the next entry of a log.
    fn append(&self, entry: &Kept<'_>) -> Result<(), StoreError>;
    /// Keeps the entry of a fork's other branch aside.
    fn quarantine(&self, entry: &Kept<'_>, bundle: EntryId) -> Result<(), StoreError>;
    fn quarantined(&self, log: &str) -> Result<u64, StoreError>;
    fn id_at(&self, log: &str, seq: u64) -> Result<Option<EntryId>, StoreError>;
    /// The entries of a log from `from` on.
    fn lines(&self, log: &str, from: u64, visit: Visit<'_>) -> Result<(), StoreError>;
    /// The entries that concern a subject, each log in its order.
    fn lines_of(&self, subject: &str, visit: Visit<'_>) -> Result<(), StoreError>;

    fn subjects(&self) -> Result<Vec<String>, StoreError>;
    fn put_text(&self, text: &TextRow) -> Result<(), StoreError>;
    fn text(&self, commit: TextCommit) -> Result<Option<TextRow>, StoreError>;

    /// The checkpoints of a log.
    fn marks(&self, log: &str) -> Result<Vec<Mark>, StoreError>;
    fn put_mark(&self, log: &str, mark: &Mark) -> Result<(), StoreError>;

    /// What a device said last that it holds of a log: place and id.
    fn heard(&self, device: &str, log: &str) -> Result<Option<(u64, EntryId)>, StoreError>;
    fn put_heard(&self, device: &str, log: &str, seq: u64, head: EntryId) -> Result<(), StoreError>;
    /// Every log, by name.
    fn logs(&self) -> Result<Vec<String>, StoreError>;

    fn bundle(&self, id: EntryId) -> Result<Option<BundleRow>, StoreError>;
    fn put_bundle(&self, row: &BundleRow) -> Result<(), StoreError>;
    /// Bundles of a log in one state, by their first entry.
    fn bundles(&self, log: &str, state: BundleState) -> Result<Vec<BundleRow>, StoreError>;

    fn alarms(&self) -> Result<Vec<Alarm>, StoreError>;
    fn put_alarm(&self, alarm: &Alarm) -> Result<(), StoreError>;
    /// The latest refusals, newest first.
    fn refusals(&self, most: u32) -> Result<Vec<Refused>, StoreError>;
    fn put_refusal(&self, refused: &Refused) -> Result<(), StoreError>;

    /// When a device was last heard of.
    fn touch_device(&self, log: &str, at: Instant) -> Result<(), StoreError>;
    /// Whether the database is as it was written.
    fn check(&self) -> Result<(), StoreError>;
}
