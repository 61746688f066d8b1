//! The entries that put a subject under a metadata version: its registrations and its migrations.

use crate::ids::EntryId;
use crate::multi_value_register::MultiValueRegister;
use crate::row::Origin;
use crate::text::FreeTextId;
use study::Oid;

/// The first word on a subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    /// The entry.
    pub id: EntryId,
    /// Who, where, when.
    pub origin: Origin,
    /// Site identifier.
    pub site: Oid,
    /// Metadata version in force then.
    pub version: Oid,
}

/// A subject was put under another metadata version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// Who, where, when.
    pub origin: Origin,
    /// The version until then.
    pub from: Oid,
    /// The version from then on.
    pub to: Oid,
    /// Why.
    pub reason: FreeTextId,
}

/// The version that registrations and migrations come to.
pub(crate) fn in_force<'a>(registered: &'a [Registration], moves: &'a MultiValueRegister<Move>) -> Option<&'a Oid> {
    let born = registered.first().map(|first| &first.version);
    let Some(((_, first), rest)) = moves.heads.split_first() else { return born };
    if rest.iter().all(|(_, other)| other.to == first.to) { Some(&first.to) } else { born }
}

/// Whether migrations that no other replaces lead to different versions.
pub(crate) fn differ(moves: &MultiValueRegister<Move>) -> bool {
    moves.heads.windows(2).any(|pair| pair[0].1.to != pair[1].1.to)
}
