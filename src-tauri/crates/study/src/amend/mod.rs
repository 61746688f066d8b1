//! What an amendment changes: two metadata versions of one study compared.
//!
//! [`diff`] says in order what is new, changed and retired; [`unfit()`] names what must not change, because values that
//! were recorded would silently mean something else.

mod defs;
mod difference;
mod labels;
mod places;
mod unfit;

pub use difference::{Difference, Fate, Part};
pub use unfit::unfit;

use crate::Study;

/// What differs between two versions of a study, in the order of the new one; what is retired follows in the order of the
/// old one, kind by kind.
pub fn diff(old: &Study, new: &Study) -> Vec<Difference> {
    let mut found = Vec::new();
    places::events(old, new, &mut found);
    places::forms(old, new, &mut found);
    places::groups(old, new, &mut found);
    defs::items(old, new, &mut found);
    defs::codes(old, new, &mut found);
    defs::rules(old, new, &mut found);
    defs::settings(old, new, &mut found);
    found
}
