//! Why a bundle is refused, in words that can be read over the telephone, and why one could not be made.

use std::io;

use casebook::EntryError;

/// A named reason. Never says anything of what was in the bundle.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BundleError {
    /// It does not begin like one.
    #[error("this file is not an Outpost bundle")]
    NotABundle,
    /// It ends too early.
    #[error("the file is truncated: its end is missing; copy it again")]
    Truncated,
    /// Something follows its end.
    #[error("there are trailing bytes after the end of the bundle")]
    Trailing,
    /// A byte of the named part is not as it was written.
    #[error("the file is damaged or altered: {0}")]
    Damaged(&'static str),
    /// Where the named part should stand there is something else: another part, a link, a path.
    #[error(
        "not exactly the parts of a bundle in their order: {0} should stand where something else does (a part was swapped, removed or added, or is a link)"
    )]
    Members(&'static str),
    /// The named part is larger than any bundle's.
    #[error("too large: {0}")]
    TooLarge(&'static str),
    /// The payload swells beyond what was announced or allowed.
    #[error("the payload is a decompression bomb")]
    Bomb,
    /// The signature does not fit envelope and sender.
    #[error("the signature is not valid: {0}")]
    Signature(seal::SealError),
    /// Signed by nobody known here.
    #[error("unknown sender: {log}, key {words}")]
    UnknownSender {
        /// The log that the sender says is its own.
        log: String,
        /// Its key's fingerprint as words.
        words: String,
    },
    /// Signed by a device that was revoked.
    #[error("revoked sender: {0}")]
    RevokedSender(String),
    /// Of a branch of a log that was put aside for good.
    #[error(
        "it is of the branch of {0} that the center has put aside: the vault that wrote it can't go on; found it anew by a kit with the site's data (outpost-center site add --with-data), and revoke {0} unless another vault goes on as {0}"
    )]
    SettledBranch(String),
    /// Signed by a key that the device had before.
    #[error(
        "replaced sender: {0} has another key since; export again at the device, and where it has no other key its vault is an older copy"
    )]
    ReplacedSender(String),
    /// Signed by a key that its device had before, and nothing says that it was signed while that key counted.
    #[error(
        "replaced sender: {log} has another key; what this one signed counts where the center took it in before {until} (YYYYMMDD), which its receipt says"
    )]
    FormerKey {
        /// The log of the device.
        log: String,
        /// The day from which on nothing counts that the key signs, `YYYYMMDD`.
        until: String,
    },
    /// Another study's bundle.
    #[error("not for this study")]
    OtherStudy,
    /// Of or for another site.
    #[error("not for this site")]
    OtherSite,
    /// A reply where data are expected, or the like.
    #[error("this kind of bundle is not expected here")]
    OtherPurpose,
    /// Practice data at a real installation.
    #[error("practice data")]
    Practice,
    /// Real data at a practice installation.
    #[error("not practice data: this installation is for practice only")]
    NotPractice,
    /// Written by a newer version.
    #[error("a newer version of Outpost is needed to read this bundle")]
    NewerVersion,
    /// Encrypted to somebody else.
    #[error("encrypted to another recipient")]
    NotForUs,
    /// Not encrypted to the center's recovery key as well.
    #[error("not encrypted to the center's recovery key as well")]
    NotRecoverable,
    /// The kit's passphrase is wrong.
    #[error("wrong passphrase")]
    WrongPassphrase,
    /// An entry does not follow from the one before it.
    #[error("the chain of log {log} is broken at seq {seq}")]
    Chain {
        /// Id of the log.
        log: String,
        /// The first `seq` that does not fit, as expected there.
        seq: u64,
    },
    /// A line is not an entry.
    #[error("line {line} of the entries: {why}")]
    Entry {
        /// Line number, from 1.
        line: u64,
        /// Which rule of the journal it breaks.
        why: EntryError,
    },
    /// A text does not fit its commitment.
    #[error("line {0} of the texts does not fit its commitment")]
    Text(u64),
    /// The file could not be read.
    #[error("the file could not be read: {0}")]
    Unreadable(io::ErrorKind),
}

impl BundleError {
    /// The reason's short name, for machines; see FORMAT.md, section 8.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotABundle => "not_a_bundle",
            Self::Truncated => "truncated",
            Self::Trailing => "trailing_bytes",
            Self::Damaged(_) | Self::Members(_) | Self::Text(_) => "damaged",
            Self::TooLarge(_) => "too_large",
            Self::Bomb => "decompression_bomb",
            Self::Signature(_) => "bad_signature",
            Self::UnknownSender { .. } => "unknown_sender",
            Self::RevokedSender(_) => "revoked_sender",
            Self::SettledBranch(_) => "settled_branch",
            Self::ReplacedSender(_) | Self::FormerKey { .. } => "replaced_sender",
            Self::OtherStudy => "other_study",
            Self::OtherSite => "other_site",
            Self::OtherPurpose => "other_purpose",
            Self::Practice => "practice_data",
            Self::NotPractice => "not_practice_data",
            Self::NewerVersion | Self::Entry { why: EntryError::NewerVersion, .. } => "newer_version",
            Self::NotForUs => "not_for_us",
            Self::NotRecoverable => "not_recoverable",
            Self::WrongPassphrase => "wrong_passphrase",
            Self::Chain { .. } => "broken_chain",
            Self::Entry { .. } => "bad_entry",
            Self::Unreadable(_) => "unreadable",
        }
    }
}

/// An early end is its own reason; every other failure of the medium is named by its kind.
impl From<io::Error> for BundleError {
    fn from(error: io::Error) -> Self {
        // A refusal that had to pass through a `Read` is itself again.
        if let Some(refusal) = error.get_ref().and_then(|inner| inner.downcast_ref::<Self>()) {
            return refusal.clone();
        }
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Self::Truncated,
            kind => Self::Unreadable(kind),
        }
    }
}

/// Why a bundle could not be made. Everything but `Failed` is a caller's mistake or a damaged vault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PackError {
    /// An entry does not follow the one before it.
    #[error("the chain of log {log} is broken at seq {seq}: nothing was exported")]
    Chain {
        /// Id of the log.
        log: String,
        /// Number of the entry in its log.
        seq: u64,
    },
    /// A line is not the entry that it is known as.
    #[error("an entry of log {log} is damaged at seq {seq}: nothing was exported")]
    Line {
        /// Id of the log.
        log: String,
        /// Number of the entry in its log.
        seq: u64,
    },
    /// A name, size or number is outside the format's bounds.
    #[error("outside the format's bounds: {0}")]
    Bounds(&'static str),
    /// What was made is not what a reader takes: nothing of it may leave.
    #[error("the bundle did not read back: {0}")]
    NotReadBack(BundleError),
    /// Compressing or encrypting failed.
    #[error("the bundle could not be made: {0}")]
    Failed(io::ErrorKind),
}

impl From<io::Error> for PackError {
    fn from(error: io::Error) -> Self {
        Self::Failed(error.kind())
    }
}
