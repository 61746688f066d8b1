//! Why a bundle was not imported.

use crate::CenterError;
use crate::store::StoreError;
use bundle::Refusal;

/// Why a bundle was not imported: its own fault, or the center's.
#[derive(Debug)]
pub(crate) enum ImportError {
    /// The bundle's.
    Refused(Refusal),
    /// The center's.
    Center(CenterError),
}

impl From<Refusal> for ImportError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<CenterError> for ImportError {
    fn from(error: CenterError) -> Self {
        Self::Center(error)
    }
}

impl From<StoreError> for ImportError {
    fn from(error: StoreError) -> Self {
        Self::Center(error.into())
    }
}
