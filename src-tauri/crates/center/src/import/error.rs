//! Why a bundle was not imported.

use crate::CenterError;
use crate::store::StoreError;
use bundle::BundleError;

/// Why a bundle was not imported: its own fault, or the center's.
#[derive(Debug)]
pub(crate) enum ImportError {
    /// The bundle's.
    Refused(BundleError),
    /// The center's.
    Center(CenterError),
}

impl From<BundleError> for ImportError {
    fn from(refusal: BundleError) -> Self {
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
