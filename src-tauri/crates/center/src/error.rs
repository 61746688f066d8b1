//! What can go wrong at the center, apart from the refusal of a bundle.

use crate::Printable;
use crate::codes::{RecoveryError, UnreadEntryError};
use crate::randomisation::ReleaseError;
use crate::settle::SettleError;
use crate::store::StoreError;
use bundle::{BundleError, PackError};
use casebook::{EntryError, RowError, TextLengthError};
use seal::SealError;
use study::StudyIssue;

/// Why the center did not do something.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CenterError {
    /// The folder holds no center.
    #[error("there is no center in this folder; `outpost-center init` makes one")]
    NotACenter,
    /// The folder is in use already.
    #[error("the folder is not empty: a center is made in an empty one")]
    NotEmpty,
    /// Made by a newer version.
    #[error("a newer version of Outpost made this center")]
    NewerVersion,
    /// The study file has faults.
    #[error("the study definition has {} faults", .0.len())]
    Study(Vec<StudyIssue>),
    /// A name that cannot stand in file names and subject keys.
    #[error(
        "{0:?} is no site identifier: letters, digits and - only, 1 to 16 of them, and no name that Windows keeps for a device"
    )]
    SiteName(String),
    /// A name that no list has room for.
    #[error("the name of a site is longer than {0} characters")]
    LongSiteName(usize),
    /// A site that file systems can't tell from another.
    #[error("the site {0} exists already: {1:?} is the same but for capitals")]
    SiteAlike(String, String),
    /// The site is known already under another name.
    #[error("the site {0} exists already under another name")]
    SiteTaken(String),
    /// No such site.
    #[error("there is no site {0}")]
    UnknownSite(String),
    /// No such device.
    #[error("there is no device {0}")]
    UnknownDevice(String),
    /// Words must say which.
    #[error("several keys wait for the device {0}: name the one that is meant by its words")]
    SeveralKeys(String),
    /// Words must say that they were compared.
    #[error("another key of the device {0} waits: compare its words by telephone, and name it by them")]
    NewKey(String),
    /// A revoked device can't be given another key any more.
    #[error(
        "another key of the device {0} waits, and what it sent would be taken in no more: approve that key first, by its words, where it is the device's new one; --and-waiting revokes the device all the same and refuses what waits, which is named and can be read with `device settle --rest`"
    )]
    KeyWaits(String),
    /// A reply would be for the key that waits to be replaced.
    #[error(
        "another key of the device {0} waits: compare its words by telephone, then approve or revoke it; until then a reply can be opened by whoever has the former key, so it is made with --to-former-key alone"
    )]
    FormerKey(String),
    /// The key was the device's, and is no more.
    #[error("the key of the device {0} with these words was replaced by another; it cannot be approved again")]
    Replaced(String),
    /// The device was revoked.
    #[error("the device {0} was revoked; it cannot be approved again")]
    Revoked(String),
    /// No registration of such a subject has come.
    #[error("there is no subject {0}")]
    UnknownSubject(String),
    /// Nobody could open what would be written.
    #[error("the site {0} has no approved device")]
    NoDevice(String),
    /// No entry holds such a text.
    #[error("no entry holds a text with this commitment")]
    UnknownText,
    /// A file of this name is there.
    #[error("{0} is there already: nothing is written over; choose another name")]
    Taken(String),
    /// A folder that is no export.
    #[error("{0} is in the folder: an export takes a new or empty folder, or that of an earlier export")]
    NotAnExport(String),
    /// Somebody else writes the same tables just now, or a file system without locks can't tell.
    #[error("an export into this folder is under way, or broke off: where nobody is at it, remove {0}")]
    ExportUnderWay(String),
    /// A passphrase that protects nothing.
    #[error("the passphrase is shorter than 12 characters")]
    ShortPassphrase,
    /// What a kit would carry does not fit into one file.
    #[error(
        "a kit is one file, and what it would carry is larger than {} MiB packed; make the kit without data: once the device is approved, the reply brings them in parts",
        bundle::limits::SPLIT.end() >> 20
    )]
    LargeKit,
    /// A text is longer than may travel.
    #[error("{0}")]
    Text(#[from] TextLengthError),
    /// A day that is none.
    #[error("{0:?} is no day: --effective takes YYYY-MM-DD")]
    Effective(String),
    /// A version without an approval.
    #[error("a version needs the reference of its approval")]
    Approval,
    /// A file of the center is not what it should be.
    #[error("{0} is damaged")]
    Damaged(&'static str),
    /// Folded rows are not what the entries fold to. They were removed.
    #[error(
        "the folded rows of {subjects} subjects were not what their entries say; they are folded anew from the entries when they are next read"
    )]
    FoldedRows {
        /// How many.
        subjects: usize,
    },
    /// Files are gone, or not what they were written as.
    #[error("{} of {what} are gone or altered, the first is {first}", .files)]
    Evidence {
        /// Bundles, or receipts.
        what: &'static str,
        /// How many.
        files: usize,
        /// The name of the first.
        first: String,
    },
    /// Nobody acts under such a name.
    #[error(
        "{0:?} is nobody's user id: who acts is named in up to 128 characters, and is neither the system nor the center"
    )]
    Person(String),
    /// An entry that is held is not the one that was imported.
    #[error("the log {log} is damaged or altered at seq {seq}")]
    Chain {
        /// The log.
        log: String,
        /// The place.
        seq: u64,
    },
    /// An entry that may tell of recovery codes can't be read any more.
    #[error(
        "the log {log} is damaged at seq {seq}, where it may say that a recovery code was read out or used; with --despite-damage one is read out all the same, and one is passed over for each such entry"
    )]
    UnreadCode {
        /// The log.
        log: String,
        /// The place.
        seq: u64,
    },
    /// An entry that is kept aside is not the one that was imported.
    #[error("what is kept aside of the log {log} is damaged or altered at seq {seq}: {}", again(*.mended))]
    Aside {
        /// The log.
        log: String,
        /// The place.
        seq: u64,
        /// Whether it was taken again from the bundle that brought it.
        mended: bool,
    },
    /// The entries about a subject can't be folded.
    #[error("{subject}: damaged: {what}")]
    Unreadable {
        /// The subject's key.
        subject: String,
        /// What can't be read.
        what: &'static str,
    },
    /// More than one thing is wrong with what the center holds.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Unsound(Vec<CenterError>),
    /// A file could not be read or written.
    #[error("{what}: {error}")]
    File {
        /// The file or folder.
        what: String,
        /// What the system says.
        error: std::io::Error,
    },
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A bundle could not be made.
    #[error(transparent)]
    Pack(#[from] PackError),
    /// A key could not be read, made or used.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// An entry of the center's own could not be written.
    #[error(transparent)]
    Entry(#[from] EntryError),
    /// A table could not be written.
    #[error(transparent)]
    Exchange(#[from] exchange::ExchangeError),
    /// The study allocates nothing here.
    #[error("the study has no setting ALLOC_BLOCKS: it allocates nothing here")]
    NothingAllocated,
    /// What the study says of allocation cannot be.
    #[error("what the study says of allocation: {0}")]
    Plan(#[from] allocation::PlanError),
    /// There is a list of slots already.
    #[error("the slots were dealt already; that is done once")]
    AllocationMade,
    /// There is no list of slots.
    #[error("no slots were dealt yet; `outpost-center allocation make` does")]
    NoAllocation,
    /// A seed in a real center.
    #[error("a seed makes the arms predictable: only a practice center takes one")]
    Seed,
    /// A code that was misheard or mistyped.
    #[error("the code is not right: {0}")]
    Code(#[from] allocation::CodeError),
    /// A list of slots.
    #[error(transparent)]
    Slots(#[from] allocation::SlotError),
    /// A request gets no slot.
    #[error("not released: {0}")]
    NotReleased(ReleaseError),
    /// No recovery code is read out.
    #[error("no code: {0}")]
    NotReadOut(#[from] RecoveryError),
    /// A fork is not settled.
    #[error("not settled: {0}")]
    NotSettled(#[from] SettleError),
    /// The gate: who could do it, or what must come first.
    #[error(transparent)]
    Denied(#[from] casebook::DeniedError),
    /// A bundle was refused.
    #[error(transparent)]
    Refused(#[from] BundleError),
}

/// What was or can be done about an entry that was damaged where it is kept aside.
fn again(mended: bool) -> &'static str {
    if mended {
        "it was taken again from the bundle that brought it"
    } else {
        "`outpost-center status --check` takes it again from the bundle that brought it, where that is whole"
    }
}

impl From<UnreadEntryError> for CenterError {
    fn from(UnreadEntryError { log, seq }: UnreadEntryError) -> Self {
        Self::UnreadCode { log, seq }
    }
}

impl From<RowError> for CenterError {
    fn from(_: RowError) -> Self {
        StoreError::Damaged("folded rows").into()
    }
}

impl CenterError {
    /// Whether it is the database itself that refuses, so that whatever is tried next fails as well. One damaged row, or one file that
    /// can't be written, stops only what needs it.
    #[must_use]
    pub fn is_of_database(&self) -> bool {
        matches!(self, Self::Store(error) if !matches!(error, StoreError::Damaged(_)))
    }

    /// Names the file that an error concerns.
    pub(crate) fn file(what: impl AsRef<std::path::Path>) -> impl FnOnce(std::io::Error) -> Self {
        let what = Printable(what.as_ref().display()).to_string();
        move |error| Self::File { what, error }
    }
}
