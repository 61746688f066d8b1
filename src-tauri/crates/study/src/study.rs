//! A study definition that can be used: one metadata version with its rules compiled.

use crate::{MetaDataVersion, Rules};
use std::ops::Deref;

/// One released state of a study: its metadata version, checked, with its rules compiled. A study is its metadata version
/// wherever one is asked for.
#[derive(Clone, Debug)]
pub struct Study {
    metadata: MetaDataVersion,
    rules: Rules,
}

impl Study {
    pub(crate) fn new(metadata: MetaDataVersion, rules: Rules) -> Self {
        Self { metadata, rules }
    }

    /// The definitions alone.
    pub fn metadata(&self) -> &MetaDataVersion {
        &self.metadata
    }

    /// The study's compiled skip logic, checks and derivations.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }
}

impl Deref for Study {
    type Target = MetaDataVersion;

    fn deref(&self) -> &MetaDataVersion {
        &self.metadata
    }
}
