//! A laboratory's file that is open.

use exchange::read::Table;
use screens::messages::LabMapping;

use crate::SiteError;
use crate::noun::Noun;

/// A file that was read and waits for a person's word.
pub(crate) struct Loaded {
    pub(super) table: Table,
    pub(super) mapping: LabMapping,
    /// Whether the mapping was kept from an earlier file.
    pub(super) remembered: bool,
}

/// No file is open.
pub(super) const NO_FILE: SiteError = SiteError::NoSuch(Noun::File);
