//! Names that definitions have elsewhere (ODM Alias).

/// A name that something has elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alias {
    /// Where: `CDASH`, `SDTM` …
    pub context: String,
    /// The name in that context.
    pub name: String,
}
