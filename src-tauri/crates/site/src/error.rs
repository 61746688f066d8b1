//! Why an act was refused or failed. Nothing here names a participant or repeats a value.

/// What a person did could not be done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SiteError {
    /// Nobody is signed in.
    #[error("nobody is signed in")]
    Locked,
    /// Another role does this.
    #[error("this role may not do that")]
    NotYourRole,
    /// The operating system refused reading or writing outside the vault.
    #[error("reading or writing failed: {0}")]
    Io(std::io::Error),
    /// The disk or stick is full.
    #[error("the disk is full")]
    Full,
    /// The folder or stick is no longer there.
    #[error("the folder is not there")]
    Gone,
    /// Something that is written as JSON could not be.
    #[error("JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// No such vault, subject, event, form or cell.
    #[error("no such {0}")]
    NoSuch(&'static str),
    /// The person stopped it.
    #[error("cancelled")]
    Cancelled,
}

impl SiteError {
    /// The stable code on which the window branches.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Locked => "locked",
            Self::NotYourRole => "not_your_role",
            Self::Io(_) => "io",
            Self::Full => "disk_full",
            Self::Gone => "gone",
            Self::Json(_) => "fault",
            Self::NoSuch(_) => "no_such",
            Self::Cancelled => "cancelled",
        }
    }

    /// Seconds to wait, where waiting helps.
    pub fn wait_seconds(&self) -> Option<u32> {
        None
    }
}

impl From<std::io::Error> for SiteError {
    fn from(error: std::io::Error) -> Self {
        use std::io::ErrorKind;
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::WriteZero => Self::Full,
            ErrorKind::NotFound => Self::Gone,
            // A stick that was pulled out answers with errors that have no kind of their own.
            _ => Self::Io(error),
        }
    }
}
