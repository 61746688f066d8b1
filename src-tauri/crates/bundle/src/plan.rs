//! What a bundle will carry, once that is settled.

use crate::{BlobNote, LogRun};

/// What an envelope says of the content.
#[derive(Default)]
pub(crate) struct Plan {
    pub(crate) runs: Vec<LogRun>,
    pub(crate) texts: u64,
    pub(crate) blobs: Vec<BlobNote>,
}

impl Plan {
    pub(crate) fn entries(&self) -> u64 {
        self.runs.iter().map(|run| run.last - run.first + 1).sum()
    }
}
