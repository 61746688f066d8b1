//! Bounds and order of what acts hold.

use crate::ids::EntryId;

/// Longest identifier (log, user, subject, repeat key) in bytes.
pub const MAX_NAME: usize = study::MAX_NAME;

/// A name is short, printable and not empty.
pub(crate) fn check_name(name: &str) -> Result<(), &'static str> {
    if study::is_name(name) { Ok(()) } else { Err("a name out of bounds") }
}

pub(super) fn check_bases(bases: &[EntryId]) -> Result<(), &'static str> {
    if bases.windows(2).all(|pair| pair[0] < pair[1]) { Ok(()) } else { Err("bases out of order") }
}

/// Puts ids into the order in which an act lists them: ascending, each once.
pub fn bases(ids: impl IntoIterator<Item = EntryId>) -> Vec<EntryId> {
    let mut ids: Vec<EntryId> = ids.into_iter().collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}
