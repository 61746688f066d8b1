//! Bounds and order of what acts hold.

use crate::ids::EntryId;

/// Longest identifier (log, user, subject, repeat key) in bytes.
pub const MAX_NAME: usize = 128;

/// A name is short, printable and not empty.
pub(crate) fn check_name(name: &str) -> Result<(), &'static str> {
    if name.is_empty() || name.len() > MAX_NAME || name.chars().any(char::is_control) {
        return Err("a name out of bounds");
    }
    Ok(())
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
