//! Free texts that are taken out again.
//!
//! **Frozen format: do not modify.** Names, keys and their order are hashed and signed; later versions may only add acts.

use crate::ids::TextCommit;
use crate::text::FreeTextId;
use serde::{Deserialize, Serialize};
use study::Oid;

/// A free text was removed because it held what it must not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextRedacted {
    /// Subject key, where the text concerns one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Oid>,
    /// Which text.
    pub text: TextCommit,
    /// The reason, as a free text.
    pub reason: FreeTextId,
}
