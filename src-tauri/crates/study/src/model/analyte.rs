//! Analytes: which item of a panel holds what of a laboratory test.
//!
//! A study says it with an alias on the item: `urn:outpost:odm:1:analyte` on the item that holds the result, and `lln`,
//! `uln` and `significance` on those that hold the laboratory's limits and the judgement, each with the analyte's code
//! (`ALT`). Grading and the register of limits find their items so; a code that no rule knows is taken all the same.

/// What an item of a panel holds of its analyte.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AnalytePart {
    /// The measured result.
    Result,
    /// The laboratory's lower limit of normal.
    Low,
    /// The laboratory's upper limit of normal.
    High,
    /// Whether a result out of the limits matters clinically.
    Significance,
}

impl AnalytePart {
    /// Every part with the key of its alias.
    pub const ALL: [(&'static str, Self); 4] =
        [("analyte", Self::Result), ("lln", Self::Low), ("uln", Self::High), ("significance", Self::Significance)];
}

/// An item's place among the items of its analyte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Analyte {
    /// Code of the analyte, as CDISC's LBTESTCD writes it: `ALT`.
    pub code: String,
    /// What the item holds.
    pub part: AnalytePart,
}

impl Analyte {
    /// Most characters of a code.
    pub const MOST: usize = 16;

    /// Whether `code` can name an analyte: capital letters, digits and underscores.
    pub fn is_code(code: &str) -> bool {
        let sign = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
        !code.is_empty() && code.len() <= Self::MOST && code.bytes().all(sign)
    }
}
